// Operations on stock and locations.
#include "inventory/fields.hpp"

#include "api/operation.hpp"

namespace resys::api {
namespace {

using Row = Rows<&Shop::inventory>;

}  // namespace

std::vector<Operation> inventory_operations() {
  return {
      Row::staff("admin.stock.list", "GET /api/admin/stock", &Inventory::list_stock,
                 "Lists the stock of each variant, by SKU."),
      Row::staff("admin.stock.get", "GET /api/admin/stock/{sku}", &Inventory::get_stock,
                 "Returns the stock of one variant.", {Errc::not_found}),
      Row::staff("admin.stock.set", "PUT /api/admin/stock/{sku}", &Inventory::set_stock,
                 "Sets or adjusts the units on hand, not below what is reserved.",
                 {Errc::not_found, Errc::conflict, Errc::insufficient_stock, Errc::too_large}),
      Row::staff("admin.stock.listMovements", "GET /api/admin/stock/{sku}/movements",
                 &Inventory::list_movements,
                 "Lists the stock movements of one variant, newest first.", {Errc::not_found}),
      Row::staff("admin.locations.list", "GET /api/admin/locations", &Inventory::list_locations,
                 "Lists the locations, by position."),
      Row::staff("admin.locations.create", "POST /api/admin/locations", &Inventory::create_location,
                 "Creates a location."),
      Row::staff("admin.locations.update", "PUT /api/admin/locations/{locationId}",
                 &Inventory::update_location, "Changes a location; absent fields keep their value.",
                 {Errc::not_found}),
  };
}

}  // namespace resys::api
