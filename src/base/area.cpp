// Where something is sent; see the header.
#include "base/area.hpp"

#include "base/folding.hpp"

namespace resys::domain {

bool is_same_region(std::string_view one, std::string_view other) {
  return folded(one) == folded(other);
}

std::string plain_postal(std::string_view text) {
  std::string plain;
  for (const char letter : text) {
    if (letter == ' ' || letter == '-') continue;
    plain += letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
  }
  return plain;
}

bool has_postal_prefix(std::string_view postal_code, std::string_view prefix) {
  return plain_postal(postal_code).starts_with(plain_postal(prefix));
}

}  // namespace resys::domain
