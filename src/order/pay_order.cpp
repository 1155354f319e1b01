// Further payments of a placed order that still awaits its money. The shopper starts one, staff
// request one, or staff accept the money that has come. The open payment is ended first, so that no
// two can be paid.
#include "event/outbox.hpp"
#include "order/checkout_fields.hpp"
#include "order/locked_payment.hpp"
#include "order/order_view.hpp"
#include "order/placing.hpp"
#include "order/require_order.hpp"
#include "order/rules.hpp"
#include "order/void_payment.hpp"
#include "payment/processors.hpp"

namespace resys {
namespace {

using app::PaymentUpdate;
using app::wrong_state;
using rows::OrderRow;

// What the command wants of the order's payment.
struct Wanted {
  const std::string& number;
  const Caller* owner = nullptr;  // null: staff
  OrderEvent event = OrderEvent::pay;
  std::optional<PaymentMethodId> method{};  // none: the same, or none at all
};

// Locks the order and its current payment. Refuses an order that does not await its money.
Result<PaymentUpdate> lock_unpaid(const Scope& scope, const Wanted& wanted) {
  RESYS_TRY(row, app::require_order(scope, wanted.number, wanted.owner));
  auto next = domain::transition(row.state, wanted.event);
  if (next.has_error()) {
    if (row.state != OrderState::payment) return next.error();
    return std::move(next).error().with("allowedAfter", "reopen");
  }
  RESYS_TRY(update, app::lock_payment(scope, row.payment_id));
  if (update.is_order_canceling()) {
    return wrong_state(row, wanted.event, app::kCanceling);
  }
  if (wanted.event == OrderEvent::payment_accepted && update.paid() <= 0) {
    return wrong_state(row, wanted.event, "no payment has come in that could be accepted");
  }
  return std::move(update);
}

bool is_of(const rows::PaymentRow& payment, const std::optional<PaymentMethodId>& method) {
  return !method || payment.payment_method_id == *method;
}

// Checks that a further payment can be started, and returns its method. Changes nothing.
Result<rows::PaymentMethodRow> require_further(const Scope& scope, const Wanted& wanted,
                                               const PaymentUpdate& update) {
  const std::int64_t most = update.settings().max_placements;
  const OrderRow& row = update.order();
  if (row.placements >= most) {
    return wrong_state(row, wanted.event, "too many payments of the order were started")
        .with("limit", most);
  }
  const PaymentMethodId last = update.payment().payment_method_id;
  RESYS_TRY(method, app::require_method(scope, wanted.method.value_or(last)));
  RESYS_TRYV(app::require_accepted(scope, method, Money(update.missing(), row.currency)));
  return std::move(method);
}

// Records that the open payment is to be ended, if another one or none is wanted.
Result<app::BegunVoid> begin_ending(const Scope& scope, const Wanted& wanted) {
  RESYS_TRY(update, lock_unpaid(scope, wanted));
  const rows::PaymentRow& payment = update.payment();
  const bool stays = wanted.event == OrderEvent::pay && is_of(payment, wanted.method) &&
                     payment.amount_cents == update.missing();
  if (app::is_final(payment.state) || (stays && !payment.void_reason)) return app::BegunVoid();
  if (!update.awaits_money()) {
    return wrong_state(update.order(), wanted.event, "the order is being paid")
        .with("paymentState", std::string(name_of(payment.state)));
  }
  if (wanted.event == OrderEvent::pay) {
    RESYS_TRYV(require_further(scope, wanted, update));
  }
  update.request_void(rows::VoidReason::replaced, scope.actor);
  app::save(scope, update);
  return app::BegunVoid{payment.id};
}

Result<void> end_open_payment(Context& context, const Caller& caller, app::RequestKey key,
                              const Wanted& wanted) {
  const std::string operation = std::string(key.operation) + ".end";
  key.operation = operation;
  const auto body = [&](const Scope& scope) { return begin_ending(scope, wanted); };
  RESYS_TRY(begun, app::run_command(context, caller, key, body));
  if (begun.payment.empty()) return success();
  RESYS_TRYV(app::after_commit(app::finish_void(context, caller.store, begun)));
  return success();
}

// Records that staff ask the shopper for the money. The authorization of the payment then does not
// send the instructions once more.
void request_money(const Scope& scope, const rows::PaymentRow& payment) {
  auto update = app::lock_payment(scope, payment.id).value();
  update.request_money(scope.actor);
  app::save(scope, update);
}

// Returns the payment that is already open, or begins a new one.
Result<app::Placing> begin_further(const Scope& scope, const Wanted& wanted,
                                   const std::string& return_url) {
  RESYS_TRY(update, lock_unpaid(scope, wanted));
  const rows::PaymentRow& last = update.payment();
  const bool by_staff = wanted.owner == nullptr;
  app::Placing placing{.order = update.order().id};
  if (!app::is_final(last.state)) {
    if (last.void_reason || !is_of(last, wanted.method)) {
      return wrong_state(update.order(), wanted.event,
                         "another payment was started in the meantime");
    }
    placing.payment = last.id;
    if (by_staff) {
      update.request_money(scope.actor);
      app::save(scope, update);
    }
    return placing;
  }
  const Money amount(update.missing(), update.order().currency);
  RESYS_TRY(method, require_further(scope, wanted, update));
  // The payment has no content hash, so as a late payment it never completes the order.
  rows::PaymentRow payment{
      .id = scope.ids.make<PaymentId>(),
      .offline = app::traits_of(scope.context, method.method.processor).offline,
      .amount_cents = amount.minor(),
      .return_url = return_url};
  if (by_staff) payment.expires_at = app::payment_deadline(update.settings(), scope.now);
  placing.payment = payment.id;
  placing.call = app::begin_next_payment(scope, update, std::move(payment), std::move(method));
  if (by_staff) request_money(scope, placing.call.payment);
  return placing;
}

Result<Placement> pay_further(Context& context, const Caller& caller, const app::RequestKey& key,
                              const Wanted& wanted, const std::string& return_url) {
  RESYS_TRYV(end_open_payment(context, caller, key, wanted));
  const auto body = [&](const Scope& scope) { return begin_further(scope, wanted, return_url); };
  // The open payment may already have ended, so an error no longer means that nothing was stored.
  RESYS_TRY(placing, app::after_commit(app::run_command(context, caller, key, body)));
  return app::finish_placing(context, caller, placing);
}

// Writes the waiver to a payment that has brought money.
Result<OrderId> accept(const Scope& scope, const AcceptPayment& request, const Wanted& wanted) {
  RESYS_TRY(current, lock_unpaid(scope, wanted));
  if (!app::is_final(current.payment().state)) {
    return wrong_state(current.order(), wanted.event,
                       "another payment was started in the meantime");
  }
  for (const auto& row : rows::load_payments(scope, current.order().id)) {
    RESYS_TRY(update, app::lock_payment(scope, row.id));
    if (update.refundable() <= 0) continue;
    update.accept(request.reason.value_or(""), scope.actor);
    app::save(scope, update);
    break;
  }
  return current.order().id;
}

}  // namespace

Result<Placement> Checkout::pay_order(const Caller& caller, const PayOrder& given) {
  RESYS_TRY(request, app::shopper_request(caller, given));
  const Wanted wanted{
      .number = request.number, .owner = &caller, .method = request.payment_method_id};
  return pay_further(context_, caller, app::request_key(caller, request), wanted,
                     request.return_url.value_or(""));
}

Result<Order> AdminOrders::request_payment(const Caller& caller, const RequestPayment& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  const Wanted wanted{.number = request.number, .method = request.payment_method_id};
  RESYS_TRYV(pay_further(context_, caller, app::request_key(caller, request), wanted, ""));
  return app::after_commit(app::read_order(context_, caller, request.number, nullptr));
}

Result<Order> AdminOrders::accept_payment(const Caller& caller, const AcceptPayment& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  const Wanted wanted{.number = request.number, .event = OrderEvent::payment_accepted};
  const app::RequestKey key = app::request_key(caller, request);
  RESYS_TRYV(end_open_payment(context_, caller, key, wanted));
  const auto body = [&](const Scope& scope) { return accept(scope, request, wanted); };
  return app::after_commit(app::run_command(context_, caller, key, body, app::load_order));
}

}  // namespace resys
