// Amounts at Stripe: the tables of docs.stripe.com/currencies, and that nothing is lost either way.
#include "payment/stripe_amounts.hpp"

#include <cmath>
#include <random>

#include "payment/processor_world.hpp"
#include "support/tier.hpp"

using namespace resys;
using namespace resys::test;
using payments::from_stripe;
using payments::stripe_accepts;
using payments::to_stripe;

namespace {

std::int64_t sent(std::int64_t minor, std::string_view code) {
  return to_stripe(Money(minor, currency(code))).value();
}
bool accepted(std::int64_t minor, std::string_view code) {
  const auto answer = stripe_accepts(Money(minor, currency(code)));
  if (answer.has_error()) {
    CHECK(answer.error().code() == Errc::unsupported_currency);
    CHECK(answer.error().fact("currency") == code);
    CHECK(answer.error().fact("amountCents", -1) == minor);
  }
  return answer.has_value();
}

}  // namespace

TEST_CASE("two-decimal currencies are sent as they are") {
  CHECK(sent(1099, "USD") == 1099);
  CHECK(sent(99'999'999, "EUR") == 99'999'999);
  CHECK(sent(1045, "HUF") == 1045);
  CHECK(sent(80045, "TWD") == 80045);
}

TEST_CASE("the currencies on Stripe's zero-decimal list are sent in whole units") {
  for (const char* code : {"BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "PYG", "RWF", "VND",
                           "VUV", "XAF", "XOF", "XPF"}) {
    CAPTURE(code);
    CHECK(sent(500, code) == 500);
  }
}

TEST_CASE("currencies that Stripe counts otherwise are converted both ways") {
  for (const char* code : {"ISK", "UGX"}) {
    CAPTURE(code);
    CHECK(sent(5, code) == 500);
    CHECK(from_stripe(500, currency(code)).value() == 5);
    CHECK(from_stripe(550, currency(code)).has_error());
    CHECK(accepted(999'999, code));
    CHECK_FALSE(accepted(1'000'000, code));
  }
  CHECK(sent(500, "MGA") == 5);
  CHECK(from_stripe(5, currency("MGA")).value() == 500);
  CHECK_FALSE(accepted(550, "MGA"));
  CHECK_FALSE(accepted(99, "MGA"));
  CHECK(accepted(9'999'999'900, "MGA"));
  CHECK_FALSE(accepted(10'000'000'000, "MGA"));
}

TEST_CASE("three-decimal currencies end in zero") {
  for (const char* code : {"BHD", "JOD", "KWD", "OMR", "TND"}) {
    CAPTURE(code);
    CHECK(sent(5120, code) == 5120);
    CHECK_FALSE(accepted(5124, code));
    CHECK(stripe_accepts(Money(5124, currency(code))).error().fact("stepCents", 0) == 10);
  }
}

TEST_CASE("currencies that Stripe does not list are refused") {
  for (const char* code : {"IRR", "KPW", "CUP", "SYP", "IQD", "LYD", "GHS"}) {
    CAPTURE(code);
    CHECK_FALSE(accepted(10'000, code));
  }
  CHECK(stripe_accepts(Money(100, Currency())).error().code() == Errc::unsupported_currency);
}

TEST_CASE("an amount has eight digits, with the exceptions that Stripe names") {
  CHECK(accepted(99'999'999, "USD"));
  CHECK_FALSE(accepted(100'000'000, "USD"));
  CHECK(stripe_accepts(Money(100'000'000, currency("USD"))).error().fact("maximumCents", 0) ==
        99'999'999);
  CHECK(accepted(999'999'999'999, "IDR"));
  CHECK_FALSE(accepted(1'000'000'000'000, "IDR"));
  CHECK(accepted(9'999'999'999, "COP"));
  CHECK(accepted(999'999'999, "INR"));
  CHECK_FALSE(accepted(1'000'000'000, "INR"));
  CHECK_FALSE(accepted(kMaxMinor, "EUR"));
}

TEST_CASE("nothing, and less than Stripe's minimum charge, is refused") {
  CHECK_FALSE(accepted(0, "EUR"));
  CHECK_FALSE(accepted(-50, "EUR"));
  CHECK_FALSE(accepted(49, "EUR"));
  CHECK(accepted(50, "EUR"));
  CHECK(accepted(30, "GBP"));
  CHECK_FALSE(accepted(29, "GBP"));
  CHECK(stripe_accepts(Money(17'499, currency("HUF"))).error().fact("minimumCents", 0) == 17'500);
  CHECK_FALSE(accepted(49, "JPY"));
  CHECK(accepted(1, "VND"));
  // A refund may be smaller than a charge.
  CHECK(sent(1, "EUR") == 1);
}

TEST_CASE("what is sent to Stripe and answered is the same amount") {
  std::mt19937_64 random(1);
  for (const Currency each : all_currencies()) {
    CAPTURE(each.code());
    std::int64_t taken = 0;
    for (std::int64_t i = 0; i < by_tier(200, 2'000, 50'000); ++i) {
      const int bits = std::uniform_int_distribution<int>(1, 50)(random);
      const std::int64_t reach = std::int64_t{1} << bits;
      const Money amount(std::uniform_int_distribution<std::int64_t>(1, reach)(random), each);
      const auto number = to_stripe(amount);
      if (number.has_error()) continue;
      ++taken;
      if (from_stripe(number.value(), each).value() != amount.minor()) FAIL(amount.text());
    }
    CHECK((taken > 0 || to_stripe(Money(100, each)).has_error()));
  }
}

TEST_CASE("what Stripe may answer is sent back as the same number") {
  std::mt19937_64 random(2);
  for (const Currency each : all_currencies()) {
    CAPTURE(each.code());
    for (std::int64_t i = 0; i < by_tier(200, 2'000, 50'000); ++i) {
      const std::int64_t number =
          std::uniform_int_distribution<std::int64_t>(1, 99'999'999)(random);
      const auto minor = from_stripe(number, each);
      if (minor.has_error()) continue;
      const auto again = to_stripe(Money(minor.value(), each));
      if (again.has_value() && again.value() != number) FAIL(number);
    }
  }
}

TEST_CASE("amounts that cannot be counted are not taken from Stripe") {
  CHECK(from_stripe(-1, currency("EUR")).has_error());
  CHECK(from_stripe(kMaxMinor, currency("EUR")).value() == kMaxMinor);
  CHECK(from_stripe(kMaxMinor, currency("MGA")).has_error());
  CHECK(from_stripe(kMaxMinor + 1, currency("EUR")).has_error());
  CHECK(from_stripe(0, currency("ISK")).value() == 0);
}
