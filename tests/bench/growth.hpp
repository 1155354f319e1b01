// The shop as it grows: the same command, the opening, the memory and the file at 1,000 orders, ten
// times as many, and so on.
#pragma once

#include <cstdint>
#include <filesystem>

namespace bench {

void measure_growth(const std::filesystem::path& folder, std::int64_t orders);

}  // namespace bench
