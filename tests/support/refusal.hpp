// What a refusal must say.
#pragma once

#include <string_view>

#include "resys/result.hpp"
#include "support/catch.hpp"

namespace resys::test {

void check_refused(const auto& result, Errc code, std::string_view field = {}) {
  REQUIRE(result.has_error());
  CHECK(error_info(result.error().code()).name == error_info(code).name);
  CHECK(result.error().field() == field);
}

}  // namespace resys::test
