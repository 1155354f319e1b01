// What promotions take off a basket: which of them apply, and then their actions, phase by phase.
#include "pricing/promotion.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "pricing/promotion_actions.hpp"

namespace resys::pricing {
namespace {

// An action, and the lines that it concerns.
struct ActionOnLines {
  const PromotionAction* action = nullptr;
  Places places{};
};

// An offer, and what becomes of it.
struct Candidate {
  const PromotionOffer* offer = nullptr;
  std::vector<ActionOnLines> actions{};  // those that can do something
  std::optional<Refusal> refusal{};
  bool is_placed = false;
  bool has_gift = false;              // its gift is there, and was taken
  std::vector<std::int64_t> parts{};  // what it takes off the lines; empty if nothing
  std::int64_t shipping_part = 0;

  const Promotion& promotion() const { return offer->promotion; }
  bool is(PromotionStacking stacking) const { return !refusal && promotion().stacking == stacking; }
  void refuse(PromotionReason reason) { refusal = Refusal{reason}; }
  bool has_action(PromotionPhase phase) const {
    return std::any_of(actions.begin(), actions.end(), [&](const ActionOnLines& each) {
      return phase_of(each.action->kind) == phase;
    });
  }
};

Candidate candidate_of(const PromotionOffer& offer, const PromotionBasket& basket, Timestamp now,
                       const Goods& goods) {
  Candidate made{.offer = &offer};
  const Places matching = matching_lines(offer.promotion, goods);
  made.refusal = refusal_of(offer, basket, now, goods, matching);
  if (made.refusal) return made;
  std::optional<Refusal> first_idle;
  for (const PromotionAction& action : offer.promotion.actions) {
    Places places = lines_of(action, goods, matching);
    const auto idle = idle_action(action, goods, places);
    if (!idle) made.actions.push_back({&action, std::move(places)});
    if (idle && !first_idle) first_idle = idle;
  }
  if (made.actions.empty()) made.refusal = first_idle;
  return made;
}

// In the order in which promotions apply, and codes of the same promotion by their text.
std::vector<Candidate> candidates_of(const std::vector<PromotionOffer>& offers,
                                     const PromotionBasket& basket, Timestamp now,
                                     const Goods& goods) {
  std::vector<Candidate> candidates;
  candidates.reserve(offers.size());
  for (const PromotionOffer& offer : offers) {
    candidates.push_back(candidate_of(offer, basket, now, goods));
  }
  const auto key = [](const Candidate& each) {
    return std::tie(each.promotion().priority, each.promotion().id, each.offer->code);
  };
  std::sort(candidates.begin(), candidates.end(),
            [&](const auto& one, const auto& other) { return key(one) < key(other); });
  return candidates;
}

// What is left to pay while promotions apply. A copy serves to try one.
class Prices {
 public:
  Prices(const PromotionBasket& basket, const Goods& goods) : basket_(&basket), goods_(&goods) {
    left_.currency = basket.currency;
    left_.total = goods.total(goods.all());
    for (const std::size_t place : goods.all()) {
      left_.lines.push_back(goods.line(place).total_cents);
    }
  }

  std::int64_t total() const { return left_.total + shipping_; }

  void add_shipping() {
    if (!basket_->shipping) return;
    std::vector<std::int64_t> left(left_.lines.size());
    for (const std::size_t place : goods_->all()) left[goods_->index(place)] = left_.lines[place];
    shipping_ = basket_->shipping(left);
  }

  void apply(Candidate& candidate, PromotionPhase phase) {
    for (const ActionOnLines& each : candidate.actions) {
      if (phase_of(each.action->kind) != phase) continue;
      if (phase == PromotionPhase::shipping) {
        const std::int64_t part = shipping_part(*each.action, {shipping_, basket_->currency});
        candidate.shipping_part += part;
        shipping_ -= part;
      } else {
        apply_to_goods(each, candidate);
      }
    }
  }

  // Whether the promotion does something for the buyer, or will once there is a shipping method.
  bool has_effect(const Candidate& candidate) const {
    return takes_off(candidate) || candidate.has_action(PromotionPhase::gifts);
  }
  // The same, beside a gift.
  bool takes_off(const Candidate& candidate) const {
    return candidate.shipping_part > 0 ||
           std::any_of(candidate.parts.begin(), candidate.parts.end(),
                       [](std::int64_t part) { return part > 0; }) ||
           (!basket_->shipping && candidate.has_action(PromotionPhase::shipping));
  }

