// Ends a payment, and with it a placing. The ids that a command stores are "<payment>", or
// "<payment> refund" if the order's money is to be refunded.
#include "app/closing.hpp"

#include "app/advance.hpp"
#include "app/order_command.hpp"
#include "app/settlement.hpp"

namespace resys::app {
namespace {

constexpr std::string_view kRefund = " refund";

// A payment that is being ended, and its order, as they are now.
struct Closed {
  store::OrderRow order;
  store::PaymentRow payment;
  std::int64_t refundable = 0;    // of all payments
  Result<void> said = success();  // the result of the last call to the processor
};

bool has_ended(const store::PaymentRow& payment) {
  return payment.state == PaymentState::failed || payment.state == PaymentState::voided;
}

Result<PaymentId> parse_payment(std::string_view ids) {
  if (ids.ends_with(kRefund)) ids.remove_suffix(kRefund.size());
  return PaymentId::parse(ids);
}

Result<Closed> load(Context& context, const std::string& store, const PaymentId& id,
                    Result<void> said) {
  return context.database->read([&](db::Transaction& tx) -> Result<Closed> {
    auto payment = store::load_payment(tx, store, id).value();
    auto order = store::load_order_row(tx, store, payment.order_id).value();
    const std::int64_t refundable =
        refundable_of(store::load_order_entries(tx, store, payment.order_id));
    return Closed{std::move(order), std::move(payment), refundable, said};
  });
}

// If the order was paid in parts, its other payments have money, too.
Result<void> refund_others(Context& context, const std::string& store, const Closed& closed) {
  RESYS_TRY(others,
            context.database->read([&](db::Transaction& tx) -> Result<std::vector<PaymentId>> {
              std::vector<PaymentId> ids;
              for (auto& row : store::load_payments(tx, store, closed.order.id)) {
                if (row.id != closed.payment.id) ids.push_back(row.id);
              }
              return ids;
            }));
  for (const PaymentId& other : others) {
    RESYS_TRYV(told_to_shopper(context, other, advance(context, store, other)));
  }
  return success();
}

Error cannot_end_yet(const store::PaymentRow& payment) {
  return Error(Errc::processor_unavailable,
               "the payment is still being processed and cannot be canceled yet")
      .with("paymentState", std::string(name_of(payment.state)));
}

Error paid_meanwhile(const store::OrderRow& order) {
  return Error(Errc::invalid_state, "the order was paid in the meantime")
      .with("state", std::string(name_of(order.state)));
}

}  // namespace

Result<std::string> begin_closing(db::Transaction& tx, const Context& context,
                                  std::string_view store, const PaymentId& payment,
                                  store::Closing reason, const std::string& refund_reason,
                                  const store::ActorRef& actor, Timestamp now) {
  RESYS_TRY(settlement, Settlement::lock(tx, context, store, payment, now));
  if (reason == store::Closing::reopened && settlement.is_order_canceling()) {
    return wrong_state(settlement.order(), OrderEvent::reopen, kCanceling);
  }
  const bool has_payment_ended = is_final(settlement.payment().state);
  if (has_payment_ended) {
    settlement.refund_and_cancel(reason, refund_reason, actor);
  } else {
    settlement.close(reason, actor);
  }
  settlement.save();
  return payment.text().append(has_payment_ended ? kRefund : "");
}

Result<OrderId> finish_closing(Context& context, const std::string& store, std::string_view ids) {
  RESYS_TRY(id, parse_payment(ids));
  RESYS_TRY(closed,
            load(context, store, id, told_to_shopper(context, id, advance(context, store, id))));
  if (has_ended(closed.payment)) return closed.order.id;
  RESYS_TRYV(closed.said);
  return closed.payment.closing ? cannot_end_yet(closed.payment) : paid_meanwhile(closed.order);
}

Result<OrderId> finish_cancel(Context& context, const std::string& store, std::string_view ids) {
  RESYS_TRY(id, parse_payment(ids));
  RESYS_TRY(closed,
            load(context, store, id, told_to_shopper(context, id, advance(context, store, id))));
  if (closed.order.state != OrderState::canceled && closed.order.placements > 1) {
    Result<void> said = refund_others(context, store, closed);
    if (said.has_value()) said = closed.said;
    RESYS_TRY(again, load(context, store, id, std::move(said)));
    closed = std::move(again);
  }
  if (closed.order.state == OrderState::canceled) return closed.order.id;
  if (closed.payment.closing) {
    RESYS_TRYV(closed.said);
    return cannot_end_yet(closed.payment);
  }
  const bool has_come_short =
      closed.payment.state == PaymentState::captured && closed.order.state == OrderState::confirm;
  const bool was_to_refund = ids.ends_with(kRefund) || has_ended(closed.payment) || has_come_short;
  if (!was_to_refund) {
    RESYS_TRYV(closed.said);
    return paid_meanwhile(closed.order);
  }
  Error refused = Error(Errc::invalid_state,
                        "the order was not canceled: the payment processor refused the refund")
                      .with("state", std::string(name_of(closed.order.state)))
                      .with("refundableCents", closed.refundable);
  if (closed.said.has_value()) return refused;
  return std::move(refused).with("refusal", closed.said.error().message());
}

}  // namespace resys::app
