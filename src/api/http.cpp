// HTTP in front of the operation table.
//
//   {"success":true,"data":...,"error":null}
//   {"success":false,"data":null,
//    "error":{"code":"...","message":"...","field":null or "...","details":{fact:value,...,
//             "lines":[{fact:value,...},...]},"retry":"never" or "same" or "reload"}}
//
// A request's fields are its path parameters, and those of the query (GET) or of the body (all
// other methods).
#include "api/http.hpp"

#include <charconv>
#include <nlohmann/json.hpp>

#include "api/operation.hpp"
#include "base/text.hpp"

namespace resys {
namespace api {
namespace {

constexpr std::string_view kDescriptionPath = "/api/openapi.json";
constexpr std::string_view kUnexpected = "an internal error occurred and was logged";

// An error with an HTTP status, which may be another one than the table of errors gives (405, 415).
struct Refusal {
  Error error;
  int status;
  explicit Refusal(Error refused)
      : error(std::move(refused)), status(error_info(error.code()).http_status) {}
  Refusal(Error refused, int http_status) : error(std::move(refused)), status(http_status) {}
};

HttpResponse respond(int status, std::string body) {
  return {status,
          {{"Content-Type", "application/json; charset=utf-8"}, {"Cache-Control", "no-store"}},
          std::move(body)};
}

HttpResponse succeed(const std::string& data) {
  std::string body;
  body.reserve(data.size() + 48);
  body.append(R"({"success":true,"data":)").append(data).append(R"(,"error":null})");
  return respond(200, std::move(body));
}

Json json_of(const Facts& facts) {
  Json out = Json::object();
  for (const Fact& fact : facts) {
    if (fact.name == kHostDataFact) continue;
    std::visit([&](const auto& value) { out[fact.name] = value; }, fact.value);
  }
  return out;
}

Json details_of(const Error& error) {
  Json details = json_of(error.facts());
  for (const Facts& row : error.rows()) details["lines"].push_back(json_of(row));
  return details;
}

HttpResponse refuse(const Refusal& refusal) {
  const Error& error = refusal.error;
  const ErrorInfo& info = error_info(error.code());
  const Json envelope = {
      {"success", false},
      {"data", nullptr},
      {"error",
       {{"code", info.name},
        {"message", error.message()},
        {"field", error.field().empty() ? Json(nullptr) : Json(error.field())},
        {"details", details_of(error)},
        {"retry", retry_name(info.retry)}}},
  };
  return respond(refusal.status, envelope.dump(-1, ' ', false, Json::error_handler_t::replace));
}

Result<std::string> decode_percent(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    unsigned byte = 0;
    const char* first = text.data() + std::min(i + 1, text.size());
    const char* last = text.data() + std::min(i + 3, text.size());
    const auto [end, fault] = std::from_chars(first, last, byte, 16);
    if (fault != std::errc() || end != first + 2) {
      return Error(Errc::invalid_request, "a % is not followed by two hexadecimal digits");
    }
    out += static_cast<char>(byte);
    i += 2;
  }
  return out;
}

using Parameters = std::vector<std::pair<std::string_view, std::string_view>>;

// The parameters of a path that matches `pattern`, still encoded. Nothing if it does not match.
std::optional<Parameters> match(std::string_view pattern, std::string_view path) {
  Parameters parameters;
  if (std::count(pattern.begin(), pattern.end(), '/') !=
      std::count(path.begin(), path.end(), '/')) {
    return std::nullopt;
  }
  while (!pattern.empty()) {
    const std::string_view wanted = fields::next_part(pattern, '/');
    const std::string_view given = fields::next_part(path, '/');
    if (wanted.starts_with('{') && !given.empty()) {
      parameters.emplace_back(wanted.substr(1, wanted.size() - 2), given);
    } else if (wanted != given) {
      return std::nullopt;
    }
  }
  return parameters;
}

struct Route {
  const Operation* operation = nullptr;  // null: none
  Parameters parameters;
  std::string allowed;  // the methods of the path, as in Allow
};

// Finds the first operation that matches. Operations with a literal path come before those with a
// parameter in that place.
Route find_route(std::string_view method, std::string_view path) {
  Route route;
  for (const Operation& operation : operations()) {
    std::optional<Parameters> parameters = match(operation.path, path);
    if (!parameters) continue;
    if (operation.method == method) return {&operation, std::move(*parameters), {}};
    if (route.allowed.find(operation.method) != std::string::npos) continue;
    route.allowed.append(route.allowed.empty() ? "" : ", ").append(operation.method);
    if (operation.method == "GET") route.allowed += ", HEAD";
  }
  return route;
}

// Converts a text of a path or a query to the field's type. Text that does not fit is passed on,
// and refused by the reader.
Json json_of(const fields::Field* field, std::string text) {
  using fields::Kind;
  const Kind kind = field == nullptr ? Kind::text : field->type->kind;
  if (kind == Kind::boolean && (text == "true" || text == "false")) return text == "true";
  if (kind == Kind::integer) {
    std::int64_t value = 0;
    const char* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, value);
    if (read.ec == std::errc() && read.ptr == end) return value;
  }
  return text;
}

Result<void> add(Json& request, const fields::Schema& schema, std::string name, std::string text) {
  if (request.size() == kMaxNames) {
    return Error(Errc::invalid_request, "the query has too many fields").with("limit", kMaxNames);
  }
  if (request.contains(name)) {
    return Error(Errc::invalid_request, "the field is given twice")
        .at(fields::shortened(std::move(name), fields::kMaxShownNameBytes));
  }
  request[name] = json_of(schema.find(name), std::move(text));
  return success();
}

Result<void> add_query(Json& request, const fields::Schema& schema, std::string_view query) {
  std::string text(query);
  std::replace(text.begin(), text.end(), '+', ' ');
  for (std::string_view rest = text; !rest.empty();) {
    std::string_view value = fields::next_part(rest, '&');
    RESYS_TRY(name, decode_percent(fields::next_part(value, '=')));
    RESYS_TRY(decoded, decode_percent(value));
    if (name.empty() && decoded.empty()) continue;
    RESYS_TRYV(add(request, schema, std::move(name), std::move(decoded)));
  }
  return success();
}

bool is_json(std::string_view content_type) {
  std::string type(fields::next_part(content_type, ';'));
  while (!type.empty() && type.back() == ' ') type.pop_back();
  std::transform(type.begin(), type.end(), type.begin(), [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 'a' - 'A') : letter;
  });
  return type == "application/json";
}

