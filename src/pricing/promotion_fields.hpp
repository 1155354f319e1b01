// Declares the schemas of promotions and of discounts.
#pragma once

#include "base/fields.hpp"
#include "resys/discount.hpp"
#include "resys/promotion.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<PromotionCondition>();
template <>
const Schema& schema_of<PromotionTier>();
template <>
const Schema& schema_of<PromotionAction>();
template <>
const Schema& schema_of<Promotion>();
template <>
const Schema& schema_of<ListPromotions>();
template <>
const Schema& schema_of<GetPromotion>();
template <>
const Schema& schema_of<CreatePromotion>();
template <>
const Schema& schema_of<UpdatePromotion>();
template <>
const Schema& schema_of<Page<Promotion>>();
template <>
const Schema& schema_of<CreatePromotionCodes>();
template <>
const Schema& schema_of<CreatedPromotionCodes>();
template <>
const Schema& schema_of<ListPromotionCodes>();
template <>
const Schema& schema_of<PromotionCode>();
template <>
const Schema& schema_of<Page<PromotionCode>>();
template <>
const Schema& schema_of<AppliedPromotion>();
template <>
const Schema& schema_of<RejectedCode>();
template <>
const Schema& schema_of<PromotionHint>();
template <>
const Schema& schema_of<DiscountLine>();

}  // namespace resys::fields
