// Orders and carts as callers see them, built from rows.
#pragma once

#include <string_view>

#include "app/open_order.hpp"
#include "resys/order.hpp"

namespace resys::app {

// `now`: of what placing would say.
Cart view_cart(db::Transaction& tx, std::string_view store, const OrderContents& order,
               Timestamp now);
Order view_order(db::Transaction& tx, std::string_view store, const OrderContents& order,
                 store::OrderAddresses addresses, Timestamp now);
Order view_order(db::Transaction& tx, std::string_view store, store::OrderRow row, Timestamp now);

// not_found if it is not there: an abandoned cart is cleared one day.
Result<Cart> load_cart(db::Transaction& tx, std::string_view store, const OrderId& id,
                       Timestamp now);
Result<Order> load_order(db::Transaction& tx, std::string_view store, const OrderId& id,
                         Timestamp now);
// In a transaction of its own; number and owner as require_order takes them.
Result<Order> read_order(Context& context, const Caller& caller, const std::string& number,
                         const Caller* owner);

}  // namespace resys::app
