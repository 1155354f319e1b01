// Operations on stock and locations.
#include "fields/inventory.hpp"

#include "api/operation.hpp"

namespace resys::api {

std::vector<Operation> inventory_operations() {
  return {
      operation("admin.stock.list", "GET /api/admin/stock", &Inventory::list_stock,
                &Shop::inventory, Audience::staff, "Lists the stock of each variant, by SKU."),
      operation("admin.stock.get", "GET /api/admin/stock/{sku}", &Inventory::get_stock,
                &Shop::inventory, Audience::staff, "Returns the stock of one variant.",
                {Errc::not_found}),
      operation("admin.stock.set", "PUT /api/admin/stock/{sku}", &Inventory::set_stock,
                &Shop::inventory, Audience::staff,
                "Sets or adjusts the units on hand, not below what is reserved.",
                {Errc::not_found, Errc::conflict, Errc::insufficient_stock, Errc::too_large}),
      operation("admin.stock.listMovements", "GET /api/admin/stock/{sku}/movements",
                &Inventory::list_movements, &Shop::inventory, Audience::staff,
                "Lists the stock movements of one variant, newest first.", {Errc::not_found}),
      operation("admin.locations.list", "GET /api/admin/locations", &Inventory::list_locations,
                &Shop::inventory, Audience::staff, "Lists the locations, by position."),
      operation("admin.locations.create", "POST /api/admin/locations", &Inventory::create_location,
                &Shop::inventory, Audience::staff, "Creates a location."),
      operation("admin.locations.update", "PUT /api/admin/locations/{locationId}",
                &Inventory::update_location, &Shop::inventory, Audience::staff,
                "Changes a location; absent fields keep their value.", {Errc::not_found}),
  };
}

}  // namespace resys::api
