// Where shipping methods go.
#pragma once

#include <string_view>

#include "resys/shipping.hpp"

namespace resys::domain {

// An active method of the order's currency that goes to the country.
bool serves(const ShippingMethod& method, std::string_view country, Currency currency);

}  // namespace resys::domain
