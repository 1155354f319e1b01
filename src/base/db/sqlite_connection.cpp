// Opens databases, and prepares, binds and steps statements. Turns SQLite's errors into the
// library's.
#include "base/db/sqlite_connection.hpp"

#include <sqlite3.h>

#include <thread>
#include <utility>

namespace resys::db {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr int kCacheKib = 16'000;  // for the writing connection
// The log's file is cut to this size when the log begins anew, in case an old snapshot made it
// grow.
constexpr int kLogBytes = 64 << 20;

// Rewrites the portable text for SQLite. SQLite numbers $1, $2 by their first place in the text, so
// they become ?1, ?2. A table is stored in the order of its primary key (WITHOUT ROWID), so that it
// needs no separate index. The only writer has locked every row anyway, so FOR UPDATE is dropped.
std::string in_sqlites_words(std::string_view text) {
  constexpr std::string_view lock = "FOR UPDATE";
  if (text.ends_with(lock)) text.remove_suffix(lock.size());
  std::string rewritten(text);
  if (text.starts_with("CREATE TABLE")) rewritten += " WITHOUT ROWID";
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
      // SQLite would prepare only the first statement and ignore the others.
      throw StorageFault(Error(Errc::internal, "the text is not exactly one statement"));
    }
  }
  return rewritten;
}

// A statement in use. It is always reset, because a statement left open would block the commit.
class Lease {
 public:
  explicit Lease(Connection::Prepared& prepared) : prepared_(prepared) { prepared_.running = true; }
  ~Lease() {
    sqlite3_reset(prepared_.statement.get());
    prepared_.running = false;
  }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  sqlite3_stmt* statement() const { return prepared_.statement.get(); }

 private:
  Connection::Prepared& prepared_;
};

class SqliteRow final : public Row {
 public:
  explicit SqliteRow(sqlite3_stmt* statement) : statement_(statement) {}

  bool null(int column) const override {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
  }
  std::int64_t integer(int column) const override {
    return sqlite3_column_int64(statement_, column);
  }
  std::string_view text(int column) const override {
    const unsigned char* start = sqlite3_column_text(statement_, column);
    if (start == nullptr) return {};
    return {reinterpret_cast<const char*>(start),
            static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
  }

 private:
  sqlite3_stmt* statement_;
};

// Texts are bound without a copy, because they live until the statement has run.
int bind_text(sqlite3_stmt* statement, int index, std::string_view text) {
  const char* start = text.data() == nullptr ? "" : text.data();  // null would be NULL
  return sqlite3_bind_text64(statement, index, start, text.size(), SQLITE_STATIC, SQLITE_UTF8);
}

int bind(sqlite3_stmt* statement, int index, const Value::Storage& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    return sqlite3_bind_int64(statement, index, *integer);
  }
  if (const auto* view = std::get_if<std::string_view>(&value)) {
    return bind_text(statement, index, *view);
  }
  if (const auto* id = std::get_if<Value::IdText>(&value)) {
    return bind_text(statement, index, id->view());
  }
  return sqlite3_bind_null(statement, index);
}

void bind_all(const Connection& connection, sqlite3_stmt* statement, Values values) {
  if (values.size() != static_cast<std::size_t>(sqlite3_bind_parameter_count(statement))) {
    throw StorageFault(Error(Errc::internal, "a statement got too few or too many parameters"));
  }
  int index = 0;
  for (const Value& value : values) {
    connection.require(bind(statement, ++index, value.storage()));
  }
}

}  // namespace

