// Calls the processor for whatever a payment needs next. Requests, webhooks and due work all use
// this one way, with the same idempotency keys, so a step that was interrupted anywhere is taken up
// again by whoever comes next.
#pragma once

#include <optional>
#include <string>

#include "app/context.hpp"
#include "store/payment.hpp"

namespace resys::app {

enum class Ask {
  as_placed,  // as if_needed, by the placing itself: its call is written down already
  if_needed,  // only what was decided: create, cancel, capture, refund
  anyway,     // and if nothing was, fetch
};

// Returns once nothing is left to be done now, or the processor gave no answer. Errors: what the
// processor answered to the last step; the step is repeated by due work unless the error says
// that it was refused.
Result<void> advance(Context& context, const std::string& store, const PaymentId& payment,
                     Ask ask = Ask::if_needed);

// The same for a shopper: what is wrong with the processor goes to the log, not to them.
Result<void> advance_for_shopper(Context& context, const std::string& store,
                                 const PaymentId& payment, Ask ask = Ask::if_needed);

// Writes what a processor said of a payment, and what follows for its order. With a webhook, in the
// same transaction: false if it was seen before, and then nothing is changed.
Result<bool> observe(Context& context, const std::string& store, const PaymentId& payment,
                     const PaymentSnapshot& snapshot, const store::WebhookRow* webhook = nullptr);

}  // namespace resys::app
