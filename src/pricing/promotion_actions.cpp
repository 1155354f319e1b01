// What an action of a promotion takes off.
#include "pricing/promotion_actions.hpp"

#include <algorithm>
#include <numeric>

#include "pricing/exact.hpp"

namespace resys::pricing {
namespace {

constexpr std::int64_t kWhole = 10'000;  // basis points

// Parts, weights and counts of lines stand in the order of the action's lines.
using Parts = std::vector<std::int64_t>;

// In what steps a discount is rounded, so that cards can still be charged what they could be
// charged before it.
std::int64_t step_of(Currency currency, std::int64_t before) {
  return before % 10 == 0 && currency.exponent() == 3 ? 10 : 1;
}

// The nearest multiple of the step, but not more than the amount. An exact half is rounded down.
std::int64_t percent_of(std::int64_t amount, std::int64_t basis_points, std::int64_t step) {
  const Wide numerator = Wide{amount} * basis_points;
  const Wide denominator = Wide{kWhole} * step;
  const Wide steps = (2 * numerator + denominator - 1) / (2 * denominator);
  return std::min(static_cast<std::int64_t>(steps) * step, amount - amount % step);
}

// The amount times the number of times, at most `most`.
std::int64_t times_up_to(std::int64_t amount, std::int64_t times, std::int64_t most) {
  const Wide product = Wide{amount} * times;
  return product < most ? static_cast<std::int64_t>(product) : most;
}

// A percentage of what the weights are together, split by them.
Parts percent(const Parts& weights, std::int64_t basis_points, const Left& left) {
  const std::int64_t step = step_of(left.currency, left.total);
  return share(percent_of(sum_of(weights), basis_points, step), weights);
}

Parts amount(const Parts& weights, std::int64_t cents) {
  return share(std::min(cents, sum_of(weights)), weights);
}

Parts left_of(const Places& places, const Left& left) {
  Parts all;
  all.reserve(places.size());
  for (const std::size_t place : places) all.push_back(left.lines[place]);
  return all;
}

Parts fixed_off_units(std::int64_t cents, const Goods& goods, const Places& places,
                      const Left& left) {
  Parts parts;
  parts.reserve(places.size());
  for (const std::size_t place : places) {
    parts.push_back(times_up_to(cents, goods.line(place).quantity, left.lines[place]));
  }
  return parts;
}

// What is left of so many units of each line. Discounts are spread evenly over a line's units.
Parts left_of_units(const Parts& counts, const Goods& goods, const Places& places,
                    const Left& left) {
  Parts parts;
  parts.reserve(places.size());
  for (std::size_t i = 0; i < places.size(); ++i) {
    const std::int64_t quantity = std::max<std::int64_t>(goods.line(places[i]).quantity, 1);
    parts.push_back(static_cast<std::int64_t>(Wide{left.lines[places[i]]} * counts[i] / quantity));
  }
  return parts;
}

// How many units of each line are among the cheapest.
Parts cheapest_units(std::int64_t count, const Goods& goods, const Places& places) {
  std::vector<std::size_t> order(places.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto price = [&](std::size_t i) { return goods.line(places[i]).unit_price_cents; };
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t one, std::size_t other) { return price(one) < price(other); });
  Parts counts(places.size());
  for (const std::size_t i : order) {
    counts[i] = std::min(count, goods.line(places[i]).quantity);
    count -= counts[i];
  }
  return counts;
}

// How many of its units an action on the cheapest units discounts.
std::int64_t discounted_units(const PromotionAction& action, std::int64_t units) {
  switch (action.kind) {
    case PromotionActionKind::percent_off_cheapest:
      return std::min<std::int64_t>(units, 1);
    case PromotionActionKind::percent_off_every_nth:
      return units / *action.nth;
    case PromotionActionKind::buy_x_get_y: {
      const std::int64_t times = units / (*action.buy + *action.get);
      return std::min(times, action.max_times.value_or(times)) * *action.get;
    }
    default:
      return 0;
  }
}

bool is_reached(const PromotionTier& tier, const Goods& goods, const Places& places) {
  return tier.from_quantity ? goods.quantity(places) >= *tier.from_quantity
                            : goods.total(places) >= tier.from_cents.value_or(0);
}

const PromotionTier* reached_tier(const PromotionAction& action, const Goods& goods,
                                  const Places& places) {
  const PromotionTier* reached = nullptr;
  for (const PromotionTier& tier : action.tiers) {
    if (is_reached(tier, goods, places)) reached = &tier;
  }
  return reached;
}

Parts tiered(const PromotionAction& action, const Goods& goods, const Places& places,
             const Left& left) {
  const PromotionTier* tier = reached_tier(action, goods, places);
  const Parts weights = left_of(places, left);
  if (!tier) return Parts(places.size());
  return tier->basis_points ? percent(weights, *tier->basis_points, left)
                            : amount(weights, tier->amount_cents.value_or(0));
}

// Units by SKU.
using Units = std::map<std::string_view, std::int64_t>;

// What one bundle needs.
Units units_of(const PromotionAction& action) {
  Units units;
  for (const std::string& sku : action.skus) ++units[sku];
  return units;
}

// How many bundles the lines make. `needed` is not empty.
std::int64_t bundles(const Units& needed, const Goods& goods, const Places& places) {
  Units there;
  for (const std::size_t place : places) {
    there[goods.line(place).sku] += goods.line(place).quantity;
  }
  std::int64_t count = kMaxMinor;
  for (const auto& [sku, quantity] : needed) count = std::min(count, there[sku] / quantity);
  return count;
}

// Takes off what the bundles cost less than their units did before discounts: so the discount does
// not depend on other discounts, but for what they have left.
Parts bundle_price(const PromotionAction& action, const Goods& goods, const Places& places,
                   const Left& left) {
  Units units = units_of(action);
  const std::int64_t count = bundles(units, goods, places);
  for (auto& [sku, quantity] : units) quantity *= count;
  Parts counts;
  std::int64_t before = 0;
  for (const std::size_t place : places) {
    const PromotionLine& line = goods.line(place);
    std::int64_t& wanted = units[line.sku];
    counts.push_back(std::min(wanted, line.quantity));
    wanted -= counts.back();
    before += counts.back() * line.unit_price_cents;
  }
  const std::int64_t discount = before - times_up_to(*action.amount_cents, count, before);
  return amount(left_of_units(counts, goods, places, left), discount);
}

}  // namespace

