// How long to wait before the next attempt.
#pragma once

#include <algorithm>
#include <cstdint>

namespace resys::domain {

// The pause before an attempt: `first`, doubled for each of `earlier` pauses, at most `longest`.
constexpr std::int64_t back_off(std::int64_t first, std::int64_t longest, std::int64_t earlier) {
  for (; earlier > 0 && first < longest; --earlier) first *= 2;
  return std::min(first, longest);
}

}  // namespace resys::domain
