// Amounts as Stripe takes them (docs.stripe.com/currencies): which currencies, in which unit, how
// much at least and at most.
#pragma once

#include <cstdint>

#include "resys/money.hpp"

namespace resys::payments {

// The number that Stripe uses for this amount. unsupported_currency with the facts if there is
// none.
Result<std::int64_t> to_stripe(Money amount);
// The minor units of ISO 4217 for a number that Stripe has returned. unsupported_currency if they
// are not whole or too many.
Result<std::int64_t> from_stripe(std::int64_t number, Currency currency);
// Stripe only takes multiples of so many minor units.
std::int64_t stripe_step(Currency currency);
// unsupported_currency with the facts if a payment of this amount cannot be made.
Result<void> stripe_accepts(Money amount);

}  // namespace resys::payments
