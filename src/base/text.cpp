// Characters are told apart by the properties of Unicode 15.1 (White_Space,
// Default_Ignorable_Code_Point, Bidi_Control), spelled out as ranges.
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "resys/customer.hpp"

namespace resys::fields {
namespace {

struct Range {
  char32_t first, last;
};

// Characters that are removed at both ends: white space, and characters that show nothing there.
// People paste both together with a text.
constexpr Range kBlank[] = {
    {0x09, 0x0D},     {0x20, 0x20},     {0x85, 0x85},     {0xA0, 0xA0},     {0xAD, 0xAD},
    {0x061C, 0x061C}, {0x115F, 0x1160}, {0x1680, 0x1680}, {0x17B4, 0x17B5}, {0x180E, 0x180E},
    {0x2000, 0x200B}, {0x200E, 0x200F}, {0x2028, 0x2029}, {0x202F, 0x202F}, {0x205F, 0x2065},
    {0x2800, 0x2800}, {0x3000, 0x3000}, {0x3164, 0x3164}, {0xFEFF, 0xFEFF}, {0xFFA0, 0xFFA0},
};

// These characters are invisible by themselves, but they change the character before them: joiners,
// variation selectors and tags.
constexpr Range kModifying[] = {
    {0x034F, 0x034F}, {0x180B, 0x180D}, {0x180F, 0x180F},   {0x200C, 0x200D},
    {0xFE00, 0xFE0F}, {0xFFF0, 0xFFF8}, {0xE0000, 0xE0FFF},
};

// Characters that every text refuses: C0 and C1 controls, line and paragraph separators, and
// characters that reorder the text around them (embeddings, overrides, isolates), so that it looks
// like another text.
constexpr Range kRefused[] = {
    {0x00, 0x1F}, {0x7F, 0x9F}, {0x2028, 0x2029}, {0x202A, 0x202E}, {0x2066, 0x2069},
};

template <std::size_t count>
bool is_in(const Range (&ranges)[count], char32_t character) {
  return std::any_of(std::begin(ranges), std::end(ranges), [&](const Range& range) {
    return character >= range.first && character <= range.last;
  });
}

// How many bytes the UTF-8 character at the front has. 0 if it is not valid (RFC 3629: no overlong
// form, no surrogate, nothing above U+10FFFF).
std::size_t character_size(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t size = first >= 0xC2 && first <= 0xDF   ? 2
                           : first >= 0xE0 && first <= 0xEF ? 3
                           : first >= 0xF0 && first <= 0xF4 ? 4
                                                            : 0;
  if (size == 0 || text.size() < size) return 0;
  const unsigned char least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  const unsigned char most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  if (byte(1) < least || byte(1) > most) return 0;
  for (std::size_t i = 2; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  return size;
}

// The code point that the bytes of one valid character mean.
char32_t code_point(std::string_view bytes) {
  const auto first = static_cast<unsigned char>(bytes.front());
  if (bytes.size() == 1) return first;
  char32_t out = first & (0x7Fu >> bytes.size());
  for (const char byte : bytes.substr(1)) {
    out = out << 6 | (static_cast<unsigned char>(byte) & 0x3Fu);
  }
  return out;
}

// The character at the front, or at the back. Empty if there is none, or if it is not UTF-8.
std::string_view front_of(std::string_view text) {
  return text.empty() ? text : text.substr(0, character_size(text));
}
std::string_view back_of(std::string_view text) {
  for (std::size_t size = 1; size <= 4 && size <= text.size(); ++size) {
    const std::string_view last = text.substr(text.size() - size);
    if (character_size(last) == size) return last;
  }
  return {};
}

bool shows_nothing(std::string_view text) {
  while (!text.empty()) {
    const std::string_view character = front_of(text);
    if (character.empty()) return false;
    const char32_t point = code_point(character);
    if (!is_in(kBlank, point) && !is_in(kModifying, point)) return false;
    text.remove_prefix(character.size());
  }
  return true;
}

std::string_view trimmed(std::string_view text) {
  const auto is_blank = [](std::string_view character) {
    return !character.empty() && is_in(kBlank, code_point(character));
  };
  while (is_blank(front_of(text))) text.remove_prefix(front_of(text).size());
  while (is_blank(back_of(text))) text.remove_suffix(back_of(text).size());
  return shows_nothing(text) ? std::string_view() : text;
}

// A code is ASCII, so characters that change the one before them are not a part of it either.
std::string_view trimmed_code(std::string_view text) {
  const auto is_hidden = [](std::string_view character) {
    return !character.empty() && shows_nothing(character);
  };
  while (is_hidden(front_of(text))) text.remove_prefix(front_of(text).size());
  while (is_hidden(back_of(text))) text.remove_suffix(back_of(text).size());
  return text;
}

// "U+202E"
std::string name_of(char32_t character) {
  std::array<char, 8> digits{};
  const auto written = std::to_chars(digits.data(), digits.data() + digits.size(),
                                     static_cast<std::uint32_t>(character), 16);
  std::string name(digits.data(), written.ptr);
  std::transform(name.begin(), name.end(), name.begin(), [](char digit) {
    return digit >= 'a' ? static_cast<char>(digit - 'a' + 'A') : digit;
  });
  return "U+" + std::string(name.size() < 4 ? 4 - name.size() : 0, '0') + name;
}

// Whether the text has characters that a reader cannot see.
bool hides_characters(std::string_view text) {
  while (!text.empty()) {
    const char32_t character = next_character(text);
    if (character != ' ' && (is_in(kBlank, character) || is_in(kModifying, character))) return true;
  }
  return false;
}

Error refuse(std::string fault) { return Error(Errc::invalid_request, std::move(fault)); }

bool is_refused(Pattern pattern, char32_t character) {
  const bool is_layout = character == '\n' || character == '\t' || character == '\r';
  if (is_layout && pattern == Pattern::lines) return false;
  return is_in(kRefused, character);
}

bool is_lower(char letter) { return letter >= 'a' && letter <= 'z'; }
bool is_upper(char letter) { return letter >= 'A' && letter <= 'Z'; }
bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }
bool is_alphanumeric(char letter) {
  return is_lower(letter) || is_upper(letter) || is_digit(letter);
}

bool all_of(std::string_view text, bool (&accepts)(char)) {
  return std::all_of(text.begin(), text.end(), accepts);
}

// A host name of the Internet (RFC 1123, RFC 1035): labels of 1 to 63 letters, digits and inner
// hyphens, at least two of them, and a last one that is not a number, as no top-level domain is.
bool is_public_host(std::string_view host) {
  if (host.size() > 253 || host.ends_with('.')) return false;
  std::size_t labels = 0;
  std::string_view label;
  while (!host.empty()) {
    label = next_part(host, '.');
    ++labels;
    const bool is_label =
        !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
        std::all_of(label.begin(), label.end(),
                    [](char letter) { return is_alphanumeric(letter) || letter == '-'; });
    if (!is_label) return false;
  }
  return labels >= 2 && !all_of(label, is_digit);
}

// Checks an address as browsers do (HTML, "valid e-mail address"): it accepts what every mail
// server takes without quotes. The local part has at most 64 bytes (RFC 5321), and the host must be
// a possible one.
bool is_email(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == text.npos || at == 0 || at > 64) return false;
  const std::string_view local = text.substr(0, at);
  return std::all_of(local.begin(), local.end(),
                     [](char letter) {
                       constexpr std::string_view signs = ".!#$%&'*+/=?^_`{|}~-";
                       return is_alphanumeric(letter) || signs.find(letter) != signs.npos;
                     }) &&
         is_public_host(text.substr(at + 1));
}

bool starts_with_either_case(std::string_view text, std::string_view lower) {
  return text.size() >= lower.size() &&
         std::equal(lower.begin(), lower.end(), text.begin(), [](char wanted, char given) {
           return (is_upper(given) ? static_cast<char>(given - 'A' + 'a') : given) == wanted;
         });
}

// Checks host and port of an http address. Names are ASCII or any letters (browsers encode them).
// User and password are refused, because they can make another host look like this one.
bool is_authority(std::string_view text) {
  std::string_view host = text, port;
  if (text.starts_with('[')) {  // an IPv6 address
    const std::size_t end = text.find(']');
    if (end == text.npos || end == 1) return false;
    host = text.substr(1, end - 1);
    port = text.substr(end + 1);
    if (!port.empty() && port.front() != ':') return false;
    if (host.find_first_not_of("0123456789abcdefABCDEF:.") != host.npos) return false;
  } else {
    host = text.substr(0, text.find(':'));
    port = text.substr(host.size());
    const auto is_host = [](char letter) {
      return is_alphanumeric(letter) || letter == '.' || letter == '-' || letter == '_' ||
             static_cast<unsigned char>(letter) >= 0x80;
    };
    if (host.empty() || !std::all_of(host.begin(), host.end(), is_host)) return false;
  }
  return port.empty() || (port.size() >= 2 && port.size() <= 6 && all_of(port.substr(1), is_digit));
}

// Accepts an absolute http or https address, or a relative one. Refuses text that a browser reads
// as another scheme or host than it seems: browsers take a backslash for a slash, "//host" for
// another host, and remove blanks (https://url.spec.whatwg.org/#url-parsing).
bool is_url(std::string_view text) {
  if (text.empty()) return true;
  if (text.find_first_of("\\ \"<>") != text.npos || hides_characters(text)) return false;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!starts_with_either_case(text, scheme)) continue;
    const std::string_view rest = text.substr(scheme.size());
    return is_authority(rest.substr(0, rest.find_first_of("/?#")));
  }
  if (text.starts_with("//")) return false;
  return text.substr(0, text.find_first_of("/?#")).find(':') == text.npos;
}

