// A shop that sells with promotions.
#pragma once

#include <optional>
#include <string>

#include "support/buying_shop.hpp"
#include "support/promotions.hpp"
#include "support/refusal.hpp"

namespace resys::test {

struct PromotionShop : BuyingShop {
  Promotion create(const CreatePromotion& promotion) { return add(*shop, promotion); }
  std::int64_t uses(const std::string& name) { return promotion_named(*shop, name).used; }
  Cart add_to(const Caller& caller, const char* sku, std::int64_t quantity = 1) {
    return shop->cart().add_item(caller, {.sku = sku, .quantity = quantity}).value();
  }
  Cart cart(const Caller& caller = shopper()) { return shop->cart().get(caller).value(); }
  Result<Cart> apply(const Caller& caller, const char* code) {
    return shop->cart().apply_coupon(caller, {code});
  }
  std::string reason_of(const Caller& caller, const char* code) {
    const Error error = refusal(apply(caller, code), Errc::coupon_invalid, "code");
    return std::string(error.fact("reason"));
  }
  Result<Placement> try_to_place(const Caller& caller,
                                 std::optional<std::int64_t> accepted = std::nullopt) {
    return shop->checkout().place_order(
        caller, {.payment_method_id = card, .accept_total_cents = accepted});
  }
  Order select_post(const Caller& caller) {
    return shop->checkout().select_shipping_method(caller, {post}).value();
  }
  Order send_to(const Caller& caller, const char* email) {
    shop->checkout().set_addresses(caller, {.shipping_address = address(), .email = email}).value();
    return select_post(caller);
  }
  // Two TEA, ready to be placed, with the code.
  Order fill_with(const Caller& caller, const char* code) {
    fill(caller);
    apply(caller, code).value();
    return select_post(caller);
  }
  // Placing is refused, and nothing has changed.
  Error refused(const Caller& caller, Errc code) {
    const Cart before = cart(caller);
    const Error error = refusal(try_to_place(caller), code);
    CHECK(cart(caller).version == before.version);
    return error;
  }
};

inline CreatePromotion with_minimum(CreatePromotion promotion, std::int64_t cents) {
  promotion.currency = Currency::parse("EUR").value();
  promotion.conditions.push_back(minimum(cents));
  return promotion;
}

// "TEA 2 -158; MUG 1 -1200 gift"
inline std::string lines_of(const Cart& cart) {
  std::string text;
  for (const LineItem& line : cart.line_items) {
    text += (text.empty() ? "" : "; ") + line.sku + " " + std::to_string(line.quantity) + " -" +
            std::to_string(line.discount_cents) + (line.gift_promotion_id.empty() ? "" : " gift");
    std::int64_t sum = 0;
    for (const DiscountLine& each : line.discounts) sum += each.discount_cents;
    CHECK(sum == line.discount_cents);
  }
  return text;
}

}  // namespace resys::test
