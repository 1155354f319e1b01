// Refunds of single pieces, and the tax that goes back with a refund.
#include "order/refund_pieces.hpp"

#include <algorithm>
#include <array>
#include <numeric>

#include "pricing/quote.hpp"
#include "support/amounts.hpp"
#include "support/paying_shop.hpp"
#include "support/refusal.hpp"
#include "support/tier.hpp"

using namespace resys;
using namespace resys::test;

namespace {

// Three TEA (7.90, 19 %) and a MUG (12.00, 7 %) with TEN (10 % off) and shipping (4.90, 19 %).
class RefundShop : public PayingShop {
 public:
  explicit RefundShop(bool prices_include_tax) {
    Admin admin = shop->admin();
    admin.settings().update_taxes(staff(), {.prices_include_tax = prices_include_tax}).value();
    admin.tax_rates().create(staff(), {.name = "VAT", .rate = "19", .country = "GB"}).value();
    admin.tax_rates()
        .create(staff(), {.name = "VAT", .rate = "7", .country = "GB", .category = "reduced"})
        .value();
    admin.variants().update(staff(), {.sku = "MUG", .tax_category = "reduced"}).value();
    shop->cart().add_item(shopper(), {.sku = "MUG"}).value();
    fill(shopper(), 3);
    shop->cart().apply_coupon(shopper(), {"TEN"}).value();
    const Order placed = place_again().order;
    model->pay(intent(placed));
    tell(intent(placed));
    bought = order(placed.number);
  }

  Result<Order> refund(RefundOrder request) {
    request.number = bought.number;
    return shop->admin().orders().refund(staff(), request);
  }
  Result<Order> refund_line(std::size_t line, std::int64_t quantity = 1) {
    return refund({.lines = {{bought.line_items.at(line).id, quantity}}});
  }

