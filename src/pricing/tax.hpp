// What tax is due on amounts: pure, exact, and rounded by the store's rule.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/area.hpp"
#include "pricing/exact.hpp"
#include "pricing/price_rules.hpp"

namespace resys::pricing {

// A percent as text: 88'750 millionths are "8.875".
std::string percent_text(std::int64_t millionths);
// invalid_request: not a number from 0 to 100 with at most four decimals.
Result<std::int64_t> parse_percent(std::string_view text);

// A rate that applies to an amount. A compound rate is taken of the net amount and of the taxes of
// the rates before it, too.
struct AppliedRate {
  std::string name;
  std::string percent = "0";
  std::string country;
  std::int64_t millionths = 0;  // of `percent`
  bool compound = false;
  TaxReason reason = TaxReason::rate;
  const StoredTaxRate* source = nullptr;  // null: no rate, but the reason why none applies
};
using AppliedRates = std::vector<AppliedRate>;

// What is taxed: a line after its discounts, or the shipment.
struct TaxedAmount {
  std::int64_t amount_cents = 0;        // >= 0, with tax if prices include it
  std::int64_t quantity = 1;            // units in it, > 0
  const AppliedRates* rates = nullptr;  // of its category; amounts of one category share them
};

// For each amount a tax line for each of its rates, in their order. Where prices include tax, the
// amount is what is paid, whatever is rounded: its net is the rest. With TaxRoundingLevel::order
// the tax of all amounts with the same rate is rounded once (where prices include tax: of all
// amounts with the same rates) and shared among them by the largest remainder.
std::vector<std::vector<TaxLine>> taxes_of(const std::vector<TaxedAmount>& amounts,
                                           const TaxSettings& settings);

// What the taxes of one line, or of the shipment, are before they are rounded: in millionths of a
// minor unit, rounded down. Nothing if a rate is no percentage, as a calculator's may be.
std::optional<std::vector<Wide>> exact_taxes(const std::vector<TaxLine>& taxes);

// A price that includes the tax of `from`, as one with the same net that includes that of `to`.
std::int64_t converted(std::int64_t cents, const AppliedRates& from, const AppliedRates& to,
                       TaxRounding rounding);

// What taxes depend on in a customer.
struct TaxedCustomer {
  bool is_exempt = false;
  std::string tax_id;
  bool operator==(const TaxedCustomer&) const = default;
};

// Taxes that somebody else has calculated, and for what.
struct Calculation {
  struct Item {
    std::string reference;
    std::string category;
    std::int64_t quantity = 0;
    std::int64_t amount_cents = 0;
    std::vector<TaxLine> taxes{};
  };
  domain::Area area;
  TaxedCustomer customer;
  bool prices_include_tax = false;
  std::string external_id;
  std::vector<Item> items{};
};

// The rates of a store that apply to what one customer gets sent to one place.
class TaxTerms {
 public:
  // The rules must outlive it. An area without a country is the store's home.
  TaxTerms(const PriceRules& rules, const domain::Area& area, const TaxedCustomer& customer,
           Timestamp now);

  // The rates of a category. Valid as long as the terms.
  const AppliedRates& rates(std::string_view category) const;
  // What the customer pays where a price at home includes the tax of goods of a category.
  std::int64_t price_there(std::int64_t cents, std::string_view category) const;

 private:
  using ByCategory = std::map<std::string, AppliedRates, std::less<>>;

  ByCategory here_;
  ByCategory home_;        // of a customer like all others
  bool converts_ = false;  // whether the customer pays other prices than those at home
  TaxRounding rounding_;
};

}  // namespace resys::pricing
