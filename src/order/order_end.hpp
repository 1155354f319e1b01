// What an order takes and gives back beside its stock: the uses of its promotions. And its cancel.
#pragma once

#include "order/open_order.hpp"

namespace resys::app {

// Takes one use of each of the order's promotions that gives something. Nothing is taken if one is
// used up, which only happens if another transaction was faster: coupon_invalid for a code; busy
// for a promotion without one, because whoever tries again learns the new total. Uses are counted
// for the user and for the e-mail address.
Result<void> take_promotion_uses(const Scope& scope, OrderContents& order);
void return_promotion_uses(const Scope& scope, const rows::OrderRow& order);

// Cancels an order without a payment that has to end first, and returns its stock and its uses of
// promotions. The caller saves the row. The scope's actor cancels it.
void cancel_order(const Scope& scope, rows::OrderRow& order, OrderEvent event, Pairs facts);

}  // namespace resys::app
