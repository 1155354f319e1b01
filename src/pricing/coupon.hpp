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

// The customer whose uses of a coupon are counted: a user, or a guest by the e-mail address,
// however they write it.
std::string customer_of(std::string_view user_id, std::string_view email);

// A coupon, and how many uses of it the customer's placed orders have taken.
struct CustomerCoupon {
  Coupon coupon;
  std::int64_t used_by_customer = 0;
};

// Why the coupon gives no discount on that total now, or nothing if it does.
std::optional<CouponReason> why_not(const CustomerCoupon& each, Money item_total, Timestamp now);
// coupon_invalid, with the reason as the fact `reason`, and the coupon's limits.
Error coupon_refusal(const Coupon& coupon, CouponReason reason, std::int64_t item_total_cents);

// The coupon's discount. It is at most `left_cents`, which the coupons before it have left of the
// items' total. It is rounded down. In three-decimal currencies it is rounded to a multiple of ten
// if the items' total is one, because cards are charged in such steps (docs.stripe.com/currencies),
// and a discount must not make a total that no card can pay.
std::int64_t discount_of(const Coupon& coupon, Money item_total, std::int64_t left_cents);

}  // namespace resys::pricing
