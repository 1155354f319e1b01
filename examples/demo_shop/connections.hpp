// How many clients the server takes at once, how it waits for them and lets them go. cpp-httplib by
// itself serves eight connections at a time, wakes up a hundred times a second for each that is
// idle, and lets none go before it has been idle for long.
#pragma once

#include <httplib.h>

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace demo {

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

// Names of hosts and headers compare so.
std::string in_lower_case(std::string_view text);

// A request of which it is not clear where it ends (RFC 9112, 5.1 and 6) comes to the pre-routing
// handler without its method and headers, and is the last of its connection. That is one with a
// header that has no name or a blank before its colon; with two lengths, encodings or hosts; with a
// length beside an encoding, a length that is no number, an encoding that is not `chunked`; and a
// GET or HEAD with a body.
inline bool is_unclear(const httplib::Request& request) { return request.method.empty(); }

class Server final : public httplib::Server {
 public:
  Server();

  // The port it listens on (0 picks one), or -1.
  int listen_on(const char* host, int port);
  // Accepts no more, ends idle connections, lets requests under way be answered.
  void stop_soon();

 private:
  // What cpp-httplib gives its own server for TLS to override: all of a connection's requests.
  bool process_and_close_socket(socket_t socket) override;
  bool answer_requests(int socket);

  // False where the connection is not to be served: the server stops, or its address has too many.
  bool opened(int socket);
  void closing(int socket);

  std::mutex mutex_;
  std::map<int, std::string> open_;        // socket -> address
  std::map<std::string, int> of_address_;  // how many
  bool stopping_ = false;
};

}  // namespace demo
