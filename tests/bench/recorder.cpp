// Recording through SQLite's preupdate hook, and replaying; see the header.
#define SQLITE_ENABLE_PREUPDATE_HOOK  // declares it; Debian's library has it
#include "recorder.hpp"

#include <atomic>
#include <chrono>
#include <mutex>
#include <stdexcept>
#include <utility>

namespace bench {
namespace {

struct Table {
  std::vector<std::string> columns;
  std::vector<bool> in_key;
};

// Extensions are the process's: SQLite calls a plain function for each new connection.
std::atomic<std::int64_t> commits = 0;
std::atomic<std::int64_t> statement_count = 0;
std::mutex mutex;  // guards what follows; the library writes on one connection
std::map<std::string, Table> tables;
Body current;
std::vector<Body> bodies;
std::vector<std::string> statements;

void require(int code, sqlite3* database) {
  if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW) {
    throw std::runtime_error(sqlite3_errmsg(database));
  }
}

Value value_of(sqlite3_value* value) {
  switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER:
      return std::int64_t{sqlite3_value_int64(value)};
    case SQLITE_NULL:
      return {};
    default:
      return std::string(reinterpret_cast<const char*>(sqlite3_value_text(value)),
                         static_cast<std::size_t>(sqlite3_value_bytes(value)));
  }
}

std::vector<Value> values_of(sqlite3* database, std::size_t count,
                             int (*get)(sqlite3*, int, sqlite3_value**)) {
  std::vector<Value> values;
  for (int i = 0; i < static_cast<int>(count); ++i) {
    sqlite3_value* value = nullptr;
    get(database, i, &value);
    values.push_back(value_of(value));
  }
  return values;
}

const Table& table_of(sqlite3* database, const char* name) {
  Table& table = tables[name];
  if (!table.columns.empty()) return table;
  sqlite3_stmt* info = nullptr;
  const std::string sql = "SELECT name, pk FROM pragma_table_info('" + std::string(name) + "')";
  require(sqlite3_prepare_v2(database, sql.c_str(), -1, &info, nullptr), database);
  while (sqlite3_step(info) == SQLITE_ROW) {
    table.columns.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(info, 0)));
    table.in_key.push_back(sqlite3_column_int(info, 1) > 0);
  }
  sqlite3_finalize(info);
  return table;
}

class Statement {
 public:
  void add(std::string_view text, std::string_view between) {
    if (!change.values.empty() && !between.empty()) change.sql += between;
    change.sql += text;
  }
  void add_value(const Value& value) {
    change.values.push_back(value);
    change.sql += "?" + std::to_string(change.values.size());
  }
  RowChange change;
};

RowChange insertion(const std::string& name, const std::vector<Value>& row) {
  Statement statement;
  statement.change.sql = "INSERT INTO " + name + " VALUES (";
  for (const Value& value : row) {
    statement.add("", ", ");
    statement.add_value(value);
  }
  statement.change.sql += ")";
  return statement.change;
}

void add_key(Statement& statement, const Table& table, const std::vector<Value>& row) {
  const char* between = " WHERE ";
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (!table.in_key[i]) continue;
    statement.change.sql += std::exchange(between, " AND ") + table.columns[i] + " = ";
    statement.add_value(row[i]);
  }
}

RowChange update(const std::string& name, const Table& table, const std::vector<Value>& before,
                 const std::vector<Value>& after) {
  Statement statement;
  statement.change.sql = "UPDATE " + name + " SET ";
  for (std::size_t i = 0; i < after.size(); ++i) {
    if (before[i] == after[i]) continue;
    statement.add(table.columns[i] + " = ", ", ");
    statement.add_value(after[i]);
  }
  if (!statement.change.values.empty()) add_key(statement, table, before);
  return statement.change;
}

RowChange deletion(const std::string& name, const Table& table, const std::vector<Value>& row) {
  Statement statement;
  statement.change.sql = "DELETE FROM " + name;
  add_key(statement, table, row);
  return statement.change;
}

void on_change(void*, sqlite3* database, int kind, const char*, const char* name, sqlite3_int64,
               sqlite3_int64) {
  const std::lock_guard lock(mutex);
  const Table& table = table_of(database, name);
  const std::size_t count = table.columns.size();
  std::vector<Value> before;
  std::vector<Value> after;
  if (kind != SQLITE_INSERT) before = values_of(database, count, sqlite3_preupdate_old);
  if (kind != SQLITE_DELETE) after = values_of(database, count, sqlite3_preupdate_new);
  RowChange change = kind == SQLITE_INSERT   ? insertion(name, after)
                     : kind == SQLITE_DELETE ? deletion(name, table, before)
                                             : update(name, table, before, after);
  if (!change.values.empty()) current.push_back(std::move(change));
}

int on_commit(void*) {
  ++commits;
  const std::lock_guard lock(mutex);
  if (!current.empty()) bodies.push_back(std::exchange(current, {}));
  return 0;
}

void on_rollback(void*) {
  const std::lock_guard lock(mutex);
  current.clear();
}

int watch_commits(sqlite3* database, const char**, const sqlite3_api_routines*) {
  sqlite3_commit_hook(database, on_commit, nullptr);
  return SQLITE_OK;
}

int count_statement(unsigned, void*, void*, void*) {
  ++statement_count;
  return 0;
}

