// The taxes of carts and orders: in a store whose prices include them, in one that adds them, for
// buyers elsewhere, and for those who owe none.
#include "support/buying_shop.hpp"
#include "support/refusal.hpp"
#include "support/told_registry.hpp"

using namespace resys;
using namespace resys::test;

namespace {

// TEA costs 7.90, MUG 12.00, shipping 4.90.
class TaxedShop : public BuyingShop {
 public:
  void settings(const UpdateTaxSettings& request) {
    shop->admin().settings().update_taxes(staff(), request).value();
  }
  TaxRateId rate(const CreateTaxRate& request) {
    return shop->admin().tax_rates().create(staff(), request).value().id;
  }
  // Prices include 19 %, or 7 % for MUG.
  void be_german() {
    settings({.prices_include_tax = true, .home_country = "DE"});
    rate({.name = "VAT", .rate = "19", .country = "DE"});
    rate({.name = "VAT", .rate = "7", .country = "DE", .category = "reduced"});
    categorize("MUG", "reduced");
  }
  void categorize(const std::string& sku, const std::string& category) {
    shop->admin().variants().update(staff(), {.sku = sku, .tax_category = category}).value();
  }
  Cart add(const std::string& sku, std::int64_t quantity = 1, const Caller& by = shopper()) {
    return shop->cart().add_item(by, {.sku = sku, .quantity = quantity}).value();
  }
  Cart cart(const Caller& by = shopper()) { return shop->cart().get(by).value(); }
  Order send_to(const std::string& country, const std::string& postal_code,
                const std::string& region = "", const std::string& tax_id = "") {
    AddressInput to = address();
    to.country = country;
    to.postal_code = postal_code;
    to.region = region;
    SetAddresses request{.shipping_address = to, .email = "ada@example.com"};
    if (!tax_id.empty()) request.tax_id = tax_id;
    return shop->checkout().set_addresses(shopper(), request).value();
  }
  Order ship() { return shop->checkout().select_shipping_method(shopper(), {post}).value(); }
};

std::string text_of(const std::vector<TaxLine>& taxes) {
  std::string text;
  for (const TaxLine& tax : taxes) {
    text += (text.empty() ? "" : ", ") + tax.name + " " + tax.rate + "% of " +
            std::to_string(tax.taxable_cents) + ": " + std::to_string(tax.tax_cents);
  }
  return text;
}

}  // namespace

