// Shipping methods.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "db/database.hpp"
#include "resys/shipping.hpp"

namespace resys::store {

// All shipping methods, sorted by position, then by id.
std::vector<ShippingMethod> list_shipping_methods(db::Transaction& tx, std::string_view store);
std::optional<ShippingMethod> find_shipping_method(db::Transaction& tx, std::string_view store,
                                                   const ShippingMethodId& id);
void insert_shipping_method(db::Transaction& tx, std::string_view store,
                            const ShippingMethod& method, Timestamp now);
// Absent fields of the request keep their value. Nothing if there is no such method.
std::optional<ShippingMethod> update_shipping_method(db::Transaction& tx, std::string_view store,
                                                     const UpdateShippingMethod& request,
                                                     Timestamp now);

// A method that an order has chosen, and where the order goes.
struct ChosenShipping {
  ShippingMethod method;
  std::string country;
};
std::optional<ChosenShipping> find_chosen_shipping(db::Transaction& tx, std::string_view store,
                                                   const OrderId& order,
                                                   const ShippingMethodId& method);

}  // namespace resys::store
