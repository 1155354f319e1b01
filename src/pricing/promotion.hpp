// What promotions take off a basket. The result is the same for every order of the lines and of the
// offers. Of lines with equal claims to a cent, the one with the lower variant id gets it: the
// older variant.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "resys/discount.hpp"
#include "resys/promotion.hpp"

namespace resys::pricing {

// A line of the basket, with its texts as they are kept there.
struct PromotionLine {
  VariantId variant_id{};
  ProductId product_id{};
  std::string_view sku{};
  std::span<const std::string> categories{};
  std::int64_t quantity = 0;
  std::int64_t unit_price_cents = 0;
  std::int64_t total_cents = 0;  // quantity times unit price
};

struct PromotionCustomer {
  std::vector<std::string> groups{};
  std::optional<bool> is_first_order{};  // absent: nobody knows yet who buys
  std::string country{};                 // that the order goes to; empty: not known yet
};

// A promotion that may apply, because it is automatic, or because its code was entered.
struct PromotionOffer {
  Promotion promotion{};
  std::optional<std::string> code{};  // as stored
  std::int64_t used_by_customer = 0;
  std::int64_t used_of_code = 0;
};

// What shipping costs before promotions, if discounts have left so much of each line.
using ShippingPrice = std::function<std::int64_t(const std::vector<std::int64_t>& left)>;

// Everything that discounts depend on, beside the offers. The sum of all lines is at most
// kMaxMinor.
struct PromotionBasket {
  Currency currency{};
  std::vector<PromotionLine> lines{};
  PromotionCustomer customer{};
  ShippingPrice shipping{};  // none: no method is chosen yet
  // How many units there are to give away, by SKU; of all others there are none.
  std::map<std::string, std::int64_t, std::less<>> gift_units{};
  // What the clock of the store's time zone is ahead of UTC now.
  std::int64_t local_offset_minutes = 0;
};

// A part of a promotion's discount. `promotion` is its place in the list of those that apply.
struct LineDiscount {
  std::size_t promotion = 0;
  std::int64_t cents = 0;  // > 0
};

struct GiftLine {
  std::size_t promotion = 0;  // its place in Discounts::applied
  std::string sku{};
  std::int64_t quantity = 0;
};

struct Discounts {
  // In the order in which they apply. One that only changes shipping is here also while there is no
  // shipping method.
  std::vector<AppliedPromotion> applied{};
  // Of each line of the basket. All of one promotion sum to its `discount_cents`, and all of one
  // line to at most the line's total.
  std::vector<std::vector<LineDiscount>> lines{};
  std::vector<GiftLine> gifts{};
  std::vector<RejectedCode> rejected{};
  std::vector<PromotionHint> hints{};
  std::int64_t item_cents = 0;      // off all lines together
  std::int64_t shipping_cents = 0;  // off shipping, at most its price
};

// The promotions have passed check_promotion().
Discounts discounts_of(const std::vector<PromotionOffer>& offers, const PromotionBasket& basket,
                       Timestamp now);

}  // namespace resys::pricing
