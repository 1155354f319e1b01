// Taxes that a host's tax calculator finds: when it is asked, what is kept, and what happens where
// it fails.
#include <functional>

#include "resys/document_ports.hpp"
#include "support/buying_shop.hpp"
#include "support/refusal.hpp"

using namespace resys;
using namespace resys::test;

namespace {

// Taxes everything with 10 %, or whatever a test wants.
struct Calculator final : TaxCalculator {
  Result<CalculatedTaxes> calculate(const CalculateTaxes& request) override {
    asked.push_back(request);
    if (error) return *error;
    CalculatedTaxes answer{.external_id = "calc_" + std::to_string(asked.size())};
    for (const TaxableItem& item : request.items) {
      const bool included = request.prices_include_tax;
      const std::int64_t tax = included ? item.amount_cents / 11 : item.amount_cents / 10;
      answer.items.push_back({item.reference,
                              {{.name = "Tax",
                                .rate = "10",
                                .country = request.address.country,
                                .taxable_cents = item.amount_cents - (included ? tax : 0),
                                .tax_cents = tax}}});
    }
    if (change) change(answer);
    return answer;
  }
  std::vector<CalculateTaxes> asked;
  std::optional<Error> error;
  std::function<void(CalculatedTaxes&)> change;
};

ShopOptions with(std::shared_ptr<TaxCalculator> calculator) {
  ShopOptions options;
  options.tax_calculator = std::move(calculator);
  return options;
}

class CalculatingShop : public BuyingShop {
 public:
  explicit CalculatingShop(std::shared_ptr<Calculator> by = std::make_shared<Calculator>())
      : BuyingShop(with(by)), calculator(std::move(by)) {
    settings({.source = TaxSource::calculator});
    shop->admin()
        .tax_rates()
        .create(staff(), {.name = "VAT", .rate = "20", .country = "GB"})
        .value();
  }
  void settings(const UpdateTaxSettings& request) {
    shop->admin().settings().update_taxes(staff(), request).value();
  }
  bool has_logged(const std::string& words) const {
    for (const std::string& line : log->lines()) {
      if (line.find(words) != std::string::npos) return true;
    }
    return false;
  }
  std::size_t calls() const { return calculator->asked.size(); }
  Result<Placement> place() { return shop->checkout().place_order(shopper(), {card}); }

  const std::shared_ptr<Calculator> calculator;
};

}  // namespace