// Null if the text has the form, or else its fault.
const char* missing_form(Pattern pattern, std::string_view text) {
  const auto unless = [](bool has_form, const char* fault) { return has_form ? nullptr : fault; };
  const auto all = [&](auto accepts) { return std::all_of(text.begin(), text.end(), accepts); };
  switch (pattern) {
    case Pattern::slug:
      return unless(all([](char c) { return is_lower(c) || is_digit(c) || c == '-'; }),
                    "the text has characters other than a-z, 0-9 and -");
    case Pattern::token:
      return unless(all([](char c) { return is_lower(c) || is_digit(c) || c == '-' || c == '_'; }),
                    "the text has characters other than a-z, 0-9, - and _");
    case Pattern::coupon_code:
      return unless(all([](char c) { return is_alphanumeric(c) || c == '-' || c == '_'; }),
                    "the text has characters other than A-Z, a-z, 0-9, - and _");
    case Pattern::country:
      return unless(
          text.empty() || is_country(text),
          "the country is not given by its two letters of ISO 3166-1, nor as AC, TA or XK");
    case Pattern::email:
      return unless(is_email(text), "the text is not an e-mail address such as ada@example.com");
    case Pattern::url:
      return unless(is_url(text),
                    "the text is not an http or https address, nor a relative one; a blank in it "
                    "is written %20");
    case Pattern::sku:
      return unless(!hides_characters(text), "the text has invisible characters");
    case Pattern::line:
    case Pattern::lines:
    case Pattern::exact:
    case Pattern::raw:
      break;
  }
  return nullptr;
}

}  // namespace

