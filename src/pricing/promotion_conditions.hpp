// Whether a promotion could apply to a basket, were it the only one.
#pragma once

#include "pricing/promotion_goods.hpp"

namespace resys::pricing {

struct Refusal {
  PromotionReason reason{};
  // What is missing, if that is all.
  std::optional<std::int64_t> missing_cents{};
  std::optional<std::int64_t> missing_quantity{};
};

// The lines that the promotion's condition `products` matches; all without such a condition.
Places matching_lines(const Promotion& promotion, const Goods& goods);

// Why the promotion applies to no basket now: it is inactive, or it is not its time.
std::optional<PromotionReason> closed_reason(const Promotion& promotion, Timestamp now);

// Why the promotion's limits or conditions refuse the basket, or nothing if they do not. `places`
// are its matching lines.
std::optional<Refusal> refusal_of(const PromotionOffer& offer, const PromotionBasket& basket,
                                  Timestamp now, const Goods& goods, const Places& places);

}  // namespace resys::pricing
