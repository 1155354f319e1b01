// The fields of orders.
#include "order/fields.hpp"

#include "base/make_schema.hpp"
#include "customer/fields.hpp"
#include "event/fields.hpp"
#include "order/cart_fields.hpp"
#include "pricing/tax_fields.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<OrderShipment>() {
  static const Schema schema = make_schema<OrderShipment>(
      "OrderShipment",
      field("shippingMethodId", &OrderShipment::shipping_method_id, "Id of the shipping method"),
      field("name", &OrderShipment::name, "Name of the shipping method when it was chosen"),
      field("priceCents", &OrderShipment::price_cents,
            "Price of shipping, in minor units of the order's currency"),
      field("currentPriceCents", &OrderShipment::current_price_cents,
            "Price of shipping now, in minor units of the order's currency; null if unchanged"),
      field("freeOverMissingCents", &OrderShipment::free_over_missing_cents,
            "Amount of goods that is missing for free shipping, in minor units of the order's "
            "currency; null if it is free, cannot be, or the order is placed"),
      field("taxLines", &OrderShipment::tax_lines, "Taxes of shipping, a line for each rate"),
      field("trackingNumber", &OrderShipment::tracking_number,
            "Tracking number; empty until shipped"),
      field("carrier", &OrderShipment::carrier,
            "Name of the carrier; empty until shipped, and if none was given"),
      field("shippedAt", &OrderShipment::shipped_at,
            "When it was shipped, in UTC; null until then"));
  return schema;
}

template <>
const Schema& schema_of<OrderPayment>() {
  static const Schema schema = make_schema<OrderPayment>(
      "OrderPayment", field("id", &OrderPayment::id, "The payment's id"),
      field("state", &OrderPayment::state, "State of the payment"),
      field("paymentMethodId", &OrderPayment::payment_method_id, "Id of the payment method"),
      field("name", &OrderPayment::name, "Name of the payment method"),
      field("processor", &OrderPayment::processor, "Name of the payment processor, such as stripe"),
      field("offline", &OrderPayment::offline,
            "Whether the money comes by hand: staff mark what has come and what went back"),
      field("instructions", &OrderPayment::instructions,
            "How to pay by the payment method; empty once the payment has ended"),
      field("amountCents", &OrderPayment::amount_cents,
            "Amount requested, in minor units of the order's currency"),
      field("capturedCents", &OrderPayment::captured_cents,
            "Amount captured so far, in minor units of the order's currency"),
      field("refundedCents", &OrderPayment::refunded_cents,
            "Amount refunded so far, in minor units of the order's currency"),
      field("refundPendingCents", &OrderPayment::refund_pending_cents,
            "Amount of refunds that are pending, in minor units of the order's currency"));
  return schema;
}

template <>
const Schema& schema_of<RefundedLine>() {
  static const Schema schema = make_schema<RefundedLine>(
      "RefundedLine", field("lineItemId", &RefundedLine::line_item_id, "Id of the line"),
      field("quantity", &RefundedLine::quantity, "Number of units that were refunded"),
      field("amountCents", &RefundedLine::amount_cents,
            "Amount refunded for them, in minor units of the order's currency"),
      field("taxCents", &RefundedLine::tax_cents,
            "Part of the amount that is tax, in minor units of the order's currency"));
  return schema;
}

template <>
const Schema& schema_of<OrderRefund>() {
  static const Schema schema = make_schema<OrderRefund>(
      "OrderRefund", field("id", &OrderRefund::id, "The refund's id"),
      field("paymentId", &OrderRefund::payment_id, "Id of the payment that it is of"),
      field("state", &OrderRefund::state, "State of the refund"),
      field("amountCents", &OrderRefund::amount_cents,
            "Amount, in minor units of the order's currency"),
      field("taxCents", &OrderRefund::tax_cents,
            "Part of the amount that is tax, in minor units of the order's currency"),
      field("taxLines", &OrderRefund::tax_lines, "Tax in the amount, a line for each rate"),
      field("reason", &OrderRefund::reason, "Why it was made; may be empty"),
      field("lines", &OrderRefund::lines, "Units that it is for; empty if it is for an amount"),
      field("shippingCents", &OrderRefund::shipping_cents,
            "Part of the amount that is for shipping, in minor units of the order's currency"));
  return schema;
}

