// Operations from cart to paid order.
#include "fields/checkout.hpp"

#include "api/operation.hpp"

namespace resys::api {

std::vector<Operation> checkout_operations() {
  return {
      operation(
          "checkout.setAddresses", "POST /api/storefront/checkout/addresses",
          &Checkout::set_addresses, &Shop::checkout, Audience::shopper,
          "Sets where the order goes. Leads to Address; an earlier shipping choice is dropped.",
          {Errc::unauthenticated, Errc::not_found, Errc::invalid_state}),
      operation("checkout.listShippingMethods", "GET /api/storefront/checkout/shipping-methods",
                &Checkout::list_shipping_options, &Shop::checkout, Audience::shopper,
                "Lists the shipping methods that serve the address and cart, with their prices.",
                {Errc::unauthenticated, Errc::invalid_state}),
      operation("checkout.selectShippingMethod", "POST /api/storefront/checkout/shipping-method",
                &Checkout::select_shipping_method, &Shop::checkout, Audience::shopper,
                "Chooses a shipping method. Leads to Delivery.",
                {Errc::unauthenticated, Errc::not_found, Errc::invalid_state}),
      operation("checkout.listPaymentMethods", "GET /api/storefront/checkout/payment-methods",
                &Checkout::list_payment_methods, &Shop::checkout, Audience::shopper,
                "Lists the ways to pay.", {Errc::unauthenticated}),
      operation("checkout.placeOrder", "POST /api/storefront/checkout/place-order",
                &Checkout::place, &Shop::checkout, Audience::shopper,
                "Reserves the stock, creates the payment and answers its client secret.",
                {Errc::unauthenticated, Errc::not_found, Errc::invalid_state, Errc::price_changed,
                 Errc::insufficient_stock, Errc::coupon_invalid, Errc::unsupported_currency,
                 Errc::payment_declined, Errc::processor_unavailable, Errc::outcome_unknown}),
      operation(
          "checkout.payOrder", "POST /api/storefront/orders/{number}/pay", &Checkout::pay,
          &Shop::checkout, Audience::shopper,
          "Begins a further payment: another way to pay, or of what is missing.",
          {Errc::unauthenticated, Errc::not_found, Errc::invalid_state, Errc::unsupported_currency,
           Errc::payment_declined, Errc::processor_unavailable, Errc::outcome_unknown}),
      operation(
          "checkout.reopen", "POST /api/storefront/checkout/reopen", &Checkout::reopen,
          &Shop::checkout, Audience::shopper,
          "Gives the unpaid order back for changes, once no money can come. Leads to Delivery.",
          {Errc::unauthenticated, Errc::not_found, Errc::invalid_state, Errc::processor_unavailable,
           Errc::outcome_unknown}),
  };
}

}  // namespace resys::api
