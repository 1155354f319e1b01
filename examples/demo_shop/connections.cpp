// Threads and sockets of the server.
#include "connections.hpp"

#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <system_error>

namespace demo {
namespace {

constexpr rlim_t kOpenFiles = 4096;

// The port of the connection's own end, or 0 if it is none of ours.
int port_of(int descriptor) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  if (getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  return address.sin_family == AF_INET ? ntohs(address.sin_port) : 0;
}

rlim_t open_files() {
  rlimit limit{};
  return getrlimit(RLIMIT_NOFILE, &limit) == 0 ? std::min(limit.rlim_cur, kOpenFiles) : 0;
}

}  // namespace

void allow_open_files() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= kOpenFiles) return;
  limit.rlim_cur = std::min(limit.rlim_max, kOpenFiles);
  setrlimit(RLIMIT_NOFILE, &limit);
}

void stop_reading(int port) {
  const int end = static_cast<int>(open_files());
  for (int descriptor = 0; descriptor < end; ++descriptor) {
    if (port_of(descriptor) == port) ::shutdown(descriptor, SHUT_RD);
  }
}

ThreadPerConnection::Enqueued ThreadPerConnection::enqueue(std::function<void()> task) {
  const std::lock_guard lock(mutex_);
  waiting_.push_back(std::move(task));
  if (idle_ < waiting_.size() && threads_.size() < kMaxConnections) {
    try {
      threads_.emplace_back([this] { work(); });
    } catch (const std::system_error&) {
      // The system gives no more threads: the connection waits for one that becomes free.
      if (threads_.empty()) throw;
    }
  }
  wake_.notify_one();
  return Enqueued(true);
}

void ThreadPerConnection::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    ++idle_;
    wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    --idle_;
    if (waiting_.empty()) return;
    const std::function<void()> task = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    task();
    lock.lock();
  }
}

void ThreadPerConnection::shutdown() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

}  // namespace demo
