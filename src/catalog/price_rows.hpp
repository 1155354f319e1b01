// The history of prices.
#pragma once

#include <optional>
#include <vector>

#include "base/scope.hpp"
#include "resys/catalog.hpp"

namespace resys::rows {

// Writes that the variant's price is another one from now on.
void record_price(const Scope& scope, const VariantId& variant, const PriceChange& change);
// The same for all entries of a price list that goes, which have no price any more. The entries
// still exist.
void record_removed_list(const Scope& scope, const PriceList& list);

// The lowest of the variant's own prices in the currency during the 30 days before now. Nothing if
// it had none.
std::optional<std::int64_t> find_lowest_price(const Scope& scope, const VariantId& variant,
                                              Currency currency);

// Whose prices are listed: the variant's own, or those of a price list.
struct PriceHistory {
  VariantId variant_id;
  std::optional<PriceListId> price_list_id;
  Currency currency;
};
// The place of a change in its history.
struct PriceChangeKey {
  Timestamp changed_at;
  std::int64_t min_quantity = 0;
};
// Newest first, from the one before `before`.
std::vector<PriceChange> list_price_changes(const Scope& scope, const PriceHistory& history,
                                            const PriceChangeKey& before, std::int64_t limit);

}  // namespace resys::rows
