// Promotions: what is taken off a cart's prices, and when.
//
// A promotion has conditions, which must all hold, and actions, which are all applied. It applies
// by itself, or to carts in which one of its codes was entered.
//
// Promotions apply by priority, the lowest number first, then by id: never by the order in which
// codes were entered. Actions on lines come first, those of all promotions, then actions on the
// order, then actions on shipping. Each works on what the discounts before it have left. A percent
// is taken of the sum that it concerns and rounded to the nearest minor unit, an exact half in the
// shop's favor. In currencies with three decimals it is rounded to a multiple of ten if the goods
// cost one before it, because cards are charged in such steps (docs.stripe.com/currencies).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "resys/common.hpp"
#include "resys/state_machine.hpp"

namespace resys {

// With which others a promotion applies. stackable: with all. exclusive: alone, whatever the
// priority of the others; of several that could take something off, the first. best_deal: of the
// promotions with its `group`, only the one that takes most off when the first of them has its
// turn; it takes that turn.
enum class PromotionStacking { stackable, exclusive, best_deal };
template <>
struct EnumNames<PromotionStacking> {
  static constexpr std::string_view type = "PromotionStacking";
  static constexpr std::array<std::string_view, 3> names{"stackable", "exclusive", "bestDeal"};
};

enum class PromotionConditionKind {
  // The items' total before discounts reaches `amount_cents`. If the promotion has a condition
  // `products`, only matching lines count, here and in minimum_quantity.
  minimum_amount,
  minimum_quantity,  // of units: `quantity`
  products,          // the cart has a line of the `skus`, `product_ids` or `categories`
  customer_groups,   // the customer (Caller::groups, Customer::groups) is in one of the `groups`
  first_order,       // the customer has placed no order; unknown customers count as new
  countries,         // the order goes to one of the `countries`
  // On `weekdays`, from `from_minute` until before `until_minute` of the day, in the store's time
  // zone.
  local_time,
};
template <>
struct EnumNames<PromotionConditionKind> {
  static constexpr std::string_view type = "PromotionConditionKind";
  static constexpr std::array<std::string_view, 7> names{
      "minimumAmount", "minimumQuantity", "products", "customerGroups",
      "firstOrder",    "countries",       "localTime"};
};

// The kind says which members it has; the others are absent or empty.
struct PromotionCondition {
  PromotionConditionKind kind{};
  std::optional<std::int64_t> amount_cents{};
  std::optional<std::int64_t> quantity{};
  std::vector<std::string> skus{};
  std::vector<ProductId> product_ids{};
  std::vector<std::string> categories{};
  std::vector<std::string> groups{};
  std::vector<std::string> countries{};        // ISO 3166-1, two letters
  std::vector<std::int64_t> weekdays{};        // 1 (Monday) to 7, as in ISO 8601; empty: every day
  std::optional<std::int64_t> from_minute{};   // of the day, 0 to 1439; absent: 0
  std::optional<std::int64_t> until_minute{};  // 1 to 1440; absent: 1440
};

// A line matches an action if it has one of its `skus`, `product_ids` or `categories`. If the
// action has none, the lines of the promotion's condition `products` match, and without that
// condition all lines. Units are sorted by price before discounts.
enum class PromotionActionKind {
  // On lines:
  percent_off_lines,      // `basis_points` off the matching lines
  fixed_off_lines,        // `amount_cents` off each matching unit
  percent_off_cheapest,   // `basis_points` off the cheapest matching unit
  percent_off_every_nth,  // `basis_points` off one unit, the cheapest, for each `nth` matching
                          // units
  // For each `buy` and `get` matching units together, `basis_points` off `get` units, the cheapest;
  // at most `max_times`.
  buy_x_get_y,
  tiered,  // the discount of the last of the `tiers` that the matching lines reach
  // The `skus` together cost `amount_cents`, as often as all are there: what their units cost
  // more before discounts is taken off.
  bundle_price,
  // On the order:
  percent_off_order,  // `basis_points`
  fixed_off_order,    // `amount_cents`
  // On shipping:
  percent_off_shipping,  // `basis_points`
  fixed_off_shipping,    // `amount_cents`
  free_shipping,
  // `quantity` units (absent: 1) of `sku` are added, for nothing, if so many are there. A promotion
  // has at most one of these.
  gift_line,
};
template <>
struct EnumNames<PromotionActionKind> {
  static constexpr std::string_view type = "PromotionActionKind";
  static constexpr std::array<std::string_view, 13> names{"percentOffLines",
                                                          "fixedOffLines",
                                                          "percentOffCheapest",
                                                          "percentOffEveryNth",
                                                          "buyXGetY",
                                                          "tiered",
                                                          "bundlePrice",
                                                          "percentOffOrder",
                                                          "fixedOffOrder",
                                                          "percentOffShipping",
                                                          "fixedOffShipping",
                                                          "freeShipping",
                                                          "giftLine"};
};

// A discount from a number of units on, or from a total before discounts on. All tiers of an action
// have the same of both, and ascend.
struct PromotionTier {
  std::optional<std::int64_t> from_quantity{};
  std::optional<std::int64_t> from_cents{};
  // One of the two, off the matching lines together:
  std::optional<std::int64_t> basis_points{};
  std::optional<std::int64_t> amount_cents{};
};

// The kind says which members it has; the others are absent or empty.
struct PromotionAction {
  PromotionActionKind kind{};
  std::optional<std::int64_t> basis_points{};  // 1 to 10000: 100 is one percent
  std::optional<std::int64_t> amount_cents{};
  std::vector<std::string> skus{};  // of bundle_price: a SKU that is listed twice counts twice
  std::vector<ProductId> product_ids{};
  std::vector<std::string> categories{};
  std::optional<std::int64_t> buy{};
  std::optional<std::int64_t> get{};
  std::optional<std::int64_t> max_times{};
  std::optional<std::int64_t> nth{};
  std::vector<PromotionTier> tiers{};
  std::optional<std::string> sku{};
  std::optional<std::int64_t> quantity{};
};

// A use is taken when an order is placed and returned when its payment closes without money.
struct Promotion {
  PromotionId id{};
  std::string name{};
  bool automatic = false;  // applies without a code
  std::int64_t priority = 0;
  PromotionStacking stacking = PromotionStacking::stackable;
  std::optional<std::string> group{};  // of best_deal
  // Of all its amounts, and of the carts that it applies to. Without amounts it may have none: then
  // it applies to carts in any currency.
  std::optional<Currency> currency{};
  std::vector<PromotionCondition> conditions{};  // at most one of a kind
  std::vector<PromotionAction> actions{};
  std::optional<Timestamp> starts_at{};
  std::optional<Timestamp> ends_at{};
  std::optional<std::int64_t> usage_limit{};         // over all customers
  std::optional<std::int64_t> per_customer_limit{};  // a customer is a user id, and an e-mail
  std::optional<std::int64_t> per_code_limit{};      // of each of its codes, over all customers
  std::int64_t used = 0;                             // uses that orders hold now
  bool active = true;
};

// ---- for staff

struct ListPromotions {
  std::int64_t limit = 50;
  std::optional<std::string> after{};
};

struct GetPromotion {
  PromotionId promotion_id{};
};

struct CreatePromotion {
  std::string name{};
  // A-Z 0-9 - _, any case; kept in upper case. Codes that differ in case only are the same code.
  std::vector<std::string> codes{};
  std::optional<bool> automatic{};  // absent: if there are no codes
  std::int64_t priority = 0;
  PromotionStacking stacking = PromotionStacking::stackable;
  std::optional<std::string> group{};
  std::optional<Currency> currency{};
  std::vector<PromotionCondition> conditions{};
  std::vector<PromotionAction> actions{};
  std::optional<Timestamp> starts_at{};
  std::optional<Timestamp> ends_at{};
  std::optional<std::int64_t> usage_limit{};
  std::optional<std::int64_t> per_customer_limit{};
  std::optional<std::int64_t> per_code_limit{};
  bool active = true;
};

// What is absent stays. Conditions and actions are replaced as a whole.
struct UpdatePromotion {
  PromotionId promotion_id{};
  std::optional<std::string> name{};
  std::optional<std::int64_t> priority{};
  std::optional<PromotionStacking> stacking{};
  Change<std::string> group{};
  Change<Currency> currency{};
  std::optional<std::vector<PromotionCondition>> conditions{};
  std::optional<std::vector<PromotionAction>> actions{};
  Change<Timestamp> starts_at{};
  Change<Timestamp> ends_at{};
  Change<std::int64_t> usage_limit{};
  Change<std::int64_t> per_customer_limit{};
  Change<std::int64_t> per_code_limit{};
  std::optional<bool> active{};
};

// Either `codes`, or a `count` of random ones.
struct CreatePromotionCodes {
  PromotionId promotion_id{};
  std::vector<std::string> codes{};
  std::optional<std::int64_t> count{};  // 1 to 10000
  std::string prefix{};                 // that they begin with
  std::int64_t length = 12;             // 8 to 30: of what is random, without the prefix
};

struct CreatedPromotionCodes {
  std::vector<std::string> codes{};
};

struct ListPromotionCodes {
  PromotionId promotion_id{};
  std::int64_t limit = 50;
  std::optional<std::string> after{};
};

struct PromotionCode {
  std::string code{};     // in upper case
  std::int64_t used = 0;  // uses that orders hold now
};

// Staff. Shoppers enter codes with Carts::apply_coupon. Open carts see a change at once
// (Cart::problems); orders that are placed keep their discounts. An error changes nothing.
class AdminPromotions {
 public:
  explicit AdminPromotions(Context& context) : context_(context) {}

