// Orders and carts as callers see them, built from rows.
#pragma once

#include <string_view>

#include "app/open_order.hpp"
#include "resys/order.hpp"

namespace resys::app {

// `now` is the time for which placing is appraised.
Cart view_cart(db::Transaction& tx, std::string_view store, const OrderContents& order,
               Timestamp now);
Order view_order(db::Transaction& tx, std::string_view store, const OrderContents& order,
                 store::OrderAddresses addresses, Timestamp now);
Order view_order(db::Transaction& tx, std::string_view store, store::OrderRow row, Timestamp now);

// not_found if the cart is gone: an abandoned cart is deleted some day.
Result<Cart> load_cart(db::Transaction& tx, std::string_view store, const OrderId& id,
                       Timestamp now);
Result<Order> load_order(db::Transaction& tx, std::string_view store, const OrderId& id,
                         Timestamp now);
// Reads in a transaction of its own. Number and owner are those of require_order().
Result<Order> read_order(Context& context, const Caller& caller, const std::string& number,
                         const Caller* owner);

}  // namespace resys::app
