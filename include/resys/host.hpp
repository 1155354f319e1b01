// What differs from host to host: clock, randomness, log, HTTP, mail, the registry of tax ids. Each
// is a port that a host may supply. The library calls ports with no lock and no transaction held,
// except Clock, RandomSource and Log, which may be called at any time and from any thread, must not
// call back into the shop, and must not throw.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "resys/result.hpp"
#include "resys/time.hpp"

namespace resys {

// Who may call an operation. `processor` is a webhook: its signature authenticates it, not the
// host.
enum class Audience { shopper, staff, processor };

// Who is calling. The host authenticates and fills this in; the library authorizes by it.
struct Caller {
  std::string store = "default";  // the tenant: 1..64 of a-z 0-9 - _
  std::string user_id{};  // the host's own id of a signed-in user, at most 200 bytes; empty: none
  std::string session_id{};  // the host's own id of a guest session, at most 200 bytes; empty: none
  Audience audience = Audience::shopper;
  // At most 200 bytes, unique per caller and operation; empty: this call cannot be replayed.
  std::string idempotency_key{};
  // The customer groups that a shopper is in, at most 20, each 1..64 of a-z 0-9 - _. Those that
  // staff have recorded of the user (AdminCustomers) count, too.
  std::vector<std::string> groups{};
};

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Timestamp now() = 0;
};

// A source of random bytes. The built-in one is the operating system's; a simulation passes a
// seeded one.
class RandomSource {
 public:
  virtual ~RandomSource() = default;
  virtual void fill(std::uint8_t* bytes, std::size_t count) = 0;
};

enum class LogLevel { debug, info, warning, error };

class Log {
 public:
  virtual ~Log() = default;
  // `message` is one line; it never holds a secret.
  virtual void write(LogLevel level, std::string_view message) = 0;
};

// Header names compare without case.
using Headers = std::vector<std::pair<std::string, std::string>>;
// The first header of that name, or empty.
std::string_view find_header(const Headers& headers, std::string_view name) noexcept;

// A request to the outside world.
struct OutgoingRequest {
  std::string method{};  // "GET", "POST", "DELETE"
  std::string url{};     // https, or http to a loopback address
  Headers headers{};
  std::string body{};
  std::int64_t timeout_ms = 30'000;  // the whole call
};

struct IncomingResponse {
  int status = 0;
  Headers headers{};
  std::string body{};  // at most 1 MiB is read; more is an error
};

// Thread rule: any number of calls at once, from any thread.
class HttpTransport {
 public:
  virtual ~HttpTransport() = default;
  // Any HTTP response is a success, whatever its status. Follows no redirect.
  // processor_unavailable: nothing can have reached the server (no connection). outcome_unknown:
  // anything else (time-out, connection lost).
  // Errors: processor_unavailable, outcome_unknown.
  virtual Result<IncomingResponse> send(const OutgoingRequest& request) = 0;
};

struct Mail {
  std::string to{};          // one address
  std::string subject{};     // UTF-8, one line
  std::string text{};        // UTF-8
  std::string html{};        // UTF-8; empty: a text-only mail
  std::string message_id{};  // without angle brackets; the same mail sent again has the same id
};

// Thread rule: any number of calls at once, from any thread.
class Mailer {
 public:
  virtual ~Mailer() = default;
  // Returns once the server has taken responsibility for the mail. An error makes the shop try
  // again later; invalid_request (a 5xx reply) makes it give up.
  virtual Result<void> send(const Mail& mail) = 0;
};

struct TaxIdCheck {
  bool registered = false;
};

// A register of businesses, such as the European Commission's VIES. None is built in.
// Thread rule: any number of calls at once, from any thread.
class TaxIdRegistry {
 public:
  virtual ~TaxIdRegistry() = default;
  // `tax_id` has its country's prefix and form: "DE136695976". Any error means that the registry
  // cannot say: it is out of reach, or does not know the country.
  virtual Result<TaxIdCheck> check(const std::string& tax_id) = 0;
};

// The built-in ports. Each call returns a new object.
std::shared_ptr<Clock> system_clock();
std::shared_ptr<RandomSource> system_random();
// Lines on stderr: "2026-11-24T09:30:00.000000Z warning ...".
std::shared_ptr<Log> stderr_log(LogLevel least = LogLevel::info);
// Over libcurl; null in a build without it. TLS is always verified; `ca_file` replaces the system's
// CAs.
std::shared_ptr<HttpTransport> curl_transport(const std::string& ca_file = {});

struct SmtpOptions {
  // smtp://[user:password@]host:port, smtps://..., ?starttls=required. Percent-encoding in user and
  // password.
  std::string url{};
  std::string from{};     // "Shop <shop@example.com>"
  std::string ca_file{};  // empty: the system's
  std::int64_t timeout_ms = 30'000;
};
// Over libcurl. not_found: a build without it. invalid_request: a bad url.
// Errors: not_found, invalid_request.
Result<std::shared_ptr<Mailer>> smtp_mailer(const SmtpOptions& options);

}  // namespace resys
