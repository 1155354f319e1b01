// What the commands on orders and carts share: whose order it is, and how the answer is made.
#pragma once

#include <string_view>

#include "app/command.hpp"
#include "store/order.hpp"

namespace resys::app {

// invalid_state with `state` and `event`, for what the table of transitions does not say.
Error wrong_state(const store::OrderRow& row, OrderEvent event, std::string message);

// The user's if the caller is signed in, else the session's.
store::Identity identity_of(const Caller& caller);

// Whether a placed order is the caller's own: their user's, or their session's.
bool owns(const Caller& caller, const store::OrderRow& row);

// By its number, or by its id, which events carry. `owner`: not null if it must be the owner's.
// not_found.
Result<store::OrderRow> require_order(db::Transaction& tx, std::string_view store,
                                      const std::string& number, const Caller* owner);

// A command whose answer is the cart or the order itself, made by the body in its transaction. Of a
// replay only the id was kept, and `load(tx, store, id, now)` makes the answer.
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
