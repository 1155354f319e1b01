// Where shipping methods go.
#include "shipping/rules.hpp"

#include "support/catch.hpp"

using namespace resys;
using domain::Area;

namespace {

const Currency kEuro = Currency::parse("EUR").value();

bool serves(const ShippingMethod& method, const Area& area) {
  return domain::serves(method, area, kEuro);
}

}  // namespace

TEST_CASE("a shipping method serves its countries in its currency while it is active") {
  ShippingMethod post{.price_cents = 490, .currency = kEuro};
  CHECK(serves(post, {"DE"}));
  CHECK(serves(post, {"NZ"}));
  CHECK_FALSE(domain::serves(post, {"DE"}, Currency::parse("JPY").value()));

  post.countries = {"DE", "AT"};
  CHECK(serves(post, {"DE"}));
  CHECK(serves(post, {"AT"}));
  CHECK_FALSE(serves(post, {"CH"}));
  CHECK_FALSE(serves(post, {""}));

  post.active = false;
  CHECK_FALSE(serves(post, {"DE"}));
}

TEST_CASE("a shipping method serves its regions, and the beginnings of postal codes") {
  ShippingMethod post{.currency = kEuro, .countries = {"US"}, .regions = {"CA", "NV"}};
  CHECK(serves(post, {"US", "CA", "94016"}));
  CHECK(serves(post, {"US", "nv", ""}));
  CHECK_FALSE(serves(post, {"US", "NY", "10001"}));
  CHECK_FALSE(serves(post, {"US", "", ""}));
  CHECK_FALSE(serves(post, {"MX", "CA", "94016"}));

  post.postal_prefixes = {"940", "89 5"};
  CHECK(serves(post, {"US", "CA", "94016"}));
  CHECK(serves(post, {"US", "NV", "8-9501"}));
  CHECK_FALSE(serves(post, {"US", "CA", "90210"}));
  CHECK_FALSE(serves(post, {"US", "NY", "94016"}));

  const ShippingMethod london{.currency = kEuro, .countries = {"GB"}, .postal_prefixes = {"n1"}};
  CHECK(serves(london, {"GB", "", "N1 9GU"}));
  CHECK(serves(london, {"GB", "", "N19 3AA"}));
  CHECK_FALSE(serves(london, {"GB", "", "E1 6AN"}));
}
