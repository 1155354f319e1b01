// Declares the schemas of what a promotion consists of.
#pragma once

#include "base/fields.hpp"
#include "resys/promotion_rules.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<PromotionCondition>();
template <>
const Schema& schema_of<PromotionTier>();
template <>
const Schema& schema_of<PromotionAction>();

}  // namespace resys::fields
