// Where shipping methods go.
#include "shipping/rules.hpp"

#include "support/catch.hpp"

using namespace resys;
using domain::serves;

namespace {

Currency currency(std::string_view code) { return Currency::parse(code).value(); }

}  // namespace

TEST_CASE("a shipping method serves its countries in its currency while it is active") {
  ShippingMethod post{.price_cents = 490, .currency = currency("EUR")};
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
