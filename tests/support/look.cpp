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

std::string Look::text(const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  const bool prepared =
      sqlite3_prepare_v2(database_, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK;
  const bool found = prepared && sqlite3_step(statement) == SQLITE_ROW;
  const auto* value = found ? sqlite3_column_text(statement, 0) : nullptr;
  std::string text = value == nullptr ? "" : reinterpret_cast<const char*>(value);
  sqlite3_finalize(statement);
  if (!found) throw std::runtime_error(sql + ": " + sqlite3_errmsg(database_));
  return text;
}

void Look::run(const std::string& sql) {
  if (sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK) return;
  throw std::runtime_error(sql + ": " + sqlite3_errmsg(database_));
}

std::int64_t Look::number(const std::string& sql) { return std::stoll(text(sql)); }

void Look::sabotage(const std::string& sql) {
  const std::string all = "PRAGMA foreign_keys = 0; PRAGMA ignore_check_constraints = 1; " + sql;
  if (sqlite3_exec(database_, all.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    throw std::runtime_error(sql + ": " + sqlite3_errmsg(database_));
  }
}

}  // namespace resys::test
