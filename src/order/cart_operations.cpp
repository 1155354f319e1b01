// Operations on the caller's cart.
#include "order/cart_fields.hpp"

#include "api/operation.hpp"

namespace resys::api {
std::vector<Operation> cart_operations() {
  return {
      row<&Shop::cart>("cart.get", "GET /api/storefront/cart", &Carts::get,
                       "Returns the cart, or an empty one if there is none.",
                       {Errc::unauthenticated}),
      row<&Shop::cart>(
          "cart.addItem", "POST /api/storefront/cart/items", &Carts::add_item,
          "Adds units of a variant to the cart, and creates the cart if there is none.",
          {Errc::unauthenticated, Errc::not_found, Errc::invalid_state, Errc::unsupported_currency,
           Errc::too_large}),
      row<&Shop::cart>(
          "cart.changeItem", "PATCH /api/storefront/cart/items/{lineItemId}", &Carts::change_item,
          "Sets the quantity of a line, at the current price.",
          {Errc::unauthenticated, Errc::not_found, Errc::invalid_state, Errc::too_large}),
      row<&Shop::cart>("cart.removeItem", "DELETE /api/storefront/cart/items/{lineItemId}",
                       &Carts::remove_item, "Removes a line from the cart.",
                       {Errc::unauthenticated, Errc::not_found, Errc::invalid_state}),
      row<&Shop::cart>("cart.applyCoupon", "POST /api/storefront/cart/coupons",
                       &Carts::apply_coupon,
                       "Enters a promotion's code, which applies while it can.",
                       {Errc::unauthenticated, Errc::coupon_invalid, Errc::not_found,
                        Errc::invalid_state, Errc::too_large}),
      row<&Shop::cart>("cart.removeCoupon", "DELETE /api/storefront/cart/coupons/{code}",
                       &Carts::remove_coupon, "Removes a discount code from the cart.",
                       {Errc::unauthenticated, Errc::not_found, Errc::invalid_state}),
      row<&Shop::cart>("cart.merge", "POST /api/storefront/cart/merge", &Carts::merge,
                       "Moves the guest's cart and placed orders to the user who has signed in.",
                       {Errc::unauthenticated, Errc::invalid_state}),
  };
}

}  // namespace resys::api
