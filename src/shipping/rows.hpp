// Shipping methods.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/scope.hpp"
#include "resys/shipping.hpp"

namespace resys::rows {

// All shipping methods, sorted by position, then by id.
std::vector<ShippingMethod> list_shipping_methods(const Scope& scope);
std::optional<ShippingMethod> find_shipping_method(const Scope& scope, const ShippingMethodId& id);
void insert_shipping_method(const Scope& scope, const ShippingMethod& method);
// Absent fields of the request keep their value. Nothing if there is no such method.
std::optional<ShippingMethod> update_shipping_method(const Scope& scope,
                                                     const UpdateShippingMethod& request);

// A method that an order has chosen, and where the order goes.
struct ChosenShipping {
  ShippingMethod method;
  std::string country;
};
std::optional<ChosenShipping> find_chosen_shipping(const Scope& scope, const OrderId& order,
                                                   const ShippingMethodId& method);

}  // namespace resys::rows
