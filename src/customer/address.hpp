// The rules of each country's post for addresses. The data is libaddressinput's (address_rules.py
// names the version). An address that it has no rules for is accepted as written.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "resys/customer.hpp"

namespace resys::domain {

// The address as its country's post writes it, with the postal code and, where regions are codes,
// the region corrected. Its country must exist. invalid_request names the field that is missing or
// malformed, with the facts `country` and, if there is one, `example`.
Result<Address> checked_address(Address address);

// An address as a request gives it, with the lines of a label; and the request's own, checked.
Address address_of(const AddressInput& input);
Result<AddressInput> checked_input(AddressInput input);

// Nothing if the country is not known.
std::optional<AddressRules> address_rules(std::string_view country);

// All countries, sorted by code.
std::vector<Country> countries();

}  // namespace resys::domain
