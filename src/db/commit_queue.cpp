// The queue itself knows nothing of SQL: it decides whose turn it is.
#include "db/commit_queue.hpp"

#include <system_error>

namespace resys::db {

CommitQueue::Job* CommitQueue::Batch::next() {
  const std::lock_guard lock(queue_.mutex_);
  if (queue_.waiting_.empty()) return nullptr;
  taken_.push_back(queue_.waiting_.front());
  queue_.waiting_.pop_front();
  return taken_.back();
}

CommitQueue::~CommitQueue() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  call_.notify_one();
  thread_.join();
}

void CommitQueue::run(Job& job) noexcept {
  Lock lock(mutex_);
  waiting_.push_back(&job);
  if (led_) {
    job.wake->wait(lock, [&] { return job.done; });
    return;
  }
  led_ = true;
  lead_batch(lock, false);
  while (!waiting_.empty()) {
    if (hand_over()) return;
    lead_batch(lock, true);
  }
  led_ = false;
}

void CommitQueue::lead_batch(Lock& lock, bool follows_another) {
  lock.unlock();
  Batch batch(*this, follows_another);
  lead_(batch);
  std::vector<std::shared_ptr<std::condition_variable>> to_wake;
  lock.lock();
  for (Job* each : batch.taken_) {
    each->done = true;
    to_wake.push_back(each->wake);
  }
  lock.unlock();
  for (const auto& wake : to_wake) wake->notify_one();
  lock.lock();
}

bool CommitQueue::hand_over() {
  try {
    if (!thread_.joinable()) thread_ = std::thread([this] { take_over(); });
  } catch (const std::system_error&) {
    return false;
  }
  handed_over_ = true;
  call_.notify_one();
  return true;
}

void CommitQueue::take_over() {
  Lock lock(mutex_);
  for (;;) {
    call_.wait(lock, [&] { return handed_over_ || stopped_; });
    if (!handed_over_) return;
    while (!waiting_.empty()) lead_batch(lock, true);
    handed_over_ = false;
    led_ = false;
  }
}

}  // namespace resys::db
