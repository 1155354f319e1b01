// Payments and their captures and refunds, webhooks, and processors' notes.
#include "payment/rows.hpp"

#include "base/columns.hpp"
#include "base/settings_rows.hpp"

namespace resys::rows {
namespace {

void read_id(db::Columns& in, PaymentId& out) { in >> out; }

// Indexed columns are written only when they change, as with orders.
constexpr auto kGiven = columns(
    column("id", &PaymentRow::id), column("order_id", &PaymentRow::order_id),
    column("payment_method_id", &PaymentRow::payment_method_id),
    column("processor", &PaymentRow::processor), column("offline", &PaymentRow::offline),
    column("currency", &PaymentRow::currency), column("amount_cents", &PaymentRow::amount_cents),
    nullable("return_url", &PaymentRow::return_url),
    column("content_hash", &PaymentRow::content_hash),
    column("created_at", &PaymentRow::created_at));
constexpr auto kCourse = columns(
    column("state", &PaymentRow::state), column("authorized_cents", &PaymentRow::authorized_cents),
    nullable("client_secret", &PaymentRow::client_secret), column("attempt", &PaymentRow::attempt),
    column("open_creates", &PaymentRow::open_creates),
    column("void_reason", &PaymentRow::void_reason), column("void_actor", &PaymentRow::void_actor),
    nullable("decline_code", &PaymentRow::decline_code),
    nullable("decline_message", &PaymentRow::decline_message),
    nullable("dispute_status", &PaymentRow::dispute_status),
    column("expires_at", &PaymentRow::expires_at),
    column("next_check_at", &PaymentRow::next_check_at), column("checks", &PaymentRow::checks));
constexpr auto kWithName = kCourse + columns(nullable("external_id", &PaymentRow::external_id));
constexpr auto kPayment = kGiven + kWithName;

constexpr auto kEntry =
    columns(column("id", &EntryRow::id), column("payment_id", &EntryRow::payment_id),
            column("kind", &EntryRow::kind), column("state", &EntryRow::state),
            column("amount_cents", &EntryRow::amount_cents),
            nullable("external_id", &EntryRow::external_id),
            column("tax_cents", &EntryRow::tax_cents), column("pieces", &EntryRow::pieces),
            column("reason", &EntryRow::reason), column("actor", &EntryRow::actor));

constexpr auto kWebhook = columns(
    column("processor", &WebhookRow::processor), column("event_id", &WebhookRow::event_id),
    column("type", &WebhookRow::type), column("state", &WebhookRow::state),
    column("payment_method_id", &WebhookRow::payment_method_id),
    nullable("payment_id", &WebhookRow::payment_id),
    nullable("external_id", &WebhookRow::external_id), column("attempts", &WebhookRow::attempts),
    column("next_attempt_at", &WebhookRow::next_attempt_at),
    column("received_at", &WebhookRow::received_at));

}  // namespace

// ---- payments

void insert_payment(const Scope& scope, const PaymentRow& row) {
  static constexpr db::Sql kInsert = sql<R"sql(INSERT INTO payment
      (store_id, {columns}, updated_at) VALUES ($1, {values 3}, $2))sql",
                                         kPayment>;
  scope.tx.execute(kInsert, Parameters(scope.store, row.created_at).add(kPayment, row));
}

std::optional<PaymentRow> load_payment(const Scope& scope, const PaymentId& id) {
  static constexpr db::Sql kLoad = sql<R"sql(SELECT {columns}
      FROM payment WHERE store_id = $1 AND id = $2)sql",
                                       kPayment>;
  return scope.tx.first<PaymentRow>(kLoad, {scope.store, id}, kPayment);
}

std::vector<SealedText<PaymentId>> list_sealed_payments(const Scope& scope) {
  static constexpr db::Sql kList{R"sql(SELECT id, client_secret FROM payment
      WHERE store_id = $1 AND next_check_at IS NOT NULL AND client_secret IS NOT NULL
      ORDER BY next_check_at, id)sql"};
  return scope.tx.all<SealedText<PaymentId>>(
      kList, {scope.store}, [](db::Columns& in, auto& out) { in >> out.id >> out.sealed; });
}

