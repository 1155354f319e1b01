// Exact arithmetic on amounts; see the header.
#include "pricing/exact.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <numeric>
#include <utility>

namespace resys::pricing {

namespace {

// Adds one to the `count` parts, at least one, with the largest remainders; of equal ones, to the
// first. Remainders are below `all`. They are counted by range, of as many ranges as there are
// parts, or a few more: so only those of one range, which the count ends in, have to be compared.
void add_to_largest(std::int64_t count, const std::vector<std::int64_t>& remainders,
                    std::int64_t all, std::vector<std::int64_t>& parts) {
  const auto bits = [](std::uint64_t number) { return 64 - std::countl_zero(number); };
  const int range_bits = bits(parts.size());
  const int shift = std::max(bits(static_cast<std::uint64_t>(all)) - range_bits, 0);
  const auto range_of = [&](std::int64_t remainder) {
    return static_cast<std::size_t>(remainder >> shift);
  };
  std::vector<std::int64_t> members(std::size_t{1} << range_bits);
  for (const std::int64_t remainder : remainders) ++members[range_of(remainder)];
  std::size_t last = members.size() - 1;
  while (members[last] < count) count -= members[last--];
  std::vector<std::pair<std::int64_t, std::size_t>> in_last;  // the largest first if sorted
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::size_t range = range_of(remainders[i]);
    parts[i] += static_cast<std::int64_t>(range > last);
    if (range == last) in_last.emplace_back(-remainders[i], i);
  }
  std::nth_element(in_last.begin(), in_last.begin() + count, in_last.end());
  for (std::int64_t i = 0; i < count; ++i) ++parts[in_last[static_cast<std::size_t>(i)].second];
}

}  // namespace

std::vector<std::int64_t> share(std::int64_t amount, const std::vector<std::int64_t>& weights) {
  std::vector<std::int64_t> parts(weights.size());
  const std::int64_t all = std::accumulate(weights.begin(), weights.end(), std::int64_t{0});
  if (all == 0) return parts;
  std::vector<std::int64_t> remainders(weights.size());
  std::int64_t left = amount;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const Wide product = Wide{amount} * weights[i];
    parts[i] = static_cast<std::int64_t>(product / all);
    remainders[i] = static_cast<std::int64_t>(product % all);
    left -= parts[i];
  }
  if (left > 0) add_to_largest(left, remainders, all, parts);
  return parts;
}

}  // namespace resys::pricing
