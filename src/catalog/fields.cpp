// The fields of products and variants.
#include "catalog/fields.hpp"

#include "base/make_schema.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<VariantPrice>() {
  static const Schema schema = make_schema<VariantPrice>(
      "VariantPrice", field("currency", &VariantPrice::currency, "ISO 4217 code of the price"),
      field("priceCents", &VariantPrice::price_cents,
            "Price of one unit, in minor units of `currency`"),
      field("compareAtCents", &VariantPrice::compare_at_cents,
            "Higher price to compare with, in minor units of `currency`; null if there is none"),
      field("lowestPriceCents", &VariantPrice::lowest_price_cents,
            "Lowest price in the 30 days before the current price began, in minor units of "
            "`currency`; null without `compareAtCents` or if it had no price then"));
  return schema;
}

template <>
const Schema& schema_of<NewVariantPrice>() {
  static const Schema schema = make_schema<NewVariantPrice>(
      "NewVariantPrice",
      required("currency", &NewVariantPrice::currency, "ISO 4217 code of the price"),
      required("priceCents", &NewVariantPrice::price_cents,
               "Price of one unit, 0 or more, in minor units of `currency`", kCents),
      field("compareAtCents", &NewVariantPrice::compare_at_cents,
            "Higher price to compare with, in minor units of `currency`", kCents));
  return schema;
}

template <>
const Schema& schema_of<PriceChange>() {
  static const Schema schema = make_schema<PriceChange>(
      "PriceChange", field("changedAt", &PriceChange::changed_at, "When the price began, in UTC"),
      field("currency", &PriceChange::currency, "ISO 4217 code of the price"),
      field("priceListId", &PriceChange::price_list_id,
            "The price list that it is of; null: the variant's own price"),
      field("minQuantity", &PriceChange::min_quantity,
            "Quantity of a line from which on it counted"),
      field("priceCents", &PriceChange::price_cents,
            "Price of one unit, in minor units of `currency`; null: there was none any more"));
  return schema;
}

template <>
const Schema& schema_of<ListPriceChanges>() {
  static const Schema schema = make_schema<ListPriceChanges>(
      "ListPriceChanges", required("sku", &ListPriceChanges::sku, "SKU of the variant", kSku),
      field("variantId", &ListPriceChanges::variant_id, kWhichOfSku),
      field("currency", &ListPriceChanges::currency,
            "Currency of the prices; the variant's own if absent"),
      field("priceListId", &ListPriceChanges::price_list_id,
            "The price list whose prices are listed; the variant's own prices if absent"),
      field("limit", &ListPriceChanges::limit, "Maximum number of items in the page, 1 to 200",
            kPageSize),
      field("after", &ListPriceChanges::after,
            "The `nextAfter` of the previous page; absent for the first page", kCursor));
  return schema;
}

template <>
const Schema& schema_of<Variant>() {
  static const Schema schema = make_schema<Variant>(
      "Variant", field("id", &Variant::id, "The variant's id"),
      field("sku", &Variant::sku, "SKU, unique among the tenant's active variants"),
      field("name", &Variant::name,
            "Name that distinguishes it from the product's other variants; may be empty"),
      field("options", &Variant::options, "Option names and values, in display order"),
      field("priceCents", &Variant::price_cents, "Price of one unit, in minor units of `currency`"),
      field("currency", &Variant::currency, "ISO 4217 code of the price"),
      field("compareAtCents", &Variant::compare_at_cents,
            "Higher price to compare with, in minor units of `currency`; null if there is none"),
      field("lowestPriceCents", &Variant::lowest_price_cents,
            "Lowest price in the 30 days before the current price began, in minor units of "
            "`currency`; null without `compareAtCents` or if it had no price then"),
      field("prices", &Variant::prices, "Its prices in further currencies"),
      field("minQuantity", &Variant::min_quantity, "Least quantity of a line"),
      field("maxQuantity", &Variant::max_quantity, "Largest quantity of a line; null: no limit"),
      field("quantityStep", &Variant::quantity_step,
            "Number that the quantity of a line is a multiple of"),
      field("weightGrams", &Variant::weight_grams,
            "Weight of one unit in grams; null if it is not known"),
      field("imageUrl", &Variant::image_url,
            "URL of an image, absolute or relative; empty if there is none"),
      field("taxCategory", &Variant::tax_category, "Tax category, such as standard or reduced"),
      field("availableQuantity", &Variant::available_quantity,
            "Units on hand less reserved units, over all active locations; never below 0"),
      field("backorderable", &Variant::backorderable,
            "Whether it can be ordered without stock, at one active location at least"),
      field("active", &Variant::active,
            "Whether it is for sale, provided that its product is active too"));
  return schema;
}

