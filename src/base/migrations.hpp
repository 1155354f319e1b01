// The tables, as numbered migrations that only go forward.
#pragma once

#include "base/db/database.hpp"

namespace resys::rows {

// Brings the database to this library's version, one transaction a migration. `conflict` if it was
// made by a newer library. Several processes may do this at once.
Result<void> migrate(db::Database& database, Timestamp now);

// The number of the last migration that the database has been through.
std::int64_t schema_version(db::Transaction& tx);

}  // namespace resys::rows