// The bug is fixed in 3.51.3, and in 3.50.7 and 3.44.6 of the older lines.
bool has_wal_reset_bug() {
  const int version = sqlite3_libversion_number();
  const int line = version / 1'000;
  if (line == 3'050) return version < 3'050'007;
  if (line == 3'044) return version < 3'044'006;
  return version >= 3'007'000 && version < 3'051'003;
}

Error to_error(const SQLite::Exception& exception) {
  switch (exception.getErrorCode()) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Error(Errc::busy, "the database was locked for too long");
    case SQLITE_CONSTRAINT:
      return Error(Errc::storage, "the database refused a row that breaks its rules")
          .with("constraint", std::string(exception.what()));
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Error(Errc::storage, std::string("the database is damaged: ") + exception.what())
          .with("sqlite", exception.getExtendedErrorCode())
          .with(kDamagedFact, true);
    default:
      return Error(Errc::storage, std::string("the database failed: ") + exception.what())
          .with("sqlite", exception.getExtendedErrorCode());
  }
}

std::string set_journal_mode(SQLite::Database& database, const char* pragma) {
  SQLite::Statement statement(database, pragma);
  statement.executeStep();
  std::string mode = statement.getColumn(0).getString();
  while (statement.executeStep()) continue;
  return mode;
}

Connection::Connection(const Location& location, Use use)
    : database_(location.file,
                SQLite::OPEN_READWRITE | (use == Use::write ? SQLite::OPEN_CREATE : 0) |
                    SQLite::OPEN_NOMUTEX,
                0, location.vfs.empty() ? index_vfs_.name() : location.vfs),
      give_up_(SteadyClock::now() + kBusyTimeout) {
  sqlite3* const handle = database_.getHandle();
  sqlite3_busy_handler(handle, &Connection::wait_for_lock, this);
  // SQLite's own checkpoints are off. A checkpoint needs the write lock (sqlite.cpp), but SQLite's
  // own ones, after a commit and when the last connection is closed, do not take it. The last one
  // also deletes the log.
  sqlite3_wal_hook(handle, &Connection::after_commit, this);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  if (use == Use::read) {
    database_.exec("PRAGMA query_only = 1");
    return;
  }
  enter_wal_mode(location.memory() ? "memory" : "wal");
  database_.exec("PRAGMA synchronous = FULL");
  database_.exec("PRAGMA fullfsync = 1");  // on macOS fsync alone does not reach the disk
  database_.exec("PRAGMA foreign_keys = 1");
  // The pages that a savepoint may have to restore are kept in memory, not in a temporary file.
  database_.exec("PRAGMA temp_store = MEMORY");
  // The changed pages of a batch fit into the cache, so that none is written twice.
  database_.exec("PRAGMA cache_size = -" + std::to_string(kCacheKib));
  database_.exec("PRAGMA journal_size_limit = " + std::to_string(kLogBytes));
}

// Two processes that open a new file at the same time meet here, and SQLite does not call the busy
// handler.
void Connection::enter_wal_mode(const char* expected) {
  for (;;) {
    try {
      if (set_journal_mode(database_, "PRAGMA journal_mode = WAL") == expected) return;
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

int Connection::after_commit(void* self, sqlite3*, const char*, int pages) noexcept {
  static_cast<Connection*>(self)->log_pages_ = pages;
  return SQLITE_OK;
}

void Connection::begin(const char* text, SteadyClock::time_point give_up) {
  give_up_ = give_up;
  run(text);
}

void Connection::run(const char* text) {
  const Lease lease(prepare(text));
  while (step(lease.statement())) continue;
}

std::int64_t Connection::first_number(const char* text) {
  const Lease lease(prepare(text));
  return step(lease.statement()) ? sqlite3_column_int64(lease.statement(), 0) : 0;
}

bool Connection::in_transaction() const {
  return sqlite3_get_autocommit(database_.getHandle()) == 0;
}

Connection::Prepared& Connection::prepare(const char* text) {
  const auto found = statements_.find(text);
  if (found != statements_.end()) return found->second;
  return statements_.emplace(text, prepare_another(text)).first->second;
}

Connection::Prepared Connection::prepare_another(const char* text) const {
  const std::string sql = in_sqlites_words(text);
  sqlite3_stmt* statement = nullptr;
  require(sqlite3_prepare_v3(database_.getHandle(), sql.c_str(), static_cast<int>(sql.size()),
                             SQLITE_PREPARE_PERSISTENT, &statement, nullptr));
  return {std::unique_ptr<sqlite3_stmt, Finalize>(statement)};
}

void Connection::Finalize::operator()(sqlite3_stmt* statement) const noexcept {
  sqlite3_finalize(statement);
}

bool Connection::step(sqlite3_stmt* statement) const {
  const int code = sqlite3_step(statement);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) require(code);
  return false;
}

std::int64_t Connection::changed_rows() const { return sqlite3_changes(database_.getHandle()); }

void Connection::require(int code) const {
  if (code != SQLITE_OK) throw SQLite::Exception(database_.getHandle(), code);
}

void Connection::set_statistics() {
  database_.exec("ANALYZE");  // creates the table that is filled here
  database_.exec(R"(DELETE FROM sqlite_stat1;
    INSERT INTO sqlite_stat1 (tbl, idx, stat)
      SELECT tables.name, CASE indexes.origin WHEN 'pk' THEN tables.name ELSE indexes.name END,
        '1000000 1000000' || (SELECT GROUP_CONCAT(
            CASE WHEN seqno + 1 = (SELECT COUNT(*) FROM pragma_index_info(indexes.name))
              THEN ' 1' ELSE ' 10' END, '')
          FROM pragma_index_info(indexes.name) WHERE seqno > 0)
      FROM sqlite_schema tables, pragma_index_list(tables.name) indexes
      WHERE tables.type = 'table' AND tables.name NOT LIKE 'sqlite_%'
        AND (SELECT COUNT(*) FROM pragma_index_info(indexes.name)) > 1;
    ANALYZE sqlite_schema)");
}

bool Connection::copy_log() {
  int pages = 0;
  int copied = 0;
  require(sqlite3_wal_checkpoint_v2(database_.getHandle(), "main", SQLITE_CHECKPOINT_PASSIVE,
                                    &pages, &copied));
  copied_pages_ = pages;
  return pages == copied;
}

std::int64_t SqliteTransaction::execute(const Sql& sql, Values values) {
  if (read_only_) throw StorageFault(Error(Errc::internal, "a read tried to write"));
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
    const Lease lease(another ? *another : cached);
    bind_all(connection_, lease.statement(), values);
    wrote_ = wrote_ || sqlite3_stmt_readonly(lease.statement()) == 0;
    const SqliteRow row(lease.statement());
    while (connection_.step(lease.statement())) each(row);
    return connection_.changed_rows();
  } catch (const SQLite::Exception& exception) {
    fault_ = to_error(exception);
    throw StorageFault(*fault_);
  }
}

}  // namespace resys::db
