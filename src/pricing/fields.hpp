// Declares the schemas of coupons.
#pragma once

#include "base/fields.hpp"
#include "resys/promotion.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<Coupon>();
template <>
const Schema& schema_of<ListCoupons>();
template <>
const Schema& schema_of<CreateCoupon>();
template <>
const Schema& schema_of<UpdateCoupon>();
template <>
const Schema& schema_of<Page<Coupon>>();

}  // namespace resys::fields
