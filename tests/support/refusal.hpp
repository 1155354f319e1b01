// What a refusal must say.
#pragma once

#include <string_view>

#include "resys/result.hpp"
#include "support/catch.hpp"

namespace resys::test {

// The code of the error that must be there.
Errc code_of(const auto& result) {
  REQUIRE(result.has_error());
  return result.error().code();
}

// The error, which must be of this code. It lives as long as the result: copy it.
const Error& refusal(const auto& result, Errc code) {
  REQUIRE(result.has_error());
  const Error& error = result.error();
  INFO(error.message());
  CHECK(error_info(error.code()).name == error_info(code).name);
  return error;
}

// The same for the field that it must name.
const Error& refusal(const auto& result, Errc code, std::string_view field) {
  const Error& error = refusal(result, code);
  INFO(error.message());
  CHECK(error.field() == field);
  return error;
}

void check_refused(const auto& result, Errc code, std::string_view field = {}) {
  refusal(result, code, field);
}

}  // namespace resys::test
