// Group commit without a thread of its own, after LevelDB's writer queue: callers line up, the
// first in line leads, runs as many of the waiting jobs as it likes in one transaction and answers
// them all.
#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
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
    Result<void> answer = Error();
    std::exception_ptr thrown;  // what the body threw, other than a StorageFault

    bool done = false;  // guarded by the queue's mutex
    // Told when done, or when it is this job's turn to lead. Shared, for the job may be gone when
    // it is told.
    const std::shared_ptr<std::condition_variable> wake =
        std::make_shared<std::condition_variable>();
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

  // Returns once `job` is answered: by another leader, or by `lead` in this thread. `lead` must not
  // throw.
  void run(Job& job, const std::function<void(Batch&)>& lead);

 private:
  // Gives the lead on and wakes whom that concerns. noexcept: without memory for a small object the
  // queue cannot be kept going.
  void finish(const Batch& batch, const Job& own) noexcept;

  std::mutex mutex_;
  bool led_ = false;
  std::deque<Job*> waiting_;
};

}  // namespace resys::db
