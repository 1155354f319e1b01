// What the commands on orders and carts share: whose order it is, and its totals.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "app/command.hpp"
#include "resys/shipping.hpp"
#include "store/order.hpp"

namespace resys::app {

// invalid_state with `state` and `event`, for what the table of transitions does not say.
Error wrong_state(const store::OrderRow& row, OrderEvent event, std::string message);

// The user's if the caller is signed in, else the session's.
store::Identity identity_of(const Caller& caller);

// Whether a placed order is the caller's own: their user's, or their session's.
bool owns(const Caller& caller, const store::OrderRow& row);

// Sets the line's price and with it its total; too_large beyond kMaxMinor.
Result<void> price_line(store::LineRow& line, Money unit_price);

// Sets the row's count and total of items. too_large.
Result<void> count_items(store::OrderRow& row, const std::vector<store::LineRow>& lines);

// The order's shipping method, if one is chosen.
std::optional<ShippingMethod> chosen_shipping(db::Transaction& tx, std::string_view store,
                                              const store::OrderRow& row);

// Sets the row's other totals from its items, its coupons and its shipping method, and writes the
// coupons' discounts. The row itself is for the caller to save. too_large.
Result<void> recompute(db::Transaction& tx, std::string_view store, store::OrderRow& row,
                       std::vector<store::OrderCouponRow>& coupons,
                       const std::optional<ShippingMethod>& shipping, Timestamp now);

// A command whose answer is the cart or the order itself, made by the body in its transaction. Of a
// replay only the id was kept, and `load(tx, id)` makes the answer.
template <class Answer, class Request, class Body, class Load>
Result<Answer> run_order_command(Context& context, const Caller& caller, const Request& request,
                                 Timestamp now, const Body& body, const Load& load) {
  Answer answer;
  RESYS_TRY(outcome, run_command(context, caller, request, now,
                                 [&](db::Transaction& tx) -> Result<std::string> {
                                   RESYS_TRY(made, body(tx));
                                   answer = std::move(made);
                                   return answer.id.text();
                                 }));
  if (!outcome.replayed) return answer;
  RESYS_TRY(id, OrderId::parse(outcome.ids));
  return context.database->read(
      [&](db::Transaction& tx) -> Result<Answer> { return load(tx, caller.store, id); });
}

}  // namespace resys::app
