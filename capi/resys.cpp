// The C interface over the C++ one: arguments are checked, exceptions end here, documents are text
// until somebody looks into them.
#include "resys.h"

#include <chrono>
#include <cstring>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "replies.hpp"
#include "resys/document_ports.hpp"
#include "resys/resys.hpp"

using nlohmann::json;
using resys::Errc;
using resys::Error;
using resys::Result;
using resys_capi::Replies;

// ---- handles

struct resys_error {
  Error error;
  std::string details;
};

struct resys_document {
  explicit resys_document(std::string text) : text(std::move(text)) {}

  // The text is parsed when somebody first looks into it. If it is not JSON, the tree is empty.
  const json& tree() const {
    if (!parsed) parsed = json::parse(text, nullptr, false);
    return *parsed;
  }
  const json* at(const char* pointer) const {
    const json::json_pointer path(pointer == nullptr ? "" : pointer);
    return tree().contains(path) ? &tree().at(path) : nullptr;
  }

  std::string text;
  mutable std::optional<json> parsed;
};

struct resys_http_response {
  resys::HttpResponse response;
};

struct resys_shop {
  std::unique_ptr<Replies> replies;
  std::unique_ptr<resys::Shop> shop;  // goes first: its ports use the replies
};

struct resys_worker {
  resys::Worker worker;
};

namespace {

// ---- arguments

constexpr std::int64_t kReplyTimeoutMs = 30'000;

resys_text text_of(std::string_view text) { return {text.data(), text.size()}; }

Error invalid(const char* what) { return Error(Errc::invalid_request, what); }

// A host may say any number.
Errc code_of(resys_status code) {
  const bool is_code = code >= RESYS_INVALID_REQUEST && code <= RESYS_INTERNAL;
  return is_code ? static_cast<Errc>(code) : Errc::internal;
}

Result<std::string_view> view_of(resys_text text, const char* name) {
  if (text.data == nullptr && text.size != 0) {
    return invalid("the data of the text is NULL, but its size is not 0").at(name);
  }
  if (text.data == nullptr) return std::string_view();
  if (text.size == RESYS_ZERO_TERMINATED) return std::string_view(text.data);
  constexpr std::size_t most = std::size_t{1} << 30;
  if (text.size > most) return Error(Errc::too_large, "the text is larger than 1 GiB").at(name);
  return std::string_view(text.data, text.size);
}

// Copies what the host filled: a struct of an older header is shorter.
template <class Struct>
Result<Struct> copy_of(const Struct* given, const char* name) {
  Struct copy{};
  if (given == nullptr) return invalid("the struct is NULL").at(name);
  const std::size_t size = given->struct_size;
  if (size < sizeof given->struct_size || size > 16 * sizeof(Struct)) {
    return invalid("struct_size is not the size of the struct").at(name);
  }
  std::memcpy(&copy, given, std::min(size, sizeof(Struct)));
  return copy;
}

// Every function that can fail runs in this.
template <class Body>
resys_status guarded(resys_error** out, const Body& body) noexcept {
  if (out != nullptr) *out = nullptr;
  try {
    Error error;
    try {
      const Result<void> done = body();
      if (done.has_value()) return RESYS_OK;
      error = done.error();
    } catch (const resys::Exception& exception) {
      error = exception.error();
    } catch (const std::exception& exception) {
      error = Error(Errc::internal, exception.what());
    } catch (...) {
      error = Error(Errc::internal, "something was thrown that is not a std::exception");
    }
    if (out != nullptr) *out = new resys_error{error, resys::details_json(error)};
    return static_cast<resys_status>(error.code());
  } catch (...) {
    return RESYS_INTERNAL;  // no memory left to say more
  }
}

Result<resys::Caller> caller_of(const resys_caller* given) {
  RESYS_TRY(raw, copy_of(given, "caller"));
  resys::Caller caller;
  RESYS_TRY(store, view_of(raw.store, "caller.store"));
  RESYS_TRY(user, view_of(raw.user_id, "caller.user_id"));
  RESYS_TRY(session, view_of(raw.session_id, "caller.session_id"));
  RESYS_TRY(key, view_of(raw.idempotency_key, "caller.idempotency_key"));
  if (raw.audience < RESYS_SHOPPER || raw.audience > RESYS_PROCESSOR) {
    return invalid("the audience is not RESYS_SHOPPER, RESYS_STAFF or RESYS_PROCESSOR")
        .at("caller.audience");
  }
  if (raw.store.data != nullptr) caller.store = store;
  caller.user_id = user;
  caller.session_id = session;
  caller.idempotency_key = key;
  if (raw.groups == nullptr && raw.group_count > 0) {
    return invalid("the groups are NULL, but their count is not 0").at("caller.groups");
  }
  for (std::size_t i = 0; i < raw.group_count; ++i) {
    RESYS_TRY(group, view_of(raw.groups[i], "caller.groups"));
    caller.groups.emplace_back(group);
  }
  caller.audience = static_cast<resys::Audience>(raw.audience);
  return caller;
}

// ---- ports

// What a host gave us to keep; destroyed once, when the shop that was opened with it is closed.
template <class Port>
std::shared_ptr<const Port> keep(const Port& port, const Replies& replies) {
  return std::shared_ptr<const Port>(new Port(port), [&replies](const Port* kept) {
    if (replies.belong_to_open_shop && kept->destroy != nullptr) kept->destroy(kept->payload);
    delete kept;
  });
}

template <class Port>
resys::DocumentCall call_of(std::shared_ptr<const Port> port, Replies& replies) {
  return [port = std::move(port), &replies](const resys::PortCall& call) {
    const resys_document document(call.request);
    const auto begin = [&](resys_reply reply) {
      port->call(port->payload, text_of(call.name), &document, reply);
    };
    return replies.wait(begin, call.timeout_ms.value_or(INT64_MAX));
  };
}

class HostClock final : public resys::Clock {
 public:
  explicit HostClock(std::shared_ptr<const resys_clock> clock) : clock_(std::move(clock)) {}
  resys::Timestamp now() override { return {clock_->now(clock_->payload)}; }

