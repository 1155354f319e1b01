// What the commands on orders and carts share: whose order it is, and its totals.
#pragma once

#include <string_view>

#include "app/command.hpp"
#include "store/order.hpp"

namespace resys::app {

// invalid_state with `state` and `event`, for what the table of transitions does not say.
Error wrong_state(const store::OrderRow& row, OrderEvent event, std::string message);

// The user's if the caller is signed in, else the session's.
store::Identity identity_of(const Caller& caller);

// Whether a placed order is the caller's own: their user's, or their session's.
bool owns(const Caller& caller, const store::OrderRow& row);

// Sets the line's price and with it its total; too_large beyond kMaxMinor.
Result<void> price_line(store::LineRow& line, Money unit_price);

// Sets the row's totals from its lines, coupons and shipping method as they stand in the database,
// and writes the coupons' discounts. The row itself is for the caller to save. too_large.
Result<void> recompute(db::Transaction& tx, std::string_view store, store::OrderRow& row,
                       Timestamp now);

}  // namespace resys::app
