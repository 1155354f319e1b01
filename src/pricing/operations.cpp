// Operations on coupons.
#include "pricing/fields.hpp"

#include "api/operation.hpp"

namespace resys::api {
std::vector<Operation> promotion_operations() {
  return {
      row<&Admin::coupons>("admin.coupons.list", "GET /api/admin/coupons", &AdminCoupons::list,
                           "Lists the coupons, by code."),
      row<&Admin::coupons>("admin.coupons.create", "POST /api/admin/coupons", &AdminCoupons::create,
                           "Creates a coupon.", {Errc::conflict}),
      row<&Admin::coupons>("admin.coupons.update", "PUT /api/admin/coupons/{code}",
                           &AdminCoupons::update,
                           "Changes a coupon; absent fields keep their value.",
                           {Errc::not_found, Errc::unsupported_currency}),
  };
}

}  // namespace resys::api
