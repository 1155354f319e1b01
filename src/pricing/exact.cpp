// Exact arithmetic on amounts; see the header.
#include "pricing/exact.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>

namespace resys::pricing {

std::int64_t sum_of(const std::vector<std::int64_t>& amounts) {
  return std::accumulate(amounts.begin(), amounts.end(), std::int64_t{0});
}

std::vector<std::int64_t> share(std::int64_t amount, const std::vector<std::int64_t>& weights) {
  std::vector<std::int64_t> parts(weights.size());
  const std::int64_t all = sum_of(weights);
  if (all == 0) return parts;
  std::vector<std::pair<std::int64_t, std::size_t>> remainders;  // below zero: the largest first
  remainders.reserve(weights.size());
  std::int64_t left = amount;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const Wide product = Wide{amount} * weights[i];
    parts[i] = static_cast<std::int64_t>(product / all);
    remainders.emplace_back(-static_cast<std::int64_t>(product % all), i);
    left -= parts[i];
  }
  if (left == 0) return parts;
  std::nth_element(remainders.begin(), remainders.begin() + left, remainders.end());
  for (std::int64_t i = 0; i < left; ++i) ++parts[remainders[static_cast<std::size_t>(i)].second];
  return parts;
}

}  // namespace resys::pricing
