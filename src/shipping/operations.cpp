// Operations on shipping methods.
#include "shipping/fields.hpp"

#include "api/operation.hpp"

namespace resys::api {
std::vector<Operation> shipping_operations() {
  return {
      row<&Admin::shipping_methods>("admin.shippingMethods.list", "GET /api/admin/shipping-methods",
                                    &AdminShippingMethods::list,
                                    "Lists all shipping methods, by position."),
      row<&Admin::shipping_methods>("admin.shippingMethods.create",
                                    "POST /api/admin/shipping-methods",
                                    &AdminShippingMethods::create, "Creates a shipping method.",
                                    {Errc::unsupported_currency}),
      row<&Admin::shipping_methods>("admin.shippingMethods.update",
                                    "PUT /api/admin/shipping-methods/{shippingMethodId}",
                                    &AdminShippingMethods::update,
                                    "Changes a shipping method; absent fields keep their value.",
                                    {Errc::not_found, Errc::unsupported_currency}),
  };
}

}  // namespace resys::api
