// The rules of orders that need nothing but their arguments: transitions, derived statuses.
#pragma once

#include <cstdint>
#include <vector>

#include "resys/inventory.hpp"
#include "resys/order.hpp"

namespace resys::domain {

// The next state, or invalid_state with `state` and `event`; in Payment with the hint that
// reopening the order would help.
Result<OrderState> transition(OrderState from, OrderEvent event);

// `missing_cents`: what is still to be paid.
PaymentStatus payment_status(const std::vector<OrderPayment>& payments, std::int64_t total_cents,
                             std::int64_t missing_cents);
FulfillmentStatus fulfillment_status(const std::vector<InventoryUnit>& units, bool was_shipped);

}  // namespace resys::domain
