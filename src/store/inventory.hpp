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

// What is added to the counters of one stock item, and why.
struct StockChange {
  VariantId variant_id;
  LocationId location_id;
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
// nothing, and false. Reserving takes stock, so: only what is available.
bool change_stock(db::Transaction& tx, std::string_view store, const StockChange& change,
                  const StockMovementId& movement, Timestamp now);
// Makes the stock item if there is none, sets its flag if one is given, and locks it.
StockCounters lock_stock(db::Transaction& tx, std::string_view store, const VariantId& variant,
                         const LocationId& location, std::optional<bool> backorderable);
// Newest first, from the one before `before`.
std::vector<StockMovement> list_movements(db::Transaction& tx, std::string_view store,
                                          const VariantId& variant, const StockMovementId& before,
                                          std::int64_t limit);

struct SkuStock {
  std::string sku;
  std::vector<StockRow> rows;
};

std::optional<VariantId> find_sku(db::Transaction& tx, std::string_view store,
                                  std::string_view sku);
// The stock of the SKUs beyond `after`, in order.
std::vector<SkuStock> list_stock(db::Transaction& tx, std::string_view store,
                                 std::string_view after, std::int64_t limit);

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
// The variants that have backordered runs.
std::vector<VariantId> list_backordered_variants(db::Transaction& tx, std::string_view store);
// A backordered run leaves that state as a whole; false if it is not `unit.quantity` units any
// more.
bool fill_run(db::Transaction& tx, std::string_view store, const InventoryUnit& unit,
              const LocationId& location, UnitState to, Timestamp now);
// A backordered run gives away some of its units; false if it does not have more than these.
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
