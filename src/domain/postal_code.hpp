// The forms of postal codes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "domain/address_table.hpp"

namespace resys::domain {

// The code as the country's post writes it ("n19gu" is "N1 9GU" in GB), or nothing if it is none of
// the country's. Case, blanks and hyphens do not matter, nor whether the country's letters are
// written before it. As it is where the country's form is not known.
std::optional<std::string> postal_code(const CountryRules& country, std::string_view text);

}  // namespace resys::domain
