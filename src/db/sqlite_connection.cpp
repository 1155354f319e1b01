// Opening, preparing, binding, stepping; and SQLite's errors in the library's words.
#include "db/sqlite_connection.hpp"

#include <sqlite3.h>

#include <thread>
#include <utility>

namespace resys::db {
namespace {

using SteadyClock = std::chrono::steady_clock;

// SQLite numbers $1, $2 by where they first stand; ?1, ?2 mean what they say.
std::string with_numbered_parameters(std::string_view text) {
  std::string rewritten(text);
  char end_of_skipped = '\0';
  for (std::size_t i = 0; i < rewritten.size(); ++i) {
    const char letter = rewritten[i];
    if (end_of_skipped != '\0') {
      if (letter == end_of_skipped) end_of_skipped = '\0';
    } else if (rewritten.compare(i, 2, "--") == 0) {
      end_of_skipped = '\n';
    } else if (letter == '\'' || letter == '"') {
      end_of_skipped = letter;
    } else if (letter == '$') {
      rewritten[i] = '?';
    } else if (letter == ';' && rewritten.find_first_not_of("; \n\t", i) != std::string::npos) {
      // SQLite would prepare the first and say nothing of the others.
      throw StorageFault(Error(Errc::internal, "a statement is one statement"));
    }
  }
  return rewritten;
}

// A statement in use; whatever happens it is reset, for one left open would block the commit.
class Lease {
 public:
  explicit Lease(Connection::Prepared& prepared) : prepared_(prepared) { prepared_.running = true; }
  ~Lease() {
    prepared_.statement.tryReset();
    prepared_.running = false;
  }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  SQLite::Statement* operator->() { return &prepared_.statement; }
  SQLite::Statement& operator*() { return prepared_.statement; }

 private:
  Connection::Prepared& prepared_;
};

class SqliteRow final : public Row {
 public:
  explicit SqliteRow(const SQLite::Statement& statement) : statement_(statement) {}

  bool null(int column) const override { return statement_.getColumn(column).isNull(); }
  std::int64_t integer(int column) const override {
    return statement_.getColumn(column).getInt64();
  }
  std::string_view text(int column) const override {
    const SQLite::Column value = statement_.getColumn(column);
    const char* start = value.getText();
    return {start, static_cast<std::size_t>(value.getBytes())};
  }

 private:
  const SQLite::Statement& statement_;
};

void bind(SQLite::Statement& statement, Values values) {
  if (values.size() != static_cast<std::size_t>(statement.getBindParameterCount())) {
    throw StorageFault(Error(Errc::internal, "a statement got too few or too many parameters"));
  }
  int index = 0;
  for (const Value& value : values) {
    ++index;
    if (const auto* integer = std::get_if<std::int64_t>(&value.storage())) {
      statement.bind(index, *integer);
    } else if (const auto* view = std::get_if<std::string_view>(&value.storage())) {
      statement.bind(index, std::string(*view));
    } else if (const auto* text = std::get_if<std::string>(&value.storage())) {
      statement.bind(index, *text);
    } else {
      statement.bind(index);
    }
  }
}

}  // namespace

Error to_error(const SQLite::Exception& exception) {
  switch (exception.getErrorCode()) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Error(Errc::busy, "the database was locked for too long");
    case SQLITE_CONSTRAINT:
      return Error(Errc::storage, "the database refused a row that breaks its rules")
          .with("constraint", std::string(exception.what()));
    default:
      return Error(Errc::storage, std::string("the database failed: ") + exception.what())
          .with("sqlite", exception.getExtendedErrorCode());
  }
}

Connection::Connection(const Location& location, Use use)
    : database_(location.file,
                SQLite::OPEN_READWRITE | (use == Use::write ? SQLite::OPEN_CREATE : 0) |
                    SQLite::OPEN_NOMUTEX,
                0, location.vfs),
      give_up_(SteadyClock::now() + kBusyTimeout) {
  sqlite3_busy_handler(database_.getHandle(), &Connection::wait_for_lock, this);
  if (use == Use::read) {
    database_.exec("PRAGMA query_only = 1");
    return;
  }
  enter_wal_mode(location.memory() ? "memory" : "wal");
  database_.exec("PRAGMA synchronous = FULL");
  database_.exec("PRAGMA fullfsync = 1");  // where fsync alone does not reach the disk (macOS)
  database_.exec("PRAGMA foreign_keys = 1");
}

// Two processes that open a new file at once meet here, and SQLite does not ask the busy handler.
void Connection::enter_wal_mode(const char* expected) {
  for (;;) {
    try {
      const std::string mode = database_.execAndGet("PRAGMA journal_mode = WAL").getString();
      if (mode == expected) return;
      throw SQLite::Exception("it cannot use a write-ahead log here", SQLITE_CANTOPEN);
    } catch (const SQLite::Exception& exception) {
      if (exception.getErrorCode() != SQLITE_BUSY || wait_for_lock(this, 0) == 0) throw;
    }
  }
}

int Connection::wait_for_lock(void* self, int) noexcept {
  if (SteadyClock::now() >= static_cast<Connection*>(self)->give_up_) return 0;
  std::this_thread::sleep_for(kBusyPause);
  return 1;
}

void Connection::begin(const char* text) {
  give_up_ = SteadyClock::now() + kBusyTimeout;
  run(text);
}

void Connection::run(const char* text) { Lease(prepare(text))->exec(); }

bool Connection::in_transaction() const {
  return sqlite3_get_autocommit(database_.getHandle()) == 0;
}

Connection::Prepared& Connection::prepare(const char* text) {
  const auto found = statements_.find(text);
  if (found != statements_.end()) return found->second;
  return statements_.emplace(text, prepare_another(text)).first->second;
}

Connection::Prepared Connection::prepare_another(const char* text) const {
  return {SQLite::Statement(database_, with_numbered_parameters(text))};
}

void Connection::empty_log() { database_.exec("PRAGMA wal_checkpoint(TRUNCATE)"); }

std::int64_t SqliteTransaction::execute(const Sql& sql, Values values) {
  if (read_only_) throw StorageFault(Error(Errc::internal, "a read does not write"));
  return step(sql, values, [](const Row&) {});
}

void SqliteTransaction::query(const Sql& sql, Values values,
                              const std::function<void(const Row&)>& each) {
  step(sql, values, each);
}

std::int64_t SqliteTransaction::step(const Sql& sql, Values values,
                                     const std::function<void(const Row&)>& each) {
  // A body that swallowed a fault must not go on: SQLite may have left the transaction.
  if (fault_) throw StorageFault(*fault_);
  try {
    Connection::Prepared& cached = connection_.prepare(sql.text);
    std::optional<Connection::Prepared> another;
    if (cached.running) another = connection_.prepare_another(sql.text);
    Lease statement(another ? *another : cached);
    bind(*statement, values);
    while (statement->executeStep()) each(SqliteRow(*statement));
    return statement->getChanges();
  } catch (const SQLite::Exception& exception) {
    fault_ = to_error(exception);
    throw StorageFault(*fault_);
  }
}

}  // namespace resys::db
