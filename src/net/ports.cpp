// The built-in ports that need no network: clock, randomness, log; and the look-up of headers. In a
// build without libcurl, also replacements for the two ports that need it.
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <climits>
#include <cstdio>

#include "resys/host.hpp"

namespace resys {
namespace {

class SystemClock final : public Clock {
 public:
  Timestamp now() override {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return {std::chrono::duration_cast<std::chrono::microseconds>(since).count()};
  }
};

class SystemRandom final : public RandomSource {
 public:
  void fill(std::uint8_t* bytes, std::size_t count) override {
    while (count > 0) {
      const int piece = static_cast<int>(std::min<std::size_t>(count, INT_MAX));
      if (RAND_bytes(bytes, piece) != 1) {
        throw Exception(Error(Errc::internal, "the operating system gave no random bytes"));
      }
      bytes += piece;
      count -= static_cast<std::size_t>(piece);
    }
  }
};

class StderrLog final : public Log {
 public:
  explicit StderrLog(LogLevel least) : least_(least) {}

  void write(LogLevel level, std::string_view message) override {
    if (level < least_) return;
    constexpr std::array<const char*, 4> names{"debug", "info", "warning", "error"};
    // One call writes the whole line, so that lines of several threads do not mix.
    std::fprintf(stderr, "%s %s %.*s\n", clock_.now().text().c_str(),
                 names[static_cast<std::size_t>(level)],
                 static_cast<int>(std::min<std::size_t>(message.size(), INT_MAX)), message.data());
  }

 private:
  SystemClock clock_;
  LogLevel least_;
};

char lower(char letter) noexcept {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

}  // namespace

std::shared_ptr<Clock> system_clock() { return std::make_shared<SystemClock>(); }

std::shared_ptr<RandomSource> system_random() { return std::make_shared<SystemRandom>(); }

std::shared_ptr<Log> stderr_log(LogLevel least) { return std::make_shared<StderrLog>(least); }

std::string_view find_header(const Headers& headers, std::string_view name) noexcept {
  for (const auto& [each, value] : headers) {
    const bool same = std::equal(each.begin(), each.end(), name.begin(), name.end(),
                                 [](char one, char other) { return lower(one) == lower(other); });
    if (same) return value;
  }
  return {};
}

#ifndef RESYS_CURL
std::shared_ptr<HttpTransport> curl_transport(const std::string&) { return nullptr; }

Result<std::shared_ptr<Mailer>> smtp_mailer(const SmtpOptions&) {
  return Error(Errc::not_found,
               "resys was built without libcurl: the host has to bring the mailer");
}
#endif

}  // namespace resys
