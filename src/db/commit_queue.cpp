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
  job.wake.wait(lock, [&] { return job.done || (!led_ && waiting_.front() == &job); });
  if (job.done) return;

  led_ = true;
  lock.unlock();
  Batch batch(*this, must_wait);
  lead(batch);
  lock.lock();
  led_ = false;
  // A job may be gone as soon as the mutex is free, so it is woken under it.
  for (Job* each : batch.taken_) {
    each->done = true;
    each->wake.notify_one();
  }
  if (!waiting_.empty()) waiting_.front()->wake.notify_one();
}

}  // namespace resys::db
