// The stock ledger's moves, within a caller's transaction. Orders and the
// InventoryReservationService both move stock through these and nothing else, so the counters, the
// units and the movements always agree.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/database.hpp"
#include "domain/id_source.hpp"
#include "resys/inventory.hpp"
#include "store/inventory.hpp"

namespace resys::app {

struct StockScope {
  std::string_view store;
  std::string_view actor;  // who, for the movements; empty: the library itself
  Timestamp now;
  domain::IdSource& ids;
};

struct Demand {
  std::string line_ref;
  VariantId variant_id;
  std::string sku;
  std::int64_t quantity = 0;
};

// A reservation of resys's own, not of a host.
bool is_own_order(std::string_view order_ref);

// All of it or none; a refusal leaves everything as it was, so the transaction may go on.
// insufficient_stock has a row {sku, requested, available} per short SKU. Taken is what is
// available at active locations, by position; the rest is backordered where a location allows it.
// The order must hold no reservation (a released one is taken up again).
Result<void> reserve_stock(db::Transaction& tx, const StockScope& scope, std::string_view order_ref,
                           const std::vector<Demand>& demands, std::optional<Timestamp> expires_at);
// reserved -> sold, still on hand and reserved. Units still backordered stay so and are sold when
// stock arrives. Again: changes nothing.
void commit_stock(db::Transaction& tx, const StockScope& scope, std::string_view order_ref);
// reserved, backordered -> released. Again: changes nothing.
void release_stock(db::Transaction& tx, const StockScope& scope, std::string_view order_ref);
// The same for a reservation that is past its deadline; false, and nothing is changed, if it is
// not.
bool expire_stock(db::Transaction& tx, const StockScope& scope, std::string_view order_ref);
// Moves the deadline of a held reservation; none: it is held until committed or released.
void hold_stock_until(db::Transaction& tx, const StockScope& scope, std::string_view order_ref,
                      std::optional<Timestamp> expires_at);
// sold, shipped -> returned: available again; what was only reserved or backordered is released.
void restock(db::Transaction& tx, const StockScope& scope, std::string_view order_ref);
// reserved or sold -> shipped, not on hand any more. invalid_state if units are backordered, with
// their number. Again: changes nothing.
Result<void> ship_stock(db::Transaction& tx, const StockScope& scope, std::string_view order_ref);
// Units of a reserved run.
struct Hold {
  InventoryUnit run;
  std::int64_t quantity = 0;
};
// A loss that reaches into what is reserved: the holds give way, and with that on hand goes down.
// An order's units are backordered, for its payment may still bring money; a host's reservation is
// released as a whole. What is available elsewhere, or is freed beyond the loss, goes to those who
// wait.
void lose_stock(db::Transaction& tx, const StockScope& scope, const store::StockChange& loss,
                const std::vector<Hold>& holds);
// Gives available stock of a variant to the oldest backordered units. Whatever makes stock
// available does this, so that nobody overtakes those who wait.
void fill_backorders(db::Transaction& tx, const StockScope& scope, const VariantId& variant_id);

}  // namespace resys::app