 private:
  const std::shared_ptr<const resys_clock> clock_;
};

class HostLog final : public resys::Log {
 public:
  explicit HostLog(std::shared_ptr<const resys_log> log) : log_(std::move(log)) {}
  void write(resys::LogLevel level, std::string_view message) override {
    log_->write(log_->payload, static_cast<std::int32_t>(level), text_of(message));
  }

 private:
  const std::shared_ptr<const resys_log> log_;
};

// The item of an array of structs that the host fills; those of an older header are shorter.
template <class Struct>
const Struct* item_of(const Struct* first, std::size_t index) {
  const char* bytes = reinterpret_cast<const char*>(first) + index * first->struct_size;
  return reinterpret_cast<const Struct*>(bytes);
}

// A port that must have a `call`.
template <class Port>
Result<resys::DocumentCall> port_of(const Port& port, const char* name, Replies& replies) {
  if (port.call == nullptr) return invalid("the `call` of the port is NULL").at(name);
  return call_of(keep(port, replies), replies);
}

Result<void> add_processors(resys::ShopOptions& to, const resys_options& from, Replies& replies) {
  RESYS_TRY(names, view_of(from.processors, "options.processors"));
  if (names.empty() && from.host_processor_count == 0) names = "stripe manual";
  resys::StripeOptions stripe;
  RESYS_TRY(base, view_of(from.stripe_api_base, "options.stripe_api_base"));
  if (!base.empty()) stripe.api_base = base;
  while (!names.empty()) {
    const std::string_view name = names.substr(0, names.find(' '));
    names.remove_prefix(std::min(name.size() + 1, names.size()));
    if (name.empty()) continue;
    auto processor = resys::built_in_processor(name, stripe);
    if (processor.has_error()) return std::move(processor).error().at("options.processors");
    to.processors.push_back(std::move(processor).value());
  }
  if (from.host_processors == nullptr && from.host_processor_count > 0) {
    return invalid("the processors are NULL, but their count is not 0")
        .at("options.host_processors");
  }
  for (std::size_t i = 0; i < from.host_processor_count; ++i) {
    RESYS_TRY(port, copy_of(item_of(from.host_processors, i), "options.host_processors"));
    RESYS_TRY(call, port_of(port, "options.host_processors", replies));
    RESYS_TRY(description, view_of(port.description, "options.host_processors.description"));
    RESYS_TRY(processor, resys::document_processor(description, std::move(call)));
    to.processors.push_back(std::move(processor));
  }
  return resys::success();
}

Result<void> add_handlers(resys::ShopOptions& to, const resys_options& from, Replies& replies) {
  if (from.event_handlers == nullptr && from.event_handler_count > 0) {
    return invalid("the handlers are NULL, but their count is not 0").at("options.event_handlers");
  }
  for (std::size_t i = 0; i < from.event_handler_count; ++i) {
    RESYS_TRY(port, copy_of(item_of(from.event_handlers, i), "options.event_handlers"));
    RESYS_TRY(call, port_of(port, "options.event_handlers", replies));
    RESYS_TRY(description, view_of(port.description, "options.event_handlers.description"));
    RESYS_TRY(handler, resys::document_handler(description, std::move(call)));
    to.handlers.push_back(std::move(handler));
  }
  return resys::success();
}

Result<void> add_mailer(resys::ShopOptions& to, const resys_options& from, Replies& replies) {
  if (from.mailer != nullptr) {
    RESYS_TRY(port, copy_of(from.mailer, "options.mailer"));
    RESYS_TRY(call, port_of(port, "options.mailer", replies));
    to.mailer = resys::document_mailer(std::move(call));
    return resys::success();
  }
  RESYS_TRY(url, view_of(from.smtp_url, "options.smtp_url"));
  RESYS_TRY(sender, view_of(from.smtp_from, "options.smtp_from"));
  if (url.empty()) return resys::success();
  RESYS_TRY(mailer, resys::smtp_mailer({.url = std::string(url), .from = std::string(sender)}));
  to.mailer = std::move(mailer);
  return resys::success();
}

Result<void> add_tax_ports(resys::ShopOptions& to, const resys_options& from, Replies& replies) {
  if (from.tax_calculator != nullptr) {
    RESYS_TRY(port, copy_of(from.tax_calculator, "options.tax_calculator"));
    RESYS_TRY(call, port_of(port, "options.tax_calculator", replies));
    to.tax_calculator = resys::document_tax_calculator(std::move(call));
  }
  if (from.tax_id_registry != nullptr) {
    RESYS_TRY(port, copy_of(from.tax_id_registry, "options.tax_id_registry"));
    RESYS_TRY(call, port_of(port, "options.tax_id_registry", replies));
    to.tax_id_registry = resys::document_tax_id_registry(std::move(call));
  }
  return resys::success();
}

Result<void> add_keys(resys::ShopOptions& to, const resys_options& from) {
  if (from.secret_keys == nullptr && from.secret_key_count > 0) {
    return invalid("the keys are NULL, but their count is not 0").at("options.secret_keys");
  }
  for (std::size_t i = 0; i < from.secret_key_count; ++i) {
    RESYS_TRY(id, view_of(from.secret_keys[i].id, "options.secret_keys.id"));
    RESYS_TRY(key, view_of(from.secret_keys[i].key, "options.secret_keys.key"));
    to.secret_keys.emplace(id, key);
  }
  RESYS_TRY(id, view_of(from.secret_key_id, "options.secret_key_id"));
  to.secret_key_id = id;
  to.allow_missing_keys = from.allow_missing_keys != 0;
  return resys::success();
}

Result<resys::ShopOptions> options_of(const resys_options& from, Replies& replies) {
  resys::ShopOptions to;
  RESYS_TRY(database, view_of(from.database, "options.database"));
  to.database = database;
  RESYS_TRYV(add_keys(to, from));
  RESYS_TRYV(add_processors(to, from, replies));
  RESYS_TRYV(add_handlers(to, from, replies));
  RESYS_TRYV(add_mailer(to, from, replies));
  RESYS_TRYV(add_tax_ports(to, from, replies));
  if (from.http != nullptr) {
    RESYS_TRY(port, copy_of(from.http, "options.http"));
    RESYS_TRY(call, port_of(port, "options.http", replies));
    to.http = resys::document_transport(std::move(call));
  }
  if (from.clock != nullptr) {
    RESYS_TRY(clock, copy_of(from.clock, "options.clock"));
    if (clock.now == nullptr) return invalid("the `now` of the clock is NULL").at("options.clock");
    to.clock = std::make_shared<HostClock>(keep(clock, replies));
  }
  if (from.log != nullptr) {
    RESYS_TRY(log, copy_of(from.log, "options.log"));
    if (log.write == nullptr) return invalid("the `write` of the log is NULL").at("options.log");
    to.log = std::make_shared<HostLog>(keep(log, replies));
  }
  return to;
}

// A handle that must not be NULL, and where its result goes.
Result<void> require(const void* handle, const char* name) {
  if (handle != nullptr) return resys::success();
  return invalid("the pointer is NULL").at(name);
}

Result<resys::ProgressFunction> progress_of(const resys_progress* given) {
  if (given == nullptr) return resys::ProgressFunction();
  RESYS_TRY(progress, copy_of(given, "progress"));
  if (progress.call == nullptr) return invalid("the `call` of progress is NULL").at("progress");
  return resys::ProgressFunction([progress](const resys::Progress& now) -> Result<void> {
    const resys_status status =
        progress.call(progress.payload, text_of(now.step), now.done, now.total);
    if (status == RESYS_OK) return resys::success();
    return Error(code_of(status), "the progress callback stopped it");
  });
}

template <auto Make>
resys_status make_report(resys_shop* shop, const resys_progress* progress, resys_document** report,
                         resys_error** error) {
  return guarded(error, [&]() -> Result<void> {
    RESYS_TRYV(require(shop, "shop"));
    RESYS_TRYV(require(report, "report"));
    RESYS_TRY(tell, progress_of(progress));
    RESYS_TRY(made, (shop->shop.get()->*Make)(tell));
    *report = new resys_document(resys::to_json(made));
    return resys::success();
  });
}

// The text that `Make` makes, made once.
template <auto Make>
resys_text text_made_once() noexcept {
  try {
    static const std::string text = Make();
    return text_of(text);
  } catch (...) {
    return text_of("");
  }
}

}  // namespace

