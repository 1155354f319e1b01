// Where shipping methods go.
#include "shipping/rules.hpp"

#include <algorithm>

namespace resys::domain {

bool serves(const ShippingMethod& method, std::string_view country, Currency currency) {
  if (!method.active || method.currency != currency) return false;
  const auto& countries = method.countries;
  return countries.empty() ||
         std::find(countries.begin(), countries.end(), country) != countries.end();
}

}  // namespace resys::domain
