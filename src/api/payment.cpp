// Operations on payment methods, and those that bring news of payments.
#include "fields/payment.hpp"

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
      operation("admin.paymentMethods.list", "GET /api/admin/settings/payment-methods",
                &PaymentMethods::list, &Shop::payment_methods, Audience::staff,
                "Lists all payment methods, by position. Secrets can be read nowhere."),
      operation("admin.paymentMethods.create", "POST /api/admin/settings/payment-methods",
                &PaymentMethods::create, &Shop::payment_methods, Audience::staff,
                "Makes a payment method."),
      operation("admin.paymentMethods.update",
                "PUT /api/admin/settings/payment-methods/{paymentMethodId}",
                &PaymentMethods::update, &Shop::payment_methods, Audience::staff,
                "Changes a payment method; absent fields keep their value.", {Errc::not_found}),
      operation("admin.paymentMethods.configure",
                "PUT /api/admin/settings/payment-methods/{paymentMethodId}/config",
                &PaymentMethods::configure, &Shop::payment_methods, Audience::staff,
                "Encrypts and stores settings, for example API keys. The next call uses them.",
                {Errc::not_found, Errc::invalid_request, Errc::invalid_state}),
      raw(operation(
          "webhooks.receiveStripe", "POST /api/webhooks/stripe", &Payments::receive_webhook,
          &Shop::payments, Audience::processor,
          "Takes a webhook of Stripe, for whichever Stripe method of the store has signed it.",
          {Errc::invalid_signature, Errc::processor_unavailable, Errc::outcome_unknown})),
      raw(operation("webhooks.receive", "POST /api/webhooks/{paymentMethodId}",
                    &Payments::receive_webhook, &Shop::payments, Audience::processor,
                    "Takes a webhook of a payment method's processor.",
                    {Errc::invalid_signature, Errc::not_found, Errc::processor_unavailable,
                     Errc::outcome_unknown})),
      operation(
          "testPayments.pay", "POST /api/test/payments", &Payments::pay_test, &Shop::payments,
          Audience::shopper,
          "Enters a card for a payment of the test processor, or answers the card's question.",
          {Errc::not_found, Errc::payment_declined, Errc::invalid_state, Errc::outcome_unknown}),
  };
}

}  // namespace resys::api
