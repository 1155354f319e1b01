// One connection to SQLite and a body's view of it. Private to the SQLite driver (sqlite*.cpp).
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/db/database.hpp"
#include "base/db/sqlite_index.hpp"
#include "base/db/sqlite_location.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace resys::db {

// How long to wait for a lock of another process, and the pause between two attempts.
inline constexpr std::chrono::milliseconds kBusyTimeout{5'000};
inline constexpr std::chrono::milliseconds kBusyPause{1};

// Whether this SQLite's checkpoints can lose pages if other processes commit at the same time.
bool has_wal_reset_bug();
Error to_error(const SQLite::Exception& exception);

// Runs `PRAGMA journal_mode = ...` to its end, because SQLite writes the file only after it has
// returned the row with the mode. Returns the mode.
std::string set_journal_mode(SQLite::Database& database, const char* pragma);

// Used by one thread at a time. Throws SQLite::Exception.
class Connection {
 public:
  enum class Use { write, read };
  // SQLite's own statement is used, because SQLiteCpp's would copy every bound text twice.
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept;
  };
  struct Prepared {
    std::unique_ptr<sqlite3_stmt, Finalize> statement;
    bool running = false;
  };

  Connection(const Location& location, Use use);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Runs BEGIN or a similar statement. Waits for locks until `give_up`.
  void begin(const char* text, std::chrono::steady_clock::time_point give_up);
  // Runs a statement without parameters and rows.
  void run(const char* text);
  bool in_transaction() const;
  // Returns the prepared statement for the text at that address.
  Prepared& prepare(const char* text);
  // Prepares the same statement again, for use while the first one is running.
  Prepared prepare_another(const char* text) const;
  // False once there are no more rows.
  bool step(sqlite3_stmt* statement) const;
  std::int64_t changed_rows() const;
  // Throws if `code` is an error.
  void require(int code) const;
  sqlite3* handle() const { return database_.getHandle(); }
  // Tells the query planner that a store is as large as its database, and that the columns
  // after store_id in a key are selective. Otherwise it would walk a table in the order of its
  // primary key.
  void set_statistics();
  // Runs a text once. number() returns the first number of its result.
  void run_once(const std::string& text) { database_.exec(text); }
  std::int64_t number(const char* text) { return database_.execAndGet(text).getInt64(); }
  // The same for a statement that is prepared once.
  std::int64_t first_number(const char* text);
  // Copies committed pages from the write-ahead log into the database, as far as readers allow.
  // Another connection must hold the write lock. Returns true if all was copied. The next commit
  // then begins the log anew.
  bool copy_log();
  // The number of pages that the log had then.
  int copied_pages() const { return copied_pages_; }
  // Pages in the log after the last commit that this connection made.
  int log_pages() const { return log_pages_; }

 private:
  static int after_commit(void* self, sqlite3*, const char*, int pages) noexcept;
  static int wait_for_lock(void* self, int) noexcept;
  void enter_wal_mode(const char* expected);

  const IndexVfs index_vfs_;  // before the database, which uses it
  SQLite::Database database_;
  std::chrono::steady_clock::time_point give_up_;
  int log_pages_ = 0;
  int copied_pages_ = 0;
  std::unordered_map<const char*, Prepared> statements_;
};

class SqliteTransaction final : public Transaction {
 public:
  SqliteTransaction(Connection& connection, bool read_only)
      : connection_(connection), read_only_(read_only) {}

  std::int64_t execute(const Sql& sql, Values values) override;
  void query(const Sql& sql, Values values, const std::function<void(const Row&)>& each) override;
  // The first fault, even if the body has gone on after it.
  const std::optional<Error>& fault() const { return fault_; }
  // Whether a statement has run that may have changed something.
  bool wrote() const { return wrote_; }
  Connection& connection() const { return connection_; }

 private:
  // Returns how many rows the statement has changed, if it is one that changes rows.
  std::int64_t step(const Sql& sql, Values values, const std::function<void(const Row&)>& each);

  Connection& connection_;
  const bool read_only_;
  std::optional<Error> fault_;
  bool wrote_ = false;
};

}  // namespace resys::db
