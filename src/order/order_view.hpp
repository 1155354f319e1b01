// Orders and carts as callers see them, built from rows.
#pragma once

#include <string_view>

#include "order/open_order.hpp"
#include "resys/order.hpp"

namespace resys::app {

// `now` is the time for which placing is appraised.
Cart view_cart(const Scope& scope, const OrderContents& order);
Order view_order(const Scope& scope, const OrderContents& order, rows::OrderAddresses addresses);
Order view_order(const Scope& scope, rows::OrderRow row);

// not_found if the cart is gone: an abandoned cart is deleted some day.
Result<Cart> load_cart(const Scope& scope, const OrderId& id);
Result<Order> load_order(const Scope& scope, const OrderId& id);
// Reads in a transaction of its own. Number and owner are those of require_order().
Result<Order> read_order(Context& context, const Caller& caller, const std::string& number,
                         const Caller* owner);
// The same, as an explanation.
Result<OrderExplanation> explain_order(Context& context, const Caller& caller,
                                       const std::string& number, const Caller* owner);

}  // namespace resys::app
