// The fields of products and variants.
#include "fields/catalog.hpp"

#include "fields/make_schema.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<Variant>() {
  static const Schema schema = make_schema<Variant>(
      "Variant", field("id", &Variant::id, "its id"),
      field("sku", &Variant::sku, "unique among its store's active variants"),
      field("name", &Variant::name, "what tells it from the product's other variants"),
      field("options", &Variant::options, "name and value pairs in the order they are shown"),
      field("priceCents", &Variant::price_cents, "in minor units of `currency`"),
      field("currency", &Variant::currency, "ISO 4217 code"),
      field("imageUrl", &Variant::image_url, "may be empty"),
      field("availableQuantity", &Variant::available_quantity,
            "on hand less reserved, over all active locations, never below 0"),
      field("backorderable", &Variant::backorderable, "can be bought without stock"),
      field("active", &Variant::active, "false: not for sale"));
  return schema;
}

template <>
const Schema& schema_of<Product>() {
  static const Schema schema = make_schema<Product>(
      "Product", field("id", &Product::id, "its id"),
      field("slug", &Product::slug, "its name in addresses, unique in its store"),
      field("name", &Product::name, "its name"),
      field("description", &Product::description, "may be empty"),
      field("categories", &Product::categories, "their names"),
      field("variants", &Product::variants, "what can be bought; shoppers see the active ones"),
      field("active", &Product::active, "false: not for sale"));
  return schema;
}

template <>
const Schema& schema_of<ListProducts>() {
  static const Schema schema = make_schema<ListProducts>(
      "ListProducts", field("limit", &ListProducts::limit, "how many at most", kPageSize),
      field("after", &ListProducts::after, "the `nextAfter` of the page before", kCursor));
  return schema;
}

template <>
const Schema& schema_of<GetProduct>() {
  static const Schema schema = make_schema<GetProduct>(
      "GetProduct", required("slug", &GetProduct::slug, "which product", kSlug));
  return schema;
}

template <>
const Schema& schema_of<ListCurrencies>() {
  static const Schema schema = make_schema<ListCurrencies>("ListCurrencies");
  return schema;
}

template <>
const Schema& schema_of<CurrencyInfo>() {
  static const Schema schema = make_schema<CurrencyInfo>(
      "CurrencyInfo", field("code", &CurrencyInfo::code, "ISO 4217 code"),
      field("decimals", &CurrencyInfo::decimals,
            "digits behind the point; amounts are in units of the last one"),
      field("withdrawnSince", &CurrencyInfo::withdrawn_since,
            "a day; then it is in old records only, and in no new price"),
      field("successor", &CurrencyInfo::successor, "what is used instead"));
  return schema;
}

template <>
const Schema& schema_of<NewVariant>() {
  static const Schema schema = make_schema<NewVariant>(
      "NewVariant",
      required("sku", &NewVariant::sku, "unique among its store's active variants", kSku),
      field("name", &NewVariant::name, "what tells it from the product's other variants",
            kOptionalName),
      field("options", &NewVariant::options, "name and value pairs in the order they are shown",
            kOptions),
      required("priceCents", &NewVariant::price_cents, "in minor units of `currency`", kCents),
      required("currency", &NewVariant::currency, "ISO 4217 code"),
      field("imageUrl", &NewVariant::image_url, "may be empty", kUrl));
  return schema;
}

template <>
const Schema& schema_of<CreateProduct>() {
  static const Schema schema = make_schema<CreateProduct>(
      "CreateProduct",
      required("slug", &CreateProduct::slug, "its name in addresses, unique in its store", kSlug),
      required("name", &CreateProduct::name, "its name", kName),
      field("description", &CreateProduct::description, "may be empty", kDescription),
      field("categories", &CreateProduct::categories, "their names", kCategories),
      field("variants", &CreateProduct::variants, "what can be bought", kVariants),
      field("active", &CreateProduct::active, "false: not for sale"));
  return schema;
}

template <>
const Schema& schema_of<UpdateProduct>() {
  static const Schema schema = make_schema<UpdateProduct>(
      "UpdateProduct", required("productId", &UpdateProduct::product_id, "which product"),
      field("slug", &UpdateProduct::slug, "its name in addresses, unique in its store", kSlug),
      field("name", &UpdateProduct::name, "its name", kName),
      field("description", &UpdateProduct::description, "may be empty", kDescription),
      field("categories", &UpdateProduct::categories, "their names", kCategories),
      field("active", &UpdateProduct::active, "false: not for sale"));
  return schema;
}

template <>
const Schema& schema_of<CreateVariant>() {
  static const Schema schema = make_schema<CreateVariant>(
      "CreateVariant", required("productId", &CreateVariant::product_id, "of which product"),
      required("sku", &CreateVariant::sku, "unique among its store's active variants", kSku),
      field("name", &CreateVariant::name, "what tells it from the product's other variants",
            kOptionalName),
      field("options", &CreateVariant::options, "name and value pairs in the order they are shown",
            kOptions),
      required("priceCents", &CreateVariant::price_cents, "in minor units of `currency`", kCents),
      required("currency", &CreateVariant::currency, "ISO 4217 code"),
      field("imageUrl", &CreateVariant::image_url, "may be empty", kUrl));
  return schema;
}

template <>
const Schema& schema_of<UpdateVariant>() {
  static const Schema schema = make_schema<UpdateVariant>(
      "UpdateVariant", required("sku", &UpdateVariant::sku, "which variant", kSku),
      field("variantId", &UpdateVariant::variant_id, kWhichOfSku),
      field("newSku", &UpdateVariant::new_sku,
            "its SKU from now on; orders keep the one they were placed with", kSku),
      field("name", &UpdateVariant::name, "what tells it from the product's other variants",
            kOptionalName),
      field("options", &UpdateVariant::options, "name and value pairs in the order they are shown",
            kOptions),
      field("priceCents", &UpdateVariant::price_cents, "in minor units of the variant's currency",
            kCents),
      field("currency", &UpdateVariant::currency, "of `priceCents`: the variant's, which stays"),
      field("imageUrl", &UpdateVariant::image_url, "may be empty", kUrl),
      field("active", &UpdateVariant::active, "false: not for sale"));
  return schema;
}

template <>
const Schema& schema_of<DeleteVariant>() {
  static const Schema schema = make_schema<DeleteVariant>(
      "DeleteVariant", required("sku", &DeleteVariant::sku, "which variant", kSku),
      field("variantId", &DeleteVariant::variant_id, kWhichOfSku));
  return schema;
}

template <>
const Schema& schema_of<Page<Product>>() {
  static const Schema schema = make_page_schema<Product>();
  return schema;
}

template <>
const Schema& schema_of<Page<CurrencyInfo>>() {
  static const Schema schema = make_page_schema<CurrencyInfo>();
  return schema;
}

}  // namespace resys::fields
