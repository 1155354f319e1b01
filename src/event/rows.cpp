// The outbox: events, and a row for each handler that has not received the event yet.
#include "event/rows.hpp"

#include "base/columns.hpp"
#include "base/settings_rows.hpp"

namespace resys::rows {
namespace {

// The order's number, user and e-mail address follow in each statement.
constexpr auto kEvent =
    columns(column("id", &Event::id), column("type", &Event::type),
            column("order_id", &Event::order_id), column("sequence", &Event::sequence),
            column("facts", &Event::facts), column("created_at", &Event::created_at));

void read_event(db::Columns& in, Event& out) {
  ActorRef by;
  kEvent(in, out);
  read_column(in, by);
  in >> out.order_number >> out.user_id >> out.email;
  out.actor = by.kind;
  out.actor_id = by.kind == Actor::shopper ? out.user_id : std::move(by.user_id);
}

void read_delivery(db::Columns& in, EventDelivery& out) {
  read_event(in, out.event);
  in >> out.handler >> out.state >> out.attempts >> out.last_error >> out.next_attempt_at;
  if (out.state == DeliveryState::dead) out.next_attempt_at.reset();
}

// Locks the order, because a transaction that writes an event and one that releases the next event
// must see each other's rows.
void lock_order(const Scope& scope, const OrderId& order) {
  static constexpr db::Sql kLock{R"sql(SELECT version FROM orders
      WHERE store_id = $1 AND id = $2 FOR UPDATE)sql"};
  scope.tx.query(kLock, {scope.store, order}, [](const db::Row&) {});
}

// Makes the order's first event that the handler has not received yet due.
void release_next(const Scope& scope, const OrderId& order, std::string_view handler) {
  static constexpr db::Sql kRelease{R"sql(UPDATE event_delivery SET next_attempt_at = $4
      WHERE store_id = $1 AND order_id = $2 AND handler = $3 AND state = 'pending'
        AND next_attempt_at IS NULL
        AND sequence = (SELECT MIN(sequence) FROM event_delivery
          WHERE store_id = $1 AND order_id = $2 AND handler = $3 AND state = 'pending'))sql"};
  scope.tx.execute(kRelease, {scope.store, order, handler, scope.now});
}

}  // namespace

void insert_event(const Scope& scope, const Event& event) {
  static constexpr db::Sql kInsert{R"sql(INSERT INTO event
      (store_id, id, order_id, sequence, type, facts, actor, created_at, kept_from)
      VALUES ($1, $2, $3, (SELECT COALESCE(MAX(sequence), 0) + 1 FROM event
        WHERE store_id = $1 AND order_id = $3), $4, $5, $6, $7,
        CASE WHEN EXISTS (SELECT 1 FROM event WHERE store_id = $1 AND order_id = $3
          AND kept_from IS NOT NULL) THEN NULL ELSE CAST($7 AS BIGINT) END))sql"};
  scope.tx.execute(kInsert,
                   {scope.store, event.id, event.order_id, event.type, encode_pairs(event.facts),
                    encode_actor(scope.actor), event.created_at});
}

std::vector<std::string> find_stores_with_old_events(db::Transaction& tx, Timestamp now) {
  static constexpr db::Sql kFind{R"sql(SELECT s.store_id FROM store s
      WHERE COALESCE(s.event_days, $2) > 0
        AND EXISTS (SELECT 1 FROM event e WHERE e.store_id = s.store_id
          AND e.kept_from < $1 - COALESCE(s.event_days, $2) * $3)
      ORDER BY s.store_id)sql"};
  return find_stores(tx, kFind, {now, CheckoutSettings{}.event_days, kMicrosPerDay});
}

std::vector<OrderId> list_orders_with_old_events(const Scope& scope, Timestamp before,
                                                 std::int64_t limit) {
  static constexpr db::Sql kList{R"sql(SELECT order_id FROM event
      WHERE store_id = $1 AND kept_from < $2 ORDER BY kept_from, order_id LIMIT $3)sql"};
  return scope.tx.all<OrderId>(kList, {scope.store, before, limit},
                               [](db::Columns& in, OrderId& out) { in >> out; });
}

void forget_events(const Scope& scope, const OrderId& order, Timestamp before) {
  // Events that the rules of a check need (check.cpp) stay. So does the newest one, because the
  // next event takes the number after it.
  static constexpr db::Sql kForgetDeliveries{R"sql(DELETE FROM event_delivery
      WHERE store_id = $1 AND order_id = $2
        AND sequence < (SELECT MAX(sequence) FROM event
          WHERE store_id = $1 AND order_id = $2))sql"};
  static constexpr db::Sql kForget{R"sql(DELETE FROM event
      WHERE store_id = $1 AND order_id = $2
        AND sequence < (SELECT MAX(sequence) FROM event WHERE store_id = $1 AND order_id = $2)
        AND type NOT IN ('OrderCompleted', 'PaymentAccepted', 'PaymentShort',
          'LatePaymentRefunded'))sql"};
  // The time of the newest event, and whether the order or a handler still needs its events.
  static constexpr db::Sql kNewest{R"sql(SELECT MAX(e.created_at),
        CASE WHEN EXISTS (SELECT 1 FROM event_delivery d WHERE d.store_id = $1
            AND d.order_id = $2 AND d.state = 'pending')
          OR EXISTS (SELECT 1 FROM payment p WHERE p.store_id = $1 AND p.order_id = $2
            AND p.next_check_at IS NOT NULL)
          OR NOT EXISTS (SELECT 1 FROM orders o WHERE o.store_id = $1 AND o.id = $2
            AND o.state IN ('Complete', 'Canceled', 'Merged')) THEN 1 ELSE 0 END
      FROM event e WHERE e.store_id = $1 AND e.order_id = $2)sql"};
  static constexpr db::Sql kKeep{R"sql(UPDATE event SET kept_from = $3
      WHERE store_id = $1 AND order_id = $2 AND kept_from IS NOT NULL)sql"};
  lock_order(scope, order);
  Timestamp newest;
  bool is_needed = false;
  scope.tx.query(kNewest, {scope.store, order}, [&](const db::Row& row) {
    newest = {row.integer(0)};
    is_needed = row.integer(1) != 0;
  });
  if (is_needed || newest >= before) {
    scope.tx.execute(kKeep, {scope.store, order,
                             is_needed ? scope.now : newest});  // the order is looked at again then
    return;
  }
  scope.tx.execute(kForgetDeliveries, {scope.store, order});
  scope.tx.execute(kForget, {scope.store, order});
  scope.tx.execute(kKeep, {scope.store, order, std::optional<Timestamp>()});
}

std::optional<OrderId> find_undelivered(const Scope& scope, const EventId& event) {
  static constexpr db::Sql kFind{R"sql(SELECT order_id FROM event_delivery
      WHERE store_id = $1 AND event_id = $2)sql"};
  return scope.tx.first<OrderId>(kFind, {scope.store, event},
                                 [](db::Columns& in, OrderId& out) { in >> out; });
}

std::vector<Event> list_events(const Scope& scope, const OrderId& order) {
  static constexpr db::Sql kList =
      sql<R"sql(SELECT {e.columns}, e.actor, o.number, o.user_id, o.email
      FROM event e JOIN orders o ON o.store_id = e.store_id AND o.id = e.order_id
      WHERE e.store_id = $1 AND e.order_id = $2 ORDER BY e.sequence)sql",
          kEvent>;
  return scope.tx.all<Event>(kList, {scope.store, order}, read_event);
}

