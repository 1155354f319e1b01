// The fields of what a promotion consists of. Which of them belong to a kind is checked by
// check_promotion().
#include "pricing/promotion_fields.hpp"

#include "base/make_schema.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<PromotionCondition>() {
  using Condition = PromotionCondition;
  static const Schema schema = make_schema<Condition>(
      "PromotionCondition",
      required("kind", &Condition::kind, "What must hold; it says which other fields there are"),
      field("amountCents", &Condition::amount_cents,
            "Of minimumAmount: the items' total before discounts that is reached, in minor units "
            "of the promotion's currency. With a condition products, only its lines count",
            kPositiveCents),
      field("quantity", &Condition::quantity,
            "Of minimumQuantity: how many units there are. With a condition products, only those "
            "of its lines count",
            kUnits),
      field("skus", &Condition::skus,
            "Of products: a line has one of these SKUs, or one of the products or categories",
            kSelectedSkus),
      field("productIds", &Condition::product_ids, "Of products: ids of products",
            kSelectedProducts),
      field("categories", &Condition::categories, "Of products: categories", kCategories),
      field("groups", &Condition::groups,
            "Of customerGroups: the customer is in one of these groups", kCustomerGroups),
      field("countries", &Condition::countries,
            "Of countries: the order goes to one of these, by their two letters of ISO 3166-1",
            kCountries),
      field("weekdays", &Condition::weekdays,
            "Of localTime: 1 (Monday) to 7 (Sunday), in the store's time zone; none: every day",
            kWeekdays),
      field("fromMinute", &Condition::from_minute,
            "Of localTime: the minute of the day, 0 to 1439, in the store's time zone; absent: 0",
            kFromMinute),
      field("untilMinute", &Condition::until_minute,
            "Of localTime: the minute of the day, 1 to 1440, before which it holds; absent: 1440",
            kUntilMinute));
  return schema;
}

template <>
const Schema& schema_of<PromotionTier>() {
  using Tier = PromotionTier;
  static const Schema schema = make_schema<Tier>(
      "PromotionTier",
      field("fromQuantity", &Tier::from_quantity,
            "From how many matching units on; all tiers have it, or none", kUnits),
      field("fromCents", &Tier::from_cents,
            "From which total of the matching lines on, before discounts, in minor units of the "
            "promotion's currency; all tiers have it, or none",
            kCents),
      field("basisPoints", &Tier::basis_points,
            "Discount in basis points (100 is one percent); either this or amountCents",
            kBasisPoints),
      field("amountCents", &Tier::amount_cents,
            "Discount on the matching lines together, in minor units of the promotion's currency",
            kPositiveCents));
  return schema;
}

template <>
const Schema& schema_of<PromotionAction>() {
  using Action = PromotionAction;
  static const Schema schema = make_schema<Action>(
      "PromotionAction",
      required("kind", &Action::kind, "What it does; it says which other fields there are"),
      field("basisPoints", &Action::basis_points,
            "Discount in basis points (100 is one percent), an exact half of a minor unit is "
            "rounded down",
            kBasisPoints),
      field("amountCents", &Action::amount_cents,
            "Discount, at most what is left, in minor units of the promotion's currency; of "
            "bundlePrice: what the bundle costs",
            kCents),
      field("skus", &Action::skus,
            "SKUs of matching lines; without SKUs, products and categories, those of the condition "
            "products match, or all. Of bundlePrice: its parts, a SKU as often as it is needed",
            kSelectedSkus),
      field("productIds", &Action::product_ids, "Ids of products of matching lines",
            kSelectedProducts),
      field("categories", &Action::categories, "Categories of matching lines", kCategories),
      field("buy", &Action::buy, "Of buyXGetY: how many units are paid for", kUnits),
      field("get", &Action::get, "Of buyXGetY: how many units, the cheapest, are discounted then",
            kUnits),
      field("maxTimes", &Action::max_times, "Of buyXGetY: how often at most; absent: no limit",
            kUnits),
      field("nth", &Action::nth,
            "Of percentOffEveryNth: for how many matching units one, the cheapest, is discounted",
            kUnits),
      field("tiers", &Action::tiers, "Of tiered: the last that is reached counts; they ascend",
            kPromotionTiers),
      field("sku", &Action::sku, "Of giftLine: what is added for nothing", kSku),
      field("quantity", &Action::quantity, "Of giftLine: how many units; absent: 1", kUnits));
  return schema;
}

}  // namespace resys::fields
