// The fields of payments and payment methods.
#pragma once

#include "fields/fields.hpp"
#include "resys/payment.hpp"

namespace resys::fields {

template <>
struct Table<OfferedPaymentMethod> {
  static constexpr std::string_view type = "OfferedPaymentMethod";
  static constexpr auto rows =
      std::tuple{field("id", &OfferedPaymentMethod::id, "its id"),
                 field("name", &OfferedPaymentMethod::name, "as shown to shoppers"),
                 field("processor", &OfferedPaymentMethod::processor, "which kind it is"),
                 field("public", &OfferedPaymentMethod::public_settings,
                       "what the processor's form needs, for example publishableKey")};
};

template <>
struct Table<PaymentMethod> {
  static constexpr std::string_view type = "PaymentMethod";
  static constexpr auto rows = std::tuple{
      field("id", &PaymentMethod::id, "its id"),
      field("name", &PaymentMethod::name, "as shown to shoppers"),
      field("processor", &PaymentMethod::processor, "which kind it is"),
      field("instructions", &PaymentMethod::instructions,
            "how to pay by it, told to the shopper with amount, reference and deadline"),
      field("active", &PaymentMethod::active, "false: not offered"),
      field("position", &PaymentMethod::position, "the lowest is shown first"),
      field("public", &PaymentMethod::public_settings, "what shoppers may see of its settings"),
      field("configured", &PaymentMethod::configured,
            "names of the settings that have a value, secret ones too")};
};

template <>
struct Table<ListPaymentMethods> {
  static constexpr std::string_view type = "ListPaymentMethods";
  static constexpr auto rows = std::tuple<>{};
};

template <>
struct Table<CreatePaymentMethod> {
  static constexpr std::string_view type = "CreatePaymentMethod";
  static constexpr auto rows = std::tuple{
      required("name", &CreatePaymentMethod::name, "as shown to shoppers", kName),
      required("processor", &CreatePaymentMethod::processor,
               "one the shop was opened with: stripe, test, manual", kProcessorName),
      field("instructions", &CreatePaymentMethod::instructions,
            "how to pay by it, told to the shopper with amount, reference and deadline",
            kInstructions),
      field("active", &CreatePaymentMethod::active, "false: not offered"),
      field("position", &CreatePaymentMethod::position, "the lowest is shown first", kPosition)};
};

template <>
struct Table<UpdatePaymentMethod> {
  static constexpr std::string_view type = "UpdatePaymentMethod";
  static constexpr auto rows = std::tuple{
      required("paymentMethodId", &UpdatePaymentMethod::payment_method_id, "which payment method"),
      field("name", &UpdatePaymentMethod::name, "as shown to shoppers", kName),
      field("instructions", &UpdatePaymentMethod::instructions,
            "how to pay by it, told to the shopper with amount, reference and deadline",
            kInstructions),
      field("active", &UpdatePaymentMethod::active, "false: not offered"),
      field("position", &UpdatePaymentMethod::position, "the lowest is shown first", kPosition)};
};

template <>
struct Table<ConfigurePaymentMethod> {
  static constexpr std::string_view type = "ConfigurePaymentMethod";
  static constexpr bool holds_secrets = true;
  static constexpr auto rows = std::tuple{
      required("paymentMethodId", &ConfigurePaymentMethod::payment_method_id,
               "which payment method"),
      all_others(
          "values", &ConfigurePaymentMethod::values,
          "settings as the processor names them: secretKey, webhookSecret; empty text clears one",
          kProcessorSettings)};
};

template <>
struct Table<PaymentMethodConfig> {
  static constexpr std::string_view type = "PaymentMethodConfig";
  static constexpr auto rows = std::tuple{
      field("paymentMethodId", &PaymentMethodConfig::payment_method_id, "of which payment method"),
      field("configured", &PaymentMethodConfig::configured,
            "names of the settings that have a value, secret ones too"),
      field("updatedAt", &PaymentMethodConfig::updated_at, "when")};
};

template <>
struct Table<ReceiveWebhook> {
  static constexpr std::string_view type = "ReceiveWebhook";
  static constexpr auto rows = std::tuple{
      field("paymentMethodId", &ReceiveWebhook::target,
            "a payment method's id, or stripe: then every Stripe method of the store is tried",
            kWebhookTarget),
      field("headers", &ReceiveWebhook::headers, "as they came", kRaw),
      field("payload", &ReceiveWebhook::payload, "the raw bytes", kRaw)};
};

template <>
struct Table<WebhookReceipt> {
  static constexpr std::string_view type = "WebhookReceipt";
  static constexpr auto rows =
      std::tuple{field("received", &WebhookReceipt::received, "always true")};
};

template <>
struct Table<PayTestPayment> {
  static constexpr std::string_view type = "PayTestPayment";
  static constexpr auto rows = std::tuple{
      required("clientSecret", &PayTestPayment::client_secret, "of the payment", kClientSecret),
      field("card", &PayTestPayment::card, "a test card's number; give this or `approve`", kCard),
      field("approve", &PayTestPayment::approve,
            "answers the card's question after requires_action")};
};

template <>
struct Table<TestPaymentOutcome> {
  static constexpr std::string_view type = "TestPaymentOutcome";
  static constexpr auto rows =
      std::tuple{field("state", &TestPaymentOutcome::state, "what became of the payment")};
};

}  // namespace resys::fields
