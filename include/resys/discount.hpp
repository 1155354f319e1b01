// Discounts as carts and orders show them. Amounts are in minor units of the cart's currency.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "resys/common.hpp"
#include "resys/state_machine.hpp"

namespace resys {

// Why a promotion does not apply: the first of this list that is so.
enum class PromotionReason {
  inactive,
  not_started,
  ended,
  currency,  // it is for another one
  local_time,
  country,
  customer_group,
  first_order,  // the customer has ordered before
  used_up,      // by all customers together
  used_up_by_customer,
  code_used_up,
  products,          // the cart has none of those that it is for
  minimum_amount,    // the total does not reach it
  minimum_quantity,  // there are not enough units
  gift_unavailable,  // its gift is sold out, or not for sale any more
  already_applied,   // by another of its codes
  excluded,          // by an exclusive promotion
  better_deal,       // another promotion of its group takes more off
  nothing_left,      // it takes nothing off
};
template <>
struct EnumNames<PromotionReason> {
  static constexpr std::string_view type = "PromotionReason";
  static constexpr std::array<std::string_view, 19> names{
      "inactive",       "notStarted",    "ended",         "currency",        "localTime",
      "country",        "customerGroup", "firstOrder",    "usedUp",          "usedUpByCustomer",
      "codeUsedUp",     "products",      "minimumAmount", "minimumQuantity", "giftUnavailable",
      "alreadyApplied", "excluded",      "betterDeal",    "nothingLeft"};
};

// A promotion that applies to a cart or an order, and what it takes off.
struct AppliedPromotion {
  PromotionId id{};
  std::string name{};
  std::optional<std::string> code{};  // by which it applies
  std::int64_t discount_cents = 0;    // off the items
  std::int64_t shipping_discount_cents = 0;
};

// A code that was entered, but takes nothing off.
struct RejectedCode {
  std::string code{};
  PromotionReason reason{};
  // What is missing, if that is all: of the total, and of the units.
  std::optional<std::int64_t> missing_cents{};
  std::optional<std::int64_t> missing_quantity{};
};

// A promotion that would apply by itself if more were bought, or one whose gift is left out.
struct PromotionHint {
  PromotionId promotion_id{};
  std::string name{};
  std::optional<std::string> unavailable_sku{};  // of the gift: sold out, or not for sale any more
  std::optional<std::int64_t> missing_cents{};
  std::optional<std::int64_t> missing_quantity{};
};

// A part of a promotion's discount, on a line.
struct DiscountLine {
  PromotionId promotion_id{};
  std::string name{};
  std::int64_t discount_cents = 0;

  bool operator==(const DiscountLine&) const = default;
};

}  // namespace resys
