// Shipping methods.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "db/database.hpp"
#include "resys/shipping.hpp"

namespace resys::store {

// All of them, by position, then id.
std::vector<ShippingMethod> list_shipping_methods(db::Transaction& tx, std::string_view store);
std::optional<ShippingMethod> find_shipping_method(db::Transaction& tx, std::string_view store,
                                                   const ShippingMethodId& id);

}  // namespace resys::store
