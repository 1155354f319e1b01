// Orders that guests have placed become those of a user.
#pragma once

#include <string>

#include "base/context.hpp"
#include "order/rows.hpp"
#include "resys/order.hpp"

namespace resys::app {

// Gives the user the guest's orders that are past their payment, at most kMaxClaimedOrders of them.
// Their uses of promotions become the user's, too.
ClaimedOrders claim_orders(const Scope& scope, const std::string& user_id,
                           const rows::Guest& guest);

}  // namespace resys::app
