// What a basket costs, and why. Totals are made only here. Carts, checkout, placing and all views
// read a Quote.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "pricing/promotion.hpp"
#include "pricing/tax.hpp"
#include "resys/shipping.hpp"
#include "resys/tax_calculator.hpp"

namespace resys::pricing {

struct BasketLine {
  std::int64_t quantity = 0;
  std::int64_t listed_price_cents = 0;  // of one unit at home
  std::string tax_category{};
  std::int64_t weight_grams = 0;  // of one unit
  std::string reference{};        // its id, for a tax calculator
  // What promotions look at:
  VariantId variant_id{};
  ProductId product_id{};
  std::string sku{};
  std::vector<std::string> categories{};
};

// A variant that a promotion may give away.
struct GiftOffer {
  std::string sku{};
  std::int64_t units = 0;  // that are there to give away
  std::int64_t listed_price_cents = 0;
  std::string tax_category{};
};

// What promotions depend on, beside what is bought.
struct PromotionTerms {
  std::vector<PromotionOffer> offers{};
  std::vector<GiftOffer> gifts{};  // of the offers
  PromotionCustomer customer{};
  std::int64_t local_offset_minutes = 0;  // what the clock of the store is ahead of UTC
};

// Everything that the price depends on.
struct Basket {
  Currency currency{};
  std::vector<BasketLine> lines{};           // what is bought
  std::optional<ShippingMethod> shipping{};  // the chosen one, in the basket's currency
  const PriceRules* rules = nullptr;         // null: the store has none
  domain::Area area{};                       // where it is sent
  TaxedCustomer customer{};
  std::optional<Calculation> calculation{};  // counts if it was made for exactly this
  PromotionTerms promotions{};
};

struct QuotedLine {
  std::int64_t unit_price_cents = 0;      // what this customer pays for one unit there
  std::int64_t total_cents = 0;           // quantity times unit price
  std::int64_t discount_cents = 0;        // the sum of:
  std::vector<LineDiscount> discounts{};  // by the quote's promotions, in their order
  std::vector<TaxLine> taxes{};           // of what is left
};

// A line that a promotion gives away.
struct QuotedGift {
  PromotionId promotion_id{};
  GiftOffer offer{};
  std::int64_t quantity = 0;
};

// A part of the shipment's price that is taxed like a category of goods.
struct ShippingPart {
  std::string category{};
  std::int64_t cents = 0;
};

// total = items - discounts + shipment + taxes that are not included, in minor units of the
// basket's currency. The discounts of the lines sum to the total of discounts.
struct Quote {
  std::vector<QuotedLine> lines{};  // those of the basket, in its order, and then the gifts
  std::vector<QuotedGift> gifts{};
  std::vector<AppliedPromotion> promotions{};
  std::vector<RejectedCode> rejected_codes{};
  std::vector<PromotionHint> hints{};
  std::int64_t item_count = 0;
  std::int64_t item_total_cents = 0;
  std::int64_t discount_total_cents = 0;
  std::int64_t shipping_discount_cents = 0;  // taken off the shipment's price already
  std::int64_t shipment_total_cents = 0;     // the sum of:
  std::vector<ShippingPart> shipment_parts{};
  std::vector<TaxLine> shipment_taxes{};
  std::optional<std::int64_t> free_shipping_missing_cents{};  // goods for so much more
  std::int64_t tax_total_cents = 0;                           // to be paid beside the prices
  std::int64_t included_tax_total_cents = 0;                  // a part of the prices
  bool is_tax_estimated = false;  // the calculator's taxes are not known
  std::int64_t total_cents = 0;
};

inline constexpr std::string_view kShippingReference = "shipping";
// What a tax calculator is asked about: the lines, then the shipment if it has a price.
std::vector<TaxableItem> taxable_items(const Basket& basket, const Quote& quote);

std::int64_t tax_cents(const std::vector<TaxLine>& taxes);
// Adds the tax to the line that is about the same rate, or as a new line.
void add_tax(std::vector<TaxLine>& taxes, const TaxLine& tax);

// too_large if an amount on the way to the total is beyond kMaxMinor.
Result<Quote> price(const Basket& basket, Timestamp now);

}  // namespace resys::pricing
