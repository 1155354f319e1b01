// Stock: counters and the movements that explain them, reservations and their units, locations.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/scope.hpp"
#include "resys/inventory.hpp"

namespace resys::rows {

// ---- counters

struct StockRow {
  LocationId location_id;
  std::string location_name;
  bool location_active = true;
  std::int64_t position = 0;  // of the location
  std::int64_t on_hand = 0;
  std::int64_t reserved = 0;
  bool backorderable = false;
};

struct StockCounters {
  std::int64_t on_hand = 0;
  std::int64_t reserved = 0;
};

// A change of units of one stock item, what it adds to the counters, and why.
struct StockChange {
  VariantId variant_id;
  LocationId location_id;
  std::int64_t quantity = 0;
  std::int64_t on_hand_delta = 0;
  std::int64_t reserved_delta = 0;
  std::string_view reason;
  std::string_view order_ref;  // may be empty
  std::string_view actor;      // may be empty
};

// A variant's stock items, by the position of their locations.
std::vector<StockRow> load_stock(const Scope& scope, const VariantId& variant);
// Changes the counters if 0 <= reserved <= on_hand still holds afterwards, and writes the movement.
// Otherwise changes nothing and returns false, so a reservation can only take available stock. A
// change without an effect on the counters (units are sold) only writes the movement.
bool change_stock(const Scope& scope, const StockChange& change, const StockMovementId& movement);
// Makes the stock item if there is none, sets its backorderable flag if one is given, and locks it.
StockCounters lock_stock(const Scope& scope, const VariantId& variant, const LocationId& location,
                         std::optional<bool> backorderable);
// Movements, newest first, from the one before `before`.
std::vector<StockMovement> list_movements(const Scope& scope, const VariantId& variant,
                                          const StockMovementId& before, std::int64_t limit);

struct VariantStock {
  VariantId variant_id;
  std::string sku;
  bool active = true;
  std::vector<StockRow> rows;  // by the position of their locations
};
VariantStock load_variant_stock(const Scope& scope, const VariantId& variant);
// The place of a variant in the list of stock.
struct StockKey {
  std::string sku;
  VariantId variant_id;
};
// Sorted by SKU, from the one after `after`.
std::vector<VariantStock> list_stock(const Scope& scope, const StockKey& after, std::int64_t limit);

// ---- reservations

struct ReservationRow {
  ReservationState state = ReservationState::held;
  std::optional<Timestamp> expires_at;
};

std::optional<ReservationRow> find_reservation(const Scope& scope, std::string_view order_ref);
// Locks the reservation and returns its state. If there is none, makes a released one.
ReservationState lock_reservation(const Scope& scope, std::string_view order_ref);
// Makes a held reservation, or reopens a released one. Returns false if it is held or committed.
bool open_reservation(const Scope& scope, std::string_view order_ref,
                      std::optional<Timestamp> expires_at);
// Moves a reservation from one state to another. Returns false if it is not in `from`.
bool move_reservation(const Scope& scope, std::string_view order_ref, ReservationState from,
                      ReservationState to);
// held -> released. Returns false if it is not held or not past its deadline.
bool expire_reservation(const Scope& scope, std::string_view order_ref);
// Sets the deadline of a held reservation. Does nothing for any other.
void set_reservation_deadline(const Scope& scope, std::string_view order_ref,
                              std::optional<Timestamp> expires_at);
// Held reservations of hosts that are past their deadline, oldest first. Those of resys's own
// orders are left out.
std::vector<std::string> list_expired_reservations(const Scope& scope, std::int64_t limit);
// The stores that have such reservations.
std::vector<std::string> find_stores_with_expired_reservations(db::Transaction& tx, Timestamp now);

// ---- units

// Units are kept in lots (see InventoryUnit). The lots of a reservation, in the order in which they
// were made.
std::vector<InventoryUnit> load_units(const Scope& scope, std::string_view order_ref);
void insert_unit(const Scope& scope, const InventoryUnit& unit);
// Returns false if the unit has left its state.
bool move_unit(const Scope& scope, const InventoryUnit& unit, UnitState to);
// The oldest backordered lots of a variant.
std::vector<InventoryUnit> list_backordered(const Scope& scope, const VariantId& variant,
                                            std::int64_t limit);
// Reserved lots of a stock item that are not paid, the youngest first. They belong to orders in
// Payment and to held reservations of hosts.
std::vector<InventoryUnit> list_unpaid_units(const Scope& scope, const VariantId& variant,
                                             const LocationId& location);
// The variants that have backordered lots.
std::vector<VariantId> list_backordered_variants(const Scope& scope);
// Moves a whole lot to another state, and perhaps to another location. Returns false if it is in
// another state, or no longer has `unit.quantity` units.
bool move_lot(const Scope& scope, const InventoryUnit& unit, const LocationId& location,
              UnitState to);
// Takes some units from a lot. Returns false if it is in another state, or does not have more units
// than these.
bool shrink_lot(const Scope& scope, const InventoryUnit& unit, std::int64_t quantity);
// Adds units to the lot of the same line, location and state. Returns false if there is none.
bool grow_lot(const Scope& scope, const InventoryUnit& more);

// ---- locations

std::vector<Location> list_locations(const Scope& scope);
std::optional<Location> find_location(const Scope& scope, const LocationId& id);
void insert_location(const Scope& scope, const Location& location);
// Absent fields of the request keep their value. Nothing if there is no such location.
std::optional<Location> update_location(const Scope& scope, const UpdateLocation& request);

}  // namespace resys::rows
