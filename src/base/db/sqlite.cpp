// The SQLite driver: one writer connection with group commit, a few reader connections on
// snapshots.
//
// With a savepoint, SQLite copies every page before its first change, so bodies run without
// savepoints until one has to be undone. Then the batch runs again with a savepoint for each body.
// So do the following batches, until one of them undoes nothing.
//
// How SQLite's failures are handled, with a batch of bodies in one transaction:
//
//   A statement fails: its body is undone; the neighbours stay.
//
//   SQLite rolls everything back (FULL, IOERR, NOMEM may): each body runs again alone.
//
//   COMMIT fails and the transaction is still open: the same.
//
//   COMMIT fails with FULL: the same, because the frame that says "committed" is the last one, and
//   it was not written.
//
//   COMMIT fails otherwise: the frames may have reached the disk or not, so it is outcome_unknown
//   for the whole batch. The connection is closed, so that the failed fsync is never repeated.
//
//   COMMIT succeeds, and the files at the paths are no longer those that are open: outcome_unknown
//   for the batch, and from then on everybody is refused (sqlite_files.hpp).
//
// A checkpoint copies the log into the database. SQLite before 3.51.3 may lose pages if another
// process commits at the same time. So a checkpoint runs on a connection of its own while the
// writer has the write lock. (SQLite's own checkpoints go on without the lock if they do not get
// it.) resys never deletes the log: a process that does must be sure that it is alone, and locks
// can get lost. Before a commit that is only in the log is confirmed, the file says so
// (sqlite_mark.hpp).
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include "base/db/commit_queue.hpp"
#include "base/db/database.hpp"
#include "base/db/process_files.hpp"
#include "base/db/sqlite_backup.hpp"
#include "base/db/sqlite_check.hpp"
#include "base/db/sqlite_connection.hpp"
#include "base/db/sqlite_files.hpp"
#include "base/db/sqlite_location.hpp"
#include "base/db/sqlite_mark.hpp"

