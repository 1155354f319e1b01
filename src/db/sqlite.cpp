// The SQLite driver: one writer connection with group commit, a few reader connections on
// snapshots.
//
// What SQLite does when things go wrong, and what is made of it:
//   a statement fails            its body's savepoint is rolled back; the neighbours in the batch
//   stay SQLite rolls everything back (FULL, IOERR, NOMEM may) each body of the batch runs again
//   alone COMMIT fails, still open     rolled back, and each body runs again alone COMMIT fails,
//   FULL           the frame that says "committed" is the last and was not written: the same COMMIT
//   fails otherwise       the frames may have reached the disk or not: outcome_unknown for the
//   whole batch, and
//                                the connection is closed, so that the failed fsync is never
//                                repeated
#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "db/commit_queue.hpp"
#include "db/database.hpp"

namespace resys::db {
namespace {

using SteadyClock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::size_t kMaxBodies = 64;       // of one batch
constexpr milliseconds kMaxBatchTime{5};     // after this no more bodies join
constexpr milliseconds kBusyTimeout{5'000};  // for another process's lock
constexpr milliseconds kBusyPause{1};        // between two looks at it
constexpr int kBusyAttempts = 5;       // of a body that met a lock after its transaction began
constexpr milliseconds kTurn{50};      // of batches without a gap, then
constexpr milliseconds kTurnPause{2};  // other processes get their chance (more than kBusyPause)
constexpr std::size_t kReaders = 4;

struct Location {
  std::string file;
  std::string vfs;  // empty: the default

  bool memory() const { return file == ":memory:"; }
};

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

// SQLite numbers $1, $2 by where they first stand; ?1, ?2 mean what they say.
std::string with_numbered_parameters(std::string_view text) {
  std::string rewritten(text);
  char quote = '\0';
  for (std::size_t i = 0; i < rewritten.size(); ++i) {
    const char letter = rewritten[i];
    if (quote != '\0') {
      if (letter == quote) quote = '\0';
    } else if (letter == '-' && rewritten.compare(i, 2, "--") == 0) {
      quote = '\n';
    } else if (letter == '\'' || letter == '"') {
      quote = letter;
    } else if (letter == '$') {
      rewritten[i] = '?';
    } else if (letter == ';' && rewritten.find_first_not_of("; \n\t", i) != std::string::npos) {
      throw StorageFault(Error(Errc::internal, "a statement is one statement"));
    }
  }
  return rewritten;
}

struct Prepared {
  SQLite::Statement statement;
  bool running = false;
};

// A statement in use; whatever happens it is reset, for one left open would block the commit.
class Lease {
 public:
  explicit Lease(Prepared& prepared) : prepared_(prepared) { prepared_.running = true; }
  ~Lease() {
    prepared_.statement.tryReset();
    prepared_.running = false;
  }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  SQLite::Statement& operator*() { return prepared_.statement; }
  SQLite::Statement* operator->() { return &prepared_.statement; }

 private:
  Prepared& prepared_;
};

// Used by one thread at a time. Throws SQLite::Exception.
class Connection {
 public:
  enum class Use { write, read };

  Connection(const Location& location, Use use)
      : database_(location.file,
                  SQLite::OPEN_READWRITE | (use == Use::write ? SQLite::OPEN_CREATE : 0) |
                      SQLite::OPEN_NOMUTEX,
                  0, location.vfs) {
    sqlite3_busy_handler(database_.getHandle(), &Connection::wait_for_lock, this);
    restart_busy_timeout();
    if (use == Use::read) {
      database_.exec("PRAGMA query_only = 1");
      return;
    }
    enter_wal_mode(location.memory() ? "memory" : "wal");
    database_.exec("PRAGMA synchronous = FULL");
    database_.exec("PRAGMA fullfsync = 1");  // where fsync alone does not reach the disk (macOS)
    database_.exec("PRAGMA foreign_keys = 1");
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void begin(const char* statement) {
    restart_busy_timeout();
    run(statement);
  }
  // A statement without parameters and rows.
  void run(const char* text) { Lease(prepare(text))->exec(); }
  bool in_transaction() const { return sqlite3_get_autocommit(database_.getHandle()) == 0; }
  // The statement of that address, prepared once.
  Prepared& prepare(const char* text) {
    const auto found = statements_.find(text);
    if (found != statements_.end()) return found->second;
    SQLite::Statement statement(database_, with_numbered_parameters(text));
    return statements_.emplace(text, Prepared{std::move(statement)}).first->second;
  }
  // The same statement while the other one is running.
  Prepared prepare_another(const char* text) const {
    return {SQLite::Statement(database_, with_numbered_parameters(text))};
  }
  // Takes what is committed out of the write-ahead log and empties it, as far as other connections
  // let it.
  void empty_log() { database_.tryExec("PRAGMA wal_checkpoint(TRUNCATE)"); }

 private:
  static int wait_for_lock(void* self, int) {
    if (SteadyClock::now() >= static_cast<Connection*>(self)->deadline_) return 0;
    std::this_thread::sleep_for(kBusyPause);
    return 1;
  }
  void restart_busy_timeout() { deadline_ = SteadyClock::now() + kBusyTimeout; }

  // Two processes that open a new file at once meet here, and SQLite does not ask the busy handler.
  void enter_wal_mode(const char* expected) {
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

  SQLite::Database database_;
  SteadyClock::time_point deadline_;
  std::unordered_map<const char*, Prepared> statements_;
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

class SqliteTransaction final : public Transaction {
 public:
  SqliteTransaction(Connection& connection, bool read_only)
      : connection_(connection), read_only_(read_only) {}

  std::int64_t execute(const Sql& sql, Values values) override {
    if (read_only_) throw StorageFault(Error(Errc::internal, "a read does not write"));
    std::int64_t changed = 0;
    step(
        sql, values, [](const SQLite::Statement&) {}, &changed);
    return changed;
  }
  void query(const Sql& sql, Values values, const std::function<void(const Row&)>& each) override {
    step(sql, values, [&](const SQLite::Statement& statement) { each(SqliteRow(statement)); });
  }
  const std::optional<Error>& fault() const { return fault_; }

 private:
  template <class Each>
  void step(const Sql& sql, Values values, Each&& each, std::int64_t* changed = nullptr) {
    // A body that swallowed a fault must not go on: SQLite may have left the transaction.
    if (fault_) throw StorageFault(*fault_);
    try {
      Prepared& cached = connection_.prepare(sql.text);
      std::optional<Prepared> another;
      if (cached.running) another = connection_.prepare_another(sql.text);
      Lease statement(another ? *another : cached);
      bind(*statement, values);
      while (statement->executeStep()) each(*statement);
      if (changed != nullptr) *changed = statement->getChanges();
    } catch (const SQLite::Exception& exception) {
      fault_ = to_error(exception);
      throw StorageFault(*fault_);
    }
  }

  Connection& connection_;
  bool read_only_;
  std::optional<Error> fault_;
};

// Runs the body and records what became of it, whatever it throws.
void run_body(Connection& connection, CommitQueue::Job& job) {
  SqliteTransaction transaction(connection, job.read_only);
  job.thrown = nullptr;
  try {
    job.answer = job.body(transaction);
    if (transaction.fault()) job.answer = *transaction.fault();
  } catch (const StorageFault& fault) {
    job.answer = fault.error();
  } catch (...) {
    job.thrown = std::current_exception();
  }
}

bool was_busy(const CommitQueue::Job& job) {
  return job.answer.has_error() && job.answer.error().code() == Errc::busy;
}

// The threads that are inside a body, to tell a call from within one.
class BodyThreads {
 public:
  class Scope {
   public:
    explicit Scope(BodyThreads& threads) : threads_(threads) {
      const std::lock_guard lock(threads_.mutex_);
      threads_.ids_.push_back(std::this_thread::get_id());
    }
    ~Scope() {
      const std::lock_guard lock(threads_.mutex_);
      std::erase(threads_.ids_, std::this_thread::get_id());
    }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    BodyThreads& threads_;
  };

  bool inside() {
    const std::lock_guard lock(mutex_);
    return std::find(ids_.begin(), ids_.end(), std::this_thread::get_id()) != ids_.end();
  }

 private:
  std::mutex mutex_;
  std::vector<std::thread::id> ids_;
};

// The one writer connection. Everything but submit() runs in the thread that leads.
class Writer {
 public:
  using Job = CommitQueue::Job;

  Writer(Location location, BodyThreads& threads)
      : location_(std::move(location)), threads_(threads) {
    connect();
  }

  void submit(Job& job) {
    queue_.run(job, [this](CommitQueue::Batch& batch) { lead(batch); });
  }

 private:
  using Next = std::function<Job*()>;

  // noexcept: without memory for a small object the queue cannot be kept going.
  void lead(CommitQueue::Batch& batch) noexcept {
    const BodyThreads::Scope scope(threads_);
    let_other_processes_in(batch.follows_another());
    if (settle([&] { return batch.next(); })) return;
    const std::vector<Job*>& jobs = batch.taken();
    if (jobs.size() == 1 && !was_busy(*jobs.front())) return;
    for (Job* job : jobs) settle_alone(*job);
  }

  // Waiting for a lock is polling, so batches without a gap would shut other processes out.
  void let_other_processes_in(bool follows_another) {
    if (follows_another && SteadyClock::now() - turn_began_ < kTurn) return;
    if (follows_another) std::this_thread::sleep_for(kTurnPause);
    turn_began_ = SteadyClock::now();
  }

  void settle_alone(Job& job) {
    for (int attempt = 1;; ++attempt) {
      bool given = false;
      if (settle([&] { return std::exchange(given, true) ? nullptr : &job; })) return;
      if (!was_busy(job) || attempt == kBusyAttempts) return;
      std::this_thread::sleep_for(kBusyPause * (1 << attempt));
    }
  }

  // One transaction over the bodies that `next` gives. True if all have their answer. False if
  // everything was rolled back because of one of them; its answer says why, the others' mean
  // nothing.
  bool settle(const Next& next) {
    try {
      if (!connection_) connect();
      connection_->begin("BEGIN IMMEDIATE");
    } catch (const SQLite::Exception& exception) {
      while (Job* job = next()) job->fail(to_error(exception));
      return true;
    }
    std::vector<Job*> jobs;
    const auto full = SteadyClock::now() + kMaxBatchTime;
    while (jobs.size() < kMaxBodies && (jobs.empty() || SteadyClock::now() < full)) {
      Job* job = next();
      if (job == nullptr) break;
      jobs.push_back(job);
      if (!settle_in_savepoint(*job)) return false;
    }
    return commit(jobs);
  }

  // False if the transaction is lost.
  bool settle_in_savepoint(Job& job) {
    try {
      connection_->run("SAVEPOINT body");
      run_body(*connection_, job);
      if (!connection_->in_transaction()) return false;
      if (job.refused()) connection_->run("ROLLBACK TO body");
      connection_->run("RELEASE body");
      return true;
    } catch (const SQLite::Exception& exception) {
      job.fail(to_error(exception));
      roll_back();
      return false;
    }
  }

  // False if nothing was committed for certain.
  bool commit(const std::vector<Job*>& jobs) {
    try {
      connection_->run("COMMIT");
      return true;
    } catch (const SQLite::Exception& exception) {
      const bool certain = connection_->in_transaction() || location_.memory() ||
                           exception.getErrorCode() == SQLITE_FULL;
      const Error error =
          certain ? to_error(exception)
                  : Error(Errc::outcome_unknown, "the database failed while it was committing")
                        .with("sqlite", exception.getExtendedErrorCode());
      for (Job* job : jobs) job->fail(error);
      if (certain) {
        roll_back();
        return false;
      }
      connection_.reset();
      commit_failed_ = true;
      return true;
    }
  }

  void roll_back() {
    if (!connection_->in_transaction()) return;
    try {
      connection_->run("ROLLBACK");
    } catch (const SQLite::Exception&) {
      if (!location_.memory()) connection_.reset();
    }
  }

  void connect() {
    connection_ = std::make_unique<Connection>(location_, Connection::Use::write);
    // What the failed commit left in the log must not come back to life when the log is read after
    // a crash, under commits that were acknowledged later.
    if (std::exchange(commit_failed_, false)) connection_->empty_log();
  }

  const Location location_;
  BodyThreads& threads_;
  CommitQueue queue_;
  std::unique_ptr<Connection> connection_;  // null after a failed commit
  bool commit_failed_ = false;
  SteadyClock::time_point turn_began_;
};

// A few connections, opened when they are first needed.
class Readers {
 public:
  explicit Readers(Location location) : location_(std::move(location)) {}

  void submit(CommitQueue::Job& job) {
    Turn turn(*this);
    try {
      for (int attempt = 1;; ++attempt) {
        Connection& connection = turn.connection();
        connection.begin("BEGIN");
        run_body(connection, job);
        if (connection.in_transaction()) connection.run("COMMIT");
        if (!was_busy(job) || attempt == kBusyAttempts) return;
        std::this_thread::sleep_for(kBusyPause * (1 << attempt));
      }
    } catch (const SQLite::Exception& exception) {
      job.fail(to_error(exception));
      turn.discard();
    }
  }

 private:
  // One of kReaders turns, with a connection.
  class Turn {
   public:
    explicit Turn(Readers& readers) : readers_(readers) {
      std::unique_lock lock(readers_.mutex_);
      readers_.returned_.wait(lock, [this] { return readers_.turns_ > 0; });
      --readers_.turns_;
      connection_ = std::move(readers_.idle_[readers_.turns_]);
    }
    ~Turn() {
      const std::lock_guard lock(readers_.mutex_);
      readers_.idle_[readers_.turns_] = std::move(connection_);
      ++readers_.turns_;
      readers_.returned_.notify_one();
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

    Connection& connection() {
      if (!connection_) {
        connection_ = std::make_unique<Connection>(readers_.location_, Connection::Use::read);
      }
      return *connection_;
    }
    void discard() { connection_.reset(); }

   private:
    Readers& readers_;
    std::unique_ptr<Connection> connection_;
  };

  const Location location_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::size_t turns_ = kReaders;  // free ones
  std::array<std::unique_ptr<Connection>, kReaders>
      idle_;  // those of the free turns; null: not open yet
};

class SqliteDatabase final : public Database {
 public:
  explicit SqliteDatabase(const Location& location)
      : memory_(location.memory()), writer_(location, threads_), readers_(location) {}

 protected:
  Result<void> do_write(const ErasedBody& body) override { return submit(body, false); }
  Result<void> do_read(const ErasedBody& body) override { return submit(body, true); }

 private:
  Result<void> submit(const ErasedBody& body, bool read_only) {
    if (threads_.inside()) {
      return Error(Errc::internal, "a body uses its own transaction, not the database");
    }
    CommitQueue::Job job(body, read_only);
    if (read_only && !memory_) {
      const BodyThreads::Scope scope(threads_);
      readers_.submit(job);
    } else {
      writer_.submit(job);
    }
    if (job.thrown) std::rethrow_exception(job.thrown);
    return job.answer;
  }

  const bool memory_;
  BodyThreads threads_;
  Writer writer_;
  Readers readers_;
};

Result<Location> parse_url(std::string_view url) {
  constexpr std::string_view scheme = "sqlite:";
  constexpr std::string_view vfs = "vfs=";
  const Error malformed(Errc::invalid_request,
                        "a database is sqlite:FILE, sqlite:FILE?vfs=NAME or sqlite::memory:");
  if (!url.starts_with(scheme)) return malformed;
  url.remove_prefix(scheme.size());
  Location location;
  if (const std::size_t question = url.rfind('?'); question != std::string_view::npos) {
    const std::string_view option = url.substr(question + 1);
    if (!option.starts_with(vfs)) return malformed;
    location.vfs = option.substr(vfs.size());
    if (sqlite3_vfs_find(location.vfs.c_str()) == nullptr) {
      return Error(Errc::invalid_request, "there is no SQLite VFS of that name")
          .with("vfs", location.vfs);
    }
    url = url.substr(0, question);
  }
  // SQLite itself would take an empty name or one in colons for a temporary database.
  if (url.empty() || (url.starts_with(':') && url != ":memory:")) return malformed;
  location.file = url;
  // Some builds of SQLite read names that begin so as URIs.
  if (url.starts_with("file:")) location.file.insert(0, "./");
  return location;
}

}  // namespace

Result<std::unique_ptr<Database>> open_sqlite(std::string_view url) {
  RESYS_TRY(location, parse_url(url));
  try {
    return std::unique_ptr<Database>(std::make_unique<SqliteDatabase>(location));
  } catch (const SQLite::Exception& exception) {
    return to_error(exception).with("file", location.file);
  }
}

}  // namespace resys::db