std::string normalized(Pattern pattern, std::string_view text) {
  if (pattern == Pattern::raw || pattern == Pattern::exact) return std::string(text);
  const bool is_code = pattern == Pattern::coupon_code;
  std::string kept(is_code ? trimmed_code(text) : trimmed(text));
  if (is_code || pattern == Pattern::country) {
    std::transform(kept.begin(), kept.end(), kept.begin(), [](char letter) {
      return is_lower(letter) ? static_cast<char>(letter - 'a' + 'A') : letter;
    });
  }
  return kept;
}

Result<std::int64_t> count_characters(Pattern pattern, std::string_view text) {
  std::int64_t characters = 0;
  while (!text.empty()) {
    const std::string_view bytes = front_of(text);
    if (bytes.empty()) return refuse("the text is not valid UTF-8");
    const char32_t character = code_point(bytes);
    if (is_refused(pattern, character)) {
      return refuse("the text has a control character").with("character", name_of(character));
    }
    text.remove_prefix(bytes.size());
    ++characters;
  }
  return characters;
}

char32_t next_character(std::string_view& text) {
  const std::string_view bytes = front_of(text);
  const char32_t character = bytes.empty() ? 0xFFFD : code_point(bytes);
  text.remove_prefix(std::max<std::size_t>(bytes.size(), 1));
  return character;
}

std::string_view next_part(std::string_view& rest, char separator) {
  const std::size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

std::int64_t number_of(std::string_view text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::string shortened(std::string text, std::size_t most) {
  if (text.size() <= most) return text;
  const std::string end = "... (" + std::to_string(text.size()) + " bytes)";
  std::size_t kept = most - end.size();
  const auto is_inside = [&](std::size_t at) {
    return (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
  };
  while (kept > 0 && is_inside(kept)) --kept;
  text.resize(kept);
  return text + end;
}

Result<void> check_form(Pattern pattern, std::string_view text) {
  if (const char* fault = missing_form(pattern, text)) return refuse(fault);
  return success();
}

}  // namespace resys::fields
