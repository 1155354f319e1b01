// What placing would say of an order that is not placed: reading shows it, placing obeys it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "app/open_order.hpp"

namespace resys::app {

struct Appraisal {
  // Of each line: not_for_sale, or price_changed and insufficient_stock.
  std::vector<std::vector<CartProblem>> lines;
  Result<pricing::Quote> quote = pricing::Quote();  // at the prices of this moment
  std::int64_t max_placements = 0;
  std::vector<CartProblem> problems;  // of all, each once, in the order in which placing says them
};

bool contains(const std::vector<CartProblem>& problems, CartProblem problem);

// `max_placements`: the store's setting.
Appraisal appraise(const OrderContents& order, std::int64_t max_placements, Timestamp now);

// Placing's refusal, if there is one. `accepted_cents`: a total that the buyer takes whatever was
// shown. Not insufficient_stock: the ledger refuses that when it reserves, by the same rule.
Result<void> require_placeable(const OrderContents& order, const Appraisal& appraisal,
                               std::optional<std::int64_t> accepted_cents);

}  // namespace resys::app
