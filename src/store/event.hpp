// Events and their deliveries.
#pragma once

#include <string_view>
#include <vector>

#include "db/database.hpp"
#include "resys/event.hpp"

namespace resys::store {

// All of an order's events, oldest first.
std::vector<Event> list_events(db::Transaction& tx, std::string_view store, const OrderId& order);

}  // namespace resys::store
