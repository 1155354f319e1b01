// What the commands on orders and carts share: whose order it is, and how the result is made.
#pragma once

#include <string_view>

#include "app/command.hpp"
#include "store/order.hpp"

namespace resys::app {

// invalid_state with `state` and `event`, for refusals that the table of transitions does not
// contain.
Error wrong_state(const store::OrderRow& row, OrderEvent event, std::string message);

// The user if the caller is signed in, else the session.
store::Identity identity_of(const Caller& caller);

// Whether a placed order belongs to the caller's user or session.
bool owns(const Caller& caller, const store::OrderRow& row);

// Finds an order by its number, or by its id, which events carry. If `owner` is not null, the order
// must be theirs. Error: not_found.
Result<store::OrderRow> require_order(db::Transaction& tx, std::string_view store,
                                      const std::string& number, const Caller* owner);

// A command whose result is the cart or the order, which the body makes in its transaction. For a
// replay only the id was kept, so `load(tx, store, id, now)` makes the result.
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
      [&](db::Transaction& tx) -> Result<Answer> { return load(tx, caller.store, id, now); });
}

}  // namespace resys::app
