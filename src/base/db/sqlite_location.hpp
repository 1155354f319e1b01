// Where a database is and how it is used, as its URL says. Private to the SQLite driver
// (sqlite*.cpp).
#pragma once

#include <string>
#include <string_view>

#include "resys/result.hpp"

namespace resys::db {

struct Location {
  // Absolute and without links, so that the process always uses the same log, even if its working
  // directory changes or the file is opened by another name.
  std::string file;
  std::string vfs;  // empty: the default
  bool writer_thread = false;
  int log_pages = 0;             // 0: the default
  bool accept_lost_log = false;  // open a file whose log is missing

  bool memory() const { return file == ":memory:"; }
};

// Refuses (invalid_request) a malformed URL, and (storage) a path that cannot be followed or that
// is a link to a missing file.
Result<Location> locate(std::string_view url);

}  // namespace resys::db
