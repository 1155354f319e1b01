// What is offered of a variant: its price in a currency, and how many units of it a line may have.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "resys/catalog.hpp"
#include "resys/result.hpp"

namespace resys::domain {

// All prices of a variant, its own first.
std::vector<VariantPrice> prices_of(const Variant& variant);

// Null if there is none in the currency.
const VariantPrice* find_price(const std::vector<VariantPrice>& prices, Currency currency);

// Gives the variants that have a price in that currency this one as their own. Only for showing
// them.
void show_in(Currency currency, std::vector<Product>& products);

// How many units of a variant a line may have: a multiple of the step, from `least` to `most`.
struct QuantityRule {
  std::int64_t least = 1;
  std::optional<std::int64_t> most{};
  std::int64_t step = 1;
};
bool allows(const QuantityRule& rule, std::int64_t quantity);
// minQuantity, maxQuantity if there is one, and quantityStep.
Facts facts_of(const QuantityRule& rule);
// The smallest quantity that the rule allows, if it allows any.
std::int64_t least_quantity(const QuantityRule& rule);
// The largest quantity that the rule allows, at most kMaxUnitsPerLine; 0 if it allows none.
std::int64_t largest_quantity(const QuantityRule& rule);

// invalid_request: prices in one currency are given twice, one to compare with is not above its
// price, or no quantity is allowed.
Result<void> check_variant(const Variant& variant);

}  // namespace resys::domain
