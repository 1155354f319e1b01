// Payments and their captures and refunds, webhooks, and processors' notes.
#include "store/payment.hpp"

#include <span>

namespace resys::store {
namespace {

void read_id(db::Columns& in, PaymentId& out) { in >> out; }

void read_payment(db::Columns& in, PaymentRow& out) {
  in >> out.id >> out.order_id >> out.payment_method_id >> out.processor >> out.state >>
      out.currency >> out.amount_cents >> out.authorized_cents >> out.external_id >>
      out.client_secret >> out.return_url >> out.content_hash >> out.attempt >> out.open_creates >>
      out.closing >> out.decline_code >> out.decline_message >> out.expires_at >>
      out.next_check_at >> out.checks >> out.created_at;
}

void read_entry(db::Columns& in, EntryRow& out) {
  in >> out.id >> out.payment_id >> out.kind >> out.state >> out.amount_cents >> out.external_id >>
      out.reason;
}

}  // namespace

// ---- payments

void insert_payment(db::Transaction& tx, std::string_view store, const PaymentRow& row) {
  static constexpr db::Sql kInsert{R"sql(INSERT INTO payment
      (store_id, id, order_id, payment_method_id, processor, state, currency, amount_cents,
       authorized_cents, return_url, content_hash, attempt, open_creates, expires_at, next_check_at,
       checks, created_at, updated_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $10, $11, $12, $13, $14, 0, $15, $15))sql"};
  tx.execute(kInsert,
             {store, row.id, row.order_id, row.payment_method_id, row.processor, row.state,
              row.currency, row.amount_cents, db::nullable(row.return_url), row.content_hash,
              row.attempt, row.open_creates, row.expires_at, row.next_check_at, row.created_at});
}

std::optional<PaymentRow> load_payment(db::Transaction& tx, std::string_view store,
                                       const PaymentId& id) {
  static constexpr db::Sql kLoad{R"sql(SELECT id, order_id, payment_method_id, processor, state,
        currency, amount_cents, authorized_cents, external_id, client_secret, return_url,
        content_hash, attempt, open_creates, closing, decline_code, decline_message, expires_at,
        next_check_at, checks, created_at
      FROM payment WHERE store_id = $1 AND id = $2)sql"};
  return tx.first<PaymentRow>(kLoad, {store, id}, read_payment);
}

bool is_payment_of(db::Transaction& tx, std::string_view store, std::string_view processor,
                   const PaymentId& id) {
  static constexpr db::Sql kFind{R"sql(SELECT id FROM payment
      WHERE store_id = $1 AND processor = $2 AND id = $3)sql"};
  return tx.first<PaymentId>(kFind, {store, processor, id}, read_id).has_value();
}

std::optional<PaymentId> find_external_payment(db::Transaction& tx, std::string_view store,
                                               std::string_view processor,
                                               std::string_view external_id) {
  static constexpr db::Sql kFind{R"sql(SELECT id FROM payment
      WHERE store_id = $1 AND processor = $2 AND external_id = $3)sql"};
  return tx.first<PaymentId>(kFind, {store, processor, external_id}, read_id);
}

std::vector<PaymentRow> load_payments(db::Transaction& tx, std::string_view store,
                                      const OrderId& order) {
  static constexpr db::Sql kLoad{R"sql(SELECT id, order_id, payment_method_id, processor, state,
        currency, amount_cents, authorized_cents, external_id, client_secret, return_url,
        content_hash, attempt, open_creates, closing, decline_code, decline_message, expires_at,
        next_check_at, checks, created_at
      FROM payment WHERE store_id = $1 AND order_id = $2 ORDER BY id)sql"};
  return tx.all<PaymentRow>(kLoad, {store, order}, read_payment);
}

void save_payment(db::Transaction& tx, std::string_view store, const PaymentRow& row, bool named,
                  Timestamp now) {
  // What an index is made of is written only when it changes, as with orders.
  static constexpr db::Sql kSave{R"sql(UPDATE payment
      SET state = $3, authorized_cents = $4, client_secret = $5, attempt = $6, open_creates = $7,
        closing = $8, decline_code = $9, decline_message = $10, expires_at = $11,
        next_check_at = $12, checks = $13, updated_at = $14
      WHERE store_id = $1 AND id = $2)sql"};
  static constexpr db::Sql kSaveNamed{R"sql(UPDATE payment
      SET state = $3, authorized_cents = $4, client_secret = $5, attempt = $6, open_creates = $7,
        closing = $8, decline_code = $9, decline_message = $10, expires_at = $11,
        next_check_at = $12, checks = $13, updated_at = $14, external_id = $15
      WHERE store_id = $1 AND id = $2)sql"};
  const db::Value values[] = {store,
                              row.id,
                              row.state,
                              row.authorized_cents,
                              db::nullable(row.client_secret),
                              row.attempt,
                              row.open_creates,
                              row.closing,
                              db::nullable(row.decline_code),
                              db::nullable(row.decline_message),
                              row.expires_at,
                              row.next_check_at,
                              row.checks,
                              now,
                              db::nullable(row.external_id)};
  const std::span<const db::Value> all(values);
  tx.execute(named ? kSaveNamed : kSave, named ? all : all.first(all.size() - 1));
}

std::vector<PaymentId> lease_due_payments(db::Transaction& tx, std::string_view store,
                                          Timestamp now, Timestamp until, std::int64_t limit) {
  static constexpr db::Sql kLease{R"sql(UPDATE payment SET next_check_at = $3, checks = checks + 1
      WHERE store_id = $1 AND next_check_at <= $2 AND id IN (
        SELECT id FROM payment WHERE store_id = $1 AND next_check_at <= $2
        ORDER BY next_check_at, id LIMIT $4)
      RETURNING id)sql"};
  return tx.all<PaymentId>(kLease, {store, now, until, limit}, read_id);
}

// ---- captures and refunds

std::vector<EntryRow> load_entries(db::Transaction& tx, std::string_view store,
                                   const PaymentId& payment) {
  static constexpr db::Sql kLoad{R"sql(SELECT id, payment_id, kind, state, amount_cents,
        external_id, reason
      FROM payment_entry WHERE store_id = $1 AND payment_id = $2 ORDER BY id)sql"};
  return tx.all<EntryRow>(kLoad, {store, payment}, read_entry);
}

std::vector<EntryRow> load_order_entries(db::Transaction& tx, std::string_view store,
                                         const OrderId& order) {
  static constexpr db::Sql kLoad{R"sql(SELECT e.id, e.payment_id, e.kind, e.state, e.amount_cents,
        e.external_id, e.reason
      FROM payment p JOIN payment_entry e ON e.store_id = p.store_id AND e.payment_id = p.id
      WHERE p.store_id = $1 AND p.order_id = $2)sql"};
  return tx.all<EntryRow>(kLoad, {store, order}, read_entry);
}

void insert_entry(db::Transaction& tx, std::string_view store, const EntryRow& row, Timestamp now) {
  static constexpr db::Sql kInsert{R"sql(INSERT INTO payment_entry
      (store_id, id, payment_id, kind, state, amount_cents, external_id, reason, created_at,
       updated_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9))sql"};
  tx.execute(kInsert, {store, row.id, row.payment_id, row.kind, row.state, row.amount_cents,
                       db::nullable(row.external_id), row.reason, now});
}

void save_entry(db::Transaction& tx, std::string_view store, const EntryRow& row, Timestamp now) {
  static constexpr db::Sql kSave{R"sql(UPDATE payment_entry
      SET state = $4, external_id = $5, updated_at = $6
      WHERE store_id = $1 AND payment_id = $2 AND id = $3)sql"};
  tx.execute(kSave, {store, row.payment_id, row.id, row.state, db::nullable(row.external_id), now});
}

// ---- webhooks

bool insert_webhook(db::Transaction& tx, std::string_view store, const WebhookRow& row) {
  static constexpr db::Sql kInsert{R"sql(INSERT INTO webhook_event
      (store_id, processor, event_id, type, state, payment_method_id, payment_id, external_id,
       dispute_status, attempts, next_attempt_at, received_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING)sql"};
  return tx.execute(kInsert, {store, row.processor, row.event_id, row.type, row.state,
                              row.payment_method_id, db::nullable(row.payment_id),
                              db::nullable(row.external_id), db::nullable(row.dispute_status),
                              row.attempts, row.next_attempt_at, row.received_at}) == 1;
}

bool webhook_exists(db::Transaction& tx, std::string_view store, std::string_view processor,
                    std::string_view event_id) {
  static constexpr db::Sql kFind{R"sql(SELECT attempts FROM webhook_event
      WHERE store_id = $1 AND processor = $2 AND event_id = $3)sql"};
  return tx
      .first<std::int64_t>(kFind, {store, processor, event_id},
                           [](db::Columns& in, std::int64_t& out) { in >> out; })
      .has_value();
}

std::vector<WebhookRow> lease_parked_webhooks(db::Transaction& tx, std::string_view store,
                                              Timestamp now, Timestamp until, std::int64_t limit) {
  static constexpr db::Sql kLease{R"sql(UPDATE webhook_event
      SET next_attempt_at = $3, attempts = attempts + 1
      WHERE store_id = $1 AND next_attempt_at <= $2 AND (processor, event_id) IN (
        SELECT processor, event_id FROM webhook_event
        WHERE store_id = $1 AND next_attempt_at <= $2
        ORDER BY next_attempt_at, processor, event_id LIMIT $4)
      RETURNING processor, event_id, type, state, payment_method_id, payment_id, external_id,
        dispute_status, attempts, next_attempt_at, received_at)sql"};
  return tx.all<WebhookRow>(
      kLease, {store, now, until, limit}, [](db::Columns& in, WebhookRow& out) {
        in >> out.processor >> out.event_id >> out.type >> out.state >> out.payment_method_id >>
            out.payment_id >> out.external_id >> out.dispute_status >> out.attempts >>
            out.next_attempt_at >> out.received_at;
      });
}

void settle_webhook(db::Transaction& tx, std::string_view store, const WebhookRow& row) {
  static constexpr db::Sql kSettle{R"sql(UPDATE webhook_event
      SET state = $4, next_attempt_at = $5
      WHERE store_id = $1 AND processor = $2 AND event_id = $3)sql"};
  tx.execute(kSettle, {store, row.processor, row.event_id, row.state, row.next_attempt_at});
}

// ---- notes

ProcessorNotes::Note read_note(db::Transaction& tx, std::string_view store,
                               std::string_view processor, std::string_view key) {
  static constexpr db::Sql kRead{R"sql(SELECT value, version FROM processor_note
      WHERE store_id = $1 AND processor = $2 AND note_key = $3)sql"};
  return tx
      .first<ProcessorNotes::Note>(
          kRead, {store, processor, key},
          [](db::Columns& in, ProcessorNotes::Note& out) { in >> out.value >> out.version; })
      .value_or(ProcessorNotes::Note{});
}

bool write_note(db::Transaction& tx, std::string_view store, std::string_view processor,
                std::string_view key, std::string_view value, std::int64_t version) {
  static constexpr db::Sql kInsert{R"sql(INSERT INTO processor_note
      (store_id, processor, note_key, value, version) VALUES ($1, $2, $3, $4, 1)
      ON CONFLICT DO NOTHING)sql"};
  static constexpr db::Sql kUpdate{R"sql(UPDATE processor_note
      SET value = $4, version = version + 1
      WHERE store_id = $1 AND processor = $2 AND note_key = $3 AND version = $5)sql"};
  if (version == 0) return tx.execute(kInsert, {store, processor, key, value}) == 1;
  return tx.execute(kUpdate, {store, processor, key, value, version}) == 1;
}

}  // namespace resys::store
