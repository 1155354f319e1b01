// Orders and carts as callers see them, built from rows.
#pragma once

#include <string_view>
#include <vector>

#include "resys/order.hpp"
#include "store/order.hpp"

namespace resys::app {

// From what the caller has of the order; the rest is read.
Cart view_cart(db::Transaction& tx, std::string_view store, const store::OrderRow& row,
               const std::vector<store::OrderCouponRow>& coupons);
Order view_order(db::Transaction& tx, std::string_view store, const store::OrderRow& row,
                 const std::vector<store::OrderCouponRow>& coupons,
                 store::OrderAddresses addresses);
Order view_order(db::Transaction& tx, std::string_view store, const store::OrderRow& row);

// not_found if it is not there: an abandoned cart is cleared one day.
Result<Cart> load_cart(db::Transaction& tx, std::string_view store, const OrderId& id);
Result<Order> load_order(db::Transaction& tx, std::string_view store, const OrderId& id);

}  // namespace resys::app
