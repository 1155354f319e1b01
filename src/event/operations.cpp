// Operations on events and their deliveries.
#include "event/fields.hpp"

#include "api/operation.hpp"

namespace resys::api {
std::vector<Operation> event_operations() {
  return {
      row<&Admin::events>("admin.events.list", "GET /api/admin/events", &AdminEvents::list,
                          "Lists the event deliveries that have not succeeded, newest first."),
      row<&Admin::events>(
          "admin.events.retry", "POST /api/admin/events/{eventId}/retry", &AdminEvents::retry,
          "Schedules the dead deliveries of an event to be retried now.", {Errc::not_found}),
  };
}

}  // namespace resys::api