template <>
const Schema& schema_of<Product>() {
  static const Schema schema = make_schema<Product>(
      "Product", field("id", &Product::id, "The product's id"),
      field("slug", &Product::slug, "Name for URLs, unique within the tenant"),
      field("name", &Product::name, "Name shown to shoppers"),
      field("description", &Product::description,
            "Description, possibly of several lines; empty if there is none"),
      field("categories", &Product::categories, "Names of the categories that it is in"),
      field("variants", &Product::variants, "Its variants; shoppers see only the active ones"),
      field("active", &Product::active, "Whether it is for sale"));
  return schema;
}

template <>
const Schema& schema_of<ListProducts>() {
  static const Schema schema = make_schema<ListProducts>(
      "ListProducts",
      field("limit", &ListProducts::limit, "Maximum number of items in the page, 1 to 200",
            kPageSize),
      field("after", &ListProducts::after,
            "The `nextAfter` of the previous page; absent for the first page", kCursor),
      field("currency", &ListProducts::currency,
            "Currency in which variants are shown that have a price in it; the cart's if absent"));
  return schema;
}

template <>
const Schema& schema_of<GetProduct>() {
  static const Schema schema = make_schema<GetProduct>(
      "GetProduct", required("slug", &GetProduct::slug, "Slug of the product", kSlug),
      field("currency", &GetProduct::currency,
            "Currency in which variants are shown that have a price in it; the cart's if absent"));
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
            "Number of decimals; amounts are integers in units of the last decimal"),
      field("withdrawnSince", &CurrencyInfo::withdrawn_since,
            "Date of withdrawal, such as 2026-01-01: no new prices since then; null if in use"),
      field("successor", &CurrencyInfo::successor,
            "Currency that has replaced it; null if it is in use"));
  return schema;
}

template <>
const Schema& schema_of<NewVariant>() {
  static const Schema schema = make_schema<NewVariant>(
      "NewVariant",
      required("sku", &NewVariant::sku,
               "SKU, 1 to 100 characters, unique among the tenant's active variants", kSku),
      field("name", &NewVariant::name,
            "Name that distinguishes it from the product's other variants; may be empty",
            kOptionalName),
      field("options", &NewVariant::options,
            "Option names and values, in display order, at most 20", kOptions),
      required("priceCents", &NewVariant::price_cents,
               "Price of one unit, 0 or more, in minor units of `currency`", kCents),
      required("currency", &NewVariant::currency, "ISO 4217 code of the price"),
      field("compareAtCents", &NewVariant::compare_at_cents,
            "Higher price to compare with, in minor units of `currency`", kCents),
      field("prices", &NewVariant::prices, "Its prices in further currencies, at most 50",
            kVariantPrices),
      field("minQuantity", &NewVariant::min_quantity, "Least quantity of a line, 1 to 10,000",
            kUnits),
      field("maxQuantity", &NewVariant::max_quantity,
            "Largest quantity of a line, 1 to 10,000; no limit if absent", kUnits),
      field("quantityStep", &NewVariant::quantity_step,
            "Number that the quantity of a line is a multiple of, 1 to 10,000", kUnits),
      field("weightGrams", &NewVariant::weight_grams, "Weight of one unit in grams", kGrams),
      field("imageUrl", &NewVariant::image_url,
            "URL of an image, absolute or relative; may be empty", kUrl),
      field("taxCategory", &NewVariant::tax_category,
            "Tax category, one of those in the tax settings", kTaxCategory));
  return schema;
}

template <>
const Schema& schema_of<CreateProduct>() {
  static const Schema schema = make_schema<CreateProduct>(
      "CreateProduct",
      required("slug", &CreateProduct::slug,
               "Name for URLs, of a-z, 0-9 and hyphens, unique within the tenant", kSlug),
      required("name", &CreateProduct::name, "Name shown to shoppers", kName),
      field("description", &CreateProduct::description,
            "Description, possibly of several lines; may be empty", kDescription),
      field("categories", &CreateProduct::categories,
            "Names of the categories that it is in, at most 50", kCategories),
      field("variants", &CreateProduct::variants,
            "Its variants, at most 100; more can be added one by one", kVariants),
      field("active", &CreateProduct::active, "Whether it is for sale"));
  return schema;
}

template <>
const Schema& schema_of<UpdateProduct>() {
  static const Schema schema = make_schema<UpdateProduct>(
      "UpdateProduct",
      required("productId", &UpdateProduct::product_id, "Id of the product to change"),
      field("slug", &UpdateProduct::slug,
            "New name for URLs, of a-z, 0-9 and hyphens, unique within the tenant; unchanged if "
            "absent",
            kSlug),
      field("name", &UpdateProduct::name, "New name shown to shoppers; unchanged if absent", kName),
      field("description", &UpdateProduct::description,
            "New description, possibly of several lines; may be empty; unchanged if absent",
            kDescription),
      field("categories", &UpdateProduct::categories,
            "All categories that it is in from now on, at most 50; unchanged if absent",
            kCategories),
      field("active", &UpdateProduct::active, "Whether it is for sale; unchanged if absent"));
  return schema;
}

