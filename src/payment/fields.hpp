// Declares the schemas of payments and payment methods.
#pragma once

#include "base/fields.hpp"
#include "resys/test_processor.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<OfferedPaymentMethod>();
template <>
const Schema& schema_of<PaymentMethod>();
template <>
const Schema& schema_of<ListPaymentMethods>();
template <>
const Schema& schema_of<CreatePaymentMethod>();
template <>
const Schema& schema_of<UpdatePaymentMethod>();
template <>
const Schema& schema_of<ConfigurePaymentMethod>();
template <>
const Schema& schema_of<PaymentMethodConfig>();
template <>
const Schema& schema_of<ReceiveWebhook>();
template <>
const Schema& schema_of<WebhookReceipt>();
template <>
const Schema& schema_of<PayTestPayment>();
template <>
const Schema& schema_of<TestPaymentOutcome>();
template <>
const Schema& schema_of<Page<OfferedPaymentMethod>>();
template <>
const Schema& schema_of<Page<PaymentMethod>>();

}  // namespace resys::fields
