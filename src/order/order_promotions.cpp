// The promotions that may apply to an order that is not placed yet, and why a code does not.
#include "order/order_promotions.hpp"

#include <algorithm>

#include "base/settings_rows.hpp"
#include "base/time_zone.hpp"
#include "pricing/promotion_conditions.hpp"
#include "pricing/promotion_rows.hpp"

namespace resys::app {
namespace {

using pricing::PromotionOffer;

bool has_condition(const PromotionOffer& offer, PromotionConditionKind kind) {
  const auto& conditions = offer.promotion.conditions;
  return std::any_of(conditions.begin(), conditions.end(),
                     [&](const PromotionCondition& each) { return each.kind == kind; });
}

bool any_has_condition(const std::vector<PromotionOffer>& offers, PromotionConditionKind kind) {
  return std::any_of(offers.begin(), offers.end(),
                     [&](const PromotionOffer& offer) { return has_condition(offer, kind); });
}

// Null if there is none.
const Promotion* find(const std::vector<Promotion>& promotions, const PromotionId& id) {
  const auto found =
      std::lower_bound(promotions.begin(), promotions.end(), id,
                       [](const Promotion& each, const PromotionId& to) { return each.id < to; });
  return found != promotions.end() && found->id == id ? &*found : nullptr;
}

// Adds what is counted, if the promotion could apply and has limits.
void count_uses(const Scope& scope, const rows::OrderRow& order, PromotionOffer& offer) {
  Promotion& promotion = offer.promotion;
  const bool is_limited =
      promotion.usage_limit || promotion.per_customer_limit || promotion.per_code_limit;
  if (!is_limited || pricing::closed_reason(promotion, scope.now)) return;
  rows::PromotionUse use{promotion.id, offer.code.value_or(""), {}};
  if (promotion.per_customer_limit) {
    for (const std::string& customer : {user_customer(order), email_customer(order)}) {
      if (!customer.empty()) use.customers.push_back(customer);
    }
  }
  const rows::UseCounts counts = rows::count_uses(scope, use);
  promotion.used = counts.all;
  offer.used_of_code = counts.of_code;
  offer.used_by_customer = counts.of_customer;
}

std::vector<PromotionOffer> load_offers(const Scope& scope, const OrderContents& order) {
  std::vector<PromotionOffer> offers;
  for (const Promotion& promotion : order.rules->promotions) {
    if (!promotion.automatic || pricing::closed_reason(promotion, scope.now)) continue;
    offers.push_back({.promotion = promotion});
  }
  for (const rows::OrderPromotionRow& row : order.promotions) {
    if (row.code.empty()) continue;
    const Promotion* promotion = find(order.rules->promotions, row.promotion_id);
    if (promotion) offers.push_back({.promotion = *promotion, .code = row.code});
  }
  for (PromotionOffer& offer : offers) count_uses(scope, order.row, offer);
  return offers;
}

std::vector<rows::Sellable> load_gifts(const Scope& scope,
                                       const std::vector<PromotionOffer>& offers) {
  std::vector<rows::Sellable> gifts;
  for (const PromotionOffer& offer : offers) {
    for (const PromotionAction& action : offer.promotion.actions) {
      if (action.kind != PromotionActionKind::gift_line) continue;
      const bool is_there = std::any_of(gifts.begin(), gifts.end(),
                                        [&](const auto& each) { return each.sku == *action.sku; });
      if (is_there) continue;
      if (auto variant = rows::find_sellable(scope, *action.sku)) {
        gifts.push_back(*std::move(variant));
      }
    }
  }
  return gifts;
}

// Absent if nobody knows yet who buys.
std::optional<bool> is_first_order(const Scope& scope, const rows::OrderRow& order) {
  if (order.user_id.empty() && order.email.empty()) return std::nullopt;
  return !rows::has_ordered_before(scope, order);
}

Error with_fact(Error error, const char* name, const std::optional<std::int64_t>& value) {
  return value ? std::move(error).with(name, *value) : error;
}

const char* refusal_text(PromotionReason reason) {
  switch (reason) {
    case PromotionReason::inactive:
      break;
    case PromotionReason::not_started:
      return "this code is not valid yet";
    case PromotionReason::ended:
      return "this code is no longer valid";
    case PromotionReason::currency:
      return "this code is for another currency";
    case PromotionReason::local_time:
      return "this code is not valid at this time of the day or week";
    case PromotionReason::country:
      return "this code is for other countries";
    case PromotionReason::customer_group:
      return "this code is for other customers";
    case PromotionReason::first_order:
      return "this code is for a first order, and the customer has ordered before";
    case PromotionReason::used_up:
    case PromotionReason::code_used_up:
      return "this code is used up";
    case PromotionReason::used_up_by_customer:
      return "the customer has used this code up";
    case PromotionReason::products:
      return "the cart has nothing that this code is for";
    case PromotionReason::minimum_amount:
      return "the total of the items is below the minimum of this code";
    case PromotionReason::minimum_quantity:
      return "the cart has fewer units than this code needs";
    case PromotionReason::gift_unavailable:
      return "the gift of this code is sold out";
    case PromotionReason::already_applied:
      return "another code of the same promotion applies";
    case PromotionReason::excluded:
      return "another promotion applies alone";
    case PromotionReason::better_deal:
      return "another promotion takes more off";
    case PromotionReason::nothing_left:
      return "this code takes nothing off";
  }
  return "this code is not active";
}

}  // namespace

void load_promotion_terms(const Scope& scope, OrderContents& order) {
  order.terms = {};
  order.terms.offers = load_offers(scope, order);
  const auto& offers = order.terms.offers;
  order.gift_variants = load_gifts(scope, offers);
  if (any_has_condition(offers, PromotionConditionKind::first_order)) {
    order.terms.customer.is_first_order = is_first_order(scope, order.row);
  }
  if (any_has_condition(offers, PromotionConditionKind::local_time)) {
    order.terms.local_offset_minutes =
        utc_offset_minutes(rows::load_checkout_settings(scope).time_zone, scope.now);
  }
}

std::string user_customer(const rows::OrderRow& order) {
  return order.user_id.empty() ? "" : "user:" + order.user_id;
}

std::string email_customer(const rows::OrderRow& order) {
  if (order.email.empty()) return {};
  std::string customer = "email:" + order.email;
  for (char& letter : customer) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return customer;
}

bool may_apply_later(PromotionReason reason) {
  switch (reason) {
    case PromotionReason::country:
    case PromotionReason::products:
    case PromotionReason::minimum_amount:
    case PromotionReason::minimum_quantity:
    case PromotionReason::gift_unavailable:
    case PromotionReason::excluded:
    case PromotionReason::better_deal:
    case PromotionReason::nothing_left:
      return true;
    default:
      return false;
  }
}

Error code_refusal(const Promotion& promotion, const RejectedCode& code) {
  Error error = Error(Errc::coupon_invalid, refusal_text(code.reason))
                    .with("reason", std::string(name_of(code.reason)))
                    .with("code", code.code);
  switch (code.reason) {
    case PromotionReason::not_started:
      return std::move(error).with("startsAt", promotion.starts_at->text());
    case PromotionReason::ended:
      return std::move(error).with("endsAt", promotion.ends_at->text());
    case PromotionReason::currency:
      return std::move(error).with("currency", std::string(promotion.currency->code()));
    case PromotionReason::used_up:
      return with_fact(std::move(error), "usageLimit", promotion.usage_limit);
    case PromotionReason::used_up_by_customer:
      return with_fact(std::move(error), "perCustomerLimit", promotion.per_customer_limit);
    case PromotionReason::code_used_up:
      return with_fact(std::move(error), "perCodeLimit", promotion.per_code_limit);
    default:
      error = with_fact(std::move(error), "missingCents", code.missing_cents);
      return with_fact(std::move(error), "missingQuantity", code.missing_quantity);
  }
}

}  // namespace resys::app
