// Whether a coupon applies, and what it takes off.
#include "pricing/coupon.hpp"

#include <algorithm>

namespace resys::pricing {
namespace {

// A use may fail at a limit that the coupon did not have yet when it was read.
Error with_limit(Error error, const char* name, const std::optional<std::int64_t>& limit) {
  return limit ? std::move(error).with(name, *limit) : error;
}

}  // namespace
std::string stored_code(std::string_view code) {
  std::string stored(code);
  for (char& letter : stored) {
    if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
  }
  return stored;
}

std::string customer_of(std::string_view user_id, std::string_view email) {
  if (!user_id.empty()) return std::string(user_id);
  std::string address(email);
  for (char& letter : address) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return address;
}

std::optional<CouponReason> why_not(const CustomerCoupon& each, Money item_total, Timestamp now) {
  const Coupon& coupon = each.coupon;
  if (!coupon.active) return CouponReason::inactive;
  if (coupon.starts_at && now < *coupon.starts_at) return CouponReason::not_started;
  if (coupon.ends_at && now >= *coupon.ends_at) return CouponReason::ended;
  if (coupon.currency && *coupon.currency != item_total.currency()) {
    return CouponReason::currency;
  }
  if (item_total.minor() < coupon.minimum_cents.value_or(0)) return CouponReason::minimum;
  if (coupon.usage_limit && coupon.used >= *coupon.usage_limit) return CouponReason::used_up;
  if (coupon.per_customer_limit && each.used_by_customer >= *coupon.per_customer_limit) {
    return CouponReason::used_up_by_customer;
  }
  return std::nullopt;
}

Error coupon_refusal(const Coupon& coupon, CouponReason reason, std::int64_t item_total_cents) {
  const auto refuse = [&](std::string message) {
    return Error(Errc::coupon_invalid, std::move(message))
        .with("reason", std::string(name_of(reason)))
        .with("code", coupon.code);
  };
  switch (reason) {
    case CouponReason::inactive:
      break;
    case CouponReason::not_started:
      return refuse("this code is not valid yet").with("startsAt", coupon.starts_at->text());
    case CouponReason::ended:
      return refuse("this code is no longer valid").with("endsAt", coupon.ends_at->text());
    case CouponReason::currency:
      return refuse("this code is for another currency")
          .with("currency", std::string(coupon.currency->code()));
    case CouponReason::minimum:
      return refuse("the total of the items is below the minimum of this code")
          .with("minimumCents", *coupon.minimum_cents)
          .with("itemTotalCents", item_total_cents)
          .with("currency", std::string(coupon.currency->code()));
    case CouponReason::used_up:
      return with_limit(refuse("this code is used up"), "usageLimit", coupon.usage_limit);
    case CouponReason::used_up_by_customer:
      return with_limit(refuse("you have used this code up"), "perCustomerLimit",
                        coupon.per_customer_limit);
  }
  return refuse("this code is not active");
}

std::int64_t discount_of(const Coupon& coupon, Money item_total, std::int64_t left_cents) {
  std::int64_t discount = coupon.amount_cents.value_or(0);
  if (coupon.kind == CouponKind::percent) {
    // This cannot fail: the amount is not negative, and a fraction of it is not larger.
    discount = item_total.fraction(*coupon.basis_points).value().minor();
    const std::int64_t step = item_total.currency().exponent() == 3 ? 10 : 1;
    if (item_total.minor() % step == 0) discount -= discount % step;
  }
  return std::min(discount, left_cents);
}

}  // namespace resys::pricing