Json raw_request(const HttpRequest& request) {
  Json headers = Json::object();
  // emplace() keeps the first header of a name, as find_header() does.
  for (const auto& [name, value] : request.headers) headers.emplace(name, value);
  return {{"headers", std::move(headers)}, {"payload", request.body}};
}

// Collects all fields of the request, from the path, the query and the body.
Result<Json> read_request(const Route& route, const HttpRequest& http, std::string_view query) {
  const Operation& operation = *route.operation;
  Json request = Json::object();
  if (operation.raw) {
    request = raw_request(http);
  } else if (operation.writes() && !http.body.empty()) {
    RESYS_TRY(body, parse_object(http.body));
    request = std::move(body);
  }
  for (const auto& [name, text] : route.parameters) {
    auto decoded = decode_percent(text);
    if (decoded.has_error()) return std::move(decoded).error().at(std::string(name));
    RESYS_TRYV(add(request, *operation.request, std::string(name), std::move(decoded).value()));
  }
  // The query of a webhook's URL is ignored. A write has all its fields in the body.
  if (operation.raw) return request;
  if (!operation.writes()) {
    RESYS_TRYV(add_query(request, *operation.request, query));
  } else if (!query.empty()) {
    return Error(Errc::invalid_request,
                 "the request has a query: the fields of a write belong in the body")
        .at(fields::shortened(std::string(fields::next_part(query, '=')),
                              fields::kMaxShownNameBytes));
  }
  return request;
}

std::optional<Refusal> refuse_body(const Operation& operation, const HttpRequest& request) {
  if (request.body.size() > kMaxBodyBytes) {
    return Refusal(
        Error(Errc::too_large, "the body is larger than 1 MiB").with("limit", kMaxBodyBytes));
  }
  if (operation.raw || request.body.empty()) return std::nullopt;
  if (!operation.writes())
    return Refusal(Error(Errc::invalid_request, "the GET request has a body"));
  if (!is_json(find_header(request.headers, "Content-Type"))) {
    return Refusal(Error(Errc::invalid_request, "the Content-Type is not application/json"), 415);
  }
  return std::nullopt;
}

HttpResponse run(const Route& route, Shop& shop, const Caller& caller, const HttpRequest& http,
                 std::string_view query) {
  const Operation& operation = *route.operation;
  if (auto allowed = authorize(operation, caller); allowed.has_error()) {
    return refuse(Refusal(allowed.error()));
  }
  if (const auto refusal = refuse_body(operation, http)) return refuse(*refusal);
  auto request = read_request(route, http, query);
  if (request.has_error()) return refuse(Refusal(request.error()));
  const std::string_view key = find_header(http.headers, "Idempotency-Key");
  Caller keyed = caller;
  if (!key.empty()) keyed.idempotency_key = key;
  const auto answer = dispatch(operation, shop, keyed, request.value());
  return answer.has_error() ? refuse(Refusal(answer.error())) : succeed(answer.value());
}

HttpResponse answer(Shop& shop, const Caller& caller, const HttpRequest& request) {
  std::string_view query = request.target;
  const std::string_view path = fields::next_part(query, '?');
  const bool is_head = request.method == "HEAD";
  const std::string_view method = is_head ? std::string_view("GET") : request.method;
  if (path == kDescriptionPath && method == "GET") {
    static const std::string description = openapi();
    return respond(200, description);
  }
  const Route route = find_route(method, path);
  if (route.operation != nullptr) return run(route, shop, caller, request, query);
  const std::string allowed = path == kDescriptionPath ? "GET, HEAD" : route.allowed;
  if (allowed.empty()) return refuse(Refusal(Error(Errc::not_found, "there is no such path")));
  HttpResponse refused = refuse(Refusal(
      Error(Errc::invalid_request, "the path does not accept this method, only " + allowed), 405));
  refused.headers.emplace_back("Allow", allowed);
  return refused;
}

}  // namespace

HttpResponse handle(Shop& shop, const Caller& caller, const HttpRequest& request) {
  HttpResponse response;
  try {
    response = answer(shop, caller, request);
  } catch (const std::exception& fault) {
    shop.log().write(LogLevel::error, std::string("a request failed: ") + fault.what());
    response = refuse(Refusal(Error(Errc::internal, std::string(kUnexpected))));
  }
  if (request.method == "HEAD") response.body.clear();
  return response;
}

}  // namespace api

std::string details_json(const Error& error) {
  return api::details_of(error).dump(-1, ' ', false, api::Json::error_handler_t::replace);
}

bool handles(std::string_view target) noexcept { return target.starts_with("/api/"); }

}  // namespace resys
