// Which price of a store's price lists a customer pays.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "pricing/price_rules.hpp"

namespace resys::pricing {

// A price that a list has for a variant.
struct ListEntry {
  PriceListId price_list_id;
  std::int64_t min_quantity = 1;
  std::int64_t price_cents = 0;
};

// The prices that all lists have, by list, then by quantity.
using EntriesByVariant = std::map<VariantId, std::vector<ListEntry>>;

// What the choice of price lists depends on, beside quantities.
struct PriceListBuyer {
  Currency currency;
  std::vector<std::string> groups;  // sorted
  std::string country;              // empty: not known yet, so the store's home country
};

// The price lists that apply to one buyer at one moment.
class PriceListTerms {
 public:
  // The rules must outlive it.
  PriceListTerms(const PriceRules& rules, const PriceListBuyer& buyer, Timestamp now);

  // What one unit of a variant costs if that many are bought. `entries` are those of all lists for
  // the variant. Without a list that has a price for it, this is `price_cents`.
  std::int64_t price(std::int64_t price_cents, const std::vector<ListEntry>& entries,
                     std::int64_t quantity) const;

 private:
  std::vector<const PriceList*> lists_;
};

}  // namespace resys::pricing