// ---- errors

resys_status resys_error_code(const resys_error* error) {
  return error == nullptr ? RESYS_OK : static_cast<resys_status>(error->error.code());
}

resys_text resys_error_name(const resys_error* error) {
  return error == nullptr ? text_of("") : text_of(resys::error_info(error->error.code()).name);
}

resys_text resys_error_message(const resys_error* error) {
  return error == nullptr ? text_of("") : text_of(error->error.message());
}

resys_text resys_error_field(const resys_error* error) {
  return error == nullptr ? text_of("") : text_of(error->error.field());
}

resys_text resys_error_details(const resys_error* error) {
  return error == nullptr ? text_of("") : text_of(error->details);
}

std::int32_t resys_error_retry(const resys_error* error) {
  if (error == nullptr) return RESYS_RETRY_NEVER;
  return static_cast<std::int32_t>(resys::error_info(error->error.code()).retry);
}

std::int32_t resys_error_http_status(const resys_error* error) {
  return error == nullptr ? 200 : resys::error_info(error->error.code()).http_status;
}

void* resys_error_host_data(const resys_error* error) {
  if (error == nullptr) return nullptr;
  return reinterpret_cast<void*>(
      static_cast<std::intptr_t>(error->error.fact(resys::kHostDataFact, 0)));
}

