// Orders that guests have placed become those of a user.
#include "order/claim.hpp"

#include "base/command.hpp"
#include "event/outbox.hpp"
#include "order/order_promotions.hpp"
#include "pricing/promotion_rows.hpp"

namespace resys::app {
namespace {

// Counts the order's uses of promotions for the user, too: a limit per customer then holds for the
// user, and still for the e-mail address.
void add_promotion_uses(const Scope& scope, const OrderId& order) {
  const auto row = rows::load_order_row(scope, order).value();
  for (rows::OrderPromotionRow& each : rows::load_order_promotions(scope, row)) {
    if (!each.is_taken() || !each.taken_by_user.empty()) continue;
    each.taken_by_user = user_customer(row);
    rows::add_customer_use(scope, each.promotion_id, each.taken_by_user);
    rows::update_order_promotion(scope, order, each);
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
    add_promotion_uses(scope, order.id);
    record_event(scope, order.id, EventType::order_claimed,
                 {{"by", guest.email.empty() ? "session" : "email"}});
    claimed.numbers.push_back(order.number);
  }
  return claimed;
}

}  // namespace resys::app
