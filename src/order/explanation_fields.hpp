// Declares the schemas of explanations.
#pragma once

#include "base/fields.hpp"
#include "resys/explanation.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<TotalStep>();
template <>
const Schema& schema_of<PaymentStep>();
template <>
const Schema& schema_of<OrderExplanation>();

}  // namespace resys::fields
