// Payments and their captures and refunds, webhooks, payment methods, and processors' notes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/actor.hpp"
#include "base/scope.hpp"
#include "payment/row.hpp"
#include "resys/processor.hpp"

namespace resys::rows {

// ---- payments

// A payment as callers see it.
struct PaymentView {
  PaymentRow row;
  std::string method_name;
  std::string instructions;
};

void insert_payment(const Scope& scope, const PaymentRow& row);
std::optional<PaymentRow> load_payment(const Scope& scope, const PaymentId& id);
// The client secrets of open payments. Other payments have none.
template <class OwnerId>
struct SealedText {
  OwnerId id;
  std::string sealed;
};
std::vector<SealedText<PaymentId>> list_sealed_payments(const Scope& scope);
// Writes the secret if it is still `before`. An empty text means none. This transaction must have
// locked the order's root row.
bool reseal_payment(const Scope& scope, const PaymentId& id, std::string_view before,
                    const std::string& after);
bool is_payment_of(const Scope& scope, std::string_view processor, const PaymentId& id);
std::optional<PaymentId> find_external_payment(const Scope& scope, std::string_view processor,
                                               std::string_view external_id);
// Oldest first.
std::vector<PaymentRow> load_payments(const Scope& scope, const OrderId& order);
std::vector<PaymentView> view_payments(const Scope& scope, const OrderId& order);
// Writes everything that may change. If `named`, also the external id, which is only written once.
// This transaction must have locked the order's root row.
void save_payment(const Scope& scope, const PaymentRow& row, bool named);

std::vector<std::string> find_stores_with_due_payments(db::Transaction& tx, Timestamp now);
// Leases the payment whose check has been due for longest. Its next check is put off to `until`, so
// that nobody else takes it in the meantime. Returns nothing if none is due.
std::optional<PaymentId> lease_due_payment(const Scope& scope, Timestamp until);

// ---- captures and refunds

// The payment's entries, in the order in which they were made.
std::vector<EntryRow> load_entries(const Scope& scope, const PaymentId& payment);
// The entries of all payments of the order.
std::vector<EntryRow> load_order_entries(const Scope& scope, const OrderId& order);
void insert_entry(const Scope& scope, const EntryRow& row);
// Writes the state (pending to a final one), the external id, and the amount that really went back.
void save_entry(const Scope& scope, const EntryRow& row);

// ---- webhooks

enum class WebhookState { applied, ignored, parked };

struct WebhookRow {
  std::string processor;
  std::string event_id;
  std::string type;
  WebhookState state = WebhookState::applied;
  PaymentMethodId payment_method_id;
  std::string payment_id;  // as the event names it; may be unknown
  std::string external_id;
  std::int64_t attempts = 0;
  std::optional<Timestamp> next_attempt_at;  // of a parked one
  Timestamp received_at;
};

// Returns false if the event was seen before.
bool insert_webhook(const Scope& scope, const WebhookRow& row);
bool webhook_exists(const Scope& scope, std::string_view processor, std::string_view event_id);
std::vector<std::string> find_stores_with_due_webhooks(db::Transaction& tx, Timestamp now);
// Like lease_due_payment().
std::optional<WebhookRow> lease_parked_webhook(const Scope& scope, Timestamp until);
void save_webhook(const Scope& scope, const WebhookRow& row);
// The stores with webhooks that are older than their setting allows, are not parked, and belong to
// no open payment.
std::vector<std::string> find_stores_with_old_webhooks(db::Transaction& tx, Timestamp now);
// Deletes at most `limit` of these that were received before `before`. Returns how many.
std::int64_t forget_webhooks(const Scope& scope, Timestamp before, std::int64_t limit);

// ---- payment methods

struct PaymentMethodRow {
  PaymentMethod method;
  std::string private_metadata;  // sealed; empty: none
};

// Sorted by position, then by id.
std::vector<PaymentMethodRow> list_payment_methods(const Scope& scope);
std::optional<PaymentMethodRow> find_payment_method(const Scope& scope, const PaymentMethodId& id);
void insert_payment_method(const Scope& scope, const PaymentMethod& method);
// Returns false if there is no such method. Absent fields of the request keep their value.
bool update_payment_method(const Scope& scope, const UpdatePaymentMethod& request);
void save_payment_config(const Scope& scope, const PaymentMethodRow& row);
std::optional<Timestamp> payment_method_updated_at(const Scope& scope, const PaymentMethodId& id);

// The sealed secret settings of the methods.
std::vector<SealedText<PaymentMethodId>> list_sealed_methods(const Scope& scope);
// Writes the settings if they are still `before`.
bool reseal_method(const Scope& scope, const PaymentMethodId& id, std::string_view before,
                   const std::string& after);

// ---- notes

ProcessorNotes::Note read_note(const Scope& scope, std::string_view processor,
                               std::string_view key);
// Returns false unless the note is at `version` (0: there is no note).
bool write_note(const Scope& scope, std::string_view processor, std::string_view key,
                std::string_view value, std::int64_t version);
struct NoteKey {
  std::string processor;
  std::string key;
};
// The stores with notes that are to be looked at, because they are older than the store's setting
// allows.
std::vector<std::string> find_stores_with_old_notes(db::Transaction& tx, Timestamp now);
std::vector<NoteKey> list_old_notes(const Scope& scope, Timestamp before, std::int64_t limit);
void delete_note(const Scope& scope, const NoteKey& note);
// Puts off the next look at the note until it is older than that. Without a time, it is looked at
// when it was written again.
void keep_note(const Scope& scope, const NoteKey& note, std::optional<Timestamp> from);

}  // namespace resys::rows

namespace resys {

template <>
struct EnumNames<rows::WebhookState> {
  static constexpr std::string_view type = "WebhookState";
  static constexpr std::array<std::string_view, 3> names{"applied", "ignored", "parked"};
};

}  // namespace resys
