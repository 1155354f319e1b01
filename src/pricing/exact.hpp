// Exact arithmetic on amounts: products and quotients of minor units, rounded once, by a named
// rule.
#pragma once

#include <cstdint>
#include <vector>

#include "resys/tax.hpp"

namespace resys::pricing {

// Products of an amount and rates need this type. g++ and clang have it everywhere resys runs.
__extension__ typedef __int128 Wide;

// numerator / denominator as a whole number. The numerator is >= 0, the denominator > 0, and the
// result fits into 64 bits.
constexpr std::int64_t divide(Wide numerator, Wide denominator, TaxRounding rounding) {
  const Wide whole = numerator / denominator;
  const Wide twice = 2 * (numerator % denominator);
  const bool is_up =
      rounding != TaxRounding::down &&
      (twice > denominator ||
       (twice == denominator && (rounding == TaxRounding::half_up || whole % 2 == 1)));
  return static_cast<std::int64_t>(whole + (is_up ? 1 : 0));
}

std::int64_t sum_of(const std::vector<std::int64_t>& amounts);

// Splits an amount >= 0 by weights >= 0, so that the parts sum to it: each part is rounded down,
// and the parts with the largest remainders get the units that are left; equal ones in order. If
// all weights are zero, so are the parts, and the amount must be, too. Sums of weights fit into 64
// bits.
std::vector<std::int64_t> share(std::int64_t amount, const std::vector<std::int64_t>& weights);

}  // namespace resys::pricing
