// The fields of the checkout.
#include "order/checkout_fields.hpp"

#include "base/make_schema.hpp"
#include "customer/fields.hpp"
#include "order/fields.hpp"
#include "payment/fields.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<SetAddresses>() {
  static const Schema schema = make_schema<SetAddresses>(
      "SetAddresses",
      field("shippingAddressId", &SetAddresses::shipping_address_id,
            "Id from the user's address book; give this or `shippingAddress`"),
      field("billingAddressId", &SetAddresses::billing_address_id,
            "Id from the user's address book; without any billing address, the shipping address is "
            "used"),
      field("shippingAddress", &SetAddresses::shipping_address,
            "Shipping address given inline; give this or `shippingAddressId`"),
      field("billingAddress", &SetAddresses::billing_address,
            "Billing address given inline; give this or `billingAddressId`, not both"),
      field("taxId", &SetAddresses::tax_id,
            "Tax id of a business that buys, with its country's prefix; empty: none; as before if "
            "absent",
            kTaxId),
      field("email", &SetAddresses::email,
            "Email address for messages about the order; required for guests; unchanged if absent",
            kEmail));
  return schema;
}

template <>
const Schema& schema_of<ListOfferedShippingMethods>() {
  static const Schema schema =
      make_schema<ListOfferedShippingMethods>("ListOfferedShippingMethods");
  return schema;
}

template <>
const Schema& schema_of<OfferedShippingMethod>() {
  static const Schema schema = make_schema<OfferedShippingMethod>(
      "OfferedShippingMethod", field("id", &OfferedShippingMethod::id, "The shipping method's id"),
      field("name", &OfferedShippingMethod::name, "Name shown to shoppers"),
      field("priceCents", &OfferedShippingMethod::price_cents,
            "Price of shipping this cart, in minor units of the cart's currency"));
  return schema;
}

template <>
const Schema& schema_of<SelectShippingMethod>() {
  static const Schema schema = make_schema<SelectShippingMethod>(
      "SelectShippingMethod",
      required("shippingMethodId", &SelectShippingMethod::shipping_method_id,
               "Id of one of the listed shipping methods"));
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
            "Id of one of the listed payment methods; required unless the total is 0"),
      field("returnUrl", &PlaceOrder::return_url,
            "URL, up to 2,000 characters, to which the processor's page sends the shopper back; "
            "may be absent",
            kUrl),
      field("acceptTotalCents", &PlaceOrder::accept_total_cents,
            "New total, in minor units of the order's currency, if changed prices are accepted; "
            "see `newTotalCents`",
            kCents),
      field("currency", &PlaceOrder::currency,
            "Currency of `acceptTotalCents`; must be the order's if given"));
  return schema;
}

template <>
const Schema& schema_of<PlacedPayment>() {
  static const Schema schema = make_schema<PlacedPayment>(
      "PlacedPayment", field("id", &PlacedPayment::id, "The payment's id"),
      field("state", &PlacedPayment::state, "State of the payment"),
      field("processor", &PlacedPayment::processor,
            "Name of the payment processor, such as stripe"),
      field("clientSecret", &PlacedPayment::client_secret,
            "Secret for the processor's own form; empty if there is none or the payment has ended"),
      field("amountCents", &PlacedPayment::amount_cents,
            "Amount to pay, in minor units of `currency`"),
      field("currency", &PlacedPayment::currency, "ISO 4217 code of the amount"),
      field("instructions", &PlacedPayment::instructions,
            "How to pay; the order's number is the reference. Empty if there is nothing to tell"),
      field("dueAt", &PlacedPayment::due_at,
            "Deadline for the payment, in UTC; null if there is none"));
  return schema;
}

template <>
const Schema& schema_of<Placement>() {
  static const Schema schema = make_schema<Placement>(
      "Placement", field("order", &Placement::order, "The order as placed"),
      field("payment", &Placement::payment, "The payment; null if the total is 0"),
      field("reservationExpiresAt", &Placement::reservation_expires_at,
            "When unpaid stock is released, in UTC; null if there is no such deadline"));
  return schema;
}

template <>
const Schema& schema_of<PayOrder>() {
  static const Schema schema = make_schema<PayOrder>(
      "PayOrder", required("number", &PayOrder::number, "Number or id of the order", kOrderNumber),
      required("paymentMethodId", &PayOrder::payment_method_id,
               "Id of one of the listed payment methods"),
      field("returnUrl", &PayOrder::return_url,
            "URL, up to 2,000 characters, to which the processor's page sends the shopper back; "
            "may be absent",
            kUrl));
  return schema;
}

template <>
const Schema& schema_of<ReopenOrder>() {
  static const Schema schema = make_schema<ReopenOrder>("ReopenOrder");
  return schema;
}

template <>
const Schema& schema_of<Page<OfferedShippingMethod>>() {
  static const Schema schema = make_page_schema<OfferedShippingMethod>();
  return schema;
}

}  // namespace resys::fields
