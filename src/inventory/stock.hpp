// Moves stock within a caller's transaction. Orders and the InventoryReservationService change
// stock only through these functions, so the counters, the units and the movements always agree.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "inventory/rows.hpp"
#include "resys/inventory.hpp"

namespace resys::app {

struct Demand {
  std::string line_ref;
  VariantId variant_id;
  std::string sku;
  std::int64_t quantity = 0;
};

// Whether the reservation is of an order of resys, not of a host's order.
bool is_own_order(std::string_view order_ref);

// Reserves all of the demand or none of it. A refusal changes nothing, so the transaction may go
// on. insufficient_stock has a row {sku, requested, available} for each SKU that is short. The
// stock of active locations is allocated by their position. The rest is backordered if a location
// allows it. The order must not hold a reservation; a released one is used again.
Result<void> reserve_stock(const Scope& scope, std::string_view order_ref,
                           const std::vector<Demand>& demands, std::optional<Timestamp> expires_at);
// reserved -> sold, still on hand and reserved. Backordered units stay backordered, and are sold
// when stock arrives. A repetition changes nothing.
void commit_stock(const Scope& scope, std::string_view order_ref);
// reserved, backordered -> released. A repetition changes nothing.
void release_stock(const Scope& scope, std::string_view order_ref);
// The same for a reservation that is past its deadline. Returns false, and changes nothing, if it
// is not.
bool expire_stock(const Scope& scope, std::string_view order_ref);
// Sets the deadline of a held reservation. Without a deadline it is held until it is committed or
// released.
void hold_stock_until(const Scope& scope, std::string_view order_ref,
                      std::optional<Timestamp> expires_at);
// sold, shipped -> returned: available again; what was only reserved or backordered is released.
void restock(const Scope& scope, std::string_view order_ref);
// reserved or sold -> shipped, no longer on hand. invalid_state, with their number, if units are
// backordered. A repetition changes nothing.
Result<void> ship_stock(const Scope& scope, std::string_view order_ref);
// A number of units of a reserved lot.
struct Hold {
  InventoryUnit lot;
  std::int64_t quantity = 0;
};
// Records a loss of stock that is reserved. The holds give up their units, and fewer units are on
// hand. The units of an order are backordered, because its payment may still bring money. A host's
// reservation is released as a whole. Stock that is available elsewhere, or is freed beyond the
// loss, is allocated to backorders.
void lose_stock(const Scope& scope, const rows::StockChange& loss, const std::vector<Hold>& holds);
// Allocates available stock of a variant to the oldest backordered units. Everything that makes
// stock available calls this, so that no new order overtakes a backorder.
void fill_backorders(const Scope& scope, const VariantId& variant_id);

}  // namespace resys::app
