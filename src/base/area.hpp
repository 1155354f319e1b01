// Where something is sent, and the parts of countries that rules are for.
#pragma once

#include <string>
#include <string_view>

namespace resys::domain {

struct Area {
  std::string country{};  // empty: it is not known yet
  std::string region{};
  std::string postal_code{};
  bool operator==(const Area&) const = default;
};

// Whether both name the same region, in any case and with or without marks.
bool is_same_region(std::string_view one, std::string_view other);
// A postal code, or the beginning of one, as they are compared: without blanks and hyphens, in
// upper case.
std::string plain_postal(std::string_view text);
bool has_postal_prefix(std::string_view postal_code, std::string_view prefix);

}  // namespace resys::domain
