// Short lists that are stored in one TEXT column, so that the schema needs no table for lists that
// are always read as a whole.
//
//   list    := item*           item := text "\n"
//   pairs   := pair*           pair := text "\t" text "\n"
//   numbers := list of integers, ids := list of ids
//   taxes   := tax*            tax  := 7 items: name, rate, country, taxable and tax in minor
//                                      units, "included" or "", reason
//   discounts := discount* discount := 3 items: promotion, its name, minor units
//   promotion tiers := tier*   tier := 4 items: from how many units, from which total, basis
//                                      points, amount; "" if it has none
//   prices  := price*          price := 4 items: currency, price, price to compare with or "",
//                                        lowest price or ""
//   shipping tiers := tier*    tier := 3 items: grams or "", minor units or "", price
//   in a text "\\", "\n" and "\t" are written as "\\\\", "\\n" and "\\t"
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "resys/common.hpp"
#include "resys/discount.hpp"
#include "resys/price.hpp"
#include "resys/promotion.hpp"
#include "resys/shipping.hpp"
#include "resys/tax.hpp"

namespace resys::rows {

std::string encode_list(const std::vector<std::string>& items);
std::vector<std::string> decode_list(std::string_view text);
std::string encode_pairs(const Pairs& pairs);
Pairs decode_pairs(std::string_view text);
std::string encode_currencies(const std::vector<Currency>& currencies);
std::vector<Currency> decode_currencies(std::string_view text);
std::string encode_taxes(const std::vector<TaxLine>& taxes);
std::vector<TaxLine> decode_taxes(std::string_view text);
std::string encode_discounts(const std::vector<DiscountLine>& discounts);
std::vector<DiscountLine> decode_discounts(std::string_view text);
std::string encode_promotion_tiers(const std::vector<PromotionTier>& tiers);
std::vector<PromotionTier> decode_promotion_tiers(std::string_view text);
std::string encode_numbers(const std::vector<std::int64_t>& numbers);
std::vector<std::int64_t> decode_numbers(std::string_view text);
std::string encode_prices(const std::vector<VariantPrice>& prices);
std::vector<VariantPrice> decode_prices(std::string_view text);
// Without their currency.
std::string encode_shipping_tiers(const std::vector<ShippingTier>& tiers);
std::vector<ShippingTier> decode_shipping_tiers(std::string_view text);

}  // namespace resys::rows
