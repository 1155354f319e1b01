// The addon's functions, for index.js alone, which checks what it passes. The first argument of
// most is the shop, an external; `call` and `reply` are numbers that go back and forth.
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "options.hpp"
#include "shop.hpp"

namespace resys_node {
namespace {

struct Caller {
  std::string store, user_id, session_id, idempotency_key;
  std::int32_t audience;
  std::vector<std::string> groups;

  // `views`: of the groups.
  resys_caller given(std::vector<resys_text>& views) const {
    for (const std::string& group : groups) views.push_back({group.data(), group.size()});
    return {sizeof(resys_caller),
            {store.data(), store.size()},
            {user_id.data(), user_id.size()},
            {session_id.data(), session_id.size()},
            audience,
            {idempotency_key.data(), idempotency_key.size()},
            views.data(),
            views.size()};
  }
};

struct HttpRequest {
  std::string method, target, body;
  std::vector<std::string> headers;  // name, value, name, value
};

Shop& shop_of(napi_env env, napi_value value) {
  return *static_cast<Shop*>(external_of(env, value));
}

Caller caller_of(napi_env env, const napi_value* values) {
  Caller caller{text_of(env, values[0]),
                text_of(env, values[1]),
                text_of(env, values[2]),
                text_of(env, values[3]),
                static_cast<std::int32_t>(number_of(env, values[4])),
                {}};
  for (napi_value group : items_of(env, values[5])) caller.groups.push_back(text_of(env, group));
  return caller;
}

napi_value answer(napi_env env, bool value) {
  napi_value boolean = nullptr;
  napi_get_boolean(env, value, &boolean);
  return boolean;
}

// (shop, call, depth, ...) -> whether there is a thread for it
napi_value submit(napi_env env, const std::vector<napi_value>& values,
                  std::function<void(resys_shop*, Outcome&)> body) {
  const int depth = static_cast<int>(number_of(env, values[2]));
  return answer(env,
                shop_of(env, values[0]).submit(number_of(env, values[1]), depth, std::move(body)));
}

// open(call, options, done, failed, ask, log, step) -> shop, or undefined: there is no thread
napi_value open(napi_env env, napi_callback_info info) {
  const auto values = arguments_of(env, info, 7);
  auto shop = std::make_unique<Shop>(env, values[2], values[3], values[4], values[5], values[6]);
  if (!shop->open(number_of(env, values[0]), std::make_shared<Options>(env, values[1]))) {
    return nullptr;
  }
  napi_value external = nullptr;
  const auto finalize = [](napi_env, void* data, void*) { delete static_cast<Shop*>(data); };
  napi_create_external(env, shop.release(), finalize, nullptr, &external);
  return external;
}

// An operation with its request and its caller, in this order.
auto operation_of(napi_env env, const napi_value* values) {
  return [operation = text_of(env, values[0]), request = text_of(env, values[1]),
          caller = caller_of(env, &values[2])](resys_shop* shop, Outcome& outcome) {
    resys_document* document = nullptr;
    resys_error* error = nullptr;
    std::vector<resys_text> groups;
    const resys_caller who = caller.given(groups);
    resys_call(shop, &who, view(operation), view(request), &document, &error);
    outcome.document.reset(document);
    outcome.error.reset(error);
  };
}

// call(shop, call, depth, operation, request, store, userId, sessionId, idempotencyKey, audience,
// groups) -> whether there is a thread
napi_value call(napi_env env, napi_callback_info info) {
  const auto values = arguments_of(env, info, 11);
  return submit(env, values, operation_of(env, &values[3]));
}

// callHere(...), as call: answers before it returns.
napi_value call_here(napi_env env, napi_callback_info info) {
  const auto values = arguments_of(env, info, 11);
  shop_of(env, values[0]).run_here(number_of(env, values[1]), operation_of(env, &values[3]));
  return answer(env, true);
}

// handle(shop, call, depth, method, target, store, userId, sessionId, idempotencyKey, audience,
// groups, headers, body) -> whether there is a thread
napi_value handle(napi_env env, napi_callback_info info) {
  const auto values = arguments_of(env, info, 13);
  HttpRequest http{text_of(env, values[3]), text_of(env, values[4]), text_of(env, values[12]), {}};
  for (napi_value header : items_of(env, values[11])) http.headers.push_back(text_of(env, header));
  auto body = [http = std::move(http), caller = caller_of(env, &values[5])](resys_shop* shop,
                                                                            Outcome& outcome) {
    std::vector<resys_header> headers;
    for (std::size_t i = 0; i + 1 < http.headers.size(); i += 2) {
      headers.push_back({view(http.headers[i]), view(http.headers[i + 1])});
    }
    const resys_http_request request = {sizeof request, view(http.method), view(http.target),
                                        headers.data(), headers.size(),    view(http.body)};
    std::vector<resys_text> groups;
    const resys_caller who = caller.given(groups);
    resys_http_response* response = nullptr;
    resys_error* error = nullptr;
    resys_handle(shop, &who, &request, &response, &error);
    outcome.response.reset(response);
    outcome.error.reset(error);
  };
  return submit(env, values, std::move(body));
}

// runDueWork(shop, call, depth, limit, part) -> whether there is a thread
napi_value run_due_work(napi_env env, napi_callback_info info) {
  const auto values = arguments_of(env, info, 5);
  const auto limit = static_cast<std::int64_t>(number_of(env, values[3]));
  const auto body = [limit, part = text_of(env, values[4])](resys_shop* shop, Outcome& outcome) {
    std::int64_t done = 0;
    std::int32_t more = 0;
    resys_error* error = nullptr;
    resys_run_due_work_part(shop, view(part), limit, &done, &more, &error);
    outcome.error.reset(error);
    outcome.text =
        "{\"done\":" + std::to_string(done) + ",\"more\":" + (more != 0 ? "true}" : "false}");
  };
  return submit(env, values, body);
}

// What tells the shop's loop how far the call of this thread is.
resys_progress progress_of(Shop& shop) {
  const auto call = [](void* self, resys_text step, std::int64_t done,
                       std::int64_t total) -> resys_status {
    return static_cast<Shop*>(self)->step(step, done, total) ? RESYS_OK : RESYS_INVALID_STATE;
  };
  return {sizeof(resys_progress), &shop, call};
}

// backup(shop, call, depth, path) -> whether there is a thread
napi_value backup(napi_env env, napi_callback_info info) {
  const auto values = arguments_of(env, info, 4);
  auto body = [&self = shop_of(env, values[0]), path = text_of(env, values[3])](resys_shop* shop,
                                                                                Outcome& outcome) {
    const resys_progress progress = progress_of(self);
    resys_document* document = nullptr;
    resys_error* error = nullptr;
    resys_shop_backup(shop, view(path), &progress, &document, &error);
    outcome.document.reset(document);
    outcome.error.reset(error);
  };
  return submit(env, values, std::move(body));
}

// check(shop, call, depth), rotateKeys(shop, call, depth) -> whether there is a thread
template <auto Function>
napi_value watched(napi_env env, napi_callback_info info) {
  const auto values = arguments_of(env, info, 3);
  auto body = [&self = shop_of(env, values[0])](resys_shop* shop, Outcome& outcome) {
    const resys_progress progress = progress_of(self);
    resys_document* document = nullptr;
    resys_error* error = nullptr;
    Function(shop, &progress, &document, &error);
    outcome.document.reset(document);
    outcome.error.reset(error);
  };
  return submit(env, values, std::move(body));
}

// engine(shop, call) -> true: answers before it returns.
napi_value engine(napi_env env, napi_callback_info info) {
  const auto values = arguments_of(env, info, 2);
  const auto body = [](resys_shop* shop, Outcome& outcome) {
    resys_document* document = nullptr;
    resys_error* error = nullptr;
    resys_shop_engine(shop, &document, &error);
    outcome.document.reset(document);
    outcome.error.reset(error);
  };
  shop_of(env, values[0]).run_here(number_of(env, values[1]), body);
  return answer(env, true);
}

// stop(shop, call): of backup, check and rotateKeys
napi_value stop(napi_env env, napi_callback_info info) {
  const auto values = arguments_of(env, info, 2);
  shop_of(env, values[0]).stop(number_of(env, values[1]));
  return nullptr;
}

// close(shop, call)
napi_value close(napi_env env, napi_callback_info info) {
  const auto values = arguments_of(env, info, 2);
  shop_of(env, values[0]).close(number_of(env, values[1]));
  return nullptr;
}

// end(shop)
napi_value end(napi_env env, napi_callback_info info) {
  shop_of(env, arguments_of(env, info, 1)[0]).end();
  return nullptr;
}

// complete(shop, reply, json)
napi_value complete(napi_env env, napi_callback_info info) {
  const auto values = arguments_of(env, info, 3);
  shop_of(env, values[0]).complete(number_of(env, values[1]), text_of(env, values[2]));
  return nullptr;
}

// fail(shop, reply, code, message, token)
napi_value fail(napi_env env, napi_callback_info info) {
  const auto values = arguments_of(env, info, 5);
  shop_of(env, values[0])
      .fail(number_of(env, values[1]), static_cast<resys_status>(number_of(env, values[2])),
            text_of(env, values[3]), static_cast<std::uint32_t>(number_of(env, values[4])));
  return nullptr;
}

// handles(target) -> boolean
napi_value handles(napi_env env, napi_callback_info info) {
  const std::string target = text_of(env, arguments_of(env, info, 1)[0]);
  return answer(env, resys_handles(view(target)) != 0);
}

napi_value openapi(napi_env env, napi_callback_info) { return to_js(env, resys_openapi()); }

}  // namespace
}  // namespace resys_node

NAPI_MODULE_INIT() {
  using namespace resys_node;
  const std::pair<const char*, napi_callback> functions[] = {
      {"open", open},
      {"call", call},
      {"callHere", call_here},
      {"handle", handle},
      {"close", close},
      {"end", end},
      {"runDueWork", run_due_work},
      {"backup", backup},
      {"stop", stop},
      {"fail", fail},
      {"complete", complete},
      {"check", watched<resys_shop_check>},
      {"rotateKeys", watched<resys_shop_rotate_keys>},
      {"engine", engine},
      {"handles", handles},
      {"openapi", openapi}};
  for (const auto& [name, function] : functions) {
    napi_value value = nullptr;
    napi_create_function(env, name, NAPI_AUTO_LENGTH, function, nullptr, &value);
    napi_set_named_property(env, exports, name, value);
  }
  napi_set_named_property(env, exports, "version", to_js(env, resys_version()));
  napi_set_named_property(env, exports, "depths", to_js(env, double{Shop::kDepths}));
  return exports;
}
