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

Worker::Worker(Shop& shop, std::int64_t interval_ms) : state_(std::make_unique<State>()) {
  thread_ =
      std::thread([&shop, interval = std::chrono::milliseconds(interval_ms), &state = *state_] {
        // Few at a time, so that the end is not waited for long.
        constexpr std::int64_t at_once = 20;
        for (;;) {
          const auto work = shop.run_due_work(at_once);
          if (work.has_error()) {
            shop.log().write(LogLevel::error, "due work: " + work.error().message());
          }
          const bool more = work.has_value() && work.value().more;
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