int watch_changes(sqlite3* database, const char**, const sqlite3_api_routines*) {
  sqlite3_trace_v2(database, SQLITE_TRACE_STMT, count_statement, nullptr);
  sqlite3_preupdate_hook(database, on_change, nullptr);
  sqlite3_rollback_hook(database, on_rollback, nullptr);
  return watch_commits(database, nullptr, nullptr);
}

int on_statement(unsigned, void*, void* statement, void*) {
  char* text = sqlite3_expanded_sql(static_cast<sqlite3_stmt*>(statement));
  const std::lock_guard lock(mutex);
  statements.emplace_back(text);
  sqlite3_free(text);
  return 0;
}

int watch_statements(sqlite3* database, const char**, const sqlite3_api_routines*) {
  return sqlite3_trace_v2(database, SQLITE_TRACE_STMT, on_statement, nullptr);
}

void bind(sqlite3_stmt* statement, int index, const Value& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    sqlite3_bind_int64(statement, index, *integer);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    sqlite3_bind_text(statement, index, text->data(), static_cast<int>(text->size()),
                      SQLITE_STATIC);
  } else {
    sqlite3_bind_null(statement, index);
  }
}

// The raw engine: prepared statements by their text.
class Raw {
 public:
  explicit Raw(const std::string& file) {
    require(sqlite3_open_v2(file.c_str(), &database_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
                            nullptr),
            database_);
    run("PRAGMA journal_mode = WAL");
    run("PRAGMA synchronous = FULL");
    run("PRAGMA foreign_keys = 1");
    run("PRAGMA wal_autocheckpoint = 4000");
    run("PRAGMA cache_size = -16000");
  }
  ~Raw() {
    for (auto& [sql, statement] : statements_) sqlite3_finalize(statement);
    sqlite3_close(database_);
  }
  Raw(const Raw&) = delete;
  Raw& operator=(const Raw&) = delete;

  sqlite3_stmt* prepare(const std::string& sql) {
    sqlite3_stmt*& statement = statements_[sql];
    if (statement == nullptr) {
      require(sqlite3_prepare_v3(database_, sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &statement,
                                 nullptr),
              database_);
    }
    return statement;
  }
  void step(sqlite3_stmt* statement) {
    while (sqlite3_step(statement) == SQLITE_ROW) continue;
    require(sqlite3_reset(statement), database_);
  }
  void run(const char* sql) { step(prepare(sql)); }

 private:
  sqlite3* database_ = nullptr;
  std::map<std::string, sqlite3_stmt*> statements_;
};

}  // namespace

Recorder::Recorder(Keep keep) {
  const auto watch = keep == Keep::changes      ? watch_changes
                     : keep == Keep::statements ? watch_statements
                                                : watch_commits;
  sqlite3_auto_extension(reinterpret_cast<void (*)()>(watch));
}

Recorder::~Recorder() {
  sqlite3_reset_auto_extension();
  take_commits();
  take_bodies();
  take_statements();
  take_statement_count();
}

std::int64_t Recorder::take_commits() { return commits.exchange(0); }

std::vector<Body> Recorder::take_bodies() {
  const std::lock_guard lock(mutex);
  return std::exchange(bodies, {});
}

std::int64_t Recorder::take_statement_count() { return statement_count.exchange(0); }

std::vector<std::string> Recorder::take_statements() {
  const std::lock_guard lock(mutex);
  return std::exchange(statements, {});
}

double replay(const std::string& file, const std::vector<Body>& bodies, double batch) {
  Raw raw(file);
  std::vector<std::vector<sqlite3_stmt*>> prepared;
  for (const Body& body : bodies) {
    auto& statements = prepared.emplace_back();
    for (const RowChange& change : body) statements.push_back(raw.prepare(change.sql));
  }
  raw.prepare("BEGIN IMMEDIATE");
  raw.prepare("COMMIT");
  const auto start = std::chrono::steady_clock::now();
  double room = 0;  // fractions of a body are carried over, so that batches have the mean size
  for (std::size_t i = 0; i < bodies.size();) {
    raw.run("BEGIN IMMEDIATE");
    for (room += batch; room >= 1 && i < bodies.size(); ++i, --room) {
      for (std::size_t change = 0; change < bodies[i].size(); ++change) {
        sqlite3_stmt* statement = prepared[i][change];
        int index = 0;
        for (const Value& value : bodies[i][change].values) bind(statement, ++index, value);
        raw.step(statement);
      }
    }
    raw.run("COMMIT");
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  return static_cast<double>(bodies.size()) / took.count();
}

double replay_reads(const std::string& file, const std::vector<std::string>& statements,
                    std::int64_t count) {
  Raw raw(file);
  std::vector<sqlite3_stmt*> prepared;
  for (const std::string& text : statements) prepared.push_back(raw.prepare(text));
  const auto start = std::chrono::steady_clock::now();
  for (std::int64_t i = 0; i < count; ++i) {
    for (sqlite3_stmt* statement : prepared) {
      while (sqlite3_step(statement) == SQLITE_ROW) {
        for (int column = sqlite3_column_count(statement); column-- > 0;) {
          sqlite3_column_text(statement, column);
        }
      }
      require(sqlite3_reset(statement), sqlite3_db_handle(statement));
    }
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  return static_cast<double>(count) / took.count();
}

}  // namespace bench
