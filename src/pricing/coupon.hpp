// Whether a coupon applies, and what it takes off.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "resys/promotion.hpp"

namespace resys::pricing {

// A code as it is stored and compared: in upper case.
std::string stored_code(std::string_view code);

// Whose uses of a coupon are counted: a user, or a guest by the e-mail address, however they write
// it.
std::string customer_of(std::string_view user_id, std::string_view email);

// A coupon, and how many uses of it the customer's placed orders hold.
struct CustomerCoupon {
  Coupon coupon;
  std::int64_t used_by_customer = 0;
};

// Why it takes nothing off items of that total now; nothing if it does.
std::optional<CouponReason> why_not(const CustomerCoupon& each, Money item_total, Timestamp now);
// coupon_invalid with that as the fact `reason`, and its numbers.
Error coupon_refusal(const Coupon& coupon, CouponReason reason, std::int64_t item_total_cents);

// At most `left_cents`, what the coupons before it have left of the items' total. Rounds down; in
// three-decimal currencies to a multiple of ten where the items' total is one: cards are charged in
// such steps (docs.stripe.com/currencies), and a discount shall not make a total that none can pay.
std::int64_t discount_of(const Coupon& coupon, Money item_total, std::int64_t left_cents);

}  // namespace resys::pricing
