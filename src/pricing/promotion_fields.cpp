// The fields of promotions and of discounts. Which fields belong to a kind of condition or action
// is checked by check_promotion().
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
            "Of customerGroups: the customer is in one of these groups, at most 20", kGroups),
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

template <>
const Schema& schema_of<Promotion>() {
  static const Schema schema = make_schema<Promotion>(
      "Promotion", field("id", &Promotion::id, "The promotion's id"),
      field("name", &Promotion::name, "What it is called where its discount is shown"),
      field("automatic", &Promotion::automatic, "Whether it applies without a code"),
      field("priority", &Promotion::priority,
            "Place among the promotions that apply, the lowest first"),
      field("stacking", &Promotion::stacking,
            "Whether it applies with others (stackable), alone (exclusive), or as the best of its "
            "group (bestDeal)"),
      field("group", &Promotion::group,
            "Of which, for stacking bestDeal, only the promotion that takes most off applies; else "
            "null"),
      field("currency", &Promotion::currency,
            "Currency of its amounts and of the carts that it applies to; null: any currency"),
      field("conditions", &Promotion::conditions, "What must hold, all of it"),
      field("actions", &Promotion::actions, "What it does"),
      field("startsAt", &Promotion::starts_at, "When it begins to apply, in UTC; null: at once"),
      field("endsAt", &Promotion::ends_at, "When it stops to apply, in UTC; null: never"),
      field("usageLimit", &Promotion::usage_limit,
            "Maximum number of uses by all customers together; null if there is no limit"),
      field("perCustomerLimit", &Promotion::per_customer_limit,
            "Maximum number of uses by one customer, counted by user and by email address; null: "
            "no limit"),
      field("perCodeLimit", &Promotion::per_code_limit,
            "Maximum number of uses of each of its codes; null if there is no limit"),
      field("used", &Promotion::used, "Number of uses that orders hold now"),
      field("active", &Promotion::active, "Whether it applies at all"));
  return schema;
}

template <>
const Schema& schema_of<ListPromotions>() {
  static const Schema schema = make_schema<ListPromotions>(
      "ListPromotions",
      field("limit", &ListPromotions::limit, "Maximum number of items in the page, 1 to 200",
            kPageSize),
      field("after", &ListPromotions::after,
            "The `nextAfter` of the previous page; absent for the first page", kCursor));
  return schema;
}

template <>
const Schema& schema_of<GetPromotion>() {
  static const Schema schema = make_schema<GetPromotion>(
      "GetPromotion",
      required("promotionId", &GetPromotion::promotion_id, "Id of the promotion to return"));
  return schema;
}

template <>
const Schema& schema_of<CreatePromotion>() {
  static const Schema schema = make_schema<CreatePromotion>(
      "CreatePromotion",
      required("name", &CreatePromotion::name, "What it is called where its discount is shown",
               kName),
      field("codes", &CreatePromotion::codes,
            "Codes of A-Z, 0-9, - and _, up to 50 characters each; kept in upper case", kCodes),
      field("automatic", &CreatePromotion::automatic,
            "Whether it applies without a code; absent: if there are no codes. It does not change"),
      field("priority", &CreatePromotion::priority,
            "Place among the promotions that apply, the lowest first", kPriority),
      field("stacking", &CreatePromotion::stacking,
            "Whether it applies with others (stackable), alone (exclusive), or as the best of its "
            "group (bestDeal)"),
      field("group", &CreatePromotion::group, "Required for stacking bestDeal, else absent",
            kDealGroup),
      field("currency", &CreatePromotion::currency,
            "Currency of its amounts and of the carts that it applies to; if absent, it has no "
            "amounts and applies to any currency"),
      field("conditions", &CreatePromotion::conditions,
            "What must hold, all of it; one of a kind at most", kPromotionConditions),
      required("actions", &CreatePromotion::actions, "What it does, 1 to 10", kPromotionActions),
      field("startsAt", &CreatePromotion::starts_at,
            "When it begins to apply, in UTC; absent: at once"),
      field("endsAt", &CreatePromotion::ends_at, "When it stops to apply, in UTC; absent: never"),
      field("usageLimit", &CreatePromotion::usage_limit,
            "Maximum number of uses by all customers together; absent: no limit", kUses),
      field("perCustomerLimit", &CreatePromotion::per_customer_limit,
            "Maximum number of uses by one customer, counted by user and by email address; absent: "
            "no limit",
            kUses),
      field("perCodeLimit", &CreatePromotion::per_code_limit,
            "Maximum number of uses of each of its codes; absent: no limit", kUses),
      field("active", &CreatePromotion::active, "Whether it applies at all"));
  return schema;
}

template <>
const Schema& schema_of<UpdatePromotion>() {
  static const Schema schema = make_schema<UpdatePromotion>(
      "UpdatePromotion",
      required("promotionId", &UpdatePromotion::promotion_id, "Id of the promotion to change"),
      field("name", &UpdatePromotion::name, "New name; unchanged if absent", kName),
      field("priority", &UpdatePromotion::priority, "New priority; unchanged if absent", kPriority),
      field("stacking", &UpdatePromotion::stacking, "How it goes with others; unchanged if absent"),
      field("group", &UpdatePromotion::group,
            "Group for stacking bestDeal; null: none; unchanged if absent", kDealGroup),
      field("currency", &UpdatePromotion::currency,
            "Currency of its amounts and its carts; null: any; unchanged if absent"),
      field("conditions", &UpdatePromotion::conditions,
            "All its conditions, which replace those before; unchanged if absent",
            kPromotionConditions),
      field("actions", &UpdatePromotion::actions,
            "All its actions, which replace those before; unchanged if absent", kPromotionActions),
      field("startsAt", &UpdatePromotion::starts_at,
            "When it begins to apply, in UTC; null: at once; unchanged if absent"),
      field("endsAt", &UpdatePromotion::ends_at,
            "When it stops to apply, in UTC; null: never; unchanged if absent"),
      field("usageLimit", &UpdatePromotion::usage_limit,
            "Maximum number of uses by all customers together; null: no limit; unchanged if absent",
            kUses),
      field("perCustomerLimit", &UpdatePromotion::per_customer_limit,
            "Maximum number of uses by one customer; null: no limit; unchanged if absent", kUses),
      field("perCodeLimit", &UpdatePromotion::per_code_limit,
            "Maximum number of uses of each of its codes; null: no limit; unchanged if absent",
            kUses),
      field("active", &UpdatePromotion::active, "Whether it applies at all; unchanged if absent"));
  return schema;
}

