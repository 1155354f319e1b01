// Stock: counters and the movements that explain them, reservations and their units, locations.
#include "inventory/rows.hpp"

#include <algorithm>
#include <iterator>

#include "base/columns.hpp"
#include "base/settings_rows.hpp"

namespace resys::rows {
namespace {

void read_stock_row(db::Columns& in, StockRow& out) {
  in >> out.location_id >> out.location_name >> out.location_active >> out.position >>
      out.on_hand >> out.reserved >> out.backorderable;
}

constexpr auto kUnit = columns(
    column("id", &InventoryUnit::id), column("variant_id", &InventoryUnit::variant_id),
    column("location_id", &InventoryUnit::location_id),
    column("order_ref", &InventoryUnit::order_ref), column("line_ref", &InventoryUnit::line_ref),
    column("quantity", &InventoryUnit::quantity), column("state", &InventoryUnit::state),
    nullable("serial", &InventoryUnit::serial));

constexpr auto kLocation =
    columns(column("id", &Location::id), column("name", &Location::name),
            column("active", &Location::active), column("position", &Location::position));
constexpr auto kLocationChanges =
    columns(column("name", &UpdateLocation::name), column("active", &UpdateLocation::active),
            column("position", &UpdateLocation::position));

}  // namespace

// ---- counters

std::vector<StockRow> load_stock(const Scope& scope, const VariantId& variant) {
  static constexpr db::Sql kLoad{R"sql(SELECT s.location_id, l.name, l.active, l.position,
        s.on_hand, s.reserved, s.backorderable
      FROM stock_item s JOIN location l ON l.store_id = s.store_id AND l.id = s.location_id
      WHERE s.store_id = $1 AND s.variant_id = $2 ORDER BY s.location_id)sql"};
  auto rows = scope.tx.all<StockRow>(kLoad, {scope.store, variant}, read_stock_row);
  std::stable_sort(rows.begin(), rows.end(), [](const StockRow& left, const StockRow& right) {
    return left.position < right.position;
  });
  return rows;
}

bool change_stock(const Scope& scope, const StockChange& change, const StockMovementId& movement) {
  static constexpr db::Sql kChange{R"sql(UPDATE stock_item
      SET on_hand = on_hand + $4, reserved = reserved + $5
      WHERE store_id = $1 AND variant_id = $2 AND location_id = $3
        AND reserved + $5 >= 0 AND on_hand + $4 >= reserved + $5)sql"};
  static constexpr db::Sql kMovement{R"sql(INSERT INTO stock_movement
      (store_id, id, variant_id, location_id, quantity, on_hand_delta, reserved_delta, reason,
       order_ref, actor, created_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11))sql"};
  const bool counts = change.on_hand_delta != 0 || change.reserved_delta != 0;
  if (counts && scope.tx.execute(kChange, {scope.store, change.variant_id, change.location_id,
                                           change.on_hand_delta, change.reserved_delta}) != 1) {
    return false;
  }
  scope.tx.execute(kMovement,
                   {scope.store, movement, change.variant_id, change.location_id, change.quantity,
                    change.on_hand_delta, change.reserved_delta, change.reason,
                    db::nullable(change.order_ref), db::nullable(change.actor), scope.now});
  return true;
}

StockCounters lock_stock(const Scope& scope, const VariantId& variant, const LocationId& location,
                         std::optional<bool> backorderable) {
  static constexpr db::Sql kLock{R"sql(INSERT INTO stock_item
      (store_id, variant_id, location_id, on_hand, reserved, backorderable)
      VALUES ($1, $2, $3, 0, 0, COALESCE($4, 0))
      ON CONFLICT (store_id, variant_id, location_id) DO UPDATE
        SET backorderable = COALESCE($4, stock_item.backorderable)
      RETURNING on_hand, reserved)sql"};
  return scope.tx
      .first<StockCounters>(
          kLock, {scope.store, variant, location, backorderable},
          [](db::Columns& in, StockCounters& out) { in >> out.on_hand >> out.reserved; })
      .value();
}

std::vector<StockMovement> list_movements(const Scope& scope, const VariantId& variant,
                                          const StockMovementId& before, std::int64_t limit) {
  static constexpr db::Sql kList{R"sql(SELECT id, location_id, quantity, on_hand_delta,
        reserved_delta, reason, order_ref, actor, created_at
      FROM stock_movement WHERE store_id = $1 AND variant_id = $2 AND id < $3
      ORDER BY id DESC LIMIT $4)sql"};
  return scope.tx.all<StockMovement>(
      kList, {scope.store, variant, before, limit}, [](db::Columns& in, StockMovement& out) {
        in >> out.id >> out.location_id >> out.quantity >> out.on_hand_delta >>
            out.reserved_delta >> out.reason >> out.order_ref >> out.actor >> out.created_at;
      });
}

std::vector<VariantStock> list_stock(const Scope& scope, const StockKey& after,
                                     std::int64_t limit) {
  static constexpr db::Sql kList{R"sql(SELECT v.id, v.sku, v.active, s.location_id, l.name,
        l.active, l.position, s.on_hand, s.reserved, s.backorderable
      FROM (SELECT store_id, id, sku, active FROM variant
          WHERE store_id = $1 AND deleted = 0 AND (sku, id) > ($2, $3)
          ORDER BY sku, id LIMIT $4) v
        LEFT JOIN stock_item s ON s.store_id = v.store_id AND s.variant_id = v.id
        LEFT JOIN location l ON l.store_id = s.store_id AND l.id = s.location_id
      ORDER BY v.sku, v.id, l.position, l.id)sql"};
  std::vector<VariantStock> found;
  scope.tx.query(kList, {scope.store, after.sku, after.variant_id, limit}, [&](const db::Row& row) {
    db::Columns in(row);
    VariantStock stock;
    in >> stock.variant_id >> stock.sku >> stock.active;
    if (found.empty() || found.back().variant_id != stock.variant_id) found.push_back(stock);
    const bool has_stock_item = !row.null(3);
    if (has_stock_item) read_stock_row(in, found.back().rows.emplace_back());
  });
  return found;
}

VariantStock load_variant_stock(const Scope& scope, const VariantId& variant) {
  static constexpr db::Sql kLoad{R"sql(SELECT sku, active FROM variant
      WHERE store_id = $1 AND id = $2)sql"};
  auto stock = scope.tx
                   .first<VariantStock>(
                       kLoad, {scope.store, variant},
                       [](db::Columns& in, VariantStock& out) { in >> out.sku >> out.active; })
                   .value();
  stock.variant_id = variant;
  stock.rows = load_stock(scope, variant);
  return stock;
}

// ---- reservations

std::optional<ReservationRow> find_reservation(const Scope& scope, std::string_view order_ref) {
  static constexpr db::Sql kFind{R"sql(SELECT state, expires_at FROM reservation
      WHERE store_id = $1 AND order_ref = $2)sql"};
  return scope.tx.first<ReservationRow>(
      kFind, {scope.store, order_ref},
      [](db::Columns& in, ReservationRow& out) { in >> out.state >> out.expires_at; });
}

ReservationState lock_reservation(const Scope& scope, std::string_view order_ref) {
  static constexpr db::Sql kLock{R"sql(INSERT INTO reservation
      (store_id, order_ref, state, expires_at, created_at, updated_at)
      VALUES ($1, $2, 'released', NULL, $3, $3)
      ON CONFLICT (store_id, order_ref) DO UPDATE SET updated_at = $3 RETURNING state)sql"};
  return scope.tx
      .first<ReservationState>(kLock, {scope.store, order_ref, scope.now},
                               [](db::Columns& in, ReservationState& out) { in >> out; })
      .value();
}

bool open_reservation(const Scope& scope, std::string_view order_ref,
                      std::optional<Timestamp> expires_at) {
  static constexpr db::Sql kOpen{R"sql(INSERT INTO reservation
      (store_id, order_ref, state, expires_at, created_at, updated_at)
      VALUES ($1, $2, 'held', $3, $4, $4)
      ON CONFLICT (store_id, order_ref) DO UPDATE
        SET state = 'held', expires_at = $3, updated_at = $4
        WHERE reservation.state = 'released')sql"};
  return scope.tx.execute(kOpen, {scope.store, order_ref, expires_at, scope.now}) == 1;
}

bool move_reservation(const Scope& scope, std::string_view order_ref, ReservationState from,
                      ReservationState to) {
  static constexpr db::Sql kMove{R"sql(UPDATE reservation
      SET state = $4, expires_at = NULL, updated_at = $5
      WHERE store_id = $1 AND order_ref = $2 AND state = $3)sql"};
  return scope.tx.execute(kMove, {scope.store, order_ref, from, to, scope.now}) == 1;
}

bool expire_reservation(const Scope& scope, std::string_view order_ref) {
  static constexpr db::Sql kExpire{R"sql(UPDATE reservation
      SET state = 'released', expires_at = NULL, updated_at = $3
      WHERE store_id = $1 AND order_ref = $2 AND state = 'held' AND expires_at <= $3)sql"};
  return scope.tx.execute(kExpire, {scope.store, order_ref, scope.now}) == 1;
}

void set_reservation_deadline(const Scope& scope, std::string_view order_ref,
                              std::optional<Timestamp> expires_at) {
  static constexpr db::Sql kSet{R"sql(UPDATE reservation SET expires_at = $3, updated_at = $4
      WHERE store_id = $1 AND order_ref = $2 AND state = 'held')sql"};
  scope.tx.execute(kSet, {scope.store, order_ref, expires_at, scope.now});
}

std::vector<std::string> list_expired_reservations(const Scope& scope, std::int64_t limit) {
  static constexpr db::Sql kList{R"sql(SELECT order_ref FROM reservation
      WHERE store_id = $1 AND state = 'held' AND expires_at IS NOT NULL AND expires_at <= $2
        AND SUBSTR(order_ref, 1, 6) <> 'order_'
      ORDER BY expires_at, order_ref LIMIT $3)sql"};
  return scope.tx.all<std::string>(kList, {scope.store, scope.now, limit},
                                   [](db::Columns& in, std::string& out) { in >> out; });
}

std::vector<std::string> find_stores_with_expired_reservations(db::Transaction& tx, Timestamp now) {
  static constexpr db::Sql kFind{R"sql(SELECT s.store_id FROM store s
      WHERE EXISTS (SELECT 1 FROM reservation r WHERE r.store_id = s.store_id
        AND r.state = 'held' AND r.expires_at IS NOT NULL AND r.expires_at <= $1
        AND SUBSTR(r.order_ref, 1, 6) <> 'order_')
      ORDER BY s.store_id)sql"};
  return find_stores(tx, kFind, {now});
}

// ---- units

std::vector<InventoryUnit> load_units(const Scope& scope, std::string_view order_ref) {
  static constexpr db::Sql kLoad = sql<R"sql(SELECT {columns}
      FROM inventory_unit WHERE store_id = $1 AND order_ref = $2 ORDER BY id)sql",
                                       kUnit>;
  return scope.tx.all<InventoryUnit>(kLoad, {scope.store, order_ref}, kUnit);
}

