// Payments and their captures and refunds, webhooks, payment methods, and processors' notes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/database.hpp"
#include "resys/processor.hpp"

namespace resys::store {

// ---- payments

// Why a payment is to end: written before the processor is asked to cancel it.
enum class Closing { canceled, canceled_by_staff, reopened, expired, declined, due };

struct PaymentRow {
  PaymentId id;
  OrderId order_id;
  PaymentMethodId payment_method_id;
  std::string processor;
  PaymentState state = PaymentState::created;
  Currency currency;
  std::int64_t amount_cents = 0;
  std::int64_t authorized_cents = 0;
  std::string external_id;    // empty until the processor has answered
  std::string client_secret;  // sealed; empty: none, or none could be sealed
  std::string return_url;
  std::string content_hash;  // of the lines and totals it was made for
  std::int64_t attempt = 1;  // part of idempotency keys; rises after a definitive refusal
  // Calls to make it that were begun and not answered with "definitely not done". None: it is
  // certain that the processor has nothing, as long as it has given no id either.
  std::int64_t open_creates = 0;
  std::optional<Closing> closing;
  std::string decline_code;
  std::string decline_message;
  std::optional<Timestamp> expires_at;     // the stock's deadline, or the due date
  std::optional<Timestamp> next_check_at;  // none: nothing more can come of it
  std::int64_t checks = 0;                 // leases since anything became of it
  Timestamp created_at;
};

void insert_payment(db::Transaction& tx, std::string_view store, const PaymentRow& row);
std::optional<PaymentRow> load_payment(db::Transaction& tx, std::string_view store,
                                       const PaymentId& id);
bool is_payment_of(db::Transaction& tx, std::string_view store, std::string_view processor,
                   const PaymentId& id);
std::optional<PaymentId> find_external_payment(db::Transaction& tx, std::string_view store,
                                               std::string_view processor,
                                               std::string_view external_id);
// Oldest first.
std::vector<PaymentRow> load_payments(db::Transaction& tx, std::string_view store,
                                      const OrderId& order);
// Writes all that may change; `named`: also its external id, which is given once. The order's root
// row is locked by this transaction.
void save_payment(db::Transaction& tx, std::string_view store, const PaymentRow& row, bool named,
                  Timestamp now);

// Takes payments whose check is due, and puts their next check off to `until`, so that nobody else
// takes them meanwhile.
std::vector<PaymentId> lease_due_payments(db::Transaction& tx, std::string_view store,
                                          Timestamp now, Timestamp until, std::int64_t limit);

// ---- captures and refunds

enum class EntryKind { capture, refund };

struct EntryRow {
  PaymentEntryId id;
  PaymentId payment_id;
  EntryKind kind = EntryKind::capture;
  RefundState state = RefundState::pending;  // captures have the same states
  std::int64_t amount_cents = 0;
  std::string external_id;
  std::string reason;
};

// In the order they were made.
std::vector<EntryRow> load_entries(db::Transaction& tx, std::string_view store,
                                   const PaymentId& payment);
// Those of all payments of the order.
std::vector<EntryRow> load_order_entries(db::Transaction& tx, std::string_view store,
                                         const OrderId& order);
void insert_entry(db::Transaction& tx, std::string_view store, const EntryRow& row, Timestamp now);
// pending -> an end; and the external id.
void save_entry(db::Transaction& tx, std::string_view store, const EntryRow& row, Timestamp now);

// ---- webhooks

enum class WebhookState { applied, ignored, parked };

struct WebhookRow {
  std::string processor;
  std::string event_id;
  std::string type;
  WebhookState state = WebhookState::applied;
  PaymentMethodId payment_method_id;
  std::string payment_id;  // as the event names it; may be nobody's
  std::string external_id;
  std::string dispute_status;  // empty: it is about no dispute
  std::int64_t attempts = 0;
  std::optional<Timestamp> next_attempt_at;  // of a parked one
  Timestamp received_at;
};

// False if the event was seen before.
bool insert_webhook(db::Transaction& tx, std::string_view store, const WebhookRow& row);
bool webhook_exists(db::Transaction& tx, std::string_view store, std::string_view processor,
                    std::string_view event_id);
// As lease_due_payments.
std::vector<WebhookRow> lease_parked_webhooks(db::Transaction& tx, std::string_view store,
                                              Timestamp now, Timestamp until, std::int64_t limit);
void settle_webhook(db::Transaction& tx, std::string_view store, const WebhookRow& row);

// ---- payment methods

struct PaymentMethodRow {
  PaymentMethod method;
  std::string private_metadata;  // sealed; empty: none
};

// By position, then id.
std::vector<PaymentMethodRow> list_payment_methods(db::Transaction& tx, std::string_view store);
std::optional<PaymentMethodRow> find_payment_method(db::Transaction& tx, std::string_view store,
                                                    const PaymentMethodId& id);
void insert_payment_method(db::Transaction& tx, std::string_view store, const PaymentMethod& method,
                           Timestamp now);
// False if there is no such method. Absent fields of the request keep their value.
bool update_payment_method(db::Transaction& tx, std::string_view store,
                           const UpdatePaymentMethod& request, Timestamp now);
void save_payment_config(db::Transaction& tx, std::string_view store, const PaymentMethodRow& row,
                         Timestamp now);
std::optional<Timestamp> payment_method_updated_at(db::Transaction& tx, std::string_view store,
                                                   const PaymentMethodId& id);

// ---- notes

ProcessorNotes::Note read_note(db::Transaction& tx, std::string_view store,
                               std::string_view processor, std::string_view key);
// False unless the note is at `version` (0: there is none).
bool write_note(db::Transaction& tx, std::string_view store, std::string_view processor,
                std::string_view key, std::string_view value, std::int64_t version);

}  // namespace resys::store

namespace resys {

template <>
struct EnumNames<store::Closing> {
  static constexpr std::string_view type = "Closing";
  static constexpr std::array<std::string_view, 6> names{"canceled", "canceledByStaff", "reopened",
                                                         "expired",  "declined",        "due"};
};
template <>
struct EnumNames<store::EntryKind> {
  static constexpr std::string_view type = "EntryKind";
  static constexpr std::array<std::string_view, 2> names{"capture", "refund"};
};
template <>
struct EnumNames<store::WebhookState> {
  static constexpr std::string_view type = "WebhookState";
  static constexpr std::array<std::string_view, 3> names{"applied", "ignored", "parked"};
};

}  // namespace resys
