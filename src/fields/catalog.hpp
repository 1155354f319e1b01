// The fields of products and variants.
#pragma once

#include "fields/fields.hpp"
#include "resys/catalog.hpp"

namespace resys::fields {

template <>
struct Table<Variant> {
  static constexpr std::string_view type = "Variant";
  static constexpr auto rows = std::tuple{
      field("id", &Variant::id, "its id"),
      field("sku", &Variant::sku, "unique among its store's active variants"),
      field("name", &Variant::name, "what tells it from the product's other variants"),
      field("options", &Variant::options, "name and value pairs in the order they are shown"),
      field("priceCents", &Variant::price_cents, "in minor units of `currency`"),
      field("currency", &Variant::currency, "ISO 4217 code"),
      field("imageUrl", &Variant::image_url, "may be empty"),
      field("availableQuantity", &Variant::available_quantity,
            "on hand less reserved, over all active locations, never below 0"),
      field("backorderable", &Variant::backorderable, "can be bought without stock"),
      field("active", &Variant::active, "false: not for sale")};
};

template <>
struct Table<Product> {
  static constexpr std::string_view type = "Product";
  static constexpr auto rows = std::tuple{
      field("id", &Product::id, "its id"),
      field("slug", &Product::slug, "its name in addresses, unique in its store"),
      field("name", &Product::name, "its name"),
      field("description", &Product::description, "may be empty"),
      field("categories", &Product::categories, "their names"),
      field("variants", &Product::variants, "what can be bought; shoppers see the active ones"),
      field("active", &Product::active, "false: not for sale")};
};

template <>
struct Table<ListProducts> {
  static constexpr std::string_view type = "ListProducts";
  static constexpr auto rows = std::tuple{
      field("limit", &ListProducts::limit, "how many at most", kPageSize),
      field("after", &ListProducts::after, "the `nextAfter` of the page before", kCursor)};
};

template <>
struct Table<GetProduct> {
  static constexpr std::string_view type = "GetProduct";
  static constexpr auto rows =
      std::tuple{required("slug", &GetProduct::slug, "which product", kSlug)};
};

template <>
struct Table<ListCurrencies> {
  static constexpr std::string_view type = "ListCurrencies";
  static constexpr auto rows = std::tuple<>{};
};

template <>
struct Table<CurrencyInfo> {
  static constexpr std::string_view type = "CurrencyInfo";
  static constexpr auto rows =
      std::tuple{field("code", &CurrencyInfo::code, "ISO 4217 code"),
                 field("decimals", &CurrencyInfo::decimals,
                       "digits behind the point; amounts are in units of the last one"),
                 field("withdrawnSince", &CurrencyInfo::withdrawn_since,
                       "a day; then it is in old records only, and in no new price"),
                 field("successor", &CurrencyInfo::successor, "what is used instead")};
};

template <>
struct Table<NewVariant> {
  static constexpr std::string_view type = "NewVariant";
  static constexpr auto rows = std::tuple{
      required("sku", &NewVariant::sku, "unique among its store's active variants", kSku),
      field("name", &NewVariant::name, "what tells it from the product's other variants",
            kOptionalName),
      field("options", &NewVariant::options, "name and value pairs in the order they are shown",
            kOptions),
      required("priceCents", &NewVariant::price_cents, "in minor units of `currency`", kCents),
      required("currency", &NewVariant::currency, "ISO 4217 code"),
      field("imageUrl", &NewVariant::image_url, "may be empty", kUrl)};
};

template <>
struct Table<CreateProduct> {
  static constexpr std::string_view type = "CreateProduct";
  static constexpr auto rows = std::tuple{
      required("slug", &CreateProduct::slug, "its name in addresses, unique in its store", kSlug),
      required("name", &CreateProduct::name, "its name", kName),
      field("description", &CreateProduct::description, "may be empty", kDescription),
      field("categories", &CreateProduct::categories, "their names", kCategories),
      field("variants", &CreateProduct::variants, "what can be bought", kVariants),
      field("active", &CreateProduct::active, "false: not for sale")};
};

template <>
struct Table<UpdateProduct> {
  static constexpr std::string_view type = "UpdateProduct";
  static constexpr auto rows = std::tuple{
      required("productId", &UpdateProduct::product_id, "which product"),
      field("slug", &UpdateProduct::slug, "its name in addresses, unique in its store", kSlug),
      field("name", &UpdateProduct::name, "its name", kName),
      field("description", &UpdateProduct::description, "may be empty", kDescription),
      field("categories", &UpdateProduct::categories, "their names", kCategories),
      field("active", &UpdateProduct::active, "false: not for sale")};
};

template <>
struct Table<CreateVariant> {
  static constexpr std::string_view type = "CreateVariant";
  static constexpr auto rows = std::tuple{
      required("productId", &CreateVariant::product_id, "of which product"),
      required("sku", &CreateVariant::sku, "unique among its store's active variants", kSku),
      field("name", &CreateVariant::name, "what tells it from the product's other variants",
            kOptionalName),
      field("options", &CreateVariant::options, "name and value pairs in the order they are shown",
            kOptions),
      required("priceCents", &CreateVariant::price_cents, "in minor units of `currency`", kCents),
      required("currency", &CreateVariant::currency, "ISO 4217 code"),
      field("imageUrl", &CreateVariant::image_url, "may be empty", kUrl)};
};

// Of the `variantId` beside a SKU.
inline constexpr const char* kWhichOfSku =
    "which of those with this SKU; absent: the active one, else the newest";

template <>
struct Table<UpdateVariant> {
  static constexpr std::string_view type = "UpdateVariant";
  static constexpr auto rows = std::tuple{
      required("sku", &UpdateVariant::sku, "which variant", kSku),
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
      field("active", &UpdateVariant::active, "false: not for sale")};
};

template <>
struct Table<DeleteVariant> {
  static constexpr std::string_view type = "DeleteVariant";
  static constexpr auto rows =
      std::tuple{required("sku", &DeleteVariant::sku, "which variant", kSku),
                 field("variantId", &DeleteVariant::variant_id, kWhichOfSku)};
};

}  // namespace resys::fields
