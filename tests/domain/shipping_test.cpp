// What shipping costs, and where it goes.
#include "domain/shipping.hpp"

#include "support/amounts.hpp"
#include "support/catch.hpp"
#include "support/tier.hpp"

using namespace resys;
using domain::serves;
using domain::shipping_price;
using test::Amounts;
using test::by_tier;

namespace {

const std::string_view kCodes[] = {"JPY", "EUR", "KWD"};

Currency currency(std::string_view code) { return Currency::parse(code).value(); }

ShippingMethod method(ShippingKind kind, std::int64_t price_cents,
                      std::int64_t free_over_cents = 0) {
  return {.kind = kind,
          .price_cents = price_cents,
          .free_over_cents = free_over_cents,
          .currency = currency("EUR")};
}

}  // namespace

TEST_CASE("a shipping method serves its countries in its currency while it is active") {
  ShippingMethod post = method(ShippingKind::flat, 490);
  CHECK(serves(post, "DE", currency("EUR")));
  CHECK(serves(post, "NZ", currency("EUR")));
  CHECK_FALSE(serves(post, "DE", currency("JPY")));

  post.countries = {"DE", "AT"};
  CHECK(serves(post, "DE", currency("EUR")));
  CHECK(serves(post, "AT", currency("EUR")));
  CHECK_FALSE(serves(post, "CH", currency("EUR")));
  CHECK_FALSE(serves(post, "", currency("EUR")));

  post.active = false;
  CHECK_FALSE(serves(post, "DE", currency("EUR")));
}

TEST_CASE("a flat price is one price, whatever is sent") {
  const ShippingMethod flat = method(ShippingKind::flat, 490);
  for (const std::int64_t goods : {std::int64_t{0}, std::int64_t{1'000}, kMaxMinor}) {
    CHECK(shipping_price(flat, 1, goods).value() == 490);
    CHECK(shipping_price(flat, 2'000'000, goods).value() == 490);
  }
}

TEST_CASE("shipping is free once the goods reach the amount") {
  const ShippingMethod free_over = method(ShippingKind::free_over, 490, 5'000);
  CHECK(shipping_price(free_over, 1, 0).value() == 490);
  CHECK(shipping_price(free_over, 1, 4'999).value() == 490);
  CHECK(shipping_price(free_over, 1, 5'000).value() == 0);
  CHECK(shipping_price(free_over, 1, kMaxMinor).value() == 0);
}

TEST_CASE("a price per item is exact, or too large") {
  Amounts amounts(1);
  for (const std::string_view code : kCodes) {
    ShippingMethod per_item = method(ShippingKind::per_item, 0);
    per_item.currency = currency(code);
    for (std::int64_t round = by_tier(1'000, 20'000, 1'000'000); round > 0; --round) {
      per_item.price_cents = amounts.positive();
      const std::int64_t count = amounts.positive(2'000'000);
      const auto price = shipping_price(per_item, count, amounts.positive());
      const bool fits = count == 0 || per_item.price_cents <= kMaxMinor / count;
      REQUIRE(price.has_value() == fits);
      if (fits) {
        REQUIRE(price.value() == per_item.price_cents * count);
      } else {
        REQUIRE(price.error().code() == Errc::too_large);
      }
    }
  }
}
