// Operations on events and their deliveries.
#include "event/fields.hpp"

#include "api/operation.hpp"

namespace resys::api {
namespace {

using Row = Rows<&Shop::events>;

}  // namespace

std::vector<Operation> event_operations() {
  return {
      Row::staff("admin.events.list", "GET /api/admin/events", &Events::list,
                 "Lists the event deliveries that have not succeeded, newest first."),
      Row::staff("admin.events.retry", "POST /api/admin/events/{eventId}/retry", &Events::retry,
                 "Schedules the dead deliveries of an event to be retried now.", {Errc::not_found}),
  };
}

}  // namespace resys::api
