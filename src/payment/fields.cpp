// The fields of payments and payment methods.
#include "payment/fields.hpp"

#include "base/make_schema.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<OfferedPaymentMethod>() {
  static const Schema schema = make_schema<OfferedPaymentMethod>(
      "OfferedPaymentMethod", field("id", &OfferedPaymentMethod::id, "The payment method's id"),
      field("name", &OfferedPaymentMethod::name, "Name shown to shoppers"),
      field("processor", &OfferedPaymentMethod::processor,
            "Name of the payment processor, such as stripe"),
      field("public", &OfferedPaymentMethod::public_settings,
            "Settings for the processor's own form by name, such as publishableKey"));
  return schema;
}

template <>
const Schema& schema_of<PaymentMethod>() {
  static const Schema schema = make_schema<PaymentMethod>(
      "PaymentMethod", field("id", &PaymentMethod::id, "The payment method's id"),
      field("name", &PaymentMethod::name, "Name shown to shoppers"),
      field("processor", &PaymentMethod::processor,
            "Name of the payment processor, such as stripe"),
      field("instructions", &PaymentMethod::instructions,
            "How to pay, told to shoppers with amount, reference and deadline; may be empty"),
      field("active", &PaymentMethod::active,
            "Whether it is offered to shoppers, once all required settings have a value"),
      field("position", &PaymentMethod::position, "Position in lists; the lowest comes first"),
      field("public", &PaymentMethod::public_settings, "Settings that are not secret, by name"),
      field("configured", &PaymentMethod::configured,
            "Names of the settings that have a value, secret ones included"));
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
      required("name", &CreatePaymentMethod::name, "Name shown to shoppers", kName),
      required("processor", &CreatePaymentMethod::processor,
               "Name of a processor that the shop was opened with, such as stripe, test or manual",
               kProcessorName),
      field("instructions", &CreatePaymentMethod::instructions,
            "How to pay, told to shoppers with amount, reference and deadline, up to 2,000 "
            "characters",
            kInstructions),
      field("active", &CreatePaymentMethod::active,
            "Whether it is offered to shoppers, once all required settings have a value"),
      field("position", &CreatePaymentMethod::position,
            "Position in lists, 0 to 1,000,000; the lowest comes first", kPosition));
  return schema;
}

template <>
const Schema& schema_of<UpdatePaymentMethod>() {
  static const Schema schema = make_schema<UpdatePaymentMethod>(
      "UpdatePaymentMethod",
      required("paymentMethodId", &UpdatePaymentMethod::payment_method_id,
               "Id of the payment method to change"),
      field("name", &UpdatePaymentMethod::name, "New name shown to shoppers; unchanged if absent",
            kName),
      field("instructions", &UpdatePaymentMethod::instructions,
            "New text on how to pay, told to shoppers with amount, reference and deadline; "
            "unchanged if absent",
            kInstructions),
      field("active", &UpdatePaymentMethod::active,
            "Whether it is offered to shoppers; unchanged if absent"),
      field("position", &UpdatePaymentMethod::position,
            "New position in lists, 0 to 1,000,000; the lowest comes first; unchanged if absent",
            kPosition));
  return schema;
}

template <>
const Schema& schema_of<ConfigurePaymentMethod>() {
  static const Schema schema = [] {
    Schema made = make_schema<ConfigurePaymentMethod>(
        "ConfigurePaymentMethod",
        required("paymentMethodId", &ConfigurePaymentMethod::payment_method_id,
                 "Id of the payment method to configure"),
        all_others("values", &ConfigurePaymentMethod::values,
                   "Settings by the processor's names, such as secretKey; an empty text clears "
                   "one, absent ones stay",
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
      field("paymentMethodId", &PaymentMethodConfig::payment_method_id, "Id of the payment method"),
      field("configured", &PaymentMethodConfig::configured,
            "Names of the settings that have a value, secret ones included"),
      field("updatedAt", &PaymentMethodConfig::updated_at,
            "When the payment method was last changed, in UTC"));
  return schema;
}

template <>
const Schema& schema_of<ReceiveWebhook>() {
  static const Schema schema = make_schema<ReceiveWebhook>(
      "ReceiveWebhook",
      required("target", &ReceiveWebhook::target,
               "Id of a payment method, or name of a processor: then each of its methods is tried",
               kWebhookTarget),
      field("headers", &ReceiveWebhook::headers, "Header names and values as received", kRaw),
      field("payload", &ReceiveWebhook::payload,
            "Body as received, byte for byte: the signature is over it", kRaw));
  return schema;
}

template <>
const Schema& schema_of<WebhookReceipt>() {
  static const Schema schema = make_schema<WebhookReceipt>(
      "WebhookReceipt", field("received", &WebhookReceipt::received, "Always true"));
  return schema;
}

template <>
const Schema& schema_of<PayTestPayment>() {
  static const Schema schema = make_schema<PayTestPayment>(
      "PayTestPayment",
      required("clientSecret", &PayTestPayment::client_secret, "Client secret of the payment",
               kClientSecret),
      field("card", &PayTestPayment::card, "Number of a test card; give this or `approve`", kCard),
      field("approve", &PayTestPayment::approve,
            "Whether to approve a payment in requires_action, or decline it; give this or `card`"));
  return schema;
}

template <>
const Schema& schema_of<TestPaymentOutcome>() {
  static const Schema schema = make_schema<TestPaymentOutcome>(
      "TestPaymentOutcome",
      field("state", &TestPaymentOutcome::state, "State of the payment afterwards"));
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
