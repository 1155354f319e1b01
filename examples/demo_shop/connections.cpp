// Threads and sockets of the server.
#include "connections.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>
#include <system_error>

namespace demo {
namespace {

constexpr std::size_t kMaxConnections = 1000;
// Waiting to be accepted; cpp-httplib lets five wait.
constexpr int kBacklog = 1024;
constexpr rlim_t kOpenFiles = 4096;
constexpr time_t kIdleSeconds = 60;
// How long a request may stop arriving, or an answer being taken.
constexpr time_t kStalledSeconds = 15;
// So much of an answer is gathered before it is sent.
constexpr std::size_t kGathered = 16'384;

// Raises the limit of open files to what so many connections need, as far as the system allows.
void allow_open_files() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= kOpenFiles) return;
  limit.rlim_cur = std::min(limit.rlim_max, kOpenFiles);
  setrlimit(RLIMIT_NOFILE, &limit);
}

bool wait_for(int socket, short what, time_t seconds) {
  pollfd waiting{socket, what, 0};
  int ready = 0;
  do {
    ready = poll(&waiting, 1, static_cast<int>(seconds * 1000));
  } while (ready < 0 && errno == EINTR);
  return ready > 0;
}

using Name = int (*)(int, sockaddr*, socklen_t*);

void name_of(int socket, Name name, std::string& ip, int& port) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  std::array<char, INET_ADDRSTRLEN> text{};
  if (name(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return;
  inet_ntop(AF_INET, &address.sin_addr, text.data(), text.size());
  ip = text.data();
  port = ntohs(address.sin_port);
}

// A connection as cpp-httplib reads and writes it. Its versions declare different functions of
// these as virtual, so that none says `override`.
class Connection final : public httplib::Stream {
 public:
  explicit Connection(int socket) : socket_(socket) {}

  // False once the client has been idle for too long.
  bool wait_for_request() const {
    return has_buffered() || wait_for(socket_, POLLIN, kIdleSeconds);
  }

  bool is_readable() const { return has_buffered() || wait_for(socket_, POLLIN, kStalledSeconds); }
  bool wait_readable() const { return is_readable(); }
  bool is_writable() const { return wait_for(socket_, POLLOUT, kStalledSeconds); }
  bool wait_writable() const { return is_writable(); }
  socket_t socket() const { return socket_; }
  time_t duration() const { return 0; }
  void get_remote_ip_and_port(std::string& ip, int& port) const {
    name_of(socket_, getpeername, ip, port);
  }
  void get_local_ip_and_port(std::string& ip, int& port) const {
    name_of(socket_, getsockname, ip, port);
  }

  // Headers are asked for byte by byte.
  ssize_t read(char* bytes, std::size_t size) {
    if (!has_buffered()) {
      // Who has asked whether to go on with a request is answered before it goes on.
      if (!flush()) return -1;
      const ssize_t received = receive();
      if (received <= 0) return received;
    }
    const std::size_t taken = std::min(size, end_ - begin_);
    std::memcpy(bytes, buffer_.data() + begin_, taken);
    begin_ += taken;
    return static_cast<ssize_t>(taken);
  }

  // Headers and body come one by one; a packet for each would wake the client twice.
  ssize_t write(const char* bytes, std::size_t size) {
    unsent_.append(bytes, size);
    if (unsent_.size() >= kGathered && !flush()) return -1;
    return static_cast<ssize_t>(size);
  }

  // Sends what was written. False if the client does not take it, and then the rest is dropped.
  bool flush() {
    std::string_view rest = unsent_;
    while (!rest.empty()) {
      const ssize_t sent = when_ready(
          POLLOUT, [&] { return ::send(socket_, rest.data(), rest.size(), MSG_DONTWAIT); });
      if (sent < 0) break;
      rest.remove_prefix(static_cast<std::size_t>(sent));
    }
    unsent_.clear();
    return rest.empty();
  }

 private:
  bool has_buffered() const { return begin_ < end_; }

  // Mostly the socket is ready: waiting for it is a call of the system that can be saved.
  template <class Transfer>
  ssize_t when_ready(short what, const Transfer& transfer) {
    while (true) {
      const ssize_t done = transfer();
      if (done >= 0) return done;
      if (errno == EINTR) continue;
      if (errno != EAGAIN || !wait_for(socket_, what, kStalledSeconds)) return -1;
    }
  }

  ssize_t receive() {
    const ssize_t received = when_ready(
        POLLIN, [&] { return ::recv(socket_, buffer_.data(), buffer_.size(), MSG_DONTWAIT); });
    begin_ = 0;
    end_ = received > 0 ? static_cast<std::size_t>(received) : 0;
    return received;
  }

  int socket_;
  std::array<char, 8192> buffer_{};
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::string unsent_;
};

}  // namespace

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

Server::Server() {
  allow_open_files();
  new_task_queue = [] { return new ThreadPerConnection; };
  set_keep_alive_timeout(kIdleSeconds);  // what clients are told
  set_keep_alive_max_count(1'000'000);
}

int Server::listen_on(const char* host, int port) {
  int listener = -1;
  // Replaces the library's options, which let two servers share a port.
  set_socket_options([&listener](int opened) {
    const int yes = 1;
    setsockopt(opened, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    listener = opened;
  });
  if (port == 0) {
    port = bind_to_any_port(host);
  } else if (!bind_to_port(host, port)) {
    port = -1;
  }
  return port > 0 && ::listen(listener, kBacklog) == 0 ? port : -1;
}

void Server::stop_soon() {
  stop();
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  for (const int socket : open_) ::shutdown(socket, SHUT_RD);
}

bool Server::opened(int socket) {
  const std::lock_guard lock(mutex_);
  if (!stopping_) open_.insert(socket);
  return !stopping_;
}

void Server::closing(int socket) {
  const std::lock_guard lock(mutex_);
  open_.erase(socket);
}

bool Server::process_and_close_socket(socket_t socket) {
  const int yes = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  const bool answered = opened(socket) && answer_requests(socket);
  closing(socket);
  ::shutdown(socket, SHUT_RDWR);
  ::close(socket);
  return answered;
}

bool Server::answer_requests(int socket) {
  Connection connection(socket);
  // cpp-httplib waits for a body where none is announced, and believes any range.
  const std::function<void(httplib::Request&)> complete = [](httplib::Request& request) {
    request.ranges.clear();
    if (request.has_header("Content-Length") || request.has_header("Transfer-Encoding")) return;
    request.set_header("Content-Length", "0");
  };
  // Later versions of cpp-httplib want to be told the addresses.
  const auto answer = [&](auto& server, bool& closed) {
    if constexpr (requires { server.process_request(connection, false, closed, complete); }) {
      return server.process_request(connection, false, closed, complete);
    } else {
      std::string remote_ip, local_ip;
      int remote_port = 0, local_port = 0;
      connection.get_remote_ip_and_port(remote_ip, remote_port);
      connection.get_local_ip_and_port(local_ip, local_port);
      return server.process_request(connection, remote_ip, remote_port, local_ip, local_port, false,
                                    closed, complete);
    }
  };
  bool answered = true;
  bool closed = false;
  while (answered && !closed && connection.wait_for_request()) {
    answered = answer(*this, closed);
    answered = connection.flush() && answered;
  }
  return answered;
}

}  // namespace demo
