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

// What each character stands for.
constexpr auto kValues = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(kNoDigit);
  for (std::uint8_t i = 0; i < kDigits.size(); ++i) {
    values[static_cast<unsigned char>(kDigits[i])] = i;
  }
  return values;
}();

Error not_an_id(std::string_view prefix) {
  return Error(Errc::invalid_request, "an id of this kind is '" + std::string(prefix) +
                                          "_' and 26 digits of base 32 in lower case");
}

}  // namespace

std::size_t write_id(std::string_view prefix, const Uuid& uuid, char* out) noexcept {
  const std::size_t size = prefix.size() + 1 + kUuidDigits;
  *std::copy(prefix.begin(), prefix.end(), out) = '_';
  Uuid rest = uuid;
  for (std::size_t at = size; at > prefix.size() + 1; --at) {
    out[at - 1] = kDigits[rest.low & 31];
    rest.low = rest.low >> 5 | rest.high << 59;
    rest.high >>= 5;
  }
  return size;
}

Result<Uuid> parse_id(std::string_view prefix, std::string_view text) {
  if (text.size() != prefix.size() + 1 + kUuidDigits || !text.starts_with(prefix) ||
      text[prefix.size()] != '_') {
    return not_an_id(prefix);
  }
  const std::string_view digits = text.substr(prefix.size() + 1);
  if (digits[0] > '7') return not_an_id(prefix);
  Uuid uuid;
  for (const char digit : digits) {
    const std::uint8_t value = kValues[static_cast<unsigned char>(digit)];
    if (value == kNoDigit) return not_an_id(prefix);
    uuid.high = uuid.high << 5 | uuid.low >> 59;
    uuid.low = uuid.low << 5 | value;
  }
  // The empty id has no text.
  if (uuid == Uuid{}) return not_an_id(prefix);
  return uuid;
}

}  // namespace resys::detail
