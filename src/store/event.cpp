// The outbox: events, and a row per handler that is still to be told.
#include "store/event.hpp"

#include "store/text_list.hpp"

namespace resys::store {
namespace {

void read_event(db::Columns& in, Event& out) {
  std::string facts;
  in >> out.id >> out.type >> out.order_id >> out.sequence >> facts >> out.created_at;
  out.facts = decode_options(facts);
}

void read_delivery(db::Columns& in, EventDelivery& out) {
  read_event(in, out.event);
  in >> out.handler >> out.state >> out.attempts >> out.last_error >> out.next_attempt_at;
  if (out.state == DeliveryState::dead) out.next_attempt_at.reset();
}

}  // namespace

void insert_event(db::Transaction& tx, std::string_view store, const Event& event) {
  static constexpr db::Sql kInsert{R"sql(INSERT INTO event
      (store_id, id, order_id, sequence, type, facts, created_at)
      VALUES ($1, $2, $3, (SELECT COALESCE(MAX(sequence), 0) + 1 FROM event
        WHERE store_id = $1 AND order_id = $3), $4, $5, $6))sql"};
  tx.execute(kInsert, {store, event.id, event.order_id, event.type, encode_options(event.facts),
                       event.created_at});
}

bool has_deliveries(db::Transaction& tx, std::string_view store, const EventId& event) {
  static constexpr db::Sql kFind{R"sql(SELECT sequence FROM event_delivery
      WHERE store_id = $1 AND event_id = $2)sql"};
  return tx
      .first<std::int64_t>(kFind, {store, event},
                           [](db::Columns& in, std::int64_t& out) { in >> out; })
      .has_value();
}

std::vector<Event> list_events(db::Transaction& tx, std::string_view store, const OrderId& order) {
  static constexpr db::Sql kList{R"sql(SELECT id, type, order_id, sequence, facts, created_at
      FROM event WHERE store_id = $1 AND order_id = $2 ORDER BY sequence)sql"};
  return tx.all<Event>(kList, {store, order}, read_event);
}

void insert_delivery(db::Transaction& tx, std::string_view store, const Event& event,
                     std::string_view handler) {
  static constexpr db::Sql kInsert{R"sql(INSERT INTO event_delivery
      (store_id, event_id, handler, order_id, sequence, state, attempts, next_attempt_at,
       last_error)
      VALUES ($1, $2, $3, $4, (SELECT MAX(sequence) FROM event
        WHERE store_id = $1 AND order_id = $4), 'pending', 0, $5, ''))sql"};
  tx.execute(kInsert, {store, event.id, handler, event.order_id, event.created_at});
}

std::vector<Event> list_due_events(db::Transaction& tx, std::string_view store,
                                   std::string_view handler, Timestamp now, std::int64_t limit) {
  static constexpr db::Sql kList{R"sql(SELECT e.id, e.type, e.order_id, e.sequence, e.facts,
        e.created_at
      FROM event_delivery d JOIN event e ON e.store_id = d.store_id AND e.order_id = d.order_id
          AND e.sequence = d.sequence
      WHERE d.store_id = $1 AND d.handler = $2 AND d.state = 'pending' AND d.next_attempt_at <= $3
        AND NOT EXISTS (SELECT 1 FROM event_delivery earlier
          WHERE earlier.store_id = $1 AND earlier.order_id = d.order_id AND earlier.handler = $2
            AND earlier.sequence < d.sequence AND earlier.state = 'pending')
      ORDER BY d.next_attempt_at, d.event_id LIMIT $4)sql"};
  return tx.all<Event>(kList, {store, handler, now, limit}, read_event);
}

std::optional<std::int64_t> lease_delivery(db::Transaction& tx, std::string_view store,
                                           const EventId& event, std::string_view handler,
                                           Timestamp now, Timestamp until) {
  static constexpr db::Sql kLease{R"sql(UPDATE event_delivery
      SET attempts = attempts + 1, next_attempt_at = $5
      WHERE store_id = $1 AND event_id = $2 AND handler = $3 AND state = 'pending'
        AND next_attempt_at <= $4
        AND NOT EXISTS (SELECT 1 FROM event_delivery earlier
          WHERE earlier.store_id = $1 AND earlier.order_id = event_delivery.order_id
            AND earlier.handler = $3 AND earlier.sequence < event_delivery.sequence
            AND earlier.state = 'pending')
      RETURNING attempts)sql"};
  return tx.first<std::int64_t>(kLease, {store, event, handler, now, until},
                                [](db::Columns& in, std::int64_t& out) { in >> out; });
}

void finish_delivery(db::Transaction& tx, std::string_view store, const EventId& event,
                     std::string_view handler) {
  static constexpr db::Sql kFinish{R"sql(DELETE FROM event_delivery
      WHERE store_id = $1 AND event_id = $2 AND handler = $3)sql"};
  tx.execute(kFinish, {store, event, handler});
}

void fail_delivery(db::Transaction& tx, std::string_view store, const EventId& event,
                   std::string_view handler, Timestamp leased_until, const FailedDelivery& failed) {
  static constexpr db::Sql kFail{R"sql(UPDATE event_delivery
      SET state = $5, next_attempt_at = $6, last_error = $7
      WHERE store_id = $1 AND event_id = $2 AND handler = $3 AND state = 'pending'
        AND next_attempt_at = $4)sql"};
  tx.execute(kFail, {store, event, handler, leased_until, failed.state, failed.next_attempt_at,
                     failed.error});
}

std::vector<EventDelivery> list_deliveries(db::Transaction& tx, std::string_view store,
                                           std::optional<DeliveryState> state,
                                           const DeliveryKey& after, std::int64_t limit) {
  static constexpr db::Sql kList{R"sql(SELECT e.id, e.type, e.order_id, e.sequence, e.facts,
        e.created_at, d.handler, d.state, d.attempts, d.last_error, d.next_attempt_at
      FROM event_delivery d JOIN event e ON e.store_id = d.store_id AND e.order_id = d.order_id
          AND e.sequence = d.sequence
      WHERE d.store_id = $1 AND d.state = COALESCE($2, d.state)
        AND (d.event_id, d.handler) > ($3, $4)
      ORDER BY d.event_id, d.handler LIMIT $5)sql"};
  return tx.all<EventDelivery>(kList, {store, state, after.event_id, after.handler, limit},
                               read_delivery);
}

std::int64_t revive_deliveries(db::Transaction& tx, std::string_view store, const EventId& event,
                               Timestamp now) {
  static constexpr db::Sql kRevive{R"sql(UPDATE event_delivery
      SET state = 'pending', attempts = 0, next_attempt_at = $3
      WHERE store_id = $1 AND event_id = $2 AND state = 'dead')sql"};
  return tx.execute(kRevive, {store, event, now});
}

}  // namespace resys::store
