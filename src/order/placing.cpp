// What placing an order and paying a placed order share.
#include "order/placing.hpp"

#include "base/command.hpp"
#include "order/locked_payment.hpp"
#include "order/order_view.hpp"
#include "payment/processors.hpp"

namespace resys::app {
namespace {

// Returns the stored client secret. If it could not be sealed, or its key is lost, it is fetched
// from the processor.
Result<std::string> client_secret_of(Context& context, const std::string& store,
                                     const rows::PaymentRow& payment) {
  if (is_final(payment.state)) return std::string();
  if (!payment.client_secret.empty()) {
    auto opened = context.secrets.open(store, payment.id.text(), payment.client_secret);
    if (opened.has_value()) return opened;
  }
  RESYS_TRY(ready, ReadyProcessor::make(context, store, payment.payment_method_id));
  const Money amount(payment.amount_cents, payment.currency);
  RESYS_TRY(snapshot, guarded(context, [&] {
              return ready->processor().fetch(ready->context(), {payment.external_id, amount});
            }));
  return std::move(snapshot.client_secret);
}

Result<Placement> placement_of(Context& context, const Caller& caller, Placed placed) {
  Placement placement{std::move(placed.order), {}, {}};
  if (!placed.payment) return placement;
  const rows::PaymentRow& payment = *placed.payment;
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

Result<rows::PaymentMethodRow> require_method(const Scope& scope, const PaymentMethodId& id) {
  auto row = rows::find_payment_method(scope, id);
  if (!row || !is_offered(scope.context, row->method)) {
    return no_such_method().at("paymentMethodId");
  }
  return std::move(*row);
}

Result<void> require_accepted(const Scope& scope, const rows::PaymentMethodRow& method,
                              Money amount) {
  RESYS_TRYV(accepts(scope.context, method.method, amount));
  // The processor can be called.
  RESYS_TRYV(open_settings(scope.context, scope.store, method));
  return success();
}

ProcessorCall begin_payment(const Scope& scope, rows::PaymentRow payment,
                            rows::PaymentMethodRow method, rows::OrderRow& order) {
  payment.order_id = order.id;
  payment.payment_method_id = method.method.id;
  payment.processor = method.method.processor;
  payment.currency = order.currency;
  payment.open_creates = 1;
  payment.next_check_at = scope.now.plus(kCallMayTake);
  payment.created_at = scope.now;
  rows::insert_payment(scope, payment);
  order.payment_id = payment.id;
  ProcessorCall call;
  call.kind = CallKind::create;
  call.payment = std::move(payment);
  call.method = std::move(method);
  call.order_number = order.number;
  call.email = order.email;
  return call;
}

ProcessorCall begin_next_payment(const Scope& scope, PaymentUpdate& last, rows::PaymentRow payment,
                                 rows::PaymentMethodRow method) {
  if (!payment.expires_at) payment.expires_at = last.payment().expires_at;
  if (!payment.expires_at) {
    payment.expires_at = payment_deadline(last.settings(), scope.now);
  }
  last.hand_over();
  save(scope, last);
  const rows::OrderRow before = last.order();
  rows::OrderRow row = before;
  ++row.placements;
  ProcessorCall call = begin_payment(scope, std::move(payment), std::move(method), row);
  rows::save_order(scope, row, before);
  return call;
}

std::string Placing::text() const {
  return payment.empty() ? order.text() : order.text() + " " + payment.text();
}

Result<Placing> Placing::parse(std::string_view text) {
  const auto parts = split_ids(text);
  RESYS_TRY(order, OrderId::parse(parts.front()));
  Placing placing{.order = order};
  if (parts.size() == 1) return placing;
  RESYS_TRY(payment, PaymentId::parse(parts[1]));
  placing.payment = payment;
  return placing;
}

Result<Placement> finish_placing(Context& context, const Caller& caller, const Placing& placing) {
  const PaymentId& payment = placing.payment;
  if (placing.call.kind != CallKind::none) {
    auto created = after_commit(run_create(context, caller.store, placing.call));
    if (created.has_error()) return shopper_error(context, payment, created.error());
    return placement_of(context, caller, std::move(created).value());
  }
  // A repetition of the request resumes a call that was interrupted.
  if (!payment.empty()) {
    const auto result = run_calls(context, caller.store, payment);
    RESYS_TRYV(after_commit(shopper_result(context, payment, result)));
  }
  RESYS_TRY(placed, after_commit(context.read(caller.store, [&](const Scope& scope) {
              return load_placed(scope, placing.order, payment);
            })));
  return placement_of(context, caller, std::move(placed));
}

}  // namespace resys::app
