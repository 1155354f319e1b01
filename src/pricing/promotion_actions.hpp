// What an action of a promotion takes off.
#pragma once

#include "pricing/promotion_conditions.hpp"

namespace resys::pricing {

// In this order.
enum class PromotionPhase { lines, order, shipping, gifts };
PromotionPhase phase_of(PromotionActionKind kind);

// The lines that the action concerns. `matching` are those of its promotion.
Places lines_of(const PromotionAction& action, const Goods& goods, const Places& matching);

// Why the action does nothing, however much is left, or nothing if it does something. `places` are
// its lines.
std::optional<Refusal> idle_action(const PromotionAction& action, const Goods& goods,
                                   const Places& places);

// What discounts have left of the lines.
struct Left {
  std::vector<std::int64_t> lines{};
  std::int64_t total = 0;
  Currency currency{};
};

// What an action on lines or on the order takes off each of its lines: at most what is left.
std::vector<std::int64_t> parts_of(const PromotionAction& action, const Goods& goods,
                                   const Places& places, const Left& left);

// What an action on shipping takes off.
std::int64_t shipping_part(const PromotionAction& action, Money shipping);

}  // namespace resys::pricing