bool reseal_payment(const Scope& scope, const PaymentId& id, std::string_view before,
                    const std::string& after) {
  static constexpr db::Sql kReseal{R"sql(UPDATE payment SET client_secret = $4
      WHERE store_id = $1 AND id = $2 AND client_secret = $3)sql"};
  return scope.tx.execute(kReseal, {scope.store, id, before, db::nullable(after)}) == 1;
}

bool is_payment_of(const Scope& scope, std::string_view processor, const PaymentId& id) {
  static constexpr db::Sql kFind{R"sql(SELECT id FROM payment
      WHERE store_id = $1 AND processor = $2 AND id = $3)sql"};
  return scope.tx.first<PaymentId>(kFind, {scope.store, processor, id}, read_id).has_value();
}

std::optional<PaymentId> find_external_payment(const Scope& scope, std::string_view processor,
                                               std::string_view external_id) {
  static constexpr db::Sql kFind{R"sql(SELECT id FROM payment
      WHERE store_id = $1 AND processor = $2 AND external_id = $3)sql"};
  return scope.tx.first<PaymentId>(kFind, {scope.store, processor, external_id}, read_id);
}

std::vector<PaymentRow> load_payments(const Scope& scope, const OrderId& order) {
  static constexpr db::Sql kLoad = sql<R"sql(SELECT {columns}
      FROM payment WHERE store_id = $1 AND order_id = $2 ORDER BY id)sql",
                                       kPayment>;
  return scope.tx.all<PaymentRow>(kLoad, {scope.store, order}, kPayment);
}

std::vector<PaymentView> view_payments(const Scope& scope, const OrderId& order) {
  static constexpr db::Sql kLoad = sql<R"sql(SELECT {p.columns}, m.name, m.instructions
      FROM payment p JOIN payment_method m
        ON m.store_id = p.store_id AND m.id = p.payment_method_id
      WHERE p.store_id = $1 AND p.order_id = $2 ORDER BY p.id)sql",
                                       kPayment>;
  return scope.tx.all<PaymentView>(kLoad, {scope.store, order},
                                   [](db::Columns& in, PaymentView& out) {
                                     kPayment(in, out.row);
                                     in >> out.method_name >> out.instructions;
                                   });
}

void save_payment(const Scope& scope, const PaymentRow& row, bool named) {
  static constexpr db::Sql kSave = sql<R"sql(UPDATE payment SET updated_at = $3, {sets 4}
      WHERE store_id = $1 AND id = $2)sql",
                                       kCourse>;
  static constexpr db::Sql kSaveNamed = sql<R"sql(UPDATE payment SET updated_at = $3, {sets 4}
      WHERE store_id = $1 AND id = $2)sql",
                                            kWithName>;
  Parameters values(scope.store, row.id, scope.now);
  if (named) {
    scope.tx.execute(kSaveNamed, values.add(kWithName, row));
  } else {
    scope.tx.execute(kSave, values.add(kCourse, row));
  }
}

std::vector<std::string> find_stores_with_due_payments(db::Transaction& tx, Timestamp now) {
  static constexpr db::Sql kFind{R"sql(SELECT s.store_id FROM store s
      WHERE EXISTS (SELECT 1 FROM payment p
        WHERE p.store_id = s.store_id AND p.next_check_at <= $1)
      ORDER BY s.store_id)sql"};
  return find_stores(tx, kFind, {now});
}

std::optional<PaymentId> lease_due_payment(const Scope& scope, Timestamp until) {
  static constexpr db::Sql kLease{R"sql(UPDATE payment SET next_check_at = $3, checks = checks + 1
      WHERE store_id = $1 AND next_check_at <= $2 AND id = (
        SELECT id FROM payment WHERE store_id = $1 AND next_check_at <= $2
        ORDER BY next_check_at, id LIMIT 1)
      RETURNING id)sql"};
  return scope.tx.first<PaymentId>(kLease, {scope.store, scope.now, until}, read_id);
}

