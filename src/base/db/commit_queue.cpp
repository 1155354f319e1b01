// The queue decides whose turn it is. It knows nothing about SQL.
#include "base/db/commit_queue.hpp"

#include <system_error>

namespace resys::db {
namespace {

void tell(const std::vector<std::shared_ptr<std::condition_variable>>& wakes) {
  for (const auto& wake : wakes) wake->notify_all();
}

}  // namespace

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
  const bool must_wait = led_ || !waiting_.empty();
  waiting_.push_back(&job);
  job.wake = has_thread_ ? round_ : std::make_shared<std::condition_variable>();
  job.wake->wait(lock, [&] { return job.done || (!led_ && waiting_.front() == &job); });
  if (job.done) return;

  led_ = true;
  const Wakes answered = lead_batch(lock, must_wait);
  // The next leader is woken first, because nothing is written until it runs.
  pass_on();
  lock.unlock();
  tell(answered);
}

CommitQueue::Wakes CommitQueue::lead_batch(Lock& lock, bool follows_another) {
  lock.unlock();
  Batch batch(*this, follows_another);
  lead_(batch);
  lock.lock();
  Wakes answered;
  for (Job* each : batch.taken_) {
    each->done = true;
    if (answered.empty() || answered.back() != each->wake) answered.push_back(each->wake);
  }
  if (has_thread_) round_ = std::make_shared<std::condition_variable>();
  return answered;
}

void CommitQueue::pass_on() {
  led_ = false;
  if (waiting_.empty()) return;
  if (has_thread_ && start_thread()) {
    led_ = true;
    called_ = true;
    call_.notify_one();
  } else {
    waiting_.front()->wake->notify_all();
  }
}

bool CommitQueue::start_thread() {
  if (thread_.joinable()) return true;
  try {
    thread_ = std::thread([this] { serve(); });
    return true;
  } catch (const std::system_error&) {
    return false;
  }
}

void CommitQueue::serve() {
  Lock lock(mutex_);
  for (;;) {
    call_.wait(lock, [&] { return called_ || stopped_; });
    if (!called_) return;
    called_ = false;
    while (!waiting_.empty()) {
      const Wakes answered = lead_batch(lock, true);
      lock.unlock();
      tell(answered);
      lock.lock();
    }
    led_ = false;
  }
}

}  // namespace resys::db
