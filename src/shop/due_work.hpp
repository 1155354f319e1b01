// Background work; see Shop::run_due_work.
#pragma once

#include "base/context.hpp"
#include "resys/due_work.hpp"

namespace resys::app {

Result<DueWork> run_due_work(Context& context, std::int64_t limit, DueWorkPart part);

}  // namespace resys::app
