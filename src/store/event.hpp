// Events and their deliveries.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/database.hpp"
#include "resys/event.hpp"

namespace resys::store {

// Writes the event as the next of its order, whose root row the caller holds.
void insert_event(db::Transaction& tx, std::string_view store, const Event& event);
// All of an order's events, oldest first.
std::vector<Event> list_events(db::Transaction& tx, std::string_view store, const OrderId& order);

// A delivery that is due at once, of the event that was written last for its order.
void insert_delivery(db::Transaction& tx, std::string_view store, const Event& event,
                     std::string_view handler);
// Events that may be told to the handler now, longest due first. One of an order at most: the later
// ones wait while an earlier one is pending; one that is dead holds up nothing.
std::vector<Event> list_due_events(db::Transaction& tx, std::string_view store,
                                   std::string_view handler, Timestamp now, std::int64_t limit);
// Takes a delivery that is due until `until`, when it is due again; answers which attempt
// this is. Nothing if somebody else took it meanwhile.
std::optional<std::int64_t> lease_delivery(db::Transaction& tx, std::string_view store,
                                           const EventId& event, std::string_view handler,
                                           Timestamp now, Timestamp until);
// Whether a handler is still to be told of it, or was given up.
bool has_deliveries(db::Transaction& tx, std::string_view store, const EventId& event);
void finish_delivery(db::Transaction& tx, std::string_view store, const EventId& event,
                     std::string_view handler);

struct FailedDelivery {
  DeliveryState state = DeliveryState::pending;
  Timestamp next_attempt_at;
  std::string_view error;
};
// Changes nothing if the lease that ends at `leased_until` has run out and somebody else has it.
void fail_delivery(db::Transaction& tx, std::string_view store, const EventId& event,
                   std::string_view handler, Timestamp leased_until, const FailedDelivery& failed);

// The place of a delivery in the list of all.
struct DeliveryKey {
  std::string event_id;  // empty: before the first
  std::string handler;
};
// Oldest event first; in one state, or all.
std::vector<EventDelivery> list_deliveries(db::Transaction& tx, std::string_view store,
                                           std::optional<DeliveryState> state,
                                           const DeliveryKey& after, std::int64_t limit);
// Makes the event's dead deliveries due, as if they had never failed; answers how many.
std::int64_t revive_deliveries(db::Transaction& tx, std::string_view store, const EventId& event,
                               Timestamp now);

}  // namespace resys::store
