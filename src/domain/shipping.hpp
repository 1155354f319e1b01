// What shipping costs, and where to.
#pragma once

#include <cstdint>
#include <string_view>

#include "resys/shipping.hpp"

namespace resys::domain {

// An active method of the order's currency that goes to the country.
bool serves(const ShippingMethod& method, std::string_view country, Currency currency);

// `goods_cents`: items less discounts. too_large beyond kMaxMinor.
Result<std::int64_t> shipping_price(const ShippingMethod& method, std::int64_t item_count,
                                    std::int64_t goods_cents);

}  // namespace resys::domain
