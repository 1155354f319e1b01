// Shipping methods.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/area.hpp"
#include "base/scope.hpp"
#include "resys/shipping.hpp"

namespace resys::rows {

// All shipping methods, sorted by position, then by id.
std::vector<ShippingMethod> list_shipping_methods(const Scope& scope);
// Locks the method if the transaction writes.
std::optional<ShippingMethod> find_shipping_method(const Scope& scope, const ShippingMethodId& id);
void insert_shipping_method(const Scope& scope, const ShippingMethod& method);
// The method must have been found in this transaction.
void update_shipping_method(const Scope& scope, const ShippingMethod& method);

// A method that an order has chosen, and where the order goes.
struct ChosenShipping {
  ShippingMethod method;
  domain::Area area;
};
std::optional<ChosenShipping> find_chosen_shipping(const Scope& scope, const OrderId& order,
                                                   const ShippingMethodId& method);

}  // namespace resys::rows
