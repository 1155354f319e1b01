// A webhook's header (docs.stripe.com/webhooks/signature):
//
//   Stripe-Signature: t=1700000000,v1=ad449e7c...5d3[,v1=...][,v0=...]
//
// v1 is the HMAC-SHA256, in lower-case hex, of "<t>.<payload>" with the whole text "whsec_..." as
// key. There are several while a secret is being rotated.
#include "payments/stripe_webhook.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "net/crypto.hpp"
#include "payments/stripe_objects.hpp"

namespace resys::payments {
namespace {

constexpr std::int64_t kToleranceSeconds = 300;
constexpr std::size_t kMaxHeaderBytes = 4096;
constexpr std::size_t kMaxTimestampDigits = 12;

// Takes the next piece off the front of a text.
std::string_view take(std::string_view& rest, char separator) {
  const std::size_t at = std::min(rest.find(separator), rest.size());
  const std::string_view piece = rest.substr(0, at);
  rest.remove_prefix(std::min(at + 1, rest.size()));
  return piece;
}

struct Signature {
  std::string_view timestamp;
  std::vector<std::string_view> v1;
};

// Nothing unless there is exactly one timestamp: with two, it would not be clear which was signed.
std::optional<Signature> read_header(std::string_view header) {
  Signature signature;
  if (header.size() > kMaxHeaderBytes) return std::nullopt;
  while (!header.empty()) {
    std::string_view value = take(header, ',');
    const std::string_view scheme = take(value, '=');
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
    const std::string_view secret = take(secrets, ' ');
    if (secret.empty()) continue;
    const std::string expected = net::hex(net::hmac_sha256(secret, text));
    for (const std::string_view v1 : signature.v1) {
      found |= net::equal_in_constant_time(expected, v1);
    }
  }
  return found;
}

// What an event's object is, and so where it says which payment it is about.
enum class Subject { payment, charge_or_refund, dispute };
constexpr std::array<std::pair<std::string_view, Subject>, 16> kEvents{{
    {"payment_intent.succeeded", Subject::payment},
    {"payment_intent.payment_failed", Subject::payment},
    {"payment_intent.canceled", Subject::payment},
    {"payment_intent.processing", Subject::payment},
    {"payment_intent.requires_action", Subject::payment},
    {"payment_intent.amount_capturable_updated", Subject::payment},
    {"charge.refunded", Subject::charge_or_refund},
    {"charge.expired", Subject::charge_or_refund},
    {"refund.created", Subject::charge_or_refund},
    {"refund.updated", Subject::charge_or_refund},
    {"refund.failed", Subject::charge_or_refund},
    {"charge.dispute.created", Subject::dispute},
    {"charge.dispute.updated", Subject::dispute},
    {"charge.dispute.closed", Subject::dispute},
    {"charge.dispute.funds_withdrawn", Subject::dispute},
    {"charge.dispute.funds_reinstated", Subject::dispute},
}};

// The id of the intent that an object belongs to; it may be there whole.
std::string payment_of(const Json& object) {
  const std::string id = text_of(object, "payment_intent");
  return id.empty() ? text_of(object_of(object, "payment_intent"), "id") : id;
}

// Only these end a payment; what is said by any other event may be out of date when it comes.
std::optional<PaymentSnapshot> final_snapshot(const std::string& type, const Json& intent) {
  const bool captured = type == "payment_intent.succeeded";
  if (!captured && type != "payment_intent.canceled") return std::nullopt;
  const auto snapshot = to_snapshot(intent);
  if (snapshot.has_error()) return std::nullopt;
  const PaymentState state = captured ? PaymentState::captured : PaymentState::voided;
  if (snapshot.value().state != state) return std::nullopt;
  return snapshot.value();
}

void read_subject(WebhookEvent& event, Subject subject, const Json& object,
                  std::string_view store) {
  event.external_payment_id =
      subject == Subject::payment ? text_of(object, "id") : payment_of(object);
  if (subject == Subject::dispute) event.dispute_status = text_of(object, "status");
  if (subject == Subject::payment) event.snapshot = final_snapshot(event.type, object);
  // Several stores may share an account at Stripe: another's payment is not ours.
  const Json& metadata = object_of(object, "metadata");
  if (text_of(metadata, "store_id") == store) event.payment_id = text_of(metadata, "payment_id");
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

Result<WebhookEvent> read_stripe_event(std::string_view payload, std::string_view store) {
  RESYS_TRY(json, parse_object(payload));
  WebhookEvent event;
  event.event_id = text_of(json, "id");
  event.type = text_of(json, "type");
  if (text_of(json, "object") != "event" || event.event_id.empty() || event.type.empty()) {
    return Error(Errc::invalid_request, "not an event of Stripe");
  }
  for (const auto& [type, subject] : kEvents) {
    if (type != event.type) continue;
    read_subject(event, subject, object_of(object_of(json, "data"), "object"), store);
  }
  return event;
}

}  // namespace resys::payments
