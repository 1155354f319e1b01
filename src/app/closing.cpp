// Ending a payment, and with it a placing.
#include "app/closing.hpp"

#include "app/advance.hpp"
#include "app/settlement.hpp"

namespace resys::app {

Result<std::string> begin_closing(db::Transaction& tx, const Context& context,
                                  std::string_view store, const PaymentId& payment,
                                  store::Closing reason, Timestamp now) {
  RESYS_TRY(settlement, Settlement::lock(tx, context, store, payment, now));
  if (settlement.order().state == OrderState::complete) {
    settlement.refund_and_cancel();
  } else {
    settlement.close(reason);
  }
  settlement.save();
  return payment.text();
}

Result<OrderId> finish_closing(Context& context, const std::string& store, std::string_view ids) {
  RESYS_TRY(id, PaymentId::parse(ids));
  const Result<void> advanced = told_to_shopper(context, id, advance(context, store, id));
  store::PaymentRow payment;
  RESYS_TRY(order, context.database->read([&](db::Transaction& tx) -> Result<store::OrderRow> {
    payment = store::load_payment(tx, store, id).value();
    return store::load_order_row(tx, store, payment.order_id).value();
  }));
  const bool ended = payment.state == PaymentState::failed ||
                     payment.state == PaymentState::voided || order.state == OrderState::canceled;
  if (ended) return order.id;
  if (payment.closing) {
    RESYS_TRYV(advanced);
    return Error(Errc::processor_unavailable, "the payment is being processed and cannot end yet")
        .with("paymentState", std::string(name_of(payment.state)));
  }
  if (advanced.has_error()) return advanced.error();
  return Error(Errc::invalid_state, "the order was paid meanwhile")
      .with("state", std::string(name_of(order.state)));
}

}  // namespace resys::app
