// The forms of tax ids and the algorithms of their check digits.
//
// The rules are the European Commission's (VIES, "VAT number construction rules") and, where these
// say nothing, the registers': Croatia, Latvia, Malta, Romania, Norway, Switzerland, the Dutch ids
// of 2020. The newer ids of the United Kingdom (97-55) are HM Revenue & Customs'. Days of birth in
// ids are checked without the year. tests/customer/tax_id_test.py compares with another library.
#include "customer/tax_id.hpp"

#include <algorithm>
#include <cstdint>
#include <initializer_list>

namespace resys::domain {
namespace {

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }
bool is_letter(char letter) { return letter >= 'A' && letter <= 'Z'; }
int digit(char letter) { return letter - '0'; }

std::int64_t number(std::string_view digits) {
  std::int64_t value = 0;
  for (const char each : digits) value = value * 10 + digit(each);
  return value;
}

// ---- algorithms that several countries use; they are given the id without the country's prefix

// The digits, each times its weight. Letters are passed over, and so is what has no weight.
int weighted_sum(std::string_view id, std::initializer_list<int> weights) {
  int sum = 0;
  const int* weight = weights.begin();
  for (const char each : id) {
    if (weight == weights.end()) break;
    if (is_digit(each)) sum += *weight++ * digit(each);
  }
  return sum;
}

// The sum, with the check digit in it, has this remainder.
template <int Modulus, int Remainder, int... Weights>
bool has_remainder(std::string_view id) {
  return weighted_sum(id, {Weights...}) % Modulus == Remainder;
}

// The remainder of the sum by 11 is the last digit, which is 0 where the remainder is 10.
template <int... Weights>
bool ends_with_remainder(std::string_view id) {
  return weighted_sum(id, {Weights...}) % 11 % 10 == digit(id.back());
}

// Every second digit is doubled, from the right, beginning with the last but one.
int luhn_sum(std::string_view digits) {
  int sum = 0;
  bool is_doubled = false;
  for (auto each = digits.rbegin(); each != digits.rend(); ++each, is_doubled = !is_doubled) {
    const int value = is_doubled ? 2 * digit(*each) : digit(*each);
    sum += value / 10 + value % 10;
  }
  return sum;
}

bool has_luhn_digit(std::string_view digits) { return luhn_sum(digits) % 10 == 0; }

// ISO 7064, MOD 11,10.
bool has_iso_digit(std::string_view digits) {
  int product = 10;
  for (const char each : digits.substr(0, digits.size() - 1)) {
    const int sum = (digit(each) + product) % 10;
    product = 2 * (sum == 0 ? 10 : sum) % 11;
  }
  return (product + digit(digits.back())) % 10 == 1;
}

bool is_day(std::int64_t month, std::int64_t day) {
  constexpr int kDays[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month >= 1 && month <= 12 && day >= 1 && day <= kDays[month - 1];
}

// ---- algorithms of one country

bool austria(std::string_view id) {
  return (luhn_sum(id.substr(1, 7)) + digit(id.back())) % 10 == 6;
}

bool belgium(std::string_view id) {
  return 97 - number(id.substr(0, 8)) % 97 == number(id.substr(8));
}

bool bulgarian_company(std::string_view id) {
  const int remainder = weighted_sum(id, {1, 2, 3, 4, 5, 6, 7, 8}) % 11;
  if (remainder < 10) return remainder == digit(id.back());
  return ends_with_remainder<3, 4, 5, 6, 7, 8, 9, 10>(id);
}

// A citizen's number with the day of birth, a foreigner's, or that of another taxpayer. The month
// tells the century by 20 or 40 that are added.
bool bulgarian_person(std::string_view id) {
  const std::int64_t month = number(id.substr(2, 2));
  const bool is_citizen = month <= 52 && is_day(month % 20, number(id.substr(4, 2))) &&
                          ends_with_remainder<2, 4, 8, 5, 10, 9, 7, 3, 6>(id);
  const bool is_foreigner =
      weighted_sum(id, {21, 19, 17, 13, 11, 9, 7, 3, 1}) % 10 == digit(id.back());
  return is_citizen || is_foreigner || has_remainder<11, 0, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1>(id);
}

bool cyprus(std::string_view id) {
  constexpr int kOdd[] = {1, 0, 5, 7, 9, 13, 15, 17, 19, 21};
  int sum = 0;
  for (std::size_t i = 0; i < 8; ++i) sum += i % 2 == 0 ? kOdd[digit(id[i])] : digit(id[i]);
  return id.back() == 'A' + sum % 26;
}

bool czech_company(std::string_view id) {
  return (11 - weighted_sum(id, {8, 7, 6, 5, 4, 3, 2}) % 11) % 10 == digit(id.back());
}

// The first digit, a 6, has no weight.
bool czech_special_case(std::string_view id) {
  return (weighted_sum(id, {0, 8, 7, 6, 5, 4, 3, 2}) % 11 + 8) % 10 == digit(id.back());
}

// A woman's month has 50 added; 20 more where the day's numbers had run out.
bool has_czech_birthday(std::string_view id) {
  return is_day(number(id.substr(2, 2)) % 50 % 20, number(id.substr(4, 2)));
}

// Numbers of those who were born before 1954 have no check digit.
bool czech_person_before_1954(std::string_view id) {
  return number(id.substr(0, 2)) <= 53 && has_czech_birthday(id);
}

bool czech_person(std::string_view id) {
  return has_czech_birthday(id) && number(id.substr(0, 9)) % 11 % 10 == digit(id.back());
}

// A person's number, whose first place may be a letter instead of a digit.
bool spanish_person(std::string_view id) {
  std::string digits(id.substr(0, 8));
  if (!is_digit(digits[0])) digits[0] = digits[0] == 'Y' ? '1' : digits[0] == 'Z' ? '2' : '0';
  const auto letter = static_cast<std::size_t>(number(digits) % 23);
  return id.back() == std::string_view("TRWAGMYFPDXBNJZSQVHLCKE")[letter];
}

// The check digit may be written as a letter: J for 0, A for 1.
bool spanish_company(std::string_view id) {
  std::string digits(id.substr(1));
  if (!is_digit(digits.back())) {
    const std::size_t value = std::string_view("JABCDEFGHI").find(digits.back());
    if (value == std::string_view::npos) return false;
    digits.back() = static_cast<char>('0' + value);
  }
  return has_luhn_digit(digits);
}

// Two characters before the number of the register, which has a check digit of its own unless the
// business is Monaco's.
bool france(std::string_view id) {
  constexpr std::string_view kLetters = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";
  const std::string_view digits = id.substr(2);
  if (!digits.starts_with("000") && !has_luhn_digit(digits)) return false;
  if (is_digit(id[0]) && is_digit(id[1])) {
    return number(id.substr(0, 2)) == (number(digits) * 100 + 12) % 97;
  }
  const std::size_t first = kLetters.find(id[0]);
  const std::size_t second = kLetters.find(id[1]);
  if (first == kLetters.npos || second == kLetters.npos) return false;
  const auto key = static_cast<std::int64_t>(is_digit(id[0]) ? first * 24 + second - 10
                                                             : first * 34 + second - 100);
  return (number(digits) + 1 + key / 11) % 11 == key % 11;
}

// The remainder by 97 of the number with its check digits tells the older numbers (0) from the
// newer ones (42), which begin at 100.
bool united_kingdom(std::string_view id) {
  const int remainder = weighted_sum(id, {8, 7, 6, 5, 4, 3, 2, 10, 1}) % 97;
  return remainder == 0 || (remainder == 42 && id[0] != '0');
}

// The second letter, from A to I, counts as a number; W as nothing.
bool has_irish_letter(std::string_view digits, char second, char letter) {
  const int second_number = second == 'W' ? 0 : second - 'A' + 1;
  const int remainder = (weighted_sum(digits, {8, 7, 6, 5, 4, 3, 2}) + 9 * second_number) % 23;
  return letter == (remainder == 0 ? 'W' : 'A' + remainder - 1);
}

bool ireland(std::string_view id) {
  return has_irish_letter(id.substr(0, 7), id.size() == 9 ? id[8] : 'W', id[7]);
}

// The first digit stands for the last one, and the second place says nothing.
bool old_ireland(std::string_view id) {
  return has_irish_letter(std::string("0").append(id.substr(2, 5)) + id[0], 'W', id[7]);
}

// The eighth to the tenth digit are the tax office's.
bool italy(std::string_view id) {
  const std::int64_t office = number(id.substr(7, 3));
  const bool has_office = (office >= 1 && office <= 100) || office == 120 || office == 121 ||
                          office == 888 || office == 999;
  return number(id.substr(0, 7)) > 0 && has_office && has_luhn_digit(id);
}

bool lithuania(std::string_view id) {
  const std::string_view digits = id.substr(0, id.size() - 1);
  const int remainder = weighted_sum(digits, {1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2}) % 11;
  if (remainder < 10) return remainder == digit(id.back());
  return weighted_sum(digits, {3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4}) % 11 % 10 == digit(id.back());
}

bool luxembourg(std::string_view id) {
  return number(id.substr(0, 6)) % 89 == number(id.substr(6));
}

// A code that begins with the day of birth.
bool latvian_person(std::string_view id) {
  const int sum = weighted_sum(id, {10, 5, 8, 4, 2, 1, 6, 3, 7, 9}) + 1;
  return is_day(number(id.substr(2, 2)), number(id.substr(0, 2))) &&
         sum % 11 % 10 == digit(id.back());
}

// Those of companies have the check digit of the register before the B; those of persons, since
// 2020, check digits at the end, over all of the id (ISO 7064, MOD 97-10: N is 23, L 21, B 11).
bool netherlands(std::string_view id) {
  if (id.ends_with("00")) return false;
  if (has_remainder<11, 0, 9, 8, 7, 6, 5, 4, 3, 2, 10>(id)) return true;
  return number(std::string("2321").append(id.substr(0, 9)) + "11" + std::string(id.substr(10))) %
             97 ==
         1;
}

bool poland(std::string_view id) {
  return weighted_sum(id, {6, 5, 7, 2, 3, 4, 5, 6, 7}) % 11 == digit(id.back());
}

// The weights belong to the last digits.
bool romania(std::string_view id) {
  const std::string digits = std::string(10 - id.size(), '0').append(id);
  return ends_with_remainder<70, 50, 30, 20, 10, 70, 50, 30, 20>(digits);
}

// A person's code, with the day of birth.
bool romanian_person(std::string_view id) {
  const int remainder = weighted_sum(id, {2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9}) % 11;
  return is_day(number(id.substr(3, 2)), number(id.substr(5, 2))) &&
         (remainder == 10 ? 1 : remainder) == digit(id.back());
}

// The last two digits number the businesses of one owner.
bool sweden(std::string_view id) {
  const std::int64_t business = number(id.substr(10));
  return business >= 1 && business <= 94 && has_luhn_digit(id.substr(0, 10));
}

bool slovenia(std::string_view id) {
  const int remainder = weighted_sum(id, {8, 7, 6, 5, 4, 3, 2}) % 11;
  return remainder != 0 && (11 - remainder) % 10 == digit(id.back());
}

// ---- the table

struct Form {
  std::string_view country;
  // What follows the prefix: 9 is a digit, N one that is not 0, L a letter, X a letter or a digit,
  // [AB] an A or a B; anything else is itself.
  std::string_view pattern;
  // Whether the check digits are right. Null where none are known.
  bool (*check)(std::string_view id) = nullptr;
  std::size_t may_lack = 0;  // so many digits at the end of the pattern may be missing
};

constexpr Form kForms[] = {
    {"AT", "U99999999", austria},
    {"BE", "[01]999999999", belgium},
    {"BG", "999999999", bulgarian_company},
    {"BG", "9999999999", bulgarian_person},
    {"CY", "[02-9]9999999L", cyprus},
    {"CY", "1[013-9]999999L", cyprus},
    {"CZ", "[0-8]9999999", czech_company},
    {"CZ", "699999999", czech_special_case},
    {"CZ", "999999999", czech_person_before_1954},
    {"CZ", "9999999999", czech_person},
    {"DE", "N99999999", has_iso_digit},
    {"DK", "N9999999", has_remainder<11, 0, 2, 7, 6, 5, 4, 3, 2, 1>},
    {"EE", "999999999", has_remainder<10, 0, 3, 7, 1, 3, 7, 1, 3, 7, 1>},
    {"EL", "999999999", ends_with_remainder<256, 128, 64, 32, 16, 8, 4, 2>},
    {"ES", "99999999L", spanish_person},
    {"ES", "[KLMXYZ]9999999L", spanish_person},
    {"ES", "[A-HJUV]99999999", spanish_company},
    {"ES", "[A-HNP-SW]9999999L", spanish_company},
    {"FI", "99999999", has_remainder<11, 0, 7, 9, 10, 5, 8, 4, 2, 1>},
    {"FR", "XX999999999", france},
    {"GB", "999999999", united_kingdom},
    {"GB", "999999999999", united_kingdom},  // with the number of a branch
    {"GB", "GD[0-4]99"},                     // of the government
    {"GB", "HA[5-9]99"},                     // of the health service
    {"HR", "99999999999", has_iso_digit},
    {"HU", "99999999", has_remainder<10, 0, 9, 7, 3, 1, 9, 7, 3, 1>},
    {"IE", "9999999L", ireland},
    {"IE", "9999999L[A-IW]", ireland},
    {"IE", "9[A-Z+*]99999L", old_ireland},
    {"IT", "99999999999", italy},
    {"LT", "999999919", lithuania},
    {"LT", "999999999919", lithuania},
    {"LU", "99999999", luxembourg},
    {"LV", "[4-9]9999999999", has_remainder<11, 3, 9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1>},
    {"LV", "[0-3]9999999999", latvian_person},
    {"LV", "3[2-9]999999999"},  // a person's since 2017; no check digit is published
    {"MT", "N9999999", has_remainder<37, 0, 3, 4, 6, 7, 8, 9, 10, 1>},
    {"NL", "999999999B99", netherlands},
    {"PL", "9999999999", poland},
    // As in 11 - sum % 11 with the weights 9 to 2.
    {"PT", "N99999999", ends_with_remainder<2, 3, 4, 5, 6, 7, 8, 9>},
    {"RO", "N999999999", romania, 8},
    {"RO", "N999999999999", romanian_person},
    {"SE", "999999999999", sweden},
    {"SI", "N9999999", slovenia},
    // The weights are the powers of ten.
    {"SK", "N9[2-47-9]9999999", has_remainder<11, 0, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1>},
    {"NO", "999999999", has_remainder<11, 0, 3, 2, 7, 6, 5, 4, 3, 2, 1>},
    {"NO", "999999999MVA", has_remainder<11, 0, 3, 2, 7, 6, 5, 4, 3, 2, 1>},
    // The letters after the number say that it is registered for value added tax, in German,
    // French, Italian and Romansh.
    {"CH", "E999999999", has_remainder<11, 0, 5, 4, 3, 2, 7, 6, 5, 4, 1>},
    {"CH", "E999999999MWST", has_remainder<11, 0, 5, 4, 3, 2, 7, 6, 5, 4, 1>},
    {"CH", "E999999999TVA", has_remainder<11, 0, 5, 4, 3, 2, 7, 6, 5, 4, 1>},
    {"CH", "E999999999IVA", has_remainder<11, 0, 5, 4, 3, 2, 7, 6, 5, 4, 1>},
    {"CH", "E999999999TPV", has_remainder<11, 0, 5, 4, 3, 2, 7, 6, 5, 4, 1>},
};

// ---- reading

// Whether the set "A-HJUV" holds the letter.
bool holds(std::string_view set, char letter) {
  for (std::size_t i = 0; i < set.size(); ++i) {
    if (i + 2 < set.size() && set[i + 1] == '-') {
      if (letter >= set[i] && letter <= set[i + 2]) return true;
      i += 2;
    } else if (set[i] == letter) {
      return true;
    }
  }
  return false;
}

// Takes the first place from the pattern. Returns whether the letter may stand there.
bool take_place(std::string_view& pattern, char letter) {
  const char place = pattern.front();
  const std::size_t end = place == '[' ? pattern.find(']') : 0;
  const std::string_view set = place == '[' ? pattern.substr(1, end - 1) : pattern.substr(0, 1);
  pattern.remove_prefix(end + 1);
  if (place == '9') return is_digit(letter);
  if (place == 'N') return is_digit(letter) && letter != '0';
  if (place == 'L') return is_letter(letter);
  if (place == 'X') return is_letter(letter) || is_digit(letter);
  return holds(set, letter);
}

bool has_form(const Form& form, std::string_view id) {
  std::string_view pattern = form.pattern;
  for (const char letter : id) {
    if (pattern.empty() || !take_place(pattern, letter)) return false;
  }
  return pattern.size() <= form.may_lack;
}

// An id of nothing but zeros has the check digit that many algorithms expect.
bool has_check_digits(const Form& form, std::string_view id) {
  if (form.check == nullptr) return true;
  return id.find_first_of("123456789") != id.npos && form.check(id);
}

std::string compact(std::string_view text) {
  std::string id;
  for (const char letter : text) {
    if (std::string_view(" .-/").find(letter) != std::string_view::npos) continue;
    id += letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
  }
  if (id.starts_with("GR")) id.replace(0, 2, "EL");
  return id;
}

Error wrong(std::string message) {
  return Error(Errc::invalid_request, std::move(message)).at("taxId");
}

}  // namespace

Result<std::string> tax_id(std::string_view text) {
  std::string id = compact(text);
  const std::string prefix = id.substr(0, 2);
  const std::string_view country = prefix == "XI" ? std::string_view("GB") : prefix;
  const std::string_view rest = std::string_view(id).substr(prefix.size());
  bool is_known = false;
  bool is_formed = false;
  for (const Form& form : kForms) {
    if (form.country != country) continue;
    is_known = true;
    if (!has_form(form, rest)) continue;
    is_formed = true;
    if (has_check_digits(form, rest)) return id;
  }
  if (!is_known) {
    return wrong(
        "the tax id does not begin with the letters of a country whose tax ids are known, as "
        "DE136695976 does");
  }
  if (!is_formed) {
    return wrong("the tax id has another length or form than those of its country")
        .with("country", prefix);
  }
  return wrong("the tax id has wrong check digits").with("country", prefix);
}

}  // namespace resys::domain
