// Declares the schemas of carts.
#pragma once

#include "base/fields.hpp"
#include "resys/cart.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<LineItem>();
template <>
const Schema& schema_of<Cart>();
template <>
const Schema& schema_of<AddCartItem>();
template <>
const Schema& schema_of<ChangeCartItem>();
template <>
const Schema& schema_of<RemoveCartItem>();
template <>
const Schema& schema_of<GetCart>();
template <>
const Schema& schema_of<ApplyCoupon>();
template <>
const Schema& schema_of<RemoveCoupon>();
template <>
const Schema& schema_of<MergeCart>();
template <>
const Schema& schema_of<MergedLine>();
template <>
const Schema& schema_of<MergedCart>();

}  // namespace resys::fields
