// What a basket costs, and why. Totals are made only here. Carts, checkout, placing and all views
// read a Quote.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "pricing/coupon.hpp"
#include "resys/shipping.hpp"

namespace resys::pricing {

struct BasketLine {
  std::int64_t quantity = 0;
  std::int64_t unit_price_cents = 0;
};

// Everything that the price depends on.
struct Basket {
  Currency currency{};
  std::vector<BasketLine> lines{};
  std::vector<CustomerCoupon> coupons{};     // in the order in which they apply
  std::optional<ShippingMethod> shipping{};  // the chosen one, in the basket's currency
};

struct QuotedLine {
  std::int64_t total_cents = 0;     // quantity times unit price
  std::int64_t discount_cents = 0;  // its share of all discounts
};

struct QuotedCoupon {
  std::int64_t discount_cents = 0;       // 0 if it does not apply, or nothing is left
  std::optional<CouponReason> reason{};  // why it does not apply
};

// total = items - discounts + shipment, in minor units of the basket's currency. Lines and coupons
// are in the basket's order, and the shares of the lines sum to the discounts.
struct Quote {
  std::vector<QuotedLine> lines{};
  std::vector<QuotedCoupon> coupons{};
  std::int64_t item_count = 0;
  std::int64_t item_total_cents = 0;
  std::int64_t discount_total_cents = 0;
  std::int64_t shipment_total_cents = 0;
  std::int64_t total_cents = 0;
};

// too_large if an amount on the way to the total is beyond kMaxMinor.
Result<Quote> price(const Basket& basket, Timestamp now);

}  // namespace resys::pricing
