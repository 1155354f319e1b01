// Stock: what is where, what of it is promised, and the service that promises. On hand is what
// stands there and can be counted, paid or not; reserved are the units of it that are held or sold
// and whose parcel has not left. 0 <= reserved <= on hand holds at every moment.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "resys/common.hpp"
#include "resys/state_machine.hpp"

namespace resys {

enum class UnitState { reserved, sold, backordered, shipped, returned, released };
template <>
struct EnumNames<UnitState> {
  static constexpr std::string_view type = "UnitState";
  static constexpr std::array<std::string_view, 6> names{"reserved", "sold",     "backordered",
                                                         "shipped",  "returned", "released"};
};

enum class UnitEvent { commit, fill, lose, ship, restock, release };
template <>
struct EnumNames<UnitEvent> {
  static constexpr std::string_view type = "UnitEvent";
  static constexpr std::array<std::string_view, 6> names{"commit", "fill",    "lose",
                                                         "ship",   "restock", "release"};
};

inline constexpr Transition<UnitState, UnitEvent> kUnitTransitions[] = {
    {UnitState::reserved, UnitEvent::commit, UnitState::sold},
    {UnitState::reserved, UnitEvent::lose, UnitState::backordered},
    {UnitState::reserved, UnitEvent::release, UnitState::released},
    {UnitState::backordered, UnitEvent::fill, UnitState::reserved},
    {UnitState::backordered, UnitEvent::release, UnitState::released},
    {UnitState::sold, UnitEvent::ship, UnitState::shipped},
    {UnitState::sold, UnitEvent::restock, UnitState::returned},
    {UnitState::shipped, UnitEvent::restock, UnitState::returned},
};

// A lot: units of one variant, location and order line, all in one state.
struct InventoryUnit {
  InventoryUnitId id{};
  VariantId variant_id{};
  LocationId location_id{};
  std::string order_ref{};  // the id of resys's own order, or the host's name of its order
  std::string line_ref{};
  std::int64_t quantity = 0;
  UnitState state = UnitState::reserved;
  std::string serial{};  // only for a lot of one; often empty
};

struct Location {
  LocationId id{};
  std::string name{};
  bool active = true;
  std::int64_t position = 0;  // stock is taken from the lowest position first
};

struct StockAtLocation {
  LocationId location_id{};
  std::string name{};
  std::int64_t on_hand = 0;
  std::int64_t reserved = 0;
  std::int64_t available = 0;  // on hand less reserved
  bool backorderable = false;
};

struct Stock {
  std::string sku{};
  VariantId variant_id{};
  bool active = true;  // false: the variant is no longer sold
  std::int64_t on_hand = 0;
  std::int64_t reserved = 0;
  std::int64_t available = 0;  // at active locations
  std::vector<StockAtLocation> locations{};
};

struct ListStock {
  std::int64_t limit = 50;
  std::optional<std::string> after{};
};

struct GetStock {
  std::string sku{};
  std::optional<VariantId> variant_id{};  // which of those with this SKU: see AdminVariants
};

// Exactly one of `on_hand` (a count) and `adjust` (a difference), or neither to set only the flag.
struct SetStock {
  std::string sku{};
  std::optional<VariantId> variant_id{};
  std::optional<LocationId> location_id{};  // may be absent while one location is active
  std::optional<std::int64_t> on_hand{};
  std::optional<std::int64_t> adjust{};
  std::optional<bool> backorderable{};
  std::string reason{};                            // for the ledger
  std::optional<std::int64_t> expected_on_hand{};  // `conflict` if it is something else by now
  // True: a loss may reach into what is reserved, see AdminStock::set.
  std::optional<bool> release_holds{};
};

struct ListStockMovements {
  std::string sku{};
  std::optional<VariantId> variant_id{};
  std::int64_t limit = 50;
  std::optional<std::string> after{};
};

// One append-only entry of the stock ledger. The counters are the sums of their deltas.
struct StockMovement {
  StockMovementId id{};
  LocationId location_id{};
  std::int64_t quantity = 0;  // of how many units, above 0; a sale changes no counter
  std::int64_t on_hand_delta = 0;
  std::int64_t reserved_delta = 0;
  // What became of an order's units: "reserve", "backorder", "fill" (a backorder), "lose" (to
  // backorder), "commit" (they are sold), "ship", "release", "restock"; or the words of staff.
  std::string reason{};
  std::string order_ref{};  // empty for a manual change
  std::string actor{};      // the caller's user id; empty: the library itself
  Timestamp created_at{};
};

struct ListLocations {};

struct CreateLocation {
  std::string name{};
  std::int64_t position = 0;  // as Location's
};

struct UpdateLocation {
  LocationId location_id{};
  std::optional<std::string> name{};
  std::optional<bool> active{};  // false: nothing is taken from here any more
  std::optional<std::int64_t> position{};
};

// Staff. An error leaves the stock as it was.
class AdminStock {
 public:
  explicit AdminStock(Context& context) : context_(context) {}

