// Operations on events and their deliveries.
#include "fields/event.hpp"

#include "api/operation.hpp"

namespace resys::api {

std::vector<Operation> event_operations() {
  return {
      operation("admin.events.list", "GET /api/admin/events", &Events::list, &Shop::events,
                Audience::staff,
                "Lists the event deliveries that have not succeeded, newest first."),
      operation("admin.events.retry", "POST /api/admin/events/{eventId}/retry", &Events::retry,
                &Shop::events, Audience::staff,
                "Schedules the dead deliveries of an event to be retried now.", {Errc::not_found}),
  };
}

}  // namespace resys::api