void insert_unit(const Scope& scope, const InventoryUnit& unit) {
  static constexpr db::Sql kInsert = sql<R"sql(INSERT INTO inventory_unit
      (store_id, {columns}, created_at, updated_at) VALUES ($1, {values 3}, $2, $2))sql",
                                         kUnit>;
  scope.tx.execute(kInsert, Parameters(scope.store, scope.now).add(kUnit, unit));
}

bool move_unit(const Scope& scope, const InventoryUnit& unit, UnitState to) {
  static constexpr db::Sql kMove{R"sql(UPDATE inventory_unit SET state = $5, updated_at = $6
      WHERE store_id = $1 AND order_ref = $2 AND id = $3 AND state = $4)sql"};
  return scope.tx.execute(kMove,
                          {scope.store, unit.order_ref, unit.id, unit.state, to, scope.now}) == 1;
}

std::vector<InventoryUnit> list_backordered(const Scope& scope, const VariantId& variant,
                                            std::int64_t limit) {
  static constexpr db::Sql kList = sql<R"sql(SELECT {columns}
      FROM inventory_unit WHERE store_id = $1 AND variant_id = $2 AND state = 'backordered'
      ORDER BY id LIMIT $3)sql",
                                       kUnit>;
  return scope.tx.all<InventoryUnit>(kList, {scope.store, variant, limit}, kUnit);
}

