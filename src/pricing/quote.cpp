// What a basket costs, and why: one list of steps.
#include "pricing/quote.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
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

// Adds a line at that price at home to the quote, and returns it.
Result<QuotedLine*> add_line(const Pricing& pricing, std::int64_t listed_price_cents,
                             std::string_view category, std::int64_t quantity, Quote& quote) {
  const std::int64_t price = pricing.taxes.price_there(listed_price_cents, category);
  RESYS_TRY(total, pricing.in_currency(price).times(quantity));
  RESYS_TRY(sum, pricing.in_currency(quote.item_total_cents).plus(total));
  quote.item_total_cents = sum.minor();
  quote.item_count += quantity;
  quote.lines.push_back({.unit_price_cents = price, .total_cents = total.minor()});
  return &quote.lines.back();
}

Result<void> price_lines(const Pricing& pricing, Quote& quote) {
  for (const BasketLine& line : pricing.basket.lines) {
    RESYS_TRYV(add_line(pricing, line.listed_price_cents, line.tax_category, line.quantity, quote));
  }
  return success();
}

// ---- shipping

// What is left of each line of the basket.
std::vector<std::int64_t> left_of(const Pricing& pricing, const Quote& quote) {
  std::vector<std::int64_t> left;
  left.reserve(pricing.basket.lines.size());
  for (std::size_t i = 0; i < pricing.basket.lines.size(); ++i) {
    left.push_back(quote.lines[i].total_cents - quote.lines[i].discount_cents);
  }
  return left;
}

// What is left of the goods of each category.
std::map<std::string_view, std::int64_t> by_category(const Pricing& pricing,
                                                     const std::vector<std::int64_t>& left) {
  std::map<std::string_view, std::int64_t> goods;
  for (std::size_t i = 0; i < left.size(); ++i) {
    goods[pricing.basket.lines[i].tax_category] += left[i];
  }
  return goods;
}

