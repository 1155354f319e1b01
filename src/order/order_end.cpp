// The uses of an order's coupons, and its cancel; see the header.
#include "order/order_end.hpp"

#include "event/outbox.hpp"
#include "inventory/stock.hpp"
#include "order/payment_update.hpp"
#include "order/rules.hpp"
#include "pricing/rows.hpp"

namespace resys::app {

Result<void> take_coupon_uses(const Scope& scope, const rows::OrderRow& row,
                              std::vector<rows::OrderCouponRow>& coupons) {
  const std::string customer = pricing::customer_of(row.user_id, row.email);
  for (rows::OrderCouponRow& each : coupons) {
    if (each.discount_cents == 0) continue;
    const auto taken = rows::take_coupon_use(scope, each.coupon.id, customer);
    if (taken != rows::TakenUse::taken) {
      return_coupon_uses(scope, row);
      const bool by_all = taken == rows::TakenUse::used_up;
      return pricing::coupon_refusal(
          each.coupon, by_all ? CouponReason::used_up : CouponReason::used_up_by_customer,
          row.item_total_cents);
    }
    each.taken_by = customer;
    rows::update_order_coupon(scope, row.id, each);
  }
  return success();
}

void return_coupon_uses(const Scope& scope, const rows::OrderRow& order) {
  for (auto& each : rows::load_order_coupons(scope, order)) {
    if (each.taken_by.empty()) continue;
    rows::return_coupon_use(scope, each.coupon.id, each.taken_by);
    const bool was_claimed = !order.user_id.empty() && order.user_id != each.taken_by;
    if (was_claimed) rows::return_customer_use(scope, each.coupon.id, order.user_id);
    each.taken_by.clear();
    rows::update_order_coupon(scope, order.id, each);
  }
}

void cancel_order(const Scope& scope, rows::OrderRow& order, OrderEvent event, Pairs facts) {
  order.state = domain::transition(order.state, event).value();
  restock(scope.as(restock_actor(order, scope.actor)), order.id.text());
  return_coupon_uses(scope, order);
  record_event(scope, order.id, EventType::order_canceled, facts);
}

}  // namespace resys::app
