// The outbox. An event is written in the transaction that causes it, and handlers receive it after
// the commit.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/actor.hpp"
#include "base/context.hpp"

namespace resys::app {

// Writes the event as the next one of its order, and a delivery for each handler that wants it. The
// scope's actor has caused it. The caller has locked the order's root row.
void record_event(const Scope& scope, const OrderId& order, EventType type, const Pairs& facts);

// Delivers the event that has been due for longest to the handler, and records a failure. Returns
// false if nothing is due. Any number of threads and processes may call this at once, because each
// delivery is leased to one of them.
Result<bool> deliver_next(Context& context, const std::string& store, const EventHandler& handler);

// A built-in handler returns this error when another attempt cannot help. The delivery is dead at
// once.
Error give_up(Error error);

}  // namespace resys::app
