// Declares the schemas of orders.
#pragma once

#include "base/fields.hpp"
#include "resys/order.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<OrderShipment>();
template <>
const Schema& schema_of<OrderPayment>();
template <>
const Schema& schema_of<RefundedLine>();
template <>
const Schema& schema_of<OrderRefund>();
template <>
const Schema& schema_of<RefundLine>();
template <>
const Schema& schema_of<Order>();
template <>
const Schema& schema_of<ListOrders>();
template <>
const Schema& schema_of<OrderRef>();
template <>
const Schema& schema_of<ListAllOrders>();
template <>
const Schema& schema_of<RefundOrder>();
template <>
const Schema& schema_of<MarkOrderPaid>();
template <>
const Schema& schema_of<MarkOrderRefunded>();
template <>
const Schema& schema_of<AcceptPayment>();
template <>
const Schema& schema_of<RequestPayment>();
template <>
const Schema& schema_of<ShipOrder>();
template <>
const Schema& schema_of<ClaimOrders>();
template <>
const Schema& schema_of<ClaimedOrders>();
template <>
const Schema& schema_of<Timeline>();
template <>
const Schema& schema_of<Page<Order>>();

}  // namespace resys::fields
