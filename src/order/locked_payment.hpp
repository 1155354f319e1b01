// A payment and its order in a transaction: the rows that an update is made of are locked, and what
// follows from the update is written.
#pragma once

#include "order/payment_update.hpp"
#include "order/rows.hpp"
#include "payment/rows.hpp"

namespace resys::app {

// Locks the payment's order. not_found if there is no such payment.
Result<PaymentUpdate> lock_payment(const Scope& scope, const PaymentId& payment);

// The same, and records what the processor reports about the payment. A late payment that completes
// its order has taken the stock and the uses of promotions again.
Result<PaymentUpdate> lock_and_apply_snapshot(const Scope& scope, const PaymentId& payment,
                                              const PaymentSnapshot& snapshot,
                                              const std::string& sealed_secret);

// Writes the rows that have changed and carries out the effects. The update is used up.
void save(const Scope& scope, PaymentUpdate& update);

}  // namespace resys::app
