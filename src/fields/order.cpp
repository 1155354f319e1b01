// The fields of orders.
#include "fields/order.hpp"

#include "fields/cart.hpp"
#include "fields/customer.hpp"
#include "fields/event.hpp"
#include "fields/make_schema.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<OrderShipment>() {
  static const Schema schema = make_schema<OrderShipment>(
      "OrderShipment",
      field("shippingMethodId", &OrderShipment::shipping_method_id, "which shipping method"),
      field("name", &OrderShipment::name, "its name when it was chosen"),
      field("priceCents", &OrderShipment::price_cents, "what it costs"),
      field("currentPriceCents", &OrderShipment::current_price_cents,
            "what it costs now; null where that has not changed since"),
      field("trackingNumber", &OrderShipment::tracking_number, "empty until shipped"),
      field("carrier", &OrderShipment::carrier, "empty until shipped"),
      field("shippedAt", &OrderShipment::shipped_at, "null until shipped"));
  return schema;
}

template <>
const Schema& schema_of<OrderPayment>() {
  static const Schema schema = make_schema<OrderPayment>(
      "OrderPayment", field("id", &OrderPayment::id, "its id"),
      field("state", &OrderPayment::state, "where in its life it is"),
      field("paymentMethodId", &OrderPayment::payment_method_id, "by which payment method"),
      field("name", &OrderPayment::name, "the payment method's name"),
      field("processor", &OrderPayment::processor, "who takes the money"),
      field("offline", &OrderPayment::offline,
            "whether the money comes by hand: staff mark what has come and what went back"),
      field("instructions", &OrderPayment::instructions,
            "how to pay, of the payment method; empty once the payment has ended"),
      field("amountCents", &OrderPayment::amount_cents, "what was asked for"),
      field("capturedCents", &OrderPayment::captured_cents, "what came"),
      field("refundedCents", &OrderPayment::refunded_cents, "what went back"),
      field("refundPendingCents", &OrderPayment::refund_pending_cents, "what is on its way back"));
  return schema;
}

template <>
const Schema& schema_of<Order>() {
  static const Schema schema = make_schema<Order>(
      "Order", FieldsOf<Cart>(),
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
      field("completedAt", &Order::completed_at, "null until complete"));
  return schema;
}

template <>
const Schema& schema_of<ListOrders>() {
  static const Schema schema = make_schema<ListOrders>(
      "ListOrders", field("limit", &ListOrders::limit, "how many at most", kPageSize),
      field("after", &ListOrders::after, "the `nextAfter` of the page before", kCursor));
  return schema;
}

template <>
const Schema& schema_of<OrderRef>() {
  static const Schema schema = make_schema<OrderRef>(
      "OrderRef", required("number", &OrderRef::number, "the order's number or id", kOrderNumber));
  return schema;
}

template <>
const Schema& schema_of<ListAllOrders>() {
  static const Schema schema = make_schema<ListAllOrders>(
      "ListAllOrders", field("state", &ListAllOrders::state, "absent: every state"),
      field("q", &ListAllOrders::q,
            "words of it: of number, e-mail, names, company, city, postal code, products", kSearch),
      field("userId", &ListAllOrders::user_id, "only that user's", kUserId),
      field("limit", &ListAllOrders::limit,
            "how many at most; with q fewer, even none, though more follow", kPageSize),
      field("after", &ListAllOrders::after, "the `nextAfter` of the page before", kCursor));
  return schema;
}

template <>
const Schema& schema_of<RefundOrder>() {
  static const Schema schema = make_schema<RefundOrder>(
      "RefundOrder",
      required("number", &RefundOrder::number, "the order's number or id", kOrderNumber),
      field("amountCents", &RefundOrder::amount_cents, "absent: all that is left", kPositiveCents),
      field("currency", &RefundOrder::currency, "of `amountCents`: the order's"),
      field("reason", &RefundOrder::reason, "why, for the timeline", kReason),
      field("cancel", &RefundOrder::cancel,
            "true: all the money goes back, and the order, which is not shipped, is canceled"));
  return schema;
}

template <>
const Schema& schema_of<MarkOrderPaid>() {
  static const Schema schema = make_schema<MarkOrderPaid>(
      "MarkOrderPaid",
      required("number", &MarkOrderPaid::number, "the order's number or id", kOrderNumber),
      field("amountCents", &MarkOrderPaid::amount_cents,
            "what has come, less or more than was asked for; absent: all of it", kPositiveCents),
      field("currency", &MarkOrderPaid::currency, "of `amountCents`: the order's"));
  return schema;
}

template <>
const Schema& schema_of<MarkOrderRefunded>() {
  static const Schema schema = make_schema<MarkOrderRefunded>(
      "MarkOrderRefunded",
      required("number", &MarkOrderRefunded::number, "the order's number or id", kOrderNumber));
  return schema;
}

template <>
const Schema& schema_of<AcceptPayment>() {
  static const Schema schema = make_schema<AcceptPayment>(
      "AcceptPayment",
      required("number", &AcceptPayment::number, "the order's number or id", kOrderNumber),
      field("reason", &AcceptPayment::reason, "why, for the timeline", kReason));
  return schema;
}

template <>
const Schema& schema_of<RequestPayment>() {
  static const Schema schema = make_schema<RequestPayment>(
      "RequestPayment",
      required("number", &RequestPayment::number, "the order's number or id", kOrderNumber),
      field("paymentMethodId", &RequestPayment::payment_method_id,
            "how it is to be paid; absent: as it was paid before"));
  return schema;
}

template <>
const Schema& schema_of<ShipOrder>() {
  static const Schema schema = make_schema<ShipOrder>(
      "ShipOrder", required("number", &ShipOrder::number, "the order's number or id", kOrderNumber),
      required("trackingNumber", &ShipOrder::tracking_number, "as the carrier gave it",
               kTrackingNumber),
      field("carrier", &ShipOrder::carrier, "who carries it", kCarrier),
      field("shipUnpaid", &ShipOrder::ship_unpaid, "true: also if all the money was given back"));
  return schema;
}

template <>
const Schema& schema_of<ClaimOrders>() {
  static const Schema schema = make_schema<ClaimOrders>(
      "ClaimOrders", required("userId", &ClaimOrders::user_id, "who gets them", kUserId),
      required("email", &ClaimOrders::email, "verified to be the user's; in any case", kEmail));
  return schema;
}

template <>
const Schema& schema_of<ClaimedOrders>() {
  static const Schema schema = make_schema<ClaimedOrders>(
      "ClaimedOrders", field("numbers", &ClaimedOrders::numbers, "of the orders, newest first"),
      field("more", &ClaimedOrders::more, "a further call will find some"));
  return schema;
}

template <>
const Schema& schema_of<Timeline>() {
  static const Schema schema =
      make_schema<Timeline>("Timeline", field("items", &Timeline::items, "oldest first"));
  return schema;
}

template <>
const Schema& schema_of<Page<Order>>() {
  static const Schema schema = make_page_schema<Order>();
  return schema;
}

}  // namespace resys::fields
