// Stock: counters and the movements that explain them, reservations and their units, locations.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/database.hpp"
#include "resys/inventory.hpp"

namespace resys::store {

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
std::vector<StockRow> load_stock(db::Transaction& tx, std::string_view store,
                                 const VariantId& variant);
// Changes the counters if 0 <= reserved <= on_hand still holds afterwards, and writes the movement.
// Otherwise changes nothing and returns false, so a reservation can only take available stock. A
// change without an effect on the counters (units are sold) only writes the movement.
bool change_stock(db::Transaction& tx, std::string_view store, const StockChange& change,
                  const StockMovementId& movement, Timestamp now);
// Makes the stock item if there is none, sets its backorderable flag if one is given, and locks it.
StockCounters lock_stock(db::Transaction& tx, std::string_view store, const VariantId& variant,
                         const LocationId& location, std::optional<bool> backorderable);
// Movements, newest first, from the one before `before`.
std::vector<StockMovement> list_movements(db::Transaction& tx, std::string_view store,
                                          const VariantId& variant, const StockMovementId& before,
                                          std::int64_t limit);

struct VariantStock {
  VariantId variant_id;
  std::string sku;
  bool active = true;
  std::vector<StockRow> rows;  // by the position of their locations
};
VariantStock load_variant_stock(db::Transaction& tx, std::string_view store,
                                const VariantId& variant);
// The place of a variant in the list of stock.
struct StockKey {
  std::string sku;
  VariantId variant_id;
};
// Sorted by SKU, from the one after `after`.
std::vector<VariantStock> list_stock(db::Transaction& tx, std::string_view store,
                                     const StockKey& after, std::int64_t limit);

// ---- reservations

struct ReservationRow {
  ReservationState state = ReservationState::held;
  std::optional<Timestamp> expires_at;
};

std::optional<ReservationRow> find_reservation(db::Transaction& tx, std::string_view store,
                                               std::string_view order_ref);
// Locks the reservation and returns its state. If there is none, makes a released one.
ReservationState lock_reservation(db::Transaction& tx, std::string_view store,
                                  std::string_view order_ref, Timestamp now);
// Makes a held reservation, or reopens a released one. Returns false if it is held or committed.
bool open_reservation(db::Transaction& tx, std::string_view store, std::string_view order_ref,
                      std::optional<Timestamp> expires_at, Timestamp now);
// Moves a reservation from one state to another. Returns false if it is not in `from`.
bool move_reservation(db::Transaction& tx, std::string_view store, std::string_view order_ref,
                      ReservationState from, ReservationState to, Timestamp now);
// held -> released. Returns false if it is not held or not past its deadline.
bool expire_reservation(db::Transaction& tx, std::string_view store, std::string_view order_ref,
                        Timestamp now);
// Sets the deadline of a held reservation. Does nothing for any other.
void set_reservation_deadline(db::Transaction& tx, std::string_view store,
                              std::string_view order_ref, std::optional<Timestamp> expires_at,
                              Timestamp now);
// Held reservations of hosts that are past their deadline, oldest first. Those of resys's own
// orders are left out.
std::vector<std::string> list_expired_reservations(db::Transaction& tx, std::string_view store,
                                                   Timestamp now, std::int64_t limit);
// The stores that have such reservations.
std::vector<std::string> find_stores_with_expired_reservations(db::Transaction& tx, Timestamp now);

// ---- units

// The units of a reservation, in the order in which they were made.
std::vector<InventoryUnit> load_units(db::Transaction& tx, std::string_view store,
                                      std::string_view order_ref);
void insert_unit(db::Transaction& tx, std::string_view store, const InventoryUnit& unit,
                 Timestamp now);
// Returns false if the unit has left its state.
bool move_unit(db::Transaction& tx, std::string_view store, const InventoryUnit& unit, UnitState to,
               Timestamp now);
// The oldest backordered runs of a variant.
std::vector<InventoryUnit> list_backordered(db::Transaction& tx, std::string_view store,
                                            const VariantId& variant, std::int64_t limit);
// Reserved runs of a stock item that are not paid, the youngest first. They belong to orders in
// Payment and to held reservations of hosts.
std::vector<InventoryUnit> list_unpaid_units(db::Transaction& tx, std::string_view store,
                                             const VariantId& variant, const LocationId& location);
// The variants that have backordered runs.
std::vector<VariantId> list_backordered_variants(db::Transaction& tx, std::string_view store);
// Moves a whole run to another state, and perhaps to another location. Returns false if it is in
// another state, or no longer has `unit.quantity` units.
bool move_run(db::Transaction& tx, std::string_view store, const InventoryUnit& unit,
              const LocationId& location, UnitState to, Timestamp now);
// Takes some units from a run. Returns false if it is in another state, or does not have more units
// than these.
bool shrink_run(db::Transaction& tx, std::string_view store, const InventoryUnit& unit,
                std::int64_t quantity, Timestamp now);
// Adds units to the run of the same line, location and state. Returns false if there is none.
bool grow_run(db::Transaction& tx, std::string_view store, const InventoryUnit& more,
              Timestamp now);

// ---- locations

std::vector<Location> list_locations(db::Transaction& tx, std::string_view store);
std::optional<Location> find_location(db::Transaction& tx, std::string_view store,
                                      const LocationId& id);
void insert_location(db::Transaction& tx, std::string_view store, const Location& location,
                     Timestamp now);
// Absent fields of the request keep their value. Nothing if there is no such location.
std::optional<Location> update_location(db::Transaction& tx, std::string_view store,
                                        const UpdateLocation& request);

}  // namespace resys::store
