// What it costs to send something by a shipping method.
#pragma once

#include <cstdint>

#include "resys/result.hpp"
#include "resys/shipping.hpp"

namespace resys::pricing {

// What is sent, as far as prices of shipping depend on it.
struct Shipped {
  std::int64_t item_count = 0;
  std::int64_t weight_grams = 0;
  std::int64_t goods_cents = 0;  // counted as PriceSettings says
};

// too_large: it is beyond kMaxMinor.
Result<std::int64_t> shipping_price(const ShippingMethod& method, const Shipped& shipped);

}  // namespace resys::pricing