std::vector<InventoryUnit> list_unpaid_units(const Scope& scope, const VariantId& variant,
                                             const LocationId& location) {
  static constexpr db::Sql kOfOrders = sql<R"sql(SELECT {u.columns}
      FROM orders o JOIN inventory_unit u ON u.store_id = o.store_id AND u.order_ref = o.id
      WHERE o.store_id = $1 AND o.state = 'Payment' AND o.placed_at IS NOT NULL
        AND u.variant_id = $2 AND u.location_id = $3 AND u.state = 'reserved')sql",
                                           kUnit>;
  static constexpr db::Sql kOfHosts = sql<R"sql(SELECT {columns}
      FROM inventory_unit
      WHERE store_id = $1 AND variant_id = $2 AND location_id = $3 AND state = 'reserved'
        AND order_ref IN (SELECT r.order_ref FROM reservation r
          WHERE r.store_id = $1 AND r.state = 'held' AND r.expires_at > 0
            AND SUBSTR(r.order_ref, 1, 6) <> 'order_'))sql",
                                          kUnit>;
  auto units = scope.tx.all<InventoryUnit>(kOfOrders, {scope.store, variant, location}, kUnit);
  auto of_hosts = scope.tx.all<InventoryUnit>(kOfHosts, {scope.store, variant, location}, kUnit);
  units.insert(units.end(), std::make_move_iterator(of_hosts.begin()),
               std::make_move_iterator(of_hosts.end()));
  std::sort(units.begin(), units.end(),
            [](const InventoryUnit& a, const InventoryUnit& b) { return a.id > b.id; });
  return units;
}

