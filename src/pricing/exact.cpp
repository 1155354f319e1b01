// Exact arithmetic on amounts; see the header.
#include "pricing/exact.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace resys::pricing {

std::vector<std::int64_t> share(std::int64_t amount, const std::vector<std::int64_t>& weights) {
  std::vector<std::int64_t> parts(weights.size());
  const Wide all = std::accumulate(weights.begin(), weights.end(), std::int64_t{0});
  if (all == 0) return parts;
  std::vector<Wide> remainders(weights.size());
  std::int64_t left = amount;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const Wide product = Wide{amount} * weights[i];
    parts[i] = static_cast<std::int64_t>(product / all);
    remainders[i] = product % all;
    left -= parts[i];
  }
  std::vector<std::size_t> order(weights.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t one, std::size_t other) {
    return remainders[one] > remainders[other];
  });
  for (std::int64_t i = 0; i < left; ++i) ++parts[order[static_cast<std::size_t>(i)]];
  return parts;
}

}  // namespace resys::pricing
