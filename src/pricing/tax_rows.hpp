// Tax rates, and a store's rules for prices as a whole.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/scope.hpp"
#include "pricing/price_rules.hpp"

namespace resys::rows {

// In the order in which they were made, from the one after `after`.
std::vector<TaxRate> list_tax_rates(const Scope& scope, const TaxRateId& after, std::int64_t limit);
std::optional<TaxRate> find_tax_rate(const Scope& scope, const TaxRateId& id);
// The other rates of the same country, category and priority.
std::vector<TaxRate> list_rivals(const Scope& scope, const TaxRate& rate);
// The caller gives the store's rules a new version first, which also locks them.
void insert_tax_rate(const Scope& scope, const TaxRate& rate);
void update_tax_rate(const Scope& scope, const TaxRate& rate);
bool delete_tax_rate(const Scope& scope, const TaxRateId& id);

// The rules of that version (orders are read with it). Null if it is empty: the store never had
// any.
std::shared_ptr<const pricing::PriceRules> load_price_rules(const Scope& scope,
                                                            std::string_view version);

}  // namespace resys::rows
