// How many clients the server takes at once, and how it lets them go. cpp-httplib serves a
// connection on one thread until it closes, eight at a time: far too few for clients that keep
// their connections alive.
#pragma once

#include <httplib.h>

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace demo {

inline constexpr std::size_t kMaxConnections = 1000;
// Waiting to be accepted; cpp-httplib lets five wait.
inline constexpr int kBacklog = 1024;

// Raises the limit of open files to what so many connections need, as far as the system allows.
void allow_open_files();

// Ends the reading side of every open connection to `port`: idle ones close, requests under way
// are still answered.
void stop_reading(int port);

// A thread for each connection, started when it is needed and kept for the next one.
class ThreadPerConnection final : public httplib::TaskQueue {
  // void in cpp-httplib 0.11, bool (accepted) in later versions.
  using Enqueued = decltype(std::declval<httplib::TaskQueue&>().enqueue({}));

 public:
  Enqueued enqueue(std::function<void()> task) override;
  void shutdown() override;

 private:
  void work();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> waiting_;
  std::vector<std::thread> threads_;
  std::size_t idle_ = 0;
  bool stopping_ = false;
};

}  // namespace demo
