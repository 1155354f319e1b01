// Pages of placed orders, as a list or as the results of a search.
#pragma once

#include <limits>
#include <optional>
#include <string_view>
#include <vector>

#include "base/page.hpp"
#include "order/rows.hpp"

namespace resys::app {

// The key before the first order of a list.
inline constexpr rows::PlacedKey kNewestPlaced{{std::numeric_limits<std::int64_t>::max()},
                                               kNewest<OrderId>};

struct OrderPage {
  std::vector<rows::PlacedKey> keys;    // newest first
  std::optional<rows::PlacedKey> next;  // the next page's `before`
};

// `q` is the text to search for; if it is empty, all orders are listed. A page of a search may have
// fewer than `limit` orders although there is a next page.
OrderPage page_of_orders(const Scope& scope, const rows::OrderFilter& filter, std::string_view q,
                         const rows::PlacedKey& before, std::int64_t limit);

}  // namespace resys::app
