// Payments and their captures and refunds, webhooks, and processors' notes.
#include "store/payment.hpp"

#include <span>

#include "store/settings.hpp"

namespace resys::store {
namespace {

void read_id(db::Columns& in, PaymentId& out) { in >> out; }

void read_payment(db::Columns& in, PaymentRow& out) {
  std::string closing_actor;
  in >> out.id >> out.order_id >> out.payment_method_id >> out.processor >> out.state >>
      out.currency >> out.amount_cents >> out.authorized_cents >> out.external_id >>
      out.client_secret >> out.return_url >> out.content_hash >> out.attempt >> out.open_creates >>
      out.closing >> closing_actor >> out.decline_code >> out.decline_message >>
      out.dispute_status >> out.expires_at >> out.next_check_at >> out.checks >> out.created_at;
  if (out.closing) out.closing_actor = decode_actor(closing_actor);
}

void read_entry(db::Columns& in, EntryRow& out) {
  std::string actor;
  in >> out.id >> out.payment_id >> out.kind >> out.state >> out.amount_cents >> out.external_id >>
      out.reason >> actor;
  out.actor = decode_actor(actor);
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
        content_hash, attempt, open_creates, closing, closing_actor, decline_code, decline_message,
        dispute_status, expires_at, next_check_at, checks, created_at
      FROM payment WHERE store_id = $1 AND id = $2)sql"};
  return tx.first<PaymentRow>(kLoad, {store, id}, read_payment);
}

std::vector<SealedText<PaymentId>> list_sealed_payments(db::Transaction& tx,
                                                        std::string_view store) {
  static constexpr db::Sql kList{R"sql(SELECT id, client_secret FROM payment
      WHERE store_id = $1 AND next_check_at IS NOT NULL AND client_secret IS NOT NULL
      ORDER BY next_check_at, id)sql"};
  return tx.all<SealedText<PaymentId>>(
      kList, {store}, [](db::Columns& in, auto& out) { in >> out.id >> out.sealed; });
}

bool reseal_payment(db::Transaction& tx, std::string_view store, const PaymentId& id,
                    std::string_view before, const std::string& after) {
  static constexpr db::Sql kReseal{R"sql(UPDATE payment SET client_secret = $4
      WHERE store_id = $1 AND id = $2 AND client_secret = $3)sql"};
  return tx.execute(kReseal, {store, id, before, db::nullable(after)}) == 1;
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
        content_hash, attempt, open_creates, closing, closing_actor, decline_code, decline_message,
        dispute_status, expires_at, next_check_at, checks, created_at
      FROM payment WHERE store_id = $1 AND order_id = $2 ORDER BY id)sql"};
  return tx.all<PaymentRow>(kLoad, {store, order}, read_payment);
}

bool has_captured_payment(db::Transaction& tx, std::string_view store, const OrderId& order) {
  static constexpr db::Sql kFind{R"sql(SELECT id FROM payment
      WHERE store_id = $1 AND order_id = $2 AND state = 'captured')sql"};
  return tx.first<PaymentId>(kFind, {store, order}, read_id).has_value();
}

std::vector<PaymentView> view_payments(db::Transaction& tx, std::string_view store,
                                       const OrderId& order) {
  static constexpr db::Sql kLoad{R"sql(SELECT p.id, p.order_id, p.payment_method_id, p.processor,
        p.state, p.currency, p.amount_cents, p.authorized_cents, p.external_id, p.client_secret,
        p.return_url, p.content_hash, p.attempt, p.open_creates, p.closing, p.closing_actor,
        p.decline_code, p.decline_message, p.dispute_status, p.expires_at, p.next_check_at,
        p.checks, p.created_at, m.name, m.instructions
      FROM payment p JOIN payment_method m
        ON m.store_id = p.store_id AND m.id = p.payment_method_id
      WHERE p.store_id = $1 AND p.order_id = $2 ORDER BY p.id)sql"};
  return tx.all<PaymentView>(kLoad, {store, order}, [](db::Columns& in, PaymentView& out) {
    read_payment(in, out.row);
    in >> out.method_name >> out.instructions;
  });
}

