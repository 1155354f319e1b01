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
      field("currentPriceCents", &OrderShipment::current_price_cents,
            "what it costs now; null where that has not changed since"),
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
      field("paymentMethodId", &OrderPayment::payment_method_id, "by which payment method"),
      field("name", &OrderPayment::name, "the payment method's name"),
      field("processor", &OrderPayment::processor, "who takes the money"),
      field("instructions", &OrderPayment::instructions,
            "how to pay, of the payment method; empty once the payment has ended"),
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
          field("userId", &Order::user_id, "whose it is; empty: a guest's"),
          field("email", &Order::email, "where mail about it goes"),
          field("shippingAddress", &Order::shipping_address, "null until set"),
          field("billingAddress", &Order::billing_address, "null until set"),
          field("shipment", &Order::shipment, "null until a shipping method is chosen"),
          field("payments", &Order::payments, "oldest first"),
          field("paidCents", &Order::paid_cents, "taken and not given back, of all payments"),
          field("missingCents", &Order::missing_cents,
                "still to be paid; 0 unless in Payment or Confirm"),
          field("refundRequestedCents", &Order::refund_requested_cents,
                "what staff are to send back by hand; 0 once they have marked it as refunded"),
          field("paymentDueAt", &Order::payment_due_at,
                "until when the payment is awaited; null: there is no deadline"),
          field("paymentStatus", &Order::payment_status, "derived from captures and refunds"),
          field("fulfillmentStatus", &Order::fulfillment_status, "derived from inventory units"),
          field("placedAt", &Order::placed_at,
                "the newest placing; null in a cart, also where a placing ended without money"),
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
      std::tuple{required("number", &OrderRef::number, "the order's number or id", kOrderNumber)};
};

template <>
struct Table<ListAllOrders> {
  static constexpr std::string_view type = "ListAllOrders";
  static constexpr auto rows = std::tuple{
      field("state", &ListAllOrders::state, "absent: every state"),
      field("q", &ListAllOrders::q,
            "words of it: of number, e-mail, names, company, city, postal code, products", kSearch),
      field("userId", &ListAllOrders::user_id, "only that user's", kUserId),
      field("limit", &ListAllOrders::limit,
            "how many at most; with q fewer, even none, though more follow", kPageSize),
      field("after", &ListAllOrders::after, "the `nextAfter` of the page before", kCursor)};
};

template <>
struct Table<RefundOrder> {
  static constexpr std::string_view type = "RefundOrder";
  static constexpr auto rows = std::tuple{
      required("number", &RefundOrder::number, "the order's number or id", kOrderNumber),
      field("amountCents", &RefundOrder::amount_cents, "absent: all that is left", kPositiveCents),
      field("currency", &RefundOrder::currency, "of `amountCents`: the order's"),
      field("reason", &RefundOrder::reason, "why, for the timeline", kReason),
      field("cancel", &RefundOrder::cancel,
            "true: all the money goes back, and the order, which is not shipped, is canceled")};
};

template <>
struct Table<MarkOrderPaid> {
  static constexpr std::string_view type = "MarkOrderPaid";
  static constexpr auto rows = std::tuple{
      required("number", &MarkOrderPaid::number, "the order's number or id", kOrderNumber),
      field("amountCents", &MarkOrderPaid::amount_cents,
            "what has come, less or more than was asked for; absent: all of it", kPositiveCents),
      field("currency", &MarkOrderPaid::currency, "of `amountCents`: the order's")};
};

template <>
struct Table<MarkOrderRefunded> {
  static constexpr std::string_view type = "MarkOrderRefunded";
  static constexpr auto rows = std::tuple{
      required("number", &MarkOrderRefunded::number, "the order's number or id", kOrderNumber)};
};

template <>
struct Table<AcceptPayment> {
  static constexpr std::string_view type = "AcceptPayment";
  static constexpr auto rows = std::tuple{
      required("number", &AcceptPayment::number, "the order's number or id", kOrderNumber),
      field("reason", &AcceptPayment::reason, "why, for the timeline", kReason)};
};

template <>
struct Table<RequestPayment> {
  static constexpr std::string_view type = "RequestPayment";
  static constexpr auto rows = std::tuple{
      required("number", &RequestPayment::number, "the order's number or id", kOrderNumber),
      field("paymentMethodId", &RequestPayment::payment_method_id,
            "how it is to be paid; absent: as it was paid before")};
};

template <>
struct Table<ShipOrder> {
  static constexpr std::string_view type = "ShipOrder";
  static constexpr auto rows = std::tuple{
      required("number", &ShipOrder::number, "the order's number or id", kOrderNumber),
      required("trackingNumber", &ShipOrder::tracking_number, "as the carrier gave it",
               kTrackingNumber),
      field("carrier", &ShipOrder::carrier, "who carries it", kCarrier),
      field("shipUnpaid", &ShipOrder::ship_unpaid, "true: also if all the money was given back")};
};

template <>
struct Table<ClaimOrders> {
  static constexpr std::string_view type = "ClaimOrders";
  static constexpr auto rows = std::tuple{
      required("userId", &ClaimOrders::user_id, "who gets them", kUserId),
      required("email", &ClaimOrders::email, "verified to be the user's; in any case", kEmail)};
};

template <>
struct Table<ClaimedOrders> {
  static constexpr std::string_view type = "ClaimedOrders";
  static constexpr auto rows =
      std::tuple{field("numbers", &ClaimedOrders::numbers, "of the orders, newest first"),
                 field("more", &ClaimedOrders::more, "a further call will find some")};
};

template <>
struct Table<Timeline> {
  static constexpr std::string_view type = "Timeline";
  static constexpr auto rows = std::tuple{field("items", &Timeline::items, "oldest first")};
};

}  // namespace resys::fields
