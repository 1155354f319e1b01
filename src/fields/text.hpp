// What texts may hold: the characters of Unicode by what is done with them, and the forms that some
// texts must have.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "fields/limits.hpp"
#include "resys/result.hpp"

namespace resys::fields {

// The text as it is kept: for patterns of what people enter, without blanks and invisible
// characters at both ends, and empty if nothing in it can be seen; countries in upper case.
std::string normalized(Pattern pattern, std::string_view text);

// How many characters (code points) it has; invalid_request if it is not UTF-8 or holds a character
// that the pattern refuses.
Result<std::int64_t> count_characters(Pattern pattern, std::string_view text);

// invalid_request that says what is accepted, if the text has not the pattern's form.
Result<void> check_form(Pattern pattern, std::string_view text);

// Takes the first character off a text, which must not be empty; U+FFFD and one byte where the text
// is not UTF-8.
char32_t take_character(std::string_view& text);

// At most `most` bytes (at least 40): the beginning of a longer text, in whole characters, and how
// many bytes it had: "abc... (1048576 bytes)".
std::string shortened(std::string text, std::size_t most);

}  // namespace resys::fields
