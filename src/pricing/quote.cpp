// What a basket costs, and why: one list of steps.
#include "pricing/quote.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include "pricing/exact.hpp"
#include "pricing/shipping_price.hpp"

namespace resys::pricing {
namespace {

// What the steps work with.
struct Pricing {
  const Basket& basket;
  const TaxSettings& settings;
  const PriceSettings& prices;
  const TaxTerms& taxes;
  Timestamp now;

  Money in_currency(std::int64_t cents) const { return {cents, basket.currency}; }
};

// What the customer pays where a price at home includes that of the goods of a category.
std::int64_t price_there(const Pricing& pricing, std::int64_t cents, std::string_view category) {
  const TaxTerms& taxes = pricing.taxes;
  if (!taxes.converts()) return cents;
  return converted(cents, taxes.home_rates(category), taxes.rates(category),
                   pricing.settings.rounding);
}

Result<void> price_lines(const Pricing& pricing, Quote& quote) {
  Money sum = pricing.in_currency(0);
  for (const BasketLine& line : pricing.basket.lines) {
    const std::int64_t price = price_there(pricing, line.listed_price_cents, line.tax_category);
    RESYS_TRY(total, pricing.in_currency(price).times(line.quantity));
    RESYS_TRY(added, sum.plus(total));
    sum = added;
    quote.lines.push_back({.unit_price_cents = price, .total_cents = total.minor()});
    quote.item_count += line.quantity;
  }
  quote.item_total_cents = sum.minor();
  return success();
}

// Shares a discount among the lines, in proportion to what earlier discounts have left of each.
Result<void> share_discount(const Pricing& pricing, std::int64_t discount_cents, Quote& quote) {
  std::vector<std::int64_t> weights;
  for (const QuotedLine& line : quote.lines) {
    weights.push_back(line.total_cents - line.discount_cents);
  }
  RESYS_TRY(shares, pricing.in_currency(discount_cents).allocate(weights));
  for (std::size_t i = 0; i < shares.size(); ++i) {
    quote.lines[i].discount_cents += shares[i].minor();
  }
  return success();
}

// Each coupon gives a discount on what the discounts before it have left.
Result<void> apply_coupons(const Pricing& pricing, Quote& quote) {
  const Money items = pricing.in_currency(quote.item_total_cents);
  const std::int64_t before = quote.discount_total_cents;
  for (const CustomerCoupon& each : pricing.basket.coupons) {
    QuotedCoupon quoted{.reason = why_not(each, items, pricing.now)};
    if (!quoted.reason) {
      const std::int64_t left = items.minor() - quote.discount_total_cents;
      quoted.discount_cents = discount_of(each.coupon, items, left);
      quote.discount_total_cents += quoted.discount_cents;
    }
    quote.coupons.push_back(quoted);
  }
  if (quote.discount_total_cents == before) return success();
  return share_discount(pricing, quote.discount_total_cents - before, quote);
}

// The lines as they are taxed, after their discounts or before.
std::vector<TaxedAmount> goods_amounts(const Pricing& pricing, const Quote& quote,
                                       GoodsTotal total) {
  std::vector<TaxedAmount> amounts;
  for (std::size_t i = 0; i < quote.lines.size(); ++i) {
    const BasketLine& line = pricing.basket.lines[i];
    const QuotedLine& quoted = quote.lines[i];
    const std::int64_t discount_cents =
        total == GoodsTotal::after_discounts ? quoted.discount_cents : 0;
    amounts.push_back({quoted.total_cents - discount_cents, line.quantity,
                       &pricing.taxes.rates(line.tax_category)});
  }
  return amounts;
}

// The total of the goods that prices of shipping depend on, as the store's settings say.
std::int64_t goods_total(const Pricing& pricing, const Quote& quote) {
  const auto amounts = goods_amounts(pricing, quote, pricing.prices.goods_total);
  std::int64_t sum = 0;
  for (const TaxedAmount& amount : amounts) sum += amount.amount_cents;
  const GoodsTax wanted = pricing.prices.goods_tax;
  if (wanted == GoodsTax::as_priced) return sum;
  for (const auto& taxes : taxes_of(amounts, pricing.settings)) {
    for (const TaxLine& tax : taxes) {
      if (tax.included && wanted == GoodsTax::without_tax) sum -= tax.tax_cents;
      if (!tax.included && wanted == GoodsTax::with_tax) sum += tax.tax_cents;
    }
  }
  return sum;
}

// An empty basket costs nothing to ship.
Result<void> price_shipping(const Pricing& pricing, Quote& quote) {
  if (!pricing.basket.shipping || quote.item_count == 0) return success();
  Shipped shipped{.item_count = quote.item_count, .goods_cents = goods_total(pricing, quote)};
  for (const BasketLine& line : pricing.basket.lines) {
    shipped.weight_grams += line.quantity * line.weight_grams;
  }
  RESYS_TRY(price_cents, shipping_price(*pricing.basket.shipping, shipped));
  quote.shipment_total_cents = price_cents;
  return success();
}

// ---- taxes

// A part of the shipment's price that is taxed like a category of goods.
struct ShippingPart {
  std::string_view category;
  std::int64_t cents = 0;
};

// What is left of the goods of each category.
std::map<std::string_view, std::int64_t> goods_by_category(const Pricing& pricing,
                                                           const Quote& quote) {
  std::map<std::string_view, std::int64_t> goods;
  for (std::size_t i = 0; i < quote.lines.size(); ++i) {
    const QuotedLine& line = quote.lines[i];
    goods[pricing.basket.lines[i].tax_category] += line.total_cents - line.discount_cents;
  }
  return goods;
}

std::string_view highest_category(const Pricing& pricing, const Quote& quote) {
  const auto goods = goods_by_category(pricing, quote);
  const auto rate_of = [&](const auto& each) {
    std::int64_t sum = 0;
    for (const AppliedRate& rate : pricing.taxes.rates(each.first)) sum += rate.millionths;
    return sum;
  };
  return std::max_element(
             goods.begin(), goods.end(),
             [&](const auto& one, const auto& other) { return rate_of(one) < rate_of(other); })
      ->first;
}

std::vector<ShippingPart> proportional_parts(const Pricing& pricing, const Quote& quote) {
  std::vector<ShippingPart> parts;
  std::vector<std::int64_t> weights;
  for (const auto& [category, cents] : goods_by_category(pricing, quote)) {
    parts.push_back({category, 0});
    weights.push_back(cents);
  }
  const auto shares = share(quote.shipment_total_cents, weights);
  for (std::size_t i = 0; i < parts.size(); ++i) parts[i].cents = shares[i];
  return parts;
}

std::vector<ShippingPart> shipping_parts(const Pricing& pricing, const Quote& quote) {
  if (quote.shipment_total_cents == 0) return {};
  const bool has_goods = quote.item_total_cents > quote.discount_total_cents;
  if (pricing.settings.shipping_tax == ShippingTax::proportional && has_goods) {
    return proportional_parts(pricing, quote);
  }
  const std::string_view category = pricing.settings.shipping_tax == ShippingTax::highest
                                        ? highest_category(pricing, quote)
                                        : pricing.basket.shipping->tax_category;
  return {{category, quote.shipment_total_cents}};
}

void count_taxes(const std::vector<TaxLine>& taxes, Quote& quote) {
  for (const TaxLine& tax : taxes) {
    (tax.included ? quote.included_tax_total_cents : quote.tax_total_cents) += tax.tax_cents;
  }
}

// The taxes of all lines and of the shipment, which are rounded together if the store says so.
Result<void> add_taxes(const Pricing& pricing, Quote& quote) {
  auto amounts = goods_amounts(pricing, quote, GoodsTotal::after_discounts);
  const auto parts = shipping_parts(pricing, quote);
  quote.shipment_total_cents = 0;
  for (const ShippingPart& part : parts) {
    const std::int64_t cents = price_there(pricing, part.cents, part.category);
    quote.shipment_total_cents += cents;
    amounts.push_back({cents, 1, &pricing.taxes.rates(part.category)});
  }
  auto taxes = taxes_of(amounts, pricing.settings);
  for (std::size_t i = 0; i < taxes.size(); ++i) {
    count_taxes(taxes[i], quote);
    if (i < quote.lines.size()) {
      quote.lines[i].taxes = std::move(taxes[i]);
    } else {
      for (const TaxLine& tax : taxes[i]) add_tax(quote.shipment_taxes, tax);
    }
  }
  return success();
}

Result<void> sum_up(const Pricing& pricing, Quote& quote) {
  const std::int64_t goods_cents = quote.item_total_cents - quote.discount_total_cents;
  const Money goods = pricing.in_currency(goods_cents);
  RESYS_TRY(sent, goods.plus(pricing.in_currency(quote.shipment_total_cents)));
  RESYS_TRY(total, sent.plus(pricing.in_currency(quote.tax_total_cents)));
  quote.total_cents = total.minor();
  return success();
}

// Each step sees the results of the steps before it. A new kind of price rule is one more step.
using Step = Result<void> (*)(const Pricing&, Quote&);
constexpr std::array<Step, 5> kSteps{&price_lines, &apply_coupons, &price_shipping, &add_taxes,
                                     &sum_up};

}  // namespace

std::int64_t tax_cents(const std::vector<TaxLine>& taxes) {
  std::int64_t sum = 0;
  for (const TaxLine& tax : taxes) sum += tax.tax_cents;
  return sum;
}

void add_tax(std::vector<TaxLine>& taxes, const TaxLine& tax) {
  for (TaxLine& each : taxes) {
    TaxLine same = tax;
    same.taxable_cents = each.taxable_cents;
    same.tax_cents = each.tax_cents;
    if (same != each) continue;
    each.taxable_cents += tax.taxable_cents;
    each.tax_cents += tax.tax_cents;
    return;
  }
  taxes.push_back(tax);
}

Result<Quote> price(const Basket& basket, Timestamp now) {
  static const PriceRules kNoRules;
  const PriceRules& rules = basket.rules == nullptr ? kNoRules : *basket.rules;
  const TaxTerms taxes(rules, basket.area, basket.customer, now);
  const Pricing pricing{basket, rules.taxes, rules.prices, taxes, now};
  Quote quote;
  for (const Step step : kSteps) {
    RESYS_TRYV(step(pricing, quote));
  }
  return quote;
}

}  // namespace resys::pricing