  // Lists all of them, in the order in which they were made.
  // Errors: none of its own.
  Result<Page<Promotion>> list(const Caller& caller, const ListPromotions& request = {});
  // Errors: not_found.
  Result<Promotion> get(const Caller& caller, const GetPromotion& request);
  // conflict: another promotion has a code. not_found: there is no variant of a SKU, or no product
  // of an id. Categories are texts of products, which none needs to have yet. What is deleted later
  // only matches nothing. invalid_request also where the parts do not go together, at
  // "actions[0].basisPoints", for example.
  // Errors: not_found, conflict.
  Result<Promotion> create(const Caller& caller, const CreatePromotion& request);
  // A limit that is lowered stops new uses, and takes none back. invalid_request as for create(),
  // and not_found for SKUs and products that the promotion did not name before.
  // Errors: not_found.
  Result<Promotion> update(const Caller& caller, const UpdatePromotion& request);
  // Returns the new codes. invalid_state: the promotion applies without a code. conflict: a
  // promotion has one of the codes.
  // Errors: not_found, invalid_state, conflict.
  Result<CreatedPromotionCodes> create_codes(const Caller& caller,
                                             const CreatePromotionCodes& request);
  // Lists the promotion's codes: those made by one call are together, sorted.
  // Errors: not_found.
  Result<Page<PromotionCode>> list_codes(const Caller& caller, const ListPromotionCodes& request);

 private:
  Context& context_;
};

}  // namespace resys
