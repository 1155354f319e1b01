// Operations on stock and locations.
#include "inventory/fields.hpp"

#include "api/operation.hpp"

namespace resys::api {
std::vector<Operation> inventory_operations() {
  return {
      row<&Admin::stock>("admin.stock.list", "GET /api/admin/stock", &AdminStock::list,
                         "Lists the stock of each variant, by SKU."),
      row<&Admin::stock>("admin.stock.get", "GET /api/admin/stock/{sku}", &AdminStock::get,
                         "Returns the stock of one variant.", {Errc::not_found}),
      row<&Admin::stock>(
          "admin.stock.set", "PUT /api/admin/stock/{sku}", &AdminStock::set,
          "Sets or adjusts the units on hand, not below what is reserved.",
          {Errc::not_found, Errc::conflict, Errc::insufficient_stock, Errc::too_large}),
      row<&Admin::stock>("admin.stock.listMovements", "GET /api/admin/stock/{sku}/movements",
                         &AdminStock::list_movements,
                         "Lists the stock movements of one variant, newest first.",
                         {Errc::not_found}),
      row<&Admin::locations>("admin.locations.list", "GET /api/admin/locations",
                             &AdminLocations::list, "Lists the locations, by position."),
      row<&Admin::locations>("admin.locations.create", "POST /api/admin/locations",
                             &AdminLocations::create, "Creates a location."),
      row<&Admin::locations>("admin.locations.update", "PUT /api/admin/locations/{locationId}",
                             &AdminLocations::update,
                             "Changes a location; absent fields keep their value.",
                             {Errc::not_found}),
  };
}

}  // namespace resys::api
