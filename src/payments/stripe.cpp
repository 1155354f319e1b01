// The Stripe processor: PaymentIntents over Stripe's HTTP API.
//
// Our ids go with everything that is made at Stripe, as metadata order_id, payment_id, refund_id
// and store_id, so that a webhook or a listing can be told from those of other software.
#include <algorithm>

#include "payments/stripe_amounts.hpp"
#include "payments/stripe_client.hpp"
#include "payments/stripe_objects.hpp"
#include "payments/stripe_webhook.hpp"

namespace resys {
namespace {

using payments::Form;
using payments::Json;

constexpr int kRefundsPerPage = 100;
constexpr int kMaxRefundPages = 20;
constexpr std::size_t kMaxKeyBytes = 255;

// A setting is a key that begins with one of `prefixes`; anything else is a mistake worth finding
// before the first payment does. The value is not repeated: it may be a secret.
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
  std::string accepted;
  for (const std::string_view prefix : prefixes) {
    accepted.append(accepted.empty() ? "" : " or ").append(prefix);
  }
  return Error(Errc::invalid_request, "not a key of Stripe that begins with " + accepted).at(field);
}

Result<void> check_webhook_secrets(std::string_view secrets) {
  while (!secrets.empty()) {
    const std::size_t at = std::min(secrets.find(' '), secrets.size());
    const std::string_view secret = secrets.substr(0, at);
    if (!secret.empty()) {
      RESYS_TRYV(check_key("webhookSecret", secret, {"whsec_"}));
    }
    secrets.remove_prefix(std::min(at + 1, secrets.size()));
  }
  return success();
}

Result<void> check_setting(std::string_view name, std::string_view value) {
  if (value.empty()) return success();
  if (name == "secretKey") return check_key("secretKey", value, {"sk_", "rk_"});
  if (name == "publishableKey") return check_key("publishableKey", value, {"pk_"});
  if (name == "webhookSecret") return check_webhook_secrets(value);
  if (name == "captureMethod" && value != "automatic" && value != "manual") {
    return Error(Errc::invalid_request, "either automatic or manual").at("captureMethod");
  }
  return success();
}

class StripeProcessor final : public PaymentProcessor {
 public:
  explicit StripeProcessor(const StripeOptions& options) : api_base_(options.api_base) {
    while (api_base_.ends_with('/')) api_base_.pop_back();
  }

  std::string_view name() const noexcept override { return "stripe"; }

  std::vector<ConfigField> config_fields() const override {
    return {{.name = "secretKey", .secret = true, .required = true},
            {.name = "webhookSecret", .secret = true},
            {.name = "publishableKey", .public_to_shoppers = true},
            {.name = "captureMethod"}};
  }

  Result<void> check_config(const Options& config) const override {
    for (const auto& [name, value] : config) {
      RESYS_TRYV(check_setting(name, value));
    }
    return success();
  }

  Result<void> accepts(Money amount) const override { return payments::stripe_accepts(amount); }

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
  static std::string path_of(const std::string& external_id) {
    return "/v1/payment_intents/" + payments::encoded(external_id);
  }
  Result<PaymentSnapshot> post_intent(const ProcessorContext& context, std::string path, Form form,
                                      const std::string& idempotency_key) const;
  Result<PaymentSnapshot> fetch(const ProcessorContext& context,
                                const std::string& external_id) const;
  // After capture or cancel: what the intent really is, if that is what stood in the way.
  Result<PaymentSnapshot> what_it_is(const ProcessorContext& context,
                                     const std::string& external_id, const Error& error) const;
  // Refunds of an intent as Stripe has them. Nothing if there are too many to read.
  Result<std::optional<std::vector<Json>>> list_refunds(const ProcessorContext& context,
                                                        const std::string& external_id) const;

