// Operations on payment methods, and those that bring news of payments.
#include "payment/fields.hpp"

#include "api/operation.hpp"

namespace resys::api {
namespace {

using PaymentMethodsRow = Rows<&Shop::payment_methods>;
using PaymentsRow = Rows<&Shop::payments>;

// The signature is over the raw bytes, so the body is not read as JSON.
Operation raw(Operation operation) {
  operation.raw = true;
  return operation;
}

}  // namespace

std::vector<Operation> payment_operations() {
  return {
      PaymentMethodsRow::staff(
          "admin.paymentMethods.list", "GET /api/admin/settings/payment-methods",
          &PaymentMethods::list,
          "Lists all payment methods, by position; secrets are never returned."),
      PaymentMethodsRow::staff("admin.paymentMethods.create",
                               "POST /api/admin/settings/payment-methods", &PaymentMethods::create,
                               "Creates a payment method."),
      PaymentMethodsRow::staff(
          "admin.paymentMethods.update",
          "PUT /api/admin/settings/payment-methods/{paymentMethodId}", &PaymentMethods::update,
          "Changes a payment method; absent fields keep their value.", {Errc::not_found}),
      PaymentMethodsRow::staff(
          "admin.paymentMethods.configure",
          "PUT /api/admin/settings/payment-methods/{paymentMethodId}/config",
          &PaymentMethods::configure,
          "Encrypts and stores settings, such as API keys; the next call uses them.",
          {Errc::not_found, Errc::invalid_request, Errc::invalid_state}),
      raw(PaymentsRow::processor("webhooks.receive", "POST /api/webhooks/{target}",
                                 &Payments::receive_webhook,
                                 "Receives a webhook from the processor of a payment method.",
                                 {Errc::invalid_signature, Errc::not_found,
                                  Errc::processor_unavailable, Errc::outcome_unknown})),
      PaymentsRow::shopper(
          "testPayments.pay", "POST /api/test/payments", &Payments::pay_test,
          "Pays a payment of the test processor by card, or confirms or declines it.",
          {Errc::not_found, Errc::payment_declined, Errc::invalid_state,
           Errc::processor_unavailable, Errc::outcome_unknown}),
  };
}

}  // namespace resys::api
