// The uses of an order's promotions, and its cancel; see the header.
#include "order/order_end.hpp"

#include <algorithm>

#include "event/outbox.hpp"
#include "inventory/stock.hpp"
#include "order/order_promotions.hpp"
#include "order/payment_update.hpp"
#include "order/rules.hpp"
#include "pricing/promotion_rows.hpp"

namespace resys::app {

namespace {

rows::PromotionUse use_of(const rows::OrderPromotionRow& row) {
  rows::PromotionUse use{row.promotion_id, row.code, {}};
  for (const std::string& customer : {row.taken_by_user, row.taken_by_email}) {
    if (!customer.empty()) use.customers.push_back(customer);
  }
  return use;
}

// Whether the promotion takes something off, or gives something that has no price.
bool gives(const OrderContents& order, const rows::OrderPromotionRow& row) {
  if (!row.position) return false;
  return row.discount_cents > 0 || row.shipping_discount_cents > 0 ||
         std::any_of(order.gifts.begin(), order.gifts.end(), [&](const auto& gift) {
           return gift.item.gift_promotion_id == row.promotion_id;
         });
}

Error used_up(const Scope& scope, const rows::OrderPromotionRow& row, rows::TakenUse taken) {
  if (row.code.empty()) {
    return Error(Errc::busy, "a promotion was used up by another order at this moment")
        .with("promotionId", row.promotion_id.text());
  }
  const PromotionReason reason = taken == rows::TakenUse::used_up ? PromotionReason::used_up
                                 : taken == rows::TakenUse::code_used_up
                                     ? PromotionReason::code_used_up
                                     : PromotionReason::used_up_by_customer;
  return code_refusal(rows::find_promotion(scope, row.promotion_id).value(), {row.code, reason});
}

}  // namespace

Result<void> take_promotion_uses(const Scope& scope, OrderContents& order) {
  for (rows::OrderPromotionRow& each : order.promotions) {
    if (!gives(order, each)) continue;
    each.taken_by_user = user_customer(order.row);
    each.taken_by_email = email_customer(order.row);
    const auto taken = rows::take_use(scope, use_of(each));
    if (taken != rows::TakenUse::taken) {
      return_promotion_uses(scope, order.row);
      return used_up(scope, each, taken);
    }
    rows::update_order_promotion(scope, order.row.id, each);
  }
  return success();
}

void return_promotion_uses(const Scope& scope, const rows::OrderRow& order) {
  for (auto& each : rows::load_order_promotions(scope, order)) {
    if (!each.is_taken()) continue;
    rows::return_use(scope, use_of(each));
    each.taken_by_user.clear();
    each.taken_by_email.clear();
    rows::update_order_promotion(scope, order.id, each);
  }
}

void cancel_order(const Scope& scope, rows::OrderRow& order, OrderEvent event, Pairs facts) {
  order.state = domain::transition(order.state, event).value();
  restock(scope.as(restock_actor(order, scope.actor)), order.id.text());
  return_promotion_uses(scope, order);
  record_event(scope, order.id, EventType::order_canceled, facts);
}

}  // namespace resys::app
