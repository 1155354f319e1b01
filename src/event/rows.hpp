// Events and their deliveries.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/actor.hpp"
#include "base/scope.hpp"
#include "resys/event.hpp"

namespace resys::rows {

// Writes the event as the next one of its order, whose root row the caller has locked. The actor is
// a separate argument. What the order's own row says is not written.
void insert_event(const Scope& scope, const Event& event);
// All of an order's events, oldest first.
std::vector<Event> list_events(const Scope& scope, const OrderId& order);

// Writes a delivery of the order's newest event. It is due at once, unless the handler has not
// received an earlier event of the order yet. Then it waits, and has no due time.
void insert_delivery(const Scope& scope, const Event& event, std::string_view handler);
// The stores in which a delivery to the handler may be due now.
std::vector<std::string> find_stores_with_due_events(db::Transaction& tx, std::string_view handler,
                                                     Timestamp now);

struct LeasedEvent {
  Event event;
  std::int64_t attempt = 0;  // 1, 2, 3 ...
};
// Leases the event that has been due for longest. It is due again at `until`. Returns nothing if
// none is due.
std::optional<LeasedEvent> lease_due_event(const Scope& scope, std::string_view handler,
                                           Timestamp until);
// Ends a delivery that the handler has received. The order's next event becomes due.
void finish_delivery(const Scope& scope, const Event& event, std::string_view handler);

struct FailedDelivery {
  DeliveryState state = DeliveryState::pending;
  Timestamp next_attempt_at;
  std::string_view error;
};
// Records a failed delivery. Changes nothing if the lease until `leased_until` has run out and
// somebody else has leased the delivery. A dead delivery holds up nothing, so the order's next
// event becomes due.
void fail_delivery(const Scope& scope, const Event& event, std::string_view handler,
                   Timestamp leased_until, const FailedDelivery& failed);

// The place of a delivery in the list of all.
struct DeliveryKey {
  EventId event_id;
  std::string handler;
};
// Deliveries in one state or in all, newest event first, from the one before `before`.
std::vector<EventDelivery> list_deliveries(const Scope& scope, std::optional<DeliveryState> state,
                                           const DeliveryKey& before, std::int64_t limit);
// The event's order, if a delivery of the event is pending or dead.
std::optional<OrderId> find_undelivered(const Scope& scope, const EventId& event);
// Revives the event's dead deliveries as if they had never failed, each in its place among those of
// the order. Returns how many.
std::int64_t revive_deliveries(const Scope& scope, const EventId& event, const OrderId& order);

// ---- how long they are kept

// The stores with orders whose events have been kept for as long as the store's setting says.
std::vector<std::string> find_stores_with_old_events(db::Transaction& tx, Timestamp now);
// These orders, at most `limit`. Those whose events have been kept for longest come first.
std::vector<OrderId> list_orders_with_old_events(const Scope& scope, Timestamp before,
                                                 std::int64_t limit);
// Deletes the order's events and its dead deliveries. The newest event stays, because the next one
// takes the number after it. Events that the rules of a check need stay, too. All events stay if
// the order has not ended, if a delivery is pending, or if the newest event is not older than
// `before`. They are looked at again after another such time.
void forget_events(const Scope& scope, const OrderId& order, Timestamp before);

}  // namespace resys::rows
