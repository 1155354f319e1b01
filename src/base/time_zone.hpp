// What the clocks of a time zone show. The zones are those of the system's time zone database, by
// their IANA names.
#pragma once

#include <cstdint>
#include <string>

#include "resys/result.hpp"
#include "resys/time.hpp"

namespace resys {

// invalid_request if the system does not know the zone.
Result<void> check_time_zone(const std::string& name);

// How many minutes the zone's clocks are ahead of UTC at that moment. 0 if the system does not know
// the zone: it may have another database than when the zone was set.
std::int64_t utc_offset_minutes(const std::string& name, Timestamp at);

}  // namespace resys