void resys_error_free(resys_error* error) { delete error; }

// ---- documents

resys_status resys_document_parse(resys_text text, resys_document** document, resys_error** error) {
  return guarded(error, [&]() -> Result<void> {
    RESYS_TRYV(require(document, "document"));
    RESYS_TRY(view, view_of(text, "json"));
    if (view.size() > resys::kMaxBodyBytes) {
      return Error(Errc::too_large, "the document is larger than 1 MiB").at("json");
    }
    auto parsed = std::make_unique<resys_document>(std::string(view));
    if (parsed->tree().is_discarded())
      return invalid("the text is not valid JSON in UTF-8").at("json");
    *document = parsed.release();
    return resys::success();
  });
}

resys_text resys_document_json(const resys_document* document) {
  return document == nullptr ? text_of("") : text_of(document->text);
}

namespace {

// What stands at the pointer, as `read` sees it; `otherwise` where nothing does.
template <class Value, class Read>
Value look(const resys_document* document, const char* pointer, Value otherwise, const Read& read) {
  if (document == nullptr) return otherwise;
  try {
    const json* found = document->at(pointer);
    return found == nullptr ? otherwise : read(*found);
  } catch (...) {  // a pointer of a wrong shape
    return otherwise;
  }
}

}  // namespace

std::int32_t resys_document_kind(const resys_document* document, const char* pointer) {
  return look<std::int32_t>(document, pointer, RESYS_KIND_ABSENT, [](const json& found) {
    switch (found.type()) {
      case json::value_t::null:
        return RESYS_KIND_NULL;
      case json::value_t::boolean:
        return RESYS_KIND_BOOLEAN;
      case json::value_t::number_integer:
      case json::value_t::number_unsigned:
        return RESYS_KIND_INTEGER;
      case json::value_t::number_float:
        return RESYS_KIND_NUMBER;
      case json::value_t::string:
        return RESYS_KIND_TEXT;
      case json::value_t::array:
        return RESYS_KIND_LIST;
      case json::value_t::object:
        return RESYS_KIND_OBJECT;
      case json::value_t::binary:
      case json::value_t::discarded:
        break;
    }
    return RESYS_KIND_ABSENT;
  });
}

