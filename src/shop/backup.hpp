// Copies of a shop's database.
#pragma once

#include <string>

#include "base/context.hpp"
#include "resys/backup.hpp"
#include "resys/progress.hpp"

namespace resys::app {

// See Shop::backup().
Result<Backup> backup(Context& context, const std::string& path, const ProgressFunction& progress);

}  // namespace resys::app
