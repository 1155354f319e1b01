// How much a test does: tests/run sets RESYS_TEST_TIER to "fast", "normal" or "full".
#pragma once

#include <cstdint>

namespace resys::test {

// The count for the tier that runs now; without tests/run it is the normal one.
std::int64_t by_tier(std::int64_t fast, std::int64_t normal, std::int64_t full);

}  // namespace resys::test
