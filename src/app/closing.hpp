// Ends a payment, and with it a placing. The decision is committed first. Then the processor is
// asked to cancel, and only its response moves the order. If the processor cannot tell the outcome
// yet, background work asks again.
#pragma once

#include <string>

#include "app/context.hpp"
#include "store/payment.hpp"

namespace resys::app {

// Records that the order's current payment is to be ended. If it has already ended, records that
// all of the order's money is to be refunded (`refund_reason`) and the order canceled. Returns the
// ids for finish_closing() or finish_cancel(). invalid_state if the order is to be reopened but is
// being canceled.
Result<std::string> begin_closing(db::Transaction& tx, const Context& context,
                                  std::string_view store, const PaymentId& payment,
                                  store::Closing reason, const std::string& refund_reason,
                                  const store::ActorRef& actor, Timestamp now);

// Asks the processor; returns the order once its payment has ended without money. Errors:
// invalid_state (the money came first), processor_unavailable, outcome_unknown. A repetition
// returns the same.
Result<OrderId> finish_closing(Context& context, const std::string& store, std::string_view ids);

// The same for an order that is to be canceled. Returns the order once it is canceled.
// invalid_state also if the processor refuses a refund.
Result<OrderId> finish_cancel(Context& context, const std::string& store, std::string_view ids);

}  // namespace resys::app
