// Operations from cart to paid order.
#include "fields/checkout.hpp"

#include "api/operation.hpp"

namespace resys::api {

std::vector<Operation> checkout_operations() {
  return {
      operation("checkout.setAddresses", "POST /api/storefront/checkout/addresses",
                &Checkout::set_addresses, &Shop::checkout, Audience::shopper,
                "Sets the addresses, drops the shipping choice and moves the order to Address.",
                {Errc::unauthenticated, Errc::not_found, Errc::invalid_state}),
      operation("checkout.listShippingMethods", "GET /api/storefront/checkout/shipping-methods",
                &Checkout::list_shipping_options, &Shop::checkout, Audience::shopper,
                "Lists the shipping methods for the address and cart, with their prices.",
                {Errc::unauthenticated, Errc::invalid_state, Errc::too_large}),
      operation("checkout.selectShippingMethod", "POST /api/storefront/checkout/shipping-method",
                &Checkout::select_shipping_method, &Shop::checkout, Audience::shopper,
                "Chooses a shipping method and moves the order to Delivery.",
                {Errc::unauthenticated, Errc::not_found, Errc::invalid_state}),
      operation("checkout.listPaymentMethods", "GET /api/storefront/checkout/payment-methods",
                &Checkout::list_payment_methods, &Shop::checkout, Audience::shopper,
                "Lists the payment methods that the shopper can use.", {Errc::unauthenticated}),
      operation("checkout.placeOrder", "POST /api/storefront/checkout/place-order",
                &Checkout::place, &Shop::checkout, Audience::shopper,
                "Reserves the stock, creates the payment and returns its client secret.",
                {Errc::unauthenticated, Errc::not_found, Errc::invalid_state, Errc::price_changed,
                 Errc::insufficient_stock, Errc::coupon_invalid, Errc::unsupported_currency,
                 Errc::payment_declined, Errc::processor_unavailable, Errc::outcome_unknown}),
      operation(
          "checkout.payOrder", "POST /api/storefront/orders/{number}/pay", &Checkout::pay,
          &Shop::checkout, Audience::shopper,
          "Begins a further payment: by another method, or of the missing amount.",
          {Errc::unauthenticated, Errc::not_found, Errc::invalid_state, Errc::unsupported_currency,
           Errc::payment_declined, Errc::processor_unavailable, Errc::outcome_unknown}),
      operation("checkout.reopen", "POST /api/storefront/checkout/reopen", &Checkout::reopen,
                &Shop::checkout, Audience::shopper,
                "Moves the unpaid order back to Delivery for changes, once no money can come.",
                {Errc::unauthenticated, Errc::invalid_state, Errc::processor_unavailable,
                 Errc::outcome_unknown}),
  };
}

}  // namespace resys::api
