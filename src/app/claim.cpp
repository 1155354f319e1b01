// Orders that guests have placed become those of a user.
#include "app/claim.hpp"

#include "app/command.hpp"
#include "app/event.hpp"
#include "pricing/coupon.hpp"
#include "store/promotion.hpp"

namespace resys::app {
namespace {

// Moves the order's coupon uses to the user, so that a limit per customer counts them before and
// after the claim.
void move_coupon_uses(db::Transaction& tx, std::string_view store, const OrderId& order) {
  const auto row = store::load_order_row(tx, store, order).value();
  const std::string customer = pricing::customer_of(row.user_id, row.email);
  for (store::OrderCouponRow& each : store::load_order_coupons(tx, store, row)) {
    if (each.taken_by.empty() || each.taken_by == customer) continue;
    store::move_coupon_use(tx, store, each.coupon.id, each.taken_by, customer);
    each.taken_by = customer;
    store::update_order_coupon(tx, store, order, each);
  }
}

}  // namespace

ClaimedOrders claim_orders(db::Transaction& tx, const Context& context, const Caller& caller,
                           const std::string& user_id, const store::Guest& guest, Timestamp now) {
  ClaimedOrders claimed;
  const auto found = store::list_claimable_orders(tx, caller.store, guest, kMaxClaimedOrders + 1);
  for (const store::ClaimableOrder& order : found) {
    if (claimed.numbers.size() == kMaxClaimedOrders) {
      claimed.more = true;
      break;
    }
    // Another call may have claimed the order first.
    if (!store::claim_order(tx, caller.store, order.id, user_id, now)) continue;
    move_coupon_uses(tx, caller.store, order.id);
    record_event(tx, context, caller.store, order.id, EventType::order_claimed,
                 {{"by", guest.email.empty() ? "session" : "email"}}, actor_of(caller), now);
    claimed.numbers.push_back(order.number);
  }
  return claimed;
}

}  // namespace resys::app
