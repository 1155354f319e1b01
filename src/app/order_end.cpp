// The uses of an order's coupons, and its cancel; see the header.
#include "app/order_end.hpp"

#include "app/event.hpp"
#include "app/stock.hpp"
#include "domain/order.hpp"
#include "store/promotion.hpp"

namespace resys::app {

Result<void> take_coupon_uses(const Scope& scope, const store::OrderRow& row,
                              std::vector<store::OrderCouponRow>& coupons) {
  const std::string customer = pricing::customer_of(row.user_id, row.email);
  for (store::OrderCouponRow& each : coupons) {
    if (each.discount_cents == 0) continue;
    const auto taken = store::take_coupon_use(scope, each.coupon.id, customer);
    if (taken != store::TakenUse::taken) {
      return_coupon_uses(scope, row);
      const bool by_all = taken == store::TakenUse::used_up;
      return pricing::coupon_refusal(
          each.coupon, by_all ? CouponReason::used_up : CouponReason::used_up_by_customer,
          row.item_total_cents);
    }
    each.taken_by = customer;
    store::update_order_coupon(scope, row.id, each);
  }
  return success();
}

void return_coupon_uses(const Scope& scope, const store::OrderRow& order) {
  for (auto& each : store::load_order_coupons(scope, order)) {
    if (each.taken_by.empty()) continue;
    store::return_coupon_use(scope, each.coupon.id, each.taken_by);
    const bool was_claimed = !order.user_id.empty() && order.user_id != each.taken_by;
    if (was_claimed) store::return_customer_use(scope, each.coupon.id, order.user_id);
    each.taken_by.clear();
    store::update_order_coupon(scope, order.id, each);
  }
}

void cancel_order(const Scope& scope, store::OrderRow& order, OrderEvent event, Options facts) {
  order.state = domain::transition(order.state, event).value();
  const bool is_shopper = scope.actor.kind == Actor::shopper;
  restock(is_shopper ? scope.as({Actor::shopper, order.user_id}) : scope, order.id.text());
  return_coupon_uses(scope, order);
  record_event(scope, order.id, EventType::order_canceled, facts);
}

}  // namespace resys::app