  std::string api_base_;
};

Result<PaymentSnapshot> StripeProcessor::post_intent(const ProcessorContext& context,
                                                     std::string path, Form form,
                                                     const std::string& idempotency_key) const {
  RESYS_TRY(intent,
            payments::call_stripe(context, api_base_,
                                  {"POST", std::move(path), std::move(form), idempotency_key},
                                  "payment_intent"));
  return payments::to_snapshot(intent);
}

Result<PaymentSnapshot> StripeProcessor::create_payment(const ProcessorContext& context,
                                                        const CreatePayment& request) {
  RESYS_TRYV(payments::stripe_accepts(request.amount));
  RESYS_TRY(amount, payments::to_stripe(request.amount));
  std::string currency(request.amount.currency().code());
  for (char& letter : currency) letter = static_cast<char>(letter - 'A' + 'a');
  const bool manual = context.setting("captureMethod") == "manual";
  Form form{{"amount", std::to_string(amount)},
            {"currency", std::move(currency)},
            {"automatic_payment_methods[enabled]", "true"},
            {"capture_method", manual ? "manual" : "automatic"},
            {"description", "Order " + request.order_number},
            {"metadata[order_id]", request.order_id.text()},
            {"metadata[payment_id]", request.payment_id.text()},
            {"metadata[store_id]", std::string(context.store)}};
  if (!request.email.empty()) form.emplace_back("receipt_email", request.email);
  return post_intent(context, "/v1/payment_intents", std::move(form), request.idempotency_key);
}

Result<PaymentSnapshot> StripeProcessor::capture(const ProcessorContext& context,
                                                 const CapturePayment& request) {
  RESYS_TRY(amount, payments::to_stripe(request.amount));
  auto captured =
      post_intent(context, path_of(request.external_id) + "/capture",
                  {{"amount_to_capture", std::to_string(amount)}}, request.idempotency_key);
  if (captured.has_value()) return captured;
  return what_it_is(context, request.external_id, captured.error());
}

Result<PaymentSnapshot> StripeProcessor::cancel(const ProcessorContext& context,
                                                const CancelPayment& request) {
  auto canceled =
      post_intent(context, path_of(request.external_id) + "/cancel", {}, request.idempotency_key);
  if (canceled.has_value()) return canceled;
  return what_it_is(context, request.external_id, canceled.error());
}

Result<PaymentSnapshot> StripeProcessor::what_it_is(const ProcessorContext& context,
                                                    const std::string& external_id,
                                                    const Error& error) const {
  const std::string_view code = error.fact(payments::kStripeCode);
  if (code == "payment_intent_unexpected_state" || code == "charge_expired_for_capture") {
    return fetch(context, external_id);
  }
  return error;
}

Result<RefundSnapshot> StripeProcessor::refund(const ProcessorContext& context,
                                               const RefundPayment& request) {
  RESYS_TRY(amount, payments::to_stripe(request.amount));
  const Currency currency = request.amount.currency();
  // Stripe forgets idempotency keys after a day, and asked once more it would refund once more.
  RESYS_TRY(known, list_refunds(context, request.external_id));
  if (!known) return Error(Errc::invalid_request, "the payment has too many refunds");
  for (const Json& each : *known) {
    RESYS_TRY(refund, payments::to_refund(each, currency));
    if (refund.refund_id == request.refund_id) return refund;
  }
  Form form{{"payment_intent", request.external_id},
            {"amount", std::to_string(amount)},
            {"metadata[refund_id]", request.refund_id.text()},
            {"metadata[payment_id]", request.payment_id.text()},
            {"metadata[store_id]", std::string(context.store)}};
  RESYS_TRY(made, payments::call_stripe(
                      context, api_base_,
                      {"POST", "/v1/refunds", std::move(form), request.idempotency_key}, "refund"));
  return payments::to_refund(made, currency);
}

Result<PaymentSnapshot> StripeProcessor::fetch(const ProcessorContext& context,
                                               const FetchPayment& request) {
  return fetch(context, request.external_id);
}

Result<PaymentSnapshot> StripeProcessor::fetch(const ProcessorContext& context,
                                               const std::string& external_id) const {
  const payments::StripeRequest request{
      "GET", path_of(external_id), {{"expand[]", "latest_charge"}}};
  RESYS_TRY(intent, payments::call_stripe(context, api_base_, request, "payment_intent"));
  RESYS_TRY(snapshot, payments::to_snapshot(intent));
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

Result<std::optional<std::vector<Json>>> StripeProcessor::list_refunds(
    const ProcessorContext& context, const std::string& external_id) const {
  std::vector<Json> refunds;
  for (int page = 0; page < kMaxRefundPages; ++page) {
    Form query{{"payment_intent", external_id}, {"limit", std::to_string(kRefundsPerPage)}};
    if (page > 0) query.emplace_back("starting_after", payments::text_of(refunds.back(), "id"));
    RESYS_TRY(list,
              payments::call_stripe(context, api_base_, {"GET", "/v1/refunds", query}, "list"));
    const auto data = list.find("data");
    if (data == list.end() || !data->is_array()) {
      return Error(Errc::outcome_unknown, "Stripe's answer cannot be read");
    }
    for (const Json& each : *data) {
      if (each.is_object()) refunds.push_back(each);
    }
    if (data->empty() || list.value("has_more", Json(false)) != Json(true)) return refunds;
  }
  return std::nullopt;
}

Result<WebhookEvent> StripeProcessor::parse_webhook(const ProcessorContext& context,
                                                    const ReceiveWebhook& request) {
  if (request.payload.size() > payments::kMaxWebhookBytes) {
    return Error(Errc::invalid_request, "a webhook has at most 1048576 bytes");
  }
  RESYS_TRYV(payments::verify_stripe_signature(find_header(request.headers, "Stripe-Signature"),
                                               request.payload, context.setting("webhookSecret"),
                                               context.now));
  return payments::read_stripe_event(request.payload, context.store);
}

}  // namespace

std::shared_ptr<PaymentProcessor> stripe_processor(const StripeOptions& options) {
  return std::make_shared<StripeProcessor>(options);
}

}  // namespace resys
