// Where shipping methods go.
#pragma once

#include <string_view>

#include "resys/shipping.hpp"

namespace resys::domain {

// Whether the method is active, of the order's currency, and goes to the country.
bool serves(const ShippingMethod& method, std::string_view country, Currency currency);

}  // namespace resys::domain
