// Ending a payment, and with it a placing: the intention is committed first, then the processor is
// asked to cancel, and only its answer moves the order. What a processor cannot say yet is asked
// again by due work.
#pragma once

#include <string>

#include "app/context.hpp"
#include "store/payment.hpp"

namespace resys::app {

// Commits the intention to end the order's current payment, or, where it has ended, to give all of
// the order's money back (`refund_reason`) and to cancel it. Leaves the ids for finish_closing() or
// finish_cancel(). invalid_state for a reopening where the order is to be canceled.
Result<std::string> begin_closing(db::Transaction& tx, const Context& context,
                                  std::string_view store, const PaymentId& payment,
                                  store::Closing reason, const std::string& refund_reason,
                                  const store::ActorRef& actor, Timestamp now);

// Asks the processor; returns the order once its payment has ended without money. Errors:
// invalid_state (money was faster), processor_unavailable, outcome_unknown. A repetition returns
// the same.
Result<OrderId> finish_closing(Context& context, const std::string& store, std::string_view ids);

// The same for an order that is to be canceled: returns it once it is. invalid_state also where the
// processor refuses to give the money back.
Result<OrderId> finish_cancel(Context& context, const std::string& store, std::string_view ids);

}  // namespace resys::app
