// The payment processor port. Stripe, test and manual are built in; a host may write its own. The
// shop persists what it wants to do before it calls, calls with no transaction open, and asks again
// with the same idempotency key until it has a definite answer.
//
// Example: a bank of the host's own. bank_pay() returns the bank's id of the payment, or an error;
// the other four calls are alike. It goes into ShopOptions::processors.
//
//   class Bank final : public resys::PaymentProcessor {
//     std::string_view name() const noexcept override { return "bank"; }
//     std::vector<resys::ConfigField> config_fields() const override {
//       return {{.name = "apiKey", .secret = true, .required = true}};
//     }
//     resys::Result<void> accepts(resys::Money) const override { return resys::success(); }
//     resys::Result<resys::PaymentSnapshot> create_payment(
//         const resys::ProcessorContext& context, const resys::CreatePayment& request) override {
//       const auto key = context.setting("apiKey");
//       RESYS_TRY(id, bank_pay(key, request.amount, request.idempotency_key));
//       return resys::PaymentSnapshot{.external_id = id,
//                                     .currency = request.amount.currency(),
//                                     .amount_cents = request.amount.minor(),
//                                     .payment_id = request.payment_id.text()};
//     }
//   };
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "resys/host.hpp"
#include "resys/id.hpp"
#include "resys/money.hpp"
#include "resys/payment.hpp"

namespace resys {

// A setting of a payment method. Public ones are shown to shoppers, secret ones to nobody.
struct ConfigField {
  std::string name{};
  bool secret = false;
  bool public_to_shoppers = false;
  bool required = false;  // the method is offered to shoppers once all required ones have a value
};

// A processor's durable notes in the shop's database, for processors that keep their own state
// there (the test processor does). Keys are per store and processor, at most 200 bytes; a value has
// at most 1 MiB. A note whose key is the external id of a payment is deleted some time after the
// payment has ended and none of its money is left (CheckoutSettings::note_days); others stay.
class ProcessorNotes {
 public:
  struct Note {
    std::string value{};
    std::int64_t version = 0;  // 0: there is none yet
  };
  virtual ~ProcessorNotes() = default;
  // Errors: busy, storage.
  virtual Result<Note> read(std::string_view key) = 0;
  // Writes if the note is still at `version`; else conflict. Durable once it returns.
  // Errors: invalid_request, conflict, busy, outcome_unknown, storage.
  virtual Result<void> write(std::string_view key, std::string_view value,
                             std::int64_t version) = 0;
};

// What a processor is given with every call. Valid during the call only.
struct ProcessorContext {
  std::string_view store{};
  PaymentMethodId payment_method_id{};
  const Pairs& config;  // decrypted; do not log
  HttpTransport* http;  // null if the shop has none
  ProcessorNotes& notes;
  Timestamp now{};

  // The setting of that name, or empty.
  std::string_view setting(std::string_view name) const noexcept;
};

// The same key again is the same call, repeated: it must not have its effect twice.
struct CreatePayment {
  PaymentId payment_id{};
  OrderId order_id{};
  std::string order_number{};
  Money amount{};
  std::string email{};       // may be empty
  std::string return_url{};  // may be empty
  std::string idempotency_key{};
  Timestamp created_at{};  // of the payment: nothing was asked for it before
};

struct CapturePayment {
  std::string external_id{};
  Money amount{};  // at most what is authorized; the rest is given up
  std::string idempotency_key{};
};

struct CancelPayment {
  std::string external_id{};
  Money amount{};  // as created
  std::string idempotency_key{};
};

struct RefundPayment {
  std::string external_id{};
  PaymentId payment_id{};
  PaymentEntryId refund_id{};  // to be kept in the processor's metadata
  Money amount{};
  std::string idempotency_key{};
};

struct FetchPayment {
  std::string external_id{};
  Money amount{};  // as created: gives the currency its meaning
};

enum class RefundState { pending, succeeded, failed };
template <>
struct EnumNames<RefundState> {
  static constexpr std::string_view type = "RefundState";
  static constexpr std::array<std::string_view, 3> names{"pending", "succeeded", "failed"};
};

struct RefundSnapshot {
  std::string external_id{};
  PaymentEntryId refund_id{};  // ours, from the processor's metadata; empty if made elsewhere
  RefundState state = RefundState::pending;
  std::int64_t amount_cents = 0;
  std::optional<Currency> currency{};  // if said: the payment's; of another one it is not counted
};

// What a processor knows of a payment at one moment. Amounts in minor units of `currency`. Money
// that was taken is counted, however much it is: less than was asked for is PaymentShort, more is
// PaymentExcess in the order's timeline. Another currency, or a promise of another amount, is no
// answer about the shop's payment: it is written down as PaymentMismatch and completes nothing.
//
// An id has at most 255 bytes, a client secret 10,000: longer ones count as outcome_unknown. A
// message is cut after 500, other words after 200.
struct PaymentSnapshot {
  std::string external_id{};  // the processor's own id, never empty
  PaymentState state = PaymentState::created;
  Currency currency{};
  std::int64_t amount_cents = 0;
  std::int64_t authorized_cents = 0;  // still capturable
  std::int64_t captured_cents = 0;
  std::string client_secret{};    // empty where the processor has none
  std::string decline_code{};     // of the last refused attempt; empty: none
  std::string decline_message{};  // fit for the shopper
  std::optional<Timestamp> capture_before{};
  std::vector<RefundSnapshot> refunds{};  // all of them if `refunds_known`
  bool refunds_known = false;
  // Of its newest dispute, in the processor's word; empty: none is known. Stripe's words:
  // warning_needs_response, warning_under_review, warning_closed, needs_response, under_review,
  // won, lost, prevented, appeal_needs_response, appeal_under_review, and unknown where its secret
  // key may not read disputes. None of them is the last: what was lost may be appealed. Each that
  // is new is told as PaymentDisputed.
  std::string dispute_status{};
  // Ours, from the processor's metadata; empty where it has none.
  std::string payment_id{};
};

// A verified webhook. Ids have at most 255 bytes, its type 200; others are refused.
struct WebhookEvent {
  std::string event_id{};  // the processor's own, unique
  std::string type{};
  std::string external_payment_id{};  // empty: it is about no payment
  std::string payment_id{};           // ours, from metadata; empty: unknown or not ours
  // What the payment is, if the event shows it for certain: it is final (succeeded, canceled), or
  // the processor was asked just now. It counts only where the payment's own method has verified
  // the event; otherwise the shop fetches.
  std::optional<PaymentSnapshot> snapshot{};
};

// What sets a processor apart, beside what it takes.
struct ProcessorTraits {
  // No service is asked: people send the money by hand, and staff say when it has come
  // (AdminOrders::mark_paid) and when it went back (mark_refunded). It may take days.
  bool offline = false;
  bool has_webhooks = false;  // parse_webhook is its own
};

// The codes of an error say what the shop does next:
//   payment_declined, invalid_request, invalid_state, unsupported_currency: definitely not done; it
//   is not repeated. processor_unavailable: definitely not done; it is repeated with the same key.
//   outcome_unknown, and every other code: repeated with the same key until it is known.
// A std::exception counts as outcome_unknown.
// Thread rule: any number of calls at once, from any thread. Calls may block.
class PaymentProcessor {
 public:
  virtual ~PaymentProcessor() = default;

