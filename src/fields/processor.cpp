// The fields of what is said to processors, mailers and transports that are given documents.
#include "fields/processor.hpp"

#include "fields/make_schema.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<ConfigField>() {
  static const Schema schema = make_schema<ConfigField>(
      "ConfigField", required("name", &ConfigField::name, "of the setting"),
      field("secret", &ConfigField::secret, "shown to nobody"),
      field("publicToShoppers", &ConfigField::public_to_shoppers, "shown to shoppers"),
      field("required", &ConfigField::required, "the method is offered once it has a value"));
  return schema;
}

template <>
const Schema& schema_of<RefundSnapshot>() {
  static const Schema schema = make_schema<RefundSnapshot>(
      "RefundSnapshot",
      required("externalId", &RefundSnapshot::external_id, "the processor's own id"),
      field("refundId", &RefundSnapshot::refund_id, "the request's; absent if made elsewhere"),
      required("state", &RefundSnapshot::state, "what became of it"),
      required("amountCents", &RefundSnapshot::amount_cents, "in minor units"),
      field("currency", &RefundSnapshot::currency, "of the payment; of another it is not counted"));
  return schema;
}

template <>
const Schema& schema_of<PaymentSnapshot>() {
  static const Schema schema = make_schema<PaymentSnapshot>(
      "PaymentSnapshot",
      required("externalId", &PaymentSnapshot::external_id, "the processor's own id, never empty"),
      required("state", &PaymentSnapshot::state, "what it is now"),
      required("currency", &PaymentSnapshot::currency, "as created"),
      required("amountCents", &PaymentSnapshot::amount_cents, "as created"),
      field("authorizedCents", &PaymentSnapshot::authorized_cents, "still capturable"),
      field("capturedCents", &PaymentSnapshot::captured_cents, "taken"),
      field("clientSecret", &PaymentSnapshot::client_secret, "for the shopper's browser"),
      field("declineCode", &PaymentSnapshot::decline_code, "of the last refused attempt"),
      field("declineMessage", &PaymentSnapshot::decline_message, "fit for the shopper"),
      field("captureBefore", &PaymentSnapshot::capture_before, "when an authorization lapses"),
      field("refunds", &PaymentSnapshot::refunds, "all of them if `refundsKnown`"),
      field("refundsKnown", &PaymentSnapshot::refunds_known, "the list is complete"),
      field("disputeStatus", &PaymentSnapshot::dispute_status,
            "of its newest dispute, in the processor's word"),
      field("paymentId", &PaymentSnapshot::payment_id, "ours, from the processor's metadata"));
  return schema;
}

template <>
const Schema& schema_of<WebhookEvent>() {
  static const Schema schema = make_schema<WebhookEvent>(
      "WebhookEvent", required("eventId", &WebhookEvent::event_id, "the processor's own, unique"),
      required("type", &WebhookEvent::type, "as the processor names it"),
      field("externalPaymentId", &WebhookEvent::external_payment_id, "absent: about no payment"),
      field("paymentId", &WebhookEvent::payment_id, "ours, from metadata"),
      field("snapshot", &WebhookEvent::snapshot, "where the event shows it for certain"));
  return schema;
}

template <>
const Schema& schema_of<Mail>() {
  static const Schema schema = make_schema<Mail>(
      "Mail", field("to", &Mail::to, "one address"), field("subject", &Mail::subject, "one line"),
      field("text", &Mail::text, "the plain text"),
      field("html", &Mail::html, "empty: a text-only mail"),
      field("messageId", &Mail::message_id, "the same when it is sent again"));
  return schema;
}

template <>
const Schema& schema_of<OutgoingRequest>() {
  static const Schema schema = make_schema<OutgoingRequest>(
      "OutgoingRequest", field("method", &OutgoingRequest::method, "GET, POST or DELETE"),
      field("url", &OutgoingRequest::url, "https, or http to this machine"),
      field("headers", &OutgoingRequest::headers, "name and value"),
      field("body", &OutgoingRequest::body, "as it is sent"),
      field("timeoutMs", &OutgoingRequest::timeout_ms, "for the whole call"));
  return schema;
}

}  // namespace resys::fields
