// Staff set the units on hand. This stands with the orders because a loss may take units that an
// order holds.
//
// The youngest holds that are not paid give up their units.
//
// An order in Payment may be paid at any moment, so its units are not released. They are
// backordered, which needs no stock, and the payment is to be ended. Background work asks the
// processor to cancel, and only the processor's response opens the order again. No money is lost in
// either case:
//
//   no money can come    the order is in Delivery again, its units are released
//   it was paid first    the order is complete and waits for stock: staff restock or cancel it
#include <algorithm>
#include <cstdlib>
#include <set>
#include <string>

#include "base/command.hpp"
#include "catalog/variant.hpp"
#include "event/outbox.hpp"
#include "inventory/fields.hpp"
#include "inventory/stock.hpp"
#include "inventory/view.hpp"
#include "order/locked_payment.hpp"
#include "order/rows.hpp"
#include "resys/inventory.hpp"

namespace resys {
namespace {

// ---- a loss

// If buyers may order the variant while it is out of stock, an order that has lost units may wait
// for it, too.
bool is_backorderable(const Scope& scope, const VariantId& variant) {
  const auto rows = rows::load_stock(scope, variant);
  return std::any_of(rows.begin(), rows.end(), [](const rows::StockRow& row) {
    return row.location_active && row.backorderable;
  });
}

std::int64_t count_waiting(const Scope& scope, const OrderId& order, const VariantId& variant) {
  std::int64_t waiting = 0;
  for (const InventoryUnit& unit : rows::load_units(scope, order.text())) {
    const bool waits = unit.variant_id == variant && unit.state == UnitState::backordered;
    if (waits) waiting += unit.quantity;
  }
  return waiting;
}

// The holds of a stock item that may give up units, the youngest first. Locks their orders and
// reservations.
std::vector<InventoryUnit> lock_unpaid_holds(const Scope& scope, const VariantId& variant,
                                             const LocationId& location) {
  auto holds = rows::list_unpaid_units(scope, variant, location);
  std::erase_if(holds, [&](const InventoryUnit& unit) {
    if (!app::is_own_order(unit.order_ref)) {
      return rows::lock_reservation(scope, unit.order_ref) != ReservationState::held;
    }
    const auto order = rows::load_order_row(scope, OrderId::parse(unit.order_ref).value());
    return order->state != OrderState::payment;
  });
  return holds;
}

// A loss that the scope's actor has recorded.
struct Loss {
  std::string_view sku;
  rows::StockChange change;
  std::int64_t units = 0;  // of what is reserved
};
// Takes the lost units from the holds, and records the loss. An order that has lost units for good
// gets an event. Its payment is to be ended, unless the variant can be backordered.
Result<void> write_down_loss(const Scope& scope, const Loss& loss,
                             const std::vector<InventoryUnit>& holds) {
  std::vector<app::Hold> giving_way;
  std::set<OrderId> orders;
  std::int64_t units = loss.units;
  for (auto lot = holds.begin(); units > 0 && lot != holds.end(); ++lot) {
    giving_way.push_back({*lot, std::min(units, lot->quantity)});
    units -= giving_way.back().quantity;
    if (app::is_own_order(lot->order_ref)) orders.insert(OrderId::parse(lot->order_ref).value());
  }
  app::lose_stock(scope, loss.change, giving_way);

  const VariantId& variant = loss.change.variant_id;
  const bool may_wait = is_backorderable(scope, variant);
  for (const OrderId& id : orders) {
    const std::int64_t waiting = count_waiting(scope, id, variant);
    if (waiting == 0) continue;  // another location had as many
    app::record_event(scope, id, EventType::stock_lost,
                      {{"sku", std::string(loss.sku)}, {"quantity", std::to_string(waiting)}});
    if (may_wait) continue;
    const auto order = rows::load_order_row(scope, id).value();
    RESYS_TRY(update, app::lock_payment(scope, order.payment_id));
    update.request_void(rows::VoidReason::stock_lost, scope.actor);
    update.payment().next_check_at = scope.now;  // only background work carries it out
    app::save(scope, update);
  }
  return success();
}

// ---- the count

// The location that is named, or the only active one.
Result<LocationId> choose_location(const Scope& scope, const std::optional<LocationId>& named) {
  if (named) {
    if (!rows::find_location(scope, *named)) {
      return Error(Errc::not_found, "there is no such location").at("locationId");
    }
    return *named;
  }
  auto locations = rows::list_locations(scope);
  std::erase_if(locations, [](const Location& location) { return !location.active; });
  if (locations.size() == 1) return locations.front().id;
  return Error(Errc::invalid_request, locations.empty()
                                          ? "the location is missing, and none is active"
                                          : "the location is missing, and several are active")
      .at("locationId")
      .with("reason", "location_required")
      .with("locations", locations.size());
}

Error below_reserved(const SetStock& request, std::int64_t wanted, const rows::StockCounters& now) {
  return Error(Errc::insufficient_stock, "fewer units would be on hand than are reserved")
      .at(request.adjust ? "adjust" : "onHand")
      .with("sku", request.sku)
      .with("requested", wanted)
      .with("onHand", now.on_hand)
      .with("reserved", now.reserved)
      .with("available", now.on_hand - now.reserved);
}

Result<void> set_count(const Scope& scope, const SetStock& request, const VariantId& variant,
                       const LocationId& location) {
  const bool may_release = request.release_holds.value_or(false);
  std::vector<InventoryUnit> holds;
  if (may_release) holds = lock_unpaid_holds(scope, variant, location);
  const rows::StockCounters now = rows::lock_stock(scope, variant, location, request.backorderable);
  if (request.expected_on_hand && *request.expected_on_hand != now.on_hand) {
    return Error(Errc::conflict, "the units on hand have changed since they were read")
        .at("expectedOnHand")
        .with("onHand", now.on_hand);
  }
  const std::int64_t wanted = request.on_hand.value_or(now.on_hand + request.adjust.value_or(0));
  if (wanted > fields::kMaxStock) {
    return Error(Errc::too_large, "the location would have more than " +
                                      std::to_string(fields::kMaxStock) + " units")
        .at("adjust")
        .with("limit", fields::kMaxStock);
  }
  if (wanted == now.on_hand) return success();
  const rows::StockChange change{.variant_id = variant,
                                 .location_id = location,
                                 .quantity = std::abs(wanted - now.on_hand),
                                 .on_hand_delta = wanted - now.on_hand,
                                 .reason = request.reason,
                                 .actor = scope.actor.user_id};
  if (wanted < now.reserved) {
    if (!may_release) return below_reserved(request, wanted, now);
    std::int64_t kept = now.reserved;
    for (const InventoryUnit& unit : holds) kept -= unit.quantity;
    if (wanted < kept) return below_reserved(request, wanted, now).with("keptUnits", kept);
    const Loss loss{request.sku, change, now.reserved - wanted};
    return write_down_loss(scope, loss, holds);
  }
  rows::change_stock(scope, change, scope.ids.make<StockMovementId>());
  app::fill_backorders(scope, variant);
  return success();
}

Result<Stock> stock_of(const Scope& scope, const VariantId& variant) {
  return app::view_stock(rows::load_variant_stock(scope, variant));
}

}  // namespace

Result<Stock> AdminStock::set(const Caller& caller, const SetStock& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  if (request.on_hand && request.adjust) {
    return Error(Errc::invalid_request, "both onHand and adjust are given").at("adjust");
  }
  if (!request.on_hand && !request.adjust && !request.backorderable) {
    return Error(Errc::invalid_request, "none of onHand, adjust and backorderable is given")
        .at("onHand");
  }
  const auto body = [&](const Scope& scope) -> Result<VariantId> {
    RESYS_TRY(variant, app::require_variant(scope, request));
    RESYS_TRY(location, choose_location(scope, request.location_id));
    RESYS_TRYV(set_count(scope, request, variant, location));
    return variant;
  };
  return app::run_command(context_, caller, request, body, stock_of);
}

}  // namespace resys