void save_payment(db::Transaction& tx, std::string_view store, const PaymentRow& row, bool named,
                  Timestamp now) {
  // What an index is made of is written only when it changes, as with orders.
  static constexpr db::Sql kSave{R"sql(UPDATE payment
      SET state = $3, authorized_cents = $4, client_secret = $5, attempt = $6, open_creates = $7,
        closing = $8, closing_actor = $9, decline_code = $10, decline_message = $11,
        dispute_status = $12, expires_at = $13, next_check_at = $14, checks = $15, updated_at = $16
      WHERE store_id = $1 AND id = $2)sql"};
  static constexpr db::Sql kSaveNamed{R"sql(UPDATE payment
      SET state = $3, authorized_cents = $4, client_secret = $5, attempt = $6, open_creates = $7,
        closing = $8, closing_actor = $9, decline_code = $10, decline_message = $11,
        dispute_status = $12, expires_at = $13, next_check_at = $14, checks = $15,
        updated_at = $16, external_id = $17
      WHERE store_id = $1 AND id = $2)sql"};
  const auto closing_actor =
      row.closing ? std::optional(encode_actor(row.closing_actor)) : std::nullopt;
  const db::Value values[] = {store,
                              row.id,
                              row.state,
                              row.authorized_cents,
                              db::nullable(row.client_secret),
                              row.attempt,
                              row.open_creates,
                              row.closing,
                              closing_actor,
                              db::nullable(row.decline_code),
                              db::nullable(row.decline_message),
                              db::nullable(row.dispute_status),
                              row.expires_at,
                              row.next_check_at,
                              row.checks,
                              now,
                              db::nullable(row.external_id)};
  const std::span<const db::Value> all(values);
  tx.execute(named ? kSaveNamed : kSave, named ? all : all.first(all.size() - 1));
}

std::vector<std::string> find_stores_with_due_payments(db::Transaction& tx, Timestamp now) {
  static constexpr db::Sql kFind{R"sql(SELECT s.store_id FROM store s
      WHERE EXISTS (SELECT 1 FROM payment p
        WHERE p.store_id = s.store_id AND p.next_check_at <= $1)
      ORDER BY s.store_id)sql"};
  return find_stores(tx, kFind, {now});
}

std::optional<PaymentId> lease_due_payment(db::Transaction& tx, std::string_view store,
                                           Timestamp now, Timestamp until) {
  static constexpr db::Sql kLease{R"sql(UPDATE payment SET next_check_at = $3, checks = checks + 1
      WHERE store_id = $1 AND next_check_at <= $2 AND id = (
        SELECT id FROM payment WHERE store_id = $1 AND next_check_at <= $2
        ORDER BY next_check_at, id LIMIT 1)
      RETURNING id)sql"};
  return tx.first<PaymentId>(kLease, {store, now, until}, read_id);
}

// ---- captures and refunds

std::vector<EntryRow> load_entries(db::Transaction& tx, std::string_view store,
                                   const PaymentId& payment) {
  static constexpr db::Sql kLoad{R"sql(SELECT id, payment_id, kind, state, amount_cents,
        external_id, reason, actor
      FROM payment_entry WHERE store_id = $1 AND payment_id = $2 ORDER BY id)sql"};
  return tx.all<EntryRow>(kLoad, {store, payment}, read_entry);
}

std::vector<EntryRow> load_order_entries(db::Transaction& tx, std::string_view store,
                                         const OrderId& order) {
  static constexpr db::Sql kLoad{R"sql(SELECT e.id, e.payment_id, e.kind, e.state, e.amount_cents,
        e.external_id, e.reason, e.actor
      FROM payment p JOIN payment_entry e ON e.store_id = p.store_id AND e.payment_id = p.id
      WHERE p.store_id = $1 AND p.order_id = $2)sql"};
  return tx.all<EntryRow>(kLoad, {store, order}, read_entry);
}

void insert_entry(db::Transaction& tx, std::string_view store, const EntryRow& row, Timestamp now) {
  static constexpr db::Sql kInsert{R"sql(INSERT INTO payment_entry
      (store_id, id, payment_id, kind, state, amount_cents, external_id, reason, actor, created_at,
       updated_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10))sql"};
  tx.execute(kInsert, {store, row.id, row.payment_id, row.kind, row.state, row.amount_cents,
                       db::nullable(row.external_id), row.reason, encode_actor(row.actor), now});
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
       attempts, next_attempt_at, received_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING)sql"};
  return tx.execute(kInsert,
                    {store, row.processor, row.event_id, row.type, row.state, row.payment_method_id,
                     db::nullable(row.payment_id), db::nullable(row.external_id), row.attempts,
                     row.next_attempt_at, row.received_at}) == 1;
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

std::vector<std::string> find_stores_with_due_webhooks(db::Transaction& tx, Timestamp now) {
  static constexpr db::Sql kFind{R"sql(SELECT s.store_id FROM store s
      WHERE EXISTS (SELECT 1 FROM webhook_event w
        WHERE w.store_id = s.store_id AND w.next_attempt_at <= $1)
      ORDER BY s.store_id)sql"};
  return find_stores(tx, kFind, {now});
}

std::optional<WebhookRow> lease_parked_webhook(db::Transaction& tx, std::string_view store,
                                               Timestamp now, Timestamp until) {
  static constexpr db::Sql kLease{R"sql(UPDATE webhook_event
      SET next_attempt_at = $3, attempts = attempts + 1
      WHERE store_id = $1 AND next_attempt_at <= $2 AND (processor, event_id) = (
        SELECT processor, event_id FROM webhook_event
        WHERE store_id = $1 AND next_attempt_at <= $2
        ORDER BY next_attempt_at, processor, event_id LIMIT 1)
      RETURNING processor, event_id, type, state, payment_method_id, payment_id, external_id,
        attempts, next_attempt_at, received_at)sql"};
  return tx.first<WebhookRow>(kLease, {store, now, until}, [](db::Columns& in, WebhookRow& out) {
    in >> out.processor >> out.event_id >> out.type >> out.state >> out.payment_method_id >>
        out.payment_id >> out.external_id >> out.attempts >> out.next_attempt_at >> out.received_at;
  });
}