void insert_delivery(const Scope& scope, const Event& event, std::string_view handler) {
  static constexpr db::Sql kInsert{R"sql(INSERT INTO event_delivery
      (store_id, event_id, handler, order_id, sequence, state, attempts, next_attempt_at,
       last_error)
      VALUES ($1, $2, $3, $4, (SELECT MAX(sequence) FROM event
        WHERE store_id = $1 AND order_id = $4), 'pending', 0,
        CASE WHEN EXISTS (SELECT 1 FROM event_delivery earlier
          WHERE earlier.store_id = $1 AND earlier.order_id = $4 AND earlier.handler = $3
            AND earlier.state = 'pending') THEN NULL ELSE CAST($5 AS BIGINT) END, ''))sql"};
  scope.tx.execute(kInsert, {scope.store, event.id, handler, event.order_id, event.created_at});
}

std::vector<std::string> find_stores_with_due_events(db::Transaction& tx, std::string_view handler,
                                                     Timestamp now) {
  static constexpr db::Sql kFind{R"sql(SELECT s.store_id FROM store s
      WHERE EXISTS (SELECT 1 FROM event_delivery d WHERE d.store_id = s.store_id
        AND d.handler = $1 AND d.state = 'pending' AND d.next_attempt_at <= $2)
      ORDER BY s.store_id)sql"};
  return find_stores(tx, kFind, {handler, now});
}

