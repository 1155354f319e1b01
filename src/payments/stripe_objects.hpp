// Stripe's objects in the words of the port.
#pragma once

#include "payments/stripe_client.hpp"

namespace resys::payments {

// A PaymentIntent. outcome_unknown if it cannot be read. Refunds are known if there can be none.
Result<PaymentSnapshot> to_snapshot(const Json& intent);

// A Refund of a payment in that currency.
Result<RefundSnapshot> to_refund(const Json& refund, Currency currency);

// Stripe lists what capturing in part gives up as a refund, too, but no money goes back by it.
bool is_released_remainder(const Json& refund, const PaymentSnapshot& payment);

}  // namespace resys::payments
