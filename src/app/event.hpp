// The outbox: events are rows of the transaction that causes them; handlers are told after it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/context.hpp"
#include "store/actor.hpp"

namespace resys::app {

// Writes the event, as the next of its order, and a delivery per handler that wants it. The caller
// holds the order's root row.
void record_event(db::Transaction& tx, const Context& context, std::string_view store,
                  const OrderId& order, EventType type, const Options& facts,
                  const store::ActorRef& actor, Timestamp now);

// Tells the handler of the event that it has been due for longest; a failure is recorded. False if
// nothing is due. Any number of threads and processes at once: a delivery is leased to one of them.
Result<bool> deliver_next(Context& context, const std::string& store, const EventHandler& handler);

// What a built-in handler answers when trying again cannot help: the delivery is dead at once.
Error give_up(Error error);

}  // namespace resys::app
