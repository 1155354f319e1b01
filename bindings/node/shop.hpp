// A shop as Node has it: calls run on threads of its own; what they leave, what ports are asked and
// what is logged goes to JavaScript's thread (the loop), many at one wake-up.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

#include "napi.hpp"
#include "pool.hpp"

namespace resys_node {

template <auto Free>
struct Freed {
  template <class Handle>
  void operator()(Handle* handle) const {
    Free(handle);
  }
};
using Document = std::unique_ptr<resys_document, Freed<resys_document_free>>;
using Response = std::unique_ptr<resys_http_response, Freed<resys_http_response_free>>;
using Error = std::unique_ptr<resys_error, Freed<resys_error_free>>;

// What a call has come to: one of its answers, or the error.
struct Outcome {
  double call = 0;
  Error error;
  Document document;
  Response response;
  std::string text;
};

// A port is asked something.
struct Question {
  std::uint32_t port = 0;
  std::string name;
  std::string request;
  double reply = 0;
  double call = 0;  // that has led to it
  int depth = 0;    // of that call
};

// How far a long call has come.
struct Step {
  double call = 0;
  std::string name;
  std::int64_t done = 0;
  std::int64_t total = 0;
};

struct LogLine {
  std::int32_t level = 0;
  std::string message;
};

// What resys_shop_open() is given, and the texts that its structs point to. It lasts as long as the
// shop: the ports' payloads are in it.
struct Options;

class Shop {
 public:
  // Calls that are made in a port's callback are one deeper than the call that has led to it, and
  // run on threads of their own. Thus a call waits for deeper calls only, and the deepest for none:
  // however many are under way, they cannot all wait for each other.
  static constexpr int kDepths = 8;

  // `done(call, text, status, headers)`, `failed(call, name, message, field, details, token)`,
  // `ask(port, name, request, reply, call, depth)`, `log(level, message)`,
  // `step(call, name, done, total)`.
  Shop(napi_env env, napi_value done, napi_value failed, napi_value ask, napi_value log,
       napi_value step);
  ~Shop();
  Shop(const Shop&) = delete;
  Shop& operator=(const Shop&) = delete;

  // These two run on a thread; the outcome goes to `done` or `failed`. False: there is no thread.
  bool open(double call, std::shared_ptr<Options> options);
  bool submit(double call, int depth, std::function<void(resys_shop*, Outcome&)> body);
  // Runs it on the loop, which waits: for reads of one thing, which ask no port.
  void run_here(double call, const std::function<void(resys_shop*, Outcome&)>& body);
  // Once no call is under way: the loop is told when the database is closed, then calls end().
  void close(double call);
  // Ends a call that tells its steps at the next one.
  void stop(double call);
  // Completes or fails what a port was asked; nothing if that is no longer awaited.
  void complete(double reply, const std::string& json);
  void fail(double reply, resys_status code, const std::string& message, std::uint32_t token);
  // The loop will run no longer: waits for the calls under way, tells nobody. Once is enough.
  void end();

  // For the callbacks of the library, on any thread.
  void ask(std::uint32_t port, resys_text name, resys_text request, resys_reply reply);
  void log(std::int32_t level, resys_text message);
  // False: the call that this thread runs is to end.
  bool step(resys_text name, std::int64_t done, std::int64_t total);

 private:
  using Event = std::variant<Outcome, Question, Step, LogLine>;
  struct Asked {
    resys_reply reply;
    double call;
  };

  bool run(double call, int depth, std::function<void(Outcome&)> body);
  void count_call();
  void post(Event event);
  void drain();
  void tell(const Outcome& outcome);
  void tell(const Question& question);
  void tell(const Step& step);
  void tell(const LogLine& line);

  const napi_env env_;
  napi_ref done_ = nullptr;
  napi_ref failed_ = nullptr;
  napi_ref ask_ = nullptr;
  napi_ref log_ = nullptr;
  napi_ref step_ = nullptr;
  napi_threadsafe_function wake_ = nullptr;
  std::int64_t under_way_ = 0;  // on the loop; while there are any, they keep it alive

  std::mutex mutex_;  // guards the six below
  std::vector<Event> events_;
  bool woken_ = false;
  bool ended_ = false;
  std::unordered_map<std::uint64_t, Asked> asked_;
  std::uint64_t last_asked_ = 0;
  std::unordered_set<std::uint64_t> stopped_;  // calls

  std::shared_ptr<Options> options_;
  resys_shop* shop_ = nullptr;  // set and closed while no other call is under way
  std::array<Pool, kDepths> pools_;
};

}  // namespace resys_node