std::size_t resys_document_count(const resys_document* document, const char* pointer) {
  return look<std::size_t>(document, pointer, 0, [](const json& found) {
    return found.is_structured() ? found.size() : 0;
  });
}

resys_text resys_document_text(const resys_document* document, const char* pointer) {
  return look(document, pointer, text_of(""), [](const json& found) {
    return found.is_string() ? text_of(found.get_ref<const std::string&>()) : text_of("");
  });
}

std::int64_t resys_document_integer(const resys_document* document, const char* pointer) {
  return look<std::int64_t>(document, pointer, 0, [](const json& found) {
    return found.is_number_integer() ? found.get<std::int64_t>() : 0;
  });
}

std::int32_t resys_document_boolean(const resys_document* document, const char* pointer) {
  return look<std::int32_t>(document, pointer, 0, [](const json& found) {
    return found.is_boolean() && found.get<bool>() ? 1 : 0;
  });
}

void resys_document_free(resys_document* document) { delete document; }

// ---- replies

namespace {

void answer(resys_reply reply, const std::function<Result<std::string>()>& make) noexcept {
  if (reply.shop == nullptr) return;
  try {
    static_cast<Replies*>(reply.shop)->answer(reply.number, make());
  } catch (...) {  // no memory left: the call is given up when its time is over
  }
}

}  // namespace

void resys_reply_complete(resys_reply reply, resys_text text) {
  answer(reply, [&]() -> Result<std::string> {
    RESYS_TRY(view, view_of(text, "json"));
    return std::string(view);
  });
}