namespace resys::db {
namespace {

using SteadyClock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::size_t kMaxBodies = 64;    // of one batch
constexpr milliseconds kMaxBatchTime{5};  // after this no more bodies join
constexpr int kBusyAttempts = 5;          // for a body that met a lock inside its transaction
constexpr std::size_t kReaders = 4;

// The log is copied into the database when it has so many pages (4 kB each). The pages that every
// order changes are then copied once for many orders. If the log cannot begin anew, because
// somebody reads an old snapshot, it is copied again after kMoreLogPages more.
constexpr int kLogPages = 4'000;
constexpr int kMoreLogPages = kLogPages / 4;
// A warning is logged when the log has so many times that, and again each time it doubles.
constexpr int kLargeLog = 4;

// If the file could not be marked, because somebody reads an old snapshot or the disk is full, the
// next attempt comes after so long.
constexpr milliseconds kMarkAgain{1'000};

// When batches have followed each other without a gap for so long, the writer pauses. Other
// processes poll SQLite's lock, and would otherwise never find it free.
constexpr milliseconds kTurn{50};
constexpr milliseconds kTurnPause{2};
static_assert(kTurnPause > kBusyPause);

// Runs the body and records its result, even if it throws. Returns true if the body was refused and
// its changes must be undone.
bool run_body(Connection& connection, CommitQueue::Job& job) {
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
  return job.refused() && transaction.wrote();
}

bool was_busy(const CommitQueue::Job& job) {
  return job.answer.has_error() && job.answer.error().code() == Errc::busy;
}

// The threads that are inside a body, to recognize a call from within one.
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

// The only writer connection. Everything except submit() runs in the thread that leads.
class Writer {
 public:
  using Job = CommitQueue::Job;

  Writer(Location location, BodyThreads& threads, FileWatch& watch, std::shared_ptr<Log> log)
      : location_(std::move(location)),
        threads_(threads),
        watch_(watch),
        log_(std::move(log)),
        log_pages_(location_.log_pages > 0 ? location_.log_pages : kLogPages),
        queue_(location_.writer_thread, [this](CommitQueue::Batch& batch) { lead(batch); }) {
    connect();
  }
  // Leaves the database complete and the log short, so that a copy of the file alone has
  // everything.
  ~Writer() {
    if (!connection_ || location_.memory() || connection_->log_pages() == 0) return;
    if (watch_.look()) return;
    try {
      connection_->run_once("PRAGMA journal_size_limit = 0");
      begin_log_anew(*connection_, SteadyClock::now());
      copy_log(*connection_, SteadyClock::now());
    } catch (const SQLite::Exception&) {
      // Other processes are at work, or the disk fails. What is not copied stays in the log.
    }
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void submit(Job& job) { queue_.run(job); }

  // Both are called before any job is submitted. They put the schema into the file itself. So even
  // if the log is lost, a new shop is never begun in the remains of the old one.
  void finish_schema() {
    connection_->set_statistics();
    if (!location_.memory()) try_copy_log();
  }
  Result<void> check_file_and_log() {
    RESYS_TRYV(claim(*connection_, location_));
    RESYS_TRY(checked, check_log(*connection_, location_));
    if (checked == LogCheck::accepted) {
      warn(
          "the log of the database was missing: what was committed last is lost, as the option "
          "lostLog=accept allows");
    }
    if (checked == LogCheck::silent && try_copy_log() == 0) {
      warn(
          "the log of the database (-wal) has no whole commit: what was confirmed last is lost, "
          "unless the shop was stopped during its first commit since the log was copied");
    }
    return success();
  }

 private:
  using Next = std::function<Job*()>;

  // noexcept: without memory for a small object the queue cannot go on.
  void lead(CommitQueue::Batch& batch) noexcept {
    const BodyThreads::Scope scope(threads_);
    let_other_processes_in(batch.follows_another());
    const std::vector<Job*>& jobs = batch.taken();
    const auto full = SteadyClock::now() + kMaxBatchTime;
    const auto next = [&]() -> Job* {
      const bool is_full =
          jobs.size() == kMaxBodies || (!jobs.empty() && SteadyClock::now() >= full);
      return is_full ? nullptr : batch.next();
    };
    run_batch(next, jobs);
    finish_mark();
    keep_log_short();
  }

  void run_batch(const Next& next, const std::vector<Job*>& jobs) {
    const bool savepoints = undoes_;
    if (run_jobs(next, savepoints)) return;
    if (undoes_ && !savepoints && run_jobs(one_by_one(jobs), true)) return;
    if (jobs.size() == 1 && !was_busy(*jobs.front())) return;
    for (Job* job : jobs) run_alone(*job);
  }

  static Next one_by_one(std::span<Job* const> jobs) {
    return [jobs]() mutable -> Job* {
      if (jobs.empty()) return nullptr;
      Job* job = jobs.front();
      jobs = jobs.subspan(1);
      return job;
    };
  }

  void let_other_processes_in(bool follows_another) {
    if (follows_another && SteadyClock::now() - turn_began_ < kTurn) return;
    if (follows_another) std::this_thread::sleep_for(kTurnPause);
    turn_began_ = SteadyClock::now();
  }

  void run_alone(Job& job) {
    for (int attempt = 1;; ++attempt) {
      Job* const jobs[] = {&job};
      if (run_jobs(one_by_one(jobs), false)) return;
      if (!was_busy(job) || attempt == kBusyAttempts) return;
      std::this_thread::sleep_for(kBusyPause * (1 << attempt));
    }
  }

  // Runs the bodies of `next` in one transaction. Returns true if all have their result, and false
  // if one of them made everything roll back. Its result then says why, the others mean nothing.
  bool run_jobs(const Next& next, bool savepoints) {
    std::vector<Job*> jobs;  // of the open transaction
    undoes_ = false;
    while (Job* job = next()) {
      if (jobs.empty() && !begin(*job)) return true;
      jobs.push_back(job);
      if (!(jobs.size() == 1 ? run_first(*job)
            : savepoints     ? run_in_savepoint(*job)
                             : run_among_others(*job))) {
        return false;
      }
      if (!connection_->in_transaction()) jobs.clear();
    }
    return jobs.empty() || commit(jobs);
  }

  // Returns false if the job cannot be served. Its result is then set. Each job waits for a lock
  // until five seconds after it came, even if others led before it.
  bool begin(Job& first) {
    try {
      if (!connection_) connect();
      connection_->begin("BEGIN IMMEDIATE", first.came + kBusyTimeout);
      auto happened = watch_.look_now_and_then();
      if (!happened) happened = keep_marked(first.came + kBusyTimeout);
      if (!happened) return true;
      first.fail(*happened);
    } catch (const SQLite::Exception& exception) {
      first.fail(to_error(exception));
    }
    if (connection_) roll_back();
    return false;
  }

  // Called with the transaction of a batch open, and leaves one open. Returns what has happened to
  // the file, if the marks show it.
  std::optional<Error> keep_marked(SteadyClock::time_point give_up) {
    if (location_.memory()) return std::nullopt;
    const LogMark files = file_mark(*connection_);
    LogMark newest = newest_mark(*connection_);
    if (!belong_together(newest, files)) return watch_.overwritten();
    if (!files.in_log && SteadyClock::now() >= mark_at_) {
      connection_->run("ROLLBACK");
      try {
        commit_mark(give_up, true);
        copy_log(*connection_, give_up);
        finishes_mark_ = true;
      } catch (const SQLite::Exception&) {
        if (!connection_) throw;
      }
      connection_->begin("BEGIN IMMEDIATE", give_up);
      newest = newest_mark(*connection_);
      if (!file_mark(*connection_).in_log) mark_at_ = SteadyClock::now() + kMarkAgain;
    }
    // The mark is committed with the batch itself, so that a log that has lost it has no commit at
    // all. The newest mark may also be that of a process that was killed or has not finished yet.
    if (newest.in_log) mark_complete(*connection_);
    return std::nullopt;
  }

  // Marks the new log as complete, because the batch that began it may have been undone.
  void finish_mark() noexcept {
    if (!std::exchange(finishes_mark_, false) || !connection_) return;
    try {
      commit_mark(SteadyClock::now() + kBusyTimeout, false);
    } catch (const SQLite::Exception&) {
      // The next batch tries again.
    }
  }

  // The first job of a transaction needs no savepoint. Returns false if the transaction is lost.
  bool run_first(Job& job) {
    run_body(*connection_, job);
    if (!connection_->in_transaction()) return false;
    if (job.refused()) roll_back();
    return connection_ != nullptr;
  }

  // Returns false if the changes of the other jobs are lost.
  bool run_among_others(Job& job) {
    const bool undo = run_body(*connection_, job);
    if (!connection_->in_transaction()) return false;
    undoes_ = undo;
    if (undo) roll_back();
    return !undo;
  }

  // Returns false if the transaction is lost.
  bool run_in_savepoint(Job& job) {
    try {
      connection_->run("SAVEPOINT body");
      const bool undo = run_body(*connection_, job);
      if (!connection_->in_transaction()) return false;
      undoes_ = undoes_ || undo;
      if (undo) connection_->run("ROLLBACK TO body");
      connection_->run("RELEASE body");
      return true;
    } catch (const SQLite::Exception& exception) {
      job.fail(to_error(exception));
      roll_back();
      return false;
    }
  }

  // Returns false if it is certain that nothing was committed.
  bool commit(const std::vector<Job*>& jobs) {
    try {
      connection_->run("COMMIT");
      if (const auto happened = watch_.look()) {
        const Error unknown(Errc::outcome_unknown, happened->message());
        for (Job* job : jobs)
          job->fail(Error(unknown).with("file", std::string(happened->fact("file"))));
      }
      return true;
    } catch (const SQLite::Exception& exception) {
      const bool certain = undo_failed_commit(exception);
      const Error error =
          certain ? to_error(exception)
                  : Error(Errc::outcome_unknown, "the database failed while it was committing")
                        .with("sqlite", exception.getExtendedErrorCode());
      for (Job* job : jobs) job->fail(error);
      return !certain;
    }
  }

  // Returns true if it is certain that nothing was committed.
  bool undo_failed_commit(const SQLite::Exception& exception) {
    const bool certain = connection_->in_transaction() || location_.memory() ||
                         exception.getErrorCode() == SQLITE_FULL;
    if (certain) {
      roll_back();
    } else {
      connection_.reset();
      commit_failed_ = true;
    }
    return certain;
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
    auto connection = std::make_unique<Connection>(location_, Connection::Use::write);
    connection->begin("BEGIN", SteadyClock::now() + kBusyTimeout);
    connection->number("PRAGMA schema_version");
    watch_.remember();
    connection->run("COMMIT");
    // The frames of the failed commit may not be on the disk, so nothing is written after them.
    if (commit_failed_) begin_log_anew(*connection, SteadyClock::now() + kBusyTimeout);
    commit_failed_ = false;
    connection_ = std::move(connection);
  }

  // Copies the log into the database while nobody else can commit. Returns true if all of it was
  // copied. The next commit then begins the log anew, unless a reader still uses it.
  bool copy_log(Connection& connection, SteadyClock::time_point give_up) {
    if (!copier_) copier_ = std::make_unique<Connection>(location_, Connection::Use::write);
    connection.begin("BEGIN IMMEDIATE", give_up);
    try {
      const bool all = copier_->copy_log();
      connection.run("ROLLBACK");
      return all;
    } catch (const SQLite::Exception&) {
      copier_.reset();
      if (connection.in_transaction()) connection.run("ROLLBACK");
      throw;
    }
  }

  // Copies the log and returns how many pages it has. Returns nothing if it cannot be copied now.
  std::optional<int> try_copy_log() {
    try {
      copy_log(*connection_, SteadyClock::now() + kBusyTimeout);
      return copier_->copied_pages();
    } catch (const SQLite::Exception&) {
      return std::nullopt;
    }
  }

  // The same, and marks the file: if all was copied, it says that later commits are in the log.
  bool copy_log_and_mark(SteadyClock::time_point give_up) {
    commit_mark(give_up, true);
    const bool all = copy_log(*connection_, give_up);
    commit_mark(give_up, false);
    return all;
  }

  // If another process has set the same mark, there is nothing to do.
  void commit_mark(SteadyClock::time_point give_up, bool in_log) {
    connection_->begin("BEGIN IMMEDIATE", give_up);
    try {
      if (newest_mark(*connection_).in_log == in_log) return connection_->run("ROLLBACK");
      (in_log ? mark_in_log : mark_complete)(*connection_);
      connection_->run("COMMIT");
    } catch (const SQLite::Exception& exception) {
      undo_failed_commit(exception);
      throw;
    }
  }

  // Throws if readers or other processes leave no opportunity before `give_up`.
  void begin_log_anew(Connection& connection, SteadyClock::time_point give_up) {
    for (;;) {
      const bool all = copy_log(connection, give_up);
      connection.begin("BEGIN IMMEDIATE", give_up);
      mark_complete(connection);
      connection.run("COMMIT");
      if (all && connection.log_pages() == 1) return;
      if (SteadyClock::now() >= give_up) {
        throw SQLite::Exception("the log cannot begin anew", SQLITE_BUSY);
      }
      std::this_thread::sleep_for(kBusyPause);
    }
  }

  // Runs after each batch. If another process has the lock, the next batch tries again.
  void keep_log_short() noexcept {
    if (!connection_ || location_.memory()) return;
    const int pages = connection_->log_pages();
    if (pages < log_pages_) {
      copy_at_ = log_pages_;
      warn_at_ = kLargeLog * log_pages_;
      return;
    }
    if (pages < copy_at_) return;
    // If the log was replaced, others have other commits in theirs, so ours must not be copied.
    if (watch_.look()) return;
    try {
      const bool all = copy_log_and_mark(SteadyClock::now());
      copy_at_ = pages + kMoreLogPages;
      // If all was copied, a single large commit made the log so long, and the next one begins it
      // anew.
      if (!all && pages >= warn_at_) warn_of_large_log(pages);
    } catch (const SQLite::Exception&) {
      if (!connection_ || !connection_->in_transaction()) return;
      connection_.reset();  // it could not even be rolled back
    }
  }

  void warn_of_large_log(int pages) {
    warn_at_ = 2 * pages;
    warn("the write-ahead log has " + std::to_string(pages) +
         " pages, for some program keeps an old snapshot of the database open");
  }

  void warn(const std::string& message) {
    if (log_) log_->write(LogLevel::warning, message);
  }

  const Location location_;
  BodyThreads& threads_;
  FileWatch& watch_;
  const std::shared_ptr<Log> log_;
  std::unique_ptr<Connection> connection_;  // null after a failed commit
  std::unique_ptr<Connection> copier_;      // copies the log; null until it is needed
  const int log_pages_;                     // like kLogPages, for this writer
  int copy_at_ = log_pages_;
  int warn_at_ = kLargeLog * log_pages_;
  bool commit_failed_ = false;
  bool finishes_mark_ = false;
  SteadyClock::time_point mark_at_;  // not before then
  bool undoes_ = false;  // the last batch had a body that was refused and had changed something
  SteadyClock::time_point turn_began_;
  CommitQueue queue_;  // last: its thread uses the others
};

// A few reader connections, which are opened on first use.
class Readers {
 public:
  Readers(Location location, FileWatch& watch) : location_(std::move(location)), watch_(watch) {}

  void submit(CommitQueue::Job& job) {
    if (const auto happened = watch_.look_now_and_then()) return job.fail(*happened);
    Turn turn(*this);
    try {
      for (int attempt = 1;; ++attempt) {
        Connection& connection = turn.connection();
        connection.begin("BEGIN", job.came + kBusyTimeout);
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
  // One of kReaders permits to read, with a connection.
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
  FileWatch& watch_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::size_t turns_ = kReaders;  // that are free
  // The connections of the free turns; null: not opened yet.
  std::array<std::unique_ptr<Connection>, kReaders> idle_;
};

// Everything that a database has open.
struct Parts {
  Parts(const Location& a_location, std::shared_ptr<Log> log)
      : location(a_location),
        watch(location),
        writer(location, threads, watch, std::move(log)),
        readers(location, watch) {}

  const Location location;
  FileWatch watch;
  BodyThreads threads;
  Writer writer;
  Readers readers;
};

class SqliteDatabase final : public Database {
 public:
  SqliteDatabase(const Location& location, std::shared_ptr<Log> log)
      : parts_(std::make_unique<Parts>(location, std::move(log))) {}
  // In the child of a fork the parts belong to the parent: their threads and locks are not here.
  ~SqliteDatabase() override {
    if (is_inherited()) static_cast<void>(parts_.release());
  }
  SqliteDatabase(const SqliteDatabase&) = delete;
  SqliteDatabase& operator=(const SqliteDatabase&) = delete;

  Result<void> check_file_and_log() { return parts_->writer.check_file_and_log(); }
  EngineInfo engine() const override {
    return {"SQLite", sqlite3_libversion(), has_wal_reset_bug()};
  }

  Result<void> finish_schema() override {
    try {
      parts_->writer.finish_schema();
      return success();
    } catch (const SQLite::Exception& exception) {
      return to_error(exception);
    }
  }

  Result<FileCheck> check_file(const Step& step) override {
    RESYS_TRYV(refuse_child());
    if (!is_in_memory()) return db::check_file(parts_->location, watched(step));
    return check_tables([this](const auto& work) { return read_on_connection(work); }, step);
  }

  Result<FileCopy> copy_to(const std::string& path, const Step& copying,
                           const Step& checking) override {
    RESYS_TRYV(refuse_child());
    if (!is_in_memory()) {
      return copy_file(parts_->location, path, watched(copying), watched(checking));
    }
    std::string image;
    RESYS_TRYV(read_on_connection([&](Connection& connection) { image = image_of(connection); }));
    return copy_image(std::move(image), path, copying, checking);
  }

 protected:
  Result<void> do_write(const ErasedBody& body) override { return submit(body, false); }
  Result<void> do_read(const ErasedBody& body) override { return submit(body, true); }

 private:
  bool is_in_memory() const { return parts_->location.memory(); }
  bool is_inherited() const { return fork_number_ != fork_number(); }

  Result<void> refuse_child() const {
    if (!is_inherited()) return success();
    return Error(Errc::invalid_state,
                 "the shop was opened before this process was forked: it is its parent's");
  }

  Result<void> submit(const ErasedBody& body, bool read_only) {
    RESYS_TRYV(refuse_child());
    if (parts_->threads.inside()) {
      return Error(Errc::internal, "a body called the database instead of using its transaction");
    }
    CommitQueue::Job job(body, read_only);
    if (read_only && !is_in_memory()) {
      const BodyThreads::Scope scope(parts_->threads);
      parts_->readers.submit(job);
    } else {
      parts_->writer.submit(job);
    }
    if (job.thrown) std::rethrow_exception(job.thrown);
    return job.answer;
  }

  // Ends the work if the connection may have opened another file than the shop's.
  Step watched(const Step& step) {
    return [this, &step](std::int64_t done, std::int64_t total) -> Result<void> {
      if (const auto happened = parts_->watch.look()) return *happened;
      return step(done, total);
    };
  }

  // A database in memory has only one connection, so this reads in a transaction of that one.
  Result<void> read_on_connection(const std::function<void(Connection&)>& work) {
    return do_read([&](Transaction& transaction) -> Result<void> {
      work(static_cast<SqliteTransaction&>(transaction).connection());
      return success();
    });
  }

  const std::uint64_t fork_number_ = fork_number();
  std::unique_ptr<Parts> parts_;
};

}  // namespace

Result<std::unique_ptr<Database>> open_sqlite(std::string_view url, std::shared_ptr<Log> log) {
  RESYS_TRY(location, locate(url));
  RESYS_TRYV(prepare_file(location));
  try {
    RESYS_TRYV(check_owner(location));
    auto database = std::make_unique<SqliteDatabase>(location, std::move(log));
    RESYS_TRYV(database->check_file_and_log());
    return std::unique_ptr<Database>(std::move(database));
  } catch (const SQLite::Exception& exception) {
    const Error error = to_error(exception).with("file", location.file);
    const int code = exception.getErrorCode();
    const bool is_damage = code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
    return is_damage ? blame_log(location).value_or(error) : error;
  }
}

}  // namespace resys::db
