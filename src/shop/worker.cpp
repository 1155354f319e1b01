// Threads that run background work, for hosts that have no loop of their own to run it from.
#include <condition_variable>
#include <mutex>

#include "resys/shop.hpp"

namespace resys {
namespace {

// Each has a thread: what hangs in one part holds up no other.
constexpr DueWorkPart kParts[] = {DueWorkPart::deadlines, DueWorkPart::payments,
                                  DueWorkPart::events, DueWorkPart::mail};

// Whether more is due. What a host's port throws must not end the process.
bool work_once(Shop& shop, DueWorkPart part) {
  std::string fault = "a port threw something that is not a std::exception";
  try {
    const auto work = shop.run_due_work(1000, part);
    if (work.has_value()) return work.value().more;
    fault = work.error().message();
  } catch (const std::exception& exception) {
    fault = exception.what();
  } catch (...) {
  }
  shop.log().write(LogLevel::error, "due work: " + fault);
  return false;
}

}  // namespace

struct Worker::State {
  std::mutex mutex;
  std::condition_variable stop_asked;
  bool stop = false;

  void run(Shop& shop, DueWorkPart part, std::chrono::milliseconds interval) {
    for (;;) {
      const bool more = work_once(shop, part);
      std::unique_lock lock(mutex);
      const auto pause = more ? std::chrono::milliseconds(0) : interval;
      if (stop_asked.wait_for(lock, pause, [&] { return stop; })) return;
    }
  }

  void end(std::vector<std::thread>& threads) {
    {
      const std::lock_guard lock(mutex);
      stop = true;
    }
    stop_asked.notify_all();
    for (std::thread& thread : threads) thread.join();
  }
};

Worker::Worker(Shop& shop, std::int64_t interval_ms) : state_(std::make_unique<State>()) {
  const std::chrono::milliseconds interval(interval_ms);
  try {
    for (const DueWorkPart part : kParts) {
      threads_.emplace_back(&State::run, state_.get(), std::ref(shop), part, interval);
    }
  } catch (...) {
    state_->end(threads_);  // the system has no more threads
    throw;
  }
}

Worker::~Worker() { state_->end(threads_); }

}  // namespace resys