  // Lists the stock of each variant, by SKU.
  // Errors: none of its own.
  Result<Page<Stock>> list(const Caller& caller, const ListStock& request = {});
  // Returns the stock of one variant, at each location.
  // Errors: not_found.
  Result<Stock> get(const Caller& caller, const GetStock& request);
  // Sets or adjusts a count; units that come fill backorders. A new store has no location: make one
  // first. too_large: more units than a location may have. A count below what is reserved is
  // insufficient_stock, with the facts. With `release_holds` the youngest holds that are not paid
  // give way instead: a host's reservation is released, as if it were past its deadline; an order
  // in Payment waits for stock (event StockLost), and unless the variant is backorderable its
  // payment is ended, as if it had expired. If it is paid before that, the order is complete and
  // still waits: staff restock or cancel it. What is sold, or held by an order in Confirm, never
  // gives way: the refusal says by `keptUnits` how many units that are.
  // Errors: not_found, conflict, insufficient_stock, too_large.
  Result<Stock> set(const Caller& caller, const SetStock& request);
  // Newest first.
  // Errors: not_found.
  Result<Page<StockMovement>> list_movements(const Caller& caller,
                                             const ListStockMovements& request);

 private:
  Context& context_;
};

// Staff. An error leaves a location as it was.
class AdminLocations {
 public:
  explicit AdminLocations(Context& context) : context_(context) {}

  // Lists all of them, by position.
  // Errors: none of its own.
  Result<Page<Location>> list(const Caller& caller, const ListLocations& request = {});
  // Makes a location, active at once.
  // Errors: none of its own.
  Result<Location> create(const Caller& caller, const CreateLocation& request);
  // A location that becomes active fills backorders. What is reserved at one that becomes inactive
  // stays reserved.
  // Errors: not_found.
  Result<Location> update(const Caller& caller, const UpdateLocation& request);

 private:
  Context& context_;
};

struct ReservationLine {
  std::string line_ref{};  // the host's or the order's line; unique in its reservation
  std::string sku{};
  std::int64_t quantity = 0;
};

struct Reserve {
  // The host's own name of its order, 1..200 bytes; "order_..." is resys's own.
  std::string order_ref{};
  std::vector<ReservationLine> lines{};
  std::optional<Timestamp> expires_at{};  // absent: now plus the store's reservationMinutes
};

struct ReservationRef {
  std::string order_ref{};
};

struct ExtendReservation {
  std::string order_ref{};
  Timestamp expires_at{};
};

enum class ReservationState { held, committed, released };
template <>
struct EnumNames<ReservationState> {
  static constexpr std::string_view type = "ReservationState";
  static constexpr std::array<std::string_view, 3> names{"held", "committed", "released"};
};

struct Reservation {
  std::string order_ref{};
  ReservationState state = ReservationState::held;
  std::optional<Timestamp> expires_at{};  // absent: held without a deadline
  std::vector<InventoryUnit> units{};
};

struct ExpiredReservations {
  std::int64_t released = 0;
};

// Staff. The soft reserve. Checkout uses it, and a host with orders of its own can use it alone:
// each function is one durable transaction, idempotent per order; an error changes nothing. A held
// reservation ends by its deadline, by release(), or because staff write down a loss
// (AdminStock::set). Reservations of resys's own orders are refused here (invalid_request),
// for their stock moves with their payment. not_found: no reservation has this `order_ref`.
class InventoryReservationService {
 public:
  explicit InventoryReservationService(Context& context) : context_(context) {}

  // All lines or none. Demand is summed per SKU and may split over locations; insufficient_stock
  // has a row per short SKU. The same lines again return the reservation as it is, or make it anew
  // once it is past its deadline; other lines while one is held are invalid_state. not_found: there
  // is no such SKU.
  // Errors: not_found, invalid_state, insufficient_stock.
  Result<Reservation> reserve(const Caller& caller, const Reserve& request);
  // Paid: the units are sold. They stay on hand and reserved until they are shipped. Again changes
  // nothing. Released: invalid_state.
  // Errors: not_found, invalid_state.
  Result<Reservation> commit(const Caller& caller, const ReservationRef& request);
  // The parcel leaves: on hand and reserved go down together. What is only held is committed first
  // (it is paid on delivery). Again changes nothing. Released, or with units that are backordered:
  // invalid_state.
  // Errors: not_found, invalid_state.
  Result<Reservation> ship(const Caller& caller, const ReservationRef& request);
  // Gives the stock back. Again changes nothing. Committed: invalid_state.
  // Errors: not_found, invalid_state.
  Result<Reservation> release(const Caller& caller, const ReservationRef& request);
  // Gives back what was sold, too, and what was shipped and has come back: it is on hand again. The
  // reservation is a released one. Again changes nothing.
  // Errors: not_found.
  Result<Reservation> restock(const Caller& caller, const ReservationRef& request);
  // Moves the deadline of a held reservation, to a later or an earlier moment that is yet to come.
  // Errors: not_found, invalid_state.
  Result<Reservation> extend(const Caller& caller, const ExtendReservation& request);
  // Errors: not_found.
  Result<Reservation> get(const Caller& caller, const ReservationRef& request);
  // Releases what is past its deadline, of hosts' reservations. run_due_work does the same.
  // Errors: none of its own.
  Result<ExpiredReservations> expire(const Caller& caller);

 private:
  Context& context_;
};

}  // namespace resys