std::string_view highest_category(const Pricing& pricing, const std::vector<std::int64_t>& left) {
  const auto goods = by_category(pricing, left);
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

std::vector<ShippingPart> proportional_parts(const Pricing& pricing, std::int64_t cents,
                                             const std::vector<std::int64_t>& left) {
  std::vector<ShippingPart> parts;
  std::vector<std::int64_t> weights;
  for (const auto& [category, weight] : by_category(pricing, left)) {
    parts.push_back({std::string(category), 0});
    weights.push_back(weight);
  }
  const auto shares = share(cents, weights);
  for (std::size_t i = 0; i < parts.size(); ++i) parts[i].cents = shares[i];
  return parts;
}

// The total of the goods that prices of shipping depend on, as the store's settings say. A tax
// calculator is not asked: this is by the store's rates.
std::int64_t goods_total(const Pricing& pricing, const Quote& quote,
                         const std::vector<std::int64_t>& left) {
  const bool is_after = pricing.prices.goods_total == GoodsTotal::after_discounts;
  std::int64_t sum = 0;
  std::vector<TaxedAmount> amounts;
  amounts.reserve(left.size());
  for (std::size_t i = 0; i < left.size(); ++i) {
    const BasketLine& line = pricing.basket.lines[i];
    const std::int64_t cents = is_after ? left[i] : quote.lines[i].total_cents;
    sum += cents;
    amounts.push_back({cents, line.quantity, &pricing.taxes.rates(line.tax_category)});
  }
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

// What the chosen method costs at home, if discounts leave so much of each line. An empty basket
// costs nothing to ship, and gifts cost nothing more.
Result<std::int64_t> listed_shipping(const Pricing& pricing, const Quote& quote,
                                     const std::vector<std::int64_t>& left) {
  if (!pricing.basket.shipping || left.empty()) return std::int64_t{0};
  Shipped shipped{.goods_cents = goods_total(pricing, quote, left)};
  for (const BasketLine& line : pricing.basket.lines) {
    shipped.item_count += line.quantity;
    shipped.weight_grams += line.quantity * line.weight_grams;
  }
  return shipping_price(*pricing.basket.shipping, shipped);
}

// What shipping costs before its discounts, if the goods' discounts leave so much of each line.
Result<std::vector<ShippingPart>> shipping_parts(const Pricing& pricing, const Quote& quote,
                                                 const std::vector<std::int64_t>& left) {
  RESYS_TRY(listed_cents, listed_shipping(pricing, quote, left));
  if (listed_cents == 0) return std::vector<ShippingPart>();
  const ShippingTax by = pricing.settings.shipping_tax;
  std::vector<ShippingPart> parts{{pricing.basket.shipping->tax_category, listed_cents}};
  if (by == ShippingTax::highest) parts[0].category = highest_category(pricing, left);
  if (by == ShippingTax::proportional && sum_of(left) > 0) {
    parts = proportional_parts(pricing, listed_cents, left);
  }
  for (ShippingPart& part : parts)
    part.cents = pricing.taxes.price_there(part.cents, part.category);
  return parts;
}

std::vector<std::int64_t> cents_of(const std::vector<ShippingPart>& parts) {
  std::vector<std::int64_t> cents;
  for (const ShippingPart& part : parts) cents.push_back(part.cents);
  return cents;
}

Result<void> price_shipping(const Pricing& pricing, Quote& quote) {
  const auto left_of_lines = left_of(pricing, quote);
  RESYS_TRY(parts, shipping_parts(pricing, quote, left_of_lines));
  quote.shipment_parts = std::move(parts);
  if (!quote.shipment_parts.empty() && pricing.basket.shipping->free_over_cents) {
    quote.free_shipping_missing_cents =
        *pricing.basket.shipping->free_over_cents - goods_total(pricing, quote, left_of_lines);
  }
  const auto before = cents_of(quote.shipment_parts);
  quote.shipment_total_cents = sum_of(before) - quote.shipping_discount_cents;
  const auto left = share(quote.shipment_total_cents, before);
  for (std::size_t i = 0; i < left.size(); ++i) quote.shipment_parts[i].cents = left[i];
  if (quote.shipment_total_cents == 0) quote.shipment_parts.clear();
  return success();
}

// ---- promotions

// Refers to the basket and the quote.
PromotionBasket promotion_basket(const Pricing& pricing, const Quote& quote) {
  const Basket& from = pricing.basket;
  PromotionBasket basket{.currency = from.currency,
                         .customer = from.promotions.customer,
                         .local_offset_minutes = from.promotions.local_offset_minutes};
  basket.lines.reserve(from.lines.size());
  for (std::size_t i = 0; i < from.lines.size(); ++i) {
    const BasketLine& line = from.lines[i];
    basket.lines.push_back({line.variant_id, line.product_id, line.sku, line.categories,
                            line.quantity, quote.lines[i].unit_price_cents,
                            quote.lines[i].total_cents});
  }
  for (const GiftOffer& gift : from.promotions.gifts) basket.gift_units[gift.sku] = gift.units;
  if (!from.shipping) return basket;
  basket.shipping = [&](const std::vector<std::int64_t>& left) {
    const auto parts = shipping_parts(pricing, quote, left);
    if (parts.has_error()) return std::int64_t{0};  // price_shipping() returns the error
    return sum_of(cents_of(parts.value()));
  };
  return basket;
}

// Adds the gift as a line that costs nothing: its discount is as much as its price.
Result<void> add_gift(const Pricing& pricing, const GiftLine& gift, Quote& quote) {
  const auto& offers = pricing.basket.promotions.gifts;
  const GiftOffer& offer = *std::find_if(offers.begin(), offers.end(),
                                         [&](const auto& each) { return each.sku == gift.sku; });
  RESYS_TRY(line,
            add_line(pricing, offer.listed_price_cents, offer.tax_category, gift.quantity, quote));
  AppliedPromotion& promotion = quote.promotions[gift.promotion];
  quote.gifts.push_back({promotion.id, offer, gift.quantity});
  if (line->total_cents == 0) return success();
  line->discounts = {{gift.promotion, line->total_cents}};
  line->discount_cents = line->total_cents;
  promotion.discount_cents += line->total_cents;
  quote.discount_total_cents += line->total_cents;
  return success();
}

Result<void> apply_promotions(const Pricing& pricing, Quote& quote) {
  const auto& offers = pricing.basket.promotions.offers;
  if (offers.empty()) return success();
  Discounts discounts = discounts_of(offers, promotion_basket(pricing, quote), pricing.now);
  quote.promotions = std::move(discounts.applied);
  quote.rejected_codes = std::move(discounts.rejected);
  quote.hints = std::move(discounts.hints);
  quote.discount_total_cents = discounts.item_cents;
  quote.shipping_discount_cents = discounts.shipping_cents;
  for (std::size_t i = 0; i < discounts.lines.size(); ++i) {
    QuotedLine& line = quote.lines[i];
    line.discounts = std::move(discounts.lines[i]);
    for (const LineDiscount& each : line.discounts) line.discount_cents += each.cents;
  }
  for (const GiftLine& gift : discounts.gifts) {
    RESYS_TRYV(add_gift(pricing, gift, quote));
  }
  return success();
}

// ---- taxes

void count_taxes(const std::vector<TaxLine>& taxes, Quote& quote) {
  for (const TaxLine& tax : taxes) {
    (tax.included ? quote.included_tax_total_cents : quote.tax_total_cents) += tax.tax_cents;
  }
}

// What is taxed: the lines of the basket, the gifts, and the shipment's parts.
std::vector<TaxedAmount> taxed_amounts(const Pricing& pricing, const Quote& quote) {
  std::vector<TaxedAmount> amounts;
  amounts.reserve(quote.lines.size() + quote.shipment_parts.size());
  const auto add_line = [&](std::int64_t quantity, std::string_view category) {
    const QuotedLine& line = quote.lines[amounts.size()];
    amounts.push_back(
        {line.total_cents - line.discount_cents, quantity, &pricing.taxes.rates(category)});
  };
  for (const BasketLine& line : pricing.basket.lines) add_line(line.quantity, line.tax_category);
  for (const QuotedGift& gift : quote.gifts) add_line(gift.quantity, gift.offer.tax_category);
  for (const ShippingPart& part : quote.shipment_parts) {
    amounts.push_back({part.cents, 1, &pricing.taxes.rates(part.category)});
  }
  return amounts;
}

// The taxes of the lines, then of the parts of the shipment.
void put_taxes(std::vector<std::vector<TaxLine>> taxes, Quote& quote) {
  for (std::size_t i = 0; i < taxes.size(); ++i) {
    count_taxes(taxes[i], quote);
    if (i < quote.lines.size()) {
      quote.lines[i].taxes = std::move(taxes[i]);
    } else {
      for (const TaxLine& tax : taxes[i]) add_tax(quote.shipment_taxes, tax);
    }
  }
}

// The taxes that a calculator has found for exactly these amounts, or nothing.
std::optional<std::vector<std::vector<TaxLine>>> calculated_taxes(const Pricing& pricing,
                                                                  const Quote& quote) {
  const Basket& basket = pricing.basket;
  const auto items = taxable_items(basket, quote);
  const auto& known = basket.calculation;
  const bool is_for_this = known && known->area == basket.area &&
                           known->customer == basket.customer &&
                           known->prices_include_tax == pricing.settings.prices_include_tax &&
                           known->items.size() == items.size();
  if (!is_for_this) return std::nullopt;
  std::vector<std::vector<TaxLine>> taxes;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Calculation::Item& item = known->items[i];
    const bool is_same =
        item.reference == items[i].reference && item.category == items[i].tax_category &&
        item.quantity == items[i].quantity && item.amount_cents == items[i].amount_cents;
    if (!is_same) return std::nullopt;
    // Gifts, which cost nothing, have no taxes.
    if (i == basket.lines.size()) taxes.resize(quote.lines.size());
    taxes.push_back(item.taxes);
  }
  return taxes;
}

// Those of the store's rates are rounded together if the store says so.
Result<void> add_taxes(const Pricing& pricing, Quote& quote) {
  const bool is_calculated =
      pricing.settings.source == TaxSource::calculator && !pricing.basket.area.country.empty();
  auto taxes = is_calculated ? calculated_taxes(pricing, quote) : std::nullopt;
  quote.is_tax_estimated = is_calculated && !taxes;
  if (!taxes) taxes = taxes_of(taxed_amounts(pricing, quote), pricing.settings);
  put_taxes(*std::move(taxes), quote);
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
constexpr std::array<Step, 5> kSteps{&price_lines, &apply_promotions, &price_shipping, &add_taxes,
                                     &sum_up};

}  // namespace

std::vector<TaxableItem> taxable_items(const Basket& basket, const Quote& quote) {
  std::vector<TaxableItem> items;
  for (std::size_t i = 0; i < basket.lines.size(); ++i) {
    const BasketLine& line = basket.lines[i];
    items.push_back({.reference = line.reference,
                     .sku = line.sku,
                     .tax_category = line.tax_category,
                     .quantity = line.quantity,
                     .amount_cents = quote.lines[i].total_cents - quote.lines[i].discount_cents});
  }
  if (quote.shipment_total_cents > 0) {
    items.push_back({.reference = std::string(kShippingReference),
                     .tax_category = basket.shipping->tax_category,
                     .amount_cents = quote.shipment_total_cents});
  }
  return items;
}

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
