// How an order's total came about, and what was paid of it.
#include "support/promotion_shop.hpp"

using namespace resys;
using namespace resys::test;

namespace {

// TEA costs 7.90, MUG 12.00, shipping 4.90.
class ExplainingShop : public PromotionShop {
 public:
  void settings(const UpdateTaxSettings& request) {
    shop->admin().settings().update_taxes(staff(), request).value();
  }
  void rate(const CreateTaxRate& request) {
    shop->admin().tax_rates().create(staff(), request).value();
  }
  Order buy_cart() {
    const Placement placed = try_to_place(shopper()).value();
    pay(shopper(), placed);
    return order(placed.order.number);
  }
  OrderExplanation explain(const std::string& number) {
    return shop->admin().orders().explain(staff(), {number}).value();
  }
};

// "discount TEN of Tea (-79): 711": name, what it is about, what it adds, and the sum.
std::vector<std::string> texts_of(const OrderExplanation& explanation, const Order& order) {
  std::vector<std::string> texts;
  for (const TotalStep& step : explanation.steps) {
    std::string text = std::string(name_of(step.kind)) + " " + step.name;
    for (const LineItem& item : order.line_items) {
      if (item.id == step.line_item_id && item.name != step.name) text += " of " + item.sku;
    }
    if (step.quantity) {
      text += " " + std::to_string(*step.quantity) + " x " + std::to_string(*step.unit_price_cents);
    }
    if (step.code) text += " by " + *step.code;
    if (step.tax) text += " " + step.tax->rate + "% of " + std::to_string(step.tax->taxable_cents);
    if (step.rounding) text += " rounded by " + *step.rounding;
    texts.push_back(text + " (" + std::to_string(step.amount_cents) +
                    "): " + std::to_string(step.total_cents));
  }
  return texts;
}

}  // namespace

