// Operations from cart to paid order.
#include "order/checkout_fields.hpp"

#include "api/operation.hpp"

namespace resys::api {
std::vector<Operation> checkout_operations() {
  return {
      row<&Shop::checkout>(
          "checkout.setAddresses", "POST /api/storefront/checkout/addresses",
          &Checkout::set_addresses,
          "Sets the addresses, drops the shipping choice and moves the order to Address.",
          {Errc::unauthenticated, Errc::not_found, Errc::invalid_state}),
      row<&Shop::checkout>(
          "checkout.listShippingMethods", "GET /api/storefront/checkout/shipping-methods",
          &Checkout::list_shipping_methods,
          "Lists the shipping methods for the address and cart, with their prices.",
          {Errc::unauthenticated, Errc::invalid_state, Errc::too_large}),
      row<&Shop::checkout>("checkout.selectShippingMethod",
                           "POST /api/storefront/checkout/shipping-method",
                           &Checkout::select_shipping_method,
                           "Chooses a shipping method and moves the order to Delivery.",
                           {Errc::unauthenticated, Errc::not_found, Errc::invalid_state}),
      row<&Shop::checkout>(
          "checkout.listPaymentMethods", "GET /api/storefront/checkout/payment-methods",
          &Checkout::list_payment_methods, "Lists the payment methods that the shopper can use.",
          {Errc::unauthenticated}),
      row<&Shop::checkout>(
          "checkout.placeOrder", "POST /api/storefront/checkout/place-order",
          &Checkout::place_order,
          "Reserves the stock, creates the payment and returns its client secret.",
          {Errc::unauthenticated, Errc::not_found, Errc::invalid_state, Errc::price_changed,
           Errc::insufficient_stock, Errc::coupon_invalid, Errc::unsupported_currency,
           Errc::payment_declined, Errc::processor_unavailable, Errc::outcome_unknown}),
      row<&Shop::checkout>(
          "checkout.payOrder", "POST /api/storefront/orders/{number}/pay", &Checkout::pay_order,
          "Begins a further payment: by another method, or of the missing amount.",
          {Errc::unauthenticated, Errc::not_found, Errc::invalid_state, Errc::unsupported_currency,
           Errc::payment_declined, Errc::processor_unavailable, Errc::outcome_unknown}),
      row<&Shop::checkout>(
          "checkout.reopen", "POST /api/storefront/checkout/reopen", &Checkout::reopen,
          "Moves the unpaid order back to Delivery for changes, once no money can come.",
          {Errc::unauthenticated, Errc::invalid_state, Errc::processor_unavailable,
           Errc::outcome_unknown}),
  };
}

}  // namespace resys::api
