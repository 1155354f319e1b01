// Operations on coupons.
#include "fields/promotion.hpp"

#include "api/operation.hpp"

namespace resys::api {

std::vector<Operation> promotion_operations() {
  return {
      operation("admin.coupons.list", "GET /api/admin/coupons", &Coupons::list, &Shop::coupons,
                Audience::staff, "Lists the coupons, by code."),
      operation("admin.coupons.create", "POST /api/admin/coupons", &Coupons::create, &Shop::coupons,
                Audience::staff, "Creates a coupon.", {Errc::conflict}),
      operation("admin.coupons.update", "PUT /api/admin/coupons/{code}", &Coupons::update,
                &Shop::coupons, Audience::staff,
                "Changes a coupon; absent fields keep their value.",
                {Errc::not_found, Errc::unsupported_currency}),
  };
}

}  // namespace resys::api
