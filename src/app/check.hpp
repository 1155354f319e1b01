// Whether a shop's database is sound.
#pragma once

#include "db/database.hpp"
#include "resys/check.hpp"
#include "resys/progress.hpp"

namespace resys::app {

// The file first, then store by store. Any number of transactions of others may be under way. A
// file that is damaged is no error but a difference.
Result<CheckReport> check(db::Database& database, const ProgressFunction& progress);

}  // namespace resys::app