std::optional<LeasedEvent> lease_due_event(const Scope& scope, std::string_view handler,
                                           Timestamp until) {
  static constexpr db::Sql kLease{R"sql(UPDATE event_delivery
      SET attempts = attempts + 1, next_attempt_at = $4
      WHERE store_id = $1 AND handler = $2 AND state = 'pending' AND next_attempt_at <= $3
        AND event_id = (SELECT event_id FROM event_delivery
          WHERE store_id = $1 AND handler = $2 AND state = 'pending' AND next_attempt_at <= $3
          ORDER BY next_attempt_at, event_id LIMIT 1)
      RETURNING order_id, sequence, attempts)sql"};
  static constexpr db::Sql kLoad =
      sql<R"sql(SELECT {e.columns}, e.actor, o.number, o.user_id, o.email
      FROM event e JOIN orders o ON o.store_id = e.store_id AND o.id = e.order_id
      WHERE e.store_id = $1 AND e.order_id = $2 AND e.sequence = $3)sql",
          kEvent>;
  auto leased = scope.tx.first<LeasedEvent>(
      kLease, {scope.store, handler, scope.now, until}, [](db::Columns& in, LeasedEvent& out) {
        in >> out.event.order_id >> out.event.sequence >> out.attempt;
      });
  if (!leased) return std::nullopt;
  Event& event = leased->event;
  event = scope.tx.first<Event>(kLoad, {scope.store, event.order_id, event.sequence}, read_event)
              .value();
  return leased;
}

void finish_delivery(const Scope& scope, const Event& event, std::string_view handler) {
  static constexpr db::Sql kFinish{R"sql(DELETE FROM event_delivery
      WHERE store_id = $1 AND event_id = $2 AND handler = $3)sql"};
  lock_order(scope, event.order_id);
  scope.tx.execute(kFinish, {scope.store, event.id, handler});
  release_next(scope, event.order_id, handler);
}

void fail_delivery(const Scope& scope, const Event& event, std::string_view handler,
                   Timestamp leased_until, const FailedDelivery& failed) {
  static constexpr db::Sql kFail{R"sql(UPDATE event_delivery
      SET state = $5, next_attempt_at = $6, last_error = $7
      WHERE store_id = $1 AND event_id = $2 AND handler = $3 AND state = 'pending'
        AND next_attempt_at = $4)sql"};
  lock_order(scope, event.order_id);
  scope.tx.execute(kFail, {scope.store, event.id, handler, leased_until, failed.state,
                           failed.next_attempt_at, failed.error});
  if (failed.state == DeliveryState::dead) release_next(scope, event.order_id, handler);
}

std::vector<EventDelivery> list_deliveries(const Scope& scope, std::optional<DeliveryState> state,
                                           const DeliveryKey& before, std::int64_t limit) {
  static constexpr db::Sql kList = sql<
      R"sql(SELECT {e.columns}, e.actor, o.number, o.user_id, o.email, d.handler, d.state,
        d.attempts, d.last_error, d.next_attempt_at
      FROM event_delivery d JOIN event e ON e.store_id = d.store_id AND e.order_id = d.order_id
          AND e.sequence = d.sequence
        JOIN orders o ON o.store_id = d.store_id AND o.id = d.order_id
      WHERE d.store_id = $1 AND d.state = COALESCE($2, d.state)
        AND (d.event_id, d.handler) < ($3, $4)
      ORDER BY d.event_id DESC, d.handler DESC LIMIT $5)sql",
      kEvent>;
  return scope.tx.all<EventDelivery>(
      kList, {scope.store, state, before.event_id, before.handler, limit}, read_delivery);
}

std::int64_t revive_deliveries(const Scope& scope, const EventId& event, const OrderId& order) {
  static constexpr db::Sql kRevive{R"sql(UPDATE event_delivery
      SET state = 'pending', attempts = 0, next_attempt_at = NULL
      WHERE store_id = $1 AND event_id = $2 AND state = 'dead'
      RETURNING handler)sql"};
  // The handler's next delivery waits for this one.
  static constexpr db::Sql kHoldUp{R"sql(UPDATE event_delivery SET next_attempt_at = NULL
      WHERE store_id = $1 AND order_id = $2 AND handler = $3 AND state = 'pending'
        AND sequence > (SELECT MIN(sequence) FROM event_delivery
          WHERE store_id = $1 AND order_id = $2 AND handler = $3 AND state = 'pending'))sql"};
  lock_order(scope, order);
  const auto handlers = scope.tx.all<std::string>(
      kRevive, {scope.store, event}, [](db::Columns& in, std::string& out) { in >> out; });
  for (const std::string& handler : handlers) {
    scope.tx.execute(kHoldUp, {scope.store, order, handler});
    release_next(scope, order, handler);
  }
  return static_cast<std::int64_t>(handlers.size());
}

}  // namespace resys::rows
