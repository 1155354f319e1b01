// A loss that reaches into what is reserved: the youngest holds that are not paid give way.
//
// An order in Payment may be paid at any moment, so its units are not released: they are
// backordered, which costs no stock, and the end of its payment is intended. Due work asks the
// processor, and only its answer opens the order again. Whatever it answers, no money is lost:
//
//   no money can come    the order is in Delivery again, its units are released
//   it was paid first    the order is complete and waits for stock: staff restock or cancel it
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "app/context.hpp"
#include "app/stock.hpp"
#include "store/actor.hpp"

namespace resys::app {

// The holds of a stock item that may give way, the youngest first; their orders and reservations
// are locked.
std::vector<InventoryUnit> lock_unpaid_holds(db::Transaction& tx, const StockScope& scope,
                                             const VariantId& variant, const LocationId& location);

// What staff write down.
struct Loss {
  std::string_view sku;
  store::StockChange change;
  std::int64_t units = 0;  // of what is reserved
  store::ActorRef actor;
};
// So many units of the holds give way, and with that the loss is written down. The orders that have
// lost units for good are told, and their payments are to end.
Result<void> write_down_loss(db::Transaction& tx, const Context& context, const StockScope& scope,
                             const Loss& loss, const std::vector<InventoryUnit>& holds);

}  // namespace resys::app
