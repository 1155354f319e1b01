// A thread for hosts that have no loop of their own to run due work from.
#include <condition_variable>
#include <mutex>

#include "resys/shop.hpp"

namespace resys {

struct Worker::State {
  std::mutex mutex;
  std::condition_variable stop_asked;
  bool stop = false;
};

namespace {

// Whether more is due. What a host's port throws must not end the process.
bool work_once(Shop& shop) {
  // Few at a time, so that the end is not waited for long.
  constexpr std::int64_t at_once = 20;
  std::string fault = "a port threw what is no std::exception";
  try {
    const auto work = shop.run_due_work(at_once);
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

Worker::Worker(Shop& shop, std::int64_t interval_ms) : state_(std::make_unique<State>()) {
  thread_ =
      std::thread([&shop, interval = std::chrono::milliseconds(interval_ms), &state = *state_] {
        for (;;) {
          const bool more = work_once(shop);
          std::unique_lock lock(state.mutex);
          const auto is_stopped = [&] { return state.stop; };
          if (state.stop_asked.wait_for(lock, more ? std::chrono::milliseconds(0) : interval,
                                        is_stopped)) {
            return;
          }
        }
      });
}

Worker::~Worker() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stop = true;
  }
  state_->stop_asked.notify_all();
  thread_.join();
}

}  // namespace resys