TEST_CASE("an explanation has a step for each item, discount, shipping and tax of the total") {
  ExplainingShop test;
  test.settings({.home_country = "US", .home_region = "NY", .home_postal_code = "10001"});
  test.rate({.name = "State", .rate = "4", .country = "US", .region = "NY"});
  test.rate({.name = "City",
             .rate = "4.875",
             .country = "US",
             .region = "NY",
             .postal_prefix = "100",
             .priority = 2});
  CreatePromotion shipping = promotion_of(
      "HALF", {.kind = PromotionActionKind::percent_off_shipping, .basis_points = 5'000});
  test.create(automatic(shipping));
  test.add_to(shopper(), "TEA", 3);
  test.add_to(shopper(), "MUG");
  test.apply(shopper(), "TEN").value();
  AddressInput to = BuyingShop::address();
  to.country = "US";
  to.region = "NY";
  to.postal_code = "10003";
  test.shop->checkout()
      .set_addresses(shopper(), {.shipping_address = to, .email = "ada@example.com"})
      .value();
  test.select_post(shopper());
  const Order order = test.buy_cart();

  const OrderExplanation explanation = test.explain(order.number);
  CHECK(texts_of(explanation, order) ==
        std::vector<std::string>{
            "item Tea, 100 g 3 x 790 (2370): 2370", "item Tea, Mug 1 x 1200 (1200): 3570",
            "discount TEN of TEA by TEN (-237): 3333", "discount TEN of MUG by TEN (-120): 3213",
            "shipping Post (490): 3703", "shippingDiscount HALF (-245): 3458",
            "tax State of TEA 4% of 2133 rounded by -0.32 (85): 3543",
            "tax City of TEA 4.875% of 2133 rounded by 0.01625 (104): 3647",
            "tax State of MUG 4% of 1080 rounded by -0.2 (43): 3690",
            "tax City of MUG 4.875% of 1080 rounded by 0.35 (53): 3743",
            "tax State 4% of 245 rounded by 0.2 (10): 3753",
            "tax City 4.875% of 245 rounded by 0.05625 (12): 3765"});
  CHECK(explanation.number == order.number);
  CHECK(explanation.order_id == order.id);
  CHECK(explanation.currency.code() == "EUR");
  CHECK(explanation.total_cents == order.total_cents);
}

TEST_CASE("a tax that prices include is explained, and adds nothing; a gift adds nothing, either") {
  ExplainingShop test;
  test.settings({.prices_include_tax = true, .home_country = "DE"});
  test.rate({.name = "VAT", .rate = "19", .country = "DE"});
  test.create(automatic(
      promotion_of("MUGS", {.kind = PromotionActionKind::gift_line, .sku = "MUG", .quantity = 1})));
  test.fill(shopper(), 1);
  AddressInput to = BuyingShop::address();
  to.country = "DE";
  to.postal_code = "10115";
  test.shop->checkout().set_addresses(shopper(), {.shipping_address = to}).value();
  test.select_post(shopper());
  const Order order = test.buy_cart();

  const OrderExplanation explanation = test.explain(order.number);
  CHECK(texts_of(explanation, order) ==
        std::vector<std::string>{"item Tea, 100 g 1 x 790 (790): 790",
                                 "item Tea, Mug 1 x 1200 (1200): 1990",
                                 "discount MUGS of MUG (-1200): 790", "shipping Post (490): 1280",
                                 "tax VAT of TEA 19% of 664 rounded by -0.134453 (0): 1280",
                                 "tax VAT 19% of 412 rounded by -0.235294 (0): 1280"});
  CHECK(explanation.steps.back().tax->tax_cents == 78);
  CHECK(explanation.total_cents == order.total_cents);
}

TEST_CASE("captures and refunds are explained, with what was paid after each") {
  ExplainingShop test;
  const Order bought = test.buy(shopper());
  test.shop->admin().orders().refund(staff(), {bought.number, 500, "a broken cup"}).value();
  const Order order = test.shop->admin().orders().refund(staff(), {bought.number}).value();

  const OrderExplanation explanation = test.explain(order.number);
  REQUIRE(explanation.payments.size() == 1);
  CHECK(explanation.payments[0].amount_cents == order.total_cents);
  REQUIRE(explanation.payment_steps.size() == 3);
  const PaymentStep& capture = explanation.payment_steps[0];
  CHECK(capture.kind == PaymentEntryKind::capture);
  CHECK(capture.payment_id == order.payments[0].id);
  CHECK(capture.amount_cents == order.total_cents);
  CHECK(capture.paid_cents == order.total_cents);
  const PaymentStep& refund = explanation.payment_steps[1];
  CHECK(refund.refund_id == order.refunds[0].id);
  CHECK(refund.kind == PaymentEntryKind::refund);
  CHECK(refund.reason == "a broken cup");
  CHECK(refund.amount_cents == -500);
  CHECK(refund.paid_cents == order.total_cents - 500);
  CHECK(explanation.payment_steps[2].paid_cents == 0);
  CHECK(explanation.paid_cents == 0);
  CHECK(explanation.total_cents == order.total_cents);  // what was sold stays what it was
}

TEST_CASE("a waived amount is explained, and was not paid") {
  ExplainingShop test;
  const Placement placed = test.place(shopper(), test.transfer);
  const std::string& number = placed.order.number;
  test.shop->admin().orders().mark_paid(staff(), {number, 1'000}).value();
  test.shop->admin().orders().accept_payment(staff(), {number}).value();

  const OrderExplanation explanation = test.explain(number);
  REQUIRE(explanation.payment_steps.size() == 2);
  const PaymentStep& waiver = explanation.payment_steps[1];
  CHECK(waiver.kind == PaymentEntryKind::waiver);
  CHECK(waiver.amount_cents == placed.order.total_cents - 1'000);
  CHECK(waiver.paid_cents == 1'000);
  CHECK(explanation.paid_cents == 1'000);
}

TEST_CASE("an explanation stays as it was when the catalog changes, and is for the owner") {
  ExplainingShop test;
  const Order order = test.buy(shopper());
  const auto before = texts_of(test.explain(order.number), order);
  test.reprice("TEA", 1);
  test.settings({.home_country = "GB"});
  test.rate({.name = "VAT", .rate = "20", .country = "GB"});
  CHECK(texts_of(test.explain(order.number), order) == before);

  const auto own = test.shop->orders().explain(shopper(), {order.number}).value();
  CHECK(texts_of(own, order) == before);
  CHECK(code_of(test.shop->orders().explain(shopper("eve"), {order.number})) == Errc::not_found);
  CHECK(code_of(test.shop->admin().orders().explain(staff(), {"R0"})) == Errc::not_found);
}
