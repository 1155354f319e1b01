// Operations on price lists.
#include "pricing/price_fields.hpp"

#include "api/operation.hpp"

namespace resys::api {
std::vector<Operation> price_list_operations() {
  return {
      row<&Admin::price_lists>("admin.priceLists.list", "GET /api/admin/price-lists",
                               &AdminPriceLists::list,
                               "Lists all price lists, in the order in which they were made."),
      row<&Admin::price_lists>("admin.priceLists.get", "GET /api/admin/price-lists/{priceListId}",
                               &AdminPriceLists::get, "Returns one price list, without its prices.",
                               {Errc::not_found}),
      row<&Admin::price_lists>("admin.priceLists.create", "POST /api/admin/price-lists",
                               &AdminPriceLists::create, "Creates a price list without prices."),
      row<&Admin::price_lists>(
          "admin.priceLists.update", "PATCH /api/admin/price-lists/{priceListId}",
          &AdminPriceLists::update, "Changes a price list; absent fields keep their value.",
          {Errc::not_found}),
      row<&Admin::price_lists>(
          "admin.priceLists.remove", "DELETE /api/admin/price-lists/{priceListId}",
          &AdminPriceLists::remove, "Removes a price list with its prices.", {Errc::not_found}),
      row<&Admin::price_lists>(
          "admin.priceLists.listPrices", "GET /api/admin/price-lists/{priceListId}/prices",
          &AdminPriceLists::list_prices, "Lists the prices of a price list.", {Errc::not_found}),
      row<&Admin::price_lists>("admin.priceLists.setPrices",
                               "PUT /api/admin/price-lists/{priceListId}/prices",
                               &AdminPriceLists::set_prices,
                               "Sets all prices that the list has for the SKUs in the request.",
                               {Errc::not_found, Errc::unsupported_currency}),
  };
}

}  // namespace resys::api
