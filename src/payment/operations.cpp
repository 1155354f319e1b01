// Operations on payment methods, and those that bring news of payments.
#include "payment/fields.hpp"

#include "api/operation.hpp"

namespace resys::api {
namespace {

// The signature is over the raw bytes, so the body is not read as JSON.
Operation raw(Operation operation) {
  operation.raw = true;
  return operation;
}

}  // namespace

std::vector<Operation> payment_operations() {
  return {
      row<&Admin::payment_methods>(
          "admin.paymentMethods.list", "GET /api/admin/settings/payment-methods",
          &AdminPaymentMethods::list,
          "Lists all payment methods, by position; secrets are never returned."),
      row<&Admin::payment_methods>("admin.paymentMethods.create",
                                   "POST /api/admin/settings/payment-methods",
                                   &AdminPaymentMethods::create, "Creates a payment method."),
      row<&Admin::payment_methods>(
          "admin.paymentMethods.update",
          "PUT /api/admin/settings/payment-methods/{paymentMethodId}", &AdminPaymentMethods::update,
          "Changes a payment method; absent fields keep their value.", {Errc::not_found}),
      row<&Admin::payment_methods>(
          "admin.paymentMethods.configure",
          "PUT /api/admin/settings/payment-methods/{paymentMethodId}/config",
          &AdminPaymentMethods::configure,
          "Encrypts and stores settings, such as API keys; the next call uses them.",
          {Errc::not_found, Errc::invalid_request, Errc::invalid_state}),
      raw(row<&Shop::webhooks>("webhooks.receive", "POST /api/webhooks/{target}",
                               &Webhooks::receive,
                               "Receives a webhook from the processor of a payment method.",
                               {Errc::invalid_signature, Errc::not_found,
                                Errc::processor_unavailable, Errc::outcome_unknown})),
      row<&Shop::test_payments>(
          "testPayments.pay", "POST /api/test/payments", &TestPayments::pay,
          "Pays a payment of the test processor by card, or confirms or declines it.",
          {Errc::not_found, Errc::payment_declined, Errc::invalid_state,
           Errc::processor_unavailable, Errc::outcome_unknown}),
  };
}

}  // namespace resys::api
