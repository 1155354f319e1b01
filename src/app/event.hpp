// The outbox: events are rows of the transaction that causes them; handlers are told after it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/context.hpp"

namespace resys::app {

// Writes the event, as the next of its order, and a delivery per handler that wants it. The caller
// holds the order's root row.
void record_event(db::Transaction& tx, const Context& context, std::string_view store,
                  const OrderId& order, EventType type, const Options& facts, Timestamp now);

// Runs handlers of deliveries that are due, at most `limit`; answers how many it ran, failures
// included. Any number of threads and processes at once: a delivery is leased to one of them.
Result<std::int64_t> deliver_events(Context& context, const std::string& store, std::int64_t limit);

// What a built-in handler answers when trying again cannot help: the delivery is dead at once.
Error give_up(Error error);

}  // namespace resys::app
