// The fields of payments and payment methods.
#include "fields/payment.hpp"

#include "fields/make_schema.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<OfferedPaymentMethod>() {
  static const Schema schema = make_schema<OfferedPaymentMethod>(
      "OfferedPaymentMethod", field("id", &OfferedPaymentMethod::id, "its id"),
      field("name", &OfferedPaymentMethod::name, "as shown to shoppers"),
      field("processor", &OfferedPaymentMethod::processor, "which kind it is"),
      field("public", &OfferedPaymentMethod::public_settings,
            "what the processor's form needs, for example publishableKey"));
  return schema;
}

template <>
const Schema& schema_of<PaymentMethod>() {
  static const Schema schema = make_schema<PaymentMethod>(
      "PaymentMethod", field("id", &PaymentMethod::id, "its id"),
      field("name", &PaymentMethod::name, "as shown to shoppers"),
      field("processor", &PaymentMethod::processor, "which kind it is"),
      field("instructions", &PaymentMethod::instructions,
            "how to pay by it, told to the shopper with amount, reference and deadline"),
      field("active", &PaymentMethod::active, "false: not offered"),
      field("position", &PaymentMethod::position, "the lowest is shown first"),
      field("public", &PaymentMethod::public_settings, "what shoppers may see of its settings"),
      field("configured", &PaymentMethod::configured,
            "names of the settings that have a value, secret ones too"));
  return schema;
}

template <>
const Schema& schema_of<ListPaymentMethods>() {
  static const Schema schema = make_schema<ListPaymentMethods>("ListPaymentMethods");
  return schema;
}

template <>
const Schema& schema_of<CreatePaymentMethod>() {
  static const Schema schema = make_schema<CreatePaymentMethod>(
      "CreatePaymentMethod",
      required("name", &CreatePaymentMethod::name, "as shown to shoppers", kName),
      required("processor", &CreatePaymentMethod::processor,
               "one the shop was opened with: stripe, test, manual", kProcessorName),
      field("instructions", &CreatePaymentMethod::instructions,
            "how to pay by it, told to the shopper with amount, reference and deadline",
            kInstructions),
      field("active", &CreatePaymentMethod::active, "false: not offered"),
      field("position", &CreatePaymentMethod::position, "the lowest is shown first", kPosition));
  return schema;
}

template <>
const Schema& schema_of<UpdatePaymentMethod>() {
  static const Schema schema = make_schema<UpdatePaymentMethod>(
      "UpdatePaymentMethod",
      required("paymentMethodId", &UpdatePaymentMethod::payment_method_id, "which payment method"),
      field("name", &UpdatePaymentMethod::name, "as shown to shoppers", kName),
      field("instructions", &UpdatePaymentMethod::instructions,
            "how to pay by it, told to the shopper with amount, reference and deadline",
            kInstructions),
      field("active", &UpdatePaymentMethod::active, "false: not offered"),
      field("position", &UpdatePaymentMethod::position, "the lowest is shown first", kPosition));
  return schema;
}

template <>
const Schema& schema_of<ConfigurePaymentMethod>() {
  static const Schema schema = [] {
    Schema made = make_schema<ConfigurePaymentMethod>(
        "ConfigurePaymentMethod",
        required("paymentMethodId", &ConfigurePaymentMethod::payment_method_id,
                 "which payment method"),
        all_others(
            "values", &ConfigurePaymentMethod::values,
            "settings as the processor names them: secretKey, webhookSecret; empty text clears one",
            kProcessorSettings));
    made.holds_secrets = true;
    return made;
  }();
  return schema;
}

template <>
const Schema& schema_of<PaymentMethodConfig>() {
  static const Schema schema = make_schema<PaymentMethodConfig>(
      "PaymentMethodConfig",
      field("paymentMethodId", &PaymentMethodConfig::payment_method_id, "of which payment method"),
      field("configured", &PaymentMethodConfig::configured,
            "names of the settings that have a value, secret ones too"),
      field("updatedAt", &PaymentMethodConfig::updated_at, "when"));
  return schema;
}

template <>
const Schema& schema_of<ReceiveWebhook>() {
  static const Schema schema = make_schema<ReceiveWebhook>(
      "ReceiveWebhook",
      required("target", &ReceiveWebhook::target,
               "a payment method's id, or a processor's name: then all of its methods are tried",
               kWebhookTarget),
      field("headers", &ReceiveWebhook::headers, "as they came", kRaw),
      field("payload", &ReceiveWebhook::payload, "the raw bytes", kRaw));
  return schema;
}

template <>
const Schema& schema_of<WebhookReceipt>() {
  static const Schema schema = make_schema<WebhookReceipt>(
      "WebhookReceipt", field("received", &WebhookReceipt::received, "always true"));
  return schema;
}

template <>
const Schema& schema_of<PayTestPayment>() {
  static const Schema schema = make_schema<PayTestPayment>(
      "PayTestPayment",
      required("clientSecret", &PayTestPayment::client_secret, "of the payment", kClientSecret),
      field("card", &PayTestPayment::card, "a test card's number; give this or `approve`", kCard),
      field("approve", &PayTestPayment::approve,
            "answers the card's question after requires_action"));
  return schema;
}

template <>
const Schema& schema_of<TestPaymentOutcome>() {
  static const Schema schema = make_schema<TestPaymentOutcome>(
      "TestPaymentOutcome",
      field("state", &TestPaymentOutcome::state, "what became of the payment"));
  return schema;
}

template <>
const Schema& schema_of<Page<OfferedPaymentMethod>>() {
  static const Schema schema = make_page_schema<OfferedPaymentMethod>();
  return schema;
}

template <>
const Schema& schema_of<Page<PaymentMethod>>() {
  static const Schema schema = make_page_schema<PaymentMethod>();
  return schema;
}

}  // namespace resys::fields
