// The InventoryReservationService: the soft reserve for hosts that have orders of their own.
#include "inventory/reservation.hpp"

#include <map>
#include <set>

#include "base/command.hpp"
#include "base/settings_rows.hpp"
#include "catalog/rows.hpp"
#include "inventory/fields.hpp"
#include "inventory/rows.hpp"
#include "inventory/stock.hpp"

namespace resys {
namespace {

// How many reservations expire() releases in one transaction.
constexpr std::int64_t kExpireBatch = 50;

Result<void> refuse_own_orders(const std::string& order_ref) {
  if (!app::is_own_order(order_ref)) return success();
  return Error(Errc::invalid_request,
               "the reference begins with order_, as only those of resys's own orders do")
      .at("orderRef");
}

// Every function of the service begins with this.
template <class Request>
Result<Request> host_request(const Caller& caller, const Request& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  RESYS_TRYV(refuse_own_orders(request.order_ref));
  return request;
}

Error wrong_state(ReservationState state) {
  const std::string name(name_of(state));
  return Error(Errc::invalid_state, "the reservation is " + name).with("state", name);
}

Result<rows::ReservationRow> require_reservation(const Scope& scope, const std::string& order_ref) {
  const auto row = rows::find_reservation(scope, order_ref);
  if (!row) return Error(Errc::not_found, "there is no such reservation").at("orderRef");
  return *row;
}

Result<Reservation> load_reservation(const Scope& scope, const std::string& order_ref) {
  RESYS_TRY(row, require_reservation(scope, order_ref));
  return Reservation{order_ref, row.state, row.expires_at, rows::load_units(scope, order_ref)};
}

Result<void> require_future(Timestamp expires_at, Timestamp now) {
  if (expires_at > now) return success();
  return Error(Errc::invalid_request, "expiresAt is not later than now").at("expiresAt");
}

Result<std::vector<app::Demand>> demands_of(const Scope& scope,
                                            const std::vector<ReservationLine>& lines) {
  std::vector<app::Demand> demands;
  std::set<std::string_view> line_refs;
  for (const ReservationLine& line : lines) {
    const std::string field = "lines[" + std::to_string(demands.size()) + "]";
    if (!line_refs.insert(line.line_ref).second) {
      return Error(Errc::invalid_request, "an earlier line has the same reference")
          .at(field + ".lineRef");
    }
    const auto variant = rows::find_variant(scope, {line.sku, {}});
    if (!variant) return Error(Errc::not_found, "there is no such SKU").at(field + ".sku");
    demands.push_back({line.line_ref, *variant, line.sku, line.quantity});
  }
  return demands;
}

// Whether the units are those of a reservation for these demands.
bool same_lines(const std::vector<InventoryUnit>& units, const std::vector<app::Demand>& demands) {
  std::map<std::pair<std::string_view, VariantId>, std::int64_t> difference;
  for (const InventoryUnit& unit : units) {
    if (unit.state == UnitState::released || unit.state == UnitState::returned) continue;
    difference[{unit.line_ref, unit.variant_id}] += unit.quantity;
  }
  for (const app::Demand& demand : demands) {
    difference[{demand.line_ref, demand.variant_id}] -= demand.quantity;
  }
  for (const auto& [line, quantity] : difference) {
    if (quantity != 0) return false;
  }
  return true;
}

// Changes a host's reservation and returns it. `operation` is the name for idempotency keys.
template <class Request, class Change>
Result<Reservation> change_reservation(Context& context, const Caller& caller,
                                       std::string_view operation, const Request& request,
                                       const Change& change) {
  const auto body = [&](const Scope& scope) -> Result<std::string> {
    RESYS_TRYV(change(scope));
    return request.order_ref;
  };
  const app::RequestKey key = app::request_key(caller, request, operation);
  return app::run_command(context, caller, key, body, load_reservation);
}

// Ends the reservation with `move`. Refuses a reservation that has ended in another state than
// `to`.
using Move = void (*)(const Scope&, std::string_view order_ref);
Result<void> end(const Scope& scope, const std::string& order_ref, Move move, ReservationState to) {
  move(scope, order_ref);
  RESYS_TRY(row, require_reservation(scope, order_ref));
  if (row.state != to) return wrong_state(row.state);
  return success();
}

}  // namespace

Result<Reservation> InventoryReservationService::reserve(const Caller& caller,
                                                         const Reserve& given) {
  RESYS_TRY(request, host_request(caller, given));
  const auto change = [&](const Scope& scope) -> Result<void> {
    ReservationState state = rows::lock_reservation(scope, request.order_ref);
    RESYS_TRY(demands, demands_of(scope, request.lines));
    if (app::expire_stock(scope, request.order_ref)) state = ReservationState::released;
    if (state != ReservationState::released) {
      const auto units = rows::load_units(scope, request.order_ref);
      if (same_lines(units, demands)) return success();
      return wrong_state(state);
    }
    const auto settings = rows::load_checkout_settings(scope);
    const Timestamp expires_at = request.expires_at.value_or(
        scope.now.plus(settings.reservation_minutes * kMicrosPerMinute));
    RESYS_TRYV(require_future(expires_at, scope.now));
    return app::reserve_stock(scope, request.order_ref, demands, expires_at);
  };
  return change_reservation(context_, caller, "Reserve", request, change);
}

Result<Reservation> InventoryReservationService::commit(const Caller& caller,
                                                        const ReservationRef& given) {
  RESYS_TRY(request, host_request(caller, given));
  const auto change = [&](const Scope& scope) {
    return end(scope, request.order_ref, app::commit_stock, ReservationState::committed);
  };
  return change_reservation(context_, caller, "CommitReservation", request, change);
}

Result<Reservation> InventoryReservationService::release(const Caller& caller,
                                                         const ReservationRef& given) {
  RESYS_TRY(request, host_request(caller, given));
  const auto change = [&](const Scope& scope) {
    return end(scope, request.order_ref, app::release_stock, ReservationState::released);
  };
  return change_reservation(context_, caller, "ReleaseReservation", request, change);
}

Result<Reservation> InventoryReservationService::ship(const Caller& caller,
                                                      const ReservationRef& given) {
  RESYS_TRY(request, host_request(caller, given));
  const auto change = [&](const Scope& scope) -> Result<void> {
    RESYS_TRYV(app::ship_stock(scope, request.order_ref));
    RESYS_TRY(row, require_reservation(scope, request.order_ref));
    if (row.state != ReservationState::committed) return wrong_state(row.state);
    return success();
  };
  return change_reservation(context_, caller, "ShipReservation", request, change);
}

Result<Reservation> InventoryReservationService::restock(const Caller& caller,
                                                         const ReservationRef& given) {
  RESYS_TRY(request, host_request(caller, given));
  const auto change = [&](const Scope& scope) {
    return end(scope, request.order_ref, app::restock, ReservationState::released);
  };
  return change_reservation(context_, caller, "RestockReservation", request, change);
}

Result<Reservation> InventoryReservationService::extend(const Caller& caller,
                                                        const ExtendReservation& given) {
  RESYS_TRY(request, host_request(caller, given));
  const auto change = [&](const Scope& scope) -> Result<void> {
    RESYS_TRYV(require_future(request.expires_at, scope.now));
    app::hold_stock_until(scope, request.order_ref, request.expires_at);
    RESYS_TRY(row, require_reservation(scope, request.order_ref));
    if (row.state != ReservationState::held) return wrong_state(row.state);
    return success();
  };
  return change_reservation(context_, caller, "ExtendReservation", request, change);
}

Result<Reservation> InventoryReservationService::get(const Caller& caller,
                                                     const ReservationRef& given) {
  RESYS_TRY(request, host_request(caller, given));
  return context_.read(
      caller.store, [&](const Scope& scope) { return load_reservation(scope, request.order_ref); });
}

Result<ExpiredReservations> InventoryReservationService::expire(const Caller& caller) {
  RESYS_TRYV(app::require_staff(caller));
  RESYS_TRYV(fields::check(caller));
  ExpiredReservations expired;
  for (std::int64_t batch = kExpireBatch; batch == kExpireBatch; expired.released += batch) {
    RESYS_TRY(released, app::expire_reservations(context_, caller.store, kExpireBatch));
    batch = released;
  }
  return expired;
}

namespace app {

Result<std::int64_t> expire_reservations(Context& context, const std::string& store,
                                         std::int64_t limit) {
  return context.write(store, [&](const Scope& scope) -> Result<std::int64_t> {
    std::int64_t released = 0;
    for (const auto& order_ref : rows::list_expired_reservations(scope, limit)) {
      if (expire_stock(scope, order_ref)) ++released;
    }
    return released;
  });
}

}  // namespace app
}  // namespace resys