TEST_CASE("a tax calculator of another language is awaited for the request's own time") {
  std::vector<PortCall> calls;
  const auto calculator = document_tax_calculator([&](const PortCall& call) -> Result<std::string> {
    calls.push_back(call);
    return Error(Errc::outcome_unknown, "not in time");
  });
  CalculateTaxes request;
  request.timeout_ms = 1'234;
  check_refused(calculator->calculate(request), Errc::outcome_unknown);
  REQUIRE(calls.size() == 1);
  CHECK(calls[0].name == "calculateTaxes");
  CHECK(calls[0].timeout_ms == 1'234);
}

TEST_CASE("a tax calculator is asked anew about other units, another street and other prices") {
  CalculatingShop test;
  const PriceListId list =
      test.shop->admin()
          .price_lists()
          .create(staff(), {.name = "Two", .currency = Currency::parse("EUR").value()})
          .value()
          .id;
  test.shop->admin()
      .price_lists()
      .set_prices(staff(), {.price_list_id = list,
                            .prices = {{.sku = "TEA", .price_cents = 1'000},
                                       {.sku = "TEA", .min_quantity = 2, .price_cents = 500}}})
      .value();
  const Order order = test.fill(shopper(), 1);
  const std::size_t calls = test.calls();
  SECTION("the same amount for two units") {
    const Cart cart = test.shop->cart().change_item(shopper(), {order.line_items[0].id, 2}).value();
    CHECK(cart.item_total_cents == 1'000);
    CHECK(test.calculator->asked.back().items[0].quantity == 2);
  }
  SECTION("another street") {
    AddressInput to = BuyingShop::address();
    to.line1 = "2 Main Street";
    test.shop->checkout()
        .set_addresses(shopper(), {.shipping_address = to, .email = "ada@example.com"})
        .value();
    CHECK(test.calculator->asked.back().address.line1 == "2 Main Street");
  }
  SECTION("prices that include tax from now on") {
    test.settings({.prices_include_tax = true});
    check_refused(test.place(), Errc::price_changed, "acceptTotalCents");
    CHECK(test.calculator->asked.back().prices_include_tax);
  }
  CHECK(test.calls() == calls + 1);
}

TEST_CASE("a tax calculator is asked once for each state of an order with an address") {
  CalculatingShop test;
  test.shop->cart().add_item(shopper(), {.sku = "TEA", .quantity = 2}).value();
  CHECK(test.calls() == 0);
  Order order = test.fill(shopper(), 1);  // adds one, sets the address, chooses shipping
  CHECK(test.calls() == 2);
  const CalculateTaxes& asked = test.calculator->asked.back();
  CHECK(asked.order_id == order.id);
  CHECK(asked.store == "default");
  CHECK(asked.address.country == "GB");
  CHECK(asked.currency.code() == "EUR");
  REQUIRE(asked.items.size() == 2);
  CHECK(asked.items[0] == TaxableItem{order.line_items[0].id.text(), "TEA", "standard", 3, 2'370});
  CHECK(asked.items[1] == TaxableItem{"shipping", "", "standard", 1, 490});
  CHECK(order.tax_total_cents == 237 + 49);
  CHECK(order.total_cents == 2'370 + 490 + 286);
  CHECK(order.line_items[0].tax_lines.at(0).name == "Tax");
  CHECK(order.shipment->tax_lines.at(0).tax_cents == 49);

  test.shop->cart().get(shopper()).value();
  CHECK(test.calls() == 2);
  Cart cart = test.shop->cart().add_item(shopper(), {.sku = "TEA"}).value();
  CHECK(test.calls() == 3);
  CHECK(cart.tax_total_cents == 316 + 49);
  cart = test.shop->cart().apply_coupon(shopper(), {"TEN"}).value();
  CHECK(cart.tax_total_cents == 284 + 49);
  CHECK(test.calls() == 4);

  const Placement placed = test.place().value();
  CHECK(test.calls() == 4);
  CHECK(placed.payment->amount_cents == cart.total_cents);
  test.pay(shopper(), placed);
  order = test.order(placed.order.number);
  CHECK(order.state == OrderState::complete);
  CHECK(order.tax_total_cents == 333);
  CHECK(order.tax_calculation_id == "calc_4");
  CHECK(test.calls() == 4);
}

TEST_CASE("where the calculator fails the store's rates apply, and it is asked again") {
  CalculatingShop test;
  test.calculator->error = Error(Errc::busy, "the service is down");
  Order order = test.fill(shopper());
  CHECK(order.tax_total_cents == 316 + 98);  // 20 %
  CHECK(test.has_logged("could not be calculated: the service is down"));
  SECTION("still down when it is placed") {
    const Order placed = test.place().value().order;
    CHECK(placed.tax_total_cents == 414);
    CHECK(placed.tax_calculation_id.empty());
  }
  SECTION("up again when it is placed: another total than was shown") {
    test.calculator->error.reset();
    const auto refused = test.place();
    check_refused(refused, Errc::price_changed, "acceptTotalCents");
    CHECK(refused.error().fact("newTotalCents", 0) == 2'070 + 158 + 49);
    const auto placed = test.shop->checkout().place_order(
        shopper(), {.payment_method_id = test.card, .accept_total_cents = 2'070 + 158 + 49});
    CHECK(placed.value().order.tax_total_cents == 207);
  }
}

TEST_CASE("a store may refuse an order whose taxes are not known") {
  CalculatingShop test;
  test.settings({.fallback = TaxFallback::refuse});
  test.calculator->error = Error(Errc::busy, "the service is down");
  test.fill(shopper());
  const auto refused = test.place();
  check_refused(refused, Errc::busy);
  CHECK(refused.error().fact("reason") == "taxes_unknown");
  test.calculator->error.reset();
  test.fill(shopper(), 1);
  CHECK(test.place().value().order.tax_total_cents == 237 + 49);
}

TEST_CASE("taxes that cannot be are a failure of the calculator") {
  using Change = std::function<void(CalculatedTaxes&)>;
  const auto [fault, change] = GENERATE(table<std::string, Change>({
      {"other items", [](auto& answer) { answer.items.pop_back(); }},
      {"an item is missing", [](auto& answer) { answer.items[0].reference = "line"; }},
      {"is accepted", [](auto& answer) { answer.items[0].taxes[0].tax_cents = -1; }},
      {"is accepted", [](auto& answer) { answer.items[0].taxes[0].tax_cents = kMaxMinor + 1; }},
      {"is accepted", [](auto& answer) { answer.items[0].taxes[0].taxable_cents = -1; }},
      {"are accepted", [](auto& answer) { answer.items[0].taxes[0].name.clear(); }},
      {"UTF-8", [](auto& answer) { answer.items[0].taxes[0].name = "\xff"; }},
      {"more than its amount", [](auto& answer) { answer.items[0].taxes[0].tax_cents = 10'000; }},
      {"no std::exception", [](auto&) { throw 42; }},
      {"a defect", [](auto&) { throw std::runtime_error("a defect"); }},
  }));
  CAPTURE(fault);
  CalculatingShop test;
  test.calculator->change = change;
  CHECK(test.fill(shopper()).tax_total_cents == 414);
  CHECK(test.has_logged(fault));
}

TEST_CASE("included taxes of a calculator do not move the price") {
  CalculatingShop test;
  test.settings({.prices_include_tax = true});
  const Order order = test.fill(shopper());
  CHECK(order.total_cents == 2'070);
  CHECK(order.included_tax_total_cents == 143 + 44);
  CHECK(order.tax_total_cents == 0);
}

TEST_CASE("a store whose rates are the source asks no calculator") {
  CalculatingShop test;
  test.settings({.source = TaxSource::rates});
  CHECK(test.fill(shopper()).tax_total_cents == 414);
  CHECK(test.place().has_value());
  CHECK(test.calls() == 0);
}
