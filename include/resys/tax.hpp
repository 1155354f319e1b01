// Taxes: what a store's settings say about them, its rates, and the tax lines of an order.
//
// A tax rate applies to a country, or to a part of it: a region, or postal codes that begin alike.
// Of the rates with the same priority, only the one for the smallest part applies. Those of
// different priorities add up, as those of a state and its city do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "resys/common.hpp"
#include "resys/state_machine.hpp"

namespace resys {

// How tax becomes a whole number of minor units: an exact half goes up (half_up) or to the even
// number (half_even); down: never up.
enum class TaxRounding { half_up, half_even, down };
template <>
struct EnumNames<TaxRounding> {
  static constexpr std::string_view type = "TaxRounding";
  static constexpr std::array<std::string_view, 3> names{"halfUp", "halfEven", "down"};
};

// What is rounded: the tax of one unit, of a line, or of all lines that have the same rate.
enum class TaxRoundingLevel { unit, line, order };
template <>
struct EnumNames<TaxRoundingLevel> {
  static constexpr std::string_view type = "TaxRoundingLevel";
  static constexpr std::array<std::string_view, 3> names{"unit", "line", "order"};
};

// What shipping is taxed by: the shipping method's own category, the shares of the goods in their
// categories, or the category of the goods with the highest rates.
enum class ShippingTax { category, proportional, highest };
template <>
struct EnumNames<ShippingTax> {
  static constexpr std::string_view type = "ShippingTax";
  static constexpr std::array<std::string_view, 3> names{"category", "proportional", "highest"};
};

// Where prices include tax, what a buyer in another tax area pays: the same price whatever its tax
// is (keep_gross), or the same price without tax, and the tax there (keep_net).
enum class ForeignPrices { keep_gross, keep_net };
template <>
struct EnumNames<ForeignPrices> {
  static constexpr std::string_view type = "ForeignPrices";
  static constexpr std::array<std::string_view, 2> names{"keepGross", "keepNet"};
};

// What calculates the taxes of an order that has an address: the store's rates, or the host's
// TaxCalculator.
enum class TaxSource { rates, calculator };
template <>
struct EnumNames<TaxSource> {
  static constexpr std::string_view type = "TaxSource";
  static constexpr std::array<std::string_view, 2> names{"rates", "calculator"};
};

// What happens where the calculator fails: the store's rates apply, or the order is not placed
// (busy).
enum class TaxFallback { rates, refuse };
template <>
struct EnumNames<TaxFallback> {
  static constexpr std::string_view type = "TaxFallback";
  static constexpr std::array<std::string_view, 2> names{"rates", "refuse"};
};

// Why a tax line is what it is.
enum class TaxReason {
  rate,             // the rate's tax
  exempt_customer,  // none is due, because the customer is exempt
  reverse_charge,   // none is due here: the buyer, a business in another country, owes it there
};
template <>
struct EnumNames<TaxReason> {
  static constexpr std::string_view type = "TaxReason";
  static constexpr std::array<std::string_view, 3> names{"rate", "exemptCustomer", "reverseCharge"};
};

// A tax of a line, of the shipment, or of a whole order. That of a placed order stays as it was.
struct TaxLine {
  std::string name{};              // of its rate: "VAT"
  std::string rate{};              // percent: "19", "8.875"
  std::string country{};           // whose tax it is
  std::int64_t taxable_cents = 0;  // net, with the taxes that a compound rate is taken of
  std::int64_t tax_cents = 0;
  bool included = false;  // it is part of the prices; else it is added to them
  TaxReason reason = TaxReason::rate;
  bool operator==(const TaxLine&) const = default;
};

// The category of goods and of shipping methods that have no other.
inline constexpr std::string_view kStandardTaxCategory = "standard";
// No rate is taken of goods in this category.
inline constexpr std::string_view kExemptTaxCategory = "exempt";

struct TaxSettings {
  TaxSource source = TaxSource::rates;
  TaxFallback fallback = TaxFallback::rates;
  bool prices_include_tax = false;  // those of variants and shipping methods
  TaxRounding rounding = TaxRounding::half_up;
  TaxRoundingLevel rounding_level = TaxRoundingLevel::line;
  ShippingTax shipping_tax = ShippingTax::category;
  ForeignPrices foreign_prices = ForeignPrices::keep_gross;
  // Where the store is. Carts without an address are taxed as if they were sent there. Empty: they
  // are not taxed, and no price includes a tax that could be taken off.
  std::string home_country{};
  std::string home_region{};
  std::string home_postal_code{};
  std::string seller_tax_id{};
  // A customer with a tax id in one of these countries owes the tax there, if the store is in
  // another one of them (reverse charge): the home country is among them. Empty: nobody does.
  std::vector<std::string> reverse_charge_countries{};
  std::vector<std::string> categories{"standard", "reduced", "zero", "exempt"};
};

struct GetTaxSettings {};

// Absent fields keep their value.
struct UpdateTaxSettings {
  std::optional<TaxSource> source{};
  std::optional<TaxFallback> fallback{};
  std::optional<bool> prices_include_tax{};
  std::optional<TaxRounding> rounding{};
  std::optional<TaxRoundingLevel> rounding_level{};
  std::optional<ShippingTax> shipping_tax{};
  std::optional<ForeignPrices> foreign_prices{};
  std::optional<std::string> home_country{};  // empty: none
  std::optional<std::string> home_region{};
  std::optional<std::string> home_postal_code{};
  std::optional<std::string> seller_tax_id{};
  std::optional<std::vector<std::string>> reverse_charge_countries{};
  std::optional<std::vector<std::string>> categories{};  // all of them: none can be taken away
};

// Rates of this priority and above can only be added to others.
inline constexpr std::int64_t kMaxTaxPriority = 5;

struct TaxRate {
  TaxRateId id{};
  std::string name{};           // as buyers see it: "VAT"
  std::string rate{};           // percent, 0 to 100, with at most four decimals: "8.875"
  std::string country{};        // ISO 3166-1 alpha-2
  std::string region{};         // its code where the country has codes; empty: the whole country
  std::string postal_prefix{};  // of postal codes, without blanks; empty: all
  std::string category{};       // of TaxSettings::categories
  std::int64_t priority = 1;    // 1..kMaxTaxPriority, in the order in which rates are taken
  bool compound = false;        // taken of the taxes of lower priorities, too; priority 2 or 3
  std::optional<Timestamp> valid_from{};
  std::optional<Timestamp> valid_until{};  // the first moment at which it is not valid any more
};

struct ListTaxRates {
  std::int64_t limit = 50;
  std::optional<std::string> after{};
};

struct CreateTaxRate {
  std::string name{};
  std::string rate{};
  std::string country{};
  std::string region{};
  std::string postal_prefix{};
  std::string category{kStandardTaxCategory};
  std::int64_t priority = 1;
  bool compound = false;
  std::optional<Timestamp> valid_from{};
  std::optional<Timestamp> valid_until{};
};

struct UpdateTaxRate {
  TaxRateId tax_rate_id{};
  std::optional<std::string> name{};
  std::optional<std::string> rate{};
  Change<Timestamp> valid_from{};
  Change<Timestamp> valid_until{};
};

struct RemoveTaxRate {
  TaxRateId tax_rate_id{};
};

// Staff. A change is seen at once by open carts (Cart::problems); orders that are placed keep their
// taxes. Two rates for the same part of a country, category and priority are valid at different
// times, else the later one is conflict at `validFrom`. An error leaves the rates as they were.
class AdminTaxRates {
 public:
  explicit AdminTaxRates(Context& context) : context_(context) {}

  // Lists all of them, in the order in which they were made.
  // Errors: none of its own.
  Result<Page<TaxRate>> list(const Caller& caller, const ListTaxRates& request = {});
  // invalid_request also for a category that the settings do not have, and for one that is exempt.
  // Errors: conflict.
  Result<TaxRate> create(const Caller& caller, const CreateTaxRate& request);
  // A rate that has changed by law is better given an end, and a new one from then on.
  // Errors: not_found, conflict.
  Result<TaxRate> update(const Caller& caller, const UpdateTaxRate& request);
  // Errors: not_found.
  Result<Removed> remove(const Caller& caller, const RemoveTaxRate& request);

 private:
  Context& context_;
};

}  // namespace resys
