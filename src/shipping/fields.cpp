// The fields of shipping methods.
#include "shipping/fields.hpp"

#include "base/make_schema.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<ShippingMethod>() {
  static const Schema schema = make_schema<ShippingMethod>(
      "ShippingMethod", field("id", &ShippingMethod::id, "The shipping method's id"),
      field("name", &ShippingMethod::name, "Name shown to shoppers"),
      field("kind", &ShippingMethod::kind,
            "How the price is calculated: per order (flat, freeOver) or per unit (perItem)"),
      field("priceCents", &ShippingMethod::price_cents,
            "Price of an order, or of one unit if `kind` is perItem, in minor units of `currency`"),
      field("freeOverCents", &ShippingMethod::free_over_cents,
            "Items less discounts from which shipping is free, for kind freeOver, in minor units "
            "of `currency`; null if not set"),
      field("currency", &ShippingMethod::currency,
            "ISO 4217 code of its amounts; it serves carts in this currency only"),
      field("countries", &ShippingMethod::countries,
            "Country codes that it serves, ISO 3166-1 alpha-2; every country if empty"),
      field("taxCategory", &ShippingMethod::tax_category,
            "Tax category, unless the tax settings tax shipping by the goods"),
      field("active", &ShippingMethod::active, "Whether it is offered to shoppers"),
      field("position", &ShippingMethod::position, "Position in lists; the lowest comes first"));
  return schema;
}

template <>
const Schema& schema_of<ListShippingMethods>() {
  static const Schema schema = make_schema<ListShippingMethods>("ListShippingMethods");
  return schema;
}

template <>
const Schema& schema_of<CreateShippingMethod>() {
  static const Schema schema = make_schema<CreateShippingMethod>(
      "CreateShippingMethod",
      required("name", &CreateShippingMethod::name, "Name shown to shoppers", kName),
      field("kind", &CreateShippingMethod::kind,
            "How the price is calculated: per order (flat, freeOver) or per unit (perItem)"),
      required(
          "priceCents", &CreateShippingMethod::price_cents,
          "Price of an order, or of one unit if `kind` is perItem, in minor units of `currency`",
          kCents),
      field("freeOverCents", &CreateShippingMethod::free_over_cents,
            "Items less discounts from which shipping is free, in minor units of `currency`; "
            "required for kind freeOver, else ignored",
            kCents),
      required("currency", &CreateShippingMethod::currency,
               "ISO 4217 code of its amounts; it serves carts in this currency only"),
      field("countries", &CreateShippingMethod::countries,
            "Country codes that it serves, ISO 3166-1 alpha-2; every country if empty", kCountries),
      field("taxCategory", &CreateShippingMethod::tax_category,
            "Tax category, unless the tax settings tax shipping by the goods", kTaxCategory),
      field("active", &CreateShippingMethod::active, "Whether it is offered to shoppers"),
      field("position", &CreateShippingMethod::position,
            "Position in lists, 0 to 1,000,000; the lowest comes first", kPosition));
  return schema;
}

template <>
const Schema& schema_of<UpdateShippingMethod>() {
  static const Schema schema = make_schema<UpdateShippingMethod>(
      "UpdateShippingMethod",
      required("shippingMethodId", &UpdateShippingMethod::shipping_method_id,
               "Id of the shipping method to change"),
      field("name", &UpdateShippingMethod::name, "New name shown to shoppers; unchanged if absent",
            kName),
      field("kind", &UpdateShippingMethod::kind,
            "How the price is calculated: per order (flat, freeOver) or per unit (perItem); "
            "unchanged if absent"),
      field("priceCents", &UpdateShippingMethod::price_cents,
            "New price of an order, or of one unit if perItem, in minor units of the method's "
            "currency; unchanged if absent",
            kCents),
      field("freeOverCents", &UpdateShippingMethod::free_over_cents,
            "Items less discounts from which it is free, in minor units of the method's currency; "
            "unchanged if absent",
            kCents),
      field("currency", &UpdateShippingMethod::currency,
            "Currency of the amounts; if given, it must be the method's, which cannot change"),
      field("countries", &UpdateShippingMethod::countries,
            "All country codes that it serves, ISO 3166-1 alpha-2; every country if empty; "
            "unchanged if absent",
            kCountries),
      field("taxCategory", &UpdateShippingMethod::tax_category, "Tax category; unchanged if absent",
            kTaxCategory),
      field("active", &UpdateShippingMethod::active,
            "Whether it is offered to shoppers; unchanged if absent"),
      field("position", &UpdateShippingMethod::position,
            "New position in lists, 0 to 1,000,000; the lowest comes first; unchanged if absent",
            kPosition));
  return schema;
}

template <>
const Schema& schema_of<Page<ShippingMethod>>() {
  static const Schema schema = make_page_schema<ShippingMethod>();
  return schema;
}

}  // namespace resys::fields
