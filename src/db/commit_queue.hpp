// Group commit, after LevelDB's writer queue: callers line up, and whoever leads runs the waiting
// jobs in one transaction and answers them all. A caller who finds nobody there leads, for one
// batch. As long as callers wait, a thread of the queue leads: a batch then begins as soon as the
// one before has ended, on a processor that knows the database's pages.
#pragma once

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
    Result<void> answer = Error();
    std::exception_ptr thrown;  // what the body threw, other than a StorageFault

    bool done = false;  // guarded by the queue's mutex
    // Told when done. Shared, for the job may be gone when it is told.
    const std::shared_ptr<std::condition_variable> wake =
        std::make_shared<std::condition_variable>();
  };

  // What the leader may take from.
  class Batch {
   public:
    // Whoever waits, in order; null when nobody does.
    Job* next();
    const std::vector<Job*>& taken() const { return taken_; }
    // Batches follow one another without a gap.
    bool follows_another() const { return follows_another_; }

   private:
    friend class CommitQueue;
    Batch(CommitQueue& queue, bool follows_another)
        : queue_(queue), follows_another_(follows_another) {}

    CommitQueue& queue_;
    bool follows_another_;
    std::vector<Job*> taken_;
  };

  // `lead` takes at least one job and answers all that it takes. It must not throw.
  explicit CommitQueue(std::function<void(Batch&)> lead) : lead_(std::move(lead)) {}
  // Nobody is in run() any more.
  ~CommitQueue();
  CommitQueue(const CommitQueue&) = delete;
  CommitQueue& operator=(const CommitQueue&) = delete;

  // Returns once `job` is answered, by whoever leads. Throws nothing: without memory for a small
  // object the queue cannot be kept going.
  void run(Job& job) noexcept;

 private:
  using Lock = std::unique_lock<std::mutex>;

  void lead_batch(Lock& lock, bool follows_another);
  // False where no thread can be had.
  bool hand_over();
  void take_over();

  const std::function<void(Batch&)> lead_;
  std::mutex mutex_;
  bool led_ = false;  // nobody waits while nobody leads
  std::deque<Job*> waiting_;

  std::thread thread_;  // runs take_over(); started when it is first needed
  bool handed_over_ = false;
  bool stopped_ = false;
  std::condition_variable call_;  // the thread is to lead, or to end
};

}  // namespace resys::db
