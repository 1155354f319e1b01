// Measures whole purchases over HTTP: `resys_http_bench PORT CLIENTS SECONDS`, run by
// tests/bench/run against a demo shop that lets guests check out. Each client keeps one connection
// alive, and every purchase is a new guest's. Prints one figure as JSON.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "measure.hpp"

namespace bench {
namespace {

using SteadyClock = std::chrono::steady_clock;
using Microseconds = std::chrono::duration<double, std::micro>;
using nlohmann::json;

// What goes wrong ends the program: there is nothing to measure then.
[[noreturn]] void fail(std::string_view what, std::string_view more = {}) {
  std::fprintf(stderr, "resys_http_bench: %.*s\n%.*s\n", static_cast<int>(what.size()), what.data(),
               static_cast<int>(more.size()), more.data());
  std::_Exit(EXIT_FAILURE);
}

// The text between `before` and the next `end`; none if `before` is missing.
std::string_view text_between(std::string_view in, std::string_view before, char end) {
  const std::size_t found = in.find(before);
  if (found == std::string_view::npos) return {};
  in.remove_prefix(found + before.size());
  return in.substr(0, in.find(end));
}

// ---- HTTP, no more of it than the demo shop speaks. The clients share the machine with the
// server, so what they cost is part of the figure; cpp-httplib's client costs three times as much.

struct Answer {
  std::string_view headers;
  std::string_view body;
};

class Connection {
 public:
  explicit Connection(int port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      fail("cannot connect to port " + std::to_string(port));
    }
    const int yes = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    host_ = "127.0.0.1:" + std::to_string(port);
  }
  ~Connection() { close(socket_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // The answer lasts until the next request.
  Answer get(std::string_view path) { return ask("GET", path, {}); }
  Answer post(std::string_view path, std::string_view body) { return ask("POST", path, body); }

  // Who asks; empty: a new guest.
  void set_guest(std::string_view guest) { guest_ = guest; }
  std::int64_t requests() const { return requests_; }

 private:
  Answer ask(std::string_view method, std::string_view path, std::string_view body) {
    ++requests_;
    request_.assign(method).append(" ").append(path).append(" HTTP/1.1\r\nHost: ").append(host_);
    if (!guest_.empty()) request_.append("\r\nCookie: resys_guest=").append(guest_);
    if (method == "POST") {
      request_.append("\r\nContent-Type: application/json\r\nContent-Length: ")
          .append(std::to_string(body.size()));
    }
    request_.append("\r\n\r\n").append(body);
    send_all();
    const Answer answer = receive();
    if (!received_.starts_with("HTTP/1.1 2") || answer.body.find("\"success\":true") > kStart) {
      fail(request_, received_);
    }
    return answer;
  }

  void send_all() {
    for (std::string_view rest = request_; !rest.empty();) {
      const ssize_t sent = ::send(socket_, rest.data(), rest.size(), MSG_NOSIGNAL);
      if (sent <= 0) fail("the connection broke", request_);
      rest.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  Answer receive() {
    received_.clear();
    std::size_t body = std::string::npos;
    std::size_t all = std::string::npos;
    while (received_.size() < all) {
      const ssize_t size = recv(socket_, buffer_.data(), buffer_.size(), 0);
      if (size <= 0) fail("the connection ended before the answer", request_);
      received_.append(buffer_.data(), static_cast<std::size_t>(size));
      if (body != std::string::npos) continue;
      body = received_.find("\r\n\r\n");
      if (body == std::string::npos) continue;
      body += 4;
      const std::string length(text_between(received_, "Content-Length: ", '\r'));
      if (length.empty()) fail("an answer without Content-Length", received_);
      all = body + std::stoul(length);
    }
    const std::string_view answer = received_;
    return {answer.substr(0, body), answer.substr(body)};
  }

  // "success" is among the first fields of an answer.
  static constexpr std::size_t kStart = 64;

  int socket_;
  std::string host_;
  std::string guest_;
  std::string request_;
  std::string received_;
  std::array<char, 16'384> buffer_{};
  std::int64_t requests_ = 0;
};

// ---- purchases

constexpr std::string_view kApi = "/api/storefront";
constexpr std::string_view kAddresses =
    R"({"email":"ada@example.com","shippingAddress":{"firstName":"Ada","lastName":"Lovelace",)"
    R"("line1":"12 St James's Square","city":"London","postalCode":"SW1Y 4JH","country":"GB"}})";

std::string path_of(std::string_view rest) { return std::string(kApi).append(rest); }

// A document of one text.
std::string document(std::string_view field, std::string_view value) {
  return std::string("{\"").append(field).append("\":\"").append(value).append("\"}");
}

// A required text of an answer.
std::string_view text_of(const Answer& answer, std::string_view field) {
  const std::string_view text =
      text_between(answer.body, std::string("\"").append(field).append("\":\""), '"');
  if (text.empty()) fail("an answer without " + std::string(field), answer.body);
  return text;
}

Answer add_item(Connection& connection, const std::string& sku) {
  return connection.post(path_of("/cart/items"), R"({"quantity":1,"sku":")" + sku + "\"}");
}

// What a client has to know of the shop before it can buy.
struct Offer {
  std::vector<std::string> skus;
  std::string shipping;  // the document that chooses it
  std::string payment;
};

void begin_as_new_guest(Connection& connection, const std::string& sku) {
  connection.set_guest({});
  const Answer first = add_item(connection, sku);
  const std::string_view guest = text_between(first.headers, "Set-Cookie: resys_guest=", ';');
  if (guest.empty()) fail("an answer without the guest's cookie", first.headers);
  connection.set_guest(guest);
}

Offer ask_for_offer(Connection& connection) {
  Offer offer;
  const json products = json::parse(connection.get(path_of("/products?limit=200")).body);
  for (const json& product : products["data"]["items"]) {
    for (const json& variant : product["variants"]) offer.skus.push_back(variant["sku"]);
  }
  if (offer.skus.size() < 2) fail("the shop sells too little");
  begin_as_new_guest(connection, offer.skus.front());
  connection.post(path_of("/checkout/addresses"), kAddresses);
  const Answer shipping = connection.get(path_of("/checkout/shipping-methods"));
  offer.shipping = document("shippingMethodId", text_of(shipping, "id"));
  const json methods = json::parse(connection.get(path_of("/checkout/payment-methods")).body);
  for (const json& method : methods["data"]["items"]) {
    if (method["processor"] != "test") continue;
    offer.payment = document("paymentMethodId", method["id"].get<std::string>());
  }
  if (offer.payment.empty()) fail("the shop does not offer the test processor");
  return offer;
}

// Two items that the `i`th purchase does not share with its neighbors.
void purchase(Connection& connection, const Offer& offer, std::size_t i) {
  const std::size_t count = offer.skus.size();
  begin_as_new_guest(connection, offer.skus[2 * i % count]);
  add_item(connection, offer.skus[(2 * i + 1) % count]);
  connection.post(path_of("/checkout/addresses"), kAddresses);
  connection.post(path_of("/checkout/shipping-method"), offer.shipping);
  const Answer placed = connection.post(path_of("/checkout/place-order"), offer.payment);
  const std::string secret(text_of(placed, "clientSecret"));
  const Answer paid = connection.post(
      "/demo/pay", R"({"card":"4242424242424242","clientSecret":")" + secret + "\"}");
  if (text_of(paid, "state") != "captured") fail("not paid", paid.body);
}

// ---- the figure

double seconds_since(SteadyClock::time_point start) {
  return std::chrono::duration<double>(SteadyClock::now() - start).count();
}

// Of this process, all threads.
double cpu_microseconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto of = [](const timeval& time) {
    return 1e6 * static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec);
  };
  return of(used.ru_utime) + of(used.ru_stime);
}

int run(int port, int clients, double seconds) {
  const Offer offer = [&] {
    Connection connection(port);
    return ask_for_offer(connection);
  }();
  std::atomic<std::size_t> next = 0;
  std::atomic<std::int64_t> requests = 0;
  std::vector<std::vector<double>> took(static_cast<std::size_t>(clients));
  std::vector<std::thread> running;
  const double cpu_before = cpu_microseconds();
  const auto start = SteadyClock::now();
  for (std::vector<double>& mine : took) {
    running.emplace_back([&] {
      Connection connection(port);
      while (seconds_since(start) < seconds) {
        const auto began = SteadyClock::now();
        purchase(connection, offer, next++);
        mine.push_back(Microseconds(SteadyClock::now() - began).count());
      }
      requests += connection.requests();
    });
  }
  for (std::thread& thread : running) thread.join();
  const Figure figure = figure_of(took, seconds_since(start));
  const double cpu = cpu_microseconds() - cpu_before;
  if (figure.count == 0) fail("no time to buy anything");
  print("http_checkout", clients, figure, {},
        ",\"count\":" + std::to_string(figure.count) +
            ",\"requests\":" + std::to_string(requests.load()) +
            member("clientCpuUsPerRequest", cpu / static_cast<double>(requests.load())));
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
  if (argc != 4) bench::fail("usage: resys_http_bench PORT CLIENTS SECONDS");
  const int port = std::atoi(argv[1]);
  const int clients = std::atoi(argv[2]);
  const double seconds = std::atof(argv[3]);
  if (port <= 0 || clients <= 0 || seconds <= 0) bench::fail("PORT, CLIENTS, SECONDS: numbers > 0");
  return bench::run(port, clients, seconds);
}
