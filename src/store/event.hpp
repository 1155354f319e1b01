// Events and their deliveries.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/database.hpp"
#include "resys/event.hpp"
#include "store/actor.hpp"

namespace resys::store {

// Writes the event as the next of its order, whose root row the caller holds. The actor is given
// apart; what the order says by itself is not written.
void insert_event(db::Transaction& tx, std::string_view store, const Event& event,
                  const ActorRef& actor);
// All of an order's events, oldest first.
std::vector<Event> list_events(db::Transaction& tx, std::string_view store, const OrderId& order);

// A delivery of the event that was written last for its order. It is due at once, unless the
// handler is still to be told of an earlier event of the order: then it waits, and has no time.
void insert_delivery(db::Transaction& tx, std::string_view store, const Event& event,
                     std::string_view handler);
// The stores in which the handler may be told of something now.
std::vector<std::string> find_stores_with_due_events(db::Transaction& tx, std::string_view handler,
                                                     Timestamp now);

struct LeasedEvent {
  Event event;
  std::int64_t attempt = 0;  // 1, 2, 3 ...
};
// Takes the event that has been due for longest until `until`, when it is due again. Nothing if
// none is due.
std::optional<LeasedEvent> lease_due_event(db::Transaction& tx, std::string_view store,
                                           std::string_view handler, Timestamp now,
                                           Timestamp until);
// The handler was told: the order's next event is due.
void finish_delivery(db::Transaction& tx, std::string_view store, const Event& event,
                     std::string_view handler, Timestamp now);

struct FailedDelivery {
  DeliveryState state = DeliveryState::pending;
  Timestamp next_attempt_at;
  std::string_view error;
};
// Changes nothing if the lease that ends at `leased_until` has run out and somebody else has it.
// One that is dead holds up nothing: the order's next event is due.
void fail_delivery(db::Transaction& tx, std::string_view store, const Event& event,
                   std::string_view handler, Timestamp leased_until, const FailedDelivery& failed,
                   Timestamp now);

// The place of a delivery in the list of all.
struct DeliveryKey {
  EventId event_id;
  std::string handler;
};
// Newest event first, from the delivery before `before`; in one state, or all.
std::vector<EventDelivery> list_deliveries(db::Transaction& tx, std::string_view store,
                                           std::optional<DeliveryState> state,
                                           const DeliveryKey& before, std::int64_t limit);
// The event's order, if a handler is still to be told of the event or was given up.
std::optional<OrderId> find_undelivered(db::Transaction& tx, std::string_view store,
                                        const EventId& event);
// The event's dead deliveries are as if they had never failed, each in its place among the order's.
// Returns how many.
std::int64_t revive_deliveries(db::Transaction& tx, std::string_view store, const EventId& event,
                               const OrderId& order, Timestamp now);

// ---- how long they are kept

// The stores with orders whose events have been kept for as long as their setting says.
std::vector<std::string> find_stores_with_old_events(db::Transaction& tx, Timestamp now);
// These orders, at most `limit`, those first whose events have been kept for longest.
std::vector<OrderId> list_orders_with_old_events(db::Transaction& tx, std::string_view store,
                                                 Timestamp before, std::int64_t limit);
// Deletes the order's events, and what handlers were given up on. The newest stays, for the next
// one follows its number, and so does what the rules of a check rest on. Where the order has not
// ended, somebody is still to be told, or the newest is not from before `before`, all stay, and are
// looked at again when they have been kept for as long once more.
void forget_events(db::Transaction& tx, std::string_view store, const OrderId& order,
                   Timestamp before, Timestamp now);

}  // namespace resys::store
