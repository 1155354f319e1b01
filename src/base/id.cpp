// The text form of identifiers: 128 bits as 26 digits of Crockford's base 32, most significant
// first, so that the first digit carries three bits and is at most 7.
#include "resys/id.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace resys::detail {
namespace {

constexpr std::string_view kDigits = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr std::uint8_t kNoDigit = 32;

// The value of each character.
constexpr auto kValues = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(kNoDigit);
  for (std::uint8_t i = 0; i < kDigits.size(); ++i) {
    values[static_cast<unsigned char>(kDigits[i])] = i;
  }
  return values;
}();

Error not_an_id(std::string_view prefix) {
  return Error(Errc::invalid_request, "the id is not '" + std::string(prefix) +
                                          "_' followed by 26 digits of base 32 in lower case");
}

}  // namespace

// The last twelve of the 26 digits are 60 bits, the twelve before them 60 more, and the first two
// 8.
std::size_t write_id(std::string_view prefix, const Uuid& uuid, char* out) noexcept {
  char* digits = std::copy(prefix.begin(), prefix.end(), out);
  *digits++ = '_';
  std::uint64_t last = uuid.low;
  std::uint64_t middle = uuid.low >> 60 | uuid.high << 4;
  for (std::size_t i = 0; i < kUuidDigits / 2 - 1; ++i) {
    digits[kUuidDigits - 1 - i] = kDigits[last & 31];
    digits[kUuidDigits / 2 - i] = kDigits[middle & 31];
    last >>= 5;
    middle >>= 5;
  }
  digits[0] = kDigits[uuid.high >> 61];
  digits[1] = kDigits[uuid.high >> 56 & 31];
  return prefix.size() + 1 + kUuidDigits;
}

Result<Uuid> parse_id(std::string_view prefix, std::string_view text) {
  if (text.size() != prefix.size() + 1 + kUuidDigits || !text.starts_with(prefix) ||
      text[prefix.size()] != '_') {
    return not_an_id(prefix);
  }
  const std::string_view digits = text.substr(prefix.size() + 1);
  if (digits[0] > '7') return not_an_id(prefix);
  unsigned seen = 0;
  const auto value_at = [&](std::size_t at) {
    const std::uint8_t value = kValues[static_cast<unsigned char>(digits[at])];
    seen |= value;
    return std::uint64_t{value};
  };
  const std::uint64_t first = value_at(0) << 5 | value_at(1);
  std::uint64_t middle = 0;
  std::uint64_t last = 0;
  for (std::size_t at = 2; at <= kUuidDigits / 2; ++at) {
    middle = middle << 5 | value_at(at);
    last = last << 5 | value_at(at + kUuidDigits / 2 - 1);
  }
  if ((seen & kNoDigit) != 0) return not_an_id(prefix);
  const Uuid uuid{first << 56 | middle >> 4, middle << 60 | last};
  // The empty id has no text.
  if (uuid == Uuid{}) return not_an_id(prefix);
  return uuid;
}

}  // namespace resys::detail
