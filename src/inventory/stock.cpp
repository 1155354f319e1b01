// Moves stock within a caller's transaction; the contract is in the header.
//
// Locks are taken in one order: the reservation, then stock items by (variant, location). Every
// change of units writes a movement. If it changes a counter, one conditional UPDATE does so.
#include "inventory/stock.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "inventory/rows.hpp"

namespace resys::app {
namespace {

// How often the stock is read in all, because another transaction may take some of it after it was
// read. Where there is only one writer, this cannot happen.
constexpr int kAttempts = 8;
constexpr std::int64_t kBackorderBatch = 100;

// What a unit in a given state adds to the counters of its stock item. A counter is what staff have
// counted plus the sum of these.
struct CounterDelta {
  std::int64_t on_hand = 0;
  std::int64_t reserved = 0;
};

CounterDelta delta_of(UnitState state) {
  switch (state) {
    case UnitState::reserved:
    case UnitState::sold:  // it stays there until its parcel leaves
      return {0, 1};
    case UnitState::shipped:
      return {-1, 0};
    case UnitState::backordered:
    case UnitState::returned:
    case UnitState::released:
      break;
  }
  return {0, 0};
}

rows::StockChange change_of(const Scope& scope, std::string_view order_ref, UnitState from,
                            UnitEvent event, std::int64_t quantity) {
  const CounterDelta before = delta_of(from);
  const CounterDelta after = delta_of(next_state(kUnitTransitions, from, event).value());
  rows::StockChange change;
  change.quantity = quantity;
  change.on_hand_delta = quantity * (after.on_hand - before.on_hand);
  change.reserved_delta = quantity * (after.reserved - before.reserved);
  change.reason = name_of(event);
  change.order_ref = order_ref;
  change.actor = scope.actor.user_id;
  return change;
}

bool change_stock(const Scope& scope, const rows::StockChange& change) {
  return rows::change_stock(scope, change, scope.ids.make<StockMovementId>());
}

// ---- reserving

// A part of one variant's demand, allocated at one location.
struct Allocation {
  LocationId location_id;
  std::int64_t quantity = 0;
  UnitState state = UnitState::reserved;
};

struct Plan {
  std::vector<Allocation> allocations;  // in lock order
  std::int64_t missing = 0;
};

Plan plan_allocations(const std::vector<rows::StockRow>& rows, std::int64_t quantity) {
  Plan plan;
  const rows::StockRow* backorder = nullptr;
  for (const rows::StockRow& row : rows) {
    if (!row.location_active) continue;
    if (row.backorderable && backorder == nullptr) backorder = &row;
    const std::int64_t available = std::min(quantity, row.on_hand - row.reserved);
    if (available == 0) continue;
    plan.allocations.push_back({row.location_id, available, UnitState::reserved});
    quantity -= available;
  }
  if (quantity > 0 && backorder != nullptr) {
    plan.allocations.push_back({backorder->location_id, quantity, UnitState::backordered});
    quantity = 0;
  }
  plan.missing = quantity;
  std::stable_sort(plan.allocations.begin(), plan.allocations.end(),
                   [](const Allocation& left, const Allocation& right) {
                     return left.location_id < right.location_id;
                   });
  return plan;
}

// The total demand for one variant.
struct TotalDemand {
  std::string_view sku;
  std::int64_t quantity = 0;
};
using TotalDemands = std::map<VariantId, TotalDemand>;
using Plans = std::map<VariantId, Plan>;

TotalDemands sum_demands(const std::vector<Demand>& demands) {
  TotalDemands totals;
  for (const Demand& demand : demands) {
    TotalDemand& total = totals[demand.variant_id];
    total.sku = demand.sku;
    total.quantity += demand.quantity;
  }
  return totals;
}

// Only reads. The refusal lists every SKU that is short.
Result<Plans> plan_all(const Scope& scope, const TotalDemands& totals) {
  Plans plans;
  Error refusal(Errc::insufficient_stock, "there is less stock than requested");
  for (const auto& [variant, total] : totals) {
    Plan& plan = plans[variant];
    plan = plan_allocations(rows::load_stock(scope, variant), total.quantity);
    if (plan.missing == 0) continue;
    refusal = std::move(refusal).row({{"sku", std::string(total.sku)},
                                      {"requested", total.quantity},
                                      {"available", total.quantity - plan.missing}});
  }
  if (!refusal.rows().empty()) return refusal;
  return plans;
}

// Changes the counters as planned. Returns false if another transaction was faster. The plan then
// holds the allocations that were made until then.
bool allocate(const Scope& scope, std::string_view order_ref, const VariantId& variant,
              Plan& plan) {
  for (std::size_t i = 0; i < plan.allocations.size(); ++i) {
    const Allocation& allocation = plan.allocations[i];
    rows::StockChange change;
    change.variant_id = variant;
    change.location_id = allocation.location_id;
    change.quantity = allocation.quantity;
    change.reserved_delta = allocation.quantity * delta_of(allocation.state).reserved;
    change.reason = allocation.state == UnitState::backordered ? "backorder" : "reserve";
    change.order_ref = order_ref;
    change.actor = scope.actor.user_id;
    if (change_stock(scope, change)) continue;
    plan.allocations.resize(i);
    return false;
  }
  return true;
}

// Assigns what was allocated to the lines, as lots of units.
void assign_to_lines(const Scope& scope, std::string_view order_ref,
                     const std::vector<Demand>& demands, const VariantId& variant, Plan& plan) {
  auto next = plan.allocations.begin();
  for (const Demand& demand : demands) {
    if (demand.variant_id != variant) continue;
    for (std::int64_t left = demand.quantity; left > 0 && next != plan.allocations.end();) {
      const std::int64_t quantity = std::min(left, next->quantity);
      const InventoryUnit unit{.id = scope.ids.make<InventoryUnitId>(),
                               .variant_id = variant,
                               .location_id = next->location_id,
                               .order_ref = std::string(order_ref),
                               .line_ref = demand.line_ref,
                               .quantity = quantity,
                               .state = next->state};
      rows::insert_unit(scope, unit);
      left -= quantity;
      next->quantity -= quantity;
      if (next->quantity == 0) ++next;
    }
  }
}

// ---- moving units on

using StockItem = std::pair<VariantId, LocationId>;

// Moves all units that are in `from`, and adjusts the counters.
void move_units(const Scope& scope, std::string_view order_ref,
                const std::vector<InventoryUnit>& units, UnitState from, UnitEvent event) {
  std::map<StockItem, std::int64_t> quantities;  // in lock order
  for (const InventoryUnit& unit : units) {
    if (unit.state == from) quantities[{unit.variant_id, unit.location_id}] += unit.quantity;
  }
  if (quantities.empty()) return;
  for (const auto& [item, quantity] : quantities) {
    rows::StockChange change = change_of(scope, order_ref, from, event, quantity);
    std::tie(change.variant_id, change.location_id) = item;
    if (!change_stock(scope, change)) {
      throw db::StorageFault(
          Error(Errc::internal, "the stock counters do not agree with the inventory units"));
    }
  }
  const UnitState to = next_state(kUnitTransitions, from, event).value();
  for (const InventoryUnit& unit : units) {
    if (unit.state == from && !rows::move_unit(scope, unit, to)) {
      throw db::StorageFault(
          Error(Errc::internal, "an inventory unit was moved without its reservation's lock"));
    }
  }
}

void fill_backorders_of(const Scope& scope, const std::vector<InventoryUnit>& units) {
  std::set<VariantId> variants;
  for (const InventoryUnit& unit : units) variants.insert(unit.variant_id);
  for (const VariantId& variant : variants) fill_backorders(scope, variant);
}

// Releases the units of a reservation that has just become a released one. Returns the units as
// they were.
std::vector<InventoryUnit> release_units(const Scope& scope, std::string_view order_ref) {
  std::vector<InventoryUnit> units = rows::load_units(scope, order_ref);
  move_units(scope, order_ref, units, UnitState::reserved, UnitEvent::release);
  move_units(scope, order_ref, units, UnitState::backordered, UnitEvent::release);
  return units;
}

// ---- parts of lots

// Moves units of a lot to another state, and perhaps to another location. They are the whole lot,
// or a part that joins the lot of its line there. Returns false if another transaction was faster.
bool move_part(const Scope& scope, const InventoryUnit& lot, InventoryUnit part) {
  if (part.quantity == lot.quantity) {
    return rows::move_lot(scope, lot, part.location_id, part.state);
  }
  if (!rows::shrink_lot(scope, lot, part.quantity)) return false;
  part.id = scope.ids.make<InventoryUnitId>();
  if (!rows::grow_lot(scope, part)) {
    rows::insert_unit(scope, part);
  }
  return true;
}

// Allocates units of a location to a backordered lot.
void fill_backorder(const Scope& scope, ReservationState reservation, const InventoryUnit& waiting,
                    const LocationId& location, std::int64_t quantity) {
  InventoryUnit filled = waiting;
  filled.location_id = location;
  filled.quantity = quantity;
  filled.state = UnitState::backordered;
  const auto move = [&](UnitEvent event) {
    rows::StockChange change = change_of(scope, waiting.order_ref, filled.state, event, quantity);
    change.variant_id = waiting.variant_id;
    change.location_id = location;
    filled.state = next_state(kUnitTransitions, filled.state, event).value();
    return change_stock(scope, change);
  };
  bool done = reservation != ReservationState::released && move(UnitEvent::fill);
  if (done && reservation == ReservationState::committed) done = move(UnitEvent::commit);
  if (done) done = move_part(scope, waiting, filled);
  // This can happen where writers run side by side. The transaction then runs again.
  if (!done)
    throw db::StorageFault(Error(Errc::busy, "the stock changed while it was being allocated"));
}

}  // namespace

bool is_own_order(std::string_view order_ref) {
  return order_ref.starts_with(OrderId::prefix()) &&
         order_ref.substr(OrderId::prefix().size()).starts_with('_');
}

Result<void> reserve_stock(const Scope& scope, std::string_view order_ref,
                           const std::vector<Demand>& demands,
                           std::optional<Timestamp> expires_at) {
  const TotalDemands totals = sum_demands(demands);
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    RESYS_TRY(plans, plan_all(scope, totals));
    if (!rows::open_reservation(scope, order_ref, expires_at)) {
      throw db::StorageFault(Error(Errc::internal, "the order already holds a reservation"));
    }
    const bool all_allocated = std::all_of(plans.begin(), plans.end(), [&](auto& entry) {
      const bool allocated = allocate(scope, order_ref, entry.first, entry.second);
      assign_to_lines(scope, order_ref, demands, entry.first, entry.second);
      return allocated;
    });
    if (all_allocated) return success();
    release_stock(scope, order_ref);
  }
  throw db::StorageFault(Error(Errc::busy, "the stock kept changing while it was being reserved"));
}

