// What is known of each country's addresses; address_rules.py makes the rows.
#pragma once

#include <span>
#include <string_view>

namespace resys::domain {

// The letters of formats and `required`: N name, O company, A street lines, C city, S region,
// Z postal code; D and X are parts that resys does not have. In formats they stand behind a %;
// %n is a new line.
struct CountryRules {
  std::string_view code;            // "DE"
  std::string_view name;            // "GERMANY"
  std::string_view format;          // "%N%n%O%n%A%n%Z %C"
  std::string_view latin_format;    // in Latin letters, where that is another; else empty
  std::string_view required;        // "ACZ"
  std::string_view postal_pattern;  // postal_code.cpp; empty: none, or not known
  std::string_view postal_example;
  std::string_view postal_prefix;  // what senders abroad write before the code: "CH"
  std::string_view regions;        // "CA|California;...": code, name, name in Latin letters
  bool regions_are_codes;          // one is needed, and written as its code
};

// All countries, sorted by code.
std::span<const CountryRules> all_countries();
// Null if there is no such country.
const CountryRules* find_country(std::string_view code);

}  // namespace resys::domain
