// Declares the schemas of the documents for processors, mailers and transports.
#pragma once

#include "base/fields.hpp"
#include "resys/processor.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<ConfigField>();
template <>
const Schema& schema_of<RefundSnapshot>();
template <>
const Schema& schema_of<PaymentSnapshot>();
template <>
const Schema& schema_of<WebhookEvent>();
template <>
const Schema& schema_of<Mail>();
template <>
const Schema& schema_of<OutgoingRequest>();

}  // namespace resys::fields
