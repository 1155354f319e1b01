// The fields of what a tax calculator is asked, and returns.
#include "order/tax_calculation_fields.hpp"

#include "base/make_schema.hpp"
#include "customer/fields.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<TaxableItem>() {
  static const Schema schema = make_schema<TaxableItem>(
      "TaxableItem",
      field("reference", &TaxableItem::reference, "Id of the line; shipping for the shipment"),
      field("sku", &TaxableItem::sku, "SKU of the variant; empty for the shipment"),
      field("taxCategory", &TaxableItem::tax_category, "Tax category"),
      field("quantity", &TaxableItem::quantity, "Number of units"),
      field("amountCents", &TaxableItem::amount_cents,
            "Amount of all units less discounts, with tax if prices include it, in minor units of "
            "the order's currency"));
  return schema;
}

template <>
const Schema& schema_of<CalculateTaxes>() {
  static const Schema schema = make_schema<CalculateTaxes>(
      "CalculateTaxes", field("store", &CalculateTaxes::store, "Tenant that the order belongs to"),
      field("orderId", &CalculateTaxes::order_id, "The order's id"),
      field("currency", &CalculateTaxes::currency, "ISO 4217 code of all amounts"),
      field("pricesIncludeTax", &CalculateTaxes::prices_include_tax,
            "Whether the amounts include tax"),
      field("address", &CalculateTaxes::address, "Shipping address"),
      field("taxId", &CalculateTaxes::tax_id,
            "Tax id of the business that buys; empty if there is none"),
      field("taxExempt", &CalculateTaxes::tax_exempt, "Whether the customer pays no tax"),
      field("items", &CalculateTaxes::items, "The lines, and the shipment if it has a price"),
      field("timeoutMs", &CalculateTaxes::timeout_ms,
            "Milliseconds within which the answer is expected"));
  return schema;
}

template <>
const Schema& schema_of<CalculatedTax>() {
  static const Schema schema = make_schema<CalculatedTax>(
      "CalculatedTax",
      required("name", &CalculatedTax::name, "Name that buyers see, such as VAT", kName),
      required("rate", &CalculatedTax::rate, "Rate in percent, such as 19 or 8.875",
               kCalculatedRate),
      field("country", &CalculatedTax::country, "Country whose tax it is; may be empty",
            kOptionalCountry),
      field("taxableCents", &CalculatedTax::taxable_cents,
            "Net amount that the tax is taken of, in minor units of the order's currency", kCents),
      required("taxCents", &CalculatedTax::tax_cents,
               "Tax: a part of the amount if prices include it, else beside it, in minor units of "
               "the order's currency",
               kCents),
      field("reason", &CalculatedTax::reason,
            "Why the tax is what it is: the rate, or a reason for which none is due"));
  return schema;
}

template <>
const Schema& schema_of<ItemTaxes>() {
  static const Schema schema = make_schema<ItemTaxes>(
      "ItemTaxes", required("reference", &ItemTaxes::reference, "Reference of the item"),
      required("taxes", &ItemTaxes::taxes, "Taxes of the item; empty if there is none",
               kTaxesOfItem));
  return schema;
}

template <>
const Schema& schema_of<CalculatedTaxes>() {
  static const Schema schema = make_schema<CalculatedTaxes>(
      "CalculatedTaxes",
      required("items", &CalculatedTaxes::items, "One for each item of the request, in any order",
               kTaxedItems),
      field("externalId", &CalculatedTaxes::external_id,
            "The service's id of the calculation, kept with the order; may be empty",
            kCalculationId));
  return schema;
}

}  // namespace resys::fields
