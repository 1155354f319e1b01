// What the commands on orders and carts share; see the header.
#include "order/require_order.hpp"

namespace resys::app {

Error wrong_state(const rows::OrderRow& row, OrderEvent event, std::string message) {
  return Error(Errc::invalid_state, std::move(message))
      .with("state", std::string(name_of(row.state)))
      .with("event", std::string(name_of(event)));
}

rows::Identity identity_of(const Caller& caller) {
  return {caller.user_id, caller.session_id, caller.groups};
}

bool owns(const Caller& caller, const rows::OrderRow& row) {
  if (!row.user_id.empty()) return row.user_id == caller.user_id;
  return row.session_id == caller.session_id;
}

Result<rows::OrderRow> require_order(const Scope& scope, const std::string& number,
                                     const Caller* owner) {
  const auto id = OrderId::parse(number);
  auto row = id ? rows::load_order_row(scope, id.value()) : rows::find_order(scope, number);
  // A cart that was never placed is not an order yet.
  if (!row || row->number.empty() || (owner != nullptr && !owns(*owner, *row))) {
    return Error(Errc::not_found, "there is no such order").at("number");
  }
  if (owner != nullptr) row->customer_groups = owner->groups;
  return std::move(*row);
}

}  // namespace resys::app