// ---- captures and refunds

std::vector<EntryRow> load_entries(const Scope& scope, const PaymentId& payment) {
  static constexpr db::Sql kLoad = sql<R"sql(SELECT {columns}
      FROM payment_entry WHERE store_id = $1 AND payment_id = $2 ORDER BY id)sql",
                                       kEntry>;
  return scope.tx.all<EntryRow>(kLoad, {scope.store, payment}, kEntry);
}

std::vector<EntryRow> load_order_entries(const Scope& scope, const OrderId& order) {
  static constexpr db::Sql kLoad = sql<R"sql(SELECT {e.columns}
      FROM payment p JOIN payment_entry e ON e.store_id = p.store_id AND e.payment_id = p.id
      WHERE p.store_id = $1 AND p.order_id = $2)sql",
                                       kEntry>;
  return scope.tx.all<EntryRow>(kLoad, {scope.store, order}, kEntry);
}

void insert_entry(const Scope& scope, const EntryRow& row) {
  static constexpr db::Sql kInsert = sql<R"sql(INSERT INTO payment_entry
      (store_id, {columns}, created_at, updated_at) VALUES ($1, {values 3}, $2, $2))sql",
                                         kEntry>;
  scope.tx.execute(kInsert, Parameters(scope.store, scope.now).add(kEntry, row));
}

void save_entry(const Scope& scope, const EntryRow& row) {
  static constexpr db::Sql kSave{R"sql(UPDATE payment_entry
      SET state = $4, external_id = $5, updated_at = $6, amount_cents = $7, tax_cents = $8
      WHERE store_id = $1 AND payment_id = $2 AND id = $3)sql"};
  scope.tx.execute(kSave,
                   {scope.store, row.payment_id, row.id, row.state, db::nullable(row.external_id),
                    scope.now, row.amount_cents, row.tax_cents});
}

// ---- webhooks

bool insert_webhook(const Scope& scope, const WebhookRow& row) {
  static constexpr db::Sql kInsert = sql<R"sql(INSERT INTO webhook_event
      (store_id, {columns}) VALUES ($1, {values 2}) ON CONFLICT DO NOTHING)sql",
                                         kWebhook>;
  return scope.tx.execute(kInsert, Parameters(scope.store).add(kWebhook, row)) == 1;
}

