// Totals of orders as properties over currencies with 0, 2 and 3 decimals, held against 128-bit
// arithmetic; transitions and derived statuses.
#include "domain/order.hpp"

#include <algorithm>
#include <numeric>

#include "support/amounts.hpp"
#include "support/refusal.hpp"
#include "support/tier.hpp"

using namespace resys;
using namespace resys::test;
using domain::PricedLine;
using domain::sum_lines;
using domain::Totals;
using domain::totals_of;

namespace {

__extension__ using Wide = __int128;

const std::string_view kCodes[] = {"JPY", "EUR", "KWD"};
constexpr Timestamp kNow = Timestamp::from_seconds(1'800'000'000);

Currency currency(std::string_view code) { return Currency::parse(code).value(); }

struct Basket {
  std::vector<PricedLine> lines;
  std::vector<Coupon> coupons;
  std::optional<ShippingMethod> shipping;

  Result<Totals> totals(Currency in) const {
    RESYS_TRY(items, sum_lines(in, lines));
    return totals_of(in, items, coupons, shipping ? &*shipping : nullptr, kNow);
  }
};

// Every magnitude, so that about half of them are too large.
Basket random_basket(Amounts& amounts, Currency in) {
  Basket basket;
  for (std::size_t i = amounts.count(6); i > 0; --i) {
    basket.lines.push_back({1 + amounts.positive(kMaxUnitsPerLine - 1), amounts.positive()});
  }
  for (std::size_t i = amounts.count(4); i > 0; --i) {
    Coupon coupon{.code = "C"};
    if (amounts.count(1) == 0) {
      coupon.basis_points = 1 + amounts.positive(9'999);
    } else {
      coupon.kind = CouponKind::fixed;
      coupon.amount_cents = amounts.positive();
      coupon.currency = in;
    }
    coupon.active = amounts.count(4) > 0;
    basket.coupons.push_back(coupon);
  }
  if (amounts.count(3) > 0) {
    ShippingMethod method{.price_cents = amounts.positive(), .currency = in};
    method.kind = static_cast<ShippingKind>(amounts.count(2));
    method.free_over_cents = amounts.positive();
    basket.shipping = method;
  }
  return basket;
}

// What the totals are, without any limit on amounts.
struct Expected {
  Wide count = 0;
  Wide items = 0;
  Wide discount = 0;
  std::vector<Wide> discounts;
  Wide shipment = 0;
  Wide largest = 0;  // of all amounts on the way to the total

  Wide total() const { return items - discount + shipment; }
};

Expected expected(const Basket& basket) {
  Expected all;
  for (const PricedLine& line : basket.lines) {
    all.count += line.quantity;
    all.items += static_cast<Wide>(line.quantity) * line.unit_price_cents;
  }
  for (const Coupon& coupon : basket.coupons) {
    Wide discount = coupon.kind == CouponKind::fixed ? coupon.amount_cents
                                                     : all.items * coupon.basis_points / 10'000;
    discount = coupon.active ? std::min(discount, all.items - all.discount) : 0;
    all.discounts.push_back(discount);
    all.discount += discount;
  }
  if (basket.shipping && all.count > 0) {
    const ShippingMethod& method = *basket.shipping;
    const bool is_free = method.kind == ShippingKind::free_over &&
                         all.items - all.discount >= method.free_over_cents;
    all.shipment = is_free ? 0 : method.price_cents;
    if (method.kind == ShippingKind::per_item) all.shipment *= all.count;
  }
  all.largest = std::max({all.items, all.shipment, all.total()});
  return all;
}

}  // namespace

// ---- totals

TEST_CASE("totals are exact, or refused as too large") {
  std::int64_t exact = 0;
  std::int64_t refused = 0;
  for (const std::string_view code : kCodes) {
    CAPTURE(code);
    Amounts amounts(7);
    for (std::int64_t i = by_tier(2'000, 20'000, 1'000'000); i > 0; --i) {
      const Basket basket = random_basket(amounts, currency(code));
      const Expected wanted = expected(basket);
      const auto totals = basket.totals(currency(code));
      if (wanted.largest > kMaxMinor) {
        check_refused(totals, Errc::too_large);
        ++refused;
        continue;
      }
      REQUIRE(totals.has_value());
      const Totals& got = totals.value();
      const bool is_right =
          got.items.count == wanted.count && got.items.total_cents == wanted.items &&
          got.discount_total_cents == wanted.discount &&
          got.shipment_total_cents == wanted.shipment && got.total_cents == wanted.total() &&
          std::equal(got.discounts.begin(), got.discounts.end(), wanted.discounts.begin(),
                     wanted.discounts.end());
      REQUIRE(is_right);
      ++exact;
    }
  }
  CHECK(exact > 1'000);
  CHECK(refused > 1'000);
}

TEST_CASE("whatever the discounts, the columns add up and nothing is negative") {
  for (const std::string_view code : kCodes) {
    CAPTURE(code);
    Amounts amounts(11);
    for (std::int64_t i = by_tier(2'000, 20'000, 1'000'000); i > 0; --i) {
      const auto totals = random_basket(amounts, currency(code)).totals(currency(code));
      if (totals.has_error()) continue;
      const Totals& got = totals.value();
      REQUIRE(got.total_cents ==
              got.items.total_cents - got.discount_total_cents + got.shipment_total_cents);
      REQUIRE(got.discount_total_cents <= got.items.total_cents);
      REQUIRE(got.total_cents >= 0);
      REQUIRE(std::all_of(got.discounts.begin(), got.discounts.end(),
                          [](std::int64_t each) { return each >= 0; }));
      REQUIRE(std::accumulate(got.discounts.begin(), got.discounts.end(), std::int64_t{0}) ==
              got.discount_total_cents);
    }
  }
}

TEST_CASE("the order of the lines does not matter") {
  Amounts amounts(13);
  for (std::int64_t i = by_tier(500, 5'000, 100'000); i > 0; --i) {
    Basket basket = random_basket(amounts, currency("EUR"));
    const auto before = basket.totals(currency("EUR"));
    std::reverse(basket.lines.begin(), basket.lines.end());
    const auto after = basket.totals(currency("EUR"));
    REQUIRE(before.has_value() == after.has_value());
    if (before.has_value()) REQUIRE(before.value().total_cents == after.value().total_cents);
  }
}

TEST_CASE("nothing costs nothing, wherever it is sent") {
  const Basket basket{{}, {}, ShippingMethod{.price_cents = 490, .currency = currency("EUR")}};
  const Totals totals = basket.totals(currency("EUR")).value();
  CHECK(totals.items.count == 0);
  CHECK(totals.shipment_total_cents == 0);
  CHECK(totals.total_cents == 0);
}

TEST_CASE("amounts up to the largest are taken, and one more is not") {
  const Currency eur = currency("EUR");
  const auto total = [&](std::vector<PricedLine> lines, std::int64_t shipping) {
    return Basket{std::move(lines), {}, ShippingMethod{.price_cents = shipping, .currency = eur}}
        .totals(eur);
  };
  CHECK(total({{1, kMaxMinor}}, 0).value().total_cents == kMaxMinor);
  CHECK(total({{1, kMaxMinor - 490}}, 490).value().total_cents == kMaxMinor);
  check_refused(total({{1, kMaxMinor}}, 1), Errc::too_large);
  check_refused(total({{1, kMaxMinor}, {1, 1}}, 0), Errc::too_large);
  check_refused(total({{2, kMaxMinor / 2 + 1}}, 0), Errc::too_large);
  check_refused(total({{kMaxUnitsPerLine, kMaxMinor}}, 0), Errc::too_large);
}

// ---- transitions

TEST_CASE("a refused transition names state and event, and whether reopening would help") {
  for (std::size_t from = 0; from < EnumNames<OrderState>::names.size(); ++from) {
    for (std::size_t event = 0; event < EnumNames<OrderEvent>::names.size(); ++event) {
      const auto state = static_cast<OrderState>(from);
      const auto what = static_cast<OrderEvent>(event);
      CAPTURE(name_of(state), name_of(what));
      const auto result = domain::transition(state, what);
      if (const auto to = next_state(kOrderTransitions, state, what)) {
        CHECK(result.value() == *to);
        continue;
      }
      const Error error = refusal(result, Errc::invalid_state);
      CHECK(error.fact("state") == name_of(state));
      CHECK(error.fact("event") == name_of(what));
      const bool helps = state == OrderState::payment &&
                         next_state(kOrderTransitions, OrderState::delivery, what).has_value();
      CHECK(error.fact("allowedAfter") == (helps ? "reopen" : ""));
    }
  }
}

// ---- derived statuses

TEST_CASE("the payment status is that of the money") {
  const auto payment = [](PaymentState state, std::int64_t captured = 0,
                          std::int64_t refunded = 0) {
    return OrderPayment{.state = state,
                        .amount_cents = 100,
                        .captured_cents = captured,
                        .refunded_cents = refunded};
  };
  const OrderPayment failed = payment(PaymentState::failed);
  const OrderPayment paid = payment(PaymentState::captured, 100);
  CHECK(domain::payment_status({}) == PaymentStatus::none);
  CHECK(domain::payment_status({failed}) == PaymentStatus::none);
  CHECK(domain::payment_status({payment(PaymentState::voided)}) == PaymentStatus::none);
  for (const PaymentState open :
       {PaymentState::created, PaymentState::processing, PaymentState::requires_action}) {
    CHECK(domain::payment_status({failed, payment(open)}) == PaymentStatus::pending);
  }
  CHECK(domain::payment_status({payment(PaymentState::authorized)}) == PaymentStatus::authorized);
  CHECK(domain::payment_status({failed, paid}) == PaymentStatus::paid);
  const OrderPayment part = payment(PaymentState::captured, 100, 1);
  CHECK(domain::payment_status({part}) == PaymentStatus::partially_refunded);
  const OrderPayment back = payment(PaymentState::captured, 100, 100);
  CHECK(domain::payment_status({back}) == PaymentStatus::refunded);
  // Late money that went back does not change what the order's own payment is.
  CHECK(domain::payment_status({back, paid}) == PaymentStatus::paid);
  CHECK(domain::payment_status({back, payment(PaymentState::created)}) == PaymentStatus::pending);
}

TEST_CASE("the fulfillment status is that of the units") {
  const auto status = [](std::vector<UnitState> states) {
    std::vector<InventoryUnit> units;
    for (const UnitState state : states) units.push_back({.quantity = 1, .state = state});
    return domain::fulfillment_status(units);
  };
  CHECK(status({}) == FulfillmentStatus::none);
  CHECK(status({UnitState::released}) == FulfillmentStatus::none);
  for (const UnitState waiting : {UnitState::reserved, UnitState::sold, UnitState::backordered}) {
    CHECK(status({UnitState::released, waiting}) == FulfillmentStatus::unfulfilled);
  }
  CHECK(status({UnitState::released, UnitState::shipped}) == FulfillmentStatus::shipped);
  CHECK(status({UnitState::returned, UnitState::released}) == FulfillmentStatus::returned);
}
