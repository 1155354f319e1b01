// The fields of the checkout.
#pragma once

#include "fields/customer.hpp"
#include "fields/order.hpp"
#include "fields/payment.hpp"
#include "resys/checkout.hpp"

namespace resys::fields {

template <>
struct Table<SetAddresses> {
  static constexpr std::string_view type = "SetAddresses";
  static constexpr auto rows = std::tuple{
      field("shippingAddressId", &SetAddresses::shipping_address_id,
            "from the user's address book"),
      field("billingAddressId", &SetAddresses::billing_address_id, "absent: the shipping address"),
      field("shippingAddress", &SetAddresses::shipping_address, "instead of an id"),
      field("billingAddress", &SetAddresses::billing_address, "instead of an id"),
      field("email", &SetAddresses::email, "where mail about the order goes; a guest must give one",
            kEmail)};
};

template <>
struct Table<ListShippingOptions> {
  static constexpr std::string_view type = "ListShippingOptions";
  static constexpr auto rows = std::tuple<>{};
};

template <>
struct Table<ShippingOption> {
  static constexpr std::string_view type = "ShippingOption";
  static constexpr auto rows = std::tuple{
      field("id", &ShippingOption::id, "its id"), field("name", &ShippingOption::name, "its name"),
      field("priceCents", &ShippingOption::price_cents, "for this cart")};
};

template <>
struct Table<SelectShippingMethod> {
  static constexpr std::string_view type = "SelectShippingMethod";
  static constexpr auto rows = std::tuple{required(
      "shippingMethodId", &SelectShippingMethod::shipping_method_id, "one of those offered")};
};

template <>
struct Table<ListOfferedPaymentMethods> {
  static constexpr std::string_view type = "ListOfferedPaymentMethods";
  static constexpr auto rows = std::tuple<>{};
};

template <>
struct Table<PlaceOrder> {
  static constexpr std::string_view type = "PlaceOrder";
  static constexpr auto rows =
      std::tuple{field("paymentMethodId", &PlaceOrder::payment_method_id,
                       "one of those offered; needed unless the total is zero"),
                 field("returnUrl", &PlaceOrder::return_url,
                       "where the processor's page sends the shopper back to", kUrl),
                 field("acceptTotalCents", &PlaceOrder::accept_total_cents,
                       "newTotalCents of a price_changed answer: takes the new prices", kCents),
                 field("currency", &PlaceOrder::currency, "of `acceptTotalCents`: the order's")};
};

template <>
struct Table<PlacedPayment> {
  static constexpr std::string_view type = "PlacedPayment";
  static constexpr auto rows =
      std::tuple{field("id", &PlacedPayment::id, "its id"),
                 field("state", &PlacedPayment::state, "where in its life it is"),
                 field("processor", &PlacedPayment::processor, "who takes the money"),
                 field("clientSecret", &PlacedPayment::client_secret,
                       "for the processor's own form; empty where there is none"),
                 field("amountCents", &PlacedPayment::amount_cents, "what is to be paid"),
                 field("currency", &PlacedPayment::currency, "ISO 4217 code"),
                 field("instructions", &PlacedPayment::instructions,
                       "how to pay; the reference is the order's number. Empty: nothing to tell"),
                 field("dueAt", &PlacedPayment::due_at,
                       "until when the payment is awaited; null: there is no deadline")};
};

template <>
struct Table<Placement> {
  static constexpr std::string_view type = "Placement";
  static constexpr auto rows =
      std::tuple{field("order", &Placement::order, "as placed"),
                 field("payment", &Placement::payment, "null where the total is zero"),
                 field("reservationExpiresAt", &Placement::reservation_expires_at,
                       "until when the stock is held; null: without a deadline")};
};

template <>
struct Table<PayOrder> {
  static constexpr std::string_view type = "PayOrder";
  static constexpr auto rows =
      std::tuple{required("number", &PayOrder::number, "the order's number or id", kOrderNumber),
                 required("paymentMethodId", &PayOrder::payment_method_id, "one of those offered"),
                 field("returnUrl", &PayOrder::return_url,
                       "where the processor's page sends the shopper back to", kUrl)};
};

template <>
struct Table<ReopenOrder> {
  static constexpr std::string_view type = "ReopenOrder";
  static constexpr auto rows = std::tuple<>{};
};

}  // namespace resys::fields
