// Makes the calls to the processor that a payment needs next. Requests, webhooks and background
// work all go through here and use the same idempotency keys. So the next one to come resumes a
// call that was interrupted.
#pragma once

#include <optional>
#include <string>

#include "order/payment_update.hpp"
#include "order/rows.hpp"
#include "payment/rows.hpp"

namespace resys::app {

// The payment's next call, with all that it needs.
struct ProcessorCall {
  CallKind kind = CallKind::none;
  rows::PaymentRow payment;
  rows::PaymentMethodRow method;
  rows::EntryRow entry;      // of a capture or a refund
  std::string order_number;  // this and the e-mail address are for a create
  std::string email;
};

// A placing as the database has it.
struct Placed {
  Order order;
  std::optional<rows::PaymentRow> payment;  // none if nothing is to be paid
};
// `payment`: empty if the order is free.
Result<Placed> load_placed(const Scope& scope, const OrderId& order, const PaymentId& payment);

// Returns once nothing is left to do now, or the processor has not responded. Errors: the
// processor's error for the last call. Background work repeats that call unless the error is a
// refusal.
Result<void> run_calls(Context& context, const std::string& store, const PaymentId& payment,
                       Ask ask = Ask::if_needed);
// The same, but starts with the given call.
Result<void> run_calls(Context& context, const std::string& store, ProcessorCall call);
// The same, but starts with the given create, which its transaction has already counted. Returns
// the order and the payment as the calls have left them.
Result<Placed> run_create(Context& context, const std::string& store, const ProcessorCall& create);

// The error that the shopper may see. What is wrong with the processor goes to the log instead.
Error shopper_error(Context& context, const PaymentId& payment, const Error& error);
Result<void> shopper_result(Context& context, const PaymentId& payment, const Result<void>& result);

// Records what a processor reports about a payment, and what follows from it for the order. Returns
// the call that the report makes necessary. A call that was needed before is not returned: the
// request that decided on it, or background work, makes it.
Result<ProcessorCall> apply_snapshot(Context& context, const std::string& store,
                                     const PaymentId& payment, const PaymentSnapshot& snapshot);
// The same in an open transaction, for the webhook that brought the report. Returns no call if the
// webhook was seen before. A client secret is only stored from a response, never from a webhook.
Result<ProcessorCall> apply_webhook(const Scope& scope, const PaymentId& payment,
                                    const PaymentSnapshot& snapshot,
                                    const rows::WebhookRow& webhook);

}  // namespace resys::app
