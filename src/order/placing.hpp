// What placing an order and paying a placed order share.
#pragma once

#include <string>

#include "order/processor_calls.hpp"
#include "resys/checkout.hpp"

namespace resys::app {

// An offered payment method; not_found.
Result<rows::PaymentMethodRow> require_method(const Scope& scope, const PaymentMethodId& id);
// Checks that the method accepts this amount and can be called. Otherwise unsupported_currency with
// the facts.
Result<void> require_accepted(const Scope& scope, const rows::PaymentMethodRow& method,
                              Money amount);

// Writes the payment as the current one of its order, whose row the caller saves. Returns the call
// that creates it, which is already counted.
ProcessorCall begin_payment(const Scope& scope, rows::PaymentRow payment,
                            rows::PaymentMethodRow method, rows::OrderRow& order);

// The same for an order in Confirm whose payment `last` has ended. The new payment takes over its
// deadline, unless it has its own. Saves everything.
ProcessorCall begin_next_payment(const Scope& scope, PaymentUpdate& last, rows::PaymentRow payment,
                                 rows::PaymentMethodRow method);

// A placing that was written. It is kept as "<order>" or "<order> <payment>".
struct Placing {
  OrderId order;
  PaymentId payment;   // empty if the order is free
  ProcessorCall call;  // the create, if this transaction has begun the payment

  std::string text() const;
  static Result<Placing> parse(std::string_view text);
};

// Carries out a placing that was written, or resumes one. No transaction may be open.
Result<Placement> finish_placing(Context& context, const Caller& caller, const Placing& placing);

}  // namespace resys::app
