// What placing would refuse about an order that is not placed yet; see the header.
#include "order/appraisal.hpp"

#include <algorithm>

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

// The first coupon that gave a discount when the shopper saw the order, and no longer applies. A
// coupon that applies, but for which other coupons have left nothing, is not lost.
std::optional<std::size_t> find_lost_discount(const OrderContents& order,
                                              const pricing::Quote& quote) {
  for (std::size_t i = 0; i < order.coupons.size(); ++i) {
    if (order.coupons[i].discount_cents > 0 && quote.coupons[i].reason) return i;
  }
  return std::nullopt;
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
  return std::move(refusal)
      .at("acceptTotalCents")
      .with("newTotalCents", quote.total_cents)
      .with("currency", std::string(row.currency.code()));
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
    const std::size_t lost = find_lost_discount(order, quote).value();
    return pricing::coupon_refusal(order.coupons[lost].coupon, *quote.coupons[lost].reason,
                                   quote.item_total_cents);
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
    const bool is_lost = find_lost_discount(order, quote).has_value();
    add(CartProblem::coupon_invalid, is_lost);
    add(CartProblem::price_changed, of_any_line(CartProblem::price_changed) ||
                                        quote.shipment_total_cents != row.shipment_total_cents ||
                                        (!is_lost && quote.total_cents != row.total_cents));
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
