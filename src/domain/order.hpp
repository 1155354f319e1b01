// The rules of orders that need nothing but their arguments: transitions, totals, derived statuses.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "resys/inventory.hpp"
#include "resys/order.hpp"
#include "resys/promotion.hpp"
#include "resys/shipping.hpp"

namespace resys::domain {

// The next state, or invalid_state with `state` and `event`; in Payment with the hint that
// reopening the order would help.
Result<OrderState> transition(OrderState from, OrderEvent event);

struct PricedLine {
  std::int64_t quantity = 0;
  std::int64_t unit_price_cents = 0;
};

struct Items {
  std::int64_t count = 0;
  std::int64_t total_cents = 0;
};
// too_large beyond kMaxMinor.
Result<Items> sum_lines(Currency currency, const std::vector<PricedLine>& lines);

struct Totals {
  Items items;
  std::vector<std::int64_t> discounts;  // of each coupon; 0 where it does not apply
  std::int64_t discount_total_cents = 0;
  std::int64_t shipment_total_cents = 0;
  std::int64_t total_cents = 0;
};

// items - discounts + shipment. `shipping` may be null. too_large beyond kMaxMinor.
Result<Totals> totals_of(Currency currency, const Items& items, const std::vector<Coupon>& coupons,
                         const ShippingMethod* shipping, Timestamp now);

PaymentStatus payment_status(const std::vector<OrderPayment>& payments);
FulfillmentStatus fulfillment_status(const std::vector<InventoryUnit>& units);

}  // namespace resys::domain
