// Currencies and checked arithmetic.
#include "resys/money.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>

namespace resys {
namespace {

// The currencies of ISO 4217 (list one, 2026) by the decimals of their minor unit. Funds, metals
// and units of account are left out: nobody pays in them.
struct CurrencyGroup {
  int exponent;
  std::string_view codes;  // four characters each: a code and a blank
};
constexpr CurrencyGroup kGroups[] = {
    {0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF "},
    {2,
     "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD "
     "CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS "
     "GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP "
     "LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK "
     "NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS "
     "SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST "
     "XCD XCG YER ZAR ZMW ZWG "},
    {3, "BHD IQD JOD KWD LYD OMR TND "},
};
constexpr std::size_t kCodeWidth = 4;

// Currencies withdrawn since 2010. The day is the one from which CLDR 48.2 has the successor. CUC
// and its successor were used side by side, so its day is its own last one.
struct WithdrawnRow {
  std::string_view code;
  int exponent;
  std::string_view since;
  std::string_view successor;
};
constexpr WithdrawnRow kWithdrawn[] = {
    {"ANG", 2, "2025-03-31", "XCG"}, {"BGN", 2, "2026-01-01", "EUR"},
    {"BYR", 0, "2016-07-01", "BYN"}, {"CUC", 2, "2021-06-01", "CUP"},
    {"EEK", 2, "2011-01-01", "EUR"}, {"HRK", 2, "2023-01-01", "EUR"},
    {"LTL", 2, "2015-01-01", "EUR"}, {"LVL", 2, "2014-01-01", "EUR"},
    {"MRO", 2, "2018-01-01", "MRU"}, {"SLL", 2, "2022-07-01", "SLE"},
    {"STD", 2, "2018-01-01", "STN"}, {"VEF", 2, "2018-08-20", "VES"},
    {"ZMK", 2, "2013-01-01", "ZMW"}, {"ZWL", 2, "2024-06-25", "ZWG"},
};

struct KnownCurrency {
  std::string_view code;
  int exponent = 0;
};

constexpr std::size_t kKnownCount = [] {
  std::size_t count = std::size(kWithdrawn);
  for (const CurrencyGroup& group : kGroups) count += group.codes.size() / kCodeWidth;
  return count;
}();

// All of them by their code.
constexpr auto kKnown = [] {
  std::array<KnownCurrency, kKnownCount> known;
  std::size_t count = 0;
  for (const WithdrawnRow& row : kWithdrawn) known[count++] = {row.code, row.exponent};
  for (const CurrencyGroup& group : kGroups) {
    for (std::size_t at = 0; at < group.codes.size(); at += kCodeWidth) {
      known[count++] = {group.codes.substr(at, kCodeWidth - 1), group.exponent};
    }
  }
  std::sort(known.begin(), known.end(),
            [](const auto& left, const auto& right) { return left.code < right.code; });
  return known;
}();

const KnownCurrency* find_known(std::string_view code) noexcept {
  const auto found = std::lower_bound(
      kKnown.begin(), kKnown.end(), code,
      [](const KnownCurrency& known, std::string_view wanted) { return known.code < wanted; });
  return found != kKnown.end() && found->code == code ? &*found : nullptr;
}

// Products of two 64-bit numbers need this type. g++ and clang have it everywhere resys runs.
__extension__ typedef __int128 Wide;

Result<Money> checked(Wide minor, Currency currency) {
  if (minor > kMaxMinor || minor < -kMaxMinor) {
    return Error(Errc::too_large, "the amount is beyond 9007199254740991 minor units")
        .with("limit", kMaxMinor);
  }
  return Money(static_cast<std::int64_t>(minor), currency);
}

Error different_currencies(Currency one, Currency other) {
  return Error(Errc::unsupported_currency, "the amounts are in different currencies")
      .with("currency", std::string(one.code()))
      .with("other", std::string(other.code()));
}

}  // namespace

Result<Currency> Currency::parse(std::string_view code) {
  if (find_known(code) == nullptr) {
    return Error(Errc::invalid_request,
                 "the currency is not an upper-case code of ISO 4217, such as EUR");
  }
  Currency currency;
  std::copy(code.begin(), code.end(), currency.code_.begin());
  return currency;
}

int Currency::exponent() const noexcept {
  const KnownCurrency* known = find_known(code());
  return known == nullptr ? 0 : known->exponent;
}

const std::vector<Currency>& all_currencies() {
  static const std::vector<Currency> all = [] {
    std::vector<Currency> found;
    for (const KnownCurrency& known : kKnown) {
      const bool is_withdrawn =
          std::any_of(std::begin(kWithdrawn), std::end(kWithdrawn),
                      [&](const WithdrawnRow& row) { return row.code == known.code; });
      if (!is_withdrawn) found.push_back(Currency::parse(known.code).value());
    }
    return found;
  }();
  return all;
}

const std::vector<WithdrawnCurrency>& withdrawn_currencies() {
  static const std::vector<WithdrawnCurrency> all = [] {
    std::vector<WithdrawnCurrency> found;
    for (const WithdrawnRow& row : kWithdrawn) {
      found.push_back(
          {Currency::parse(row.code).value(), row.since, Currency::parse(row.successor).value()});
    }
    return found;
  }();
  return all;
}

Result<Money> Money::plus(Money other) const {
  if (currency_ != other.currency_) return different_currencies(currency_, other.currency_);
  return checked(Wide{minor_} + other.minor_, currency_);
}

Result<Money> Money::minus(Money other) const {
  if (currency_ != other.currency_) return different_currencies(currency_, other.currency_);
  return checked(Wide{minor_} - other.minor_, currency_);
}

Result<Money> Money::times(std::int64_t factor) const {
  return checked(Wide{minor_} * factor, currency_);
}

Result<Money> Money::fraction(std::int64_t basis_points) const {
  if (minor_ < 0 || basis_points < 0) {
    return Error(Errc::invalid_request, "the amount or the rate of the fraction is negative");
  }
  return checked(Wide{minor_} * basis_points / 10'000, currency_);
}

Result<std::vector<Money>> Money::allocate(const std::vector<std::int64_t>& weights) const {
  Wide total = 0;
  for (const std::int64_t weight : weights) {
    if (weight < 0) return Error(Errc::invalid_request, "a weight is negative");
    total += weight;
  }
  const bool equal = total == 0;
  if (equal) total = static_cast<Wide>(weights.size());

  std::vector<Money> parts;
  parts.reserve(weights.size());
  std::int64_t left = minor_;
  for (const std::int64_t weight : weights) {
    const Wide share = Wide{minor_} * (equal ? 1 : weight) / total;
    parts.emplace_back(static_cast<std::int64_t>(share), currency_);
    left -= parts.back().minor_;
  }
  // Fewer units are left than there are parts with a weight. A part without a weight gets none.
  const std::int64_t unit = left < 0 ? -1 : 1;
  for (std::size_t i = 0; i < parts.size() && left != 0; ++i) {
    if (weights[i] == 0 && !equal) continue;
    parts[i].minor_ += unit;
    left -= unit;
  }
  return parts;
}

std::string Money::text() const {
  std::string digits = std::to_string(minor_);
  const bool negative = minor_ < 0;
  if (negative) digits.erase(0, 1);
  const auto decimals = static_cast<std::size_t>(currency_.exponent());
  if (decimals > 0) {
    if (digits.size() <= decimals) digits.insert(0, decimals + 1 - digits.size(), '0');
    digits.insert(digits.size() - decimals, 1, '.');
  }
  if (negative) digits.insert(0, 1, '-');
  if (currency_.empty()) return digits;
  return digits.append(" ").append(currency_.code());
}

}  // namespace resys
