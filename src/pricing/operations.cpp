// Operations on coupons.
#include "pricing/fields.hpp"

#include "api/operation.hpp"

namespace resys::api {
namespace {

using Row = Rows<&Shop::coupons>;

}  // namespace

std::vector<Operation> promotion_operations() {
  return {
      Row::staff("admin.coupons.list", "GET /api/admin/coupons", &Coupons::list,
                 "Lists the coupons, by code."),
      Row::staff("admin.coupons.create", "POST /api/admin/coupons", &Coupons::create,
                 "Creates a coupon.", {Errc::conflict}),
      Row::staff("admin.coupons.update", "PUT /api/admin/coupons/{code}", &Coupons::update,
                 "Changes a coupon; absent fields keep their value.",
                 {Errc::not_found, Errc::unsupported_currency}),
  };
}

}  // namespace resys::api
