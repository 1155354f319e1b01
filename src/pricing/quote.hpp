// What a basket costs, and why. Totals are made only here. Carts, checkout, placing and all views
// read a Quote.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "pricing/coupon.hpp"
#include "pricing/tax.hpp"
#include "resys/shipping.hpp"

namespace resys::pricing {

struct BasketLine {
  std::int64_t quantity = 0;
  std::int64_t listed_price_cents = 0;  // of one unit at home
  std::string tax_category{};
  std::int64_t weight_grams = 0;  // of one unit
};

// Everything that the price depends on.
struct Basket {
  Currency currency{};
  std::vector<BasketLine> lines{};
  std::vector<CustomerCoupon> coupons{};     // in the order in which they apply
  std::optional<ShippingMethod> shipping{};  // the chosen one, in the basket's currency
  const PriceRules* rules = nullptr;         // null: the store has none
  domain::Area area{};                       // where it is sent
  TaxedCustomer customer{};
};

struct QuotedLine {
  std::int64_t unit_price_cents = 0;  // what this customer pays for one unit there
  std::int64_t total_cents = 0;       // quantity times unit price
  std::int64_t discount_cents = 0;    // its share of all discounts
  std::vector<TaxLine> taxes{};       // of what is left
};

struct QuotedCoupon {
  std::int64_t discount_cents = 0;       // 0 if it does not apply, or nothing is left
  std::optional<CouponReason> reason{};  // why it does not apply
};

// total = items - discounts + shipment + taxes that are not included, in minor units of the
// basket's currency. Lines and coupons are in the basket's order, and the shares of the lines sum
// to the discounts.
struct Quote {
  std::vector<QuotedLine> lines{};
  std::vector<QuotedCoupon> coupons{};
  std::int64_t item_count = 0;
  std::int64_t item_total_cents = 0;
  std::int64_t discount_total_cents = 0;
  std::int64_t shipment_total_cents = 0;
  std::vector<TaxLine> shipment_taxes{};
  std::int64_t tax_total_cents = 0;           // to be paid beside the prices
  std::int64_t included_tax_total_cents = 0;  // a part of the prices
  std::int64_t total_cents = 0;
};

std::int64_t tax_cents(const std::vector<TaxLine>& taxes);
// Adds the tax to the line that is about the same rate, or as a new line.
void add_tax(std::vector<TaxLine>& taxes, const TaxLine& tax);

// too_large if an amount on the way to the total is beyond kMaxMinor.
Result<Quote> price(const Basket& basket, Timestamp now);

}  // namespace resys::pricing
