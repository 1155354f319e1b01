// Letters are folded by two tables, made from Unicode's decompositions, and a few ranges: the
// standard library's functions would need a locale that the host may not have.
#include "base/folding.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace resys::domain {
namespace {

// The letters from U+00C0 and from U+1E00 on, in lower case and without their marks. A blank means
// that the result is not an ASCII letter.
constexpr char32_t kLatin = 0xC0;
constexpr std::string_view kLatinLetters =
    "aaaaaa ceeeeiiiidnooooo ouuuuy  aaaaaa ceeeeiiiidnooooo ouuuuy y"
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii  jjkkkllllll "
    " llnnnnnnnnnoooooo  rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs"
    "bb        d      ff     kk      oo             uu  yy           "
    "             aaiioouuuuuuuuuu aaaa    ggkkoooo  j   gg  nnaa    "
    "aaaaeeeeiiiioooorrrruuuusstt  hh      aaeeooooooooyy            ";
constexpr char32_t kMoreLatin = 0x1E00;
constexpr std::string_view kMoreLatinLetters =
    "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmm"
    "mmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvv"
    "wwwwwwwwwwxxxxyyzzzzzzhtwy      aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee"
    "eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy      ";

struct Letters {
  char32_t from;
  std::string_view to;
};
// Letters that become several letters, and letters that are in no range.
constexpr Letters kSpecial[] = {
    {0xC6, "ae"},      {0xDE, "th"},      {0xDF, "ss"},      {0xE6, "ae"},      {0xFE, "th"},
    {0x132, "ij"},     {0x133, "ij"},     {0x14A, "n"},      {0x14B, "n"},      {0x152, "oe"},
    {0x153, "oe"},     {0x18F, "\u0259"}, {0x1E9E, "ss"},    {0x386, "\u03B1"}, {0x388, "\u03B5"},
    {0x389, "\u03B7"}, {0x38A, "\u03B9"}, {0x38C, "\u03BF"}, {0x38E, "\u03C5"}, {0x38F, "\u03C9"},
    {0x390, "\u03B9"}, {0x3AA, "\u03B9"}, {0x3AB, "\u03C5"}, {0x3AC, "\u03B1"}, {0x3AD, "\u03B5"},
    {0x3AE, "\u03B7"}, {0x3AF, "\u03B9"}, {0x3B0, "\u03C5"}, {0x3C2, "\u03C3"}, {0x3CA, "\u03B9"},
    {0x3CB, "\u03C5"}, {0x3CC, "\u03BF"}, {0x3CD, "\u03C5"}, {0x3CE, "\u03C9"}, {0x401, "\u0435"},
    {0x451, "\u0435"},
};

void append(std::string& out, char32_t character) {
  const auto byte = [&](char32_t bits) { out += static_cast<char>(bits); };
  if (character < 0x80) return byte(character);
  if (character < 0x800) {
    byte(0xC0 | character >> 6);
  } else {
    if (character < 0x10000) {
      byte(0xE0 | character >> 12);
    } else {
      byte(0xF0 | character >> 18);
      byte(0x80 | (character >> 12 & 0x3F));
    }
    byte(0x80 | (character >> 6 & 0x3F));
  }
  byte(0x80 | (character & 0x3F));
}

bool is_between(char32_t character, char32_t first, char32_t last) {
  return character >= first && character <= last;
}

bool is_full_width(char32_t character) { return is_between(character, 0xFF01, 0xFF5E); }
constexpr char32_t kFullWidth = 0xFF01 - 0x21;  // how far they are from those of ASCII

void append_folded(std::string& out, char32_t character) {
  if (is_full_width(character)) character -= kFullWidth;
  if (is_between(character, 'A', 'Z')) character += 'a' - 'A';
  if (character < 0x80) return append(out, character);
  if (is_between(character, 0x300, 0x36F)) return;  // a mark on the letter before
  for (const Letters& special : kSpecial) {
    if (special.from == character) {
      out += special.to;
      return;
    }
  }
  for (const auto& [first, letters] :
       {std::pair{kLatin, kLatinLetters}, std::pair{kMoreLatin, kMoreLatinLetters}}) {
    if (character < first || character - first >= letters.size()) continue;
    const char letter = letters[character - first];
    if (letter != ' ') return append(out, static_cast<char32_t>(letter));
  }
  if (is_between(character, 0x391, 0x3A9)) character += 0x20;  // Greek
  if (is_between(character, 0x400, 0x40F)) character += 0x50;  // Cyrillic
  if (is_between(character, 0x410, 0x42F)) character += 0x20;
  if (is_between(character, 0x531, 0x556)) character += 0x30;  // Armenian
  append(out, character);
}

}  // namespace

std::string folded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) append_folded(out, fields::next_character(text));
  return out;
}

std::string as_ascii(std::string_view text) {
  // The zeros of scripts whose digits follow one another: Arabic, Persian, Devanagari, Bengali,
  // Thai, Lao, Myanmar, Khmer.
  constexpr std::array<char32_t, 8> zeros{0x660, 0x6F0, 0x966, 0x9E6, 0xE50, 0xED0, 0x1040, 0x17E0};
  std::string out;
  while (!text.empty()) {
    char32_t character = fields::next_character(text);
    if (is_full_width(character)) character -= kFullWidth;
    for (const char32_t zero : zeros) {
      if (is_between(character, zero, zero + 9)) character = '0' + (character - zero);
    }
    const bool is_blank = character == 0xA0 || is_between(character, 0x2000, 0x200A) ||
                          character == 0x202F || character == 0x3000;
    if (is_blank) character = ' ';
    const bool is_hyphen = is_between(character, 0x2010, 0x2015) || character == 0x2212 ||
                           character == 0x30FC || character == 0xFF70;
    if (is_hyphen) character = '-';
    const bool is_apostrophe = is_between(character, 0x2018, 0x201B) || character == 0xB4 ||
                               character == 0x2BC || character == 0x2032 || character == '`';
    if (is_apostrophe) character = '\'';
    if (is_between(character, 0x201C, 0x201F)) character = '"';
    if (character != 0x3012) append(out, character);  // the postal mark
  }
  return out;
}

bool is_latin(std::string_view text) {
  while (!text.empty()) {
    const char32_t character = fields::next_character(text);
    const bool is_latin_or_sign = character < 0x370 || is_between(character, 0x1E00, 0x1EFF) ||
                                  is_between(character, 0x2000, 0x2BFF) || is_full_width(character);
    if (!is_latin_or_sign) return false;
  }
  return true;
}

bool is_east_asian(std::string_view text) {
  while (!text.empty()) {
    const char32_t character = fields::next_character(text);
    if (is_between(character, 0x1100, 0x11FF) || is_between(character, 0x3005, 0x30FF) ||
        is_between(character, 0x3400, 0x9FFF) || is_between(character, 0xAC00, 0xD7AF) ||
        is_between(character, 0xF900, 0xFAFF) || is_between(character, 0x20000, 0x3FFFF)) {
      return true;
    }
  }
  return false;
}

}  // namespace resys::domain
