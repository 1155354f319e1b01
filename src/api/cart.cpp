// Operations on the caller's cart.
#include "fields/cart.hpp"

#include "api/operation.hpp"

namespace resys::api {

std::vector<Operation> cart_operations() {
  return {
      operation("cart.get", "GET /api/storefront/cart", &Carts::get, &Shop::carts,
                Audience::shopper, "Returns the cart, or an empty one if there is none.",
                {Errc::unauthenticated}),
      operation("cart.addItem", "POST /api/storefront/cart/items", &Carts::add_item, &Shop::carts,
                Audience::shopper,
                "Adds units of a variant to the cart, and creates the cart if there is none.",
                {Errc::unauthenticated, Errc::not_found, Errc::invalid_state,
                 Errc::unsupported_currency, Errc::too_large}),
      operation("cart.changeItem", "PATCH /api/storefront/cart/items/{lineItemId}",
                &Carts::change_item, &Shop::carts, Audience::shopper,
                "Sets the quantity of a line, at the current price.",
                {Errc::unauthenticated, Errc::not_found, Errc::invalid_state, Errc::too_large}),
      operation("cart.removeItem", "DELETE /api/storefront/cart/items/{lineItemId}",
                &Carts::remove_item, &Shop::carts, Audience::shopper,
                "Removes a line from the cart.",
                {Errc::unauthenticated, Errc::not_found, Errc::invalid_state}),
      operation(
          "cart.applyCoupon", "POST /api/storefront/cart/coupons", &Carts::apply_coupon,
          &Shop::carts, Audience::shopper, "Applies a discount code to the cart.",
          {Errc::unauthenticated, Errc::coupon_invalid, Errc::not_found, Errc::invalid_state}),
      operation("cart.removeCoupon", "DELETE /api/storefront/cart/coupons/{code}",
                &Carts::remove_coupon, &Shop::carts, Audience::shopper,
                "Removes a discount code from the cart.",
                {Errc::unauthenticated, Errc::not_found, Errc::invalid_state}),
      operation("cart.merge", "POST /api/storefront/cart/merge", &Carts::merge, &Shop::carts,
                Audience::shopper,
                "Moves the guest's cart and placed orders to the user who has signed in.",
                {Errc::unauthenticated, Errc::invalid_state}),
  };
}

}  // namespace resys::api
