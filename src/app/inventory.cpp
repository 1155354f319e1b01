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
Result<LocationId> choose_location(db::Transaction& tx, std::string_view store,
                                   const std::optional<LocationId>& named) {
  if (named) {
    if (!store::find_location(tx, store, *named)) return no_such_location();
    return *named;
  }
  auto locations = store::list_locations(tx, store);
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

Result<void> set_count(db::Transaction& tx, const Context& context, const app::StockScope& scope,
                       const store::ActorRef& actor, const SetStock& request,
                       const VariantId& variant, const LocationId& location) {
  const bool may_release = request.release_holds.value_or(false);
  std::vector<InventoryUnit> holds;
  if (may_release) holds = app::lock_unpaid_holds(tx, scope, variant, location);
  const store::StockCounters now =
      store::lock_stock(tx, scope.store, variant, location, request.backorderable);
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
                                  .actor = scope.actor};
  if (wanted < now.reserved) {
    if (!may_release) return below_reserved(request, wanted, now);
    std::int64_t kept = now.reserved;
    for (const InventoryUnit& unit : holds) kept -= unit.quantity;
    if (wanted < kept) return below_reserved(request, wanted, now).with("keptUnits", kept);
    const app::Loss loss{request.sku, change, now.reserved - wanted, actor};
    return app::write_down_loss(tx, context, scope, loss, holds);
  }
  store::change_stock(tx, scope.store, change, scope.ids.make<StockMovementId>(), scope.now);
  app::fill_backorders(tx, scope, variant);
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
  return context_.database->read([&](db::Transaction& tx) -> Result<Page<Stock>> {
    std::vector<Stock> stocks;
    for (const auto& each : store::list_stock(tx, caller.store, after, request.limit + 1)) {
      stocks.push_back(view_of(each));
    }
    return app::page_of(std::move(stocks), request.limit, cursor_of);
  });
}

Result<Stock> Inventory::get_stock(const Caller& caller, const GetStock& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  return context_.database->read([&](db::Transaction& tx) -> Result<Stock> {
    RESYS_TRY(variant, app::require_variant(tx, caller.store, request));
    return view_of(store::load_variant_stock(tx, caller.store, variant));
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
  const Timestamp now = context_.clock->now();
  const auto body = [&](db::Transaction& tx) -> Result<std::string> {
    RESYS_TRY(variant, app::require_variant(tx, caller.store, request));
    RESYS_TRY(location, choose_location(tx, caller.store, request.location_id));
    const app::StockScope scope{caller.store, caller.user_id, now, *context_.ids};
    RESYS_TRYV(set_count(tx, context_, scope, app::actor_of(caller), request, variant, location));
    return variant.text();
  };
  RESYS_TRY(outcome, app::run_command(context_, caller, request, now, body));
  RESYS_TRY(variant, VariantId::parse(outcome.ids));
  return app::after_commit(context_.database->read([&](db::Transaction& tx) -> Result<Stock> {
    return view_of(store::load_variant_stock(tx, caller.store, variant));
  }));
}

Result<Page<StockMovement>> Inventory::list_movements(const Caller& caller,
                                                      const ListStockMovements& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  const auto before =
      request.after ? StockMovementId::parse(*request.after) : app::kNewest<StockMovementId>;
  if (before.has_error()) {
    return app::wrong_cursor();
  }
  return context_.database->read([&](db::Transaction& tx) -> Result<Page<StockMovement>> {
    RESYS_TRY(variant, app::require_variant(tx, caller.store, request));
    return app::page_of(
        store::list_movements(tx, caller.store, variant, before.value(), request.limit + 1),
        request.limit, [](const StockMovement& movement) { return movement.id.text(); });
  });
}

Result<Page<Location>> Inventory::list_locations(const Caller& caller,
                                                 const ListLocations& request) {
  RESYS_TRYV(app::staff_request(caller, request));
  return context_.database->read([&](db::Transaction& tx) -> Result<Page<Location>> {
    return Page<Location>{store::list_locations(tx, caller.store), std::nullopt};
  });
}

Result<Location> Inventory::create_location(const Caller& caller, const CreateLocation& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  const Timestamp now = context_.clock->now();
  const Location location{context_.ids->make<LocationId>(), request.name, true, request.position};
  const auto body = [&](db::Transaction& tx) -> Result<std::string> {
    store::ensure_store(tx, caller.store, now);
    store::insert_location(tx, caller.store, location, now);
    return location.id.text();
  };
  RESYS_TRY(outcome, app::run_command(context_, caller, request, now, body));
  RESYS_TRY(id, LocationId::parse(outcome.ids));
  return app::after_commit(context_.database->read([&](db::Transaction& tx) -> Result<Location> {
    return store::find_location(tx, caller.store, id).value();
  }));
}

Result<Location> Inventory::update_location(const Caller& caller, const UpdateLocation& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  const Timestamp now = context_.clock->now();
  const auto body = [&](db::Transaction& tx) -> Result<std::string> {
    const auto location = store::update_location(tx, caller.store, request);
    if (!location) return no_such_location();
    if (request.active && *request.active) {
      const app::StockScope scope{caller.store, caller.user_id, now, *context_.ids};
      for (const VariantId& variant : store::list_backordered_variants(tx, caller.store)) {
        app::fill_backorders(tx, scope, variant);
      }
    }
    return location->id.text();
  };
  RESYS_TRYV(app::run_command(context_, caller, request, now, body));
  return app::after_commit(context_.database->read([&](db::Transaction& tx) -> Result<Location> {
    return store::find_location(tx, caller.store, request.location_id).value();
  }));
}

}  // namespace resys
