// An address as lines, in its country's order.
//
// A format is a text of letters after % and signs between them, with %n for a new line. A sign is
// written if the part after it exists and the part before it was not left out.
#include <algorithm>

#include "base/folding.hpp"
#include "customer/address.hpp"
#include "customer/address_table.hpp"

namespace resys {
namespace domain {
namespace {

constexpr char kNewLine = 'n';
constexpr char kSigns = '\0';

// One step of a format: a part by its letter, a new line, or signs.
struct Step {
  char letter;
  std::string_view signs;
};

std::vector<Step> steps_of(std::string_view format) {
  std::vector<Step> steps;
  while (!format.empty()) {
    if (format.front() == '%') {
      steps.push_back({format[1], {}});
      format.remove_prefix(2);
    } else {
      const std::string_view signs = format.substr(0, format.find('%'));
      steps.push_back({kSigns, signs});
      format.remove_prefix(signs.size());
    }
  }
  return steps;
}

bool has(const std::vector<Step>& steps, char letter) {
  return std::any_of(steps.begin(), steps.end(),
                     [&](const Step& step) { return step.letter == letter; });
}

// A name in East Asian letters has the family name first, and is one word outside Japan.
std::string name_of(const Address& address) {
  const std::string& first = address.first_name;
  const std::string& last = address.last_name;
  if (first.empty() || last.empty()) return first + last;
  if (!is_east_asian(last)) return first + " " + last;
  return last + (address.country == "JP" ? " " : "") + first;
}

// Its lines, or empty.
std::string part_of(const Address& address, char letter) {
  switch (letter) {
    case 'N':
      return name_of(address);
    case 'O':
      return address.company;
    case 'A':
      return address.line2.empty() ? address.line1 : address.line1 + "\n" + address.line2;
    case 'C':
      return address.city;
    case 'S':
      return address.region;
    case 'Z':
      return address.postal_code;
    default:
      return {};  // a part that resys does not have
  }
}

// Puts a line of one part before or behind the line that has another one.
void add_line(std::vector<Step>& steps, char letter, char neighbor, bool before) {
  auto at = std::find_if(steps.begin(), steps.end(),
                         [&](const Step& step) { return step.letter == neighbor; });
  const auto is_new_line = [](const Step& step) { return step.letter == kNewLine; };
  if (before) {
    while (at != steps.begin() && !is_new_line(*std::prev(at))) --at;
    steps.insert(at, {{letter, {}}, {kNewLine, {}}});
  } else {
    at = std::find_if(at, steps.end(), is_new_line);
    steps.insert(at, {{kNewLine, {}}, {letter, {}}});
  }
}

// Parts that were given but have no place in the country's format get a line of their own, so that
// nothing is lost. They are city, region and postal code, from the street outwards.
void add_missing_parts(std::vector<Step>& steps, const Address& address,
                       const CountryRules& rules) {
  const auto name =
      std::find_if(steps.begin(), steps.end(), [](const Step& step) { return step.letter == 'N'; });
  // If the name comes last, the largest part comes first.
  const bool largest_first =
      std::any_of(steps.begin(), name, [](const Step& step) { return step.letter == 'A'; });
  const bool says_city_otherwise =
      folded(address.city) == folded(rules.name) || folded(address.city) == folded(address.region);
  char neighbor = 'A';
  for (const char letter : {'C', 'S', 'Z'}) {
    const bool is_missing = !has(steps, letter) && !part_of(address, letter).empty() &&
                            !(letter == 'C' && says_city_otherwise);
    if (is_missing) add_line(steps, letter, neighbor, largest_first);
    if (has(steps, letter)) neighbor = letter;
  }
}

// Drops the parts that are empty, and the signs that belong to them.
std::vector<Step> pruned(const std::vector<Step>& steps, const Address& address) {
  const auto is_part = [](const Step& step) {
    return step.letter != kSigns && step.letter != kNewLine;
  };
  std::vector<Step> out;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Step& step = steps[i];
    bool is_kept = step.letter == kNewLine;
    if (is_part(step)) is_kept = !part_of(address, step.letter).empty();
    if (step.letter == kSigns) {
      const bool belongs_to_next = i + 1 < steps.size() && is_part(steps[i + 1]);
      const bool next_is_there = !belongs_to_next || !part_of(address, steps[i + 1].letter).empty();
      const bool follows_removed =
          i > 0 && is_part(steps[i - 1]) && (out.empty() || !is_part(out.back()));
      is_kept = next_is_there && !follows_removed;
    }
    if (is_kept) out.push_back(step);
  }
  return out;
}

std::vector<std::string> lines_of(const std::vector<Step>& steps, const Address& address) {
  std::string text;
  for (const Step& step : steps) {
    if (step.letter == kNewLine) {
      text += '\n';
    } else {
      text += step.letter == kSigns ? std::string(step.signs) : part_of(address, step.letter);
    }
  }
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string line = text.substr(at, end - at);
    line.erase(0, line.find_first_not_of(' '));
    while (line.ends_with(' ')) line.pop_back();
    if (!line.empty()) lines.push_back(std::move(line));
    at = end + 1;
  }
  return lines;
}

}  // namespace
}  // namespace domain

std::vector<std::string> address_lines(const Address& address) {
  using namespace domain;
  const CountryRules* known = find_country(address.country);
  const CountryRules unknown{
      .code = address.country, .name = address.country, .format = "%N%n%O%n%A%n%C"};
  const CountryRules& country = known == nullptr ? unknown : *known;
  const bool in_latin =
      !country.latin_format.empty() && is_latin(address.line1 + address.city + address.region);
  std::vector<Step> steps = steps_of(in_latin ? country.latin_format : country.format);
  add_missing_parts(steps, address, country);
  std::vector<std::string> lines = lines_of(pruned(steps, address), address);
  lines.emplace_back(country.name);
  return lines;
}

}  // namespace resys