  Order bought;
};

std::int64_t tax_of(const Order& order) {
  return order.tax_total_cents + order.included_tax_total_cents;
}

std::int64_t refunded_tax(const Order& order) {
  std::int64_t sum = 0;
  for (const OrderRefund& refund : order.refunds) {
    if (refund.state != RefundState::failed) sum += refund.tax_cents;
  }
  return sum;
}

std::vector<std::int64_t> amounts_of(const Order& order) {
  std::vector<std::int64_t> amounts;
  for (const OrderRefund& refund : order.refunds) amounts.push_back(refund.amount_cents);
  return amounts;
}

// A line as it was placed, with random taxes.
LineItem random_line(Amounts& amounts) {
  LineItem line{.id = LineItemId(detail::Uuid{1, static_cast<std::uint64_t>(amounts.positive())})};
  line.quantity = 1 + amounts.positive(30);
  line.total_cents = line.quantity * amounts.positive(10'000);
  line.discount_cents = amounts.positive(line.total_cents);
  const std::int64_t left = line.total_cents - line.discount_cents;
  TaxLine tax{.tax_cents = amounts.positive(left), .included = amounts.count(1) == 0};
  line.tax_cents = tax.tax_cents;
  line.tax_lines = {tax};
  return line;
}

}  // namespace

TEST_CASE("pieces that are refunded one by one give back exactly what was paid, with its tax") {
  Amounts amounts(1);
  for (std::int64_t i = by_tier(500, 5'000, 100'000); i > 0; --i) {
    const LineItem line = random_line(amounts);
    std::int64_t paid = line.total_cents - line.discount_cents;
    if (!line.tax_lines[0].included) paid += line.tax_cents;
    const rows::OrderRow order{.tax_total_cents = line.tax_cents};
    std::vector<rows::EntryRow> entries;
    RefundedLine sum;
    while (sum.quantity < line.quantity) {
      const std::int64_t most = line.quantity - sum.quantity;
      const RefundOrder request{.lines = {{line.id, 1 + amounts.positive(most - 1)}}};
      const auto pieces = app::pieces_to_refund(request, order, {line}, entries).value();
      REQUIRE(pieces.size() == 1);
      REQUIRE(pieces[0].amount_cents >= pieces[0].tax_cents);
      sum.quantity += pieces[0].quantity;
      sum.amount_cents += pieces[0].amount_cents;
      sum.tax_cents += pieces[0].tax_cents;
      entries.push_back({.kind = PaymentEntryKind::refund,
                         .state = RefundState::succeeded,
                         .tax_cents = pieces[0].tax_cents,
                         .pieces = app::texts_of(pieces)});
    }
    REQUIRE(sum.amount_cents == paid);
    REQUIRE(sum.tax_cents == line.tax_cents);
    check_refused(app::pieces_to_refund({.lines = {{line.id, 1}}}, {}, {line}, entries),
                  Errc::invalid_request, "lines[0].quantity");
  }
}

TEST_CASE("all pieces and shipping are the whole order") {
  const bool included = GENERATE(true, false);
  RefundShop test(included);
  const Order before = test.bought;
  CHECK(before.state == OrderState::complete);
  CHECK(tax_of(before) > 0);
  // The second line is TEA: 23.70 less 2.37, and where it is not included 4.05 of tax.
  const std::int64_t paid = included ? 2'133 : 2'538;
  for (int piece = 0; piece < 3; ++piece) test.refund_line(1).value();
  Order order = test.order(before.number);
  CHECK(amounts_of(order) ==
        std::vector<std::int64_t>{paid / 3, paid * 2 / 3 - paid / 3, paid - paid * 2 / 3});
  CHECK(refunded_tax(order) == before.line_items.at(1).tax_cents);
  CHECK(order.line_items.at(1).refunded_quantity == 3);
  CHECK(order.refunds.at(0).lines.at(0).line_item_id == before.line_items.at(1).id);

  order = test.refund({.lines = {{before.line_items.at(0).id, 1}}, .shipping = true}).value();
  CHECK(order.paid_cents == 0);
  CHECK(order.payment_status == PaymentStatus::refunded);
  CHECK(refunded_tax(order) == tax_of(before));
  CHECK(order.refunds.back().shipping_cents == (included ? 490 : 583));
}

TEST_CASE("a refund says how much of its tax is by which rate") {
  RefundShop test(true);
  // MUG has 7 %, TEA and shipping have 19 %.
  Order order =
      test.refund({.lines = {{test.bought.line_items.at(0).id, 1}}, .shipping = true}).value();
  const auto texts = [](const OrderRefund& refund) {
    std::vector<std::string> all;
    for (const TaxLine& tax : refund.tax_lines) {
      all.push_back(tax.rate + "% of " + std::to_string(tax.taxable_cents) + ": " +
                    std::to_string(tax.tax_cents));
    }
    return all;
  };
  CHECK(texts(order.refunds.at(0)) == std::vector<std::string>{"7% of 1009: 71", "19% of 412: 78"});
  CHECK(order.refunds.at(0).tax_cents == 149);
  order = test.refund({.amount_cents = 1'000}).value();
  std::int64_t sum = 0;
  for (const TaxLine& tax : order.refunds.at(1).tax_lines) sum += tax.tax_cents;
  CHECK(order.refunds.at(1).tax_lines.size() == 2);
  CHECK(sum == order.refunds.at(1).tax_cents);
}

TEST_CASE("pieces that two payments give back are divided, with their tax") {
  BuyingShop test;
  Admin admin = test.shop->admin();
  admin.settings().update_taxes(staff(), {.prices_include_tax = true}).value();
  admin.tax_rates().create(staff(), {.name = "VAT", .rate = "19", .country = "GB"}).value();
  const Placement placed = test.place(shopper(), test.transfer);
  const std::string& number = placed.order.number;
  admin.orders().mark_paid(staff(), {number, 500}).value();
  admin.orders().request_payment(staff(), {number}).value();
  const Order paid = admin.orders().mark_paid(staff(), {number}).value();
  const LineItem& tea = paid.line_items.at(0);
  RefundOrder one{.number = number, .lines = {{tea.id, 1}}};
  Order order = admin.orders().refund(staff(), one).value();
  REQUIRE(order.refunds.size() == 2);
  CHECK(order.refunds[0].amount_cents + order.refunds[1].amount_cents == 790);
  CHECK(refunded_tax(order) == 126);
  for (const OrderRefund& refund : order.refunds) {
    REQUIRE(refund.lines.size() == 1);
    CHECK(refund.lines[0].amount_cents == refund.amount_cents);
    CHECK(refund.lines[0].tax_cents == refund.tax_cents);
  }
  CHECK(order.line_items[0].refunded_quantity == 1);
  one.shipping = true;
  order = admin.orders().refund(staff(), one).value();
  CHECK(order.paid_cents == 0);
  CHECK(refunded_tax(order) == tax_of(order));
}

TEST_CASE("pieces after an amount say themselves how much of the tax is left to them") {
  RefundShop test(true);
  test.refund({.amount_cents = 1'000}).value();
  const Order order = test.refund({.lines = {{test.bought.line_items.at(0).id, 1},
                                             {test.bought.line_items.at(1).id, 1}}})
                          .value();
  const OrderRefund& pieces = order.refunds.at(1);
  CHECK(pieces.tax_cents == pieces.lines.at(0).tax_cents + pieces.lines.at(1).tax_cents);
}

// A shop with random settings in which somebody has bought a random cart.
class RandomOrder : public BuyingShop {
 public:
  explicit RandomOrder(Amounts& amounts) {
    const char* const code = std::array{"EUR", "JPY", "KWD"}.at(amounts.count(2));
    const Currency currency = Currency::parse(code).value();
    Admin admin = shop->admin();
    admin.settings()
        .update_taxes(staff(), {.prices_include_tax = amounts.count(1) == 0,
                                .rounding = static_cast<TaxRounding>(amounts.count(2)),
                                .rounding_level = static_cast<TaxRoundingLevel>(amounts.count(2)),
                                .shipping_tax = static_cast<ShippingTax>(amounts.count(2))})
        .value();
    for (const auto& [rate, category] :
         {std::pair("19", "standard"), {"7.125", "reduced"}, {"0", "zero"}}) {
      admin.tax_rates()
          .create(staff(), {.name = "VAT", .rate = rate, .country = "GB", .category = category})
          .value();
    }
    admin.tax_rates()
        .create(staff(), {.name = "Local", .rate = "2.5", .country = "GB", .priority = 2})
        .value();
    admin.promotions()
        .create(staff(), {.name = "Off",
                          .actions = {{.kind = PromotionActionKind::percent_off_order,
                                       .basis_points = 1 + amounts.positive(9'998)}}})
        .value();
    for (const char* sku : {"A", "B", "C"}) {
      sell(sku, amounts.positive(2'000), code);
      const char* const category = std::array{"standard", "reduced", "zero"}.at(amounts.count(2));
      admin.variants().update(staff(), {.sku = sku, .tax_category = category}).value();
      shop->cart().add_item(shopper(), {.sku = sku, .quantity = 1 + amounts.positive(4)}).value();
    }
    const ShippingMethodId parcel =
        admin.shipping_methods()
            .create(staff(),
                    {.name = "Parcel", .price_cents = amounts.positive(500), .currency = currency})
            .value()
            .id;
    shop->checkout()
        .set_addresses(shopper(), {.shipping_address = address(), .email = "ada@example.com"})
        .value();
    shop->checkout().select_shipping_method(shopper(), {parcel}).value();
    const Placement placed = shop->checkout().place_order(shopper(), {transfer}).value();
    if (placed.order.total_cents > 0) {
      admin.orders().mark_paid(staff(), {placed.order.number}).value();
    }
    bought = order(placed.order.number);
  }

  // Pieces of which nothing is left to refund are refused, and cost nothing.
  void refund(RefundOrder request) {
    request.number = bought.number;
    const auto refunded = shop->admin().orders().refund(staff(), request);
    if (refunded.has_value()) return;
    const std::string field = refunded.error().field();
    CHECK((field == "lines" || field == "shipping" || field.empty()));
  }

  Order bought;
};

TEST_CASE("whatever is bought, refunds of all its pieces give back what was paid, and its tax") {
  Amounts amounts(3);
  for (std::int64_t i = by_tier(15, 100, 1'000); i > 0; --i) {
    RandomOrder test(amounts);
    std::vector<LineItemId> pieces;
    for (const LineItem& line : test.bought.line_items) {
      pieces.insert(pieces.end(), static_cast<std::size_t>(line.quantity), line.id);
    }
    while (!pieces.empty()) {
      const std::size_t next = amounts.count(pieces.size() - 1);
      test.refund({.lines = {{pieces[next], 1}}});
      pieces.erase(pieces.begin() + static_cast<std::ptrdiff_t>(next));
    }
    test.refund({.shipping = true});
    const Order order = test.order(test.bought.number);
    REQUIRE(order.paid_cents == 0);
    REQUIRE(refunded_tax(order) == tax_of(order));
    REQUIRE(test.shop->admin().orders().explain(staff(), {order.number}).value().paid_cents == 0);
  }
}

TEST_CASE("an amount gives back its share of the tax, and the last one the rest") {
  RefundShop test(true);
  const std::int64_t tax = tax_of(test.bought);
  const std::int64_t total = test.bought.total_cents;
  Order order = test.refund({.amount_cents = 1'000}).value();
  const std::int64_t first = order.refunds.at(0).tax_cents;
  CHECK(std::abs(first * total - tax * 1'000) <= total / 2);  // to the nearest cent
  order = test.refund({}).value();
  CHECK(order.refunds.at(1).amount_cents == total - 1'000);
  CHECK(refunded_tax(order) == tax);
  CHECK(test.mailer->sent().empty());
  test.work();
  CHECK(test.mailer->sent().back().text.find(" of it is tax.") != std::string::npos);
}

TEST_CASE("pieces after an amount take no more tax than is left") {
  RefundShop test(true);
  const std::int64_t total = test.bought.total_cents;
  test.refund({.amount_cents = total - 100}).value();
  check_refused(test.refund_line(0), Errc::invalid_request, "lines");
  const Order order = test.refund({.amount_cents = 100}).value();
  CHECK(refunded_tax(order) == tax_of(test.bought));
}

TEST_CASE("a refund of pieces that cannot be is refused, and nothing is refunded") {
  RefundShop test(true);
  const auto refused = [&](const char* field, Errc code, const RefundOrder& request) {
    CAPTURE(field);
    check_refused(test.refund(request), code, field);
    CHECK(test.order(test.bought.number).refunds.empty());
  };
  const LineItemId mug = test.bought.line_items.at(0).id;
  const LineItemId tea = test.bought.line_items.at(1).id;
  refused("lines[0].quantity", Errc::invalid_request, {.lines = {{tea, 4}}});
  CHECK(test.refund_line(1, 4).error().fact("refundableQuantity", 0) == 3);
  refused("lines[1].lineItemId", Errc::invalid_request, {.lines = {{mug, 1}, {mug, 1}}});
  const LineItemId nobodys(detail::Uuid{1, 1});
  refused("lines[0].lineItemId", Errc::not_found, {.lines = {{nobodys, 1}}});
  refused("amountCents", Errc::invalid_request, {.amount_cents = 1, .lines = {{mug, 1}}});
  refused("amountCents", Errc::invalid_request, {.amount_cents = 1, .shipping = true});
  refused("lines", Errc::invalid_request, {.cancel = true, .lines = {{mug, 1}}});
  test.refund({.shipping = true}).value();
  check_refused(test.refund({.shipping = true}), Errc::invalid_request, "shipping");
}

TEST_CASE("a refund that fails has given nothing back") {
  RefundShop test(true);
  test.model->fail(ModelProcessor::Call::refund, Fault::refused);
  CHECK(test.refund_line(1, 3).has_error());
  Order order = test.order(test.bought.number);
  CHECK(order.refunds.at(0).state == RefundState::failed);
  CHECK(order.line_items.at(1).refunded_quantity == 0);
  order = test.refund_line(1, 3).value();
  CHECK(order.refunds.at(1).amount_cents == 2'133);
  CHECK(order.refunds.at(1).tax_cents == test.bought.line_items.at(1).tax_cents);
}
