// The fields of shipping methods.
#include "fields/shipping.hpp"

#include "fields/make_schema.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<ShippingMethod>() {
  static const Schema schema = make_schema<ShippingMethod>(
      "ShippingMethod", field("id", &ShippingMethod::id, "its id"),
      field("name", &ShippingMethod::name, "its name"),
      field("kind", &ShippingMethod::kind, "how the price is found"),
      field("priceCents", &ShippingMethod::price_cents, "of an order, or of a unit if perItem"),
      field("freeOverCents", &ShippingMethod::free_over_cents,
            "of freeOver: free once items less discounts reach it; null: not given"),
      field("currency", &ShippingMethod::currency, "ISO 4217 code"),
      field("countries", &ShippingMethod::countries, "ISO 3166-1 alpha-2; empty: every country"),
      field("active", &ShippingMethod::active, "false: not offered"),
      field("position", &ShippingMethod::position, "the lowest is shown first"));
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
      "CreateShippingMethod", required("name", &CreateShippingMethod::name, "its name", kName),
      field("kind", &CreateShippingMethod::kind, "how the price is found"),
      required("priceCents", &CreateShippingMethod::price_cents,
               "of an order, or of a unit if perItem", kCents),
      field("freeOverCents", &CreateShippingMethod::free_over_cents,
            "of freeOver: free once items less discounts reach it", kCents),
      required("currency", &CreateShippingMethod::currency, "ISO 4217 code"),
      field("countries", &CreateShippingMethod::countries,
            "ISO 3166-1 alpha-2; empty: every country", kCountries),
      field("active", &CreateShippingMethod::active, "false: not offered"),
      field("position", &CreateShippingMethod::position, "the lowest is shown first", kPosition));
  return schema;
}

template <>
const Schema& schema_of<UpdateShippingMethod>() {
  static const Schema schema = make_schema<UpdateShippingMethod>(
      "UpdateShippingMethod",
      required("shippingMethodId", &UpdateShippingMethod::shipping_method_id,
               "which shipping method"),
      field("name", &UpdateShippingMethod::name, "its name", kName),
      field("kind", &UpdateShippingMethod::kind, "how the price is found"),
      field("priceCents", &UpdateShippingMethod::price_cents,
            "of an order, or of a unit if perItem", kCents),
      field("freeOverCents", &UpdateShippingMethod::free_over_cents,
            "of freeOver: free once items less discounts reach it", kCents),
      field("currency", &UpdateShippingMethod::currency, "of these amounts: the method's"),
      field("countries", &UpdateShippingMethod::countries,
            "ISO 3166-1 alpha-2; empty: every country", kCountries),
      field("active", &UpdateShippingMethod::active, "false: not offered"),
      field("position", &UpdateShippingMethod::position, "the lowest is shown first", kPosition));
  return schema;
}

template <>
const Schema& schema_of<Page<ShippingMethod>>() {
  static const Schema schema = make_page_schema<ShippingMethod>();
  return schema;
}

}  // namespace resys::fields