PromotionPhase phase_of(PromotionActionKind kind) {
  switch (kind) {
    case PromotionActionKind::percent_off_lines:
    case PromotionActionKind::fixed_off_lines:
    case PromotionActionKind::percent_off_cheapest:
    case PromotionActionKind::percent_off_every_nth:
    case PromotionActionKind::buy_x_get_y:
    case PromotionActionKind::tiered:
    case PromotionActionKind::bundle_price:
      break;
    case PromotionActionKind::percent_off_order:
    case PromotionActionKind::fixed_off_order:
      return PromotionPhase::order;
    case PromotionActionKind::percent_off_shipping:
    case PromotionActionKind::fixed_off_shipping:
    case PromotionActionKind::free_shipping:
      return PromotionPhase::shipping;
    case PromotionActionKind::gift_line:
      return PromotionPhase::gifts;
  }
  return PromotionPhase::lines;
}

Places lines_of(const PromotionAction& action, const Goods& goods, const Places& matching) {
  if (phase_of(action.kind) != PromotionPhase::lines) return goods.all();
  const bool has_own =
      !action.skus.empty() || !action.product_ids.empty() || !action.categories.empty();
  return has_own ? goods.of(action.skus, action.product_ids, action.categories) : matching;
}

std::optional<Refusal> idle_action(const PromotionAction& action, const Goods& goods,
                                   const Places& places) {
  const Refusal no_products{PromotionReason::products};
  if (places.empty()) return no_products;
  const auto too_few = [&](std::int64_t wanted) -> std::optional<Refusal> {
    const std::int64_t units = goods.quantity(places);
    if (units >= wanted) return std::nullopt;
    return Refusal{PromotionReason::minimum_quantity, std::nullopt, wanted - units};
  };
  switch (action.kind) {
    case PromotionActionKind::percent_off_every_nth:
      return too_few(*action.nth);
    case PromotionActionKind::buy_x_get_y:
      return too_few(*action.buy + *action.get);
    case PromotionActionKind::tiered: {
      const PromotionTier& first = action.tiers.front();
      if (is_reached(first, goods, places)) return std::nullopt;
      if (first.from_quantity) return too_few(*first.from_quantity);
      return Refusal{PromotionReason::minimum_amount, *first.from_cents - goods.total(places)};
    }
    case PromotionActionKind::bundle_price:
      if (bundles(units_of(action), goods, places) == 0) return no_products;
      return std::nullopt;
    case PromotionActionKind::gift_line:
      if (goods.gift_units(*action.sku) >= action.quantity.value_or(1)) return std::nullopt;
      return Refusal{PromotionReason::gift_unavailable};
    default:
      return std::nullopt;
  }
}

std::vector<std::int64_t> parts_of(const PromotionAction& action, const Goods& goods,
                                   const Places& places, const Left& left) {
  switch (action.kind) {
    case PromotionActionKind::percent_off_lines:
    case PromotionActionKind::percent_off_order:
      return percent(left_of(places, left), *action.basis_points, left);
    case PromotionActionKind::fixed_off_order:
      return amount(left_of(places, left), *action.amount_cents);
    case PromotionActionKind::fixed_off_lines:
      return fixed_off_units(*action.amount_cents, goods, places, left);
    case PromotionActionKind::tiered:
      return tiered(action, goods, places, left);
    case PromotionActionKind::bundle_price:
      return bundle_price(action, goods, places, left);
    default: {
      const std::int64_t count = discounted_units(action, goods.quantity(places));
      const Parts counts = cheapest_units(count, goods, places);
      return percent(left_of_units(counts, goods, places, left), *action.basis_points, left);
    }
  }
}

std::int64_t shipping_part(const PromotionAction& action, Money shipping) {
  const std::int64_t cents = shipping.minor();
  switch (action.kind) {
    case PromotionActionKind::percent_off_shipping:
      return percent_of(cents, *action.basis_points, step_of(shipping.currency(), cents));
    case PromotionActionKind::fixed_off_shipping:
      return std::min(cents, *action.amount_cents);
    default:
      return cents;
  }
}

}  // namespace resys::pricing