void settle_webhook(db::Transaction& tx, std::string_view store, const WebhookRow& row) {
  static constexpr db::Sql kSettle{R"sql(UPDATE webhook_event
      SET state = $4, next_attempt_at = $5
      WHERE store_id = $1 AND processor = $2 AND event_id = $3)sql"};
  tx.execute(kSettle, {store, row.processor, row.event_id, row.state, row.next_attempt_at});
}

std::vector<std::string> find_stores_with_old_webhooks(db::Transaction& tx, Timestamp now) {
  static constexpr db::Sql kFind{R"sql(SELECT s.store_id FROM store s
      WHERE EXISTS (SELECT 1 FROM webhook_event w
        WHERE w.store_id = s.store_id AND w.next_attempt_at IS NULL
          AND w.received_at < $1 - COALESCE(s.webhook_days, $2) * $3
          AND NOT EXISTS (SELECT 1 FROM payment p WHERE p.store_id = w.store_id
            AND p.processor = w.processor AND p.external_id = w.external_id
            AND p.next_check_at IS NOT NULL))
      ORDER BY s.store_id)sql"};
  return find_stores(tx, kFind, {now, CheckoutSettings{}.webhook_days, kMicrosPerDay});
}

std::int64_t forget_webhooks(db::Transaction& tx, std::string_view store, Timestamp before,
                             std::int64_t limit) {
  static constexpr db::Sql kForget{R"sql(DELETE FROM webhook_event
      WHERE store_id = $1 AND (processor, event_id) IN (
        SELECT w.processor, w.event_id FROM webhook_event w
        WHERE w.store_id = $1 AND w.next_attempt_at IS NULL AND w.received_at < $2
          AND NOT EXISTS (SELECT 1 FROM payment p WHERE p.store_id = w.store_id
            AND p.processor = w.processor AND p.external_id = w.external_id
            AND p.next_check_at IS NOT NULL)
        ORDER BY w.received_at, w.processor, w.event_id LIMIT $3))sql"};
  return tx.execute(kForget, {store, before, limit});
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
                std::string_view key, std::string_view value, std::int64_t version, Timestamp now) {
  static constexpr db::Sql kInsert{R"sql(INSERT INTO processor_note
      (store_id, processor, note_key, value, version, kept_from) VALUES ($1, $2, $3, $4, 1, $5)
      ON CONFLICT DO NOTHING)sql"};
  static constexpr db::Sql kUpdate{R"sql(UPDATE processor_note
      SET value = $4, version = version + 1, kept_from = $5
      WHERE store_id = $1 AND processor = $2 AND note_key = $3 AND version = $6)sql"};
  if (version == 0) return tx.execute(kInsert, {store, processor, key, value, now}) == 1;
  return tx.execute(kUpdate, {store, processor, key, value, now, version}) == 1;
}

std::vector<std::string> find_stores_with_old_notes(db::Transaction& tx, Timestamp now) {
  static constexpr db::Sql kFind{R"sql(SELECT s.store_id FROM store s
      WHERE EXISTS (SELECT 1 FROM processor_note n WHERE n.store_id = s.store_id
        AND n.kept_from < $1 - COALESCE(s.note_days, $2) * $3)
      ORDER BY s.store_id)sql"};
  return find_stores(tx, kFind, {now, CheckoutSettings{}.note_days, kMicrosPerDay});
}

std::vector<NoteKey> list_old_notes(db::Transaction& tx, std::string_view store, Timestamp before,
                                    std::int64_t limit) {
  static constexpr db::Sql kList{R"sql(SELECT processor, note_key FROM processor_note
      WHERE store_id = $1 AND kept_from < $2 ORDER BY kept_from, processor, note_key
      LIMIT $3)sql"};
  return tx.all<NoteKey>(kList, {store, before, limit},
                         [](db::Columns& in, NoteKey& out) { in >> out.processor >> out.key; });
}

void delete_note(db::Transaction& tx, std::string_view store, const NoteKey& note) {
  static constexpr db::Sql kDelete{R"sql(DELETE FROM processor_note
      WHERE store_id = $1 AND processor = $2 AND note_key = $3)sql"};
  tx.execute(kDelete, {store, note.processor, note.key});
}

void keep_note(db::Transaction& tx, std::string_view store, const NoteKey& note,
               std::optional<Timestamp> from) {
  static constexpr db::Sql kKeep{R"sql(UPDATE processor_note SET kept_from = $4
      WHERE store_id = $1 AND processor = $2 AND note_key = $3)sql"};
  tx.execute(kKeep, {store, note.processor, note.key, from});
}

}  // namespace resys::store
