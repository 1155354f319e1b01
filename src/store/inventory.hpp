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

// What became of units of one stock item, what that adds to its counters, and why.
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
// Changes the counters if 0 <= reserved <= on_hand holds then too, and writes the movement; else
// nothing, and false. Reserving takes stock, so: only what is available. What changes no counter
// (units are sold) is a movement alone.
bool change_stock(db::Transaction& tx, std::string_view store, const StockChange& change,
                  const StockMovementId& movement, Timestamp now);
// Makes the stock item if there is none, sets its flag if one is given, and locks it.
StockCounters lock_stock(db::Transaction& tx, std::string_view store, const VariantId& variant,
                         const LocationId& location, std::optional<bool> backorderable);
// Newest first, from the one before `before`.
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
// By SKU, from the one beyond `after`.
std::vector<VariantStock> list_stock(db::Transaction& tx, std::string_view store,
                                     const StockKey& after, std::int64_t limit);

// ---- reservations

struct ReservationRow {
  ReservationState state = ReservationState::held;
  std::optional<Timestamp> expires_at;
};

std::optional<ReservationRow> find_reservation(db::Transaction& tx, std::string_view store,
                                               std::string_view order_ref);
// Locks the reservation and answers its state. If there is none it is made, as a released one.
ReservationState lock_reservation(db::Transaction& tx, std::string_view store,
                                  std::string_view order_ref, Timestamp now);
// Makes it, or takes up a released one again; false if it is held or committed.
bool open_reservation(db::Transaction& tx, std::string_view store, std::string_view order_ref,
                      std::optional<Timestamp> expires_at, Timestamp now);
// False if it is not in `from`.
bool move_reservation(db::Transaction& tx, std::string_view store, std::string_view order_ref,
                      ReservationState from, ReservationState to, Timestamp now);
// held -> released; false if it is not held, or not past its deadline.
bool expire_reservation(db::Transaction& tx, std::string_view store, std::string_view order_ref,
                        Timestamp now);
// Of a held reservation; of any other it changes nothing.
void set_reservation_deadline(db::Transaction& tx, std::string_view store,
                              std::string_view order_ref, std::optional<Timestamp> expires_at,
                              Timestamp now);
// Held and past their deadline, oldest first, but not those of resys's own orders.
std::vector<std::string> list_expired_reservations(db::Transaction& tx, std::string_view store,
                                                   Timestamp now, std::int64_t limit);
// The stores that have such ones.
std::vector<std::string> find_stores_with_expired_reservations(db::Transaction& tx, Timestamp now);

// ---- units

// In the order they were made.
std::vector<InventoryUnit> load_units(db::Transaction& tx, std::string_view store,
                                      std::string_view order_ref);
void insert_unit(db::Transaction& tx, std::string_view store, const InventoryUnit& unit,
                 Timestamp now);
// False if the unit has left its state.
bool move_unit(db::Transaction& tx, std::string_view store, const InventoryUnit& unit, UnitState to,
               Timestamp now);
// The oldest backordered runs of a variant.
std::vector<InventoryUnit> list_backordered(db::Transaction& tx, std::string_view store,
                                            const VariantId& variant, std::int64_t limit);
// Runs of a stock item that are reserved and not paid, the youngest first: of orders in Payment and
// of hosts' reservations that are held.
std::vector<InventoryUnit> list_unpaid_units(db::Transaction& tx, std::string_view store,
                                             const VariantId& variant, const LocationId& location);
// The variants that have backordered runs.
std::vector<VariantId> list_backordered_variants(db::Transaction& tx, std::string_view store);
// A run leaves its state, and perhaps its location, as a whole; false if it is in another state or
// not `unit.quantity` units any more.
bool move_run(db::Transaction& tx, std::string_view store, const InventoryUnit& unit,
              const LocationId& location, UnitState to, Timestamp now);
// A run gives away some of its units; false if it is in another state or does not have more than
// these.
bool shrink_run(db::Transaction& tx, std::string_view store, const InventoryUnit& unit,
                std::int64_t quantity, Timestamp now);
// Adds units to the run of the same line, location and state; false if there is none.
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
