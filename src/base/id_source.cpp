// UUIDv7 as in RFC 9562, section 5.7:
//   high: 48 bits milliseconds since 1970, 4 bits version 7, 12 random bits
//   low:  2 bits variant 10, 62 random bits
// Within a millisecond, or when the clock stands or steps back, the random bits are counted up by a
// random step (section 6.2, method 2).
#include "base/id_source.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace resys::domain {
namespace {

constexpr std::uint64_t kVersion = 0x7000;
constexpr std::uint64_t kVariant = std::uint64_t{1} << 63;
constexpr std::uint64_t kLowMask = (std::uint64_t{1} << 62) - 1;
constexpr std::uint64_t kHighMask = (std::uint64_t{1} << 12) - 1;
constexpr std::uint64_t kStepMask = (std::uint64_t{1} << 32) - 1;

detail::Uuid uuid(std::uint64_t milliseconds, std::uint64_t high, std::uint64_t low) {
  return {milliseconds << 16 | kVersion | (high & kHighMask), kVariant | (low & kLowMask)};
}

// The next greater id. A carry passes over version and variant from field to field.
detail::Uuid after(const detail::Uuid& last, std::uint64_t step) {
  const std::uint64_t low = (last.low & kLowMask) + step;
  const std::uint64_t high = (last.high & kHighMask) + (low >> 62);
  const std::uint64_t milliseconds = (last.high >> 16) + (high >> 12);
  return uuid(milliseconds, high, low);
}

}  // namespace

std::uint64_t IdSource::random_bits() {
  if (random_numbers_left_ == 0) {
    random_.fill(reinterpret_cast<std::uint8_t*>(random_numbers_.data()), sizeof random_numbers_);
    random_numbers_left_ = random_numbers_.size();
  }
  return random_numbers_[--random_numbers_left_];
}

detail::Uuid IdSource::next() {
  const auto milliseconds =
      static_cast<std::uint64_t>(std::max<std::int64_t>(clock_.now().micros, 0) / 1000);
  const std::lock_guard lock(mutex_);
  if (milliseconds > last_.high >> 16) {
    const std::uint64_t high = random_bits();
    last_ = uuid(milliseconds, high, random_bits());
  } else {
    last_ = after(last_, 1 + (random_bits() & kStepMask));
  }
  return last_;
}

std::string IdSource::random_text(std::size_t length) {
  constexpr std::string_view digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  std::string text(length, '\0');
  std::array<std::uint8_t, 64> bytes{};
  for (std::size_t at = 0; at < length; at += bytes.size()) {
    const std::size_t count = std::min(length - at, bytes.size());
    random_.fill(bytes.data(), count);
    for (std::size_t i = 0; i < count; ++i) text[at + i] = digits[bytes[i] & 31];
  }
  return text;
}

}  // namespace resys::domain
