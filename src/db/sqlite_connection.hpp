// One connection to SQLite and a body's view of it. Private to the SQLite driver (sqlite*.cpp).
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "db/database.hpp"

struct sqlite3_stmt;

namespace resys::db {

// How long another process's lock is waited for, and the pause between two looks at it.
inline constexpr std::chrono::milliseconds kBusyTimeout{5'000};
inline constexpr std::chrono::milliseconds kBusyPause{1};

struct Location {
  std::string file;
  std::string vfs;  // empty: the default
  bool writer_thread = false;

  bool memory() const { return file == ":memory:"; }
};

Error to_error(const SQLite::Exception& exception);

// Used by one thread at a time. Throws SQLite::Exception.
class Connection {
 public:
  enum class Use { write, read };
  // SQLite's own statement: SQLiteCpp's would copy every text that is bound, twice.
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

  // Runs BEGIN or its like, with a new time-out for locks.
  void begin(const char* text);
  // A statement without parameters and rows.
  void run(const char* text);
  bool in_transaction() const;
  // The statement of that address, prepared once.
  Prepared& prepare(const char* text);
  // The same statement once more, while the other one is running.
  Prepared prepare_another(const char* text) const;
  // False once there are no more rows.
  bool step(sqlite3_stmt* statement) const;
  std::int64_t changed_rows() const;
  // Throws if `code` is an error.
  void require(int code) const;
  // Tells the query planner that a store is as large as its database, and that whatever follows
  // store_id in a key is selective. Without it a table in the order of its primary key is walked.
  void set_statistics();
  // Takes what is committed out of the write-ahead log and empties it, as far as other connections
  // let it.
  void empty_log();

 private:
  static int wait_for_lock(void* self, int) noexcept;
  void enter_wal_mode(const char* expected);

  SQLite::Database database_;
  std::chrono::steady_clock::time_point give_up_;
  std::unordered_map<const char*, Prepared> statements_;
};

class SqliteTransaction final : public Transaction {
 public:
  SqliteTransaction(Connection& connection, bool read_only)
      : connection_(connection), read_only_(read_only) {}

  std::int64_t execute(const Sql& sql, Values values) override;
  void query(const Sql& sql, Values values, const std::function<void(const Row&)>& each) override;
  // What went wrong first, even if the body went on.
  const std::optional<Error>& fault() const { return fault_; }
  // It has run a statement that may have changed something.
  bool wrote() const { return wrote_; }

 private:
  // Answers the statement's changed rows, for one that changes any.
  std::int64_t step(const Sql& sql, Values values, const std::function<void(const Row&)>& each);

  Connection& connection_;
  const bool read_only_;
  std::optional<Error> fault_;
  bool wrote_ = false;
};

}  // namespace resys::db
