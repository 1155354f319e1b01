// Whether a coupon applies, and what it takes off.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "resys/promotion.hpp"

namespace resys::domain {

// A code as it is stored and compared: in upper case.
std::string stored_code(std::string_view code);

// coupon_invalid with the fact `reason` (inactive, notStarted, ended, currency, minimum, usedUp)
// and its numbers; nothing if the coupon applies to items of that total now. The limit per customer
// is checked when a use is taken.
Result<void> coupon_applies(const Coupon& coupon, std::int64_t item_total_cents, Currency currency,
                            Timestamp now);

// At most `left_cents`, what the coupons before it have left of the items' total. Rounds down.
std::int64_t discount_of(const Coupon& coupon, std::int64_t item_total_cents,
                         std::int64_t left_cents);

}  // namespace resys::domain
