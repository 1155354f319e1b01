// Operations on promotions.
#include "api/operation.hpp"
#include "pricing/promotion_fields.hpp"

namespace resys::api {
std::vector<Operation> promotion_operations() {
  return {
      row<&Admin::promotions>("admin.promotions.list", "GET /api/admin/promotions",
                              &AdminPromotions::list,
                              "Lists the promotions, in the order in which they were made."),
      row<&Admin::promotions>("admin.promotions.get", "GET /api/admin/promotions/{promotionId}",
                              &AdminPromotions::get, "Returns a promotion.", {Errc::not_found}),
      row<&Admin::promotions>("admin.promotions.create", "POST /api/admin/promotions",
                              &AdminPromotions::create,
                              "Creates a promotion, which applies by itself or by its codes.",
                              {Errc::not_found, Errc::conflict}),
      row<&Admin::promotions>(
          "admin.promotions.update", "PATCH /api/admin/promotions/{promotionId}",
          &AdminPromotions::update,
          "Changes a promotion; absent fields keep their value, null takes a limit or a date off.",
          {Errc::not_found}),
      row<&Admin::promotions>(
          "admin.promotions.createCodes", "POST /api/admin/promotions/{promotionId}/codes",
          &AdminPromotions::create_codes, "Adds codes to a promotion: those given, or random ones.",
          {Errc::not_found, Errc::invalid_state, Errc::conflict}),
      row<&Admin::promotions>(
          "admin.promotions.listCodes", "GET /api/admin/promotions/{promotionId}/codes",
          &AdminPromotions::list_codes, "Lists the codes of a promotion.", {Errc::not_found}),
  };
}

}  // namespace resys::api
