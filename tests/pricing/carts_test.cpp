// The carts of carts.json, on which real engines agree, or where they differ the note there says
// how: each in a store of its own, through the public API.
#include <fstream>
#include <nlohmann/json.hpp>

#include "support/empty_shop.hpp"
#include "support/promotions.hpp"

using namespace resys;
using namespace resys::test;
using Json = nlohmann::json;

namespace {

template <class Choice>
Choice choice(const Json& cart, const char* name) {
  return parse_name<Choice>(cart.at(name).get<std::string>()).value();
}

// A store for the cart: its settings and rates.
void open_store(Shop& shop, const Caller& admin, const Json& cart) {
  shop.admin()
      .settings()
      .update_taxes(admin, {.prices_include_tax = cart.at("pricesIncludeTax").get<bool>(),
                            .rounding = choice<TaxRounding>(cart, "rounding"),
                            .rounding_level = choice<TaxRoundingLevel>(cart, "roundingLevel"),
                            .home_country = "DE"})
      .value();
  for (const auto& [category, rate] : cart.at("rates").items()) {
    shop.admin()
        .tax_rates()
        .create(admin, {.name = "VAT", .rate = rate, .country = "DE", .category = category})
        .value();
  }
}

Cart fill(Shop& shop, const Caller& admin, const Caller& buyer, const Json& cart) {
  const Currency currency = Currency::parse(cart.at("currency").get<std::string>()).value();
  int number = 0;
  for (const Json& line : cart.at("lines")) {
    const std::string sku = "P" + std::to_string(++number);
    const NewVariant variant{.sku = sku,
                             .price_cents = line.at("unitPriceCents"),
                             .currency = currency,
                             .tax_category = line.at("taxCategory")};
    shop.admin()
        .products()
        .create(admin, {.slug = "p" + std::to_string(number), .name = sku, .variants = {variant}})
        .value();
    shop.cart().add_item(buyer, {.sku = sku, .quantity = line.at("quantity")}).value();
  }
  if (!cart.contains("discount")) return shop.cart().get(buyer).value();
  const Json& discount = cart["discount"];
  const std::string code(currency.code());
  add(shop,
      discount.contains("fixedOffOrder")
          ? cents_off("OFF", discount["fixedOffOrder"], code.c_str())
          : percent_off("OFF", 100 * std::stoll(discount["percentOffOrder"].get<std::string>())),
      admin);
  return shop.cart().apply_coupon(buyer, {"OFF"}).value();
}

}  // namespace

TEST_CASE("the agreed carts have the agreed cents") {
  EmptyShop test;
  std::ifstream file(RESYS_CARTS);
  const Json carts = Json::parse(file).at("carts");
  REQUIRE(carts.size() == 17);
  int number = 0;
  for (const Json& each : carts) {
    CAPTURE(each.at("id"));
    const std::string store = "store-" + std::to_string(++number);
    const Caller admin = in_store(store, staff());
    open_store(*test.shop, admin, each);
    const Cart cart = fill(*test.shop, admin, in_store(store, shopper()), each);
    const Json& expect = each.at("expect");
    const std::int64_t tax = cart.tax_total_cents + cart.included_tax_total_cents;
    CHECK(cart.total_cents == expect.at("totalCents"));
    CHECK(tax == expect.value("taxCents", std::int64_t{0}));
    CHECK(cart.total_cents - tax == expect.value("netCents", cart.total_cents - tax));
    if (!expect.contains("discountCents")) continue;
    for (std::size_t i = 0; i < cart.line_items.size(); ++i) {
      CHECK(cart.line_items[i].discount_cents == expect["discountCents"].at(i));
    }
  }
}
