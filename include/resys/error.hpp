// What can go wrong, said once for the whole library: a code, a message for people, the field of
// the request at fault, and facts for programs.
#pragma once

#include <concepts>
#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace resys {

// Each code has one row in error_info(): its wire name, its HTTP status and whether to try again.
enum class Errc {
  // The request has a wrong shape: `field` names the part, the message says what is wrong.
  invalid_request = 1,
  // A webhook was not signed by its sender. Nothing was stored.
  invalid_signature,
  // The operation needs a signed-in user, or a session, and the caller has none.
  unauthenticated,
  // The bank refused. The message is fit for the shopper; another card may work.
  payment_declined,
  // The caller's audience may not call this operation.
  forbidden,
  // There is no such thing, or it belongs to somebody else (on purpose nobody is told which).
  not_found,
  // The aggregate's state does not allow this; details name `state` and `event`.
  invalid_state,
  // Less stock than asked for; one detail row per SKU with `requested` and `available`.
  insufficient_stock,
  // A price changed since it was shown; one row per line, and `newTotalCents` to accept it by.
  price_changed,
  // The idempotency key was used before with another request.
  idempotency_mismatch,
  // Somebody else changed the same thing, or a unique name is taken. Reload and decide again.
  conflict,
  // The body or the aggregate is larger than a limit; details name the limit.
  too_large,
  // The discount code does not exist, is not valid now, or is used up; details say which.
  coupon_invalid,
  // The shop or the processor cannot take this currency or amount.
  unsupported_currency,
  // The database was locked for too long. Nothing was stored; the same request may be repeated.
  busy,
  // The payment processor could not be reached or refused to work. Repeat the same request.
  processor_unavailable,
  // Nobody knows whether it happened. Repeat the same request with the same idempotency key.
  outcome_unknown,
  // The database failed. Nothing was stored.
  storage,
  // A defect of the library.
  internal,
};

// What a client should do with an error: give up, send the same request again, or read and decide
// anew.
enum class Retry { never, same, reload };

struct ErrorInfo {
  Errc code{};
  std::string_view name{};  // as on the wire: "insufficient_stock"
  int http_status{};
  Retry retry{};
};

// The row of a code. Every code has one.
const ErrorInfo& error_info(Errc code) noexcept;
// "never", "same" or "reload".
std::string_view retry_name(Retry retry) noexcept;

// One machine-readable fact of an error: {"available", 3}.
struct Fact {
  std::string name{};
  std::variant<std::int64_t, std::string, bool> value{};
};
using Facts = std::vector<Fact>;
// A fact of this name is a host's own mark on a failure of its port: it is passed on to the caller
// whose call led to it, and told to no HTTP client.
inline constexpr std::string_view kHostDataFact = "hostData";

// A copyable, cheap-to-move error. A moved-from or default-constructed Error is `internal`, no
// message. A message or text fact has at most 1,000 bytes, a field 300: what is longer is cut, and
// says how long it was.
class [[nodiscard]] Error {
 public:
  Error() noexcept = default;
  Error(Errc code, std::string message);

  Errc code() const noexcept;
  // One plain sentence without a full stop, never a secret.
  const std::string& message() const noexcept;
  // The JSON name of the request's field at fault ("lineItems[2].sku"), or empty.
  const std::string& field() const noexcept;
  const Facts& facts() const noexcept;
  // One entry per affected line or SKU (insufficient_stock, price_changed); often empty.
  const std::vector<Facts>& rows() const noexcept;
  // The integer fact of that name, or `otherwise`.
  std::int64_t fact(std::string_view name, std::int64_t otherwise) const noexcept;
  // The text fact of that name, or empty.
  std::string_view fact(std::string_view name) const noexcept;

  // Builders, for the place that makes the error: Error(...).at("quantity").with("limit", 10000).
  Error at(std::string field) &&;
  template <std::integral Value>
  Error with(std::string name, Value value) && {
    using Stored = std::conditional_t<std::same_as<Value, bool>, bool, std::int64_t>;
    return std::move(*this).with(Fact{std::move(name), static_cast<Stored>(value)});
  }
  Error with(std::string name, std::string value) &&;
  Error with(std::string name, const char* value) &&;
  Error with(Fact fact) &&;
  Error row(Facts facts) &&;

 private:
  struct Body;
  Body& body();
  // Null in a default-constructed error; never shared while being built.
  std::shared_ptr<Body> body_;
};

// Thrown by Result::value() when there is none, for hosts that prefer exceptions.
class Exception : public std::exception {
 public:
  explicit Exception(Error error);
  const char* what() const noexcept override;
  const Error& error() const noexcept { return error_; }

 private:
  Error error_;
};

}  // namespace resys
