// Group commit, like LevelDB's writer queue. Callers line up. The first in line leads: it runs as
// many of the waiting jobs as it likes in one transaction, and completes them all. Then the next in
// line leads. If the host asks for it, a thread of the queue leads instead, as long as any caller
// waits. This is faster, because the thread is awake when a batch ends, and its processor has the
// database's pages in its cache.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/db/database.hpp"

namespace resys::db {

class CommitQueue {
 public:
  // One caller's body and its result. Only the leader touches the result until run() returns.
  struct Job {
    Job(const std::function<Result<void>(Transaction&)>& a_body, bool is_read)
        : body(a_body), read_only(is_read) {}

    void fail(Error error) {
      thrown = nullptr;
      answer = std::move(error);
    }
    bool refused() const { return thrown != nullptr || answer.has_error(); }

    const std::function<Result<void>(Transaction&)>& body;
    const bool read_only;
    const std::chrono::steady_clock::time_point came = std::chrono::steady_clock::now();
    Result<void> answer = Error();
    std::exception_ptr thrown;  // what the body threw, other than a StorageFault

    bool done = false;  // guarded by the queue's mutex
    // Notified when the job is done, or when it is its turn to lead. Also guarded by the mutex. It
    // is shared, because the job may be gone when it is notified.
    std::shared_ptr<std::condition_variable> wake;
  };

  // The waiting jobs that the leader may take.
  class Batch {
   public:
    // Returns the leader's own job first, then the waiting ones in order, then null.
    Job* next();
    const std::vector<Job*>& taken() const { return taken_; }
    // Whether the leader had to wait for another one, so that batches follow each other without a
    // gap.
    bool follows_another() const { return follows_another_; }

   private:
    friend class CommitQueue;
    Batch(CommitQueue& queue, bool follows_another)
        : queue_(queue), follows_another_(follows_another) {}

    CommitQueue& queue_;
    bool follows_another_;
    std::vector<Job*> taken_;
  };

  // `lead` takes at least one job, completes all jobs that it takes, and does not throw.
  CommitQueue(bool has_thread, std::function<void(Batch&)> lead)
      : has_thread_(has_thread), lead_(std::move(lead)) {}
  // No caller may be in run() any more.
  ~CommitQueue();
  CommitQueue(const CommitQueue&) = delete;
  CommitQueue& operator=(const CommitQueue&) = delete;

  // Returns once `job` is done, whichever thread has led. It is noexcept, because the queue cannot
  // go on if there is no memory even for a small object.
  void run(Job& job) noexcept;

 private:
  using Lock = std::unique_lock<std::mutex>;
  using Wakes = std::vector<std::shared_ptr<std::condition_variable>>;

  // Unlocks while it leads. Returns the condition variables to notify.
  Wakes lead_batch(Lock& lock, bool follows_another);
  void pass_on();
  // Returns false if no thread can be started.
  bool start_thread();
  void serve();

  const bool has_thread_;
  const std::function<void(Batch&)> lead_;
  std::mutex mutex_;
  bool led_ = false;
  std::deque<Job*> waiting_;
  // If a thread leads, all callers that came since the last batch ended share this one, so that one
  // system call wakes them all.
  std::shared_ptr<std::condition_variable> round_ = std::make_shared<std::condition_variable>();

  std::thread thread_;  // runs serve(); started when it is first needed
  bool called_ = false;
  bool stopped_ = false;
  std::condition_variable call_;
};

}  // namespace resys::db
