// Price lists and their prices.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/scope.hpp"
#include "pricing/price_list.hpp"

namespace resys::rows {

// In the order in which they were made, from the one after `after`.
std::vector<PriceList> list_price_lists(const Scope& scope, const PriceListId& after,
                                        std::int64_t limit);
// All lists of the store, for its rules.
std::vector<PriceList> load_price_lists(const Scope& scope);
// Locks the list if the transaction writes.
std::optional<PriceList> find_price_list(const Scope& scope, const PriceListId& id);
// The caller gives the store's rules a new version first, which also locks them.
void insert_price_list(const Scope& scope, const PriceList& list);
void update_price_list(const Scope& scope, const PriceList& list);
// With its prices.
void delete_price_list(const Scope& scope, const PriceListId& id);

// The prices that all lists have for a variant, by list, then by quantity.
std::vector<pricing::ListEntry> load_list_entries(const Scope& scope, const VariantId& variant);
// The same, of the variants of the products from one slug to another.
pricing::EntriesByVariant load_list_entries(const Scope& scope, std::string_view first_slug,
                                            std::string_view last_slug);
// Replaces the prices that one list has for a variant.
void replace_list_entries(const Scope& scope, const VariantId& variant, const PriceListId& list,
                          const std::vector<pricing::ListEntry>& entries);
// The place of a price in its list.
struct ListedPriceKey {
  VariantId variant_id;
  std::int64_t min_quantity = 0;
};
// A list's prices by variant, then by quantity, from the one after `after`.
std::vector<ListedPrice> list_listed_prices(const Scope& scope, const PriceListId& list,
                                            const ListedPriceKey& after, std::int64_t limit);

}  // namespace resys::rows
