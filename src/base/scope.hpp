// What every function needs that works within a transaction.
#pragma once

#include <string_view>
#include <utility>

#include "base/actor.hpp"
#include "base/db/database.hpp"
#include "base/id_source.hpp"
#include "resys/time.hpp"

namespace resys {

struct Context;

// Valid during the transaction's body. `now` was taken before the body, so it stays the same if the
// body runs again.
struct Scope {
  db::Transaction& tx;
  std::string_view store;  // the tenant
  Timestamp now;
  domain::IdSource& ids;
  const Context& context;  // the ports and processors, for the app
  rows::ActorRef actor{};  // who causes the changes; the shop itself if nobody has asked for them

  // The same transaction, with another actor.
  Scope as(rows::ActorRef other) const { return {tx, store, now, ids, context, std::move(other)}; }
};

}  // namespace resys
