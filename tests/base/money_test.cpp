// Properties of money over currencies with 0, 2 and 3 decimals, and its edges.
#include "resys/money.hpp"

#include <algorithm>
#include <numeric>
#include <set>

#include "support/amounts.hpp"
#include "support/catch.hpp"
#include "support/tier.hpp"

using namespace resys;
using resys::test::Amounts;
using resys::test::by_tier;

namespace {

Currency currency(std::string_view code) { return Currency::parse(code).value(); }

// The minor units that an amount's text stands for.
std::int64_t minor_of(std::string text) {
  text.resize(text.find(' '));
  text.erase(std::remove(text.begin(), text.end(), '.'), text.end());
  return std::stoll(text);
}

const std::string_view kCodes[] = {"JPY", "EUR", "KWD"};

}  // namespace

TEST_CASE("currencies are the codes of ISO 4217") {
  CHECK(currency("JPY").exponent() == 0);
  CHECK(currency("EUR").exponent() == 2);
  CHECK(currency("KWD").exponent() == 3);
  CHECK(currency("EUR").code() == "EUR");
  CHECK(Currency().empty());
  CHECK(Currency().code().empty());
  for (const std::string_view wrong :
       {"", "EU", "EURO", "eur", "EU ", " EU", "R U", "XTS", "XAU", "EUR CHF", "ZZZ"}) {
    CAPTURE(wrong);
    CHECK(Currency::parse(wrong).error().code() == Errc::invalid_request);
  }
}

TEST_CASE("withdrawn currencies are read, and have a successor") {
  // What ISO 4217's table of 2026-01-01 has not any more; the days are CLDR 48.2's.
  const auto of = [](std::string_view code) {
    const auto& all = withdrawn_currencies();
    const auto found = std::find_if(all.begin(), all.end(), [&](const WithdrawnCurrency& each) {
      return each.currency.code() == code;
    });
    REQUIRE(found != all.end());
    return std::string(found->since).append(" ").append(found->successor.code());
  };
  CHECK(of("BGN") == "2026-01-01 EUR");
  CHECK(of("HRK") == "2023-01-01 EUR");
  CHECK(of("ANG") == "2025-03-31 XCG");
  CHECK(of("ZWL") == "2024-06-25 ZWG");
  CHECK(of("SLL") == "2022-07-01 SLE");
  CHECK(of("CUC") == "2021-06-01 CUP");
  CHECK(Money(1250, currency("BGN")).text() == "12.50 BGN");
  CHECK(currency("BYR").exponent() == 0);
  const auto& all = all_currencies();
  for (const WithdrawnCurrency& each : withdrawn_currencies()) {
    CAPTURE(each.currency.code());
    CHECK(std::find(all.begin(), all.end(), each.currency) == all.end());
    CHECK(std::find(all.begin(), all.end(), each.successor) != all.end());
  }
  // The successors are there; the Arab accounting dinar is a unit of account.
  for (const char* code : {"XCG", "ZWG", "SLE"}) CHECK_FALSE(Currency::parse(code).has_error());
  CHECK(Currency::parse("XAD").has_error());
}

TEST_CASE("decimals are those of ISO 4217, not those of browsers") {
  // CLDR 48 has 0 for these, ISO 4217 has 2.
  for (const char* code : {"HUF", "COP", "IDR", "PKR", "AFN", "ALL", "IRR", "KPW", "LAK", "LBP",
                           "MGA", "MMK", "SOS", "SYP", "YER"}) {
    CAPTURE(code);
    CHECK(currency(code).exponent() == 2);
  }
  CHECK(currency("IQD").exponent() == 3);
  CHECK(currency("UGX").exponent() == 0);
  CHECK(currency("ISK").exponent() == 0);
  CHECK(currency("TWD").exponent() == 2);
}

