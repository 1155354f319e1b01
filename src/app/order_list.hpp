// Pages of placed orders: listed, or found by what people remember of them.
#pragma once

#include <limits>
#include <optional>
#include <string_view>
#include <vector>

#include "app/page.hpp"
#include "store/order.hpp"

namespace resys::app {

// Before the first of a list.
inline constexpr store::PlacedKey kNewestPlaced{{std::numeric_limits<std::int64_t>::max()},
                                                kNewest<OrderId>};

struct OrderPage {
  std::vector<store::PlacedKey> keys;    // newest first
  std::optional<store::PlacedKey> next;  // the next page's `before`
};

// `q`: what is searched for; empty: all are listed. A page of a search may hold less than `limit`
// though there is a next one.
OrderPage page_of_orders(db::Transaction& tx, std::string_view store,
                         const store::OrderFilter& filter, std::string_view q,
                         const store::PlacedKey& before, std::int64_t limit);

}  // namespace resys::app
