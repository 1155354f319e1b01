// Where shipping methods go.
#pragma once

#include "base/area.hpp"
#include "resys/result.hpp"
#include "resys/shipping.hpp"

namespace resys::domain {

// Whether the method is active, of the order's currency, and goes there.
bool serves(const ShippingMethod& method, const Area& area, Currency currency);

// Checks the method by itself, and puts its regions into the form in which they are kept.
// invalid_request: see AdminShippingMethods::create.
Result<void> check_method(ShippingMethod& method);

}  // namespace resys::domain