TEST_CASE("all currencies are listed once, by code") {
  const std::vector<Currency>& all = all_currencies();
  CHECK(all.size() > 150);
  CHECK(std::is_sorted(all.begin(), all.end()));
  CHECK(std::set<Currency>(all.begin(), all.end()).size() == all.size());
  for (const Currency each : all) {
    CAPTURE(each.code());
    CHECK(Currency::parse(each.code()).value() == each);
    CHECK(std::all_of(each.code().begin(), each.code().end(),
                      [](char letter) { return letter >= 'A' && letter <= 'Z'; }));
    CHECK((each.exponent() == 0 || each.exponent() == 2 || each.exponent() == 3));
  }
}

TEST_CASE("amounts print with the decimals of their currency") {
  CHECK(Money(123450, currency("EUR")).text() == "1234.50 EUR");
  CHECK(Money(500, currency("JPY")).text() == "500 JPY");
  CHECK(Money(5, currency("KWD")).text() == "0.005 KWD");
  CHECK(Money(-5, currency("EUR")).text() == "-0.05 EUR");
  CHECK(Money(0, currency("EUR")).text() == "0.00 EUR");
  CHECK(Money(kMaxMinor, currency("EUR")).text() == "90071992547409.91 EUR");
  CHECK(Money(INT64_MIN, currency("JPY")).text() == "-9223372036854775808 JPY");
  CHECK(Money().text() == "0");
}

TEST_CASE("sums, differences and texts agree with integers") {
  Amounts amounts(1);
  for (const std::string_view code : kCodes) {
    for (std::int64_t i = 0; i < by_tier(2'000, 10'000, 1'000'000); ++i) {
      const Money one(amounts.any(), currency(code));
      const Money other(amounts.any(), currency(code));
      const std::int64_t sum = one.minor() + other.minor();
      const auto plus = one.plus(other);
      if (std::abs(sum) <= kMaxMinor) {
        if (plus.value().minor() != sum) FAIL("sum of " << one.text() << " and " << other.text());
        if (plus.value().minus(other).value() != one) FAIL("difference of " << plus.value().text());
      } else if (plus.error().code() != Errc::too_large) {
        FAIL("overflow of " << one.text() << " and " << other.text());
      }
      if (minor_of(one.text()) != one.minor()) FAIL("text of " << one.minor());
    }
  }
}

