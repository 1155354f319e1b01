// The SQLite driver: one writer connection with group commit, a few reader connections on
// snapshots.
//
// A savepoint copies every page that is written after it, so bodies run without one until a body
// has to be undone. Then the batch runs again with a savepoint for each, and so do the batches that
// follow, until one has undone nothing.
//
// What is made of SQLite's failures, with a batch of bodies in one transaction:
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
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include "db/commit_queue.hpp"
#include "db/database.hpp"
#include "db/sqlite_connection.hpp"

namespace resys::db {
namespace {

using SteadyClock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::size_t kMaxBodies = 64;    // of one batch
constexpr milliseconds kMaxBatchTime{5};  // after this no more bodies join
constexpr int kBusyAttempts = 5;          // of a body that met a lock inside its transaction
constexpr std::size_t kReaders = 4;

// After so long a turn of batches without a gap the writer pauses: waiting for SQLite's lock is
// looking at it again and again, and other processes would never find it free.
constexpr milliseconds kTurn{50};
constexpr milliseconds kTurnPause{2};
static_assert(kTurnPause > kBusyPause);

// Runs the body and records what became of it, whatever it throws. True if it was refused and
// leaves behind what must be undone.
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
      : location_(std::move(location)),
        threads_(threads),
        queue_(location_.writer_thread, [this](CommitQueue::Batch& batch) { lead(batch); }) {
    connect();
  }

  void submit(Job& job) { queue_.run(job); }

  // Before anybody submits.
  void plan_for_schema() { connection_->set_statistics(); }

 private:
  using Next = std::function<Job*()>;

  // noexcept: without memory for a small object the queue cannot be kept going.
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
    const bool savepoints = undoes_;
    if (settle(next, savepoints)) return;
    if (undoes_ && !savepoints && settle(one_by_one(jobs), true)) return;
    if (jobs.size() == 1 && !was_busy(*jobs.front())) return;
    for (Job* job : jobs) settle_alone(*job);
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

  void settle_alone(Job& job) {
    for (int attempt = 1;; ++attempt) {
      Job* const jobs[] = {&job};
      if (settle(one_by_one(jobs), false)) return;
      if (!was_busy(job) || attempt == kBusyAttempts) return;
      std::this_thread::sleep_for(kBusyPause * (1 << attempt));
    }
  }

  // One transaction over the bodies that `next` gives. True if all have their answer. False if
  // everything was rolled back because of one of them; its answer says why, the others' mean
  // nothing.
  bool settle(const Next& next, bool savepoints) {
    std::vector<Job*> jobs;  // of the open transaction
    undoes_ = false;
    while (Job* job = next()) {
      if (jobs.empty() && !begin(*job, next)) return true;
      jobs.push_back(job);
      if (!(jobs.size() == 1 ? settle_first(*job)
            : savepoints     ? settle_in_savepoint(*job)
                             : settle_among_others(*job))) {
        return false;
      }
      if (!connection_->in_transaction()) jobs.clear();
    }
    return jobs.empty() || commit(jobs);
  }

  // False if nobody can be served now; all have their answer.
  bool begin(Job& first, const Next& next) {
    try {
      if (!connection_) connect();
      connection_->begin("BEGIN IMMEDIATE");
      return true;
    } catch (const SQLite::Exception& exception) {
      first.fail(to_error(exception));
      while (Job* job = next()) job->fail(to_error(exception));
      return false;
    }
  }

  // Nobody is in the transaction yet, so it is the savepoint. False if it is lost.
  bool settle_first(Job& job) {
    run_body(*connection_, job);
    if (!connection_->in_transaction()) return false;
    if (job.refused()) roll_back();
    return connection_ != nullptr;
  }

  // False if the others' changes are lost.
  bool settle_among_others(Job& job) {
    const bool undo = run_body(*connection_, job);
    if (!connection_->in_transaction()) return false;
    undoes_ = undo;
    if (undo) roll_back();
    return !undo;
  }

  // False if the transaction is lost.
  bool settle_in_savepoint(Job& job) {
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
    auto connection = std::make_unique<Connection>(location_, Connection::Use::write);
    // What the failed commit left in the log may not be on the disk, so nothing is written behind
    // it.
    if (commit_failed_) connection->empty_log();
    commit_failed_ = false;
    connection_ = std::move(connection);
  }

  const Location location_;
  BodyThreads& threads_;
  std::unique_ptr<Connection> connection_;  // null after a failed commit
  bool commit_failed_ = false;
  bool undoes_ = false;  // the last batch had a body that was refused and had changed something
  SteadyClock::time_point turn_began_;
  CommitQueue queue_;  // last: its thread uses the others
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
  std::size_t turns_ = kReaders;  // that are free
  // The connections of the free turns; null: not opened yet.
  std::array<std::unique_ptr<Connection>, kReaders> idle_;
};

class SqliteDatabase final : public Database {
 public:
  explicit SqliteDatabase(const Location& location)
      : memory_(location.memory()), writer_(location, threads_), readers_(location) {}

  Result<void> plan_for_schema() override {
    try {
      writer_.plan_for_schema();
      return success();
    } catch (const SQLite::Exception& exception) {
      return to_error(exception);
    }
  }

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

// "writer=thread&vfs=NAME", each at most once and in any order. False if it is anything else.
bool parse_options(std::string_view text, Location& location) {
  constexpr std::string_view vfs = "vfs=";
  for (;;) {
    const std::size_t end = std::min(text.find('&'), text.size());
    const std::string_view option = text.substr(0, end);
    if (option == "writer=thread" && !location.writer_thread) {
      location.writer_thread = true;
    } else if (option.starts_with(vfs) && option != vfs && location.vfs.empty()) {
      location.vfs = option.substr(vfs.size());
    } else {
      return false;
    }
    if (end == text.size()) return true;
    text.remove_prefix(end + 1);
  }
}

Result<Location> parse_url(std::string_view url) {
  constexpr std::string_view scheme = "sqlite:";
  const Error malformed(Errc::invalid_request,
                        "a database is sqlite:FILE or sqlite::memory:, and options as "
                        "?writer=thread&vfs=NAME");
  if (!url.starts_with(scheme)) return malformed;
  url.remove_prefix(scheme.size());
  Location location;
  if (const std::size_t question = url.rfind('?'); question != std::string_view::npos) {
    if (!parse_options(url.substr(question + 1), location)) return malformed;
    if (!location.vfs.empty() && sqlite3_vfs_find(location.vfs.c_str()) == nullptr) {
      return Error(Errc::invalid_request, "there is no SQLite VFS of that name")
          .with("vfs", location.vfs);
    }
    url = url.substr(0, question);
  }
  // SQLite itself would take an empty name or one in colons for a temporary database.
  if (url.empty() || (url.starts_with(':') && url != ":memory:")) return malformed;
  if (url.find('\0') != std::string_view::npos) return malformed;
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
