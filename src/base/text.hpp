// What texts may hold: how the characters of Unicode are treated, and the forms that some texts
// must have.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/limits.hpp"
#include "resys/result.hpp"

namespace resys::fields {

// The text as it is stored. For patterns that people enter, blanks and invisible characters at both
// ends are removed, and a text in which nothing is visible becomes empty. Countries and codes are
// in upper case.
std::string normalized(Pattern pattern, std::string_view text);

// How many characters (code points) the text has. invalid_request if it is not UTF-8, or holds a
// character that the pattern refuses.
Result<std::int64_t> count_characters(Pattern pattern, std::string_view text);

// invalid_request, with the fault, if the text does not have the pattern's form.
Result<void> check_form(Pattern pattern, std::string_view text);

// Removes the first character of a text, which must not be empty, and returns it. If the text is
// not UTF-8, removes one byte and returns U+FFFD.
char32_t next_character(std::string_view& text);

// Removes the text before the first separator, and the separator, from `rest`, and returns that
// text. Without a separator it is all of `rest`.
std::string_view next_part(std::string_view& rest, char separator);

// The whole number that the text is, as this library has written it; else 0.
std::int64_t number_of(std::string_view text);

// Shortens a text to at most `most` bytes (at least 40). A longer text keeps whole characters of
// its beginning, and says how many bytes it had: "abc... (1048576 bytes)".
std::string shortened(std::string text, std::size_t most);

}  // namespace resys::fields
