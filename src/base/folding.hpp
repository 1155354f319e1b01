// Texts as people compare them.
#pragma once

#include <string>
#include <string_view>

namespace resys::domain {

// The text in lower case and without marks: "Müller", "MULLER" and "Mu\u0308ller" are all "muller",
// "Straße" is "strasse". Latin, Greek, Cyrillic and Armenian letters; others stay as they are.
std::string folded(std::string_view text);

// Replaces full-width letters and signs, the digits of other scripts, and all kinds of blanks,
// hyphens and quotes by those of ASCII. Codes are read like this. The postal mark is dropped, and
// other characters stay as they are.
std::string as_ascii(std::string_view text);

// Whether all its letters are Latin ones.
bool is_latin(std::string_view text);

// Whether it has an ideograph, a Japanese or a Korean letter.
bool is_east_asian(std::string_view text);

}  // namespace resys::domain
