// Declares the schemas of the checkout.
#pragma once

#include "base/fields.hpp"
#include "resys/checkout.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<SetAddresses>();
template <>
const Schema& schema_of<ListOfferedShippingMethods>();
template <>
const Schema& schema_of<OfferedShippingMethod>();
template <>
const Schema& schema_of<SelectShippingMethod>();
template <>
const Schema& schema_of<ListOfferedPaymentMethods>();
template <>
const Schema& schema_of<PlaceOrder>();
template <>
const Schema& schema_of<PlacedPayment>();
template <>
const Schema& schema_of<Placement>();
template <>
const Schema& schema_of<PayOrder>();
template <>
const Schema& schema_of<ReopenOrder>();
template <>
const Schema& schema_of<Page<OfferedShippingMethod>>();

}  // namespace resys::fields
