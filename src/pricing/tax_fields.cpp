// The fields of taxes.
#include "pricing/tax_fields.hpp"

#include <forward_list>

#include "base/make_schema.hpp"

namespace resys::fields {
namespace {

// The fields of the settings or of their update: each member of one is a member of the other. The
// description of each field ends with `ending`.
template <class Settings>
const Schema& settings_schema(std::string_view name, std::string_view ending) {
  static std::forward_list<std::string> docs;  // the schema refers to them
  const auto doc = [&](std::string_view text) -> std::string_view {
    return docs.emplace_front(text).append(ending);
  };
  static const Schema schema = make_schema<Settings>(
      std::string(name),
      field("source", &Settings::source,
            doc("What calculates the taxes of orders with an address: the store's rates, or the "
                "host's tax calculator")),
      field("fallback", &Settings::fallback,
            doc("What happens if the tax calculator fails: the store's rates apply, or placing is "
                "refused")),
      field("pricesIncludeTax", &Settings::prices_include_tax,
            doc("Whether the prices of variants and shipping methods include tax")),
      field("rounding", &Settings::rounding,
            doc("How tax is rounded: an exact half up or to the even number, or always down")),
      field("roundingLevel", &Settings::rounding_level,
            doc("What is rounded: the tax of a unit, of a line, or of the order for each rate")),
      field("shippingTax", &Settings::shipping_tax,
            doc("What shipping is taxed by: its own category, the shares of the goods "
                "(proportional), or the goods with the highest rates")),
      field("foreignPrices", &Settings::foreign_prices,
            doc("What buyers in other tax areas pay if prices include tax: the same price "
                "(keepGross), or the same net price plus the tax there (keepNet)")),
      field("homeCountry", &Settings::home_country,
            doc("Country of the store, by which carts without an address are taxed; may be empty"),
            kOptionalCountry),
      field("homeRegion", &Settings::home_region, doc("Region of the store; may be empty"),
            kRegion),
      field("homePostalCode", &Settings::home_postal_code,
            doc("Postal code of the store; may be empty"), kPostalCode),
      field("sellerTaxId", &Settings::seller_tax_id, doc("Tax id of the store; may be empty"),
            kTaxId),
      field("reverseChargeCountries", &Settings::reverse_charge_countries,
            doc("Countries among which a business buyer with a tax id owes the tax instead of the "
                "store"),
            kCountries),
      field("categories", &Settings::categories,
            doc("Tax categories of goods and shipping methods, 4 to 50; none can be taken away"),
            kTaxCategories));
  return schema;
}

}  // namespace

template <>
const Schema& schema_of<TaxLine>() {
  static const Schema schema = make_schema<TaxLine>(
      "TaxLine", field("name", &TaxLine::name, "Name of the tax, such as VAT"),
      field("rate", &TaxLine::rate, "Rate in percent, such as 19 or 8.875"),
      field("country", &TaxLine::country, "Country whose tax it is"),
      field("taxableCents", &TaxLine::taxable_cents,
            "Net amount that the tax is taken of, in minor units of the order's currency"),
      field("taxCents", &TaxLine::tax_cents, "Tax, in minor units of the order's currency"),
      field("included", &TaxLine::included,
            "Whether the tax is a part of the prices; else it is added to them"),
      field("reason", &TaxLine::reason,
            "Why the tax is what it is: the rate, or a reason for which none is due"));
  return schema;
}

template <>
const Schema& schema_of<TaxSettings>() {
  return settings_schema<TaxSettings>("TaxSettings", "");
}

template <>
const Schema& schema_of<GetTaxSettings>() {
  static const Schema schema = make_schema<GetTaxSettings>("GetTaxSettings");
  return schema;
}

template <>
const Schema& schema_of<UpdateTaxSettings>() {
  return settings_schema<UpdateTaxSettings>("UpdateTaxSettings", "; unchanged if absent");
}

template <>
const Schema& schema_of<TaxRate>() {
  static const Schema schema = make_schema<TaxRate>(
      "TaxRate", field("id", &TaxRate::id, "The rate's id"),
      field("name", &TaxRate::name, "Name that buyers see, such as VAT"),
      field("rate", &TaxRate::rate, "Rate in percent, such as 19 or 8.875"),
      field("country", &TaxRate::country, "Country in which it applies"),
      field("region", &TaxRate::region, "Region in which it applies; empty: the whole country"),
      field("postalPrefix", &TaxRate::postal_prefix,
            "Beginning of the postal codes for which it applies; empty: all"),
      field("category", &TaxRate::category, "Tax category to which it applies"),
      field("priority", &TaxRate::priority,
            "Of the rates with one priority only the closest applies; those of different "
            "priorities add up"),
      field("compound", &TaxRate::compound,
            "Whether it is also taken of the taxes of lower priorities"),
      field("validFrom", &TaxRate::valid_from, "When it begins, in UTC; null: always valid before"),
      field("validUntil", &TaxRate::valid_until, "When it ends, in UTC; null: it does not"));
  return schema;
}

template <>
const Schema& schema_of<ListTaxRates>() {
  static const Schema schema = make_schema<ListTaxRates>(
      "ListTaxRates",
      field("limit", &ListTaxRates::limit, "Maximum number of items in the page, 1 to 200",
            kPageSize),
      field("after", &ListTaxRates::after,
            "The `nextAfter` of the previous page; absent for the first page", kCursor));
  return schema;
}

template <>
const Schema& schema_of<CreateTaxRate>() {
  static const Schema schema = make_schema<CreateTaxRate>(
      "CreateTaxRate",
      required("name", &CreateTaxRate::name, "Name that buyers see, such as VAT", kName),
      required("rate", &CreateTaxRate::rate,
               "Rate in percent, 0 to 100, with at most four decimals, such as 19 or 8.875",
               kPercent),
      required("country", &CreateTaxRate::country, "Country in which it applies", kCountry),
      field("region", &CreateTaxRate::region,
            "Region in which it applies; empty: the whole country", kRegion),
      field("postalPrefix", &CreateTaxRate::postal_prefix,
            "Beginning of the postal codes for which it applies; empty: all", kPostalCode),
      field("category", &CreateTaxRate::category, "Tax category to which it applies", kTaxCategory),
      field("priority", &CreateTaxRate::priority,
            "1 to 5; of the rates with one priority only the closest applies, and those of "
            "different priorities add up",
            kTaxPriority),
      field("compound", &CreateTaxRate::compound,
            "Whether it is also taken of the taxes of lower priorities; for priority 2 or 3"),
      field("validFrom", &CreateTaxRate::valid_from,
            "When it begins, in UTC; absent: it was always valid"),
      field("validUntil", &CreateTaxRate::valid_until,
            "When it ends, in UTC; absent: it does not"));
  return schema;
}

template <>
const Schema& schema_of<UpdateTaxRate>() {
  static const Schema schema = make_schema<UpdateTaxRate>(
      "UpdateTaxRate",
      required("taxRateId", &UpdateTaxRate::tax_rate_id, "Id of the rate to change"),
      field("name", &UpdateTaxRate::name, "Name that buyers see; unchanged if absent", kName),
      field("rate", &UpdateTaxRate::rate,
            "Rate in percent, 0 to 100, with at most four decimals; unchanged if absent", kPercent),
      field("validFrom", &UpdateTaxRate::valid_from,
            "When it begins, in UTC; null: it was always valid; unchanged if absent"),
      field("validUntil", &UpdateTaxRate::valid_until,
            "When it ends, in UTC; null: it does not; unchanged if absent"));
  return schema;
}

template <>
const Schema& schema_of<RemoveTaxRate>() {
  static const Schema schema = make_schema<RemoveTaxRate>(
      "RemoveTaxRate",
      required("taxRateId", &RemoveTaxRate::tax_rate_id, "Id of the rate to remove"));
  return schema;
}

template <>
const Schema& schema_of<Page<TaxRate>>() {
  static const Schema schema = make_page_schema<TaxRate>();
  return schema;
}

}  // namespace resys::fields
