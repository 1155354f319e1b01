// Records a loss of stock that is reserved; the rules are in the header.
#include "app/stock_loss.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "app/event.hpp"
#include "app/settlement.hpp"
#include "store/order.hpp"

namespace resys::app {
namespace {

// If buyers may order the variant while it is out of stock, an order that has lost units may wait
// for it, too.
bool is_backorderable(db::Transaction& tx, std::string_view store, const VariantId& variant) {
  const auto rows = store::load_stock(tx, store, variant);
  return std::any_of(rows.begin(), rows.end(), [](const store::StockRow& row) {
    return row.location_active && row.backorderable;
  });
}

std::int64_t count_waiting(db::Transaction& tx, std::string_view store, const OrderId& order,
                           const VariantId& variant) {
  std::int64_t waiting = 0;
  for (const InventoryUnit& unit : store::load_units(tx, store, order.text())) {
    const bool waits = unit.variant_id == variant && unit.state == UnitState::backordered;
    if (waits) waiting += unit.quantity;
  }
  return waiting;
}

}  // namespace

std::vector<InventoryUnit> lock_unpaid_holds(db::Transaction& tx, const StockScope& scope,
                                             const VariantId& variant, const LocationId& location) {
  auto holds = store::list_unpaid_units(tx, scope.store, variant, location);
  std::erase_if(holds, [&](const InventoryUnit& unit) {
    if (!is_own_order(unit.order_ref)) {
      return store::lock_reservation(tx, scope.store, unit.order_ref, scope.now) !=
             ReservationState::held;
    }
    const auto order =
        store::load_order_row(tx, scope.store, OrderId::parse(unit.order_ref).value());
    return order->state != OrderState::payment;
  });
  return holds;
}

Result<void> write_down_loss(db::Transaction& tx, const Context& context, const StockScope& scope,
                             const Loss& loss, const std::vector<InventoryUnit>& holds) {
  std::vector<Hold> giving_way;
  std::set<OrderId> orders;
  std::int64_t units = loss.units;
  for (auto run = holds.begin(); units > 0 && run != holds.end(); ++run) {
    giving_way.push_back({*run, std::min(units, run->quantity)});
    units -= giving_way.back().quantity;
    if (is_own_order(run->order_ref)) orders.insert(OrderId::parse(run->order_ref).value());
  }
  lose_stock(tx, scope, loss.change, giving_way);

  const VariantId& variant = loss.change.variant_id;
  const bool may_wait = is_backorderable(tx, scope.store, variant);
  for (const OrderId& id : orders) {
    const std::int64_t waiting = count_waiting(tx, scope.store, id, variant);
    if (waiting == 0) continue;  // another location had as many
    record_event(tx, context, scope.store, id, EventType::stock_lost,
                 {{"sku", std::string(loss.sku)}, {"quantity", std::to_string(waiting)}},
                 loss.actor, scope.now);
    if (may_wait) continue;
    const auto order = store::load_order_row(tx, scope.store, id).value();
    RESYS_TRY(settlement, Settlement::lock(tx, context, scope.store, order.payment_id, scope.now));
    settlement.close(store::Closing::stock_lost, loss.actor);
    settlement.payment().next_check_at = scope.now;  // only background work carries it out
    settlement.save();
  }
  return success();
}

}  // namespace resys::app