template <>
const Schema& schema_of<Page<Promotion>>() {
  static const Schema schema = make_page_schema<Promotion>();
  return schema;
}

// ---- codes

template <>
const Schema& schema_of<CreatePromotionCodes>() {
  static const Schema schema = make_schema<CreatePromotionCodes>(
      "CreatePromotionCodes",
      required("promotionId", &CreatePromotionCodes::promotion_id,
               "Id of the promotion that gets the codes; it is not automatic"),
      field("codes", &CreatePromotionCodes::codes,
            "Codes of A-Z, 0-9, - and _, up to 50 characters each; kept in upper case; either "
            "these or `count`",
            kCodes),
      field("count", &CreatePromotionCodes::count, "How many random codes to make, 1 to 10,000",
            kCodeCount),
      field("prefix", &CreatePromotionCodes::prefix,
            "What random codes begin with, up to 20 characters of A-Z, 0-9, - and _", kCodePrefix),
      field("length", &CreatePromotionCodes::length,
            "How many random characters follow the prefix, 8 to 30", kCodeLength));
  return schema;
}

template <>
const Schema& schema_of<CreatedPromotionCodes>() {
  static const Schema schema = make_schema<CreatedPromotionCodes>(
      "CreatedPromotionCodes",
      field("codes", &CreatedPromotionCodes::codes, "The new codes, sorted"));
  return schema;
}

template <>
const Schema& schema_of<ListPromotionCodes>() {
  static const Schema schema = make_schema<ListPromotionCodes>(
      "ListPromotionCodes",
      required("promotionId", &ListPromotionCodes::promotion_id,
               "Id of the promotion whose codes to list"),
      field("limit", &ListPromotionCodes::limit, "Maximum number of items in the page, 1 to 200",
            kPageSize),
      field("after", &ListPromotionCodes::after,
            "The `nextAfter` of the previous page; absent for the first page", kCursor));
  return schema;
}

template <>
const Schema& schema_of<PromotionCode>() {
  static const Schema schema = make_schema<PromotionCode>(
      "PromotionCode", field("code", &PromotionCode::code, "The code, in upper case"),
      field("used", &PromotionCode::used, "Number of uses that orders hold now"));
  return schema;
}

template <>
const Schema& schema_of<Page<PromotionCode>>() {
  static const Schema schema = make_page_schema<PromotionCode>();
  return schema;
}

// ---- what carts and orders show

template <>
const Schema& schema_of<AppliedPromotion>() {
  static const Schema schema = make_schema<AppliedPromotion>(
      "AppliedPromotion", field("id", &AppliedPromotion::id, "The promotion's id"),
      field("name", &AppliedPromotion::name, "The promotion's name"),
      field("code", &AppliedPromotion::code,
            "Code by which it applies, in upper case; null if it applies without one"),
      field("discountCents", &AppliedPromotion::discount_cents,
            "Amount that it takes off the items, in minor units of the cart's currency"),
      field("shippingDiscountCents", &AppliedPromotion::shipping_discount_cents,
            "Amount that it has taken off the price of shipping, in minor units of the cart's "
            "currency"));
  return schema;
}

template <>
const Schema& schema_of<RejectedCode>() {
  static const Schema schema = make_schema<RejectedCode>(
      "RejectedCode", field("code", &RejectedCode::code, "The code, in upper case"),
      field("reason", &RejectedCode::reason, "Why it takes nothing off now"),
      field("missingCents", &RejectedCode::missing_cents,
            "Amount missing from the minimum, in minor units of the cart's currency; null if none "
            "is"),
      field("missingQuantity", &RejectedCode::missing_quantity,
            "Number of units missing from the minimum; null if none is"));
  return schema;
}

template <>
const Schema& schema_of<PromotionHint>() {
  static const Schema schema = make_schema<PromotionHint>(
      "PromotionHint", field("promotionId", &PromotionHint::promotion_id, "The promotion's id"),
      field("name", &PromotionHint::name, "The promotion's name"),
      field("unavailableSku", &PromotionHint::unavailable_sku,
            "SKU of its gift, which is left out: it is sold out or no longer for sale; else null"),
      field("missingCents", &PromotionHint::missing_cents,
            "Amount for which more has to be bought, in minor units of the cart's currency; null "
            "if none is missing"),
      field("missingQuantity", &PromotionHint::missing_quantity,
            "Number of units that more have to be bought; null if none is missing"));
  return schema;
}

template <>
const Schema& schema_of<DiscountLine>() {
  static const Schema schema = make_schema<DiscountLine>(
      "DiscountLine",
      field("promotionId", &DiscountLine::promotion_id, "Id of the promotion that gives it"),
      field("name", &DiscountLine::name, "The promotion's name"),
      field("discountCents", &DiscountLine::discount_cents,
            "Amount that it takes off the line, in minor units of the cart's currency"));
  return schema;
}

}  // namespace resys::fields
