// Which price of a store's price lists a customer pays; see the header.
#include "pricing/price_list.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "pricing/validity.hpp"

namespace resys::pricing {
namespace {

bool contains(const std::vector<std::string>& list, const std::string& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

bool is_for(const PriceList& list, const PriceListBuyer& buyer, const std::string& country) {
  const auto is_of_buyer = [&](const std::string& group) { return contains(buyer.groups, group); };
  const auto& groups = list.customer_groups;
  return list.currency == buyer.currency &&
         (list.countries.empty() || contains(list.countries, country)) &&
         (groups.empty() || std::any_of(groups.begin(), groups.end(), is_of_buyer));
}

// The list's entry with the largest quantity that is reached. Null if there is none.
const ListEntry* find_entry(const PriceList& list, const std::vector<ListEntry>& entries,
                            std::int64_t quantity) {
  const ListEntry* found = nullptr;
  for (const ListEntry& entry : entries) {
    if (entry.price_list_id != list.id || entry.min_quantity > quantity) continue;
    if (found == nullptr || entry.min_quantity > found->min_quantity) found = &entry;
  }
  return found;
}

}  // namespace

PriceListTerms::PriceListTerms(const PriceRules& rules, const PriceListBuyer& buyer,
                               Timestamp now) {
  const std::string& country = buyer.country.empty() ? rules.taxes.home_country : buyer.country;
  for (const PriceList& list : rules.price_lists) {
    if (!list.active || !holds({list.valid_from, list.valid_until}, now)) continue;
    if (is_for(list, buyer, country)) lists_.push_back(&list);
  }
}

std::int64_t PriceListTerms::price(std::int64_t price_cents, const std::vector<ListEntry>& entries,
                                   std::int64_t quantity) const {
  std::optional<std::pair<std::int64_t, std::int64_t>> best;  // priority, then price
  for (const PriceList* list : lists_) {
    const ListEntry* entry = find_entry(*list, entries, quantity);
    if (entry == nullptr) continue;
    const std::pair found(list->priority, entry->price_cents);
    if (!best || found < *best) best = found;
  }
  return best ? best->second : price_cents;
}

}  // namespace resys::pricing
