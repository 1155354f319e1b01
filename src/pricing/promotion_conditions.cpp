// Whether a promotion could apply to a basket, were it the only one.
#include "pricing/promotion_conditions.hpp"

#include <algorithm>

namespace resys::pricing {
namespace {

const PromotionCondition* find(const Promotion& promotion, PromotionConditionKind kind) {
  for (const PromotionCondition& condition : promotion.conditions) {
    if (condition.kind == kind) return &condition;
  }
  return nullptr;
}

template <class Value>
bool has(const std::vector<Value>& values, const Value& wanted) {
  return std::find(values.begin(), values.end(), wanted) != values.end();
}

std::int64_t floor_divide(std::int64_t value, std::int64_t divisor) {
  return value / divisor - (value % divisor < 0 ? 1 : 0);
}

bool is_in_hours(const PromotionCondition& condition, Timestamp now, std::int64_t offset_minutes) {
  const std::int64_t minutes = floor_divide(now.micros, kMicrosPerMinute) + offset_minutes;
  const std::int64_t day = floor_divide(minutes, 24 * 60);
  const std::int64_t minute = minutes - day * 24 * 60;
  // 1970-01-01 was a Thursday.
  const std::int64_t weekday = (day + 3) - floor_divide(day + 3, 7) * 7 + 1;
  return (condition.weekdays.empty() || has(condition.weekdays, weekday)) &&
         minute >= condition.from_minute.value_or(0) &&
         minute < condition.until_minute.value_or(24 * 60);
}

bool is_in_groups(const PromotionCondition& condition, const PromotionCustomer& customer) {
  return std::any_of(customer.groups.begin(), customer.groups.end(),
                     [&](const std::string& group) { return has(condition.groups, group); });
}

// A condition but the minimums and products, which look at the lines.
std::optional<PromotionReason> unmet(const PromotionCondition& condition,
                                     const PromotionBasket& basket, Timestamp now) {
  const auto unless = [](bool holds, PromotionReason reason) {
    return holds ? std::nullopt : std::optional(reason);
  };
  switch (condition.kind) {
    case PromotionConditionKind::local_time:
      return unless(is_in_hours(condition, now, basket.local_offset_minutes),
                    PromotionReason::local_time);
    case PromotionConditionKind::countries:
      return unless(has(condition.countries, basket.customer.country), PromotionReason::country);
    case PromotionConditionKind::customer_groups:
      return unless(is_in_groups(condition, basket.customer), PromotionReason::customer_group);
    case PromotionConditionKind::first_order:
      return unless(basket.customer.is_first_order.value_or(true), PromotionReason::first_order);
    case PromotionConditionKind::minimum_amount:
    case PromotionConditionKind::minimum_quantity:
    case PromotionConditionKind::products:
      break;
  }
  return std::nullopt;
}

std::optional<PromotionReason> used_up(const PromotionOffer& offer) {
  const auto is_reached = [](const std::optional<std::int64_t>& limit, std::int64_t used) {
    return limit && used >= *limit;
  };
  const Promotion& promotion = offer.promotion;
  if (is_reached(promotion.usage_limit, promotion.used)) return PromotionReason::used_up;
  if (is_reached(promotion.per_customer_limit, offer.used_by_customer)) {
    return PromotionReason::used_up_by_customer;
  }
  if (offer.code && is_reached(promotion.per_code_limit, offer.used_of_code)) {
    return PromotionReason::code_used_up;
  }
  return std::nullopt;
}

std::optional<std::int64_t> missing(std::int64_t wanted, std::int64_t there) {
  return there < wanted ? std::optional(wanted - there) : std::nullopt;
}

std::optional<Refusal> below_minimum(const Promotion& promotion, const Goods& goods,
                                     const Places& places) {
  Refusal refusal;
  if (const auto* amount = find(promotion, PromotionConditionKind::minimum_amount)) {
    refusal.missing_cents = missing(amount->amount_cents.value_or(0), goods.total(places));
  }
  if (const auto* quantity = find(promotion, PromotionConditionKind::minimum_quantity)) {
    refusal.missing_quantity = missing(quantity->quantity.value_or(0), goods.quantity(places));
  }
  if (!refusal.missing_cents && !refusal.missing_quantity) return std::nullopt;
  refusal.reason =
      refusal.missing_cents ? PromotionReason::minimum_amount : PromotionReason::minimum_quantity;
  return refusal;
}

}  // namespace

Places matching_lines(const Promotion& promotion, const Goods& goods) {
  const auto* products = find(promotion, PromotionConditionKind::products);
  if (!products) return goods.all();
  return goods.of(products->skus, products->product_ids, products->categories);
}

std::optional<PromotionReason> closed_reason(const Promotion& promotion, Timestamp now) {
  if (!promotion.active) return PromotionReason::inactive;
  if (promotion.starts_at && now < *promotion.starts_at) return PromotionReason::not_started;
  if (promotion.ends_at && now >= *promotion.ends_at) return PromotionReason::ended;
  return std::nullopt;
}

std::optional<Refusal> refusal_of(const PromotionOffer& offer, const PromotionBasket& basket,
                                  Timestamp now, const Goods& goods, const Places& places) {
  std::optional<PromotionReason> first = closed_reason(offer.promotion, now);
  if (first) return Refusal{*first};
  if (offer.promotion.currency && *offer.promotion.currency != basket.currency) {
    return Refusal{PromotionReason::currency};
  }
  // Of the conditions, too, the reason is the first in the order of PromotionReason.
  for (const PromotionCondition& condition : offer.promotion.conditions) {
    const auto reason = unmet(condition, basket, now);
    if (reason && (!first || *reason < *first)) first = reason;
  }
  if (!first) first = used_up(offer);
  if (!first && places.empty()) first = PromotionReason::products;
  if (first) return Refusal{*first};
  return below_minimum(offer.promotion, goods, places);
}

}  // namespace resys::pricing