template <>
const Schema& schema_of<RefundLine>() {
  static const Schema schema = make_schema<RefundLine>(
      "RefundLine", required("lineItemId", &RefundLine::line_item_id, "Id of the line"),
      field("quantity", &RefundLine::quantity, "Number of units to refund, 1 to 10,000", kUnits));
  return schema;
}

template <>
const Schema& schema_of<Order>() {
  static const Schema schema = make_schema<Order>(
      "Order", FieldsOf<Cart>(),
      field(
          "number", &Order::number,
          "Random order number, hard to guess, made when the order is first placed; empty before"),
      field("userId", &Order::user_id, "User id of the owner; empty for a guest's order"),
      field("email", &Order::email,
            "Email address for messages about the order; empty if none is known"),
      field("taxId", &Order::tax_id, "Tax id of the business that buys; empty if none was given"),
      field("taxCalculationId", &Order::tax_calculation_id,
            "Id that the tax service gave its calculation; empty if the store's rates apply"),
      field("shippingAddress", &Order::shipping_address, "Shipping address; null until set"),
      field("billingAddress", &Order::billing_address,
            "Billing address, the shipping address if none was given; null until set"),
      field("shipment", &Order::shipment,
            "Chosen shipping method and its shipment; null until one is chosen"),
      field("payments", &Order::payments, "All payments of the order, oldest first"),
      field("refunds", &Order::refunds, "All refunds of the order, oldest first"),
      field("paidCents", &Order::paid_cents,
            "Amount captured less refunds, pending ones too, over all payments, in minor units of "
            "`currency`"),
      field(
          "missingCents", &Order::missing_cents,
          "Amount still to be paid, in minor units of `currency`; 0 unless in Payment or Confirm"),
      field("refundRequestedCents", &Order::refund_requested_cents,
            "Amount that staff must refund by hand, in minor units of `currency`; 0 once marked as "
            "refunded"),
      field("paymentDueAt", &Order::payment_due_at,
            "Payment deadline, in UTC, after which the order is reopened or canceled; null if "
            "there is none"),
      field("paymentStatus", &Order::payment_status,
            "Payment status, derived from payments, captures and refunds"),
      field("fulfillmentStatus", &Order::fulfillment_status,
            "Fulfillment status, derived from the order's inventory units"),
      field("placedAt", &Order::placed_at,
            "When it was last placed, in UTC; null for a cart, also if its payment ended without "
            "money"),
      field("completedAt", &Order::completed_at, "When it was completed, in UTC; null until then"));
  return schema;
}

template <>
const Schema& schema_of<ListOrders>() {
  static const Schema schema = make_schema<ListOrders>(
      "ListOrders",
      field("limit", &ListOrders::limit, "Maximum number of items in the page, 1 to 200",
            kPageSize),
      field("after", &ListOrders::after,
            "The `nextAfter` of the previous page; absent for the first page", kCursor));
  return schema;
}

template <>
const Schema& schema_of<OrderRef>() {
  static const Schema schema = make_schema<OrderRef>(
      "OrderRef", required("number", &OrderRef::number, "Number or id of the order", kOrderNumber));
  return schema;
}

template <>
const Schema& schema_of<ListAllOrders>() {
  static const Schema schema = make_schema<ListAllOrders>(
      "ListAllOrders",
      field("state", &ListAllOrders::state, "Only orders in this state; all if absent"),
      field("q", &ListAllOrders::q,
            "Search words, all found in the number, email, names, company, city, postal code or "
            "products",
            kSearch),
      field("userId", &ListAllOrders::user_id, "Only orders of this user; all if absent", kUserId),
      field("limit", &ListAllOrders::limit,
            "Maximum number of items in the page, 1 to 200; with `q` there may be fewer, even "
            "none, though more follow",
            kPageSize),
      field("after", &ListAllOrders::after,
            "The `nextAfter` of the previous page; absent for the first page", kCursor));
  return schema;
}

