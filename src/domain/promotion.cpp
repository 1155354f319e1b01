// Whether a coupon applies, and what it takes off.
#include "domain/promotion.hpp"

#include <algorithm>

namespace resys::domain {
namespace {

Error refuse(const Coupon& coupon, const char* reason, std::string message) {
  return Error(Errc::coupon_invalid, std::move(message))
      .with("reason", reason)
      .with("code", coupon.code);
}

}  // namespace

std::string stored_code(std::string_view code) {
  std::string stored(code);
  for (char& letter : stored) {
    if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
  }
  return stored;
}

Result<void> coupon_applies(const Coupon& coupon, std::int64_t item_total_cents, Currency currency,
                            Timestamp now) {
  if (!coupon.active) return refuse(coupon, "inactive", "this code is not in use");
  if (coupon.starts_at && now < *coupon.starts_at) {
    return refuse(coupon, "notStarted", "this code is not valid yet")
        .with("startsAt", coupon.starts_at->text());
  }
  if (coupon.ends_at && now >= *coupon.ends_at) {
    return refuse(coupon, "ended", "this code is no longer valid")
        .with("endsAt", coupon.ends_at->text());
  }
  if (!coupon.currency.empty() && coupon.currency != currency) {
    return refuse(coupon, "currency", "this code is for another currency")
        .with("currency", std::string(coupon.currency.code()));
  }
  if (item_total_cents < coupon.minimum_cents) {
    return refuse(coupon, "minimum", "this code needs items for a higher total")
        .with("minimumCents", coupon.minimum_cents)
        .with("itemTotalCents", item_total_cents)
        .with("currency", std::string(coupon.currency.code()));
  }
  if (coupon.usage_limit && coupon.used >= *coupon.usage_limit) {
    return refuse(coupon, "usedUp", "this code is used up").with("usageLimit", *coupon.usage_limit);
  }
  return success();
}

std::int64_t discount_of(const Coupon& coupon, std::int64_t item_total_cents,
                         std::int64_t left_cents) {
  std::int64_t discount = coupon.amount_cents;
  if (coupon.kind == CouponKind::percent) {
    // Never refused: the amount is not negative and a fraction of it is not larger.
    discount =
        Money(item_total_cents, coupon.currency).fraction(coupon.basis_points).value().minor();
  }
  return std::min(discount, left_cents);
}

}  // namespace resys::domain
