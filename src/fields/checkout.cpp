// The fields of the checkout.
#include "fields/checkout.hpp"

#include "fields/customer.hpp"
#include "fields/make_schema.hpp"
#include "fields/order.hpp"
#include "fields/payment.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<SetAddresses>() {
  static const Schema schema = make_schema<SetAddresses>(
      "SetAddresses",
      field("shippingAddressId", &SetAddresses::shipping_address_id,
            "from the user's address book"),
      field("billingAddressId", &SetAddresses::billing_address_id, "absent: the shipping address"),
      field("shippingAddress", &SetAddresses::shipping_address, "instead of an id"),
      field("billingAddress", &SetAddresses::billing_address, "instead of an id"),
      field("email", &SetAddresses::email, "where mail about the order goes; a guest must give one",
            kEmail));
  return schema;
}

template <>
const Schema& schema_of<ListShippingOptions>() {
  static const Schema schema = make_schema<ListShippingOptions>("ListShippingOptions");
  return schema;
}

template <>
const Schema& schema_of<ShippingOption>() {
  static const Schema schema = make_schema<ShippingOption>(
      "ShippingOption", field("id", &ShippingOption::id, "its id"),
      field("name", &ShippingOption::name, "its name"),
      field("priceCents", &ShippingOption::price_cents, "for this cart"));
  return schema;
}

template <>
const Schema& schema_of<SelectShippingMethod>() {
  static const Schema schema = make_schema<SelectShippingMethod>(
      "SelectShippingMethod",
      required("shippingMethodId", &SelectShippingMethod::shipping_method_id,
               "one of those offered"));
  return schema;
}

template <>
const Schema& schema_of<ListOfferedPaymentMethods>() {
  static const Schema schema = make_schema<ListOfferedPaymentMethods>("ListOfferedPaymentMethods");
  return schema;
}

template <>
const Schema& schema_of<PlaceOrder>() {
  static const Schema schema = make_schema<PlaceOrder>(
      "PlaceOrder",
      field("paymentMethodId", &PlaceOrder::payment_method_id,
            "one of those offered; needed unless the total is zero"),
      field("returnUrl", &PlaceOrder::return_url,
            "where the processor's page sends the shopper back to", kUrl),
      field("acceptTotalCents", &PlaceOrder::accept_total_cents,
            "newTotalCents of a price_changed answer: takes the new prices", kCents),
      field("currency", &PlaceOrder::currency, "of `acceptTotalCents`: the order's"));
  return schema;
}

template <>
const Schema& schema_of<PlacedPayment>() {
  static const Schema schema = make_schema<PlacedPayment>(
      "PlacedPayment", field("id", &PlacedPayment::id, "its id"),
      field("state", &PlacedPayment::state, "where in its life it is"),
      field("processor", &PlacedPayment::processor, "who takes the money"),
      field("clientSecret", &PlacedPayment::client_secret,
            "for the processor's own form; empty where there is none"),
      field("amountCents", &PlacedPayment::amount_cents, "what is to be paid"),
      field("currency", &PlacedPayment::currency, "ISO 4217 code"),
      field("instructions", &PlacedPayment::instructions,
            "how to pay; the reference is the order's number. Empty: nothing to tell"),
      field("dueAt", &PlacedPayment::due_at,
            "until when the payment is awaited; null: there is no deadline"));
  return schema;
}

template <>
const Schema& schema_of<Placement>() {
  static const Schema schema =
      make_schema<Placement>("Placement", field("order", &Placement::order, "as placed"),
                             field("payment", &Placement::payment, "null where the total is zero"),
                             field("reservationExpiresAt", &Placement::reservation_expires_at,
                                   "until when the stock is held; null: without a deadline"));
  return schema;
}

template <>
const Schema& schema_of<PayOrder>() {
  static const Schema schema = make_schema<PayOrder>(
      "PayOrder", required("number", &PayOrder::number, "the order's number or id", kOrderNumber),
      required("paymentMethodId", &PayOrder::payment_method_id, "one of those offered"),
      field("returnUrl", &PayOrder::return_url,
            "where the processor's page sends the shopper back to", kUrl));
  return schema;
}

template <>
const Schema& schema_of<ReopenOrder>() {
  static const Schema schema = make_schema<ReopenOrder>("ReopenOrder");
  return schema;
}

template <>
const Schema& schema_of<Page<ShippingOption>>() {
  static const Schema schema = make_page_schema<ShippingOption>();
  return schema;
}

}  // namespace resys::fields
