// Payments: their machine, the methods a store offers, and the doors through which news of money
// comes in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "resys/common.hpp"
#include "resys/state_machine.hpp"

namespace resys {

// failed and voided end a payment without money; captured ends it with money.
enum class PaymentState {
  created,
  processing,
  requires_action,
  authorized,
  captured,
  failed,
  voided
};
template <>
struct EnumNames<PaymentState> {
  static constexpr std::string_view type = "PaymentState";
  static constexpr std::array<std::string_view, 7> names{
      "created", "processing", "requires_action", "authorized", "captured", "failed", "voided"};
};

// What a processor may report of a payment.
enum class PaymentEvent { await, process, require_action, authorize, capture, fail, cancel };
template <>
struct EnumNames<PaymentEvent> {
  static constexpr std::string_view type = "PaymentEvent";
  static constexpr std::array<std::string_view, 7> names{
      "await", "process", "requireAction", "authorize", "capture", "fail", "cancel"};
};

// A declined attempt leads back to created. failed or voided -> captured is a late payment.
inline constexpr Transition<PaymentState, PaymentEvent> kPaymentTransitions[] = {
    {PaymentState::created, PaymentEvent::await, PaymentState::created},
    {PaymentState::created, PaymentEvent::process, PaymentState::processing},
    {PaymentState::created, PaymentEvent::require_action, PaymentState::requires_action},
    {PaymentState::created, PaymentEvent::authorize, PaymentState::authorized},
    {PaymentState::created, PaymentEvent::capture, PaymentState::captured},
    {PaymentState::created, PaymentEvent::fail, PaymentState::failed},
    {PaymentState::created, PaymentEvent::cancel, PaymentState::voided},
    {PaymentState::processing, PaymentEvent::await, PaymentState::created},
    {PaymentState::processing, PaymentEvent::process, PaymentState::processing},
    {PaymentState::processing, PaymentEvent::require_action, PaymentState::requires_action},
    {PaymentState::processing, PaymentEvent::authorize, PaymentState::authorized},
    {PaymentState::processing, PaymentEvent::capture, PaymentState::captured},
    {PaymentState::processing, PaymentEvent::fail, PaymentState::failed},
    {PaymentState::processing, PaymentEvent::cancel, PaymentState::voided},
    {PaymentState::requires_action, PaymentEvent::await, PaymentState::created},
    {PaymentState::requires_action, PaymentEvent::process, PaymentState::processing},
    {PaymentState::requires_action, PaymentEvent::require_action, PaymentState::requires_action},
    {PaymentState::requires_action, PaymentEvent::authorize, PaymentState::authorized},
    {PaymentState::requires_action, PaymentEvent::capture, PaymentState::captured},
    {PaymentState::requires_action, PaymentEvent::fail, PaymentState::failed},
    {PaymentState::requires_action, PaymentEvent::cancel, PaymentState::voided},
    {PaymentState::authorized, PaymentEvent::authorize, PaymentState::authorized},
    {PaymentState::authorized, PaymentEvent::capture, PaymentState::captured},
    {PaymentState::authorized, PaymentEvent::fail, PaymentState::failed},
    {PaymentState::authorized, PaymentEvent::cancel, PaymentState::voided},
    {PaymentState::captured, PaymentEvent::capture, PaymentState::captured},
    {PaymentState::failed, PaymentEvent::capture, PaymentState::captured},
    {PaymentState::voided, PaymentEvent::capture, PaymentState::captured},
};
static_assert(deterministic(kPaymentTransitions) &&
              all_reachable(kPaymentTransitions, PaymentState::created));

// A payment of an order, as those who see the order see it.
struct OrderPayment {
  PaymentId id{};
  PaymentState state = PaymentState::created;
  PaymentMethodId payment_method_id{};
  std::string name{};             // of its method
  std::string processor{};        // its name: "stripe"
  bool offline = false;           // by hand: staff mark what has come and what went back
  std::string instructions{};     // how to pay, of its method; empty once it has ended
  std::int64_t amount_cents = 0;  // asked for; all in minor units of the order's currency
  std::int64_t captured_cents = 0;
  std::int64_t refunded_cents = 0;        // for certain
  std::int64_t refund_pending_cents = 0;  // asked for; not known to have succeeded
};

// An amount that came, went back, or that staff have waived.
enum class PaymentEntryKind { capture, refund, waiver };
template <>
struct EnumNames<PaymentEntryKind> {
  static constexpr std::string_view type = "PaymentEntryKind";
  static constexpr std::array<std::string_view, 3> names{"capture", "refund", "waiver"};
};

// What a shopper sees of a store's payment method.
struct OfferedPaymentMethod {
  PaymentMethodId id{};
  std::string name{};
  std::string processor{};
  // As the processor's config_fields() allow: {"publishableKey","pk_..."}.
  Pairs public_settings{};
};

// What staff see of it. Secrets are written by configure() and can be read nowhere.
struct PaymentMethod {
  PaymentMethodId id{};
  std::string name{};
  std::string processor{};
  // How to pay by it, for people: a bank account. Told to the shopper with amount, reference (the
  // order's number) and deadline, on the order and by mail. Empty: there is nothing to tell.
  std::string instructions{};
  bool active = true;         // false: not offered; its open payments go on
  std::int64_t position = 0;  // lowest first in lists
  Pairs public_settings{};
  std::vector<std::string> configured{};  // names of the fields that have a value, secret ones too
};

struct ListPaymentMethods {};

struct CreatePaymentMethod {
  std::string name{};
  std::string processor{};  // a name among ShopOptions::processors: "stripe", "test", "manual"
  std::string instructions{};
  bool active = true;
  std::int64_t position = 0;
};

struct UpdatePaymentMethod {
  PaymentMethodId payment_method_id{};
  std::optional<std::string> name{};
  std::optional<std::string> instructions{};
  std::optional<bool> active{};
  std::optional<std::int64_t> position{};
};

// In JSON the fields stand beside each other in the body. Absent ones keep their value, empty text
// clears one.
struct ConfigurePaymentMethod {
  PaymentMethodId payment_method_id{};
  Pairs values{};  // {"secretKey","sk_..."}, names as in the processor's config_fields()
};

struct PaymentMethodConfig {
  PaymentMethodId payment_method_id{};
  std::vector<std::string> configured{};  // names of the fields that have a value, secret ones too
  Timestamp updated_at{};
};

// Staff. The ways to pay that a store offers. An error leaves a method as it was.
class AdminPaymentMethods {
 public:
  explicit AdminPaymentMethods(Context& context) : context_(context) {}

