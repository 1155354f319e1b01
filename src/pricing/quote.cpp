// What a basket costs, and why: one list of steps.
#include "pricing/quote.hpp"

#include <array>

namespace resys::pricing {
namespace {

Money in_currency(const Basket& basket, std::int64_t cents) { return {cents, basket.currency}; }

Result<void> price_lines(const Basket& basket, Timestamp, Quote& quote) {
  Money sum = in_currency(basket, 0);
  for (const BasketLine& line : basket.lines) {
    RESYS_TRY(total, in_currency(basket, line.unit_price_cents).times(line.quantity));
    RESYS_TRY(added, sum.plus(total));
    sum = added;
    quote.lines.push_back({.total_cents = total.minor()});
    quote.item_count += line.quantity;
  }
  quote.item_total_cents = sum.minor();
  return success();
}

// Shares a discount among the lines, in proportion to what earlier discounts have left of each.
Result<void> share_discount(const Basket& basket, std::int64_t discount_cents, Quote& quote) {
  std::vector<std::int64_t> weights;
  for (const QuotedLine& line : quote.lines) {
    weights.push_back(line.total_cents - line.discount_cents);
  }
  RESYS_TRY(shares, in_currency(basket, discount_cents).allocate(weights));
  for (std::size_t i = 0; i < shares.size(); ++i) {
    quote.lines[i].discount_cents += shares[i].minor();
  }
  return success();
}

// Each coupon gives a discount on what the discounts before it have left.
Result<void> apply_coupons(const Basket& basket, Timestamp now, Quote& quote) {
  const Money items = in_currency(basket, quote.item_total_cents);
  const std::int64_t before = quote.discount_total_cents;
  for (const CustomerCoupon& each : basket.coupons) {
    QuotedCoupon quoted{.reason = why_not(each, items, now)};
    if (!quoted.reason) {
      const std::int64_t left = items.minor() - quote.discount_total_cents;
      quoted.discount_cents = discount_of(each.coupon, items, left);
      quote.discount_total_cents += quoted.discount_cents;
    }
    quote.coupons.push_back(quoted);
  }
  if (quote.discount_total_cents == before) return success();
  return share_discount(basket, quote.discount_total_cents - before, quote);
}

// An empty basket costs nothing to ship.
Result<void> price_shipping(const Basket& basket, Timestamp, Quote& quote) {
  if (!basket.shipping || quote.item_count == 0) return success();
  const ShippingMethod& method = *basket.shipping;
  quote.shipment_total_cents = method.price_cents;
  const std::int64_t goods_cents = quote.item_total_cents - quote.discount_total_cents;
  switch (method.kind) {
    case ShippingKind::flat:
      break;
    case ShippingKind::per_item: {
      RESYS_TRY(price, in_currency(basket, method.price_cents).times(quote.item_count));
      quote.shipment_total_cents = price.minor();
      break;
    }
    case ShippingKind::free_over:
      if (goods_cents >= method.free_over_cents.value_or(0)) quote.shipment_total_cents = 0;
      break;
  }
  return success();
}

Result<void> sum_up(const Basket& basket, Timestamp, Quote& quote) {
  const std::int64_t goods_cents = quote.item_total_cents - quote.discount_total_cents;
  RESYS_TRY(total,
            in_currency(basket, goods_cents).plus(in_currency(basket, quote.shipment_total_cents)));
  quote.total_cents = total.minor();
  return success();
}

// Each step sees the results of the steps before it. A new kind of price rule is one more step.
using Step = Result<void> (*)(const Basket&, Timestamp now, Quote&);
constexpr std::array<Step, 4> kSteps{&price_lines, &apply_coupons, &price_shipping, &sum_up};

}  // namespace

Result<Quote> price(const Basket& basket, Timestamp now) {
  Quote quote;
  for (const Step step : kSteps) {
    RESYS_TRYV(step(basket, now, quote));
  }
  return quote;
}

}  // namespace resys::pricing
