// Group commit, after LevelDB's writer queue: callers line up, the first in line leads, runs as
// many of the waiting jobs as it likes in one transaction and answers them all. Then the next in
// line leads; or, if the host wants that, a thread of the queue does as long as anybody waits. It
// is awake when a batch has ended, and its processor knows the database's pages.
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

#include "db/database.hpp"

namespace resys::db {

class CommitQueue {
 public:
  // One caller's body and what became of it. Only the leader touches the answer until run()
  // returns.
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
    // Told when done, or when it is this job's turn to lead; guarded likewise. Shared, for the job
    // may be gone when it is told.
    std::shared_ptr<std::condition_variable> wake;
  };

  // What the leader may take from.
  class Batch {
   public:
    // The leader's own job first, then whoever waits, in order; null when nobody does.
    Job* next();
    const std::vector<Job*>& taken() const { return taken_; }
    // The leader had to wait for another one, so batches follow one another without a gap.
    bool follows_another() const { return follows_another_; }

   private:
    friend class CommitQueue;
    Batch(CommitQueue& queue, bool follows_another)
        : queue_(queue), follows_another_(follows_another) {}

    CommitQueue& queue_;
    bool follows_another_;
    std::vector<Job*> taken_;
  };

  // `lead` takes at least one job, answers all that it takes, and does not throw.
  CommitQueue(bool has_thread, std::function<void(Batch&)> lead)
      : has_thread_(has_thread), lead_(std::move(lead)) {}
  // Nobody is in run() any more.
  ~CommitQueue();
  CommitQueue(const CommitQueue&) = delete;
  CommitQueue& operator=(const CommitQueue&) = delete;

  // Returns once `job` is answered, by whoever leads. noexcept: without memory for a small object
  // the queue cannot be kept going.
  void run(Job& job) noexcept;

 private:
  using Lock = std::unique_lock<std::mutex>;
  using Wakes = std::vector<std::shared_ptr<std::condition_variable>>;

  // Unlocks while it leads. Answers whom to tell.
  Wakes lead_batch(Lock& lock, bool follows_another);
  void pass_on();
  // False where no thread can be had.
  bool start_thread();
  void serve();

  const bool has_thread_;
  const std::function<void(Batch&)> lead_;
  std::mutex mutex_;
  bool led_ = false;
  std::deque<Job*> waiting_;
  // Of those who came since the last batch ended, where a thread leads: they are told by one call
  // of the system, not one by one.
  std::shared_ptr<std::condition_variable> round_ = std::make_shared<std::condition_variable>();

  std::thread thread_;  // runs serve(); started when it is first needed
  bool called_ = false;
  bool stopped_ = false;
  std::condition_variable call_;
};

}  // namespace resys::db
