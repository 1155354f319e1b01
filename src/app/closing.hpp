// Ending a payment, and with it a placing: the intention is committed first, then the processor is
// asked to cancel, and only its answer moves the order. What a processor cannot say yet is asked
// again by due work.
#pragma once

#include <string>

#include "app/context.hpp"
#include "store/payment.hpp"

namespace resys::app {

// Commits the intention. Leaves the ids for finish_closing().
Result<std::string> begin_closing(db::Transaction& tx, const Context& context,
                                  std::string_view store, const PaymentId& payment,
                                  store::Closing reason, Timestamp now);

// Asks the processor; answers the order if its payment has ended without money, or its money is
// back. Errors: invalid_state (money was faster), processor_unavailable, outcome_unknown. A
// repetition answers the same.
Result<OrderId> finish_closing(Context& context, const std::string& store, std::string_view ids);

}  // namespace resys::app