void resys_reply_fail(resys_reply reply, resys_status code, resys_text message, void* host_data) {
  answer(reply, [&]() -> Result<std::string> {
    const auto view = view_of(message, "message");
    Error error(code_of(code), view.has_value() && !view.value().empty() ? std::string(view.value())
                                                                         : "a callback failed");
    if (host_data == nullptr) return error;
    return std::move(error).with(std::string(resys::kHostDataFact),
                                 reinterpret_cast<std::intptr_t>(host_data));
  });
}

// ---- the shop

resys_status resys_shop_open(const resys_options* options, resys_shop** shop, resys_error** error) {
  return guarded(error, [&]() -> Result<void> {
    RESYS_TRYV(require(shop, "shop"));
    RESYS_TRY(given, copy_of(options, "options"));
    if (given.reply_timeout_ms < 0) {
      return invalid("the time is negative").at("options.reply_timeout_ms");
    }
    const auto patience = std::chrono::milliseconds(
        given.reply_timeout_ms == 0 ? kReplyTimeoutMs : given.reply_timeout_ms);
    auto made = std::make_unique<resys_shop>();
    made->replies = std::make_unique<Replies>(patience);
    RESYS_TRY(cpp_options, options_of(given, *made->replies));
    RESYS_TRY(opened, resys::Shop::open(std::move(cpp_options)));
    made->shop = std::move(opened);
    made->replies->belong_to_open_shop = true;
    *shop = made.release();
    return resys::success();
  });
}

void resys_shop_close(resys_shop* shop) { delete shop; }

resys_status resys_call(resys_shop* shop, const resys_caller* caller, resys_text operation,
                        resys_text request, resys_document** answer, resys_error** error) {
  return guarded(error, [&]() -> Result<void> {
    RESYS_TRYV(require(shop, "shop"));
    RESYS_TRYV(require(answer, "answer"));
    RESYS_TRY(who, caller_of(caller));
    RESYS_TRY(name, view_of(operation, "operation"));
    RESYS_TRY(text, view_of(request, "request"));
    if (text.size() > resys::kMaxBodyBytes) {
      return Error(Errc::too_large, "the request is larger than 1 MiB").at("request");
    }
    RESYS_TRY(data, resys::call(*shop->shop, who, name, text.empty() ? "{}" : text));
    *answer = new resys_document(std::move(data));
    return resys::success();
  });
}

resys_status resys_handle(resys_shop* shop, const resys_caller* caller,
                          const resys_http_request* request, resys_http_response** response,
                          resys_error** error) {
  return guarded(error, [&]() -> Result<void> {
    RESYS_TRYV(require(shop, "shop"));
    RESYS_TRYV(require(response, "response"));
    RESYS_TRY(who, caller_of(caller));
    RESYS_TRY(given, copy_of(request, "request"));
    RESYS_TRY(method, view_of(given.method, "request.method"));
    RESYS_TRY(target, view_of(given.target, "request.target"));
    RESYS_TRY(body, view_of(given.body, "request.body"));
    if (given.headers == nullptr && given.header_count > 0) {
      return invalid("the headers are NULL, but their count is not 0").at("request.headers");
    }
    resys::HttpRequest http{std::string(method), std::string(target), {}, std::string(body)};
    for (std::size_t i = 0; i < given.header_count; ++i) {
      RESYS_TRY(name, view_of(given.headers[i].name, "request.headers.name"));
      RESYS_TRY(value, view_of(given.headers[i].value, "request.headers.value"));
      http.headers.emplace_back(name, value);
    }
    *response = new resys_http_response{shop->shop->handle(who, http)};
    return resys::success();
  });
}

std::int32_t resys_handles(resys_text target) {
  const auto view = view_of(target, "target");
  return view.has_value() && resys::handles(view.value()) ? 1 : 0;
}

