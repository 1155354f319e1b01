// Orders and carts as callers see them, built from rows.
#pragma once

#include <string_view>

#include "db/database.hpp"
#include "resys/order.hpp"

namespace resys::app {

// not_found if it is not there: an abandoned cart is cleared one day.
Result<Cart> load_cart(db::Transaction& tx, std::string_view store, const OrderId& id);
Result<Order> load_order(db::Transaction& tx, std::string_view store, const OrderId& id);

}  // namespace resys::app
