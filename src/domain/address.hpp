// What the countries' posts want of an address. The data is libaddressinput's (address_rules.py
// names the version); what it does not know is accepted as written.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "resys/customer.hpp"

namespace resys::domain {

// The address as its country's post writes it: postal code and, where they are codes, region. Its
// country exists. invalid_request names the field that is missing or of another form, with the
// facts `country` and, where there is one, `example`.
Result<Address> checked_address(Address address);

// An address as a request gives it, with the lines of a label; and the request's own, checked.
Address address_of(const AddressInput& input);
Result<AddressInput> checked_input(AddressInput input);

// Null where the country is not known.
std::optional<AddressRules> address_rules(std::string_view country);

// By their codes.
std::vector<Country> countries();

}  // namespace resys::domain
