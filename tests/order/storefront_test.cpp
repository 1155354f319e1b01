// Products as shoppers see them: with the prices that their carts would take.
#include "support/buying_shop.hpp"
#include "support/refusal.hpp"

using namespace resys;
using namespace resys::test;

namespace {

const Currency kEuro = Currency::parse("EUR").value();
const Currency kDollar = Currency::parse("USD").value();

Caller with_groups(std::vector<std::string> groups, Caller caller) {
  caller.groups = std::move(groups);
  return caller;
}

// TEA costs 7.90 or 9.00 USD, to compare with 9.50, MUG 12.00.
struct Storefront : BuyingShop {
  Storefront() {
    shop->admin()
        .variants()
        .update(staff(), {.sku = "TEA",
                          .compare_at_cents = Change<std::int64_t>(950),
                          .prices = std::vector<NewVariantPrice>{{kDollar, 900}}})
        .value();
  }
  void list(CreatePriceList request, std::vector<NewListedPrice> prices) {
    request.name = "List";
    if (request.currency.empty()) request.currency = kEuro;
    AdminPriceLists lists = shop->admin().price_lists();
    const PriceListId id = lists.create(staff(), request).value().id;
    lists.set_prices(staff(), {.price_list_id = id, .prices = std::move(prices)}).value();
  }
  void send(const Caller& by, const std::string& country, const std::string& postal_code,
            const std::string& region = "") {
    shop->cart().add_item(by, {.sku = "MUG"}).value();
    AddressInput to = address();
    to.country = country;
    to.postal_code = postal_code;
    to.region = region;
    shop->checkout()
        .set_addresses(by, {.shipping_address = to, .email = "ada@example.com"})
        .value();
  }
  // On the product's page, which must be as in the list.
  Variant shown(const Caller& by, const std::string& sku = "TEA",
                std::optional<Currency> currency = kEuro) {
    const auto page = shop->products().get(by, {.slug = "tea", .currency = currency}).value();
    const auto list = shop->products().list(by, {.currency = currency}).value();
    for (std::size_t i = 0; i < page.variants.size(); ++i) {
      const Variant& variant = page.variants[i];
      CHECK(list.items.at(0).variants.at(i).price_cents == variant.price_cents);
      if (variant.sku == sku) return variant;
    }
    FAIL("there is no variant " + sku);
    return {};
  }
  // The price of TEA, which must be what a unit more in the cart costs.
  std::int64_t price(const Caller& by) {
    const Variant tea = shown(by);
    const Cart cart = shop->cart().add_item(by, {.sku = "TEA"}).value();
    for (const LineItem& line : cart.line_items) {
      if (line.sku != "TEA") continue;
      CHECK(line.unit_price_cents == tea.price_cents);
      shop->cart().remove_item(by, {line.id}).value();
    }
    CHECK(cart.currency == tea.currency);
    return tea.price_cents;
  }
};

}  // namespace

