// Where new identifiers and random texts come from: the Clock and RandomSource ports and nothing
// else, so that a simulation repeats exactly.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>

#include "resys/host.hpp"
#include "resys/id.hpp"

namespace resys::domain {

// Safe to use from several threads. Each id is greater than all ids that the same source made
// before.
class IdSource {
 public:
  // Both ports must outlive the source.
  IdSource(Clock& clock, RandomSource& random) : clock_(clock), random_(random) {}

  template <class AnyId>
  AnyId make() {
    return AnyId(next());
  }
  // A random text for order numbers: characters of Crockford's base 32 in upper case, five random
  // bits each. None of them can be misread as another.
  std::string random_text(std::size_t length);

 private:
  detail::Uuid next();
  std::uint64_t random_bits();

  Clock& clock_;
  RandomSource& random_;
  std::mutex mutex_;  // guards the members below
  detail::Uuid last_;
  // Asking for many random numbers costs no more than asking for one.
  std::array<std::uint64_t, 64> random_numbers_{};
  std::size_t random_numbers_left_ = 0;
};

}  // namespace resys::domain