  // Lists all of them, by position.
  // Errors: none of its own.
  Result<Page<PaymentMethod>> list(const Caller& caller, const ListPaymentMethods& request = {});
  // Makes a method. One whose processor has no required settings can be used at once, others once
  // they are configured. invalid_request: the shop was opened without that processor.
  // Errors: none of its own.
  Result<PaymentMethod> create(const Caller& caller, const CreatePaymentMethod& request);
  // Changes what is shown of a method; absent fields keep their value.
  // Errors: not_found.
  Result<PaymentMethod> update(const Caller& caller, const UpdatePaymentMethod& request);
  // Encrypts and stores settings. The next call uses them, no restart. invalid_request: the
  // processor has no setting of the name in `field`, or refuses its value. invalid_state: the shop
  // was opened without this processor, or without a key to encrypt secrets with.
  // Errors: not_found, invalid_request, invalid_state.
  Result<PaymentMethodConfig> configure(const Caller& caller,
                                        const ConfigurePaymentMethod& request);

 private:
  Context& context_;
};

// A webhook exactly as it came: the signature is over the raw bytes.
struct ReceiveWebhook {
  // A payment method's id, or a processor's name: then the secrets of each of the store's methods
  // by that processor are tried.
  std::string target{};
  Headers headers{};
  std::string payload{};
};

struct WebhookReceipt {
  bool received = true;
};

// For processors.
class Webhooks {
 public:
  explicit Webhooks(Context& context) : context_(context) {}

  // Takes a webhook; its signature authenticates it, whatever the caller's audience is. Returns
  // once the effect is durable, so that the sender may forget it. An event seen before changes
  // nothing; one about a payment that is not here yet is kept, and background work retries it.
  //
  // invalid_signature: it was not signed for a method of the store; nothing was stored. not_found:
  // the store has no payment method `target`.
  //
  // What it says of a payment counts only if the payment's own method has verified it; else the
  // processor is asked with that method's settings. processor_unavailable and outcome_unknown are
  // the failures of that: the sender should send it again.
  // Errors: invalid_signature, not_found, processor_unavailable, outcome_unknown.
  Result<WebhookReceipt> receive(const Caller& caller, const ReceiveWebhook& request);

 private:
  Context& context_;
};

}  // namespace resys
