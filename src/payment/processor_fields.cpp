// The fields of what is said to processors, mailers and transports that are given documents.
#include "payment/processor_fields.hpp"

#include "base/make_schema.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<ConfigField>() {
  static const Schema schema = make_schema<ConfigField>(
      "ConfigField", required("name", &ConfigField::name, "Name of the setting"),
      field("secret", &ConfigField::secret, "Whether it is encrypted and shown to nobody"),
      field("publicToShoppers", &ConfigField::public_to_shoppers,
            "Whether it is shown to shoppers"),
      field("required", &ConfigField::required,
            "Whether the payment method is offered only once it has a value"));
  return schema;
}

template <>
const Schema& schema_of<RefundSnapshot>() {
  static const Schema schema = make_schema<RefundSnapshot>(
      "RefundSnapshot",
      required("externalId", &RefundSnapshot::external_id,
               "The processor's id of the refund, up to 255 bytes"),
      field("refundId", &RefundSnapshot::refund_id,
            "The shop's id of the refund; empty if it was made elsewhere"),
      required("state", &RefundSnapshot::state, "State of the refund"),
      required("amountCents", &RefundSnapshot::amount_cents,
               "Amount of the refund, in minor units of `currency`"),
      field("currency", &RefundSnapshot::currency,
            "Absent: the payment's currency; a refund in any other is not counted"));
  return schema;
}

template <>
const Schema& schema_of<PaymentSnapshot>() {
  static const Schema schema = make_schema<PaymentSnapshot>(
      "PaymentSnapshot",
      required("externalId", &PaymentSnapshot::external_id,
               "The processor's id of the payment, 1 to 255 bytes"),
      required("state", &PaymentSnapshot::state, "State of the payment now"),
      required("currency", &PaymentSnapshot::currency,
               "ISO 4217 code of all amounts, as the payment was created"),
      required("amountCents", &PaymentSnapshot::amount_cents,
               "Amount that the payment was created with, in minor units of `currency`"),
      field("authorizedCents", &PaymentSnapshot::authorized_cents,
            "Amount that can still be captured, in minor units of `currency`"),
      field("capturedCents", &PaymentSnapshot::captured_cents,
            "Amount captured so far, in minor units of `currency`"),
      field("clientSecret", &PaymentSnapshot::client_secret,
            "Secret for the shopper's browser, up to 10,000 bytes; empty if there is none"),
      field("declineCode", &PaymentSnapshot::decline_code,
            "Code of the last declined attempt; empty if there is none"),
      field("declineMessage", &PaymentSnapshot::decline_message,
            "Message about the last decline, fit for the shopper; empty if there is none"),
      field("captureBefore", &PaymentSnapshot::capture_before,
            "When the authorization expires, in UTC; null if that is not known"),
      field("refunds", &PaymentSnapshot::refunds,
            "All refunds of the payment; ignored unless `refundsKnown`"),
      field("refundsKnown", &PaymentSnapshot::refunds_known, "Whether `refunds` is complete"),
      field("disputeStatus", &PaymentSnapshot::dispute_status,
            "Status of the newest dispute, as the processor names it; empty if none is known"),
      field("paymentId", &PaymentSnapshot::payment_id,
            "The shop's id of the payment, from the processor's metadata; empty if it has none"));
  return schema;
}

template <>
const Schema& schema_of<WebhookEvent>() {
  static const Schema schema = make_schema<WebhookEvent>(
      "WebhookEvent",
      required("eventId", &WebhookEvent::event_id,
               "The processor's id of the event, unique, up to 255 bytes"),
      required("type", &WebhookEvent::type,
               "Type of the event, as the processor names it, up to 200 bytes"),
      field("externalPaymentId", &WebhookEvent::external_payment_id,
            "The processor's id of the payment; empty if the event is about none"),
      field("paymentId", &WebhookEvent::payment_id,
            "The shop's id of the payment, from the processor's metadata; empty if it has none"),
      field("snapshot", &WebhookEvent::snapshot,
            "The payment, if the event shows it for certain; null: the processor is asked"));
  return schema;
}

template <>
const Schema& schema_of<Mail>() {
  static const Schema schema = make_schema<Mail>(
      "Mail", field("to", &Mail::to, "Email address of the recipient"),
      field("subject", &Mail::subject, "Subject, one line"),
      field("text", &Mail::text, "Body as plain text"),
      field("html", &Mail::html, "Body as HTML; empty for a text-only mail"),
      field("messageId", &Mail::message_id,
            "Message id without angle brackets; the same if the mail is sent again"));
  return schema;
}

template <>
const Schema& schema_of<OutgoingRequest>() {
  static const Schema schema = make_schema<OutgoingRequest>(
      "OutgoingRequest",
      field("method", &OutgoingRequest::method, "HTTP method: GET, POST or DELETE"),
      field("url", &OutgoingRequest::url, "Absolute URL: https, or http to this machine only"),
      field("headers", &OutgoingRequest::headers, "Header names and values"),
      field("body", &OutgoingRequest::body, "Body to send; empty if there is none"),
      field("timeoutMs", &OutgoingRequest::timeout_ms,
            "Time limit for the whole call, in milliseconds"));
  return schema;
}

}  // namespace resys::fields
