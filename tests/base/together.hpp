// Several bodies that meet in one batch of the writer.
#pragma once

#include <atomic>
#include <chrono>
#include <exception>
#include <functional>
#include <latch>
#include <thread>
#include <vector>

#include "base/items.hpp"

namespace resys::test {

struct Outcome {
  Write answer = Error();
  std::exception_ptr thrown;

  bool ok() const { return !thrown && answer.has_value(); }
  Errc code() const { return answer.has_error() ? answer.error().code() : Errc::internal; }
};

using Body = std::function<Write(db::Transaction&)>;

// Runs each body in a thread of its own while another body keeps the writer occupied, so that they
// queue up in order and the next leader finds them all. A thread that comes late is in another
// batch: what a test asserts must hold then, too. `before` runs when all are queued up.
inline std::vector<Outcome> run_together(
    db::Database& database, const std::vector<Body>& bodies,
    const std::function<void()>& before = [] {}) {
  std::atomic<bool> occupied{false};
  std::atomic<bool> release{false};
  std::thread occupant([&] {
    (void)database.write([&](db::Transaction&) -> Write {
      occupied = true;
      while (!release) std::this_thread::yield();
      return success();
    });
    occupied = true;  // even if the write failed before its body
  });
  while (!occupied) std::this_thread::yield();

  std::vector<Outcome> outcomes(bodies.size());
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    std::latch started(1);
    threads.emplace_back([&, i] {
      started.count_down();
      try {
        outcomes[i].answer = database.write(bodies[i]);
      } catch (...) {
        outcomes[i].thrown = std::current_exception();
      }
    });
    started.wait();
    std::this_thread::sleep_for(std::chrono::microseconds(300));
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(10));
  before();
  release = true;
  occupant.join();
  for (std::thread& thread : threads) thread.join();
  return outcomes;
}

// A body that inserts an item.
inline Body insert(std::int64_t id) {
  return [id](db::Transaction& tx) -> Write {
    tx.execute(kInsertItem, {id, "x"});
    return success();
  };
}

}  // namespace resys::test
