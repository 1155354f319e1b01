// The rules of orders that need nothing but their arguments: transitions, derived statuses.
#include "order/rules.hpp"

#include <algorithm>

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

PaymentStatus payment_status(const std::vector<OrderPayment>& payments, std::int64_t total_cents,
                             std::int64_t missing_cents) {
  const auto any = [&](auto holds) { return std::any_of(payments.begin(), payments.end(), holds); };
  std::int64_t captured = 0;
  std::int64_t refunded = 0;
  for (const OrderPayment& each : payments) {
    captured += each.captured_cents;
    refunded += each.refunded_cents;
  }
  if (captured > refunded) {
    if (missing_cents > 0) return PaymentStatus::partially_paid;
    // What was paid too much may go back.
    const bool partly = refunded > 0 && captured - refunded < total_cents;
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

FulfillmentStatus fulfillment_status(const std::vector<InventoryUnit>& units, bool was_shipped) {
  const auto any = [&](UnitState state) {
    return std::any_of(units.begin(), units.end(),
                       [&](const InventoryUnit& unit) { return unit.state == state; });
  };
  if (any(UnitState::shipped)) return FulfillmentStatus::shipped;
  if (any(UnitState::reserved) || any(UnitState::sold) || any(UnitState::backordered)) {
    return FulfillmentStatus::unfulfilled;
  }
  // Units that never left are only put back on the shelf. Nobody has sent them back.
  const bool came_back = was_shipped && any(UnitState::returned);
  return came_back ? FulfillmentStatus::returned : FulfillmentStatus::none;
}

}  // namespace resys::domain
