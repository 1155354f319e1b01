// Deadlines of the reservations that hosts made for orders of their own.
#pragma once

#include <cstdint>
#include <string>

#include "base/context.hpp"

namespace resys::app {

// Releases at most `limit` reservations that are past their deadline, in one transaction. Returns
// how many. The reservations of resys's own orders end with their payment instead.
Result<std::int64_t> expire_reservations(Context& context, const std::string& store,
                                         std::int64_t limit);

}  // namespace resys::app
