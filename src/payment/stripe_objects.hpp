// Stripe's objects in the words of the port.
#pragma once

#include "payment/stripe_client.hpp"

namespace resys::payments {

// A PaymentIntent. outcome_unknown if it cannot be read. Refunds are known if there can be none.
Result<PaymentSnapshot> to_snapshot(const Json& intent);

// A Refund of a payment in that currency.
Result<RefundSnapshot> to_refund(const Json& refund, Currency currency);

// Whether the charge is disputed. The intent must contain the charge as an object.
bool is_disputed(const Json& intent);

// Versions before 2025-03-31.basil, which an account's dashboard may use, report a refund for the
// part of an authorization that a partial capture releases. No money is refunded by it.
bool is_released_remainder(const Json& refund, const PaymentSnapshot& payment);

}  // namespace resys::payments
