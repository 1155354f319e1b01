// Declares the schemas of a store's settings.
#pragma once

#include "base/fields.hpp"
#include "resys/settings.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<CheckoutSettings>();
template <>
const Schema& schema_of<GetCheckoutSettings>();
template <>
const Schema& schema_of<UpdateCheckoutSettings>();

}  // namespace resys::fields
