// What placing would refuse about an order that is not placed yet; see the header.
#include "order/appraisal.hpp"

#include <algorithm>

#include "order/order_promotions.hpp"
#include "order/require_order.hpp"
#include "shipping/rules.hpp"

namespace resys::app {
namespace {

std::vector<CartProblem> appraise_line(const rows::OfferedLine& line) {
  if (!line.for_sale) return {CartProblem::not_for_sale};
  std::vector<CartProblem> problems;
  if (!domain::allows(line.quantity_rule, line.item.quantity)) {
    problems.push_back(CartProblem::quantity_not_allowed);
  }
  if (line.price_cents != line.listed_price_cents) {
    problems.push_back(CartProblem::price_changed);
  }
  if (line.item.available_quantity < line.item.quantity && !line.item.backorderable) {
    problems.push_back(CartProblem::insufficient_stock);
  }
  return problems;
}

std::int64_t discount_of(const rows::OrderPromotionRow& row) {
  return row.discount_cents + row.shipping_discount_cents;
}

// The first code that gave a discount when the shopper saw the order, and no longer applies. One
// that only has to give way to other promotions is not lost.
const RejectedCode* find_lost_code(const OrderContents& order, const pricing::Quote& quote) {
  for (const RejectedCode& code : quote.rejected_codes) {
    const bool gives_way = code.reason == PromotionReason::already_applied ||
                           code.reason == PromotionReason::excluded ||
                           code.reason == PromotionReason::better_deal ||
                           code.reason == PromotionReason::nothing_left;
    const bool was_shown =
        std::any_of(order.promotions.begin(), order.promotions.end(),
                    [&](const auto& row) { return row.code == code.code && discount_of(row) > 0; });
    if (was_shown && !gives_way) return &code;
  }
  return nullptr;
}

// Whether a gift was shown that is not given any more, though it is there.
bool loses_gift(const OrderContents& order, const pricing::Quote& quote) {
  return std::any_of(order.gifts.begin(), order.gifts.end(), [&](const rows::LineRow& line) {
    const bool is_given =
        std::any_of(quote.gifts.begin(), quote.gifts.end(), [&](const pricing::QuotedGift& gift) {
          return gift.promotion_id == line.item.gift_promotion_id &&
                 gift.offer.sku == line.item.sku;
        });
    const bool is_left_out =
        std::any_of(quote.hints.begin(), quote.hints.end(), [&](const PromotionHint& hint) {
          return hint.promotion_id == line.item.gift_promotion_id &&
                 hint.unavailable_sku == line.item.sku;
        });
    return !is_given && !is_left_out;
  });
}

// What the shipment costs before promotions take something off.
std::int64_t shipping_before(const OrderContents& order) {
  std::int64_t cents = order.row.shipment_total_cents;
  for (const auto& row : order.promotions) cents += row.shipping_discount_cents;
  return cents;
}

// Whether an amount or a gift is another one than was shown, lines and codes aside.
bool has_changed(const OrderContents& order, const pricing::Quote& quote) {
  if (quote.shipment_total_cents + quote.shipping_discount_cents != shipping_before(order)) {
    return true;
  }
  if (find_lost_code(order, quote)) return false;
  return quote.total_cents != order.row.total_cents || loses_gift(order, quote);
}

bool serves(const OrderContents& order) {
  const auto& shipping = order.shipping;
  return shipping && domain::serves(shipping->method, shipping->area, order.row.currency);
}

// Adds a row to the refusal for each line that has the problem.
Error with_lines(Error refusal, const OrderContents& order, const Appraisal& appraisal,
                 CartProblem problem) {
  for (std::size_t i = 0; i < order.lines.size(); ++i) {
    if (!contains(appraisal.lines[i], problem)) continue;
    const rows::OfferedLine& line = order.lines[i];
    Facts facts{{"sku", line.offered_sku}};
    if (problem == CartProblem::price_changed) {
      facts.push_back({"oldPriceCents", line.item.unit_price_cents});
      facts.push_back({"newPriceCents", current_unit_price(order, appraisal, i)});
    }
    if (problem == CartProblem::quantity_not_allowed) {
      facts.push_back({"quantity", line.item.quantity});
      const Facts allowed = domain::facts_of(line.quantity_rule);
      facts.insert(facts.end(), allowed.begin(), allowed.end());
    }
    refusal = std::move(refusal).row(std::move(facts));
  }
  return refusal;
}

// Adds a row to the refusal for each promotion that takes something else off than was shown.
Error with_promotions(Error refusal, const OrderContents& order, const pricing::Quote& quote) {
  const auto add = [&](const std::string& name, std::int64_t before, std::int64_t now) {
    if (before == now) return;
    refusal = std::move(refusal).row(
        {{"promotion", name}, {"oldDiscountCents", before}, {"newDiscountCents", now}});
  };
  std::vector<rows::OrderPromotionRow> gone = order.promotions;
  for (const AppliedPromotion& each : quote.promotions) {
    const auto before = std::find_if(gone.begin(), gone.end(), [&](const auto& row) {
      return row.promotion_id == each.id && row.code == each.code.value_or("");
    });
    add(each.name, before == gone.end() ? 0 : discount_of(*before),
        each.discount_cents + each.shipping_discount_cents);
    if (before != gone.end()) gone.erase(before);
  }
  for (const rows::OrderPromotionRow& row : gone) add(row.name, discount_of(row), 0);
  return refusal;
}

Error price_refusal(const OrderContents& order, const Appraisal& appraisal) {
  const rows::OrderRow& row = order.row;
  const pricing::Quote& quote = appraisal.quote.value();
  const std::int64_t shipment_cents = quote.shipment_total_cents;
  Error refusal = with_lines(Error(Errc::price_changed, "a price has changed since it was shown"),
                             order, appraisal, CartProblem::price_changed);
  if (shipment_cents != row.shipment_total_cents) {
    refusal = std::move(refusal).row({{"shippingMethod", row.shipping_method_name},
                                      {"oldPriceCents", row.shipment_total_cents},
                                      {"newPriceCents", shipment_cents}});
  }
  return with_promotions(std::move(refusal), order, quote)
      .at("acceptTotalCents")
      .with("newTotalCents", quote.total_cents)
      .with("currency", std::string(row.currency.code()));
}

// The promotion of a code that was entered.
const Promotion& promotion_with(const OrderContents& order, const std::string& code) {
  const auto& offers = order.terms.offers;
  return std::find_if(offers.begin(), offers.end(),
                      [&](const auto& offer) { return offer.code == code; })
      ->promotion;
}

Error state_refusal(const OrderContents& order, CartProblem problem, std::string message) {
  return wrong_state(order.row, OrderEvent::place, std::move(message))
      .with("reason", std::string(name_of(problem)));
}

// The refusal for any problem but insufficient_stock.
Error refusal(const OrderContents& order, const Appraisal& appraisal, CartProblem problem) {
  if (problem == CartProblem::shipping_method_unavailable) {
    return state_refusal(order, problem, "the shipping method no longer serves this order")
        .with("shippingMethodId", order.row.shipping_method_id.text());
  }
  if (problem == CartProblem::placed_too_often) {
    return state_refusal(order, problem, "the order has been placed too many times")
        .with("limit", appraisal.max_placements);
  }
  if (problem == CartProblem::not_for_sale) {
    return with_lines(state_refusal(order, problem, "an item is no longer for sale"), order,
                      appraisal, problem);
  }
  if (problem == CartProblem::quantity_not_allowed) {
    return with_lines(
        state_refusal(order, problem, "a variant does not allow the quantity of its line"), order,
        appraisal, problem);
  }
  if (problem == CartProblem::too_large) return appraisal.quote.error();
  if (problem == CartProblem::coupon_invalid) {
    const pricing::Quote& quote = appraisal.quote.value();
    const RejectedCode& lost = *find_lost_code(order, quote);
    return code_refusal(promotion_with(order, lost.code), lost);
  }
  return price_refusal(order, appraisal);
}

}  // namespace

std::int64_t current_unit_price(const OrderContents& order, const Appraisal& appraisal,
                                std::size_t line) {
  if (appraisal.quote.has_error()) return order.lines[line].price_cents;
  return appraisal.quote.value().lines[line].unit_price_cents;
}

bool contains(const std::vector<CartProblem>& problems, CartProblem problem) {
  return std::find(problems.begin(), problems.end(), problem) != problems.end();
}

Appraisal appraise(const OrderContents& order, std::int64_t max_placements, Timestamp now) {
  Appraisal out{.max_placements = max_placements};
  for (const rows::OfferedLine& line : order.lines) out.lines.push_back(appraise_line(line));
  const auto of_any_line = [&](CartProblem problem) {
    return std::any_of(out.lines.begin(), out.lines.end(),
                       [&](const auto& problems) { return contains(problems, problem); });
  };
  const auto add = [&](CartProblem problem, bool is_one) {
    if (is_one) out.problems.push_back(problem);
  };
  const rows::OrderRow& row = order.row;
  add(CartProblem::shipping_method_unavailable, !row.shipping_method_id.empty() && !serves(order));
  add(CartProblem::placed_too_often, row.placements >= max_placements);
  add(CartProblem::not_for_sale, of_any_line(CartProblem::not_for_sale));
  add(CartProblem::quantity_not_allowed, of_any_line(CartProblem::quantity_not_allowed));
  out.quote = pricing::price(basket_of(order, Prices::current), now);
  if (out.quote.has_error()) {
    out.problems.push_back(CartProblem::too_large);
  } else {
    const pricing::Quote& quote = out.quote.value();
    add(CartProblem::coupon_invalid, find_lost_code(order, quote) != nullptr);
    add(CartProblem::price_changed,
        of_any_line(CartProblem::price_changed) || has_changed(order, quote));
  }
  add(CartProblem::insufficient_stock, of_any_line(CartProblem::insufficient_stock));
  return out;
}

Result<void> require_placeable(const OrderContents& order, const Appraisal& appraisal,
                               std::optional<std::int64_t> accepted_cents) {
  const bool is_accepted =
      appraisal.quote.has_value() && accepted_cents == appraisal.quote.value().total_cents;
  for (const CartProblem problem : appraisal.problems) {
    if (problem == CartProblem::price_changed && is_accepted) continue;
    if (problem == CartProblem::insufficient_stock) continue;
    return refusal(order, appraisal, problem);
  }
  if (accepted_cents && !is_accepted) return price_refusal(order, appraisal);
  return success();
}

}  // namespace resys::app
