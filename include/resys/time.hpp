// A moment: microseconds since 1970-01-01 UTC. Moments come from the Clock port only (host.hpp).
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "resys/result.hpp"

namespace resys {

inline constexpr std::int64_t kMicrosPerSecond = 1'000'000;
inline constexpr std::int64_t kMicrosPerMinute = 60 * kMicrosPerSecond;
inline constexpr std::int64_t kMicrosPerHour = 60 * kMicrosPerMinute;
inline constexpr std::int64_t kMicrosPerDay = 24 * kMicrosPerHour;

// A moment: microseconds since 1970-01-01T00:00:00Z.
struct Timestamp {
  std::int64_t micros = 0;

  static constexpr Timestamp from_seconds(std::int64_t seconds) noexcept {
    return {seconds * kMicrosPerSecond};
  }
  // RFC 3339 with any offset and up to six fractional digits; else invalid_request.
  static Result<Timestamp> parse(std::string_view text);

  constexpr std::int64_t seconds() const noexcept { return micros / kMicrosPerSecond; }
  constexpr Timestamp plus(std::int64_t more_micros) const noexcept {
    return {micros + more_micros};
  }
  // RFC 3339 in UTC with six fractional digits: "2026-11-24T09:30:00.000000Z".
  std::string text() const;
  friend constexpr auto operator<=>(Timestamp, Timestamp) = default;
};

}  // namespace resys
