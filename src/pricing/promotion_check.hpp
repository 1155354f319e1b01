// Whether the parts of a promotion go together.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "resys/promotion.hpp"

namespace resys::pricing {

// The path of a field: "actions[2]".
std::string item(std::string_view list, std::size_t index);

// invalid_request at the field, as "actions[0].basisPoints". The schemas check each number and text
// by itself; this checks which members a kind has, and members against each other.
Result<void> check_promotion(const Promotion& promotion);

// The codes of a promotion, as they are stored. A code that is there twice is invalid_request at
// "codes[1]", for example.
Result<void> check_codes(const std::vector<std::string>& stored_codes);

}  // namespace resys::pricing