std::vector<VariantId> list_backordered_variants(const Scope& scope) {
  static constexpr db::Sql kList{R"sql(SELECT DISTINCT variant_id FROM inventory_unit
      WHERE store_id = $1 AND state = 'backordered' ORDER BY variant_id)sql"};
  return scope.tx.all<VariantId>(kList, {scope.store},
                                 [](db::Columns& in, VariantId& out) { in >> out; });
}

bool move_lot(const Scope& scope, const InventoryUnit& unit, const LocationId& location,
              UnitState to) {
  static constexpr db::Sql kMove{R"sql(UPDATE inventory_unit
      SET location_id = $4, state = $5, updated_at = $6
      WHERE store_id = $1 AND order_ref = $2 AND id = $3 AND state = $7 AND quantity = $8)sql"};
  return scope.tx.execute(kMove, {scope.store, unit.order_ref, unit.id, location, to, scope.now,
                                  unit.state, unit.quantity}) == 1;
}

bool shrink_lot(const Scope& scope, const InventoryUnit& unit, std::int64_t quantity) {
  static constexpr db::Sql kShrink{R"sql(UPDATE inventory_unit
      SET quantity = quantity - $4, updated_at = $5
      WHERE store_id = $1 AND order_ref = $2 AND id = $3 AND state = $6 AND quantity > $4)sql"};
  return scope.tx.execute(
             kShrink, {scope.store, unit.order_ref, unit.id, quantity, scope.now, unit.state}) == 1;
}

bool grow_lot(const Scope& scope, const InventoryUnit& more) {
  static constexpr db::Sql kGrow{R"sql(UPDATE inventory_unit
      SET quantity = quantity + $7, updated_at = $8
      WHERE store_id = $1 AND order_ref = $2 AND line_ref = $3 AND variant_id = $4
        AND location_id = $5 AND state = $6 AND serial IS NULL)sql"};
  return scope.tx.execute(kGrow, {scope.store, more.order_ref, more.line_ref, more.variant_id,
                                  more.location_id, more.state, more.quantity, scope.now}) == 1;
}

// ---- locations

std::vector<Location> list_locations(const Scope& scope) {
  static constexpr db::Sql kList = sql<R"sql(SELECT {columns} FROM location
      WHERE store_id = $1 ORDER BY position, id)sql",
                                       kLocation>;
  return scope.tx.all<Location>(kList, {scope.store}, kLocation);
}

std::optional<Location> find_location(const Scope& scope, const LocationId& id) {
  static constexpr db::Sql kFind = sql<R"sql(SELECT {columns} FROM location
      WHERE store_id = $1 AND id = $2)sql",
                                       kLocation>;
  return scope.tx.first<Location>(kFind, {scope.store, id}, kLocation);
}

void insert_location(const Scope& scope, const Location& location) {
  static constexpr db::Sql kInsert = sql<R"sql(INSERT INTO location
      (store_id, {columns}, created_at) VALUES ($1, {values 3}, $2))sql",
                                         kLocation>;
  scope.tx.execute(kInsert, Parameters(scope.store, scope.now).add(kLocation, location));
}

std::optional<Location> update_location(const Scope& scope, const UpdateLocation& request) {
  static constexpr db::Sql kUpdate = sql<R"sql(UPDATE location SET {changes 3}
      WHERE store_id = $1 AND id = $2)sql",
                                         kLocationChanges>;
  Parameters values(scope.store, request.location_id);
  values.add(kLocationChanges, request);
  if (scope.tx.execute(kUpdate, values) != 1) return std::nullopt;
  return find_location(scope, request.location_id);
}

}  // namespace resys::rows
