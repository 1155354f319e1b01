// Stock as staff see and change it: counts, movements, locations.
#include "resys/inventory.hpp"

#include "base/command.hpp"
#include "base/page.hpp"
#include "base/settings_rows.hpp"
#include "catalog/variant.hpp"
#include "inventory/fields.hpp"
#include "inventory/rows.hpp"
#include "inventory/stock.hpp"
#include "inventory/view.hpp"

namespace resys {
namespace app {

Stock view_stock(const rows::VariantStock& found) {
  Stock stock{.sku = found.sku, .variant_id = found.variant_id, .active = found.active};
  for (const rows::StockRow& row : found.rows) {
    const std::int64_t available = row.on_hand - row.reserved;
    stock.locations.push_back({row.location_id, row.location_name, row.on_hand, row.reserved,
                               available, row.backorderable});
    stock.on_hand += row.on_hand;
    stock.reserved += row.reserved;
    if (row.location_active) stock.available += available;
  }
  return stock;
}

}  // namespace app

namespace {

Error no_such_location() {
  return Error(Errc::not_found, "there is no such location").at("locationId");
}

Result<Location> location_of(const Scope& scope, const LocationId& id) {
  return rows::find_location(scope, id).value();
}

std::string cursor_of(const Stock& stock) { return stock.variant_id.text() + "/" + stock.sku; }

Result<rows::StockKey> parse_cursor(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto variant = VariantId::parse(text.substr(0, slash));
  if (slash == std::string_view::npos || variant.has_error()) {
    return app::wrong_cursor();
  }
  return rows::StockKey{std::string(text.substr(slash + 1)), variant.value()};
}

}  // namespace

Result<Page<Stock>> AdminStock::list(const Caller& caller, const ListStock& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  rows::StockKey after;
  if (request.after) {
    RESYS_TRY(parsed, parse_cursor(*request.after));
    after = std::move(parsed);
  }
  return context_.read(caller.store, [&](const Scope& scope) -> Result<Page<Stock>> {
    std::vector<Stock> stocks;
    for (const auto& each : rows::list_stock(scope, after, request.limit + 1)) {
      stocks.push_back(app::view_stock(each));
    }
    return app::page_of(std::move(stocks), request.limit, cursor_of);
  });
}

Result<Stock> AdminStock::get(const Caller& caller, const GetStock& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  return context_.read(caller.store, [&](const Scope& scope) -> Result<Stock> {
    RESYS_TRY(variant, app::require_variant(scope, request));
    return app::view_stock(rows::load_variant_stock(scope, variant));
  });
}

Result<Page<StockMovement>> AdminStock::list_movements(const Caller& caller,
                                                       const ListStockMovements& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  const auto before =
      request.after ? StockMovementId::parse(*request.after) : app::kNewest<StockMovementId>;
  if (before.has_error()) {
    return app::wrong_cursor();
  }
  return context_.read(caller.store, [&](const Scope& scope) -> Result<Page<StockMovement>> {
    RESYS_TRY(variant, app::require_variant(scope, request));
    return app::page_of(rows::list_movements(scope, variant, before.value(), request.limit + 1),
                        request.limit,
                        [](const StockMovement& movement) { return movement.id.text(); });
  });
}

Result<Page<Location>> AdminLocations::list(const Caller& caller, const ListLocations& request) {
  RESYS_TRYV(app::staff_request(caller, request));
  return context_.read(caller.store, [&](const Scope& scope) -> Result<Page<Location>> {
    return Page<Location>{rows::list_locations(scope), std::nullopt};
  });
}

Result<Location> AdminLocations::create(const Caller& caller, const CreateLocation& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  const Location location{context_.ids->make<LocationId>(), request.name, true, request.position};
  const auto body = [&](const Scope& scope) -> Result<LocationId> {
    rows::ensure_store(scope);
    rows::insert_location(scope, location);
    return location.id;
  };
  return app::run_command(context_, caller, request, body, location_of);
}

Result<Location> AdminLocations::update(const Caller& caller, const UpdateLocation& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  const auto body = [&](const Scope& scope) -> Result<LocationId> {
    const auto location = rows::update_location(scope, request);
    if (!location) return no_such_location();
    if (request.active && *request.active) {
      for (const VariantId& variant : rows::list_backordered_variants(scope)) {
        app::fill_backorders(scope, variant);
      }
    }
    return location->id;
  };
  return app::run_command(context_, caller, request, body, location_of);
}

}  // namespace resys