template <>
const Schema& schema_of<RefundOrder>() {
  static const Schema schema = make_schema<RefundOrder>(
      "RefundOrder",
      required("number", &RefundOrder::number, "Number or id of the order", kOrderNumber),
      field("amountCents", &RefundOrder::amount_cents,
            "Amount to refund, in minor units of the order's currency; without it and without "
            "`lines` and `shipping` all that is left",
            kPositiveCents),
      field("lines", &RefundOrder::lines,
            "Units to refund, at what was paid for them, instead of an amount", kRefundLines),
      field("shipping", &RefundOrder::shipping,
            "Whether to refund what was paid for shipping, too; not beside an amount"),
      field("currency", &RefundOrder::currency,
            "Currency of `amountCents`; must be the order's if given"),
      field("reason", &RefundOrder::reason,
            "Why, for the order's timeline, up to 500 characters; may be absent", kReason),
      field("cancel", &RefundOrder::cancel,
            "Whether to refund all, without `amountCents`, and cancel the order, which must not be "
            "shipped"));
  return schema;
}

template <>
const Schema& schema_of<MarkOrderPaid>() {
  static const Schema schema = make_schema<MarkOrderPaid>(
      "MarkOrderPaid",
      required("number", &MarkOrderPaid::number, "Number or id of the order", kOrderNumber),
      field(
          "amountCents", &MarkOrderPaid::amount_cents,
          "Amount received, in minor units of the order's currency; the amount requested if absent",
          kPositiveCents),
      field("currency", &MarkOrderPaid::currency,
            "Currency of `amountCents`; must be the order's if given"));
  return schema;
}

template <>
const Schema& schema_of<MarkOrderRefunded>() {
  static const Schema schema = make_schema<MarkOrderRefunded>(
      "MarkOrderRefunded",
      required("number", &MarkOrderRefunded::number, "Number or id of the order", kOrderNumber));
  return schema;
}

template <>
const Schema& schema_of<AcceptPayment>() {
  static const Schema schema = make_schema<AcceptPayment>(
      "AcceptPayment",
      required("number", &AcceptPayment::number, "Number or id of the order", kOrderNumber),
      field("reason", &AcceptPayment::reason,
            "Why, for the order's timeline, up to 500 characters; may be absent", kReason));
  return schema;
}

template <>
const Schema& schema_of<RequestPayment>() {
  static const Schema schema = make_schema<RequestPayment>(
      "RequestPayment",
      required("number", &RequestPayment::number, "Number or id of the order", kOrderNumber),
      field("paymentMethodId", &RequestPayment::payment_method_id,
            "Id of the payment method to use; absent: the one of the current payment"));
  return schema;
}

template <>
const Schema& schema_of<ShipOrder>() {
  static const Schema schema = make_schema<ShipOrder>(
      "ShipOrder",
      required("number", &ShipOrder::number, "Number or id of the order", kOrderNumber),
      required("trackingNumber", &ShipOrder::tracking_number,
               "Tracking number from the carrier, 1 to 100 characters", kTrackingNumber),
      field("carrier", &ShipOrder::carrier,
            "Name of the carrier, up to 100 characters; may be absent", kCarrier),
      field("shipUnpaid", &ShipOrder::ship_unpaid,
            "Whether to ship even if all of the money was refunded"));
  return schema;
}

template <>
const Schema& schema_of<ClaimOrders>() {
  static const Schema schema = make_schema<ClaimOrders>(
      "ClaimOrders",
      required("userId", &ClaimOrders::user_id, "Id of the user who gets the orders", kUserId),
      required("email", &ClaimOrders::email,
               "Email address of the orders, verified to be the user's; case does not matter",
               kEmail));
  return schema;
}

template <>
const Schema& schema_of<ClaimedOrders>() {
  static const Schema schema = make_schema<ClaimedOrders>(
      "ClaimedOrders",
      field("numbers", &ClaimedOrders::numbers, "Numbers of the orders, newest first, at most 100"),
      field("more", &ClaimedOrders::more, "Whether more orders are left for a further call"));
  return schema;
}

template <>
const Schema& schema_of<Timeline>() {
  static const Schema schema = make_schema<Timeline>(
      "Timeline", field("items", &Timeline::items, "Events of the order, oldest first"));
  return schema;
}

template <>
const Schema& schema_of<Page<Order>>() {
  static const Schema schema = make_page_schema<Order>();
  return schema;
}

}  // namespace resys::fields
