// Records a loss of stock that is reserved; the rules are in the header.
#include "app/stock_loss.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "app/event.hpp"
#include "app/locked_payment.hpp"
#include "store/order.hpp"

namespace resys::app {
namespace {

// If buyers may order the variant while it is out of stock, an order that has lost units may wait
// for it, too.
bool is_backorderable(const Scope& scope, const VariantId& variant) {
  const auto rows = store::load_stock(scope, variant);
  return std::any_of(rows.begin(), rows.end(), [](const store::StockRow& row) {
    return row.location_active && row.backorderable;
  });
}

std::int64_t count_waiting(const Scope& scope, const OrderId& order, const VariantId& variant) {
  std::int64_t waiting = 0;
  for (const InventoryUnit& unit : store::load_units(scope, order.text())) {
    const bool waits = unit.variant_id == variant && unit.state == UnitState::backordered;
    if (waits) waiting += unit.quantity;
  }
  return waiting;
}

}  // namespace

std::vector<InventoryUnit> lock_unpaid_holds(const Scope& scope, const VariantId& variant,
                                             const LocationId& location) {
  auto holds = store::list_unpaid_units(scope, variant, location);
  std::erase_if(holds, [&](const InventoryUnit& unit) {
    if (!is_own_order(unit.order_ref)) {
      return store::lock_reservation(scope, unit.order_ref) != ReservationState::held;
    }
    const auto order = store::load_order_row(scope, OrderId::parse(unit.order_ref).value());
    return order->state != OrderState::payment;
  });
  return holds;
}

Result<void> write_down_loss(const Scope& scope, const Loss& loss,
                             const std::vector<InventoryUnit>& holds) {
  std::vector<Hold> giving_way;
  std::set<OrderId> orders;
  std::int64_t units = loss.units;
  for (auto run = holds.begin(); units > 0 && run != holds.end(); ++run) {
    giving_way.push_back({*run, std::min(units, run->quantity)});
    units -= giving_way.back().quantity;
    if (is_own_order(run->order_ref)) orders.insert(OrderId::parse(run->order_ref).value());
  }
  lose_stock(scope, loss.change, giving_way);

  const VariantId& variant = loss.change.variant_id;
  const bool may_wait = is_backorderable(scope, variant);
  for (const OrderId& id : orders) {
    const std::int64_t waiting = count_waiting(scope, id, variant);
    if (waiting == 0) continue;  // another location had as many
    record_event(scope, id, EventType::stock_lost,
                 {{"sku", std::string(loss.sku)}, {"quantity", std::to_string(waiting)}});
    if (may_wait) continue;
    const auto order = store::load_order_row(scope, id).value();
    RESYS_TRY(update, lock_payment(scope, order.payment_id));
    update.close(store::Closing::stock_lost, scope.actor);
    update.payment().next_check_at = scope.now;  // only background work carries it out
    save(scope, update);
  }
  return success();
}

}  // namespace resys::app
