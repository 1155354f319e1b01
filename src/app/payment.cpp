// The doors through which news of money comes in: webhooks, and the test processor's card form.
#include "app/payment.hpp"

#include "app/advance.hpp"
#include "app/command.hpp"
#include "app/processors.hpp"
#include "app/settlement.hpp"
#include "fields/payment.hpp"

namespace resys {
namespace {

using store::PaymentMethodRow;
using store::WebhookRow;
using store::WebhookState;

// Under this name a webhook's secrets are those of every Stripe method of the store.
constexpr std::string_view kStripe = "stripe";

// A webhook of ours whose payment is not there yet: tried so often, for so long.
constexpr std::int64_t kParkedFor = 7 * kMicrosPerDay;
constexpr std::int64_t kFirstParking = 30 * kMicrosPerSecond;
constexpr std::int64_t kLongestParking = 6 * kMicrosPerHour;

// ---- who it is from

Result<std::vector<PaymentMethodRow>> candidates(db::Transaction& tx, const Caller& caller,
                                                 const std::string& target) {
  if (target == kStripe) {
    auto rows = store::list_payment_methods(tx, caller.store);
    std::erase_if(rows,
                  [](const PaymentMethodRow& row) { return row.method.processor != kStripe; });
    return rows;
  }
  const auto id = PaymentMethodId::parse(target);
  auto row = id ? store::find_payment_method(tx, caller.store, id.value()) : std::nullopt;
  if (!row) return Error(Errc::not_found, "there is no such payment method").at("paymentMethodId");
  return std::vector<PaymentMethodRow>{std::move(*row)};
}

struct Verified {
  WebhookEvent event;
  PaymentMethodRow method;
};

// The first method whose secrets have signed it.
Result<Verified> verify(Context& context, const Caller& caller, const ReceiveWebhook& request) {
  RESYS_TRY(rows, context.database->read(
                      [&](db::Transaction& tx) -> Result<std::vector<PaymentMethodRow>> {
                        return candidates(tx, caller, request.target);
                      }));
  Error refusal(Errc::invalid_signature, "no payment method of this store has signed this");
  std::optional<Error> unknown;  // one whose secrets cannot be read may have signed it
  for (PaymentMethodRow& row : rows) {
    auto made = app::ProcessorCall::make(context, caller.store, row);
    if (made.has_error()) {
      unknown = made.error();
      continue;
    }
    app::ProcessorCall& call = *made.value();
    auto event = app::guarded(
        context, [&] { return call.processor().parse_webhook(call.context(), request); });
    if (event.has_value()) return Verified{std::move(event).value(), std::move(row)};
    // Signed, but of a wrong shape: no other secret will fit better.
    if (event.error().code() != Errc::invalid_signature) return event.error();
    refusal = event.error();
  }
  return unknown.value_or(refusal);
}

// ---- what it is about

std::optional<PaymentId> find_payment(db::Transaction& tx, std::string_view store,
                                      std::string_view processor, std::string_view payment_id,
                                      std::string_view external_id) {
  if (const auto id = PaymentId::parse(payment_id); id.has_value()) {
    if (store::is_payment_of(tx, store, processor, id.value())) return id.value();
  }
  if (external_id.empty()) return std::nullopt;
  return store::find_external_payment(tx, store, processor, external_id);
}

// About no payment that is here. Ours by its metadata: the payment may still come. Anything else
// belongs to other software.
void keep(db::Transaction& tx, std::string_view store, WebhookRow webhook) {
  const bool is_ours =
      !webhook.external_id.empty() && PaymentId::parse(webhook.payment_id).has_value();
  webhook.state = is_ours ? WebhookState::parked : WebhookState::ignored;
  if (is_ours) webhook.next_attempt_at = webhook.received_at.plus(kFirstParking);
  store::insert_webhook(tx, store, webhook);
}

// Applies what a webhook says, or keeps it where it is about no payment that is here; all in one
// transaction. Answers what the payment needs next.
Result<app::Step> receive(db::Transaction& tx, Context& context, std::string_view store,
                          const WebhookRow& webhook,
                          const std::optional<PaymentSnapshot>& snapshot) {
  const auto payment =
      find_payment(tx, store, webhook.processor, webhook.payment_id, webhook.external_id);
  if (payment && snapshot && !webhook.external_id.empty()) {
    return app::observe(tx, context, store, *payment, *snapshot, webhook, webhook.received_at);
  }
  keep(tx, store, webhook);
  return app::Step();
}

// What the payment really is; nothing if the webhook was seen before or is about no payment that is
// here.
Result<std::optional<PaymentSnapshot>> fetch(Context& context, const std::string& store,
                                             const WebhookRow& webhook) {
  RESYS_TRY(
      payment,
      context.database->read([&](db::Transaction& tx) -> Result<std::optional<store::PaymentRow>> {
        const auto id =
            find_payment(tx, store, webhook.processor, webhook.payment_id, webhook.external_id);
        const bool is_known = webhook.external_id.empty() || !id ||
                              store::webhook_exists(tx, store, webhook.processor, webhook.event_id);
        if (is_known) return std::optional<store::PaymentRow>();
        return store::load_payment(tx, store, *id);
      }));
  if (!payment) return std::optional<PaymentSnapshot>();
  const std::string& external_id =
      payment->external_id.empty() ? webhook.external_id : payment->external_id;
  RESYS_TRY(call, app::ProcessorCall::make(context, store, payment->payment_method_id));
  const Money amount(payment->amount_cents, payment->currency);
  RESYS_TRY(snapshot, app::guarded(context, [&] {
              return call->processor().fetch(call->context(), {external_id, amount});
            }));
  return std::optional(std::move(snapshot));
}

// ---- the test processor

TestProcessor* find_test_processor(const Context& context) {
  for (const auto& each : context.processors) {
    if (auto* found = dynamic_cast<TestProcessor*>(each.get())) return found;
  }
  return nullptr;
}

}  // namespace

Result<WebhookReceipt> Payments::receive_webhook(const Caller& caller,
                                                 const ReceiveWebhook& request) {
  RESYS_TRYV(fields::check(caller));
  RESYS_TRYV(fields::check(request));
  RESYS_TRY(verified, verify(context_, caller, request));
  const WebhookEvent& event = verified.event;
  const WebhookRow webhook{.processor = verified.method.method.processor,
                           .event_id = event.event_id,
                           .type = event.type,
                           .payment_method_id = verified.method.method.id,
                           .payment_id = event.payment_id,
                           .external_id = event.external_payment_id,
                           .dispute_status = event.dispute_status,
                           .received_at = context_.clock->now()};
  std::optional<PaymentSnapshot> snapshot = event.snapshot;
  if (!snapshot) {
    RESYS_TRY(fetched, fetch(context_, caller.store, webhook));
    snapshot = std::move(fetched);
  }
  RESYS_TRY(next, context_.database->write([&](db::Transaction& tx) {
    return receive(tx, context_, caller.store, webhook, snapshot);
  }));
  // What follows (a late payment's refund, a declined one's end) is durable; whether the processor
  // can be reached for it now is not the sender's concern.
  const auto advanced = app::advance(context_, caller.store, std::move(next));
  if (advanced.has_error()) {
    context_.log->write(LogLevel::warning, "after a webhook: " + advanced.error().message());
  }
  return WebhookReceipt();
}

Result<TestPaymentOutcome> Payments::pay_test(const Caller& caller, const PayTestPayment& request) {
  RESYS_TRYV(fields::check(caller));
  RESYS_TRYV(fields::check(request));
  const Error unknown = Error(Errc::not_found, "there is no such payment").at("clientSecret");
  TestProcessor* processor = find_test_processor(context_);
  if (processor == nullptr) return unknown;
  const std::string external_id = processor->external_id(request.client_secret);
  PaymentId id;
  const auto find = [&](db::Transaction& tx) -> Result<PaymentMethodRow> {
    const auto found =
        store::find_external_payment(tx, caller.store, processor->name(), external_id);
    if (!found) return unknown;
    id = *found;
    const auto payment = store::load_payment(tx, caller.store, id).value();
    return store::find_payment_method(tx, caller.store, payment.payment_method_id).value();
  };
  RESYS_TRY(method, context_.database->read(find));
  if (!caller.idempotency_key.empty()) {
    // The key is only held against another request: paying twice is the processor's to absorb.
    RESYS_TRYV(
        app::run_command(context_, caller, request, context_.clock->now(),
                         [&](db::Transaction&) -> Result<std::string> { return id.text(); }));
  }
  RESYS_TRY(call, app::ProcessorCall::make(context_, caller.store, method));
  RESYS_TRY(snapshot, processor->pay(call->context(), request));
  RESYS_TRY(next, app::observe(context_, caller.store, id, snapshot));
  const auto advanced =
      app::told_to_shopper(context_, id, app::advance(context_, caller.store, std::move(next)));
  if (snapshot.state == PaymentState::created && !snapshot.decline_code.empty()) {
    return Error(Errc::payment_declined, snapshot.decline_message)
        .with("declineCode", snapshot.decline_code);
  }
  RESYS_TRYV(advanced);
  return TestPaymentOutcome{snapshot.state};
}

namespace app {

Result<void> retry_webhook(Context& context, const std::string& store, WebhookRow webhook,
                           Timestamp now) {
  RESYS_TRY(
      payment, context.database->read([&](db::Transaction& tx) -> Result<std::optional<PaymentId>> {
        return find_payment(tx, store, webhook.processor, webhook.payment_id, webhook.external_id);
      }));
  if (payment) {
    RESYS_TRYV(advance(context, store, *payment, Ask::anyway));
    webhook.state = WebhookState::applied;
    webhook.next_attempt_at.reset();
  } else if (now >= webhook.received_at.plus(kParkedFor)) {
    webhook.state = WebhookState::ignored;
    webhook.next_attempt_at.reset();
  } else {
    const std::int64_t doublings = std::min<std::int64_t>(webhook.attempts, 10);
    webhook.next_attempt_at = now.plus(std::min(kLongestParking, kFirstParking << doublings));
  }
  return context.database->write([&](db::Transaction& tx) -> Result<void> {
    if (payment) {
      RESYS_TRY(settlement, Settlement::lock(tx, context, store, *payment, now));
      settlement.dispute(webhook.dispute_status);
      settlement.save();
    }
    store::settle_webhook(tx, store, webhook);
    return success();
  });
}

}  // namespace app
}  // namespace resys
