// The rules of orders that need nothing but their arguments: transitions, totals, derived statuses.
#include "domain/order.hpp"

#include <algorithm>

#include "domain/promotion.hpp"
#include "domain/shipping.hpp"

namespace resys::domain {

Result<OrderState> transition(OrderState from, OrderEvent event) {
  if (const auto to = next_state(kOrderTransitions, from, event)) return *to;
  Error refused = Error(Errc::invalid_state, "the order is in state " + std::string(name_of(from)))
                      .with("state", std::string(name_of(from)))
                      .with("event", std::string(name_of(event)));
  const bool reopening_helps = next_state(kOrderTransitions, from, OrderEvent::reopen) &&
                               next_state(kOrderTransitions, OrderState::delivery, event);
  if (reopening_helps) return std::move(refused).with("allowedAfter", "reopen");
  return refused;
}

Result<Items> sum_lines(Currency currency, const std::vector<PricedLine>& lines) {
  std::int64_t count = 0;
  Money total(0, currency);
  for (const PricedLine& line : lines) {
    RESYS_TRY(line_total, Money(line.unit_price_cents, currency).times(line.quantity));
    RESYS_TRY(sum, total.plus(line_total));
    total = sum;
    count += line.quantity;
  }
  return Items{count, total.minor()};
}

Result<Totals> totals_of(Currency currency, const Items& items, const std::vector<Coupon>& coupons,
                         const ShippingMethod* shipping, Timestamp now) {
  Totals totals{.items = items};
  for (const Coupon& coupon : coupons) {
    const bool applies = coupon_applies(coupon, items.total_cents, currency, now).has_value();
    const std::int64_t left = items.total_cents - totals.discount_total_cents;
    totals.discounts.push_back(applies ? discount_of(coupon, items.total_cents, left) : 0);
    totals.discount_total_cents += totals.discounts.back();
  }
  const Money goods(items.total_cents - totals.discount_total_cents, currency);
  if (shipping != nullptr && items.count > 0) {
    RESYS_TRY(price, shipping_price(*shipping, items.count, goods.minor()));
    totals.shipment_total_cents = price;
  }
  RESYS_TRY(total, goods.plus(Money(totals.shipment_total_cents, currency)));
  totals.total_cents = total.minor();
  return totals;
}

PaymentStatus payment_status(const std::vector<OrderPayment>& payments) {
  const auto any = [&](auto holds) { return std::any_of(payments.begin(), payments.end(), holds); };
  const auto is_kept = [](const OrderPayment& each) {
    return each.captured_cents > each.refunded_cents;
  };
  if (any(is_kept)) {
    const bool partly =
        any([&](const OrderPayment& each) { return is_kept(each) && each.refunded_cents > 0; });
    return partly ? PaymentStatus::partially_refunded : PaymentStatus::paid;
  }
  const auto is_in = [](PaymentState state) {
    return [state](const OrderPayment& each) { return each.state == state; };
  };
  if (any(is_in(PaymentState::authorized))) return PaymentStatus::authorized;
  if (any(is_in(PaymentState::created)) || any(is_in(PaymentState::processing)) ||
      any(is_in(PaymentState::requires_action))) {
    return PaymentStatus::pending;
  }
  const bool was_paid = any([](const OrderPayment& each) { return each.captured_cents > 0; });
  return was_paid ? PaymentStatus::refunded : PaymentStatus::none;
}

FulfillmentStatus fulfillment_status(const std::vector<InventoryUnit>& units) {
  const auto any = [&](UnitState state) {
    return std::any_of(units.begin(), units.end(),
                       [&](const InventoryUnit& unit) { return unit.state == state; });
  };
  if (any(UnitState::shipped)) return FulfillmentStatus::shipped;
  if (any(UnitState::reserved) || any(UnitState::sold) || any(UnitState::backordered)) {
    return FulfillmentStatus::unfulfilled;
  }
  return any(UnitState::returned) ? FulfillmentStatus::returned : FulfillmentStatus::none;
}

}  // namespace resys::domain
