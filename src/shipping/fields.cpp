// The fields of shipping methods.
#include "shipping/fields.hpp"

#include "base/make_schema.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<ShippingTier>() {
  static const Schema schema = make_schema<ShippingTier>(
      "ShippingTier",
      field("minWeightGrams", &ShippingTier::min_weight_grams,
            "Weight of the goods in grams from which on it counts; null unless by weight"),
      field("minTotalCents", &ShippingTier::min_total_cents,
            "Total of the goods from which on it counts, in minor units of `currency`; null unless "
            "by total"),
      field("priceCents", &ShippingTier::price_cents,
            "Price of an order, in minor units of `currency`"),
      field("currency", &ShippingTier::currency, "ISO 4217 code of its amounts: the method's"));
  return schema;
}

template <>
const Schema& schema_of<NewShippingTier>() {
  static const Schema schema = make_schema<NewShippingTier>(
      "NewShippingTier",
      field("minWeightGrams", &NewShippingTier::min_weight_grams,
            "Weight of the goods in grams from which on it counts, for kind byWeight", kTierGrams),
      field("minTotalCents", &NewShippingTier::min_total_cents,
            "Total of the goods from which on it counts, in minor units of `currency`, for kind "
            "byTotal",
            kCents),
      required("priceCents", &NewShippingTier::price_cents,
               "Price of an order, in minor units of `currency`", kCents),
      field("currency", &NewShippingTier::currency,
            "Currency of its amounts; if given, it must be the method's"));
  return schema;
}

template <>
const Schema& schema_of<ShippingMethod>() {
  static const Schema schema = make_schema<ShippingMethod>(
      "ShippingMethod", field("id", &ShippingMethod::id, "The shipping method's id"),
      field("name", &ShippingMethod::name, "Name shown to shoppers"),
      field("kind", &ShippingMethod::kind,
            "How the price is calculated: per order (flat), per unit (perItem), or by tiers of "
            "weight (byWeight) or of the goods' total (byTotal)"),
      field(
          "priceCents", &ShippingMethod::price_cents,
          "Price of an order, of one unit if `kind` is perItem, or below the first of `tiers`, in "
          "minor units of `currency`"),
      field("tiers", &ShippingMethod::tiers,
            "Prices by weight or total; the last tier that is reached counts"),
      field("freeOverCents", &ShippingMethod::free_over_cents,
            "Total of the goods from which shipping is free, in minor units of `currency`; null if "
            "it never is"),
      field("currency", &ShippingMethod::currency,
            "ISO 4217 code of its amounts; it serves carts in this currency only"),
      field("countries", &ShippingMethod::countries,
            "Country codes that it serves, ISO 3166-1 alpha-2; every country if empty"),
      field("regions", &ShippingMethod::regions,
            "Regions of the only country that it serves; all if empty"),
      field("postalPrefixes", &ShippingMethod::postal_prefixes,
            "Beginnings of the postal codes that it serves in the only country; all if empty"),
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
            "How the price is calculated: per order (flat), per unit (perItem), or by tiers of "
            "weight (byWeight) or of the goods' total (byTotal)"),
      required(
          "priceCents", &CreateShippingMethod::price_cents,
          "Price of an order, of one unit if `kind` is perItem, or below the first of `tiers`, in "
          "minor units of `currency`",
          kCents),
      field("tiers", &CreateShippingMethod::tiers,
            "Prices by weight or total, 1 to 50 in ascending order, for kind byWeight and byTotal; "
            "the last tier that is reached counts",
            kShippingTiers),
      field("freeOverCents", &CreateShippingMethod::free_over_cents,
            "Total of the goods from which shipping is free, in minor units of `currency`; never "
            "if absent",
            kPositiveCents),
      required("currency", &CreateShippingMethod::currency,
               "ISO 4217 code of its amounts; it serves carts in this currency only"),
      field("countries", &CreateShippingMethod::countries,
            "Country codes that it serves, ISO 3166-1 alpha-2; every country if empty", kCountries),
      field("regions", &CreateShippingMethod::regions,
            "Regions of the only country that it serves, at most 100; all if empty", kRegions),
      field("postalPrefixes", &CreateShippingMethod::postal_prefixes,
            "Beginnings of the postal codes that it serves in the only country, at most 200; all "
            "if empty",
            kPostalPrefixes),
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
            "How the price is calculated: per order (flat), per unit (perItem), or by tiers of "
            "weight (byWeight) or of the goods' total (byTotal); unchanged if absent"),
      field(
          "priceCents", &UpdateShippingMethod::price_cents,
          "New price of an order, of one unit if perItem, or below the first of `tiers`, in minor "
          "units of the method's currency; unchanged if absent",
          kCents),
      field("tiers", &UpdateShippingMethod::tiers,
            "All prices by weight or total from now on, at most 50; unchanged if absent",
            kShippingTiers),
      field("freeOverCents", &UpdateShippingMethod::free_over_cents,
            "Total of the goods from which shipping is free, in minor units of the method's "
            "currency; null: never; unchanged if absent",
            kPositiveCents),
      field("currency", &UpdateShippingMethod::currency,
            "Currency of the amounts; if given, it must be the method's, which cannot change"),
      field("countries", &UpdateShippingMethod::countries,
            "All country codes that it serves, ISO 3166-1 alpha-2; every country if empty; "
            "unchanged if absent",
            kCountries),
      field("regions", &UpdateShippingMethod::regions,
            "All regions that it serves of the only country, at most 100; all if empty; unchanged "
            "if absent",
            kRegions),
      field(
          "postalPrefixes", &UpdateShippingMethod::postal_prefixes,
          "All beginnings of postal codes that it serves in the only country, at most 200; all if "
          "empty; unchanged if absent",
          kPostalPrefixes),
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
