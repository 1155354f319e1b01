// Where a database is, and how it is to be used: what its URL says. Private to the SQLite driver
// (sqlite*.cpp).
#pragma once

#include <string>
#include <string_view>

#include "resys/result.hpp"

namespace resys::db {

struct Location {
  // Absolute and without links, so that neither another folder of the process nor another name
  // leads to another log.
  std::string file;
  std::string vfs;  // empty: the default
  bool writer_thread = false;
  int log_pages = 0;             // 0: the default
  bool accept_lost_log = false;  // open a file whose log is missing

  bool memory() const { return file == ":memory:"; }
};

// Refuses (invalid_request) a URL of another form, and (storage) a path that cannot be followed, or
// is a link to a file that is not there.
Result<Location> locate(std::string_view url);

}  // namespace resys::db
