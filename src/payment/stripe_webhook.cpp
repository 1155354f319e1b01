// A webhook's header (docs.stripe.com/webhooks/signature):
//
//   Stripe-Signature: t=1700000000,v1=ad449e7c...5d3[,v1=...][,v0=...]
//
// v1 is the HMAC-SHA256, in lower-case hex, of "<t>.<payload>" with the whole text "whsec_..." as
// key. There are several while a secret is being rotated.
//
// Its payload is one of two styles, as the endpoint was set up:
//
//   snapshot  {"object":"event","id","type":"payment_intent.succeeded","livemode","data":{"object":
//             the object as it was, in the endpoint's version of the API}}
//   thin      {"object":"v2.core.event","id","type":"v1.payment_intent.succeeded","livemode",
//             "related_object":{"id","type":"payment_intent","url"}}
//
// The object of a thin event is fetched. Its URL is made from type and id, not taken from the
// event.
#include "payment/stripe_webhook.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/crypto.hpp"
#include "base/text.hpp"
#include "payment/stripe_objects.hpp"

namespace resys::payments {
namespace {

constexpr std::int64_t kToleranceSeconds = 300;
constexpr std::size_t kMaxHeaderBytes = 4096;
constexpr std::size_t kMaxTimestampDigits = 12;

struct Signature {
  std::string_view timestamp;
  std::vector<std::string_view> v1;
};

// Returns nothing unless there is exactly one timestamp. With two, it would not be clear which one
// was signed.
std::optional<Signature> read_header(std::string_view header) {
  Signature signature;
  if (header.size() > kMaxHeaderBytes) return std::nullopt;
  while (!header.empty()) {
    std::string_view value = fields::next_part(header, ',');
    const std::string_view scheme = fields::next_part(value, '=');
    if (scheme == "v1") signature.v1.push_back(value);
    if (scheme != "t") continue;
    if (!signature.timestamp.empty()) return std::nullopt;
    signature.timestamp = value;
  }
  const bool digits = signature.timestamp.size() <= kMaxTimestampDigits &&
                      signature.timestamp.find_first_not_of("0123456789") == std::string::npos;
  if (signature.timestamp.empty() || !digits) return std::nullopt;
  return signature;
}

bool is_signed(const Signature& signature, std::string_view payload, std::string_view secrets) {
  const std::string text = std::string(signature.timestamp).append(".").append(payload);
  bool found = false;
  while (!secrets.empty()) {
    const std::string_view secret = fields::next_part(secrets, ' ');
    if (secret.empty()) continue;
    const std::string expected = net::hex(net::hmac_sha256(secret, text));
    for (const std::string_view v1 : signature.v1) {
      found |= net::equal_in_constant_time(expected, v1);
    }
  }
  return found;
}

// The kinds of objects that an event may have. The kind decides where the object names its payment.
constexpr std::string_view kIntent = "payment_intent";
constexpr std::string_view kCharge = "charge";
constexpr std::string_view kRefund = "refund";
constexpr std::string_view kDispute = "dispute";
constexpr std::array<std::pair<std::string_view, std::string_view>, 17> kEvents{{
    {"payment_intent.succeeded", kIntent},
    {"payment_intent.payment_failed", kIntent},
    {"payment_intent.canceled", kIntent},
    {"payment_intent.processing", kIntent},
    {"payment_intent.requires_action", kIntent},
    {"payment_intent.amount_capturable_updated", kIntent},
    {"charge.refunded", kCharge},
    {"charge.expired", kCharge},
    // Endpoints of versions before 2024-10-28.acacia get no refund.* events for refunds of a
    // charge.
    {"charge.refund.updated", kRefund},
    {"refund.created", kRefund},
    {"refund.updated", kRefund},
    {"refund.failed", kRefund},
    {"charge.dispute.created", kDispute},
    {"charge.dispute.updated", kDispute},
    {"charge.dispute.closed", kDispute},
    {"charge.dispute.funds_withdrawn", kDispute},
    {"charge.dispute.funds_reinstated", kDispute},
}};

// Empty if the event is not about a payment.
std::string_view object_type_of(std::string_view event_type) {
  for (const auto& [type, object] : kEvents) {
    if (type == event_type) return object;
  }
  return {};
}

// Whether the event is of the mode that the secret key is for, and of the key's own account.
bool is_of_key(const Json& event, std::string_view secret_key) {
  const auto livemode = event.find("livemode");
  if (livemode == event.end() || !livemode->is_boolean()) return false;
  if (!text_of(event, "account").empty()) return false;  // from a connected account
  const std::string_view mode = livemode->get<bool>() ? "live_" : "test_";
  return secret_key.size() > 3 && secret_key.substr(3).starts_with(mode);  // sk_live_, rk_test_
}

// The id of the intent that an object belongs to. The object may contain the whole intent.
std::string payment_of(const Json& object) {
  const std::string id = text_of(object, "payment_intent");
  return id.empty() ? text_of(object_of(object, "payment_intent"), "id") : id;
}

void read_object(WebhookEvent& event, std::string_view type, const Json& object,
                 std::string_view store) {
  event.external_payment_id = type == kIntent ? text_of(object, "id") : payment_of(object);
  // Several stores may share an account at Stripe. Another store's payment is not ours.
  const Json& metadata = object_of(object, "metadata");
  if (text_of(metadata, "store_id") == store) event.payment_id = text_of(metadata, "payment_id");
}

// Stripe says the same for both, so an event that contradicts itself is not trusted.
bool is_of_mode(const Json& object, const Json& event) {
  const auto said = object.find("livemode");
  return said != object.end() && said->is_boolean() && *said == event.at("livemode");
}

// Only these events end a payment. Any other event may be out of date when it arrives.
std::optional<PaymentSnapshot> final_snapshot(std::string_view type, const Json& intent) {
  const bool captured = type == "payment_intent.succeeded";
  if (!captured && type != "payment_intent.canceled") return std::nullopt;
  const auto snapshot = to_snapshot(intent);
  if (snapshot.has_error()) return std::nullopt;
  const PaymentState state = captured ? PaymentState::captured : PaymentState::voided;
  if (snapshot.value().state != state) return std::nullopt;
  return snapshot.value();
}

// Whether the text is letters, digits and '_', so that it is a single segment of a path.
bool is_id(std::string_view text) {
  constexpr std::size_t longest = 255;
  return !text.empty() && text.size() <= longest &&
         std::all_of(text.begin(), text.end(), [](char each) {
           return (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') ||
                  (each >= '0' && each <= '9') || each == '_';
         });
}

Result<void> fetch_object(WebhookEvent& event, std::string_view type, const std::string& id,
                          const ProcessorContext& context, const std::string& api_base) {
  StripeRequest request{"GET", "/v1/" + std::string(type) + "s/" + id, {}};
  if (type == kIntent) request.form.emplace_back("expand[]", "latest_charge");
  auto answer = call_stripe(context, api_base, request, type);
  if (answer.object.has_error()) {
    // The event is from another account or mode than the key. Either it is not ours, or the
    // payment's own method fetches it.
    const Error& error = answer.object.error();
    if (error.fact(kStripeCode) == "resource_missing") return success();
    return error;
  }
  const Json& object = answer.object.value();
  read_object(event, type, object, context.store);
  if (type != kIntent) return success();
  RESYS_TRY(snapshot, to_snapshot(object));
  event.snapshot = std::move(snapshot);
  return success();
}

Error no_event() { return Error(Errc::invalid_request, "the body is not an event of Stripe"); }

Result<WebhookEvent> read_snapshot_event(WebhookEvent event, const Json& json,
                                         const ProcessorContext& context) {
  const std::string_view type = object_type_of(event.type);
  if (type.empty()) return event;
  const Json& object = object_of(object_of(json, "data"), "object");
  read_object(event, type, object, context.store);
  if (is_of_key(json, context.setting("secretKey")) && is_of_mode(object, json)) {
    event.snapshot = final_snapshot(event.type, object);
  }
  return event;
}

Result<WebhookEvent> read_thin_event(WebhookEvent event, const Json& json,
                                     const ProcessorContext& context, const std::string& api_base) {
  constexpr std::string_view twin = "v1.";  // the others have no object that is known here
  if (!event.type.starts_with(twin)) return event;
  const std::string_view type = object_type_of(std::string_view(event.type).substr(twin.size()));
  if (type.empty()) return event;
  const Json& related = object_of(json, "related_object");
  const std::string id = text_of(related, "id");
  if (text_of(related, "type") != type || !is_id(id)) return no_event();
  if (type == kIntent) event.external_payment_id = id;
  if (is_of_key(json, context.setting("secretKey"))) {
    RESYS_TRYV(fetch_object(event, type, id, context, api_base));
  }
  return event;
}

}  // namespace

Result<void> verify_stripe_signature(std::string_view header, std::string_view payload,
                                     std::string_view secrets, Timestamp now) {
  const Error invalid(Errc::invalid_signature, "the webhook is not signed by Stripe");
  const auto signature = read_header(header);
  if (!signature || !is_signed(*signature, payload, secrets)) return invalid;
  const std::int64_t age = now.seconds() - std::stoll(std::string(signature->timestamp));
  if (age > kToleranceSeconds || age < -kToleranceSeconds) return invalid;
  return success();
}

Result<WebhookEvent> read_stripe_event(const ProcessorContext& context, const std::string& api_base,
                                       std::string_view payload) {
  RESYS_TRY(json, parse_object(payload));
  WebhookEvent event;
  event.event_id = text_of(json, "id");
  event.type = text_of(json, "type");
  if (event.event_id.empty() || event.type.empty()) return no_event();
  const std::string object = text_of(json, "object");
  if (object == "event") return read_snapshot_event(std::move(event), json, context);
  if (object == "v2.core.event") {
    return read_thin_event(std::move(event), json, context, api_base);
  }
  return no_event();
}

}  // namespace resys::payments