TEST_CASE("a variant is shown at the price that the caller's cart takes") {
  Storefront test;
  const Caller nobody;
  const Caller member = with_groups({"trade"}, guest("member"));
  CHECK(test.shown(nobody).price_cents == 790);
  test.list({.priority = 2}, {{.sku = "TEA", .price_cents = 780}});
  test.list({.priority = 2}, {{.sku = "TEA", .min_quantity = 2, .price_cents = 700}});
  test.list({.priority = 1, .customer_groups = {"trade"}}, {{.sku = "TEA", .price_cents = 600}});
  test.list({.countries = {"FR"}}, {{.sku = "TEA", .price_cents = 500}});
  test.list({.currency = kDollar}, {{.sku = "TEA", .price_cents = 850}});
  CHECK(test.shown(nobody).price_cents == 780);
  CHECK(test.shown(nobody, "MUG").price_cents == 1'200);
  CHECK(test.price(guest()) == 780);
  CHECK(test.price(shopper()) == 780);

  SECTION("by the groups that the host says") { CHECK(test.price(member) == 600); }
  SECTION("by the groups that staff have recorded") {
    test.shop->admin()
        .customers()
        .update(staff(), {.user_id = "ada", .groups = std::vector<std::string>{"trade"}})
        .value();
    CHECK(test.price(shopper()) == 600);
    CHECK(test.price(with_groups({"other"}, shopper())) == 600);
    CHECK(test.price(shopper("bob")) == 780);
  }
  SECTION("by the country that the order goes to, or the store's home") {
    test.send(shopper(), "FR", "75001");
    CHECK(test.price(shopper()) == 500);
    test.shop->admin().settings().update_taxes(staff(), {.home_country = "FR"}).value();
    CHECK(test.shown(nobody).price_cents == 500);
    CHECK(test.price(guest()) == 500);
    test.send(shopper(), "DE", "10115");
    CHECK(test.price(shopper()) == 780);
  }
  SECTION("in each currency") {
    const Variant tea = test.shown(nobody, "TEA", kDollar);
    CHECK(tea.price_cents == 850);
    REQUIRE(tea.prices.size() == 1);
    CHECK(tea.prices[0].currency == kEuro);
    CHECK(tea.prices[0].price_cents == 780);
    const Cart cart =
        test.shop->cart().add_item(guest(), {.sku = "TEA", .currency = kDollar}).value();
    CHECK(cart.line_items[0].unit_price_cents == 850);
    // From then on the cart's currency is the one that its owner is shown.
    CHECK(test.shown(guest(), "TEA", std::nullopt).price_cents == 850);
    CHECK(test.shown(shopper(), "TEA", std::nullopt).price_cents == 780);
  }
  SECTION("staff see the catalog's own") {
    const auto listed = test.shop->admin().products().list(staff()).value();
    for (const Product& product : listed.items) {
      for (const Variant& variant : product.variants) {
        if (variant.sku == "TEA") CHECK(variant.price_cents == 790);
      }
    }
  }
}

TEST_CASE("products are shown in the currency of the caller's cart") {
  Storefront test;
  CHECK(test.shown(guest(), "TEA", std::nullopt).currency == kEuro);
  test.shop->cart().add_item(guest(), {.sku = "TEA", .currency = kDollar}).value();
  const Variant tea = test.shown(guest(), "TEA", std::nullopt);
  CHECK(tea.currency == kDollar);
  CHECK(tea.price_cents == 900);
  CHECK(test.shown(guest(), "MUG", std::nullopt).currency == kEuro);  // it has no other
  CHECK(test.shown(guest(), "TEA", kEuro).price_cents == 790);
}

TEST_CASE("a shown price is of the smallest quantity, and below the one to compare with") {
  Storefront test;
  test.list({}, {{.sku = "TEA", .price_cents = 780},
                 {.sku = "TEA", .min_quantity = 6, .price_cents = 700}});
  const Caller nobody;
  CHECK(test.shown(nobody).compare_at_cents == 950);
  CHECK(test.shown(nobody).price_cents == 780);
  test.shop->admin()
      .variants()
      .update(staff(), {.sku = "TEA", .min_quantity = 5, .quantity_step = 2})
      .value();
  CHECK(test.shown(nobody).price_cents == 700);
  test.list({.priority = -1}, {{.sku = "TEA", .price_cents = 950}});
  const Variant dear = test.shown(nobody);
  CHECK(dear.price_cents == 950);
  CHECK_FALSE(dear.compare_at_cents);
  CHECK_FALSE(dear.lowest_price_cents);
}

TEST_CASE("who pays a net price is shown it") {
  Storefront test;
  test.shop->admin()
      .settings()
      .update_taxes(staff(), {.prices_include_tax = true,
                              .foreign_prices = ForeignPrices::keep_net,
                              .home_country = "DE"})
      .value();
  test.shop->admin()
      .tax_rates()
      .create(staff(), {.name = "VAT", .rate = "19", .country = "DE"})
      .value();
  CHECK(test.price(shopper()) == 790);
  test.send(shopper(), "US", "10001", "NY");
  CHECK(test.price(shopper()) == 664);
  CHECK(test.shown(shopper()).compare_at_cents == 798);
  test.shop->admin().customers().update(staff(), {.user_id = "bob", .tax_exempt = true}).value();
  CHECK(test.price(shopper("bob")) == 664);
  CHECK(test.price(shopper("eve")) == 790);
}
