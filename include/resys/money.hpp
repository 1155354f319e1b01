// Money: an amount in minor units (cents) of an ISO 4217 currency. No floating point anywhere.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "resys/result.hpp"

namespace resys {

// |minor| never exceeds this, so that every amount is exact in a JSON number (IEEE 754 double).
inline constexpr std::int64_t kMaxMinor = 9'007'199'254'740'991;  // 2^53 - 1

// An ISO 4217 code. Default-constructed it is "no currency": code() is empty.
//
// How many decimals a currency has comes from here: the tables of browsers and of CLDR follow
// custom instead, and change (HUF, COP, IDR and PKR lost their two decimals in CLDR 48).
class Currency {
 public:
  constexpr Currency() noexcept = default;
  // Accepts the upper-case codes of the exponent table ("EUR"), withdrawn ones too, so that old
  // records can be read; else invalid_request.
  static Result<Currency> parse(std::string_view code);

  std::string_view code() const noexcept { return {code_.data(), code_[0] == '\0' ? 0u : 3u}; }
  bool empty() const noexcept { return code_[0] == '\0'; }
  // Decimal places of the minor unit: 0, 2 or 3 (ISO 4217).
  int exponent() const noexcept;
  friend constexpr auto operator<=>(const Currency&, const Currency&) = default;

 private:
  std::array<char, 4> code_{};
};

// The currencies that prices may be in, by code: those of ISO 4217 (2026) but for funds, metals and
// units of account, such as XAD.
const std::vector<Currency>& all_currencies();

// A currency that was withdrawn since 2010: amounts in it are read, new prices in it are refused.
struct WithdrawnCurrency {
  Currency currency{};
  std::string_view since{};  // "2026-01-01": from when on its successor is used
  Currency successor{};
};

// By code.
const std::vector<WithdrawnCurrency>& withdrawn_currencies();

class Money {
 public:
  constexpr Money() noexcept = default;
  constexpr Money(std::int64_t minor, Currency currency) noexcept
      : minor_(minor), currency_(currency) {}

  constexpr std::int64_t minor() const noexcept { return minor_; }
  constexpr Currency currency() const noexcept { return currency_; }

  // Arithmetic refuses other currencies (unsupported_currency) and results beyond kMaxMinor
  // (too_large).
  Result<Money> plus(Money other) const;
  Result<Money> minus(Money other) const;
  Result<Money> times(std::int64_t factor) const;
  // floor(this * basis_points / 10000) for amounts >= 0: 12.5 % are 1250 basis points.
  Result<Money> fraction(std::int64_t basis_points) const;
  // Splits by weight so that the parts sum to the whole; earlier parts take the remainders.
  // Weights are >= 0; if all are zero the parts are equal but for the remainder. None: an empty
  // vector.
  Result<std::vector<Money>> allocate(const std::vector<std::int64_t>& weights) const;

  // "1234.50 EUR", "500 JPY".
  std::string text() const;
  friend constexpr bool operator==(const Money&, const Money&) = default;

 private:
  std::int64_t minor_ = 0;
  Currency currency_;
};

}  // namespace resys
