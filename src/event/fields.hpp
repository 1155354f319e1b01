// Declares the schemas of events and their deliveries.
#pragma once

#include "base/fields.hpp"
#include "resys/event.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<Event>();
template <>
const Schema& schema_of<EventDelivery>();
template <>
const Schema& schema_of<ListEvents>();
template <>
const Schema& schema_of<RetryEvent>();
template <>
const Schema& schema_of<RetriedEvent>();
template <>
const Schema& schema_of<Page<EventDelivery>>();

}  // namespace resys::fields
