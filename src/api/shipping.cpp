// Operations on shipping methods.
#include "fields/shipping.hpp"

#include "api/operation.hpp"

namespace resys::api {

std::vector<Operation> shipping_operations() {
  return {
      operation("admin.shippingMethods.list", "GET /api/admin/shipping-methods",
                &ShippingMethods::list, &Shop::shipping_methods, Audience::staff,
                "Lists all shipping methods, by position."),
      operation("admin.shippingMethods.create", "POST /api/admin/shipping-methods",
                &ShippingMethods::create, &Shop::shipping_methods, Audience::staff,
                "Creates a shipping method."),
      operation("admin.shippingMethods.update",
                "PUT /api/admin/shipping-methods/{shippingMethodId}", &ShippingMethods::update,
                &Shop::shipping_methods, Audience::staff,
                "Changes a shipping method; absent fields keep their value.",
                {Errc::not_found, Errc::unsupported_currency}),
  };
}

}  // namespace resys::api
