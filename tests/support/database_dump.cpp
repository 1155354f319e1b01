// Reads every table with SQLite itself, past the library under test.
#include "support/database_dump.hpp"

#include <sqlite3.h>

#include <memory>
#include <stdexcept>
#include <vector>

namespace resys::test {
namespace {

struct Close {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

std::vector<std::string> lines_of(sqlite3* database, const std::string& sql) {
  sqlite3_stmt* prepared = nullptr;
  if (sqlite3_prepare_v2(database, sql.c_str(), -1, &prepared, nullptr) != SQLITE_OK) {
    throw std::runtime_error(sql + ": " + sqlite3_errmsg(database));
  }
  const std::unique_ptr<sqlite3_stmt, Close> statement(prepared);
  std::vector<std::string> lines;
  while (sqlite3_step(prepared) == SQLITE_ROW) {
    std::string& line = lines.emplace_back();
    for (int column = 0; column < sqlite3_column_count(prepared); ++column) {
      const auto* value = reinterpret_cast<const char*>(sqlite3_column_text(prepared, column));
      line += (column == 0 ? "" : "|") + std::string(value == nullptr ? "NULL" : value);
    }
  }
  return lines;
}

}  // namespace

std::string dump_of(const std::string& file) {
  sqlite3* opened = nullptr;
  const int result = sqlite3_open_v2(file.c_str(), &opened, SQLITE_OPEN_READWRITE, nullptr);
  const std::unique_ptr<sqlite3, Close> database(opened);
  if (result != SQLITE_OK) throw std::runtime_error("cannot open " + file);
  std::string dump;
  for (const std::string& table :
       lines_of(opened, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")) {
    for (const std::string& line : lines_of(opened, "SELECT * FROM " + table + " ORDER BY 1, 2")) {
      dump += table + ": " + line + "\n";
    }
  }
  return dump;
}

}  // namespace resys::test
