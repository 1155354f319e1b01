// RFC 3339 in and out.
#include "resys/time.hpp"

#include <random>

#include "support/catch.hpp"

using namespace resys;

namespace {

std::string normalized(std::string_view text) { return Timestamp::parse(text).value().text(); }

}  // namespace

TEST_CASE("moments are printed in UTC with six decimals") {
  CHECK(Timestamp{}.text() == "1970-01-01T00:00:00.000000Z");
  CHECK(Timestamp::from_seconds(1'795'512'600).text() == "2026-11-24T09:30:00.000000Z");
  CHECK(Timestamp{-1}.text() == "1969-12-31T23:59:59.999999Z");
  CHECK(Timestamp{1'000'001}.text() == "1970-01-01T00:00:01.000001Z");
}

TEST_CASE("the examples of RFC 3339 are read") {
  CHECK(normalized("1985-04-12T23:20:50.52Z") == "1985-04-12T23:20:50.520000Z");
  CHECK(normalized("1996-12-19T16:39:57-08:00") == "1996-12-20T00:39:57.000000Z");
  CHECK(normalized("1937-01-01T12:00:27.87+00:20") == "1937-01-01T11:40:27.870000Z");
}

TEST_CASE("offsets, fractions and letters are read in every form") {
  CHECK(normalized("2026-11-24T09:30:00+14:00") == "2026-11-23T19:30:00.000000Z");
  CHECK(normalized("2026-11-24T09:30:00-12:45") == "2026-11-24T22:15:00.000000Z");
  CHECK(normalized("2026-11-24T09:30:00-00:00") == "2026-11-24T09:30:00.000000Z");
  CHECK(normalized("2026-11-24T09:30:00+23:59") == "2026-11-23T09:31:00.000000Z");
  CHECK(normalized("2026-11-24t09:30:00z") == "2026-11-24T09:30:00.000000Z");
  CHECK(normalized("2026-11-24T09:30:00.1Z") == "2026-11-24T09:30:00.100000Z");
  CHECK(normalized("2026-11-24T09:30:00.000001+00:00") == "2026-11-24T09:30:00.000001Z");
}

TEST_CASE("leap days exist in leap years only") {
  CHECK(normalized("2024-02-29T00:00:00Z") == "2024-02-29T00:00:00.000000Z");
  CHECK(normalized("2000-02-29T00:00:00Z") == "2000-02-29T00:00:00.000000Z");
  CHECK(normalized("2024-02-29T23:30:00-01:00") == "2024-03-01T00:30:00.000000Z");
  for (const std::string_view wrong : {"2026-02-29", "1900-02-29", "2100-02-29", "2024-02-30"}) {
    CHECK(!Timestamp::parse(std::string(wrong) + "T00:00:00Z"));
  }
}

TEST_CASE("years have four digits, before and after the offset") {
  CHECK(normalized("0000-01-01T00:00:00Z") == "0000-01-01T00:00:00.000000Z");
  CHECK(normalized("9999-12-31T23:59:59.999999Z") == "9999-12-31T23:59:59.999999Z");
  CHECK(normalized("9999-12-31T23:59:59+00:01") == "9999-12-31T23:58:59.000000Z");
  CHECK(!Timestamp::parse("9999-12-31T23:59:59-00:01"));
  CHECK(!Timestamp::parse("0000-01-01T00:00:00+00:01"));
}

TEST_CASE("whatever is not RFC 3339 is refused") {
  for (const std::string_view wrong : {
           "",
           "2026",
           "2026-11-24",
           "2026-11-24T09:30:00",
           "2026-11-24T09:30Z",
           "2026-11-24 09:30:00Z",
           "2026-11-24T09:30:00 Z",
           "2026-11-24T09:30:00Z ",
           " 2026-11-24T09:30:00Z",
           "2026-11-24T09:30:00ZZ",
           "2026-11-24T09:30:00.Z",
           "2026-11-24T09:30:00.1234567Z",
           "2026-11-24T09:30:00,5Z",
           "2026-11-24T09:30:00+0100",
           "2026-11-24T09:30:00+01",
           "2026-11-24T09:30:00+24:00",
           "2026-11-24T09:30:00+01:60",
           "2026-11-24T24:00:00Z",
           "2026-11-24T09:60:00Z",
           "2026-11-24T09:30:60Z",
           "2026-00-24T09:30:00Z",
           "2026-13-24T09:30:00Z",
           "2026-11-00T09:30:00Z",
           "2026-11-31T09:30:00Z",
           "2026-1-24T09:30:00Z",
           "+2026-11-24T09:30:00Z",
           "-026-11-24T09:30:00Z",
           "2O26-11-24T09:30:00Z",
           "2026/11/24T09:30:00Z",
       }) {
    CAPTURE(wrong);
    const auto parsed = Timestamp::parse(wrong);
    REQUIRE(parsed.has_error());
    CHECK(parsed.error().code() == Errc::invalid_request);
  }
}

TEST_CASE("every moment of four-digit years comes back from its text") {
  const std::int64_t first = Timestamp::parse("0000-01-01T00:00:00Z").value().micros;
  const std::int64_t last = Timestamp::parse("9999-12-31T23:59:59.999999Z").value().micros;
  std::mt19937_64 engine(1);
  std::uniform_int_distribution<std::int64_t> any(first, last);
  for (int i = 0; i < 20'000; ++i) {
    const Timestamp moment{any(engine)};
    const auto parsed = Timestamp::parse(moment.text());
    if (!parsed || parsed.value() != moment) FAIL(moment.text());
  }
}
