// What an order takes and gives back beside its stock: the uses of its coupons. And its cancel.
#pragma once

#include <vector>

#include "order/rows.hpp"

namespace resys::app {

// Takes one use of each of the order's coupons that gives a discount; coupon_invalid, and nothing
// is taken, if one is used up. The customer is the user, or the guest's e-mail address.
Result<void> take_coupon_uses(const Scope& scope, const rows::OrderRow& row,
                              std::vector<rows::OrderCouponRow>& coupons);
void return_coupon_uses(const Scope& scope, const rows::OrderRow& order);

// Cancels an order without a payment that has to end first, and returns its stock and its coupon
// uses. The caller saves the row. The scope's actor cancels it.
void cancel_order(const Scope& scope, rows::OrderRow& order, OrderEvent event, Pairs facts);

}  // namespace resys::app