void commit_stock(const Scope& scope, std::string_view order_ref) {
  if (!rows::move_reservation(scope, order_ref, ReservationState::held,
                              ReservationState::committed)) {
    return;
  }
  const auto units = rows::load_units(scope, order_ref);
  move_units(scope, order_ref, units, UnitState::reserved, UnitEvent::commit);
}

void release_stock(const Scope& scope, std::string_view order_ref) {
  if (!rows::move_reservation(scope, order_ref, ReservationState::held,
                              ReservationState::released)) {
    return;
  }
  fill_backorders_of(scope, release_units(scope, order_ref));
}

bool expire_stock(const Scope& scope, std::string_view order_ref) {
  if (!rows::expire_reservation(scope, order_ref)) return false;
  fill_backorders_of(scope, release_units(scope, order_ref));
  return true;
}

void hold_stock_until(const Scope& scope, std::string_view order_ref,
                      std::optional<Timestamp> expires_at) {
  rows::set_reservation_deadline(scope, order_ref, expires_at);
}

void restock(const Scope& scope, std::string_view order_ref) {
  release_stock(scope, order_ref);
  if (!rows::move_reservation(scope, order_ref, ReservationState::committed,
                              ReservationState::released)) {
    return;
  }
  const auto units = release_units(scope, order_ref);
  move_units(scope, order_ref, units, UnitState::sold, UnitEvent::restock);
  move_units(scope, order_ref, units, UnitState::shipped, UnitEvent::restock);
  fill_backorders_of(scope, units);
}

