// Orders that guests have placed become those of a user.
#include "order/claim.hpp"

#include "base/command.hpp"
#include "event/outbox.hpp"
#include "pricing/coupon.hpp"
#include "pricing/rows.hpp"

namespace resys::app {
namespace {

// Counts the order's coupon uses for the user, too: a limit per customer then holds for the user,
// and for the e-mail address, which may order as a guest once more.
void add_coupon_uses(const Scope& scope, const OrderId& order) {
  const auto row = rows::load_order_row(scope, order).value();
  const std::string customer = pricing::customer_of(row.user_id, row.email);
  for (const rows::OrderCouponRow& each : rows::load_order_coupons(scope, row)) {
    if (each.taken_by.empty() || each.taken_by == customer) continue;
    rows::add_customer_use(scope, each.coupon.id, customer);
  }
}

}  // namespace

ClaimedOrders claim_orders(const Scope& scope, const std::string& user_id,
                           const rows::Guest& guest) {
  ClaimedOrders claimed;
  const auto found = rows::list_claimable_orders(scope, guest, kMaxClaimedOrders + 1);
  for (const rows::ClaimableOrder& order : found) {
    if (claimed.numbers.size() == kMaxClaimedOrders) {
      claimed.more = true;
      break;
    }
    // Another call may have claimed the order first.
    if (!rows::claim_order(scope, order.id, user_id)) continue;
    add_coupon_uses(scope, order.id);
    record_event(scope, order.id, EventType::order_claimed,
                 {{"by", guest.email.empty() ? "session" : "email"}});
    claimed.numbers.push_back(order.number);
  }
  return claimed;
}

}  // namespace resys::app
