// Transitions of orders, and their derived statuses.
#include "order/rules.hpp"

#include "support/refusal.hpp"

using namespace resys;
using namespace resys::test;

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
  CHECK(domain::payment_status({}, 100, 0) == PaymentStatus::none);
  CHECK(domain::payment_status({failed}, 100, 0) == PaymentStatus::none);
  CHECK(domain::payment_status({payment(PaymentState::voided)}, 100, 0) == PaymentStatus::none);
  for (const PaymentState open :
       {PaymentState::created, PaymentState::processing, PaymentState::requires_action}) {
    CHECK(domain::payment_status({failed, payment(open)}, 100, 0) == PaymentStatus::pending);
  }
  CHECK(domain::payment_status({payment(PaymentState::authorized)}, 100, 0) ==
        PaymentStatus::authorized);
  CHECK(domain::payment_status({failed, paid}, 100, 0) == PaymentStatus::paid);
  // As long as something is missing it is no more than a part.
  CHECK(domain::payment_status({failed, paid}, 100, 1) == PaymentStatus::partially_paid);
  CHECK(domain::payment_status({payment(PaymentState::created)}, 100, 100) ==
        PaymentStatus::pending);
  const OrderPayment part = payment(PaymentState::captured, 100, 1);
  CHECK(domain::payment_status({part}, 100, 0) == PaymentStatus::partially_refunded);
  const OrderPayment back = payment(PaymentState::captured, 100, 100);
  CHECK(domain::payment_status({back}, 100, 0) == PaymentStatus::refunded);
  // What came in two payments, and one of them went back.
  CHECK(domain::payment_status({back, payment(PaymentState::captured, 70)}, 100, 0) ==
        PaymentStatus::partially_refunded);
  // What was paid too much went back.
  CHECK(domain::payment_status({payment(PaymentState::captured, 150, 50)}, 100, 0) ==
        PaymentStatus::paid);
  // A late payment that was refunded does not change what the order's own payment is.
  CHECK(domain::payment_status({back, paid}, 100, 0) == PaymentStatus::paid);
  CHECK(domain::payment_status({back, payment(PaymentState::created)}, 100, 0) ==
        PaymentStatus::pending);
}

TEST_CASE("the fulfillment status is that of the units") {
  const auto status = [](std::vector<UnitState> states, bool was_shipped = false) {
    std::vector<InventoryUnit> units;
    for (const UnitState state : states) units.push_back({.quantity = 1, .state = state});
    return domain::fulfillment_status(units, was_shipped);
  };
  CHECK(status({}) == FulfillmentStatus::none);
  CHECK(status({UnitState::released}) == FulfillmentStatus::none);
  for (const UnitState waiting : {UnitState::reserved, UnitState::sold, UnitState::backordered}) {
    CHECK(status({UnitState::released, waiting}) == FulfillmentStatus::unfulfilled);
  }
  CHECK(status({UnitState::released, UnitState::shipped}) == FulfillmentStatus::shipped);
  CHECK(status({UnitState::returned, UnitState::released}) == FulfillmentStatus::none);
  CHECK(status({UnitState::returned, UnitState::released}, true) == FulfillmentStatus::returned);
}