Result<void> ship_stock(const Scope& scope, std::string_view order_ref) {
  std::int64_t backordered = 0;
  for (const InventoryUnit& unit : rows::load_units(scope, order_ref)) {
    if (unit.state == UnitState::backordered) backordered += unit.quantity;
  }
  if (backordered > 0) {
    return Error(Errc::invalid_state, "units are backordered and cannot be shipped yet")
        .with("backordered", backordered);
  }
  // Pay on delivery ships what was only reserved.
  commit_stock(scope, order_ref);
  const auto units = rows::load_units(scope, order_ref);
  move_units(scope, order_ref, units, UnitState::sold, UnitEvent::ship);
  return success();
}

void lose_stock(const Scope& scope, const rows::StockChange& loss, const std::vector<Hold>& holds) {
  std::vector<InventoryUnit> freed;
  bool done = true;
  for (const auto& [lot, quantity] : holds) {
    if (!is_own_order(lot.order_ref)) {
      // This is false if another lot of the same reservation came before.
      if (!rows::move_reservation(scope, lot.order_ref, ReservationState::held,
                                  ReservationState::released)) {
        continue;
      }
      const auto units = release_units(scope, lot.order_ref);
      freed.insert(freed.end(), units.begin(), units.end());
      continue;
    }
    rows::StockChange change =
        change_of(scope, lot.order_ref, lot.state, UnitEvent::lose, quantity);
    change.variant_id = lot.variant_id;
    change.location_id = lot.location_id;
    InventoryUnit part = lot;
    part.quantity = quantity;
    part.state = UnitState::backordered;
    done = done && change_stock(scope, change) && move_part(scope, lot, part);
    freed.push_back(std::move(part));
  }
  if (!done || !change_stock(scope, loss)) {
    throw db::StorageFault(Error(Errc::busy, "the stock changed while a loss was being recorded"));
  }
  fill_backorders_of(scope, freed);
}

void fill_backorders(const Scope& scope, const VariantId& variant_id) {
  const auto available = [](const rows::StockRow& row) {
    return row.location_active ? row.on_hand - row.reserved : 0;
  };
  for (;;) {
    auto waiting = rows::list_backordered(scope, variant_id, kBackorderBatch);
    if (waiting.empty()) return;
    auto rows = rows::load_stock(scope, variant_id);
    for (InventoryUnit& unit : waiting) {
      if (std::none_of(rows.begin(), rows.end(), available)) return;
      const ReservationState reservation = rows::lock_reservation(scope, unit.order_ref);
      for (rows::StockRow& row : rows) {
        const std::int64_t quantity = std::min(unit.quantity, available(row));
        if (quantity == 0) continue;
        fill_backorder(scope, reservation, unit, row.location_id, quantity);
        unit.quantity -= quantity;
        row.reserved += quantity;
      }
    }
  }
}

}  // namespace resys::app
