// What placing would refuse about an order that is not placed yet. Reading an order shows it, and
// placing acts on it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "order/open_order.hpp"

namespace resys::app {

struct Appraisal {
  // The problems of each line that is bought: not_for_sale; or quantity_not_allowed, price_changed
  // and insufficient_stock.
  std::vector<std::vector<CartProblem>> lines;
  Result<pricing::Quote> quote = pricing::Quote();  // at the prices of this moment
  std::int64_t max_placements = 0;
  std::vector<CartProblem>
      problems;  // of the whole order, each once, in the order in which placing reports them
};

// What a unit of the line costs at the prices of this moment.
std::int64_t current_unit_price(const OrderContents& order, const Appraisal& appraisal,
                                std::size_t line);

bool contains(const std::vector<CartProblem>& problems, CartProblem problem);

// `max_placements`: the store's setting.
Appraisal appraise(const OrderContents& order, std::int64_t max_placements, Timestamp now);

// Refuses what placing refuses, except insufficient_stock: the stock ledger refuses that by the
// same rule when it reserves. `accepted_cents` is a total that the buyer accepts, even if
// another one was shown before.
Result<void> require_placeable(const OrderContents& order, const Appraisal& appraisal,
                               std::optional<std::int64_t> accepted_cents);

}  // namespace resys::app
