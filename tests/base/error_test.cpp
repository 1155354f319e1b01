// The error table and the error object.
#include <set>

#include "resys/error.hpp"
#include "resys/result.hpp"
#include "support/catch.hpp"

using namespace resys;

TEST_CASE("every error code has its own row") {
  std::set<std::string_view> names;
  for (int i = 1; i <= static_cast<int>(Errc::internal); ++i) {
    const ErrorInfo& info = error_info(static_cast<Errc>(i));
    CHECK(static_cast<int>(info.code) == i);
    CHECK(info.http_status >= 400);
    names.insert(info.name);
  }
  CHECK(names.size() == static_cast<std::size_t>(Errc::internal));
  CHECK(error_info(static_cast<Errc>(0)).code == Errc::internal);
  CHECK(error_info(static_cast<Errc>(1000)).code == Errc::internal);
  CHECK(retry_name(error_info(Errc::busy).retry) == "same");
  CHECK(retry_name(error_info(Errc::price_changed).retry) == "reload");
  CHECK(retry_name(error_info(Errc::forbidden).retry) == "never");
}

TEST_CASE("an error keeps what it was built with") {
  const Error error = Error(Errc::insufficient_stock, "not enough")
                          .at("lineItems[2].sku")
                          .with("limit", 3)
                          .with("sku", "mug")
                          .with("final", true)
                          .row({{"sku", "mug"}, {"available", std::int64_t{3}}});
  CHECK(error.code() == Errc::insufficient_stock);
  CHECK(error.message() == "not enough");
  CHECK(error.field() == "lineItems[2].sku");
  CHECK(error.fact("limit", 0) == 3);
  CHECK(error.fact("none", 7) == 7);
  CHECK(error.fact("sku", 7) == 7);
  CHECK(error.fact("sku") == "mug");
  CHECK(error.fact("limit").empty());
  CHECK(error.facts().size() == 3);
  REQUIRE(error.rows().size() == 1);
  CHECK(error.rows()[0].size() == 2);
}

TEST_CASE("building on a copy leaves the original alone") {
  const Error original(Errc::conflict, "taken");
  Error copy = original;
  const Error built = std::move(copy).at("name");
  CHECK(original.field().empty());
  CHECK(built.field() == "name");
}

TEST_CASE("an error without content is internal") {
  const Error error;
  CHECK(error.code() == Errc::internal);
  CHECK(error.message().empty());
  CHECK(Error().at("x").field() == "x");
}

TEST_CASE("value() throws what the result holds") {
  const Result<int> refused = Error(Errc::busy, "later");
  try {
    refused.value();
    FAIL("no exception");
  } catch (const Exception& exception) {
    CHECK(exception.error().code() == Errc::busy);
    CHECK(std::string(exception.what()) == "later");
  }
}