  // name, traits, config_fields, check_config, accepts and step_cents are pure questions, which may
  // be asked at any time, with a transaction open too: they do not block, throw, or call the shop.
  // The calls below are made with none open.

  // "stripe": as stored in payment methods.
  virtual std::string_view name() const noexcept = 0;
  virtual ProcessorTraits traits() const;  // none
  virtual std::vector<ConfigField> config_fields() const = 0;
  // May refuse a setting's value, before it is stored. The default refuses none.
  // Errors: invalid_request.
  virtual Result<void> check_config(const Pairs& config) const;
  // Asked before an order is placed: whether this amount can be taken; the facts say why not.
  // Errors: unsupported_currency.
  virtual Result<void> accepts(Money amount) const = 0;
  // Amounts of this currency are multiples of so many minor units (10 where three decimals are
  // settled as two). Other refunds are refused before they are asked for. The default is 1.
  virtual std::int64_t step_cents(Currency currency) const;

  // Begins to take money. After a refusal the payment has failed, and a placing has ended.
  // Errors: payment_declined, invalid_request, invalid_state, unsupported_currency,
  // processor_unavailable, outcome_unknown.
  virtual Result<PaymentSnapshot> create_payment(const ProcessorContext& context,
                                                 const CreatePayment& request) = 0;
  // Takes what is authorized. After a refusal the payment is as before.
  // Errors: as create_payment.
  virtual Result<PaymentSnapshot> capture(const ProcessorContext& context,
                                          const CapturePayment& request) = 0;
  // Ends a payment; returns what really became of it: `captured` if money was faster. A state that
  // is not final, or a refusal, means that it cannot end yet: it is asked again, under a new key.
  // Errors: as create_payment.
  virtual Result<PaymentSnapshot> cancel(const ProcessorContext& context,
                                         const CancelPayment& request) = 0;
  // Gives money back. After a refusal this refund has failed.
  // Errors: as create_payment.
  virtual Result<RefundSnapshot> refund(const ProcessorContext& context,
                                        const RefundPayment& request) = 0;
  // Returns what the payment is now. Changes nothing; after any error it is asked again.
  // Errors: as create_payment.
  virtual Result<PaymentSnapshot> fetch(const ProcessorContext& context,
                                        const FetchPayment& request) = 0;
  // Verifies the signature over the raw bytes, then reads; it may ask the processor for what the
  // event leaves out. After processor_unavailable and outcome_unknown the sender is to try again.
  // The default refuses all: invalid_signature.
  // Errors: invalid_signature, invalid_request, processor_unavailable, outcome_unknown.
  virtual Result<WebhookEvent> parse_webhook(const ProcessorContext& context,
                                             const ReceiveWebhook& request);
};

struct StripeOptions {
  std::string api_base = "https://api.stripe.com";  // plain http only to a loopback address
};
// config: secretKey, publishableKey, webhookSecret (several, separated by blanks, while one is
// rotated), captureMethod ("automatic", the default, "automatic_async" or "manual"), receiptEmail
// ("true": Stripe mails its own receipt beside the shop's confirmation; default "false").
std::shared_ptr<PaymentProcessor> stripe_processor(const StripeOptions& options = {});

// Bank transfer, cash on delivery: authorized at once, captured when staff mark it paid.
std::shared_ptr<PaymentProcessor> manual_processor();

// The names of those that are built in: "stripe", "manual" and "test" (test_processor.hpp).
std::vector<std::string_view> built_in_processors();
// Makes the one of that name. Error: invalid_request, with the `names`.
Result<std::shared_ptr<PaymentProcessor>> built_in_processor(std::string_view name,
                                                             const StripeOptions& stripe = {});

}  // namespace resys
