// Whether a file is sound, by SQLite's own checks. Private to the SQLite driver (sqlite*.cpp).
#pragma once

#include <chrono>
#include <functional>

#include "base/db/sqlite_connection.hpp"

namespace resys::db {

// While this object lives, a long statement of the connection asks now and then whether to go on.
// An error interrupts the statement.
class Watch {
 public:
  Watch(Connection& connection, std::function<Result<void>()> ask);
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  // Returns the error that has interrupted a statement. Throws again what `ask` has thrown.
  Result<void> answer() const;

 private:
  static int call(void* self) noexcept;

  Connection& connection_;
  const std::function<Result<void>()> ask_;
  std::chrono::steady_clock::time_point asked_at_;
  Result<void> answer_ = success();
  std::exception_ptr thrown_;
};

// Runs a statement once, and calls `each` for every row.
void each_row(Connection& connection, const std::string& sql,
              const std::function<void(sqlite3_stmt*)>& each);
std::string text_of(sqlite3_stmt* row, int column);

// Runs the work on a connection that is in no transaction, or in one that only reads. What the work
// throws is returned as an error.
using OnConnection = std::function<Result<void>(const std::function<void(Connection&)>& work)>;

// Checks table by table, so that no snapshot is held for longer than one table takes.
Result<FileCheck> check_tables(const OnConnection& on_connection, const Step& step);
// The same on a connection of its own, which the step can interrupt.
Result<FileCheck> check_file(const Location& location, const Step& step);

}  // namespace resys::db
