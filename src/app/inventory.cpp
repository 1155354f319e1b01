// Stock as staff see and change it: counts, movements, locations.
#include "resys/inventory.hpp"

#include <cstdlib>

#include "app/command.hpp"
#include "app/page.hpp"
#include "app/stock.hpp"
#include "app/stock_loss.hpp"
#include "app/variant.hpp"
#include "fields/inventory.hpp"
#include "store/inventory.hpp"
#include "store/settings.hpp"

namespace resys {
namespace {

Error no_such_location() {
  return Error(Errc::not_found, "there is no such location").at("locationId");
}

Stock view_of(const store::VariantStock& found) {
  Stock stock{.sku = found.sku, .variant_id = found.variant_id, .active = found.active};
  for (const store::StockRow& row : found.rows) {
    const std::int64_t available = row.on_hand - row.reserved;
    stock.locations.push_back({row.location_id, row.location_name, row.on_hand, row.reserved,
                               available, row.backorderable});
    stock.on_hand += row.on_hand;
    stock.reserved += row.reserved;
    if (row.location_active) stock.available += available;
  }
  return stock;
}

Result<Stock> load_stock(const Scope& scope, const VariantId& variant) {
  return view_of(store::load_variant_stock(scope, variant));
}

Result<Location> location_of(const Scope& scope, const LocationId& id) {
  return store::find_location(scope, id).value();
}

std::string cursor_of(const Stock& stock) { return stock.variant_id.text() + "/" + stock.sku; }

Result<store::StockKey> parse_cursor(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto variant = VariantId::parse(text.substr(0, slash));
  if (slash == std::string_view::npos || variant.has_error()) {
    return app::wrong_cursor();
  }
  return store::StockKey{std::string(text.substr(slash + 1)), variant.value()};
}

// The location that is named, or the only active one.
Result<LocationId> choose_location(const Scope& scope, const std::optional<LocationId>& named) {
  if (named) {
    if (!store::find_location(scope, *named)) return no_such_location();
    return *named;
  }
  auto locations = store::list_locations(scope);
  std::erase_if(locations, [](const Location& location) { return !location.active; });
  if (locations.size() == 1) return locations.front().id;
  return Error(Errc::invalid_request, locations.empty()
                                          ? "the location is missing, and none is active"
                                          : "the location is missing, and several are active")
      .at("locationId")
      .with("reason", "location_required")
      .with("locations", locations.size());
}

Error below_reserved(const SetStock& request, std::int64_t wanted,
                     const store::StockCounters& now) {
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
  if (may_release) holds = app::lock_unpaid_holds(scope, variant, location);
  const store::StockCounters now =
      store::lock_stock(scope, variant, location, request.backorderable);
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
  const store::StockChange change{.variant_id = variant,
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
    const app::Loss loss{request.sku, change, now.reserved - wanted};
    return app::write_down_loss(scope, loss, holds);
  }
  store::change_stock(scope, change, scope.ids.make<StockMovementId>());
  app::fill_backorders(scope, variant);
  return success();
}

}  // namespace

Result<Page<Stock>> Inventory::list_stock(const Caller& caller, const ListStock& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  store::StockKey after;
  if (request.after) {
    RESYS_TRY(parsed, parse_cursor(*request.after));
    after = std::move(parsed);
  }
  return context_.read(caller.store, [&](const Scope& scope) -> Result<Page<Stock>> {
    std::vector<Stock> stocks;
    for (const auto& each : store::list_stock(scope, after, request.limit + 1)) {
      stocks.push_back(view_of(each));
    }
    return app::page_of(std::move(stocks), request.limit, cursor_of);
  });
}

Result<Stock> Inventory::get_stock(const Caller& caller, const GetStock& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  return context_.read(caller.store, [&](const Scope& scope) -> Result<Stock> {
    RESYS_TRY(variant, app::require_variant(scope, request));
    return load_stock(scope, variant);
  });
}

Result<Stock> Inventory::set_stock(const Caller& caller, const SetStock& given) {
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
  return app::run_command(context_, caller, request, body, load_stock);
}

Result<Page<StockMovement>> Inventory::list_movements(const Caller& caller,
                                                      const ListStockMovements& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  const auto before =
      request.after ? StockMovementId::parse(*request.after) : app::kNewest<StockMovementId>;
  if (before.has_error()) {
    return app::wrong_cursor();
  }
  return context_.read(caller.store, [&](const Scope& scope) -> Result<Page<StockMovement>> {
    RESYS_TRY(variant, app::require_variant(scope, request));
    return app::page_of(store::list_movements(scope, variant, before.value(), request.limit + 1),
                        request.limit,
                        [](const StockMovement& movement) { return movement.id.text(); });
  });
}

Result<Page<Location>> Inventory::list_locations(const Caller& caller,
                                                 const ListLocations& request) {
  RESYS_TRYV(app::staff_request(caller, request));
  return context_.read(caller.store, [&](const Scope& scope) -> Result<Page<Location>> {
    return Page<Location>{store::list_locations(scope), std::nullopt};
  });
}

Result<Location> Inventory::create_location(const Caller& caller, const CreateLocation& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  const Location location{context_.ids->make<LocationId>(), request.name, true, request.position};
  const auto body = [&](const Scope& scope) -> Result<LocationId> {
    store::ensure_store(scope);
    store::insert_location(scope, location);
    return location.id;
  };
  return app::run_command(context_, caller, request, body, location_of);
}

Result<Location> Inventory::update_location(const Caller& caller, const UpdateLocation& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  const auto body = [&](const Scope& scope) -> Result<LocationId> {
    const auto location = store::update_location(scope, request);
    if (!location) return no_such_location();
    if (request.active && *request.active) {
      for (const VariantId& variant : store::list_backordered_variants(scope)) {
        app::fill_backorders(scope, variant);
      }
    }
    return location->id;
  };
  return app::run_command(context_, caller, request, body, location_of);
}

}  // namespace resys
