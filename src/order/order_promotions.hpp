// The promotions that may apply to an order that is not placed yet, and why a code does not.
#pragma once

#include "order/open_order.hpp"

namespace resys::app {

// Loads what the order's promotions depend on: automatic promotions, codes that were entered, the
// uses that are taken of both, where they have limits, and the variants that they may give away.
// The order's other contents are there, and its store has rules.
void load_promotion_terms(const Scope& scope, OrderContents& order);

// The customers whose uses of promotions are counted: the user, and the reader of mail to the
// address, however they write it. Empty if it is not known.
std::string user_customer(const rows::OrderRow& order);
std::string email_customer(const rows::OrderRow& order);

// Whether the reason has to do with what is in the cart, where it goes, or its other promotions:
// the code may apply once that has changed.
bool may_apply_later(PromotionReason reason);

// coupon_invalid, with the reason as the fact `reason`, and what belongs to it.
Error code_refusal(const Promotion& promotion, const RejectedCode& code);

}  // namespace resys::app
