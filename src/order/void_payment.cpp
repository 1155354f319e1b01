// Ends a payment, and with it a placing; see the header.
#include "order/void_payment.hpp"

#include "order/locked_payment.hpp"
#include "order/processor_calls.hpp"
#include "order/require_order.hpp"

namespace resys::app {
namespace {

constexpr std::string_view kRefund = " refund";

// A payment that is being ended, and its order, as they are now.
struct VoidOutcome {
  rows::OrderRow order;
  rows::PaymentRow payment;
  std::int64_t refundable = 0;    // of all payments
  Result<void> said = success();  // the result of the last call to the processor
};

bool has_ended(const rows::PaymentRow& payment) {
  return payment.state == PaymentState::failed || payment.state == PaymentState::voided;
}

Result<VoidOutcome> load(Context& context, const std::string& store, const PaymentId& id,
                         Result<void> said) {
  return context.read(store, [&](const Scope& scope) -> Result<VoidOutcome> {
    auto payment = rows::load_payment(scope, id).value();
    auto order = rows::load_order_row(scope, payment.order_id).value();
    const std::int64_t refundable =
        refundable_of(rows::load_order_entries(scope, payment.order_id));
    return VoidOutcome{std::move(order), std::move(payment), refundable, said};
  });
}

// If the order was paid in parts, its other payments have money, too.
Result<void> refund_others(Context& context, const std::string& store, const VoidOutcome& outcome) {
  RESYS_TRY(others, context.read(store, [&](const Scope& scope) -> Result<std::vector<PaymentId>> {
    std::vector<PaymentId> ids;
    for (auto& row : rows::load_payments(scope, outcome.order.id)) {
      if (row.id != outcome.payment.id) ids.push_back(row.id);
    }
    return ids;
  }));
  for (const PaymentId& other : others) {
    RESYS_TRYV(shopper_result(context, other, run_calls(context, store, other)));
  }
  return success();
}

Error cannot_end_yet(const rows::PaymentRow& payment) {
  return Error(Errc::processor_unavailable,
               "the payment is still being processed and cannot be canceled yet")
      .with("paymentState", std::string(name_of(payment.state)));
}

Error paid_meanwhile(const rows::OrderRow& order) {
  return Error(Errc::invalid_state, "the order was paid in the meantime")
      .with("state", std::string(name_of(order.state)));
}

}  // namespace

std::string BegunVoid::text() const {
  if (payment.empty()) return {};
  return payment.text().append(is_refund ? kRefund : "");
}

Result<BegunVoid> BegunVoid::parse(std::string_view text) {
  BegunVoid begun;
  if (text.empty()) return begun;
  begun.is_refund = text.ends_with(kRefund);
  if (begun.is_refund) text.remove_suffix(kRefund.size());
  RESYS_TRY(payment, PaymentId::parse(text));
  begun.payment = payment;
  return begun;
}

Result<BegunVoid> begin_void(const Scope& scope, const PaymentId& payment, rows::VoidReason reason,
                             const std::string& refund_reason) {
  RESYS_TRY(update, lock_payment(scope, payment));
  if (reason == rows::VoidReason::reopened && update.is_order_canceling()) {
    return wrong_state(update.order(), OrderEvent::reopen, kCanceling);
  }
  const bool has_payment_ended = is_final(update.payment().state);
  if (has_payment_ended) {
    update.refund_and_cancel(reason, refund_reason, scope.actor);
  } else {
    update.request_void(reason, scope.actor);
  }
  save(scope, update);
  return BegunVoid{payment, has_payment_ended};
}

Result<OrderId> finish_void(Context& context, const std::string& store, const BegunVoid& begun) {
  const PaymentId& id = begun.payment;
  RESYS_TRY(outcome,
            load(context, store, id, shopper_result(context, id, run_calls(context, store, id))));
  if (has_ended(outcome.payment)) return outcome.order.id;
  RESYS_TRYV(outcome.said);
  return outcome.payment.void_reason ? cannot_end_yet(outcome.payment)
                                     : paid_meanwhile(outcome.order);
}

Result<OrderId> finish_cancel(Context& context, const std::string& store, const BegunVoid& begun) {
  const PaymentId& id = begun.payment;
  RESYS_TRY(outcome,
            load(context, store, id, shopper_result(context, id, run_calls(context, store, id))));
  if (outcome.order.state != OrderState::canceled && outcome.order.placements > 1) {
    Result<void> said = refund_others(context, store, outcome);
    if (said.has_value()) said = outcome.said;
    RESYS_TRY(again, load(context, store, id, std::move(said)));
    outcome = std::move(again);
  }
  if (outcome.order.state == OrderState::canceled) return outcome.order.id;
  if (outcome.payment.void_reason) {
    RESYS_TRYV(outcome.said);
    return cannot_end_yet(outcome.payment);
  }
  const bool has_come_short =
      outcome.payment.state == PaymentState::captured && outcome.order.state == OrderState::confirm;
  const bool was_to_refund = begun.is_refund || has_ended(outcome.payment) || has_come_short;
  if (!was_to_refund) {
    RESYS_TRYV(outcome.said);
    return paid_meanwhile(outcome.order);
  }
  Error refused = Error(Errc::invalid_state,
                        "the order was not canceled: the payment processor refused the refund")
                      .with("state", std::string(name_of(outcome.order.state)))
                      .with("refundableCents", outcome.refundable);
  if (outcome.said.has_value()) return refused;
  return std::move(refused).with("refusal", outcome.said.error().message());
}

}  // namespace resys::app
