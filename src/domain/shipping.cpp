// What shipping costs, and where to.
#include "domain/shipping.hpp"

#include <algorithm>

namespace resys::domain {

bool serves(const ShippingMethod& method, std::string_view country, Currency currency) {
  if (!method.active || method.currency != currency) return false;
  const auto& countries = method.countries;
  return countries.empty() ||
         std::find(countries.begin(), countries.end(), country) != countries.end();
}

Result<std::int64_t> shipping_price(const ShippingMethod& method, std::int64_t item_count,
                                    std::int64_t goods_cents) {
  switch (method.kind) {
    case ShippingKind::per_item: {
      RESYS_TRY(price, Money(method.price_cents, method.currency).times(item_count));
      return price.minor();
    }
    case ShippingKind::free_over:
      if (goods_cents >= method.free_over_cents) return 0;
      break;
    case ShippingKind::flat:
      break;
  }
  return method.price_cents;
}

}  // namespace resys::domain
