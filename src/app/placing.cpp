// What placing an order and paying a placed order share.
#include "app/placing.hpp"

#include "app/command.hpp"
#include "app/order_view.hpp"
#include "app/processors.hpp"
#include "app/settlement.hpp"
#include "store/settings.hpp"

namespace resys::app {
namespace {

// Returns the stored client secret. If it could not be sealed, or its key is lost, it is fetched
// from the processor.
Result<std::string> client_secret_of(Context& context, const std::string& store,
                                     const store::PaymentRow& payment) {
  if (is_final(payment.state)) return std::string();
  if (!payment.client_secret.empty()) {
    auto opened = context.secrets.open(store, payment.id.text(), payment.client_secret);
    if (opened.has_value()) return opened;
  }
  RESYS_TRY(call, ProcessorCall::make(context, store, payment.payment_method_id));
  const Money amount(payment.amount_cents, payment.currency);
  RESYS_TRY(snapshot, guarded(context, [&] {
              return call->processor().fetch(call->context(), {payment.external_id, amount});
            }));
  return std::move(snapshot.client_secret);
}

// A placing as the database has it.
struct Placed {
  Order order;
  std::optional<store::PaymentRow> payment;  // none where nothing is to be paid
};

Result<Placed> load_placed(db::Transaction& tx, std::string_view store, const OrderId& order,
                           const PaymentId& payment, Timestamp now) {
  RESYS_TRY(loaded, load_order(tx, store, order, now));
  Placed placed{std::move(loaded), std::nullopt};
  if (!payment.empty()) placed.payment = store::load_payment(tx, store, payment).value();
  return placed;
}

Result<Placement> placement_of(Context& context, const Caller& caller, Placed placed) {
  Placement placement{std::move(placed.order), {}, {}};
  if (!placed.payment) return placement;
  const store::PaymentRow& payment = *placed.payment;
  if (payment.state == PaymentState::failed) {
    return Error(Errc::payment_declined, payment.decline_message);
  }
  if (payment.external_id.empty() && !is_final(payment.state)) {
    return Error(Errc::processor_unavailable,
                 "the payment processor responded with another payment");
  }
  RESYS_TRY(client_secret, client_secret_of(context, caller.store, payment));
  placement.payment = PlacedPayment{.id = payment.id,
                                    .state = payment.state,
                                    .processor = payment.processor,
                                    .client_secret = std::move(client_secret),
                                    .amount_cents = payment.amount_cents,
                                    .currency = payment.currency,
                                    .due_at = placement.order.payment_due_at};
  for (const OrderPayment& each : placement.order.payments) {
    if (each.id == payment.id) placement.payment->instructions = each.instructions;
  }
  if (placement.order.state == OrderState::payment) {
    placement.reservation_expires_at = payment.expires_at;
  }
  return placement;
}

}  // namespace

Result<store::PaymentMethodRow> require_method(db::Transaction& tx, const Context& context,
                                               std::string_view store, const PaymentMethodId& id) {
  auto row = store::find_payment_method(tx, store, id);
  if (!row || !is_offered(context, row->method)) {
    return Error(Errc::not_found, "there is no such payment method").at("paymentMethodId");
  }
  return std::move(*row);
}

Result<void> require_taken(const Context& context, std::string_view store,
                           const store::PaymentMethodRow& method, Money amount) {
  RESYS_TRYV(takes(context, method.method, amount));
  RESYS_TRYV(open_settings(context, store, method));  // so the processor can be called
  return success();
}

Step begin_payment(db::Transaction& tx, std::string_view store, store::PaymentRow payment,
                   store::PaymentMethodRow method, store::OrderRow& order, Timestamp now) {
  payment.order_id = order.id;
  payment.payment_method_id = method.method.id;
  payment.processor = method.method.processor;
  payment.currency = order.currency;
  payment.open_creates = 1;
  payment.next_check_at = now.plus(kCallMayTake);
  payment.created_at = now;
  store::insert_payment(tx, store, payment);
  order.payment_id = payment.id;
  Step call;
  call.kind = StepKind::create;
  call.payment = std::move(payment);
  call.method = std::move(method);
  call.order_number = order.number;
  call.email = order.email;
  return call;
}

Step begin_next_payment(db::Transaction& tx, std::string_view store, Settlement& last,
                        store::PaymentRow payment, store::PaymentMethodRow method, Timestamp now) {
  if (!payment.expires_at) payment.expires_at = last.payment().expires_at;
  if (!payment.expires_at) {
    payment.expires_at = payment_deadline(store::load_checkout_settings(tx, store), now);
  }
  last.hand_over();
  last.save();
  const store::OrderRow before = last.order();
  store::OrderRow row = before;
  ++row.placements;
  Step call = begin_payment(tx, store, std::move(payment), std::move(method), row, now);
  store::save_order(tx, store, row, before, now);
  return call;
}

Result<Placement> finish_placing(Context& context, const Caller& caller, std::string_view ids,
                                 const PaymentId& begun, Step call, Timestamp now) {
  const auto parts = split_ids(ids);
  RESYS_TRY(order, OrderId::parse(parts.front()));
  PaymentId payment;
  if (parts.size() > 1) {
    RESYS_TRY(parsed, PaymentId::parse(parts[1]));
    payment = parsed;
  }
  if (payment == begun) {
    Placed placed;
    const auto answer = [&](db::Transaction& tx, const store::OrderRow& row,
                            const store::PaymentRow& made) {
      placed = {view_order(tx, caller.store, row, now), made};
    };
    const auto advanced = advance_placed(context, caller.store, std::move(call), answer);
    RESYS_TRYV(after_commit(told_to_shopper(context, payment, advanced)));
    return placement_of(context, caller, std::move(placed));
  }
  // A repetition of the request resumes a call that was interrupted.
  if (!payment.empty()) {
    const auto advanced = advance(context, caller.store, payment);
    RESYS_TRYV(after_commit(told_to_shopper(context, payment, advanced)));
  }
  RESYS_TRY(placed, after_commit(context.database->read([&](db::Transaction& tx) {
              return load_placed(tx, caller.store, order, payment, now);
            })));
  return placement_of(context, caller, std::move(placed));
}

}  // namespace resys::app
