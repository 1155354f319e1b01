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
#include <cctype>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace demo {
namespace {

constexpr std::size_t kMaxConnections = 1000;
constexpr int kMaxConnectionsOfAddress = 800;
// Waiting to be accepted; cpp-httplib lets five wait.
constexpr int kBacklog = 1024;
constexpr rlim_t kOpenFiles = 4096;
constexpr time_t kIdleSeconds = 60;
// How long a request may stop arriving, or an answer being taken.
constexpr time_t kStalledSeconds = 15;
// How long all of a request may take to arrive, however steadily it drips.
constexpr std::chrono::seconds kRequestTime{60};
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

// ---- where a request ends

// How a request's body ends, by its head.
struct Framing {
  // Two servers might disagree where it ends, and what is left over would be taken for another one.
  bool is_clear = false;
  bool is_chunked = false;
  std::size_t length = 0;
};

bool is_token(std::string_view text) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char each) {
    return std::isalnum(static_cast<unsigned char>(each)) != 0 ||
           marks.find(each) != std::string_view::npos;
  });
}

std::string_view without_blanks(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(" \t"), text.size());
  text.remove_prefix(begin);
  return text.substr(0, text.find_last_not_of(" \t") + 1);
}

std::optional<std::size_t> length_of(std::string_view text) {
  std::size_t length = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), length);
  const bool is_whole = fault == std::errc() && end == text.data() + text.size();
  return is_whole ? std::optional(length) : std::nullopt;
}

// Reads the head as it came: cpp-httplib drops lines that it does not understand, and decodes.
Framing framing_of(std::string_view head) {
  constexpr std::string_view line_end = "\r\n";
  const std::string_view method = head.substr(0, head.find(' '));
  Framing framing;
  int hosts = 0, lengths = 0, encodings = 0;
  bool is_first = true;
  while (!head.empty()) {
    const std::string_view line = head.substr(0, head.find(line_end));
    head.remove_prefix(std::min(line.size() + line_end.size(), head.size()));
    // A bare one may end a line for others (RFC 9110, 5.5).
    if (line.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos) return framing;
    if (std::exchange(is_first, false) || line.empty()) continue;
    const std::string_view name = line.substr(0, line.find(':'));
    if (name.size() == line.size() || !is_token(name)) return framing;
    const std::string_view value = without_blanks(line.substr(name.size() + 1));
    const std::string known = in_lower_case(name);
    if (known == "host") ++hosts;
    if (known == "transfer-encoding") {
      ++encodings;
      framing.is_chunked = in_lower_case(value) == "chunked";
      if (!framing.is_chunked) return framing;
    }
    if (known == "content-length") {
      ++lengths;
      const auto length = length_of(value);
      if (!length) return framing;
      framing.length = *length;
    }
  }
  const bool reads = method == "GET" || method == "HEAD";
  const bool has_body = framing.is_chunked || framing.length > 0;
  framing.is_clear = hosts <= 1 && lengths + encodings <= 1 && !(reads && has_body);
  return framing;
}

// ---- connections

// A connection as cpp-httplib reads and writes it. Its versions declare different functions of
// these as virtual, so that none says `override`.
class Connection final : public httplib::Stream {
 public:
  explicit Connection(int socket) : socket_(socket) {}

  // False once the client has been idle for too long.
  bool wait_for_request() {
    if (!has_buffered() && !wait_for(socket_, POLLIN, kIdleSeconds)) return false;
    give_up_ = std::chrono::steady_clock::now() + kRequestTime;
    head_.clear();
    is_in_head_ = true;
    body_bytes_ = 0;
    return true;
  }

  // What was read since is the head, and what is read from now on the body.
  Framing end_head() {
    is_in_head_ = false;
    return framing_of(head_);
  }
  bool is_in_head() const { return is_in_head_; }
  std::size_t body_bytes() const { return body_bytes_; }

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
      if (std::chrono::steady_clock::now() > give_up_) return -1;
      // Who has asked whether to go on with a request is answered before it goes on.
      if (!flush()) return -1;
      const ssize_t received = receive();
      if (received <= 0) return received;
    }
    const std::size_t taken = std::min(size, end_ - begin_);
    std::memcpy(bytes, buffer_.data() + begin_, taken);
    begin_ += taken;
    if (is_in_head_) {
      head_.append(bytes, taken);
    } else {
      body_bytes_ += taken;
    }
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
  std::chrono::steady_clock::time_point give_up_;
  std::array<char, 8192> buffer_{};
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::string head_;
  bool is_in_head_ = true;
  std::size_t body_bytes_ = 0;
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
  for (const auto& [socket, address] : open_) ::shutdown(socket, SHUT_RD);
}

bool Server::opened(int socket) {
  std::string address;
  int port = 0;
  name_of(socket, getpeername, address, port);
  const std::lock_guard lock(mutex_);
  int& count = of_address_[address];
  if (stopping_ || count >= kMaxConnectionsOfAddress) return false;
  ++count;
  open_.emplace(socket, std::move(address));
  return true;
}

void Server::closing(int socket) {
  const std::lock_guard lock(mutex_);
  const auto found = open_.find(socket);
  if (found == open_.end()) return;
  const auto of_address = of_address_.find(found->second);
  if (--of_address->second == 0) of_address_.erase(of_address);
  open_.erase(found);
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

std::string in_lower_case(std::string_view text) {
  std::string lower(text);
  for (char& each : lower) {
    if (each >= 'A' && each <= 'Z') each = static_cast<char>(each - 'A' + 'a');
  }
  return lower;
}

bool Server::answer_requests(int socket) {
  Connection connection(socket);
  Framing framing;
  // cpp-httplib waits for a body where none is announced, and believes any range.
  const std::function<void(httplib::Request&)> complete = [&](httplib::Request& request) {
    framing = connection.end_head();
    request.ranges.clear();
    if (!framing.is_clear) {
      request.method.clear();
      request.headers.clear();
    }
    // Where chunks end only who reads them knows.
    if (!framing.is_clear || framing.is_chunked) {
      request.headers.erase("Connection");
      request.set_header("Connection", "close");
    }
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
  // Not where cpp-httplib has refused the head, or has left some of the body unread.
  const auto is_at_end = [&] {
    return !connection.is_in_head() && framing.is_clear && !framing.is_chunked &&
           connection.body_bytes() == framing.length;
  };
  bool answered = true;
  bool closed = false;
  while (answered && !closed && connection.wait_for_request()) {
    answered = answer(*this, closed);
    answered = connection.flush() && answered && is_at_end();
  }
  return answered;
}

}  // namespace demo
