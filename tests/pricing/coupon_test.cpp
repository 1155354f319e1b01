// Which coupons apply, and what they take off.
#include "pricing/coupon.hpp"

#include "support/amounts.hpp"
#include "support/refusal.hpp"
#include "support/tier.hpp"

using namespace resys;
using namespace resys::test;
using pricing::CustomerCoupon;

namespace {

const std::string_view kCodes[] = {"JPY", "EUR", "KWD"};
constexpr Timestamp kNow = Timestamp::from_seconds(1'800'000'000);

Currency currency(std::string_view code) { return Currency::parse(code).value(); }

std::int64_t discount_of(const Coupon& coupon, std::int64_t total, std::int64_t left,
                         std::string_view code = "EUR") {
  return pricing::discount_of(coupon, Money(total, currency(code)), left);
}

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

Result<void> apply(const CustomerCoupon& each, std::int64_t item_total_cents = 10'000,
                   std::string_view code = "EUR", Timestamp now = kNow) {
  const auto reason = pricing::why_not(each, Money(item_total_cents, currency(code)), now);
  if (reason) return pricing::coupon_refusal(each.coupon, *reason, item_total_cents);
  return success();
}
Result<void> apply(const Coupon& coupon, std::int64_t item_total_cents = 10'000,
                   std::string_view code = "EUR", Timestamp now = kNow) {
  return apply(CustomerCoupon{coupon}, item_total_cents, code, now);
}

}  // namespace

TEST_CASE("a coupon without conditions applies to any items") {
  CHECK(apply(percent(1'000), 0, "JPY").has_value());
  CHECK(apply(percent(1'000), kMaxMinor, "KWD").has_value());
  CHECK(apply(fixed(500), 1).has_value());
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
    return apply(coupon, 1, "EUR", now);
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

TEST_CASE("a coupon whose uses a customer has taken is refused to that customer") {
  CustomerCoupon each{percent(1'000), 5};
  CHECK(apply(each).has_value());
  each.coupon.per_customer_limit = 6;
  CHECK(apply(each).has_value());
  each.used_by_customer = 6;
  CHECK(check_invalid(apply(each), "usedUpByCustomer").fact("perCustomerLimit", -1) == 6);
}

TEST_CASE("a customer is a user, or else an e-mail address in any case") {
  CHECK(pricing::customer_of("Ada", "ada@example.com") == "Ada");
  CHECK(pricing::customer_of("", "Ada@Example.COM") == "ada@example.com");
}

TEST_CASE("codes are stored in upper case") {
  CHECK(pricing::stored_code("summer-20_a") == "SUMMER-20_A");
  CHECK(pricing::stored_code("TEN") == "TEN");
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
      const std::int64_t exact =
          total / 10'000 * *coupon.basis_points + total % 10'000 * *coupon.basis_points / 10'000;
      const bool by_ten = code == "KWD" && total % 10 == 0;
      REQUIRE(discount_of(coupon, total, total, code) == (by_ten ? exact / 10 * 10 : exact));
    }
  }
}

TEST_CASE("a percentage of what a card can be charged leaves what a card can be charged") {
  for (const std::string_view code : {"KWD", "BHD", "OMR", "JOD", "TND"}) {
    CHECK(discount_of(percent(1'000), 7'950, 7'950, code) == 790);
    CHECK(discount_of(percent(10'000), 7'950, 7'950, code) == 7'950);
    // No card can be charged 7.955, with or without a discount.
    CHECK(discount_of(percent(1'000), 7'955, 7'955, code) == 795);
    CHECK(discount_of(percent(10'000), 7'955, 7'955, code) == 7'955);
  }
  CHECK(discount_of(percent(1'000), 7'950, 7'950, "JPY") == 795);
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
