// Every operation as a document: HTTP for web hosts, JSON by name for others. One table in src/api
// is the endpoint, the operation's name and the OpenAPI path.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "resys/backup.hpp"
#include "resys/check.hpp"
#include "resys/engine.hpp"
#include "resys/host.hpp"
#include "resys/keys.hpp"

namespace resys {

class Shop;

inline constexpr std::size_t kMaxBodyBytes = 1024 * 1024;

struct HttpRequest {
  std::string method{};  // "GET"
  std::string target{};  // path and query as sent: "/api/storefront/orders?limit=10"
  Headers headers{};     // read: Content-Type, Idempotency-Key, the processors' signature headers
  std::string body{};    // the raw bytes
};

struct HttpResponse {
  int status = 200;
  Headers headers{};   // Content-Type among them
  std::string body{};  // JSON: {"success", "data", "error"}
};

// True if `target` is one of the library's paths ("/api/..."): for hosts that mount the shop beside
// their own pages.
bool handles(std::string_view target) noexcept;

// Calls an operation by name ("cart.addItem") with a JSON object; returns the `data` as JSON. An
// unknown name is not_found. Other errors are those of the function that the operation calls, and
// what that leaves behind.
Result<std::string> call(Shop& shop, const Caller& caller, std::string_view operation,
                         std::string_view request);

// An error's facts as a JSON object, as in a response's `error.details`.
std::string details_json(const Error& error);

// What Shop::backup(), check(), engine() and rotate_keys() return, as a JSON object.
std::string to_json(const Backup& backup);
std::string to_json(const CheckReport& report);
std::string to_json(const EngineInfo& engine);
std::string to_json(const KeyRotation& rotation);

// The OpenAPI 3.1 document of all operations, as JSON. The same text at every call.
std::string openapi();

// What bindings for other languages are made from, as JSON: {"version", "operations", "structs",
// "choices", "currencies", "errors"}; a field's type is one word ("text", "list:object:LineItem").
std::string describe();

}  // namespace resys
