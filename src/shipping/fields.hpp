// Declares the schemas of shipping methods.
#pragma once

#include "base/fields.hpp"
#include "resys/shipping.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<ShippingTier>();
template <>
const Schema& schema_of<NewShippingTier>();
template <>
const Schema& schema_of<ShippingMethod>();
template <>
const Schema& schema_of<ListShippingMethods>();
template <>
const Schema& schema_of<CreateShippingMethod>();
template <>
const Schema& schema_of<UpdateShippingMethod>();
template <>
const Schema& schema_of<Page<ShippingMethod>>();

}  // namespace resys::fields
