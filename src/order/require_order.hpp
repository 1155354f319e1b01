// What the commands on orders and carts share: whose order it is, and how the result is made.
#pragma once

#include <string_view>

#include "base/command.hpp"
#include "order/rows.hpp"

namespace resys::app {

// invalid_state with `state` and `event`, for refusals that the table of transitions does not
// contain.
Error wrong_state(const rows::OrderRow& row, OrderEvent event, std::string message);

// The user if the caller is signed in, else the session.
rows::Identity identity_of(const Caller& caller);

// Whether a placed order belongs to the caller's user or session.
bool owns(const Caller& caller, const rows::OrderRow& row);

// Finds an order by its number, or by its id, which events carry. If `owner` is not null, the order
// must be theirs. Error: not_found.
Result<rows::OrderRow> require_order(const Scope& scope, const std::string& number,
                                     const Caller* owner);

}  // namespace resys::app
