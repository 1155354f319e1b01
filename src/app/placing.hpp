// What placing an order and paying a placed order share.
#pragma once

#include <string>

#include "app/advance.hpp"
#include "resys/checkout.hpp"

namespace resys::app {

class Settlement;

// An offered payment method; not_found.
Result<store::PaymentMethodRow> require_method(db::Transaction& tx, const Context& context,
                                               std::string_view store, const PaymentMethodId& id);
// Checks that the method takes this amount and can be called. Otherwise unsupported_currency with
// the facts.
Result<void> require_taken(const Context& context, std::string_view store,
                           const store::PaymentMethodRow& method, Money amount);

// Writes the payment as the current one of its order, whose row the caller saves. Returns the call
// that creates it, which is already counted.
Step begin_payment(db::Transaction& tx, std::string_view store, store::PaymentRow payment,
                   store::PaymentMethodRow method, store::OrderRow& order, Timestamp now);

// The same for an order in Confirm whose payment `last` has ended. The new payment takes over its
// deadline, unless it has its own. Saves everything.
Step begin_next_payment(db::Transaction& tx, std::string_view store, Settlement& last,
                        store::PaymentRow payment, store::PaymentMethodRow method, Timestamp now);

// Carries out a placing that was begun, or resumes one. `ids` are "<order>" or "<order> <payment>".
// If the payment is `begun`, `call` is its create. No transaction may be open.
Result<Placement> finish_placing(Context& context, const Caller& caller, std::string_view ids,
                                 const PaymentId& begun, Step call, Timestamp now);

}  // namespace resys::app