std::int32_t resys_http_response_status(const resys_http_response* response) {
  return response == nullptr ? 0 : response->response.status;
}

resys_text resys_http_response_body(const resys_http_response* response) {
  return response == nullptr ? text_of("") : text_of(response->response.body);
}

std::size_t resys_http_response_header_count(const resys_http_response* response) {
  return response == nullptr ? 0 : response->response.headers.size();
}

resys_header resys_http_response_header(const resys_http_response* response, std::size_t index) {
  if (index >= resys_http_response_header_count(response)) return {text_of(""), text_of("")};
  const auto& [name, value] = response->response.headers[index];
  return {text_of(name), text_of(value)};
}

void resys_http_response_free(resys_http_response* response) { delete response; }

resys_status resys_run_due_work(resys_shop* shop, std::int64_t limit, std::int64_t* done,
                                std::int32_t* more, resys_error** error) {
  return resys_run_due_work_part(shop, RESYS_TEXT("all"), limit, done, more, error);
}

resys_status resys_run_due_work_part(resys_shop* shop, resys_text part, std::int64_t limit,
                                     std::int64_t* done, std::int32_t* more, resys_error** error) {
  return guarded(error, [&]() -> Result<void> {
    RESYS_TRYV(require(shop, "shop"));
    RESYS_TRY(name, view_of(part, "part"));
    const auto known = resys::parse_name<resys::DueWorkPart>(name);
    if (!known) {
      return invalid("the part is none of deadlines, payments, events, mail and all").at("part");
    }
    RESYS_TRY(work, shop->shop->run_due_work(limit, *known));
    if (done != nullptr) *done = work.done;
    if (more != nullptr) *more = work.more ? 1 : 0;
    return resys::success();
  });
}

resys_status resys_worker_start(resys_shop* shop, std::int64_t interval_ms, resys_worker** worker,
                                resys_error** error) {
  return guarded(error, [&]() -> Result<void> {
    RESYS_TRYV(require(shop, "shop"));
    RESYS_TRYV(require(worker, "worker"));
    if (interval_ms < 1) return invalid("the time is less than 1").at("interval_ms");
    *worker = new resys_worker{resys::Worker(*shop->shop, interval_ms)};
    return resys::success();
  });
}

void resys_worker_stop(resys_worker* worker) { delete worker; }

// ---- the database as a whole

resys_status resys_shop_backup(resys_shop* shop, resys_text path, const resys_progress* progress,
                               resys_document** backup, resys_error** error) {
  return guarded(error, [&]() -> Result<void> {
    RESYS_TRYV(require(shop, "shop"));
    RESYS_TRYV(require(backup, "backup"));
    RESYS_TRY(file, view_of(path, "path"));
    RESYS_TRY(tell, progress_of(progress));
    RESYS_TRY(made, shop->shop->backup(std::string(file), tell));
    *backup = new resys_document(resys::to_json(made));
    return resys::success();
  });
}

resys_status resys_shop_check(resys_shop* shop, const resys_progress* progress,
                              resys_document** report, resys_error** error) {
  return make_report<&resys::Shop::check>(shop, progress, report, error);
}

resys_status resys_shop_rotate_keys(resys_shop* shop, const resys_progress* progress,
                                    resys_document** report, resys_error** error) {
  return make_report<&resys::Shop::rotate_keys>(shop, progress, report, error);
}

resys_status resys_shop_engine(resys_shop* shop, resys_document** engine, resys_error** error) {
  return guarded(error, [&]() -> Result<void> {
    RESYS_TRYV(require(shop, "shop"));
    RESYS_TRYV(require(engine, "engine"));
    *engine = new resys_document(resys::to_json(shop->shop->engine()));
    return resys::success();
  });
}

// ---- about the library

resys_text resys_version(void) { return text_of(RESYS_VERSION); }
resys_text resys_describe(void) { return text_made_once<resys::describe>(); }
resys_text resys_openapi(void) { return text_made_once<resys::openapi>(); }
