// Whether a shop's database is sound.
#pragma once

#include "base/context.hpp"
#include "resys/check.hpp"
#include "resys/progress.hpp"

namespace resys::app {

// Checks the file first, then store by store, while other transactions may be under way. A damaged
// file is reported as a difference, not as an error.
Result<CheckReport> check(const Context& context, const ProgressFunction& progress);

}  // namespace resys::app
