// Threads, loop and library: who waits for whom.
#include "shop.hpp"

#include <utility>

#include "options.hpp"

namespace resys_node {
namespace {

// The call that this thread runs; ports that are asked by no call of ours have none.
struct Current {
  double call = 0;
  int depth = -1;
  bool has_asked = false;
};
thread_local Current current;

napi_ref reference_to(napi_env env, napi_value function) {
  napi_ref reference = nullptr;
  napi_create_reference(env, function, 1, &reference);
  return reference;
}

void end_of_environment(void* shop) { static_cast<Shop*>(shop)->end(); }

}  // namespace

Shop::Shop(napi_env env, napi_value done, napi_value failed, napi_value ask, napi_value log,
           napi_value step)
    : env_(env),
      done_(reference_to(env, done)),
      failed_(reference_to(env, failed)),
      ask_(reference_to(env, ask)),
      log_(reference_to(env, log)),
      step_(reference_to(env, step)) {
  const auto woken = [](napi_env alive, napi_value, void* shop, void*) {
    if (alive != nullptr) static_cast<Shop*>(shop)->drain();
  };
  napi_create_threadsafe_function(env, nullptr, nullptr, to_js(env, "resys"), 0, 1, nullptr,
                                  nullptr, this, woken, &wake_);
  napi_unref_threadsafe_function(env, wake_);
  // Hooks run in reverse: this one before the function above ends.
  napi_add_env_cleanup_hook(env, end_of_environment, this);
}

Shop::~Shop() {
  napi_remove_env_cleanup_hook(env_, end_of_environment, this);
  end();
}

// ---- calls

bool Shop::run(double call, int depth, std::function<void(Outcome&)> body) {
  const bool begun = pools_.at(static_cast<std::size_t>(depth))
                         .submit([this, call, depth, body = std::move(body)] {
                           current = {call, depth};
                           Outcome outcome;
                           outcome.call = call;
                           body(outcome);
                           post(std::move(outcome));
                         });
  if (begun) count_call();
  return begun;
}

void Shop::count_call() {
  if (++under_way_ == 1) napi_ref_threadsafe_function(env_, wake_);
}

void Shop::run_here(double call, const std::function<void(resys_shop*, Outcome&)>& body) {
  count_call();
  Outcome outcome;
  outcome.call = call;
  body(shop_, outcome);
  tell(outcome);
}

bool Shop::submit(double call, int depth, std::function<void(resys_shop*, Outcome&)> body) {
  return run(call, depth,
             [this, body = std::move(body)](Outcome& outcome) { body(shop_, outcome); });
}

bool Shop::open(double call, std::shared_ptr<Options> options) {
  options_ = std::move(options);
  const auto body = [this](Outcome& outcome) {
    resys_error* error = nullptr;
    resys_shop_open(&options_->given(*this), &shop_, &error);
    outcome.error.reset(error);
  };
  return run(call, 0, body);
}

void Shop::close(double call) {
  run(call, 0, [this](Outcome&) { resys_shop_close(std::exchange(shop_, nullptr)); });
}

void Shop::end() {
  decltype(asked_) asked;
  {
    const std::lock_guard lock(mutex_);
    if (ended_) return;
    ended_ = true;
    asked.swap(asked_);
  }
  for (const auto& [number, question] : asked) {
    resys_reply_fail(question.reply, RESYS_OUTCOME_UNKNOWN, RESYS_TEXT("the program is ending"),
                     nullptr);
  }
  for (Pool& pool : pools_) pool.stop();
  resys_shop_close(std::exchange(shop_, nullptr));
  events_.clear();
  for (napi_ref reference : {done_, failed_, ask_, log_, step_}) {
    napi_delete_reference(env_, reference);
  }
  napi_release_threadsafe_function(wake_, napi_tsfn_abort);
}

// ---- ports, on the threads of the library

void Shop::ask(std::uint32_t port, resys_text name, resys_text request, resys_reply reply) {
  current.has_asked = true;
  Question question{port, {name.data, name.size}, {request.data, request.size},
                    0,    current.call,           current.depth};
  {
    const std::lock_guard lock(mutex_);
    if (!ended_) {
      question.reply = static_cast<double>(++last_asked_);
      asked_.emplace(last_asked_, Asked{reply, current.call});
    }
  }
  if (question.reply == 0) {
    resys_reply_fail(reply, RESYS_OUTCOME_UNKNOWN, RESYS_TEXT("the program is ending"), nullptr);
    return;
  }
  post(std::move(question));
}

void Shop::log(std::int32_t level, resys_text message) {
  post(LogLine{level, {message.data, message.size}});
}

bool Shop::step(resys_text name, std::int64_t done, std::int64_t total) {
  {
    const std::lock_guard lock(mutex_);
    if (ended_ || stopped_.contains(static_cast<std::uint64_t>(current.call))) return false;
  }
  post(Step{current.call, {name.data, name.size}, done, total});
  return true;
}

void Shop::post(Event event) {
  const std::lock_guard lock(mutex_);
  if (ended_) return;
  if (const auto* outcome = std::get_if<Outcome>(&event); outcome != nullptr && current.has_asked) {
    // What came too late is forgotten: a port may never answer.
    std::erase_if(asked_, [&](const auto& each) { return each.second.call == outcome->call; });
  }
  events_.push_back(std::move(event));
  if (std::exchange(woken_, true)) return;
  napi_call_threadsafe_function(wake_, nullptr, napi_tsfn_nonblocking);
}

// ---- the loop

void Shop::stop(double call) {
  const std::lock_guard lock(mutex_);
  stopped_.insert(static_cast<std::uint64_t>(call));
}

void Shop::complete(double reply, const std::string& json) {
  const std::lock_guard lock(mutex_);
  const auto found = asked_.find(static_cast<std::uint64_t>(reply));
  if (found == asked_.end()) return;
  resys_reply_complete(found->second.reply, {json.data(), json.size()});
  asked_.erase(found);
}

void Shop::fail(double reply, resys_status code, const std::string& message, std::uint32_t token) {
  const std::lock_guard lock(mutex_);
  const auto found = asked_.find(static_cast<std::uint64_t>(reply));
  if (found == asked_.end()) return;
  resys_reply_fail(found->second.reply, code, {message.data(), message.size()},
                   reinterpret_cast<void*>(static_cast<std::uintptr_t>(token)));
  asked_.erase(found);
}

void Shop::drain() {
  std::vector<Event> events;
  {
    const std::lock_guard lock(mutex_);
    events.swap(events_);
    woken_ = false;
  }
  for (const Event& event : events) {
    if (ended_) return;  // by what was told before; only the loop's thread sets it
    const HandleScope scope(env_);
    std::visit([this](const auto& each) { tell(each); }, event);
  }
}

void Shop::tell(const Outcome& outcome) {
  if (--under_way_ == 0) napi_unref_threadsafe_function(env_, wake_);
  {
    // Only now: until it is told, the loop may still stop it.
    const std::lock_guard lock(mutex_);
    stopped_.erase(static_cast<std::uint64_t>(outcome.call));
  }
  napi_value call_id = to_js(env_, outcome.call);
  if (const resys_error* error = outcome.error.get(); error != nullptr) {
    const auto token = reinterpret_cast<std::uintptr_t>(resys_error_host_data(error));
    const std::array arguments = {call_id,
                                  to_js(env_, resys_error_name(error)),
                                  to_js(env_, resys_error_message(error)),
                                  to_js(env_, resys_error_field(error)),
                                  to_js(env_, resys_error_details(error)),
                                  to_js(env_, static_cast<double>(token))};
    call(env_, failed_, arguments);
    return;
  }
  if (const resys_http_response* response = outcome.response.get(); response != nullptr) {
    const std::size_t count = resys_http_response_header_count(response);
    napi_value headers = nullptr;
    napi_create_array_with_length(env_, 2 * count, &headers);
    for (std::uint32_t i = 0; i < count; ++i) {
      const resys_header header = resys_http_response_header(response, i);
      napi_set_element(env_, headers, 2 * i, to_js(env_, header.name));
      napi_set_element(env_, headers, 2 * i + 1, to_js(env_, header.value));
    }
    const std::array arguments = {
        call_id, to_js(env_, resys_http_response_body(response)),
        to_js(env_, static_cast<double>(resys_http_response_status(response))), headers};
    call(env_, done_, arguments);
    return;
  }
  const std::array arguments = {
      call_id, outcome.document ? to_js(env_, resys_document_json(outcome.document.get()))
                                : to_js(env_, std::string_view(outcome.text))};
  call(env_, done_, arguments);
}

void Shop::tell(const Question& question) {
  const std::array arguments = {to_js(env_, static_cast<double>(question.port)),
                                to_js(env_, std::string_view(question.name)),
                                to_js(env_, std::string_view(question.request)),
                                to_js(env_, question.reply),
                                to_js(env_, question.call),
                                to_js(env_, static_cast<double>(question.depth))};
  call(env_, ask_, arguments);
}

void Shop::tell(const Step& step) {
  const std::array arguments = {to_js(env_, step.call), to_js(env_, std::string_view(step.name)),
                                to_js(env_, static_cast<double>(step.done)),
                                to_js(env_, static_cast<double>(step.total))};
  call(env_, step_, arguments);
}

void Shop::tell(const LogLine& line) {
  const std::array arguments = {to_js(env_, static_cast<double>(line.level)),
                                to_js(env_, std::string_view(line.message))};
  call(env_, log_, arguments);
}

}  // namespace resys_node
