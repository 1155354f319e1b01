// What the ways to begin a payment share: placing an order, and paying one that is placed.
#pragma once

#include <string>

#include "app/advance.hpp"
#include "resys/checkout.hpp"

namespace resys::app {

class Settlement;

// An offered payment method; not_found.
Result<store::PaymentMethodRow> require_method(db::Transaction& tx, const Context& context,
                                               std::string_view store, const PaymentMethodId& id);
// It takes this amount, and can be called; else unsupported_currency with the facts.
Result<void> require_taken(const Context& context, std::string_view store,
                           const store::PaymentMethodRow& method, Money amount);

// Writes the payment as the current one of its order, whose row the caller saves. Returns the call
// that makes it; the call is counted already.
Step begin_payment(db::Transaction& tx, std::string_view store, store::PaymentRow payment,
                   store::PaymentMethodRow method, store::OrderRow& order, Timestamp now);

// The same for an order in Confirm whose payment `last` has ended: the next one takes its deadline
// over, unless it brings its own. Everything is saved.
Step begin_next_payment(db::Transaction& tx, std::string_view store, Settlement& last,
                        store::PaymentRow payment, store::PaymentMethodRow method, Timestamp now);

// Carries out what was begun, or is to be resumed: `ids` are "<order>" or "<order> <payment>", and
// `call` is of the payment `begun`, if it is that one. No transaction may be open.
Result<Placement> finish_placing(Context& context, const Caller& caller, std::string_view ids,
                                 const PaymentId& begun, Step call, Timestamp now);

}  // namespace resys::app