TEST_CASE("overflow is refused at the edge and not before") {
  for (const std::string_view code : kCodes) {
    const Money most(kMaxMinor, currency(code));
    const Money least(-kMaxMinor, currency(code));
    const Money one(1, currency(code));
    CHECK(most.plus(one).error().code() == Errc::too_large);
    CHECK(least.minus(one).error().code() == Errc::too_large);
    CHECK(Money(kMaxMinor - 1, currency(code)).plus(one).value() == most);
    CHECK(most.minus(most).value().minor() == 0);
    CHECK(most.times(1).value() == most);
    CHECK(most.times(-1).value() == least);
    CHECK(most.times(2).error().code() == Errc::too_large);
    CHECK(one.times(kMaxMinor).value() == most);
    CHECK(one.times(kMaxMinor + 1).error().code() == Errc::too_large);
    CHECK(one.times(INT64_MIN).error().code() == Errc::too_large);
    CHECK(most.times(INT64_MAX).error().code() == Errc::too_large);
    CHECK(most.fraction(10'000).value() == most);
    CHECK(most.fraction(10'001).error().code() == Errc::too_large);
    CHECK(one.fraction(INT64_MAX).value().minor() == INT64_MAX / 10'000);
    // Amounts beyond the limit can be made, but not reckoned with.
    CHECK(Money(INT64_MAX, currency(code)).plus(one).error().code() == Errc::too_large);
    CHECK(Money(INT64_MIN, currency(code)).minus(one).error().code() == Errc::too_large);
  }
}

TEST_CASE("amounts of different currencies do not mix") {
  const Money euro(1, currency("EUR"));
  const Money yen(1, currency("JPY"));
  CHECK(euro.plus(yen).error().code() == Errc::unsupported_currency);
  CHECK(euro.minus(yen).error().code() == Errc::unsupported_currency);
  CHECK(euro != Money(1, currency("USD")));
}

TEST_CASE("a fraction rounds down") {
  const Currency euro = currency("EUR");
  CHECK(Money(999, euro).fraction(1250).value().minor() == 124);
  CHECK(Money(1, euro).fraction(9999).value().minor() == 0);
  CHECK(Money(1000, euro).fraction(0).value().minor() == 0);
  CHECK(Money(-1, euro).fraction(10).error().code() == Errc::invalid_request);
  CHECK(Money(1, euro).fraction(-10).error().code() == Errc::invalid_request);
  Amounts amounts(2);
  for (std::int64_t i = 0; i < by_tier(2'000, 10'000, 1'000'000); ++i) {
    const std::int64_t minor = amounts.positive(kMaxMinor / 10'000);
    const std::int64_t rate = amounts.positive(10'000);
    const std::int64_t part = Money(minor, euro).fraction(rate).value().minor();
    // part <= minor * rate / 10000 < part + 1
    if (part * 10'000 > minor * rate || (part + 1) * 10'000 <= minor * rate) {
      FAIL(rate << " basis points of " << minor);
    }
  }
}

TEST_CASE("the parts of an amount sum to the whole") {
  Amounts amounts(3);
  for (const std::string_view code : kCodes) {
    for (std::int64_t i = 0; i < by_tier(2'000, 10'000, 500'000); ++i) {
      const Money whole(amounts.any(), currency(code));
      std::vector<std::int64_t> weights(1 + amounts.count(9));
      for (std::int64_t& weight : weights) weight = amounts.positive();
      const std::vector<Money> parts = whole.allocate(weights).value();
      std::int64_t sum = 0;
      for (std::size_t at = 0; at < parts.size(); ++at) {
        sum += parts[at].minor();
        const bool wrong_side =
            parts[at].minor() != 0 && (parts[at].minor() < 0) != (whole.minor() < 0);
        if (wrong_side || parts[at].currency() != whole.currency())
          FAIL("part of " << whole.text());
        // Equal weights differ by a unit at most, and the earlier part has it.
        if (at > 0 && weights[at] == weights[at - 1]) {
          const std::int64_t more = std::abs(parts[at - 1].minor()) - std::abs(parts[at].minor());
          if (more < 0 || more > 1) FAIL("remainder of " << whole.text());
        }
      }
      if (parts.size() != weights.size() || sum != whole.minor()) FAIL("parts of " << whole.text());
    }
  }
}

TEST_CASE("no part of a discount exceeds the line it is taken from") {
  Amounts amounts(4);
  for (std::int64_t i = 0; i < by_tier(2'000, 10'000, 500'000); ++i) {
    std::vector<std::int64_t> lines(1 + amounts.count(9));
    for (std::int64_t& line : lines) line = amounts.positive(kMaxMinor / 10);
    const std::int64_t total = std::accumulate(lines.begin(), lines.end(), std::int64_t{0});
    const Money discount(amounts.positive(total), currency("EUR"));
    const std::vector<Money> parts = discount.allocate(lines).value();
    for (std::size_t at = 0; at < lines.size(); ++at) {
      if (total > 0 && parts[at].minor() > lines[at]) FAIL(discount.text());
    }
  }
}

TEST_CASE("remainders go to the earlier parts that have a weight") {
  const auto split = [](std::int64_t minor, const std::vector<std::int64_t>& weights) {
    std::vector<std::int64_t> parts;
    const auto allocated = Money(minor, currency("EUR")).allocate(weights);
    for (const Money part : allocated.value()) parts.push_back(part.minor());
    return parts;
  };
  using Parts = std::vector<std::int64_t>;
  CHECK(split(100, {1, 1, 1}) == Parts{34, 33, 33});
  CHECK(split(-100, {1, 1, 1}) == Parts{-34, -33, -33});
  CHECK(split(10, {0, 1, 1, 1}) == Parts{0, 4, 3, 3});
  CHECK(split(5, {0, 0, 0}) == Parts{2, 2, 1});
  CHECK(split(kMaxMinor, {INT64_MAX, INT64_MAX}) == Parts{kMaxMinor / 2 + 1, kMaxMinor / 2});
  CHECK(split(7, {}).empty());
  CHECK(Money(1, currency("EUR")).allocate({1, -1}).error().code() == Errc::invalid_request);
}
