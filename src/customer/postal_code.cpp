// A matcher for the patterns of address_table.cpp:
//   #      a digit               [A-Z1]  one of these
//   A      itself                (A|BC)  one of these
//   x?     x, a sign, class or group, or nothing
//   blank, hyphen   never looked for, always written: blanks and hyphens are taken out of what is
//                   matched, and the pattern says where they belong
// A pattern matches the whole text.
#include "customer/postal_code.hpp"

#include <algorithm>

#include "base/folding.hpp"

namespace resys::domain {
namespace {

bool is_separator(char letter) { return letter == ' ' || letter == '-'; }

// The members of a class, without its brackets.
bool contains(std::string_view members, char letter) {
  for (std::size_t at = 0; at < members.size(); ++at) {
    const bool is_range = at + 2 < members.size() && members[at + 1] == '-';
    const char last = members[is_range ? at + 2 : at];
    if (letter >= members[at] && letter <= last) return true;
    if (is_range) at += 2;
  }
  return false;
}

bool fits(std::string_view item, char letter) {
  if (item == "#") return letter >= '0' && letter <= '9';
  if (item.front() == '[') return contains(item.substr(1, item.size() - 2), letter);
  return item.front() == letter;
}

// The size of the item at the pattern's front: a sign, a class or a group.
std::size_t item_size(std::string_view pattern) {
  if (pattern.front() == '[') return pattern.find(']') + 1;
  if (pattern.front() != '(') return 1;
  std::size_t at = 0, depth = 0;
  do {
    depth += pattern[at] == '(' ? 1 : 0;
    depth -= pattern[at] == ')' ? 1 : 0;
    ++at;
  } while (depth > 0);
  return at;
}

// Removes the text before the next | outside of groups from the front, and returns it.
std::string_view next_alternative(std::string_view& group) {
  std::size_t at = 0;
  while (at < group.size() && group[at] != '|') at += item_size(group.substr(at));
  const std::string_view taken = group.substr(0, at);
  group.remove_prefix(std::min(at + 1, group.size()));
  return taken;
}

// Appends what was matched, with its separators, to `out`. Without a match, `out` stays as it was.
bool match(std::string_view pattern, std::string_view text, std::string& out) {
  if (pattern.empty()) return text.empty();
  const std::size_t size = item_size(pattern);
  const std::string_view item = pattern.substr(0, size);
  std::string_view rest = pattern.substr(size);
  if (is_separator(item.front())) {
    out += item;
    if (match(rest, text, out)) return true;
    out.pop_back();
    return false;
  }
  const bool is_optional = rest.starts_with('?');
  if (is_optional) rest.remove_prefix(1);
  if (item.front() == '(') {
    std::string_view group = item.substr(1, size - 2);
    while (!group.empty()) {
      if (match(std::string(next_alternative(group)).append(rest), text, out)) return true;
    }
  } else if (!text.empty() && fits(item, text.front())) {
    out += text.front();
    if (match(rest, text.substr(1), out)) return true;
    out.pop_back();
  }
  return is_optional && match(rest, text, out);
}

// The text in upper case and without separators. Signs and digits of other scripts become those of
// ASCII.
std::string compact(std::string_view text) {
  std::string out;
  for (const char letter : as_ascii(text)) {
    if (is_separator(letter)) continue;
    out += letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
  }
  return out;
}

}  // namespace

std::optional<std::string> postal_code(const CountryRules& country, std::string_view text) {
  if (country.postal_pattern.empty()) return std::string(text);
  const std::string given = compact(text);
  std::string written;
  if (match(country.postal_pattern, given, written)) return written;
  // "D-10115" and "DE-10115" for "10115", "1073" for "LV-1073".
  for (const std::string_view prefix :
       {country.postal_prefix, country.code, country.code.substr(0, 1)}) {
    if (!prefix.empty() && given.starts_with(prefix) &&
        match(country.postal_pattern, given.substr(prefix.size()), written)) {
      return written;
    }
  }
  if (match(country.postal_pattern, std::string(country.code).append(given), written)) {
    return written;
  }
  return std::nullopt;
}

}  // namespace resys::domain
