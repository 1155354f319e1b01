// Random amounts for property tests.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <random>

#include "resys/money.hpp"

namespace resys::test {

// Amounts of every magnitude, so that the small ones are not drowned by the large.
class Amounts {
 public:
  explicit Amounts(std::uint64_t seed) : engine_(seed) {}

  std::int64_t any(std::int64_t limit = kMaxMinor) {
    const int bits = std::uniform_int_distribution<int>(0, 53)(engine_);
    const std::int64_t reach = std::min(limit, (std::int64_t{1} << bits) - 1);
    return std::uniform_int_distribution<std::int64_t>(-reach, reach)(engine_);
  }
  std::int64_t positive(std::int64_t limit = kMaxMinor) { return std::abs(any(limit)); }
  std::size_t count(std::size_t most) {
    return std::uniform_int_distribution<std::size_t>(0, most)(engine_);
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace resys::test
