// The queue itself knows nothing of SQL: it decides whose turn it is.
#include "db/commit_queue.hpp"

namespace resys::db {

CommitQueue::Job* CommitQueue::Batch::next() {
  const std::lock_guard lock(queue_.mutex_);
  if (queue_.waiting_.empty()) return nullptr;
  taken_.push_back(queue_.waiting_.front());
  queue_.waiting_.pop_front();
  return taken_.back();
}

void CommitQueue::run(Job& job, const std::function<void(Batch&)>& lead) {
  std::unique_lock lock(mutex_);
  const bool must_wait = led_ || !waiting_.empty();
  waiting_.push_back(&job);
  job.wake->wait(lock, [&] { return job.done || (!led_ && waiting_.front() == &job); });
  if (job.done) return;

  led_ = true;
  lock.unlock();
  Batch batch(*this, must_wait);
  lead(batch);
  finish(batch, job);
}

void CommitQueue::finish(const Batch& batch, const Job& own) noexcept {
  std::vector<std::shared_ptr<std::condition_variable>> to_wake;
  std::unique_lock lock(mutex_);
  led_ = false;
  // The next leader first: until it runs, nothing is written.
  if (!waiting_.empty()) to_wake.push_back(waiting_.front()->wake);
  for (Job* each : batch.taken_) {
    each->done = true;
    if (each != &own) to_wake.push_back(each->wake);
  }
  lock.unlock();
  for (const auto& wake : to_wake) wake->notify_one();
}

}  // namespace resys::db
