// Operations on shipping methods.
#include "shipping/fields.hpp"

#include "api/operation.hpp"

namespace resys::api {
namespace {

using Row = Rows<&Shop::shipping_methods>;

}  // namespace

std::vector<Operation> shipping_operations() {
  return {
      Row::staff("admin.shippingMethods.list", "GET /api/admin/shipping-methods",
                 &ShippingMethods::list, "Lists all shipping methods, by position."),
      Row::staff("admin.shippingMethods.create", "POST /api/admin/shipping-methods",
                 &ShippingMethods::create, "Creates a shipping method."),
      Row::staff("admin.shippingMethods.update",
                 "PUT /api/admin/shipping-methods/{shippingMethodId}", &ShippingMethods::update,
                 "Changes a shipping method; absent fields keep their value.",
                 {Errc::not_found, Errc::unsupported_currency}),
  };
}

}  // namespace resys::api
