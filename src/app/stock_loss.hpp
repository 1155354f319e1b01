// A loss of stock that is reserved. The youngest holds that are not paid give up their units.
//
// An order in Payment may be paid at any moment, so its units are not released. They are
// backordered, which needs no stock, and the payment is to be ended. Background work asks the
// processor to cancel, and only the processor's response opens the order again. No money is lost in
// either case:
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

// The holds of a stock item that may give up units, the youngest first. Locks their orders and
// reservations.
std::vector<InventoryUnit> lock_unpaid_holds(const Scope& scope, const VariantId& variant,
                                             const LocationId& location);

// A loss that the scope's actor has recorded.
struct Loss {
  std::string_view sku;
  store::StockChange change;
  std::int64_t units = 0;  // of what is reserved
};
// Takes the lost units from the holds, and records the loss. An order that has lost units for good
// gets an event. Its payment is to be ended, unless the variant can be backordered.
Result<void> write_down_loss(const Scope& scope, const Loss& loss,
                             const std::vector<InventoryUnit>& holds);

}  // namespace resys::app
