// Whether the parts of a promotion go together.
#include "pricing/promotion_check.hpp"

#include <algorithm>
#include <initializer_list>
#include <set>

namespace resys::pricing {
namespace {

using Action = PromotionActionKind;
using Condition = PromotionConditionKind;
using Names = std::vector<std::string_view>;

Error refuse(std::string field, std::string message) {
  return Error(Errc::invalid_request, std::move(message)).at(std::move(field));
}

// "actions[2].basisPoints"
std::string inside(const std::string& path, std::string_view name) {
  return std::string(path).append(".").append(name);
}

struct Member {
  std::string_view name{};
  bool is_given = false;
};

// The members that a kind must have and may have. It has no others.
struct Members {
  Names required{};
  Names optional{};
};

bool has(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Result<void> check_members(const std::string& path, std::string_view kind, const Members& wanted,
                           std::initializer_list<Member> members) {
  for (const Member& member : members) {
    const bool is_required = has(wanted.required, member.name);
    if (is_required && !member.is_given) {
      return refuse(inside(path, member.name), "the field is missing");
    }
    if (member.is_given && !is_required && !has(wanted.optional, member.name)) {
      return refuse(inside(path, member.name),
                    std::string("a field is given that does not belong to ").append(kind));
    }
  }
  return success();
}

Result<void> check_only_one(const std::string& path, const Member& one, const Member& other) {
  if (one.is_given && other.is_given) {
    return refuse(inside(path, other.name), std::string("both ")
                                                .append(one.name)
                                                .append(" and ")
                                                .append(other.name)
                                                .append(" are given"));
  }
  if (one.is_given || other.is_given) return success();
  return refuse(inside(path, one.name), std::string("one of ")
                                            .append(one.name)
                                            .append(" and ")
                                            .append(other.name)
                                            .append(" is missing"));
}

Members members_of(Condition kind) {
  switch (kind) {
    case Condition::minimum_amount:
      return {{"amountCents"}};
    case Condition::minimum_quantity:
      return {{"quantity"}};
    case Condition::products:
      return {{}, {"skus", "productIds", "categories"}};
    case Condition::customer_groups:
      return {{"groups"}};
    case Condition::countries:
      return {{"countries"}};
    case Condition::local_time:
      return {{}, {"weekdays", "fromMinute", "untilMinute"}};
    case Condition::first_order:
      break;
  }
  return {};
}

Result<void> check_condition(const std::string& path, const PromotionCondition& condition) {
  const bool selects =
      !condition.skus.empty() || !condition.product_ids.empty() || !condition.categories.empty();
  if (condition.kind == Condition::products && !selects) {
    return refuse(inside(path, "skus"), "none of skus, productIds and categories is given");
  }
  const bool limits_time =
      !condition.weekdays.empty() || condition.from_minute || condition.until_minute;
  if (condition.kind == Condition::local_time && !limits_time) {
    return refuse(inside(path, "weekdays"),
                  "none of weekdays, fromMinute and untilMinute is given");
  }
  RESYS_TRYV(check_members(path, name_of(condition.kind), members_of(condition.kind),
                           {{"amountCents", condition.amount_cents.has_value()},
                            {"quantity", condition.quantity.has_value()},
                            {"skus", !condition.skus.empty()},
                            {"productIds", !condition.product_ids.empty()},
                            {"categories", !condition.categories.empty()},
                            {"groups", !condition.groups.empty()},
                            {"countries", !condition.countries.empty()},
                            {"weekdays", !condition.weekdays.empty()},
                            {"fromMinute", condition.from_minute.has_value()},
                            {"untilMinute", condition.until_minute.has_value()}}));
  if (condition.until_minute.value_or(24 * 60) <= condition.from_minute.value_or(0)) {
    return refuse(inside(path, "untilMinute"), "untilMinute is not later than fromMinute");
  }
  return success();
}

Members members_of(Action kind) {
  const Names selector{"skus", "productIds", "categories"};
  switch (kind) {
    case Action::percent_off_lines:
    case Action::percent_off_cheapest:
      return {{"basisPoints"}, selector};
    case Action::fixed_off_lines:
      return {{"amountCents"}, selector};
    case Action::percent_off_every_nth:
      return {{"basisPoints", "nth"}, selector};
    case Action::buy_x_get_y:
      return {{"basisPoints", "buy", "get"}, {"skus", "productIds", "categories", "maxTimes"}};
    case Action::tiered:
      return {{"tiers"}, selector};
    case Action::bundle_price:
      return {{"skus", "amountCents"}};
    case Action::percent_off_order:
    case Action::percent_off_shipping:
      return {{"basisPoints"}};
    case Action::fixed_off_order:
    case Action::fixed_off_shipping:
      return {{"amountCents"}};
    case Action::gift_line:
      return {{"sku"}, {"quantity"}};
    case Action::free_shipping:
      break;
  }
  return {};
}

Result<void> check_tiers(const std::string& action, const std::vector<PromotionTier>& tiers) {
  for (std::size_t i = 0; i < tiers.size(); ++i) {
    const std::string path = inside(action, item("tiers", i));
    const PromotionTier& tier = tiers[i];
    RESYS_TRYV(check_only_one(path, {"fromQuantity", tier.from_quantity.has_value()},
                              {"fromCents", tier.from_cents.has_value()}));
    RESYS_TRYV(check_only_one(path, {"basisPoints", tier.basis_points.has_value()},
                              {"amountCents", tier.amount_cents.has_value()}));
    if (i == 0) continue;
    const PromotionTier& before = tiers[i - 1];
    const std::string_view from = tier.from_quantity ? "fromQuantity" : "fromCents";
    if (tier.from_quantity.has_value() != before.from_quantity.has_value()) {
      return refuse(inside(path, from), "some tiers have fromQuantity, and some fromCents");
    }
    // An absent one is equal to an absent one.
    if (tier.from_quantity <= before.from_quantity && tier.from_cents <= before.from_cents) {
      return refuse(inside(path, from), "the tier does not begin above the one before it");
    }
  }
  return success();
}

Result<void> check_action(const std::string& path, const PromotionAction& action) {
  RESYS_TRYV(check_members(path, name_of(action.kind), members_of(action.kind),
                           {{"basisPoints", action.basis_points.has_value()},
                            {"amountCents", action.amount_cents.has_value()},
                            {"skus", !action.skus.empty()},
                            {"productIds", !action.product_ids.empty()},
                            {"categories", !action.categories.empty()},
                            {"buy", action.buy.has_value()},
                            {"get", action.get.has_value()},
                            {"maxTimes", action.max_times.has_value()},
                            {"nth", action.nth.has_value()},
                            {"tiers", !action.tiers.empty()},
                            {"sku", action.sku.has_value()},
                            {"quantity", action.quantity.has_value()}}));
  if (action.amount_cents == 0 && action.kind != Action::bundle_price) {
    return refuse(inside(path, "amountCents"), "the amount is 0");
  }
  return check_tiers(path, action.tiers);
}

Result<void> check_actions(const std::vector<PromotionAction>& actions) {
  if (actions.empty()) return refuse("actions", "a promotion needs an action");
  bool has_gift = false;
  for (std::size_t i = 0; i < actions.size(); ++i) {
    const std::string path = item("actions", i);
    RESYS_TRYV(check_action(path, actions[i]));
    const bool is_gift = actions[i].kind == Action::gift_line;
    if (is_gift && has_gift) return refuse(inside(path, "kind"), "a second gift is given");
    has_gift = has_gift || is_gift;
  }
  return success();
}

bool has_amounts(const Promotion& promotion) {
  const auto& conditions = promotion.conditions;
  const auto& actions = promotion.actions;
  const auto tier_has_amounts = [](const PromotionTier& tier) {
    return tier.from_cents || tier.amount_cents;
  };
  return std::any_of(conditions.begin(), conditions.end(),
                     [](const auto& each) { return each.amount_cents.has_value(); }) ||
         std::any_of(actions.begin(), actions.end(), [&](const PromotionAction& each) {
           return each.amount_cents ||
                  std::any_of(each.tiers.begin(), each.tiers.end(), tier_has_amounts);
         });
}

// How the promotion goes with others.
Result<void> check_stacking(const Promotion& promotion) {
  const bool is_best_deal = promotion.stacking == PromotionStacking::best_deal;
  if (is_best_deal != promotion.group.has_value()) {
    return refuse("group", is_best_deal ? "the group of a bestDeal promotion is missing"
                                        : "a group is given for a promotion that is not bestDeal");
  }
  for (std::size_t i = 0; is_best_deal && i < promotion.actions.size(); ++i) {
    if (promotion.actions[i].kind == Action::gift_line) {
      return refuse(inside(item("actions", i), "kind"),
                    "a gift cannot be compared with other deals");
    }
  }
  return success();
}

Result<void> check_conditions(const std::vector<PromotionCondition>& conditions) {
  for (std::size_t i = 0; i < conditions.size(); ++i) {
    const std::string path = item("conditions", i);
    for (std::size_t before = 0; before < i; ++before) {
      if (conditions[before].kind == conditions[i].kind) {
        return refuse(inside(path, "kind"), "a condition of this kind is given twice");
      }
    }
    RESYS_TRYV(check_condition(path, conditions[i]));
  }
  return success();
}

}  // namespace

std::string item(std::string_view list, std::size_t index) {
  return std::string(list).append("[").append(std::to_string(index)).append("]");
}

Result<void> check_promotion(const Promotion& promotion) {
  RESYS_TRYV(check_conditions(promotion.conditions));
  RESYS_TRYV(check_actions(promotion.actions));
  RESYS_TRYV(check_stacking(promotion));
  if (has_amounts(promotion) && !promotion.currency) {
    return refuse("currency", "the currency of the amounts is missing");
  }
  if (promotion.automatic && promotion.per_code_limit) {
    return refuse("perCodeLimit", "an automatic promotion has no codes");
  }
  if (promotion.starts_at && promotion.ends_at && *promotion.ends_at <= *promotion.starts_at) {
    return refuse("endsAt", "endsAt is not later than startsAt");
  }
  return success();
}

Result<void> check_codes(const std::vector<std::string>& stored_codes) {
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < stored_codes.size(); ++i) {
    if (seen.insert(stored_codes[i]).second) continue;
    return refuse(item("codes", i), "the code is given twice; upper and lower case are the same")
        .with("code", stored_codes[i]);
  }
  return success();
}

}  // namespace resys::pricing
