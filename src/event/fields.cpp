// The fields of events and their deliveries.
#include "event/fields.hpp"

#include "base/make_schema.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<Event>() {
  static const Schema schema = make_schema<Event>(
      "Event", field("id", &Event::id, "The event's id"),
      field("type", &Event::type, "What happened"),
      field("orderId", &Event::order_id, "Id of the order or cart that it happened to"),
      field("orderNumber", &Event::order_number,
            "Number of the order; empty for a cart that was never placed"),
      field("userId", &Event::user_id, "User id of the order's owner; empty for a guest"),
      field("email", &Event::email, "Email address of the order; empty if none is known"),
      field("actor", &Event::actor, "Who caused it; shop means a deadline or a rule of the shop"),
      field("actorId", &Event::actor_id,
            "User id of the shopper or staff member who caused it; empty if there is none"),
      field("sequence", &Event::sequence,
            "Position among the events of its order: 1, 2, 3 and so on"),
      field("facts", &Event::facts, "Details by name, all as texts: {\"amountCents\": \"1999\"}"),
      field("createdAt", &Event::created_at, "When it happened, in UTC"));
  return schema;
}

template <>
const Schema& schema_of<EventDelivery>() {
  static const Schema schema = make_schema<EventDelivery>(
      "EventDelivery", field("event", &EventDelivery::event, "The event to deliver"),
      field("handler", &EventDelivery::handler, "Name of the event handler that it is for"),
      field("state", &EventDelivery::state,
            "Whether it is still being tried (pending) or was given up (dead)"),
      field("attempts", &EventDelivery::attempts, "Number of attempts begun so far"),
      field("lastError", &EventDelivery::last_error,
            "Error of the last failed attempt; empty if none has failed"),
      field("nextAttemptAt", &EventDelivery::next_attempt_at,
            "When it is due, in UTC; null if dead or waiting for an earlier event of its order"));
  return schema;
}

template <>
const Schema& schema_of<ListEvents>() {
  static const Schema schema = make_schema<ListEvents>(
      "ListEvents",
      field("state", &ListEvents::state, "Only deliveries in this state; all if absent"),
      field("limit", &ListEvents::limit, "Maximum number of items in the page, 1 to 200",
            kPageSize),
      field("after", &ListEvents::after,
            "The `nextAfter` of the previous page; absent for the first page", kCursor));
  return schema;
}

template <>
const Schema& schema_of<RetryEvent>() {
  static const Schema schema = make_schema<RetryEvent>(
      "RetryEvent", required("eventId", &RetryEvent::event_id,
                             "Id of the event whose dead deliveries are to be retried"));
  return schema;
}

template <>
const Schema& schema_of<RetriedEvent>() {
  static const Schema schema = make_schema<RetriedEvent>(
      "RetriedEvent",
      field("deliveries", &RetriedEvent::deliveries, "Number of deliveries that are due now"));
  return schema;
}

template <>
const Schema& schema_of<Page<EventDelivery>>() {
  static const Schema schema = make_page_schema<EventDelivery>();
  return schema;
}

}  // namespace resys::fields
