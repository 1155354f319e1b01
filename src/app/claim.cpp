// Orders that guests have placed become those of a user.
#include "app/claim.hpp"

#include "app/command.hpp"
#include "app/event.hpp"
#include "pricing/coupon.hpp"
#include "store/promotion.hpp"

namespace resys::app {
namespace {

// Counts the order's coupon uses for the user, too: a limit per customer then holds for the user,
// and for the e-mail address, which may order as a guest once more.
void add_coupon_uses(db::Transaction& tx, std::string_view store, const OrderId& order) {
  const auto row = store::load_order_row(tx, store, order).value();
  const std::string customer = pricing::customer_of(row.user_id, row.email);
  for (const store::OrderCouponRow& each : store::load_order_coupons(tx, store, row)) {
    if (each.taken_by.empty() || each.taken_by == customer) continue;
    store::add_customer_use(tx, store, each.coupon.id, customer);
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
    add_coupon_uses(tx, caller.store, order.id);
    record_event(tx, context, caller.store, order.id, EventType::order_claimed,
                 {{"by", guest.email.empty() ? "session" : "email"}}, actor_of(caller), now);
    claimed.numbers.push_back(order.number);
  }
  return claimed;
}

}  // namespace resys::app
