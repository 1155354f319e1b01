// Ends a payment, and with it a placing. The decision is committed first. Then the processor is
// asked to cancel, and only its response moves the order. If the processor cannot tell the outcome
// yet, background work asks again.
#pragma once

#include <string>

#include "base/context.hpp"
#include "payment/rows.hpp"

namespace resys::app {

// A payment that a command wants to end. It is kept as "", "<payment>" or "<payment> refund".
struct BegunVoid {
  PaymentId payment;       // empty: there is nothing to end
  bool is_refund = false;  // it had ended before, so the order's money is to be refunded

  std::string text() const;
  static Result<BegunVoid> parse(std::string_view text);
};

// Records that the order's current payment is to be ended. If it has already ended, records that
// all of the order's money is to be refunded (`refund_reason`) and the order canceled.
// invalid_state if the order is to be reopened but is being canceled.
Result<BegunVoid> begin_void(const Scope& scope, const PaymentId& payment, rows::VoidReason reason,
                             const std::string& refund_reason);

// Asks the processor; returns the order once its payment has ended without money. Errors:
// invalid_state (the money came first), processor_unavailable, outcome_unknown. A repetition
// returns the same.
Result<OrderId> finish_void(Context& context, const std::string& store, const BegunVoid& begun);

// The same for an order that is to be canceled. Returns the order once it is canceled.
// invalid_state also if the processor refuses a refund.
Result<OrderId> finish_cancel(Context& context, const std::string& store, const BegunVoid& begun);

}  // namespace resys::app
