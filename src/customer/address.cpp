// Applies the rules of address_table.cpp.
#include "customer/address.hpp"

#include <algorithm>
#include <array>

#include "base/folding.hpp"
#include "base/text.hpp"
#include "customer/address_table.hpp"
#include "customer/postal_code.hpp"

namespace resys {
namespace domain {
namespace {

// The parts that a country may need, by their letter.
struct Part {
  char letter;
  std::string_view field;
  const char* name;
  std::string Address::*member;
};
constexpr std::array<Part, 4> kParts{{{'A', "line1", "street", &Address::line1},
                                      {'C', "city", "city", &Address::city},
                                      {'S', "region", "region", &Address::region},
                                      {'Z', "postalCode", "postal code", &Address::postal_code}}};

bool has_part(const CountryRules& rules, char letter) {
  return rules.format.find(std::string{'%', letter}) != std::string_view::npos;
}

bool needs(const CountryRules& rules, char letter) {
  return has_part(rules, letter) && rules.required.find(letter) != std::string_view::npos;
}

std::vector<AddressRegion> regions_of(const CountryRules& rules) {
  std::vector<AddressRegion> regions;
  for (std::string_view rest = rules.regions; !rest.empty();) {
    std::string_view row = fields::next_part(rest, ';');
    AddressRegion& region = regions.emplace_back();
    region.code = fields::next_part(row, '|');
    region.name = fields::next_part(row, '|');
    region.latin_name = row;
    if (region.name.empty()) region.name = region.code;
    if (region.latin_name.empty()) region.latin_name = region.name;
  }
  return regions;
}

// Keeps only letters and digits, so that "N.Y." is NY, and "Forli Cesena" is "Forlì-Cesena".
std::string bare(std::string_view text) {
  std::string out = folded(text);
  std::erase_if(out, [](char sign) {
    const auto byte = static_cast<unsigned char>(sign);
    return byte < 0x80 && !(sign >= 'a' && sign <= 'z') && !(sign >= '0' && sign <= '9');
  });
  return out;
}

// The code of a region that is given by its code or by a name.
std::optional<std::string> region_code(const CountryRules& rules, std::string_view given) {
  const std::string wanted = bare(given);
  for (AddressRegion& region : regions_of(rules)) {
    for (const std::string* name : {&region.code, &region.name, &region.latin_name}) {
      if (bare(*name) == wanted) return std::move(region.code);
    }
  }
  return std::nullopt;
}

std::string_view example_of(const CountryRules& rules, char letter) {
  if (letter == 'Z') return rules.postal_example;
  if (letter == 'S') return rules.regions.substr(0, rules.regions.find_first_of("|;"));
  return {};
}

Error refuse(const CountryRules& rules, const Part& part, const std::string& what) {
  const std::string_view example = example_of(rules, part.letter);
  std::string message = what;
  if (!example.empty()) message.append("; an example is ").append(example);
  Error error = Error(Errc::invalid_request, std::move(message))
                    .at(std::string(part.field))
                    .with("country", std::string(rules.code));
  if (example.empty()) return error;
  return std::move(error).with("example", std::string(example));
}

}  // namespace

const CountryRules* find_country(std::string_view code) {
  const auto all = all_countries();
  const auto found = std::lower_bound(
      all.begin(), all.end(), code,
      [](const CountryRules& rules, std::string_view wanted) { return rules.code < wanted; });
  return found != all.end() && found->code == code ? &*found : nullptr;
}

Result<Address> checked_address(Address address) {
  if (address.first_name.empty() && address.last_name.empty()) {
    return Error(Errc::invalid_request,
                 "the name is missing: give the last name, the first name or both")
        .at("lastName");
  }
  const CountryRules* rules = find_country(address.country);
  if (rules == nullptr) return address;
  for (const Part& part : kParts) {
    if (!needs(*rules, part.letter) || !(address.*part.member).empty()) continue;
    return refuse(*rules, part,
                  std::string("the ")
                      .append(part.name)
                      .append(" is missing: an address in ")
                      .append(rules->code)
                      .append(" needs one"));
  }
  if (!address.postal_code.empty()) {
    const auto written = postal_code(*rules, address.postal_code);
    if (!written) {
      return refuse(*rules, kParts[3], "this is not a postal code of " + std::string(rules->code));
    }
    address.postal_code = *written;
  }
  if (rules->regions_are_codes) {
    const auto code = region_code(*rules, address.region);
    if (!code) {
      return refuse(*rules, kParts[2], "this is not a region of " + std::string(rules->code));
    }
    address.region = *code;
  }
  address.formatted = address_lines(address);
  return address;
}

Address address_of(const AddressInput& input) {
  Address address{.first_name = input.first_name,
                  .last_name = input.last_name,
                  .company = input.company.value_or(""),
                  .line1 = input.line1,
                  .line2 = input.line2.value_or(""),
                  .city = input.city,
                  .region = input.region.value_or(""),
                  .postal_code = input.postal_code.value_or(""),
                  .country = input.country,
                  .phone = input.phone.value_or("")};
  address.formatted = address_lines(address);
  return address;
}

Result<AddressInput> checked_input(AddressInput input) {
  RESYS_TRY(address, checked_address(address_of(input)));
  if (input.region) input.region = std::move(address.region);
  if (input.postal_code) input.postal_code = std::move(address.postal_code);
  return input;
}

std::optional<AddressRules> address_rules(std::string_view country) {
  const CountryRules* rules = find_country(country);
  if (rules == nullptr) return std::nullopt;
  AddressRules out{.country = std::string(rules->code),
                   .name = std::string(rules->name),
                   .postal_code_example = std::string(rules->postal_example),
                   .regions = regions_of(*rules),
                   .region_is_code = rules->regions_are_codes};
  // The parts are in the order of the lines, so that a form can show them like this.
  for (std::size_t at = 0; (at = rules->format.find('%', at)) != std::string_view::npos; ++at) {
    const auto part = std::find_if(kParts.begin(), kParts.end(), [&](const Part& each) {
      return each.letter == rules->format[at + 1];
    });
    if (part == kParts.end()) continue;
    out.parts.emplace_back(part->field);
    if (needs(*rules, part->letter)) out.required.emplace_back(part->field);
  }
  return out;
}

std::vector<Country> countries() {
  std::vector<Country> out;
  for (const CountryRules& rules : all_countries()) {
    out.push_back({std::string(rules.code), std::string(rules.name)});
  }
  return out;
}

}  // namespace domain

bool is_country(std::string_view code) noexcept { return domain::find_country(code) != nullptr; }

Result<std::string> region_of(std::string_view country, std::string_view region) {
  const domain::CountryRules* rules = domain::find_country(country);
  if (rules == nullptr || !rules->regions_are_codes) return std::string(region);
  auto code = domain::region_code(*rules, region);
  if (!code)
    return domain::refuse(*rules, domain::kParts[2],
                          "this is not a region of " + std::string(rules->code));
  return std::move(*code);
}

}  // namespace resys
