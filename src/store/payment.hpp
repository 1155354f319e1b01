// Payments and their captures and refunds, webhooks, payment methods, and processors' notes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/database.hpp"
#include "resys/processor.hpp"
#include "store/actor.hpp"

namespace resys::store {

// ---- payments

// Why a payment is to end: written before the processor is asked to cancel it.
// `replaced`: the order is to be paid by another payment.
enum class Closing {
  canceled,
  canceled_by_staff,
  reopened,
  expired,
  declined,
  due,
  stock_lost,
  replaced
};

struct PaymentRow {
  PaymentId id;
  OrderId order_id;
  PaymentMethodId payment_method_id;
  std::string processor;
  bool offline = false;  // by the processor's traits: the money comes, and goes back, by hand
  PaymentState state = PaymentState::created;
  Currency currency;
  std::int64_t amount_cents = 0;
  std::int64_t authorized_cents = 0;
  std::string external_id;  // empty until the processor has answered
  // Sealed; empty: none, none could be sealed, or the payment has ended.
  std::string client_secret;
  std::string return_url;
  std::string content_hash;  // of the lines and totals it was made for
  std::int64_t attempt = 1;  // part of idempotency keys; rises after a definitive refusal
  // Calls to make it that were begun and not answered with "definitely not done". None: it is
  // certain that the processor has nothing, as long as it has given no id either.
  std::int64_t open_creates = 0;
  std::optional<Closing> closing;
  ActorRef closing_actor;  // who wants it to end
  std::string decline_code;
  std::string decline_message;
  std::string dispute_status;              // the last that was told; empty: none
  std::optional<Timestamp> expires_at;     // the stock's deadline, or the due date
  std::optional<Timestamp> next_check_at;  // none: nothing more can come of it
  std::int64_t checks = 0;                 // leases since anything became of it
  Timestamp created_at;
};

// As callers see it.
struct PaymentView {
  PaymentRow row;
  std::string method_name;
  std::string instructions;
};

void insert_payment(db::Transaction& tx, std::string_view store, const PaymentRow& row);
std::optional<PaymentRow> load_payment(db::Transaction& tx, std::string_view store,
                                       const PaymentId& id);
// Client secrets of open payments: the others have none.
template <class OwnerId>
struct SealedText {
  OwnerId id;
  std::string sealed;
};
std::vector<SealedText<PaymentId>> list_sealed_payments(db::Transaction& tx,
                                                        std::string_view store);
// Writes it if it is still `before`. Empty: none. The order's root row is locked by this
// transaction.
bool reseal_payment(db::Transaction& tx, std::string_view store, const PaymentId& id,
                    std::string_view before, const std::string& after);
bool is_payment_of(db::Transaction& tx, std::string_view store, std::string_view processor,
                   const PaymentId& id);
std::optional<PaymentId> find_external_payment(db::Transaction& tx, std::string_view store,
                                               std::string_view processor,
                                               std::string_view external_id);
// Oldest first.
std::vector<PaymentRow> load_payments(db::Transaction& tx, std::string_view store,
                                      const OrderId& order);
// Whether money ever came for the order, refunded since or not.
bool has_captured_payment(db::Transaction& tx, std::string_view store, const OrderId& order);
std::vector<PaymentView> view_payments(db::Transaction& tx, std::string_view store,
                                       const OrderId& order);
// Writes all that may change; `named`: also its external id, which is given once. The order's root
// row is locked by this transaction.
void save_payment(db::Transaction& tx, std::string_view store, const PaymentRow& row, bool named,
                  Timestamp now);

std::vector<std::string> find_stores_with_due_payments(db::Transaction& tx, Timestamp now);
// Takes the payment whose check has been due for longest, and puts its next check off to `until`,
// so that nobody else takes it meanwhile. Nothing if none is due.
std::optional<PaymentId> lease_due_payment(db::Transaction& tx, std::string_view store,
                                           Timestamp now, Timestamp until);

// ---- captures and refunds

// `waiver`: what staff have said need not be paid.
enum class EntryKind { capture, refund, waiver };

struct EntryRow {
  PaymentEntryId id;
  PaymentId payment_id;
  EntryKind kind = EntryKind::capture;
  RefundState state = RefundState::pending;  // captures have the same states
  std::int64_t amount_cents = 0;
  std::string external_id;
  std::string reason;
  ActorRef actor{Actor::processor};  // who asked for it
};

// In the order they were made.
std::vector<EntryRow> load_entries(db::Transaction& tx, std::string_view store,
                                   const PaymentId& payment);
// Those of all payments of the order.
std::vector<EntryRow> load_order_entries(db::Transaction& tx, std::string_view store,
                                         const OrderId& order);
void insert_entry(db::Transaction& tx, std::string_view store, const EntryRow& row, Timestamp now);
// pending -> an end; the external id, and the amount of what really goes back.
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
  std::int64_t attempts = 0;
  std::optional<Timestamp> next_attempt_at;  // of a parked one
  Timestamp received_at;
};

