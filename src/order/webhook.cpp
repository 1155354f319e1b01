// How news of payments comes in: webhooks, and the test processor's card form.
#include "order/webhook.hpp"

#include "base/back_off.hpp"
#include "base/command.hpp"
#include "order/locked_payment.hpp"
#include "order/processor_calls.hpp"
#include "payment/fields.hpp"
#include "payment/processors.hpp"

namespace resys {
namespace {

using rows::PaymentMethodRow;
using rows::WebhookRow;
using rows::WebhookState;

// A webhook of ours whose payment is not stored yet is parked and tried again for so long, with
// pauses from the first to the longest.
constexpr std::int64_t kParkedFor = 7 * kMicrosPerDay;
constexpr std::int64_t kFirstParking = 30 * kMicrosPerSecond;
constexpr std::int64_t kLongestParking = 6 * kMicrosPerHour;

// ---- who it is from

// A method, or all of the store's by a processor.
Result<std::vector<PaymentMethodRow>> candidates(const Scope& scope, const std::string& target) {
  if (app::traits_of(scope.context, target).has_webhooks) {
    auto rows = rows::list_payment_methods(scope);
    std::erase_if(rows,
                  [&](const PaymentMethodRow& row) { return row.method.processor != target; });
    return rows;
  }
  const auto id = PaymentMethodId::parse(target);
  auto row = id ? rows::find_payment_method(scope, id.value()) : std::nullopt;
  if (!row) return app::no_such_method().at("target");
  return std::vector<PaymentMethodRow>{std::move(*row)};
}

// A webhook that a method's secrets have signed, as that method reads it.
struct Verified {
  WebhookEvent event;
  PaymentMethodRow method;
};

// The webhook as read by each method that has signed it, at least one. Methods of one account may
// share a secret.
Result<std::vector<Verified>> verify(Context& context, const Caller& caller,
                                     const ReceiveWebhook& request) {
  RESYS_TRY(rows, context.read(caller.store,
                               [&](const Scope& scope) -> Result<std::vector<PaymentMethodRow>> {
                                 return candidates(scope, request.target);
                               }));
  Error refusal(Errc::invalid_signature, "the signature is of no payment method of this store");
  std::optional<Error> unknown;  // a method whose secrets cannot be read may have signed it
  std::optional<Error> failure;  // it was signed, but could not be read
  std::vector<Verified> verified;
  for (PaymentMethodRow& row : rows) {
    auto made = app::ReadyProcessor::make(context, caller.store, row);
    if (made.has_error()) {
      unknown = made.error();
      continue;
    }
    app::ReadyProcessor& ready = *made.value();
    auto event = app::guarded(
        context, [&] { return ready.processor().parse_webhook(ready.context(), request); });
    if (event.has_value()) {
      verified.push_back({std::move(event).value(), std::move(row)});
    } else if (event.error().code() == Errc::invalid_signature) {
      refusal = event.error();
    } else {
      failure = event.error();
    }
  }
  if (verified.empty()) return failure.value_or(unknown.value_or(refusal));
  return verified;
}

// ---- what it is about

std::optional<PaymentId> find_payment(const Scope& scope, std::string_view processor,
                                      std::string_view payment_id, std::string_view external_id) {
  if (const auto id = PaymentId::parse(payment_id); id.has_value()) {
    if (rows::is_payment_of(scope, processor, id.value())) return id.value();
  }
  if (external_id.empty()) return std::nullopt;
  return rows::find_external_payment(scope, processor, external_id);
}

// The payment that the verified readings of a webhook are about.
struct Subject {
  const Verified* read;                     // by the payment's own method, if that is one of them
  std::optional<rows::PaymentRow> payment;  // none: it is not here, or the event was seen before
};

Subject find_subject(const Scope& scope, const std::vector<Verified>& verified) {
  Subject found{&verified.front(), std::nullopt};
  for (const Verified& each : verified) {
    const WebhookEvent& event = each.event;
    const std::string& processor = each.method.method.processor;
    if (event.external_payment_id.empty()) continue;
    const auto id = find_payment(scope, processor, event.payment_id, event.external_payment_id);
    if (!id || rows::webhook_exists(scope, processor, event.event_id)) continue;
    auto payment = rows::load_payment(scope, *id);
    const bool is_own = payment->payment_method_id == each.method.method.id;
    if (!found.payment || is_own) found = {&each, std::move(payment)};
    if (is_own) break;
  }
  return found;
}

// Keeps a webhook about no payment of this store. If its metadata says that it is ours, it is
// parked, because the payment may still come. Any other webhook belongs to other software.
void keep(const Scope& scope, WebhookRow webhook) {
  const bool is_ours =
      !webhook.external_id.empty() && PaymentId::parse(webhook.payment_id).has_value();
  webhook.state = is_ours ? WebhookState::parked : WebhookState::ignored;
  if (is_ours) webhook.next_attempt_at = webhook.received_at.plus(kFirstParking);
  rows::insert_webhook(scope, webhook);
}

// Fetches the payment with the settings of its own method. `external_id` is the id in the webhook.
// If the payment has no id yet, the id only counts if the processor confirms it.
Result<PaymentSnapshot> fetch(Context& context, const std::string& store,
                              const rows::PaymentRow& payment, const std::string& external_id) {
  RESYS_TRY(ready, app::ReadyProcessor::make(context, store, payment.payment_method_id));
  const bool is_named = !payment.external_id.empty();
  const FetchPayment request{is_named ? payment.external_id : external_id,
                             Money(payment.amount_cents, payment.currency)};
  RESYS_TRY(snapshot, app::guarded(context, [&] {
              return ready->processor().fetch(ready->context(), request);
            }));
  if (is_named || snapshot.payment_id == payment.id.text()) return std::move(snapshot);
  return Error(Errc::outcome_unknown, "the processor does not say whose payment this is");
}

// The payment's state according to its own method. This is the webhook's snapshot if that method
// has verified it, else the payment is fetched.
Result<PaymentSnapshot> learn(Context& context, const std::string& store, const Subject& subject) {
  const Verified& read = *subject.read;
  const bool is_own = read.method.method.id == subject.payment->payment_method_id;
  if (is_own && read.event.snapshot) return *read.event.snapshot;
  return fetch(context, store, *subject.payment, read.event.external_payment_id);
}

// ---- the test processor

TestProcessor* find_test_processor(const Context& context) {
  for (const auto& each : context.processors) {
    if (auto* found = dynamic_cast<TestProcessor*>(each.get())) return found;
  }
  return nullptr;
}

}  // namespace

Result<WebhookReceipt> Webhooks::receive(const Caller& caller, const ReceiveWebhook& given) {
  RESYS_TRY(request, app::open_request(caller, given));
  RESYS_TRY(verified, verify(context_, caller, request));
  RESYS_TRY(subject, context_.read(caller.store, [&](const Scope& scope) -> Result<Subject> {
    return find_subject(scope, verified);
  }));
  const auto& [event, method] = *subject.read;
  const WebhookRow webhook{.processor = method.method.processor,
                           .event_id = event.event_id,
                           .type = event.type,
                           .payment_method_id = method.method.id,
                           .payment_id = event.payment_id,
                           .external_id = event.external_payment_id,
                           .received_at = context_.clock->now()};
  PaymentSnapshot snapshot;
  if (subject.payment) {
    RESYS_TRY(learned, learn(context_, caller.store, subject));
    snapshot = std::move(learned);
  }
  RESYS_TRY(next,
            context_.write(caller.store, [&](const Scope& scope) -> Result<app::ProcessorCall> {
              if (!subject.payment) {
                keep(scope, webhook);
                return app::ProcessorCall();
              }
              return app::apply_webhook(scope, subject.payment->id, snapshot, webhook);
            }));
  // The calls that follow (refunding a late payment, ending a declined one) are already stored. The
  // sender need not know whether the processor can be reached for them now.
  const auto result = app::run_calls(context_, caller.store, std::move(next));
  if (result.has_error()) {
    context_.log->write(LogLevel::warning, "after a webhook: " + result.error().message());
  }
  return WebhookReceipt();
}

Result<TestPaymentOutcome> TestPayments::pay(const Caller& caller, const PayTestPayment& given) {
  RESYS_TRY(request, app::open_request(caller, given));
  const Error unknown = Error(Errc::not_found, "there is no such payment").at("clientSecret");
  TestProcessor* processor = find_test_processor(context_);
  if (processor == nullptr) return unknown;
  const std::string external_id = processor->external_id(request.client_secret);
  PaymentId id;
  const auto find = [&](const Scope& scope) -> Result<PaymentMethodRow> {
    const auto found = rows::find_external_payment(scope, processor->name(), external_id);
    if (!found) return unknown;
    id = *found;
    const auto payment = rows::load_payment(scope, id).value();
    return rows::find_payment_method(scope, payment.payment_method_id).value();
  };
  RESYS_TRY(method, context_.read(caller.store, find));
  if (!caller.idempotency_key.empty()) {
    // The idempotency key only guards against another request. The processor takes care of paying
    // twice. The payment's id stands for its client secret.
    PayTestPayment named = request;
    named.client_secret = id.text();
    RESYS_TRYV(app::run_command(context_, caller, app::request_key(caller, named),
                                [&](const Scope&) -> Result<PaymentId> { return id; }));
  }
  RESYS_TRY(ready, app::ReadyProcessor::make(context_, caller.store, method));
  RESYS_TRY(snapshot, processor->pay(ready->context(), request));
  RESYS_TRY(next, app::apply_snapshot(context_, caller.store, id, snapshot));
  const auto result =
      app::shopper_result(context_, id, app::run_calls(context_, caller.store, std::move(next)));
  if (snapshot.state == PaymentState::created && !snapshot.decline_code.empty()) {
    return Error(Errc::payment_declined, snapshot.decline_message)
        .with("declineCode", snapshot.decline_code);
  }
  RESYS_TRYV(result);
  return TestPaymentOutcome{snapshot.state};
}

namespace app {
namespace {

Result<ProcessorCall> fetch_and_apply(Context& context, const std::string& store,
                                      const rows::PaymentRow& payment,
                                      const std::string& external_id) {
  RESYS_TRY(snapshot, fetch(context, store, payment, external_id));
  return apply_snapshot(context, store, payment.id, snapshot);
}

}  // namespace

Result<void> retry_webhook(Context& context, const std::string& store, WebhookRow webhook,
                           Timestamp now) {
  RESYS_TRY(payment,
            context.read(store, [&](const Scope& scope) -> Result<std::optional<rows::PaymentRow>> {
              const auto id =
                  find_payment(scope, webhook.processor, webhook.payment_id, webhook.external_id);
              if (!id) return std::optional<rows::PaymentRow>();
              return rows::load_payment(scope, *id);
            }));
  Result<ProcessorCall> next = ProcessorCall();
  if (payment) {
    next = fetch_and_apply(context, store, *payment, webhook.external_id);
  }
  if (payment && next.has_value()) {
    webhook.state = WebhookState::applied;
    webhook.next_attempt_at.reset();
  } else if (now >= webhook.received_at.plus(kParkedFor)) {
    webhook.state = WebhookState::ignored;
    webhook.next_attempt_at.reset();
  } else {
    webhook.next_attempt_at =
        now.plus(domain::back_off(kFirstParking, kLongestParking, webhook.attempts));
  }
  RESYS_TRYV(context.write(store, [&](const Scope& scope) -> Result<void> {
    rows::save_webhook(scope, webhook);
    return success();
  }));
  RESYS_TRY(call, std::move(next));
  return run_calls(context, store, std::move(call));
}

}  // namespace app
}  // namespace resys
