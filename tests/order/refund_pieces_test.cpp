// Refunds of single pieces, and the tax that goes back with a refund.
#include "order/refund_pieces.hpp"

#include <algorithm>
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
    std::vector<rows::EntryRow> entries;
    RefundedLine sum;
    while (sum.quantity < line.quantity) {
      const std::int64_t most = line.quantity - sum.quantity;
      const RefundOrder request{.lines = {{line.id, 1 + amounts.positive(most - 1)}}};
      const auto pieces = app::pieces_to_refund(request, {}, {line}, entries).value();
      REQUIRE(pieces.size() == 1);
      REQUIRE(pieces[0].amount_cents >= pieces[0].tax_cents);
      sum.quantity += pieces[0].quantity;
      sum.amount_cents += pieces[0].amount_cents;
      sum.tax_cents += pieces[0].tax_cents;
      entries.push_back({.kind = PaymentEntryKind::refund,
                         .state = RefundState::succeeded,
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
