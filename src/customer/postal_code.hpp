// The forms of postal codes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "customer/address_table.hpp"

namespace resys::domain {

// The code as the country's post writes it ("n19gu" is "N1 9GU" in GB), or nothing if it is not a
// code of the country. Case, blanks, hyphens and the country's letters before the code do not
// matter. If the country's form is not known, the code is returned as it is.
std::optional<std::string> postal_code(const CountryRules& country, std::string_view text);

}  // namespace resys::domain
