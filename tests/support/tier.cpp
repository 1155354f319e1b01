// Reads the tier from the environment.
#include "support/tier.hpp"

#include <cstdlib>
#include <string_view>

namespace resys::test {

std::int64_t by_tier(std::int64_t fast, std::int64_t normal, std::int64_t full) {
  const char* tier = std::getenv("RESYS_TEST_TIER");
  const std::string_view name = tier == nullptr ? "normal" : tier;
  if (name == "fast") return fast;
  return name == "full" ? full : normal;
}

}  // namespace resys::test
