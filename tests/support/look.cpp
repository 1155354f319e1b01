// A connection of the test's own, through SQLite's C interface.
#include "support/look.hpp"

#include <sqlite3.h>

#include <stdexcept>

namespace resys::test {

Look::Look(const std::string& file) {
  const int opened = sqlite3_open_v2(file.c_str(), &database_, SQLITE_OPEN_READWRITE, nullptr);
  if (opened == SQLITE_OK) {
    sqlite3_busy_timeout(database_, 10'000);
    return;
  }
  sqlite3_close(database_);
  throw std::runtime_error("cannot open " + file);
}

Look::~Look() { sqlite3_close(database_); }

std::int64_t Look::number(const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  const bool prepared =
      sqlite3_prepare_v2(database_, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK;
  const bool found = prepared && sqlite3_step(statement) == SQLITE_ROW;
  const std::int64_t number = found ? sqlite3_column_int64(statement, 0) : 0;
  sqlite3_finalize(statement);
  if (!found) throw std::runtime_error(sql + ": " + sqlite3_errmsg(database_));
  return number;
}

}  // namespace resys::test
