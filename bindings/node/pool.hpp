// Threads that calls run on, so that no call blocks Node's loop or fills libuv's few threads.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace resys_node {

// A thread is made when none is idle, up to a bound; idle ones stay until the pool is stopped.
class Pool {
 public:
  // As many callers as one group commit of the storage takes.
  static constexpr std::size_t kMostThreads = 64;

  Pool() = default;
  ~Pool() { stop(); }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  // Runs the job as soon as a thread is free. False: no thread could be made, or it is stopped.
  bool submit(std::function<void()> job);
  // Drops the jobs that have not begun, waits for the others.
  void stop();

 private:
  void work();

  std::mutex mutex_;  // guards all below
  std::condition_variable submitted_;
  std::deque<std::function<void()>> jobs_;
  std::vector<std::thread> threads_;
  std::size_t idle_ = 0;
  bool stopped_ = false;
};

}  // namespace resys_node
