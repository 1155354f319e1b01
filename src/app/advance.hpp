// Calls the processor for whatever a payment needs next. Requests, webhooks and due work all use
// this one way, with the same idempotency keys, so a step that was interrupted anywhere is taken up
// again by whoever comes next.
#pragma once

#include <functional>
#include <string>

#include "app/context.hpp"
#include "store/order.hpp"
#include "store/payment.hpp"

namespace resys::app {

enum class Ask {
  if_needed,  // only what was decided: create, cancel, capture, refund
  anyway,     // and if nothing was, fetch
};

enum class StepKind { none, give_up, create, capture, cancel, refund, fetch };

// What a payment needs next.
struct Step {
  StepKind kind = StepKind::none;
  store::PaymentRow payment;
  store::PaymentMethodRow method;
  store::EntryRow entry;     // of a capture or a refund
  std::string order_number;  // this and the e-mail address: of a create
  std::string email;
};

// Returns once nothing is left to be done now, or the processor gave no answer. Errors: what the
// processor answered to the last step; the step is repeated by due work unless the error says
// that it was refused.
Result<void> advance(Context& context, const std::string& store, const PaymentId& payment,
                     Ask ask = Ask::if_needed);
// The same, beginning with a step.
Result<void> advance(Context& context, const std::string& store, Step step);
// The same for a create whose call was counted already, with what placed the order. `answer` is
// called last in the transaction that writes the last of it, with the rows as they are then; it
// only reads.
using Answer =
    std::function<void(db::Transaction&, const store::OrderRow&, const store::PaymentRow&)>;
Result<void> advance_placed(Context& context, const std::string& store, Step step,
                            const Answer& answer);

// What a shopper is told of it: what is wrong with the processor goes to the log.
Result<void> told_to_shopper(Context& context, const PaymentId& payment,
                             const Result<void>& advanced);

// Writes what a processor has told of a payment, and what follows for its order. Answers what that
// makes necessary now; what was needed before is for whoever decided it, or for due work.
Result<Step> observe(Context& context, const std::string& store, const PaymentId& payment,
                     const PaymentSnapshot& snapshot);
// The same in a transaction that is open, with the webhook that said it; nothing if it was seen
// before. Client secrets come by answers only.
Result<Step> observe(db::Transaction& tx, Context& context, std::string_view store,
                     const PaymentId& payment, const PaymentSnapshot& snapshot,
                     const store::WebhookRow& webhook, Timestamp now);

}  // namespace resys::app
