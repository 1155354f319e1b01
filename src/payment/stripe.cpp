// The Stripe processor: PaymentIntents over Stripe's HTTP API.
//
// Everything that is created at Stripe carries our ids as metadata: order_id, payment_id, refund_id
// and store_id. They tell our objects in webhooks and lists from those of other software.
#include <algorithm>
#include <functional>

#include "base/text.hpp"
#include "payment/stripe_amounts.hpp"
#include "payment/stripe_client.hpp"
#include "payment/stripe_objects.hpp"
#include "payment/stripe_webhook.hpp"

namespace resys {
namespace {

using payments::Form;
using payments::Json;

constexpr int kPerPage = 100;
constexpr int kMaxPages = 20;
constexpr std::size_t kMaxKeyBytes = 255;

// How many new keys one call tries before it leaves the rest to its repetition, and how many all
// repetitions try together. After a day Stripe has forgotten the first key.
constexpr int kNewKeys = 2;
constexpr int kMaxKeys = 64;
// How much Stripe's clock and the shop's may differ. Webhooks have the same limit.
constexpr std::int64_t kClocksDiffer = 5 * kMicrosPerMinute;

std::string either(const std::vector<std::string_view>& choices) {
  std::string text;
  for (const std::string_view choice : choices) {
    const bool is_last = choice == choices.back();
    text.append(text.empty() ? "" : is_last ? " or " : ", ").append(choice);
  }
  return text;
}

// Checks that a setting is a key that begins with one of `prefixes`, so that a mistake is found
// before the first payment. The error does not repeat the value, which may be a secret.
Result<void> check_key(const char* field, std::string_view key,
                       const std::vector<std::string_view>& prefixes) {
  const bool begins = std::any_of(prefixes.begin(), prefixes.end(),
                                  [&](std::string_view each) { return key.starts_with(each); });
  const bool plain = std::all_of(key.begin(), key.end(), [](char each) {
    return (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') ||
           (each >= '0' && each <= '9') || each == '_' || each == '-' || each == '+' ||
           each == '/' || each == '=';
  });
  if (begins && plain && key.size() <= kMaxKeyBytes) return success();
  return Error(Errc::invalid_request,
               std::string(field) + " is not a key of Stripe: one begins with " + either(prefixes))
      .at(field);
}

Result<void> check_choice(const char* field, std::string_view value,
                          const std::vector<std::string_view>& choices) {
  if (std::find(choices.begin(), choices.end(), value) != choices.end()) return success();
  return Error(Errc::invalid_request, std::string(field) + " is not " + either(choices)).at(field);
}

Result<void> check_webhook_secrets(std::string_view secrets) {
  while (!secrets.empty()) {
    const std::string_view secret = fields::next_part(secrets, ' ');
    if (!secret.empty()) {
      RESYS_TRYV(check_key("webhookSecret", secret, {"whsec_"}));
    }
  }
  return success();
}

Result<void> check_setting(std::string_view name, std::string_view value) {
  if (value.empty()) return success();
  if (name == "secretKey") return check_key("secretKey", value, {"sk_", "rk_"});
  if (name == "publishableKey") return check_key("publishableKey", value, {"pk_"});
  if (name == "webhookSecret") return check_webhook_secrets(value);
  if (name == "captureMethod") {
    return check_choice("captureMethod", value, {"automatic", "automatic_async", "manual"});
  }
  if (name == "receiptEmail") return check_choice("receiptEmail", value, {"true", "false"});
  return success();
}

class StripeProcessor final : public PaymentProcessor {
 public:
  explicit StripeProcessor(const StripeOptions& options) : api_base_(options.api_base) {
    while (api_base_.ends_with('/')) api_base_.pop_back();
  }

  std::string_view name() const noexcept override { return "stripe"; }
  ProcessorTraits traits() const override { return {.has_webhooks = true}; }

  std::vector<ConfigField> config_fields() const override {
    return {{.name = "secretKey", .secret = true, .required = true},
            {.name = "webhookSecret", .secret = true},
            {.name = "publishableKey", .public_to_shoppers = true},
            {.name = "captureMethod"},
            {.name = "receiptEmail"}};
  }

  Result<void> check_config(const Pairs& config) const override {
    for (const auto& [name, value] : config) {
      RESYS_TRYV(check_setting(name, value));
    }
    return success();
  }

  Result<void> accepts(Money amount) const override { return payments::stripe_accepts(amount); }
  std::int64_t step_cents(Currency currency) const override {
    return payments::stripe_step(currency);
  }

  Result<PaymentSnapshot> create_payment(const ProcessorContext& context,
                                         const CreatePayment& request) override;
  Result<PaymentSnapshot> capture(const ProcessorContext& context,
                                  const CapturePayment& request) override;
  Result<PaymentSnapshot> cancel(const ProcessorContext& context,
                                 const CancelPayment& request) override;
  Result<RefundSnapshot> refund(const ProcessorContext& context,
                                const RefundPayment& request) override;
  Result<PaymentSnapshot> fetch(const ProcessorContext& context,
                                const FetchPayment& request) override;
  Result<WebhookEvent> parse_webhook(const ProcessorContext& context,
                                     const ReceiveWebhook& request) override;

 private:
  // Looks whether the request was already carried out.
  template <class Snapshot>
  using Look = std::function<Result<std::optional<Snapshot>>()>;

  static std::string path_of(const std::string& external_id) {
    return "/v1/payment_intents/" + payments::encoded(external_id);
  }
  Result<Json> get(const ProcessorContext& context, std::string path, Form query,
                   std::string_view object) const;
  // Lists the entries that `wants` accepts, newest first, page by page. Returns nothing if there
  // are too many to read.
  Result<std::optional<std::vector<Json>>> list(
      const ProcessorContext& context, const std::string& path, const Form& query,
      const std::function<bool(const Json&)>& wants) const;
  template <class Snapshot, class Read>
  Result<Snapshot> post(const ProcessorContext& context, payments::StripeRequest request,
                        std::string_view object, const Read& read,
                        const Look<Snapshot>& look) const;
  Result<PaymentSnapshot> post_intent(const ProcessorContext& context, std::string path, Form form,
                                      const std::string& idempotency_key,
                                      const Look<PaymentSnapshot>& look) const;
  Result<PaymentSnapshot> fetch(const ProcessorContext& context,
                                const std::string& external_id) const;
  Result<void> fetch_dispute(const ProcessorContext& context, PaymentSnapshot& snapshot) const;
  // For a capture or a cancel that was refused: fetches the intent if the refusal is about its
  // state.
  Result<PaymentSnapshot> fetch_after_refusal(const ProcessorContext& context,
                                              const std::string& external_id,
                                              const Error& refusal) const;
  Result<std::optional<PaymentSnapshot>> find_created(const ProcessorContext& context,
                                                      const CreatePayment& request) const;
  Result<std::optional<RefundSnapshot>> find_refund(const ProcessorContext& context,
                                                    const RefundPayment& request) const;
  // Lists the refunds of an intent. Returns nothing if there are too many to read.
  Result<std::optional<std::vector<Json>>> list_refunds(const ProcessorContext& context,
                                                        const std::string& external_id) const;

  std::string api_base_;
};

Result<Json> StripeProcessor::get(const ProcessorContext& context, std::string path, Form query,
                                  std::string_view object) const {
  return payments::call_stripe(context, api_base_, {"GET", std::move(path), std::move(query)},
                               object)
      .object;
}

// Stripe keeps its first response to a key, even if that is an error of Stripe's own (500). Then
// only a new key can get the request carried out. But the request may already have been carried out
// under an earlier key, so this looks first.
template <class Snapshot, class Read>
Result<Snapshot> StripeProcessor::post(const ProcessorContext& context,
                                       payments::StripeRequest request, std::string_view object,
                                       const Read& read, const Look<Snapshot>& look) const {
  using payments::KeyState;
  const std::string key = request.idempotency_key;
  int new_keys = 0;
  for (int next = 2;; ++next) {
    const auto answer = payments::call_stripe(context, api_base_, request, object);
    if (answer.object.has_value()) return read(answer.object.value());
    const Error& error = answer.object.error();
    if (answer.key == KeyState::usable) return error;
    if (answer.key == KeyState::spent) ++new_keys;
    if (answer.key == KeyState::spent || next == 2) {
      const auto found = look();
      if (found.has_error()) return error;  // still unknown, so a repetition looks again
      if (found.value()) return *found.value();
    }
    // Two intents do no harm, because nobody can pay the one whose response was lost. Two refunds
    // do.
    const bool may_be_made_twice = answer.key == KeyState::taken && object == "refund";
    if (may_be_made_twice || new_keys == kNewKeys || next > kMaxKeys) return error;
    request.idempotency_key = key + "-" + std::to_string(next);
  }
}

Result<PaymentSnapshot> StripeProcessor::post_intent(const ProcessorContext& context,
                                                     std::string path, Form form,
                                                     const std::string& idempotency_key,
                                                     const Look<PaymentSnapshot>& look) const {
  return post(context, {"POST", std::move(path), std::move(form), idempotency_key},
              "payment_intent", payments::to_snapshot, look);
}

Result<PaymentSnapshot> StripeProcessor::create_payment(const ProcessorContext& context,
                                                        const CreatePayment& request) {
  RESYS_TRYV(payments::stripe_accepts(request.amount));
  RESYS_TRY(amount, payments::to_stripe(request.amount));
  std::string currency(request.amount.currency().code());
  for (char& letter : currency) letter = static_cast<char>(letter - 'A' + 'a');
  const std::string_view capture_method = context.setting("captureMethod");
  Form form{{"amount", std::to_string(amount)},
            {"currency", std::move(currency)},
            {"automatic_payment_methods[enabled]", "true"},
            {"capture_method", capture_method.empty() ? "automatic" : std::string(capture_method)},
            {"description", "Order " + request.order_number},
            {"metadata[order_id]", request.order_id.text()},
            {"metadata[payment_id]", request.payment_id.text()},
            {"metadata[store_id]", std::string(context.store)}};
  // In live mode Stripe mails a receipt to this address, in addition to the shop's own
  // confirmation.
  const bool wants_receipt = context.setting("receiptEmail") == "true";
  if (wants_receipt && !request.email.empty()) form.emplace_back("receipt_email", request.email);
  return post_intent(context, "/v1/payment_intents", std::move(form), request.idempotency_key,
                     [&] { return find_created(context, request); });
}

// Stripe's lists are up to date as soon as a request has returned. Its search is not.
Result<std::optional<PaymentSnapshot>> StripeProcessor::find_created(
    const ProcessorContext& context, const CreatePayment& request) const {
  const std::int64_t since = request.created_at.plus(-kClocksDiffer).seconds();
  const Form query{{"created[gte]", std::to_string(std::max<std::int64_t>(since, 0))}};
  RESYS_TRY(intents, list(context, "/v1/payment_intents", query, [&](const Json& intent) {
              const Json& metadata = payments::object_of(intent, "metadata");
              return payments::text_of(metadata, "payment_id") == request.payment_id.text() &&
                     payments::text_of(metadata, "store_id") == context.store;
            }));
  if (!intents) return Error(Errc::outcome_unknown, "Stripe has too many payments to look through");
  for (const Json& intent : *intents) {
    RESYS_TRY(snapshot, payments::to_snapshot(intent));
    const Money amount(snapshot.amount_cents, snapshot.currency);
    if (amount == request.amount) return std::optional(std::move(snapshot));
  }
  return std::optional<PaymentSnapshot>();
}

Result<PaymentSnapshot> StripeProcessor::capture(const ProcessorContext& context,
                                                 const CapturePayment& request) {
  RESYS_TRY(amount, payments::to_stripe(request.amount));
  const auto look = [&]() -> Result<std::optional<PaymentSnapshot>> {
    RESYS_TRY(snapshot, fetch(context, request.external_id));
    if (snapshot.state == PaymentState::authorized) return std::optional<PaymentSnapshot>();
    return std::optional(std::move(snapshot));
  };
  auto captured =
      post_intent(context, path_of(request.external_id) + "/capture",
                  {{"amount_to_capture", std::to_string(amount)}}, request.idempotency_key, look);
  if (captured.has_value()) return captured;
  return fetch_after_refusal(context, request.external_id, captured.error());
}

Result<PaymentSnapshot> StripeProcessor::cancel(const ProcessorContext& context,
                                                const CancelPayment& request) {
  const auto look = [&]() -> Result<std::optional<PaymentSnapshot>> {
    RESYS_TRY(snapshot, fetch(context, request.external_id));
    const bool has_ended = snapshot.state == PaymentState::voided ||
                           snapshot.state == PaymentState::captured ||
                           snapshot.state == PaymentState::processing;
    if (!has_ended) return std::optional<PaymentSnapshot>();
    return std::optional(std::move(snapshot));
  };
  auto canceled = post_intent(context, path_of(request.external_id) + "/cancel", {},
                              request.idempotency_key, look);
  if (canceled.has_value()) return canceled;
  return fetch_after_refusal(context, request.external_id, canceled.error());
}

Result<PaymentSnapshot> StripeProcessor::fetch_after_refusal(const ProcessorContext& context,
                                                             const std::string& external_id,
                                                             const Error& refusal) const {
  const std::string_view code = refusal.fact(payments::kStripeCode);
  if (code == "payment_intent_unexpected_state" || code == "charge_expired_for_capture") {
    return fetch(context, external_id);
  }
  return refusal;
}

Result<RefundSnapshot> StripeProcessor::refund(const ProcessorContext& context,
                                               const RefundPayment& request) {
  RESYS_TRY(amount, payments::to_stripe(request.amount));
  // Stripe forgets idempotency keys after a day. A repetition after that would refund the money a
  // second time, so the refund is looked up first.
  RESYS_TRY(known, find_refund(context, request));
  if (known) return std::move(*known);
  Form form{{"payment_intent", request.external_id},
            {"amount", std::to_string(amount)},
            {"metadata[refund_id]", request.refund_id.text()},
            {"metadata[payment_id]", request.payment_id.text()},
            {"metadata[store_id]", std::string(context.store)}};
  const auto read = [&](const Json& refund) {
    return payments::to_refund(refund, request.amount.currency());
  };
  return post<RefundSnapshot>(context,
                              {"POST", "/v1/refunds", std::move(form), request.idempotency_key},
                              "refund", read, [&] { return find_refund(context, request); });
}

Result<std::optional<RefundSnapshot>> StripeProcessor::find_refund(
    const ProcessorContext& context, const RefundPayment& request) const {
  RESYS_TRY(known, list_refunds(context, request.external_id));
  if (!known) return Error(Errc::invalid_request, "the payment has too many refunds");
  for (const Json& each : *known) {
    RESYS_TRY(refund, payments::to_refund(each, request.amount.currency()));
    if (refund.refund_id == request.refund_id) return std::optional(std::move(refund));
  }
  return std::optional<RefundSnapshot>();
}

Result<PaymentSnapshot> StripeProcessor::fetch(const ProcessorContext& context,
                                               const FetchPayment& request) {
  return fetch(context, request.external_id);
}

Result<PaymentSnapshot> StripeProcessor::fetch(const ProcessorContext& context,
                                               const std::string& external_id) const {
  RESYS_TRY(intent,
            get(context, path_of(external_id), {{"expand[]", "latest_charge"}}, "payment_intent"));
  RESYS_TRY(snapshot, payments::to_snapshot(intent));
  if (payments::is_disputed(intent)) {
    RESYS_TRYV(fetch_dispute(context, snapshot));
  }
  if (snapshot.refunds_known) return snapshot;
  RESYS_TRY(refunds, list_refunds(context, external_id));
  if (!refunds) return snapshot;
  for (const Json& each : *refunds) {
    if (payments::is_released_remainder(each, snapshot)) continue;
    RESYS_TRY(refund, payments::to_refund(each, snapshot.currency));
    snapshot.refunds.push_back(std::move(refund));
  }
  snapshot.refunds_known = true;
  return snapshot;
}

// Fetches the newest dispute, because a payment may be disputed again.
Result<void> StripeProcessor::fetch_dispute(const ProcessorContext& context,
                                            PaymentSnapshot& snapshot) const {
  const auto list = get(context, "/v1/disputes",
                        {{"payment_intent", snapshot.external_id}, {"limit", "1"}}, "list");
  if (list.has_error()) {
    // A restricted key may not be allowed to read disputes. Everything else is still known.
    constexpr std::int64_t forbidden = 403;
    if (list.error().fact("status", 0) != forbidden) return list.error();
    snapshot.dispute_status = "unknown";
    return success();
  }
  const auto data = list.value().find("data");
  if (data == list.value().end() || !data->is_array()) return payments::unreadable();
  if (!data->empty()) snapshot.dispute_status = payments::text_of(data->front(), "status");
  return success();
}

Result<std::optional<std::vector<Json>>> StripeProcessor::list_refunds(
    const ProcessorContext& context, const std::string& external_id) const {
  return list(context, "/v1/refunds", {{"payment_intent", external_id}},
              [](const Json&) { return true; });
}

Result<std::optional<std::vector<Json>>> StripeProcessor::list(
    const ProcessorContext& context, const std::string& path, const Form& query,
    const std::function<bool(const Json&)>& wants) const {
  std::vector<Json> wanted;
  std::string last;
  for (int page = 0; page < kMaxPages; ++page) {
    Form form = query;
    form.emplace_back("limit", std::to_string(kPerPage));
    if (page > 0) form.emplace_back("starting_after", last);
    RESYS_TRY(list, get(context, path, std::move(form), "list"));
    const auto data = list.find("data");
    if (data == list.end() || !data->is_array()) return payments::unreadable();
    for (Json& each : *data) {
      if (!each.is_object()) return payments::unreadable();
      last = payments::text_of(each, "id");
      if (wants(each)) wanted.push_back(std::move(each));
    }
    if (data->empty() || list.value("has_more", Json(false)) != Json(true)) return wanted;
  }
  return std::nullopt;
}

Result<WebhookEvent> StripeProcessor::parse_webhook(const ProcessorContext& context,
                                                    const ReceiveWebhook& request) {
  if (request.payload.size() > payments::kMaxWebhookBytes) {
    return Error(Errc::invalid_request, "the webhook is larger than 1048576 bytes");
  }
  RESYS_TRYV(payments::verify_stripe_signature(find_header(request.headers, "Stripe-Signature"),
                                               request.payload, context.setting("webhookSecret"),
                                               context.now));
  return payments::read_stripe_event(context, api_base_, request.payload);
}

}  // namespace

std::shared_ptr<PaymentProcessor> stripe_processor(const StripeOptions& options) {
  return std::make_shared<StripeProcessor>(options);
}

}  // namespace resys