TEST_CASE("where prices include tax, it is shown and not added") {
  TaxedShop test;
  test.be_german();
  test.add("TEA", 3);
  Cart cart = test.add("MUG");
  CHECK(cart.item_total_cents == 3'570);
  CHECK(cart.total_cents == 3'570);
  CHECK(cart.tax_total_cents == 0);
  CHECK(cart.included_tax_total_cents == 378 + 79);
  CHECK(text_of(cart.tax_lines) == "VAT 19% of 1992: 378, VAT 7% of 1121: 79");
  CHECK(cart.line_items.at(0).tax_cents == 378);
  CHECK(cart.line_items.at(0).tax_lines.at(0).included);
  CHECK(cart.line_items.at(0).tax_lines.at(0).country == "DE");
  CHECK(cart.line_items.at(1).tax_category == "reduced");

  test.send_to("DE", "10115");
  const Order order = test.ship();
  CHECK(order.total_cents == 4'060);
  REQUIRE(order.shipment);
  CHECK(text_of(order.shipment->tax_lines) == "VAT 19% of 412: 78");
  CHECK(text_of(order.tax_lines) == "VAT 19% of 2404: 456, VAT 7% of 1121: 79");
  CHECK(order.included_tax_total_cents == 535);
}

TEST_CASE("where they do not, the rates of state and city are added") {
  TaxedShop test;
  test.settings({.home_country = "US", .home_region = "NY", .home_postal_code = "12084"});
  test.rate({.name = "State", .rate = "4", .country = "US", .region = "NY"});
  test.rate(
      {.name = "City", .rate = "4.875", .country = "US", .postal_prefix = "100", .priority = 2});
  test.rate({.name = "State", .rate = "7.25", .country = "US", .region = "CA"});
  Cart cart = test.add("TEA", 2);
  CHECK(text_of(cart.tax_lines) == "State 4% of 1580: 63");
  CHECK(cart.total_cents == 1'643);
  CHECK_FALSE(cart.tax_lines.at(0).included);

  Order order = test.send_to("US", "10001", "NY");
  CHECK(text_of(order.tax_lines) == "State 4% of 1580: 63, City 4.875% of 1580: 77");
  CHECK(order.tax_total_cents == 140);
  CHECK(order.included_tax_total_cents == 0);
  order = test.ship();
  CHECK(text_of(order.tax_lines) == "State 4% of 2070: 83, City 4.875% of 2070: 101");
  CHECK(order.total_cents == 1'580 + 490 + 184);
  order = test.send_to("US", "94016", "California");
  CHECK(text_of(order.tax_lines) == "State 7.25% of 1580: 115");
  order = test.send_to("US", "89501", "NV");
  CHECK(order.tax_lines.empty());
  CHECK(order.total_cents == 1'580);
}

TEST_CASE("discounts are taken before tax") {
  TaxedShop test;
  test.be_german();
  test.add("TEA", 10);
  const Cart cart = test.shop->cart().apply_coupon(shopper(), {"TEN"}).value();
  CHECK(cart.line_items.at(0).discount_cents == 790);
  CHECK(cart.total_cents == 7'110);
  CHECK(cart.included_tax_total_cents == 1'135);  // 7110 - 7110 / 1.19
}

TEST_CASE("a buyer elsewhere pays the same price, or the same net price, as the store says") {
  TaxedShop test;
  test.be_german();
  test.rate({.name = "TVA", .rate = "20", .country = "FR"});
  test.add("TEA", 2);
  Order order = test.send_to("FR", "75001");
  CHECK(order.total_cents == 1'580);
  CHECK(text_of(order.tax_lines) == "TVA 20% of 1317: 263");
  order = test.send_to("US", "10001", "NY");
  CHECK(order.total_cents == 1'580);
  CHECK(order.tax_lines.empty());

  test.settings({.foreign_prices = ForeignPrices::keep_net});
  order = test.send_to("FR", "75001");
  CHECK(order.line_items.at(0).unit_price_cents == 797);  // 7.90 / 1.19 * 1.20
  CHECK(order.total_cents == 1'594);
  order = test.send_to("US", "10001", "NY");
  CHECK(order.line_items.at(0).unit_price_cents == 664);
  CHECK(order.total_cents == 1'328);
  CHECK(order.problems.empty());
  order = test.ship();
  CHECK(order.shipment_total_cents == 412);
  order = test.send_to("DE", "10115");
  CHECK(order.total_cents == 1'580);
}

TEST_CASE("a business in another country of the list owes the tax there") {
  TaxedShop test;
  test.be_german();
  test.rate({.name = "TVA", .rate = "20", .country = "FR"});
  test.settings({.reverse_charge_countries = {{"DE", "FR"}}});
  test.add("TEA", 2);
  Order order = test.send_to("FR", "75001", "", "fr 40 303 265 045");
  CHECK(order.tax_id == "FR40303265045");
  CHECK(order.total_cents == 1'328);
  REQUIRE(order.tax_lines.size() == 1);
  CHECK(order.tax_lines[0].reason == TaxReason::reverse_charge);
  CHECK(order.tax_lines[0].taxable_cents == 1'328);
  CHECK(order.tax_lines[0].tax_cents == 0);
  // Absent, the id stays; empty, it goes.
  order = test.send_to("DE", "10115");
  CHECK(order.tax_id == "FR40303265045");
  CHECK(text_of(order.tax_lines) == "VAT 19% of 1328: 252");
  order = test.shop->checkout()
              .set_addresses(shopper(), {.shipping_address = TaxedShop::address(), .tax_id = ""})
              .value();
  CHECK(order.tax_id.empty());
  check_refused(
      test.shop->checkout().set_addresses(
          shopper(), {.shipping_address = TaxedShop::address(), .tax_id = "FR41303265045"}),
      Errc::invalid_request, "taxId");
}

TEST_CASE("what is recorded of a user counts in the user's carts") {
  TaxedShop test;
  test.be_german();
  test.settings({.reverse_charge_countries = {{"DE", "FR"}}});
  const std::string user = shopper().user_id;
  AdminCustomers customers = test.shop->admin().customers();
  test.add("TEA", 2);
  customers.update(staff(), {.user_id = user, .tax_exempt = true}).value();
  CHECK(test.cart().problems == std::vector{CartProblem::price_changed});
  Cart cart = test.add("TEA");
  CHECK(cart.total_cents == 3 * 664);
  CHECK(cart.tax_lines.at(0).reason == TaxReason::exempt_customer);

  customers.update(staff(), {.user_id = user, .tax_exempt = false, .tax_id = "FR40303265045"})
      .value();
  test.send_to("FR", "75001");
  test.ship();
  const auto placed = test.shop->checkout().place_order(shopper(), {test.card}).value();
  CHECK(placed.order.tax_id == "FR40303265045");
  CHECK(placed.order.tax_lines.at(0).reason == TaxReason::reverse_charge);
  // The order keeps what it was placed with.
  customers.update(staff(), {.user_id = user, .tax_id = ""}).value();
  CHECK(test.order(placed.order.number).tax_id == "FR40303265045");
}

TEST_CASE("shipping is taxed by its category, by the goods' shares, or by their highest rate") {
  TaxedShop test;
  test.be_german();
  test.add("TEA", 3);  // 23.70 at 19 %
  test.add("MUG");     // 12.00 at 7 %
  test.send_to("DE", "10115");
  test.shop->admin()
      .shipping_methods()
      .update(staff(), {.shipping_method_id = test.post, .tax_category = "reduced"})
      .value();
  const auto taxes_of_shipping = [&](ShippingTax by) {
    test.settings({.shipping_tax = by});
    return text_of(test.ship().shipment->tax_lines);
  };
  CHECK(taxes_of_shipping(ShippingTax::category) == "VAT 7% of 458: 32");
  CHECK(taxes_of_shipping(ShippingTax::highest) == "VAT 19% of 412: 78");
  // 4.90 is divided 3.25 to 1.65.
  CHECK(taxes_of_shipping(ShippingTax::proportional) == "VAT 7% of 154: 11, VAT 19% of 273: 52");
}

TEST_CASE("tax is rounded for each unit, each line, or each rate of an order") {
  TaxedShop test;
  test.settings({.home_country = "DE"});
  test.rate({.name = "VAT", .rate = "19", .country = "DE"});
  test.sell("PIN", 5);
  test.sell("NIB", 5);
  test.sell("CAP", 5);
  const auto tax_of = [&](TaxRoundingLevel level, const Caller& by) {
    test.settings({.rounding_level = level});
    for (const char* sku : {"PIN", "NIB", "CAP"}) test.add(sku, 3, by);
    return test.cart(by).tax_total_cents;
  };
  CHECK(tax_of(TaxRoundingLevel::unit, shopper("u")) == 9);   // 0.95 each
  CHECK(tax_of(TaxRoundingLevel::line, shopper("l")) == 9);   // 2.85 each
  CHECK(tax_of(TaxRoundingLevel::order, shopper("o")) == 9);  // 8.55
  test.settings({.rounding = TaxRounding::down});
  CHECK(tax_of(TaxRoundingLevel::unit, shopper("U")) == 0);
  CHECK(tax_of(TaxRoundingLevel::line, shopper("L")) == 6);
  CHECK(tax_of(TaxRoundingLevel::order, shopper("O")) == 8);
}

TEST_CASE("a tax that changes while the buyer looks is a changed price, never another amount") {
  TaxedShop test;
  test.settings({.home_country = "GB"});
  const TaxRateId vat = test.rate({.name = "VAT", .rate = "20", .country = "GB"});
  test.add("TEA", 2);
  test.send_to("GB", "N1 9GU");
  const std::int64_t shown = test.ship().total_cents;
  CHECK(shown == 2'070 + 414);
  test.shop->admin().tax_rates().update(staff(), {.tax_rate_id = vat, .rate = "25"}).value();
  const Cart cart = test.cart();
  CHECK(cart.total_cents == shown);
  CHECK(cart.problems == std::vector{CartProblem::price_changed});
  CHECK(cart.new_total_cents == 2'070 + 518);
  const auto refused = test.shop->checkout().place_order(shopper(), {test.card});
  check_refused(refused, Errc::price_changed, "acceptTotalCents");
  const auto placed = test.shop->checkout()
                          .place_order(shopper(), {.payment_method_id = test.card,
                                                   .accept_total_cents = cart.new_total_cents})
                          .value();
  CHECK(placed.payment->amount_cents == 2'588);

  // What is placed keeps its taxes.
  test.shop->admin().tax_rates().remove(staff(), {vat}).value();
  test.pay(shopper(), placed);
  const Order order = test.order(placed.order.number);
  CHECK(order.state == OrderState::complete);
  CHECK(text_of(order.tax_lines) == "VAT 25% of 2070: 518");
  CHECK(text_of(order.line_items.at(0).tax_lines) == "VAT 25% of 1580: 395");
}

TEST_CASE("a store that adds no tax has no tax lines") {
  TaxedShop test;
  test.settings({.home_country = "DE"});
  const Cart cart = test.add("TEA");
  CHECK(cart.tax_lines.empty());
  CHECK(cart.total_cents == 790);
  // Another store's rates are not its own.
  test.shop->admin()
      .tax_rates()
      .create(in_store("other", staff()), {.name = "VAT", .rate = "19", .country = "DE"})
      .value();
  CHECK(test.add("TEA").tax_lines.empty());
}

TEST_CASE("other processes see a changed rate at once") {
  TaxedShop test;
  test.settings({.home_country = "DE"});
  const TaxRateId vat = test.rate({.name = "VAT", .rate = "19", .country = "DE"});
  const auto other = test.open();
  CHECK(other->cart().add_item(shopper(), {.sku = "TEA"}).value().tax_total_cents == 150);
  test.shop->admin().tax_rates().update(staff(), {.tax_rate_id = vat, .rate = "10"}).value();
  CHECK(other->cart().add_item(shopper(), {.sku = "TEA"}).value().tax_total_cents == 158);
  // Also one that was refused after it had changed.
  check_refused(test.shop->admin().tax_rates().update(staff(), {.tax_rate_id = vat, .rate = "101"}),
                Errc::invalid_request, "rate");
  CHECK(other->cart().add_item(shopper(), {.sku = "TEA"}).value().tax_total_cents == 237);
}

TEST_CASE("a cart that is merged is taxed as the user's") {
  TaxedShop test;
  test.be_german();
  test.add("TEA", 2, guest("s1"));
  test.shop->admin().customers().update(staff(), {.user_id = "ada", .tax_exempt = true}).value();
  const auto merged = test.shop->cart().merge({.user_id = "ada", .session_id = "s1"}).value();
  CHECK(merged.cart.total_cents == 1'328);
}

TEST_CASE("a tax id that is given at checkout is looked up first") {
  const auto registry = std::make_shared<ToldRegistry>();
  BuyingShop test({.tax_id_registry = registry});
  Shop& shop = *test.shop;
  const auto with_id = [&](const char* tax_id, const Caller& by = shopper()) {
    return shop.checkout().set_addresses(
        by,
        {.shipping_address = BuyingShop::address(), .email = "ada@example.com", .tax_id = tax_id});
  };
  shop.cart().add_item(shopper(), {.sku = "TEA"}).value();
  registry->answer = [] { return TaxIdCheck{.registered = false}; };
  check_refused(with_id("ATU13585627"), Errc::invalid_request, "taxId");
  CHECK(shop.cart().get(shopper()).value().state == OrderState::cart);
  registry->answer = []() -> Result<TaxIdCheck> { throw 42; };
  CHECK(with_id("ATU13585627").value().tax_id == "ATU13585627");
  registry->answer = [] { return TaxIdCheck{.registered = true}; };
  CHECK(with_id("atu 13585627").value().tax_id == "ATU13585627");
  CHECK(registry->asked == std::vector<std::string>(3, "ATU13585627"));
  CHECK(with_id("").value().tax_id.empty());

  // What it has found before, and a repetition, ask nobody.
  shop.admin().customers().update(staff(), {.user_id = "ada", .tax_id = "DE136695976"}).value();
  Caller again = shopper();
  again.idempotency_key = "again";
  registry->asked.clear();
  with_id("DE136695976").value();
  with_id("ATU13585627", again).value();
  with_id("ATU13585627", again).value();
  CHECK(registry->asked == std::vector<std::string>{"ATU13585627"});
}

TEST_CASE("an order says how much more makes its shipping free") {
  TaxedShop test;
  const Currency euro = Currency::parse("EUR").value();
  const ShippingMethodId free_over =
      test.shop->admin()
          .shipping_methods()
          .create(
              staff(),
              {.name = "Parcel", .price_cents = 490, .free_over_cents = 2'000, .currency = euro})
          .value()
          .id;
  test.fill(shopper(), 2);
  CHECK_FALSE(test.ship().shipment->free_over_missing_cents);  // that one is never free
  const auto selected = [&] {
    return test.shop->checkout().select_shipping_method(shopper(), {free_over}).value();
  };
  CHECK(selected().shipment->free_over_missing_cents == 2'000 - 1'580);
  test.add("MUG");
  const Order order = selected();
  CHECK(order.shipment->price_cents == 0);
  CHECK_FALSE(order.shipment->free_over_missing_cents);
}
