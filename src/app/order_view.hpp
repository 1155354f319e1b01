// Orders and carts as callers see them, built from rows.
#pragma once

#include <string_view>

#include "db/database.hpp"
#include "resys/order.hpp"

namespace resys::app {

// The order must exist.
Cart load_cart(db::Transaction& tx, std::string_view store, const OrderId& id);
Order load_order(db::Transaction& tx, std::string_view store, const OrderId& id);

}  // namespace resys::app