bool webhook_exists(const Scope& scope, std::string_view processor, std::string_view event_id) {
  static constexpr db::Sql kFind{R"sql(SELECT attempts FROM webhook_event
      WHERE store_id = $1 AND processor = $2 AND event_id = $3)sql"};
  return scope.tx
      .first<std::int64_t>(kFind, {scope.store, processor, event_id},
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

std::optional<WebhookRow> lease_parked_webhook(const Scope& scope, Timestamp until) {
  static constexpr db::Sql kLease = sql<R"sql(UPDATE webhook_event
      SET next_attempt_at = $3, attempts = attempts + 1
      WHERE store_id = $1 AND next_attempt_at <= $2 AND (processor, event_id) = (
        SELECT processor, event_id FROM webhook_event
        WHERE store_id = $1 AND next_attempt_at <= $2
        ORDER BY next_attempt_at, processor, event_id LIMIT 1)
      RETURNING {columns})sql",
                                        kWebhook>;
  return scope.tx.first<WebhookRow>(kLease, {scope.store, scope.now, until}, kWebhook);
}

void save_webhook(const Scope& scope, const WebhookRow& row) {
  static constexpr db::Sql kSave{R"sql(UPDATE webhook_event
      SET state = $4, next_attempt_at = $5
      WHERE store_id = $1 AND processor = $2 AND event_id = $3)sql"};
  scope.tx.execute(kSave,
                   {scope.store, row.processor, row.event_id, row.state, row.next_attempt_at});
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

std::int64_t forget_webhooks(const Scope& scope, Timestamp before, std::int64_t limit) {
  static constexpr db::Sql kForget{R"sql(DELETE FROM webhook_event
      WHERE store_id = $1 AND (processor, event_id) IN (
        SELECT w.processor, w.event_id FROM webhook_event w
        WHERE w.store_id = $1 AND w.next_attempt_at IS NULL AND w.received_at < $2
          AND NOT EXISTS (SELECT 1 FROM payment p WHERE p.store_id = w.store_id
            AND p.processor = w.processor AND p.external_id = w.external_id
            AND p.next_check_at IS NOT NULL)
        ORDER BY w.received_at, w.processor, w.event_id LIMIT $3))sql"};
  return scope.tx.execute(kForget, {scope.store, before, limit});
}

// ---- notes

ProcessorNotes::Note read_note(const Scope& scope, std::string_view processor,
                               std::string_view key) {
  static constexpr db::Sql kRead{R"sql(SELECT value, version FROM processor_note
      WHERE store_id = $1 AND processor = $2 AND note_key = $3)sql"};
  return scope.tx
      .first<ProcessorNotes::Note>(
          kRead, {scope.store, processor, key},
          [](db::Columns& in, ProcessorNotes::Note& out) { in >> out.value >> out.version; })
      .value_or(ProcessorNotes::Note{});
}

bool write_note(const Scope& scope, std::string_view processor, std::string_view key,
                std::string_view value, std::int64_t version) {
  static constexpr db::Sql kInsert{R"sql(INSERT INTO processor_note
      (store_id, processor, note_key, value, version, kept_from) VALUES ($1, $2, $3, $4, 1, $5)
      ON CONFLICT DO NOTHING)sql"};
  static constexpr db::Sql kUpdate{R"sql(UPDATE processor_note
      SET value = $4, version = version + 1, kept_from = $5
      WHERE store_id = $1 AND processor = $2 AND note_key = $3 AND version = $6)sql"};
  if (version == 0)
    return scope.tx.execute(kInsert, {scope.store, processor, key, value, scope.now}) == 1;
  return scope.tx.execute(kUpdate, {scope.store, processor, key, value, scope.now, version}) == 1;
}

std::vector<std::string> find_stores_with_old_notes(db::Transaction& tx, Timestamp now) {
  static constexpr db::Sql kFind{R"sql(SELECT s.store_id FROM store s
      WHERE EXISTS (SELECT 1 FROM processor_note n WHERE n.store_id = s.store_id
        AND n.kept_from < $1 - COALESCE(s.note_days, $2) * $3)
      ORDER BY s.store_id)sql"};
  return find_stores(tx, kFind, {now, CheckoutSettings{}.note_days, kMicrosPerDay});
}

std::vector<NoteKey> list_old_notes(const Scope& scope, Timestamp before, std::int64_t limit) {
  static constexpr db::Sql kList{R"sql(SELECT processor, note_key FROM processor_note
      WHERE store_id = $1 AND kept_from < $2 ORDER BY kept_from, processor, note_key
      LIMIT $3)sql"};
  return scope.tx.all<NoteKey>(
      kList, {scope.store, before, limit},
      [](db::Columns& in, NoteKey& out) { in >> out.processor >> out.key; });
}

void delete_note(const Scope& scope, const NoteKey& note) {
  static constexpr db::Sql kDelete{R"sql(DELETE FROM processor_note
      WHERE store_id = $1 AND processor = $2 AND note_key = $3)sql"};
  scope.tx.execute(kDelete, {scope.store, note.processor, note.key});
}

void keep_note(const Scope& scope, const NoteKey& note, std::optional<Timestamp> from) {
  static constexpr db::Sql kKeep{R"sql(UPDATE processor_note SET kept_from = $4
      WHERE store_id = $1 AND processor = $2 AND note_key = $3)sql"};
  scope.tx.execute(kKeep, {scope.store, note.processor, note.key, from});
}

}  // namespace resys::rows
