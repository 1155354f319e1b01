// Promotions for tests: each has the name of its code.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "resys/shop.hpp"
#include "support/callers.hpp"
#include "support/catch.hpp"

namespace resys::test {

inline CreatePromotion promotion_of(const std::string& code, PromotionAction action) {
  return {.name = code, .codes = {code}, .actions = {std::move(action)}};
}
inline CreatePromotion percent_off(const std::string& code, std::int64_t basis_points) {
  return promotion_of(
      code, {.kind = PromotionActionKind::percent_off_order, .basis_points = basis_points});
}
inline CreatePromotion cents_off(const std::string& code, std::int64_t cents,
                                 const char* currency = "EUR") {
  CreatePromotion made =
      promotion_of(code, {.kind = PromotionActionKind::fixed_off_order, .amount_cents = cents});
  made.currency = Currency::parse(currency).value();
  return made;
}
// The same, without a code.
inline CreatePromotion automatic(CreatePromotion promotion) {
  promotion.codes.clear();
  return promotion;
}
inline PromotionCondition minimum(std::int64_t cents) {
  return {.kind = PromotionConditionKind::minimum_amount, .amount_cents = cents};
}

inline Promotion add(Shop& shop, const CreatePromotion& promotion, const Caller& caller = staff()) {
  return shop.admin().promotions().create(caller, promotion).value();
}
inline Promotion promotion_named(Shop& shop, const std::string& name,
                                 const Caller& caller = staff()) {
  const auto found = shop.admin().promotions().list(caller, {.limit = 200}).value();
  for (const Promotion& each : found.items) {
    if (each.name == name) return each;
  }
  FAIL("there is no promotion " + name);
  return {};
}
// Changes the promotion of that name.
inline Promotion change(Shop& shop, const std::string& name, UpdatePromotion changes) {
  changes.promotion_id = promotion_named(shop, name).id;
  return shop.admin().promotions().update(staff(), changes).value();
}

// "TEN 79, FIVE 500": what each promotion takes off the items, and off shipping as "POST 0+490".
inline std::string discounts(const Cart& cart) {
  std::string text;
  for (const AppliedPromotion& each : cart.promotions) {
    text += (text.empty() ? "" : ", ") + each.name + " " + std::to_string(each.discount_cents);
    if (each.shipping_discount_cents > 0) {
      text += "+" + std::to_string(each.shipping_discount_cents);
    }
  }
  return text;
}
// Why the code takes nothing off now, or nothing if it does.
inline std::optional<PromotionReason> reason(const Cart& cart, const std::string& code) {
  for (const RejectedCode& each : cart.rejected_codes) {
    if (each.code == code) return each.reason;
  }
  return std::nullopt;
}

}  // namespace resys::test
