// The fields of orders.
#pragma once

#include "fields/cart.hpp"
#include "fields/customer.hpp"
#include "fields/event.hpp"
#include "resys/order.hpp"

namespace resys::fields {

template <>
struct Table<OrderShipment> {
  static constexpr std::string_view type = "OrderShipment";
  static constexpr auto rows = std::tuple{
      field("shippingMethodId", &OrderShipment::shipping_method_id, "which shipping method"),
      field("name", &OrderShipment::name, "its name when it was chosen"),
      field("priceCents", &OrderShipment::price_cents, "what it costs"),
      field("trackingNumber", &OrderShipment::tracking_number, "empty until shipped"),
      field("carrier", &OrderShipment::carrier, "empty until shipped"),
      field("shippedAt", &OrderShipment::shipped_at, "null until shipped")};
};

template <>
struct Table<OrderPayment> {
  static constexpr std::string_view type = "OrderPayment";
  static constexpr auto rows = std::tuple{
      field("id", &OrderPayment::id, "its id"),
      field("state", &OrderPayment::state, "where in its life it is"),
      field("processor", &OrderPayment::processor, "who takes the money"),
      field("amountCents", &OrderPayment::amount_cents, "what was asked for"),
      field("capturedCents", &OrderPayment::captured_cents, "what came"),
      field("refundedCents", &OrderPayment::refunded_cents, "what went back"),
      field("refundPendingCents", &OrderPayment::refund_pending_cents, "what is on its way back")};
};

template <>
struct Table<Order> {
  static constexpr std::string_view type = "Order";
  static constexpr auto rows = std::tuple_cat(
      Table<Cart>::rows,
      std::tuple{
          field("number", &Order::number,
                "random and unguessable, made by the first placing; empty before"),
          field("email", &Order::email, "where mail about it goes"),
          field("shippingAddress", &Order::shipping_address, "null until set"),
          field("billingAddress", &Order::billing_address, "null until set"),
          field("shipment", &Order::shipment, "null until a shipping method is chosen"),
          field("payments", &Order::payments, "oldest first"),
          field("paymentStatus", &Order::payment_status, "derived from captures and refunds"),
          field("fulfillmentStatus", &Order::fulfillment_status, "derived from inventory units"),
          field("placedAt", &Order::placed_at, "null until placed"),
          field("completedAt", &Order::completed_at, "null until complete")});
};

template <>
struct Table<ListOrders> {
  static constexpr std::string_view type = "ListOrders";
  static constexpr auto rows =
      std::tuple{field("limit", &ListOrders::limit, "how many at most", kPageSize),
                 field("after", &ListOrders::after, "the `nextAfter` of the page before", kCursor)};
};

template <>
struct Table<OrderRef> {
  static constexpr std::string_view type = "OrderRef";
  static constexpr auto rows =
      std::tuple{required("number", &OrderRef::number, "the order's number", kOrderNumber)};
};

template <>
struct Table<ListAllOrders> {
  static constexpr std::string_view type = "ListAllOrders";
  static constexpr auto rows = std::tuple{
      field("state", &ListAllOrders::state, "absent: every state"),
      field("q", &ListAllOrders::q,
            "an e-mail address, or the beginning of one or of a number, in any case", kSearch),
      field("limit", &ListAllOrders::limit, "how many at most", kPageSize),
      field("after", &ListAllOrders::after, "the `nextAfter` of the page before", kCursor)};
};

template <>
struct Table<RefundOrder> {
  static constexpr std::string_view type = "RefundOrder";
  static constexpr auto rows = std::tuple{
      required("number", &RefundOrder::number, "the order's number", kOrderNumber),
      field("amountCents", &RefundOrder::amount_cents, "absent: all that is left", kPositiveCents),
      field("reason", &RefundOrder::reason, "why, for the timeline", kReason)};
};

template <>
struct Table<ShipOrder> {
  static constexpr std::string_view type = "ShipOrder";
  static constexpr auto rows =
      std::tuple{required("number", &ShipOrder::number, "the order's number", kOrderNumber),
                 required("trackingNumber", &ShipOrder::tracking_number, "as the carrier gave it",
                          kTrackingNumber),
                 field("carrier", &ShipOrder::carrier, "who carries it", kCarrier)};
};

template <>
struct Table<Timeline> {
  static constexpr std::string_view type = "Timeline";
  static constexpr auto rows = std::tuple{field("items", &Timeline::items, "oldest first")};
};

}  // namespace resys::fields