 private:
  void apply_to_goods(const ActionOnLines& each, Candidate& candidate) {
    candidate.parts.resize(left_.lines.size());
    const auto parts = parts_of(*each.action, *goods_, each.places, left_);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      candidate.parts[each.places[i]] += parts[i];
      left_.lines[each.places[i]] -= parts[i];
      left_.total -= parts[i];
    }
  }

  const PromotionBasket* basket_;
  const Goods* goods_;
  Left left_{};
  std::int64_t shipping_ = 0;
};

struct Trial {
  std::int64_t total = 0;
  bool has_effect = false;
};

// What would be left to pay if the candidate alone applied next.
Trial tried(Candidate candidate, Prices prices) {
  prices.apply(candidate, PromotionPhase::lines);
  prices.apply(candidate, PromotionPhase::order);
  prices.add_shipping();
  prices.apply(candidate, PromotionPhase::shipping);
  return {prices.total(), prices.has_effect(candidate)};
}

// A promotion applies once, whatever number of its codes was entered.
void refuse_repeated(std::vector<Candidate>& candidates) {
  const Candidate* last = nullptr;
  for (Candidate& each : candidates) {
    if (each.refusal) continue;
    if (last && last->promotion().id == each.promotion().id) {
      each.refuse(PromotionReason::already_applied);
    } else {
      last = &each;
    }
  }
}

// The first exclusive promotion that has an effect applies alone.
void refuse_beside_exclusive(std::vector<Candidate>& candidates, const Prices& prices) {
  const Candidate* alone = nullptr;
  for (Candidate& each : candidates) {
    if (!each.is(PromotionStacking::exclusive)) continue;
    if (tried(each, prices).has_effect) {
      alone = &each;
      break;
    }
    each.refuse(PromotionReason::nothing_left);
  }
  if (!alone) return;
  for (Candidate& each : candidates) {
    if (&each != alone && !each.refusal) each.refuse(PromotionReason::excluded);
  }
}

// Refuses all of a group but the best, which it returns. The turn of the group's first has come.
Candidate& best_of_group(const Candidate& first, std::vector<Candidate>& candidates,
                         const Prices& prices) {
  Candidate* best = nullptr;
  std::int64_t least = 0;
  std::vector<std::pair<Candidate*, Trial>> others;
  for (Candidate& each : candidates) {
    if (!each.is(PromotionStacking::best_deal) ||
        each.promotion().group != first.promotion().group) {
      continue;
    }
    const Trial trial = tried(each, prices);
    others.push_back({&each, trial});
    if (best && trial.total >= least) continue;
    best = &each;
    least = trial.total;
  }
  for (const auto& [each, trial] : others) {
    if (each == best) continue;
    each->refuse(trial.has_effect ? PromotionReason::better_deal : PromotionReason::nothing_left);
  }
  return *best;
}

PromotionPhase first_phase(const Candidate& candidate) {
  PromotionPhase first = PromotionPhase::gifts;
  for (const ActionOnLines& each : candidate.actions) {
    first = std::min(first, phase_of(each.action->kind));
  }
  return first;
}

// Applies the candidates that are not refused. Returns them in the order in which they apply.
std::vector<Candidate*> apply_all(std::vector<Candidate>& candidates, Prices& prices) {
  std::vector<Candidate*> placed;
  for (Candidate& each : candidates) {
    if (each.refusal || each.is_placed) continue;
    // A group has the turn of its first.
    const bool is_grouped = each.is(PromotionStacking::best_deal);
    Candidate& next = is_grouped ? best_of_group(each, candidates, prices) : each;
    next.is_placed = true;
    placed.push_back(&next);
    prices.apply(next, PromotionPhase::lines);
  }
  for (Candidate* each : placed) prices.apply(*each, PromotionPhase::order);
  prices.add_shipping();
  for (Candidate* each : placed) prices.apply(*each, PromotionPhase::shipping);
  std::erase_if(placed, [&](Candidate* each) {
    if (prices.has_effect(*each)) return false;
    each->refuse(PromotionReason::nothing_left);
    return true;
  });
  std::stable_sort(placed.begin(), placed.end(), [](const Candidate* one, const Candidate* other) {
    return first_phase(*one) < first_phase(*other);
  });
  return placed;
}

PromotionHint hint_of(const Promotion& promotion) {
  return {.promotion_id = promotion.id, .name = promotion.name};
}

const PromotionAction* gift_of(const Promotion& promotion) {
  const auto found =
      std::find_if(promotion.actions.begin(), promotion.actions.end(),
                   [](const auto& each) { return each.kind == PromotionActionKind::gift_line; });
  return found == promotion.actions.end() ? nullptr : &*found;
}

PromotionHint missing_gift(const Promotion& promotion) {
  PromotionHint hint = hint_of(promotion);
  hint.unavailable_sku = gift_of(promotion)->sku;
  return hint;
}

// How many units of gifts there are left, by SKU.
using GiftUnits = std::map<std::string, std::int64_t, std::less<>>;

// Takes the gift's units, if so many are left.
bool take_gift(const PromotionAction& gift, GiftUnits& units) {
  const std::int64_t quantity = gift.quantity.value_or(1);
  const auto left = units.find(*gift.sku);
  if (left == units.end() || left->second < quantity) return false;
  left->second -= quantity;
  return true;
}

// Takes the gifts of those that apply, in their order. Whose gift is gone does not apply, unless it
// takes something off, too.
void take_gifts(GiftUnits units, const Prices& prices, std::vector<Candidate*>& applied) {
  std::erase_if(applied, [&](Candidate* each) {
    const PromotionAction* gift = gift_of(each->promotion());
    if (!gift) return false;
    each->has_gift = take_gift(*gift, units);
    if (each->has_gift || prices.takes_off(*each)) return false;
    each->refuse(PromotionReason::gift_unavailable);
    return true;
  });
}

void add_gift(const Candidate& each, Discounts& discounts) {
  const PromotionAction* gift = gift_of(each.promotion());
  if (each.has_gift) {
    discounts.gifts.push_back(
        {discounts.applied.size() - 1, *gift->sku, gift->quantity.value_or(1)});
  } else if (gift) {
    discounts.hints.push_back(missing_gift(each.promotion()));
  }
}

void add_applied(const Candidate& each, Discounts& discounts) {
  AppliedPromotion applied{.id = each.promotion().id,
                           .name = each.promotion().name,
                           .code = each.offer->code,
                           .shipping_discount_cents = each.shipping_part};
  for (const std::int64_t part : each.parts) applied.discount_cents += part;
  discounts.item_cents += applied.discount_cents;
  discounts.shipping_cents += applied.shipping_discount_cents;
  discounts.applied.push_back(std::move(applied));
}

std::vector<LineDiscount> discounts_of_line(std::size_t place,
                                            const std::vector<Candidate*>& applied) {
  std::vector<LineDiscount> discounts;
  discounts.reserve(applied.size());
  for (std::size_t i = 0; i < applied.size(); ++i) {
    const auto& parts = applied[i]->parts;
    if (!parts.empty() && parts[place] > 0) discounts.push_back({i, parts[place]});
  }
  return discounts;
}

void add_refused(const Candidate& each, bool may_hint, Discounts& discounts) {
  const Refusal& refusal = *each.refusal;
  if (each.offer->code) {
    discounts.rejected.push_back(
        {*each.offer->code, refusal.reason, refusal.missing_cents, refusal.missing_quantity});
  } else if (may_hint && (refusal.missing_cents || refusal.missing_quantity)) {
    PromotionHint hint = hint_of(each.promotion());
    hint.missing_cents = refusal.missing_cents;
    hint.missing_quantity = refusal.missing_quantity;
    discounts.hints.push_back(std::move(hint));
  }
  if (refusal.reason == PromotionReason::gift_unavailable) {
    discounts.hints.push_back(missing_gift(each.promotion()));
  }
}

}  // namespace

Discounts discounts_of(const std::vector<PromotionOffer>& offers, const PromotionBasket& basket,
                       Timestamp now) {
  Discounts discounts;
  discounts.lines.resize(basket.lines.size());
  if (offers.empty()) return discounts;
  const Goods goods(basket);
  std::vector<Candidate> candidates = candidates_of(offers, basket, now, goods);
  Prices prices(basket, goods);
  refuse_repeated(candidates);
  refuse_beside_exclusive(candidates, prices);
  std::vector<Candidate*> applied = apply_all(candidates, prices);
  take_gifts(basket.gift_units, prices, applied);
  const bool is_exclusive =
      applied.size() == 1 && applied.front()->is(PromotionStacking::exclusive);
  for (const Candidate* each : applied) {
    add_applied(*each, discounts);
    add_gift(*each, discounts);
  }
  for (const std::size_t place : goods.all()) {
    discounts.lines[goods.index(place)] = discounts_of_line(place, applied);
  }
  for (const Candidate& each : candidates) {
    if (each.refusal) add_refused(each, !is_exclusive, discounts);
  }
  return discounts;
}

}  // namespace resys::pricing
