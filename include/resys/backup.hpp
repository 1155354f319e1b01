// A copy of a shop's database.
#pragma once

#include <cstdint>
#include <string>

#include "resys/time.hpp"

namespace resys {

struct Backup {
  std::string path{};      // as it was given
  std::int64_t bytes = 0;  // of the file
  std::int64_t pages = 0;  // of the database
  std::int64_t schema_version = 0;
  Timestamp created_at{};  // what was confirmed before is in it
};

}  // namespace resys
