// What staff see and change of the stock: counts, the ledger, locations.
#include "resys/inventory.hpp"

#include <limits>

#include "app/command.hpp"
#include "app/page.hpp"
#include "app/stock.hpp"
#include "fields/inventory.hpp"
#include "store/inventory.hpp"
#include "store/settings.hpp"

namespace resys {
namespace {

constexpr StockMovementId kNewest{detail::Uuid{std::numeric_limits<std::uint64_t>::max(),
                                               std::numeric_limits<std::uint64_t>::max()}};

Error no_such_location() {
  return Error(Errc::not_found, "there is no such location").at("locationId");
}

Stock stock_of(std::string sku, const std::vector<store::StockRow>& rows) {
  Stock stock;
  stock.sku = std::move(sku);
  for (const store::StockRow& row : rows) {
    const std::int64_t available = row.on_hand - row.reserved;
    stock.locations.push_back({row.location_id, row.location_name, row.on_hand, row.reserved,
                               available, row.backorderable});
    stock.on_hand += row.on_hand;
    stock.reserved += row.reserved;
    if (row.location_active) stock.available += available;
  }
  return stock;
}

Result<VariantId> require_sku(db::Transaction& tx, std::string_view store, const std::string& sku) {
  const auto variant = store::find_sku(tx, store, sku);
  if (!variant) return Error(Errc::not_found, "there is no such SKU").at("sku");
  return *variant;
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
  return Error(Errc::invalid_request, "name the location, unless exactly one is active")
      .at("locationId")
      .with("reason", "location_required")
      .with("locations", locations.size());
}

Result<void> set_count(db::Transaction& tx, const app::StockScope& scope, const SetStock& request,
                       const VariantId& variant, const LocationId& location) {
  const store::StockCounters now =
      store::lock_stock(tx, scope.store, variant, location, request.backorderable);
  if (request.expected_on_hand && *request.expected_on_hand != now.on_hand) {
    return Error(Errc::conflict, "there is another number of units on hand by now")
        .at("expectedOnHand")
        .with("onHand", now.on_hand);
  }
  const std::int64_t wanted = request.on_hand.value_or(now.on_hand + request.adjust.value_or(0));
  if (wanted < now.reserved) {
    return Error(Errc::insufficient_stock, "what is reserved must stay on hand")
        .at(request.adjust ? "adjust" : "onHand")
        .with("sku", request.sku)
        .with("requested", wanted)
        .with("onHand", now.on_hand)
        .with("reserved", now.reserved)
        .with("available", now.on_hand - now.reserved);
  }
  if (wanted > fields::kMaxStock) {
    return Error(Errc::too_large, "these are more units than a location may have")
        .at("adjust")
        .with("limit", fields::kMaxStock);
  }
  if (wanted == now.on_hand) return success();
  const store::StockChange change{.variant_id = variant,
                                  .location_id = location,
                                  .on_hand_delta = wanted - now.on_hand,
                                  .reason = request.reason,
                                  .actor = scope.actor};
  store::change_stock(tx, scope.store, change, scope.ids.make<StockMovementId>(), scope.now);
  app::fill_backorders(tx, scope, variant);
  return success();
}

}  // namespace

Result<Page<Stock>> Inventory::list_stock(const Caller& caller, const ListStock& request) {
  RESYS_TRYV(app::check_staff(caller, request));
  return context_.database->read([&](db::Transaction& tx) -> Result<Page<Stock>> {
    std::vector<Stock> stocks;
    for (store::SkuStock& each :
         store::list_stock(tx, caller.store, request.after.value_or(""), request.limit + 1)) {
      stocks.push_back(stock_of(std::move(each.sku), each.rows));
    }
    return app::page_of(std::move(stocks), request.limit,
                        [](const Stock& stock) { return stock.sku; });
  });
}

Result<Stock> Inventory::get_stock(const Caller& caller, const GetStock& request) {
  RESYS_TRYV(app::check_staff(caller, request));
  return context_.database->read([&](db::Transaction& tx) -> Result<Stock> {
    RESYS_TRY(variant, require_sku(tx, caller.store, request.sku));
    return stock_of(request.sku, store::load_stock(tx, caller.store, variant));
  });
}

Result<Stock> Inventory::set_stock(const Caller& caller, const SetStock& request) {
  RESYS_TRYV(app::check_staff(caller, request));
  if (request.on_hand && request.adjust) {
    return Error(Errc::invalid_request, "give onHand or adjust, not both").at("adjust");
  }
  if (!request.on_hand && !request.adjust && !request.backorderable) {
    return Error(Errc::invalid_request, "give onHand, adjust or backorderable").at("onHand");
  }
  const Timestamp now = context_.clock->now();
  const auto body = [&](db::Transaction& tx) -> Result<std::string> {
    RESYS_TRY(variant, require_sku(tx, caller.store, request.sku));
    RESYS_TRY(location, choose_location(tx, caller.store, request.location_id));
    const app::StockScope scope{caller.store, caller.user_id, now, *context_.ids};
    RESYS_TRYV(set_count(tx, scope, request, variant, location));
    return request.sku;
  };
  RESYS_TRYV(app::run_command(context_, caller, request, now, body));
  return get_stock(caller, {request.sku});
}

Result<Page<StockMovement>> Inventory::list_movements(const Caller& caller,
                                                      const ListStockMovements& request) {
  RESYS_TRYV(app::check_staff(caller, request));
  const auto before = request.after ? StockMovementId::parse(*request.after) : kNewest;
  if (before.has_error()) {
    return Error(Errc::invalid_request, "must be the nextAfter of an earlier page").at("after");
  }
  return context_.database->read([&](db::Transaction& tx) -> Result<Page<StockMovement>> {
    RESYS_TRY(variant, require_sku(tx, caller.store, request.sku));
    return app::page_of(
        store::list_movements(tx, caller.store, variant, before.value(), request.limit + 1),
        request.limit, [](const StockMovement& movement) { return movement.id.text(); });
  });
}

Result<Page<Location>> Inventory::list_locations(const Caller& caller,
                                                 const ListLocations& request) {
  RESYS_TRYV(app::check_staff(caller, request));
  return context_.database->read([&](db::Transaction& tx) -> Result<Page<Location>> {
    return Page<Location>{store::list_locations(tx, caller.store), std::nullopt};
  });
}

Result<Location> Inventory::create_location(const Caller& caller, const CreateLocation& request) {
  RESYS_TRYV(app::check_staff(caller, request));
  const Timestamp now = context_.clock->now();
  const Location location{context_.ids->make<LocationId>(), request.name, true, request.position};
  const auto body = [&](db::Transaction& tx) -> Result<std::string> {
    store::ensure_store(tx, caller.store, now);
    store::insert_location(tx, caller.store, location, now);
    return location.id.text();
  };
  RESYS_TRY(outcome, app::run_command(context_, caller, request, now, body));
  RESYS_TRY(id, LocationId::parse(outcome.ids));
  return context_.database->read([&](db::Transaction& tx) -> Result<Location> {
    return store::find_location(tx, caller.store, id).value();
  });
}

Result<Location> Inventory::update_location(const Caller& caller, const UpdateLocation& request) {
  RESYS_TRYV(app::check_staff(caller, request));
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
  return context_.database->read([&](db::Transaction& tx) -> Result<Location> {
    return store::find_location(tx, caller.store, request.location_id).value();
  });
}

}  // namespace resys