template <>
const Schema& schema_of<CreateVariant>() {
  static const Schema schema = make_schema<CreateVariant>(
      "CreateVariant",
      required("productId", &CreateVariant::product_id, "Id of the product that it belongs to"),
      required("sku", &CreateVariant::sku,
               "SKU, 1 to 100 characters, unique among the tenant's active variants", kSku),
      field("name", &CreateVariant::name,
            "Name that distinguishes it from the product's other variants; may be empty",
            kOptionalName),
      field("options", &CreateVariant::options,
            "Option names and values, in display order, at most 20", kOptions),
      required("priceCents", &CreateVariant::price_cents,
               "Price of one unit, 0 or more, in minor units of `currency`", kCents),
      required("currency", &CreateVariant::currency, "ISO 4217 code of the price"),
      field("compareAtCents", &CreateVariant::compare_at_cents,
            "Higher price to compare with, in minor units of `currency`", kCents),
      field("prices", &CreateVariant::prices, "Its prices in further currencies, at most 50",
            kVariantPrices),
      field("minQuantity", &CreateVariant::min_quantity, "Least quantity of a line, 1 to 10,000",
            kUnits),
      field("maxQuantity", &CreateVariant::max_quantity,
            "Largest quantity of a line, 1 to 10,000; no limit if absent", kUnits),
      field("quantityStep", &CreateVariant::quantity_step,
            "Number that the quantity of a line is a multiple of, 1 to 10,000", kUnits),
      field("weightGrams", &CreateVariant::weight_grams, "Weight of one unit in grams", kGrams),
      field("imageUrl", &CreateVariant::image_url,
            "URL of an image, absolute or relative; may be empty", kUrl),
      field("taxCategory", &CreateVariant::tax_category,
            "Tax category, one of those in the tax settings", kTaxCategory));
  return schema;
}

template <>
const Schema& schema_of<UpdateVariant>() {
  static const Schema schema = make_schema<UpdateVariant>(
      "UpdateVariant",
      required("sku", &UpdateVariant::sku, "Current SKU of the variant to change", kSku),
      field("variantId", &UpdateVariant::variant_id, kWhichOfSku),
      field("newSku", &UpdateVariant::new_sku,
            "New SKU; placed orders keep the one they were ordered under; unchanged if absent",
            kSku),
      field("name", &UpdateVariant::name,
            "New name that distinguishes it from the product's other variants; unchanged if absent",
            kOptionalName),
      field("options", &UpdateVariant::options,
            "All option names and values from now on, in display order, at most 20; unchanged if "
            "absent",
            kOptions),
      field("priceCents", &UpdateVariant::price_cents,
            "New price of one unit, in minor units of the variant's currency; unchanged if absent",
            kCents),
      field("currency", &UpdateVariant::currency,
            "Currency of `priceCents`; if given, it must be the variant's, which cannot change"),
      field("compareAtCents", &UpdateVariant::compare_at_cents,
            "Higher price to compare with, in minor units of the variant's currency; null removes "
            "it, as does a price that reaches it; unchanged if absent",
            kCents),
      field("prices", &UpdateVariant::prices,
            "All prices in further currencies from now on, at most 50; unchanged if absent",
            kVariantPrices),
      field("minQuantity", &UpdateVariant::min_quantity,
            "Least quantity of a line, 1 to 10,000; unchanged if absent", kUnits),
      field("maxQuantity", &UpdateVariant::max_quantity,
            "Largest quantity of a line, 1 to 10,000; null: no limit; unchanged if absent", kUnits),
      field("quantityStep", &UpdateVariant::quantity_step,
            "Number that the quantity of a line is a multiple of, 1 to 10,000; unchanged if "
            "absent",
            kUnits),
      field("weightGrams", &UpdateVariant::weight_grams,
            "Weight of one unit in grams; null: not known; unchanged if absent", kGrams),
      field("imageUrl", &UpdateVariant::image_url,
            "New URL of an image; empty removes it; unchanged if absent", kUrl),
      field("taxCategory", &UpdateVariant::tax_category,
            "Tax category, one of those in the tax settings; unchanged if absent", kTaxCategory),
      field("active", &UpdateVariant::active, "Whether it is for sale; unchanged if absent"));
  return schema;
}

template <>
const Schema& schema_of<RemoveVariant>() {
  static const Schema schema = make_schema<RemoveVariant>(
      "RemoveVariant", required("sku", &RemoveVariant::sku, "SKU of the variant to remove", kSku),
      field("variantId", &RemoveVariant::variant_id, kWhichOfSku));
  return schema;
}

template <>
const Schema& schema_of<Page<Product>>() {
  static const Schema schema = make_page_schema<Product>();
  return schema;
}

template <>
const Schema& schema_of<Page<PriceChange>>() {
  static const Schema schema = make_page_schema<PriceChange>();
  return schema;
}

template <>
const Schema& schema_of<Page<CurrencyInfo>>() {
  static const Schema schema = make_page_schema<CurrencyInfo>();
  return schema;
}

}  // namespace resys::fields
