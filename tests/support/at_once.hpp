// Threads that race.
#pragma once

#include <functional>
#include <latch>
#include <thread>
#include <vector>

namespace resys::test {

// Runs `work(i)` in threads that start at once, and waits for all. They assert nothing: Catch2
// knows one thread.
inline void at_once(int threads, const std::function<void(int)>& work) {
  std::latch start(threads);
  std::vector<std::thread> running;
  for (int i = 0; i < threads; ++i) {
    running.emplace_back([&, i] {
      start.arrive_and_wait();
      work(i);
    });
  }
  for (std::thread& each : running) each.join();
}

}  // namespace resys::test
