// The fields of events and their deliveries.
#include "fields/event.hpp"

#include "fields/make_schema.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<Event>() {
  static const Schema schema = make_schema<Event>(
      "Event", field("id", &Event::id, "its id"), field("type", &Event::type, "what happened"),
      field("orderId", &Event::order_id, "to which order"),
      field("orderNumber", &Event::order_number,
            "the order's number; empty: a cart that was never placed"),
      field("userId", &Event::user_id, "the order's user; empty: a guest"),
      field("email", &Event::email, "the order's e-mail address; empty: none is known"),
      field("actor", &Event::actor, "who caused it; shop: the clock or a rule"),
      field("actorId", &Event::actor_id,
            "the user id of the shopper or the member of staff; empty: none"),
      field("sequence", &Event::sequence, "1, 2, 3 ... per order"),
      field("facts", &Event::facts, "as texts: {\"amountCents\": \"1999\"}"),
      field("createdAt", &Event::created_at, "when"));
  return schema;
}

template <>
const Schema& schema_of<EventDelivery>() {
  static const Schema schema = make_schema<EventDelivery>(
      "EventDelivery", field("event", &EventDelivery::event, "what is told"),
      field("handler", &EventDelivery::handler, "to whom"),
      field("state", &EventDelivery::state, "a delivery that succeeded is no longer listed"),
      field("attempts", &EventDelivery::attempts, "how often it was begun"),
      field("lastError", &EventDelivery::last_error, "of the last attempt; empty before"),
      field("nextAttemptAt", &EventDelivery::next_attempt_at,
            "null for a dead one, and while an earlier event of its order is to be told"));
  return schema;
}

template <>
const Schema& schema_of<ListEvents>() {
  static const Schema schema = make_schema<ListEvents>(
      "ListEvents", field("state", &ListEvents::state, "absent: all"),
      field("limit", &ListEvents::limit, "how many at most", kPageSize),
      field("after", &ListEvents::after, "the `nextAfter` of the page before", kCursor));
  return schema;
}

template <>
const Schema& schema_of<RetryEvent>() {
  static const Schema schema = make_schema<RetryEvent>(
      "RetryEvent", required("eventId", &RetryEvent::event_id, "which event"));
  return schema;
}

template <>
const Schema& schema_of<RetriedEvent>() {
  static const Schema schema = make_schema<RetriedEvent>(
      "RetriedEvent", field("deliveries", &RetriedEvent::deliveries, "how many were made due"));
  return schema;
}

template <>
const Schema& schema_of<Page<EventDelivery>>() {
  static const Schema schema = make_page_schema<EventDelivery>();
  return schema;
}

}  // namespace resys::fields