// False if the event was seen before.
bool insert_webhook(db::Transaction& tx, std::string_view store, const WebhookRow& row);
bool webhook_exists(db::Transaction& tx, std::string_view store, std::string_view processor,
                    std::string_view event_id);
std::vector<std::string> find_stores_with_due_webhooks(db::Transaction& tx, Timestamp now);
// As lease_due_payment.
std::optional<WebhookRow> lease_parked_webhook(db::Transaction& tx, std::string_view store,
                                               Timestamp now, Timestamp until);
void settle_webhook(db::Transaction& tx, std::string_view store, const WebhookRow& row);
// The stores that have webhooks older than their setting says: not parked, and of no payment that
// is open.
std::vector<std::string> find_stores_with_old_webhooks(db::Transaction& tx, Timestamp now);
// Deletes at most `limit` of those received before `before`; answers how many.
std::int64_t forget_webhooks(db::Transaction& tx, std::string_view store, Timestamp before,
                             std::int64_t limit);

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

// Their secret settings.
std::vector<SealedText<PaymentMethodId>> list_sealed_methods(db::Transaction& tx,
                                                             std::string_view store);
// Writes them if they are still `before`.
bool reseal_method(db::Transaction& tx, std::string_view store, const PaymentMethodId& id,
                   std::string_view before, const std::string& after);

// ---- notes

ProcessorNotes::Note read_note(db::Transaction& tx, std::string_view store,
                               std::string_view processor, std::string_view key);
// False unless the note is at `version` (0: there is none).
bool write_note(db::Transaction& tx, std::string_view store, std::string_view processor,
                std::string_view key, std::string_view value, std::int64_t version, Timestamp now);
struct NoteKey {
  std::string processor;
  std::string key;
};
// The stores that have notes to be looked at, because they are older than their setting says.
std::vector<std::string> find_stores_with_old_notes(db::Transaction& tx, Timestamp now);
std::vector<NoteKey> list_old_notes(db::Transaction& tx, std::string_view store, Timestamp before,
                                    std::int64_t limit);
void delete_note(db::Transaction& tx, std::string_view store, const NoteKey& note);
// Looked at again when it is older than that; nothing: when it was written again.
void keep_note(db::Transaction& tx, std::string_view store, const NoteKey& note,
               std::optional<Timestamp> from);

}  // namespace resys::store

namespace resys {

template <>
struct EnumNames<store::Closing> {
  static constexpr std::string_view type = "Closing";
  static constexpr std::array<std::string_view, 8> names{"canceled",  "canceledByStaff", "reopened",
                                                         "expired",   "declined",        "due",
                                                         "stockLost", "replaced"};
};
template <>
struct EnumNames<store::EntryKind> {
  static constexpr std::string_view type = "EntryKind";
  static constexpr std::array<std::string_view, 3> names{"capture", "refund", "waiver"};
};
template <>
struct EnumNames<store::WebhookState> {
  static constexpr std::string_view type = "WebhookState";
  static constexpr std::array<std::string_view, 3> names{"applied", "ignored", "parked"};
};

}  // namespace resys
