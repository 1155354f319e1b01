// One HTTP transport used by many threads at once. What it does on one is tested in Python, where
// the servers are.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "resys/host.hpp"
#include "support/catch.hpp"

using namespace resys;

namespace {

// Answers each request with its own path, over connections that stay open.
class EchoServer {
 public:
  EchoServer() : listener_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* any = reinterpret_cast<sockaddr*>(&address);
    REQUIRE(bind(listener_, any, size) == 0);
    REQUIRE(listen(listener_, 64) == 0);
    REQUIRE(getsockname(listener_, any, &size) == 0);
    url_ = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
    acceptor_ = std::thread([this] { accept_all(); });
  }
  ~EchoServer() {
    shutdown(listener_, SHUT_RDWR);  // ends accept()
    acceptor_.join();
    close(listener_);
    for (std::thread& each : connections_) each.join();
  }
  EchoServer(const EchoServer&) = delete;
  EchoServer& operator=(const EchoServer&) = delete;

  const std::string& url() const { return url_; }

 private:
  void accept_all() {
    for (int each; (each = accept(listener_, nullptr, nullptr)) >= 0;) {
      connections_.emplace_back([each] {
        serve(each);
        close(each);
      });
    }
  }

  static void serve(int connection) {
    std::string received;
    char buffer[4096];
    for (ssize_t count; (count = read(connection, buffer, sizeof buffer)) > 0;) {
      received.append(buffer, static_cast<std::size_t>(count));
      if (!received.ends_with("\r\n\r\n")) continue;
      const std::size_t start = received.find(' ') + 1;
      const std::string path = received.substr(start, received.find(' ', start) - start);
      const std::string answer =
          "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(path.size()) + "\r\n\r\n" + path;
      if (write(connection, answer.data(), answer.size()) < 0) return;
      received.clear();
    }
  }

  int listener_;
  std::string url_;
  std::thread acceptor_;
  std::vector<std::thread> connections_;
};

}  // namespace

TEST_CASE("threads that share a transport get their own answers", "[concurrent]") {
  constexpr int kThreads = 12;
  constexpr int kCalls = 50;
  const EchoServer server;
  const std::shared_ptr<HttpTransport> transport = curl_transport();
  REQUIRE(transport);
  std::vector<int> right(kThreads, 0);
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (int call = 0; call < kCalls; ++call) {
        const std::string path = "/" + std::to_string(thread) + "/" + std::to_string(call);
        const auto answer = transport->send({.method = "GET", .url = server.url() + path});
        if (answer && answer.value().status == 200 && answer.value().body == path) {
          ++right[static_cast<std::size_t>(thread)];
        }
      }
    });
  }
  for (std::thread& each : threads) each.join();
  CHECK(right == std::vector<int>(kThreads, kCalls));
}
