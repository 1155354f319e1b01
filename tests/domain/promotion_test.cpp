// Which coupons apply, and what they take off.
#include "domain/promotion.hpp"

#include "support/amounts.hpp"
#include "support/refusal.hpp"
#include "support/tier.hpp"

using namespace resys;
using namespace resys::test;
using domain::coupon_applies;
using domain::discount_of;

namespace {

const std::string_view kCodes[] = {"JPY", "EUR", "KWD"};
constexpr Timestamp kNow = Timestamp::from_seconds(1'800'000'000);

Currency currency(std::string_view code) { return Currency::parse(code).value(); }

Coupon percent(std::int64_t basis_points) {
  return {.code = "RATE", .kind = CouponKind::percent, .basis_points = basis_points};
}

Coupon fixed(std::int64_t amount_cents, std::string_view code = "EUR") {
  return {.code = "AMOUNT",
          .kind = CouponKind::fixed,
          .amount_cents = amount_cents,
          .currency = currency(code)};
}

// Answers why, for its facts.
Error check_invalid(const Result<void>& applied, std::string_view reason) {
  check_refused(applied, Errc::coupon_invalid);
  CHECK(applied.error().fact("reason") == reason);
  return applied.error();
}

Result<void> apply(const Coupon& coupon, std::int64_t item_total_cents = 10'000) {
  return coupon_applies(coupon, item_total_cents, currency("EUR"), kNow);
}

}  // namespace

TEST_CASE("a coupon without conditions applies to any items") {
  CHECK(coupon_applies(percent(1'000), 0, currency("JPY"), kNow).has_value());
  CHECK(coupon_applies(percent(1'000), kMaxMinor, currency("KWD"), kNow).has_value());
  CHECK(coupon_applies(fixed(500), 1, currency("EUR"), kNow).has_value());
}

TEST_CASE("a coupon that is not in use is refused before anything else") {
  Coupon coupon = fixed(500, "JPY");
  coupon.ends_at = kNow;
  coupon.active = false;
  CHECK(check_invalid(apply(coupon), "inactive").fact("code") == "AMOUNT");
}

TEST_CASE("a coupon is valid from its start until just before its end") {
  const auto at = [](Timestamp now) {
    Coupon coupon = percent(1'000);
    coupon.starts_at = kNow;
    coupon.ends_at = kNow.plus(kMicrosPerDay);
    return coupon_applies(coupon, 1, currency("EUR"), now);
  };
  CHECK(at(kNow).has_value());
  CHECK(at(kNow.plus(kMicrosPerDay - 1)).has_value());
  CHECK(check_invalid(at(kNow.plus(-1)), "notStarted").fact("startsAt") == kNow.text());
  const Timestamp end = kNow.plus(kMicrosPerDay);
  CHECK(check_invalid(at(end), "ended").fact("endsAt") == end.text());
}

TEST_CASE("a coupon that has a currency applies to carts in it") {
  CHECK(check_invalid(apply(fixed(500, "JPY")), "currency").fact("currency") == "JPY");
  Coupon coupon = percent(1'000);
  coupon.currency = currency("JPY");
  CHECK(check_invalid(apply(coupon), "currency").fact("code") == "RATE");
}

TEST_CASE("a coupon's minimum is reached by the items' total") {
  Coupon coupon = fixed(500);
  coupon.minimum_cents = 3'000;
  CHECK(apply(coupon, 3'000).has_value());
  const Error error = check_invalid(apply(coupon, 2'999), "minimum");
  CHECK(error.fact("minimumCents", -1) == 3'000);
  CHECK(error.fact("itemTotalCents", -1) == 2'999);
}

TEST_CASE("a coupon whose uses are taken is refused") {
  Coupon coupon = percent(1'000);
  coupon.usage_limit = 2;
  coupon.used = 1;
  CHECK(apply(coupon).has_value());
  coupon.used = 2;
  CHECK(check_invalid(apply(coupon), "usedUp").fact("usageLimit", -1) == 2);
}

TEST_CASE("codes are stored in upper case") {
  CHECK(domain::stored_code("summer-20_a") == "SUMMER-20_A");
  CHECK(domain::stored_code("TEN") == "TEN");
}

TEST_CASE("a percentage rounds down, in currencies with and without decimals") {
  CHECK(discount_of(percent(1'000), 1'999, 1'999) == 199);
  CHECK(discount_of(percent(1'250), 7, 7) == 0);
  CHECK(discount_of(percent(10'000), 1'999, 1'999) == 1'999);
  CHECK(discount_of(percent(1), 9'999, 9'999) == 0);
  CHECK(discount_of(percent(1), 10'000, 10'000) == 1);

  Amounts amounts(1);
  for (const std::string_view code : kCodes) {
    for (std::int64_t round = by_tier(1'000, 20'000, 1'000'000); round > 0; --round) {
      Coupon coupon = percent(1 + static_cast<std::int64_t>(amounts.count(9'999)));
      coupon.currency = currency(code);
      const std::int64_t total = amounts.positive();
      // floor(total * rate / 10000) without a product of more than 64 bits.
      const std::int64_t expected =
          total / 10'000 * coupon.basis_points + total % 10'000 * coupon.basis_points / 10'000;
      REQUIRE(discount_of(coupon, total, total) == expected);
    }
  }
}

TEST_CASE("a discount never exceeds what it discounts") {
  CHECK(discount_of(fixed(500), 300, 300) == 300);
  CHECK(discount_of(fixed(500), 600, 100) == 100);
  CHECK(discount_of(percent(5'000), 600, 200) == 200);
  CHECK(discount_of(fixed(500), 0, 0) == 0);
  CHECK(discount_of(fixed(kMaxMinor), kMaxMinor, kMaxMinor) == kMaxMinor);

  Amounts amounts(2);
  for (std::int64_t round = by_tier(1'000, 20'000, 1'000'000); round > 0; --round) {
    const std::int64_t total = amounts.positive();
    std::int64_t left = total;
    for (std::size_t coupons = amounts.count(5); coupons > 0; --coupons) {
      const Coupon coupon = amounts.count(1) == 0
                                ? percent(1 + static_cast<std::int64_t>(amounts.count(9'999)))
                                : fixed(amounts.positive());
      const std::int64_t discount = discount_of(coupon, total, left);
      REQUIRE(discount >= 0);
      REQUIRE(discount <= left);
      left -= discount;
    }
  }
}
