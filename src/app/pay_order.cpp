// Further payments of a placed order that still awaits its money. The shopper starts one, staff
// request one, or staff accept the money that has come. The open payment is ended first, so that no
// two can be paid.
#include "app/closing.hpp"
#include "app/event.hpp"
#include "app/order_command.hpp"
#include "app/order_view.hpp"
#include "app/placing.hpp"
#include "app/processors.hpp"
#include "app/settlement.hpp"
#include "domain/order.hpp"
#include "fields/checkout.hpp"
#include "store/settings.hpp"

namespace resys {
namespace {

using app::Settlement;
using app::wrong_state;
using store::OrderRow;

// What the command wants of the order's payment.
struct Wanted {
  const std::string& number;
  const Caller* owner = nullptr;  // null: staff
  OrderEvent event = OrderEvent::pay;
  std::optional<PaymentMethodId> method{};  // none: the same, or none at all
};

// Locks the order and its current payment. Refuses an order that does not await its money.
Result<Settlement> lock_unpaid(db::Transaction& tx, const Context& context, const Caller& caller,
                               const Wanted& wanted, Timestamp now) {
  RESYS_TRY(row, app::require_order(tx, caller.store, wanted.number, wanted.owner));
  auto next = domain::transition(row.state, wanted.event);
  if (next.has_error()) {
    if (row.state != OrderState::payment) return next.error();
    return std::move(next).error().with("allowedAfter", "reopen");
  }
  RESYS_TRY(settlement, Settlement::lock(tx, context, caller.store, row.payment_id, now));
  if (settlement.is_order_canceling()) {
    return wrong_state(row, wanted.event, app::kCanceling);
  }
  if (wanted.event == OrderEvent::payment_accepted && settlement.paid() <= 0) {
    return wrong_state(row, wanted.event, "no payment has come in that could be accepted");
  }
  return std::move(settlement);
}

bool is_of(const store::PaymentRow& payment, const std::optional<PaymentMethodId>& method) {
  return !method || payment.payment_method_id == *method;
}

// Checks that a further payment can be started, and returns its method. Changes nothing.
Result<store::PaymentMethodRow> require_further(db::Transaction& tx, const Context& context,
                                                const Caller& caller, const Wanted& wanted,
                                                Settlement& settlement,
                                                const CheckoutSettings& settings) {
  const OrderRow& row = settlement.order();
  if (row.placements >= settings.max_placements) {
    return wrong_state(row, wanted.event, "too many payments of the order were started")
        .with("limit", settings.max_placements);
  }
  const PaymentMethodId last = settlement.payment().payment_method_id;
  RESYS_TRY(method, app::require_method(tx, context, caller.store, wanted.method.value_or(last)));
  RESYS_TRYV(
      app::require_taken(context, caller.store, method, Money(settlement.missing(), row.currency)));
  return std::move(method);
}

// Records that the open payment is to be ended, if another one or none is wanted. Returns its id,
// or nothing.
Result<std::string> begin_ending(db::Transaction& tx, const Context& context, const Caller& caller,
                                 const Wanted& wanted, Timestamp now) {
  RESYS_TRY(settlement, lock_unpaid(tx, context, caller, wanted, now));
  const store::PaymentRow& payment = settlement.payment();
  const bool stays = wanted.event == OrderEvent::pay && is_of(payment, wanted.method) &&
                     payment.amount_cents == settlement.missing();
  if (app::is_final(payment.state) || (stays && !payment.closing)) return std::string();
  if (!settlement.awaits_money()) {
    return wrong_state(settlement.order(), wanted.event, "the order is being paid")
        .with("paymentState", std::string(name_of(payment.state)));
  }
  if (wanted.event == OrderEvent::pay) {
    const auto settings = store::load_checkout_settings(tx, caller.store);
    RESYS_TRYV(require_further(tx, context, caller, wanted, settlement, settings));
  }
  settlement.close(store::Closing::replaced, app::actor_of(caller));
  settlement.save();
  return payment.id.text();
}

// `name` and `fingerprint`: of the request, for its idempotency key.
Result<void> end_open_payment(Context& context, const Caller& caller, std::string_view name,
                              const std::string& fingerprint, const Wanted& wanted, Timestamp now) {
  const auto body = [&](db::Transaction& tx) {
    return begin_ending(tx, context, caller, wanted, now);
  };
  RESYS_TRY(outcome, app::run_command(context, caller, name, fingerprint, now, body));
  if (outcome.ids.empty()) return success();
  RESYS_TRYV(app::after_commit(app::finish_closing(context, caller.store, outcome.ids)));
  return success();
}

// Records that staff ask the shopper for the money. The authorization of the payment then does not
// send the instructions once more.
void request_money(db::Transaction& tx, const Context& context, const Caller& caller,
                   const store::PaymentRow& payment, Timestamp now) {
  auto settlement = Settlement::lock(tx, context, caller.store, payment.id, now).value();
  settlement.request_money(app::actor_of(caller));
}

// Returns "<order> <payment>" of the payment that is already open, or of a new one. For a new one,
// `call` is the call that makes it.
Result<std::string> begin_further(db::Transaction& tx, const Context& context, const Caller& caller,
                                  const Wanted& wanted, const std::string& return_url,
                                  const PaymentId& new_payment, Timestamp now, app::Step& call) {
  RESYS_TRY(settlement, lock_unpaid(tx, context, caller, wanted, now));
  const store::PaymentRow& last = settlement.payment();
  const bool by_staff = wanted.owner == nullptr;
  const std::string order_id = settlement.order().id.text();
  if (!app::is_final(last.state)) {
    if (last.closing || !is_of(last, wanted.method)) {
      return wrong_state(settlement.order(), wanted.event,
                         "another payment was started in the meantime");
    }
    if (by_staff) settlement.request_money(app::actor_of(caller));
    return order_id + " " + last.id.text();
  }
  const auto settings = store::load_checkout_settings(tx, caller.store);
  const Money amount(settlement.missing(), settlement.order().currency);
  RESYS_TRY(method, require_further(tx, context, caller, wanted, settlement, settings));
  // The payment has no content hash, so as a late payment it never completes the order.
  store::PaymentRow payment{.id = new_payment,
                            .offline = app::traits_of(context, method.method.processor).offline,
                            .amount_cents = amount.minor(),
                            .return_url = return_url};
  if (by_staff) payment.expires_at = app::payment_deadline(settings, now);
  call = app::begin_next_payment(tx, caller.store, settlement, std::move(payment),
                                 std::move(method), now);
  if (by_staff) request_money(tx, context, caller, call.payment, now);
  return order_id + " " + new_payment.text();
}

Result<Placement> pay_further(Context& context, const Caller& caller, std::string_view name,
                              const std::string& fingerprint, const Wanted& wanted,
                              const std::string& return_url) {
  const Timestamp now = context.clock->now();
  RESYS_TRYV(
      end_open_payment(context, caller, std::string(name) + ".end", fingerprint, wanted, now));
  const PaymentId new_payment = context.ids->make<PaymentId>();
  app::Step call;
  const auto body = [&](db::Transaction& tx) {
    return begin_further(tx, context, caller, wanted, return_url, new_payment, now, call);
  };
  // The open payment may already have ended, so an error no longer means that nothing was stored.
  RESYS_TRY(outcome,
            app::after_commit(app::run_command(context, caller, name, fingerprint, now, body)));
  return app::finish_placing(context, caller, outcome.ids, new_payment, std::move(call), now);
}

// Writes the waiver to a payment that has brought money.
Result<std::string> accept(db::Transaction& tx, const Context& context, const Caller& caller,
                           const AcceptPayment& request, const Wanted& wanted, Timestamp now) {
  RESYS_TRY(current, lock_unpaid(tx, context, caller, wanted, now));
  if (!app::is_final(current.payment().state)) {
    return wrong_state(current.order(), wanted.event,
                       "another payment was started in the meantime");
  }
  for (const auto& row : store::load_payments(tx, caller.store, current.order().id)) {
    RESYS_TRY(settlement, Settlement::lock(tx, context, caller.store, row.id, now));
    if (settlement.refundable() <= 0) continue;
    settlement.accept(request.reason.value_or(""), app::actor_of(caller));
    settlement.save();
    break;
  }
  return current.order().id.text();
}

}  // namespace

Result<Placement> Checkout::pay(const Caller& caller, const PayOrder& given) {
  RESYS_TRY(request, app::shopper_request(caller, given));
  const Wanted wanted{
      .number = request.number, .owner = &caller, .method = request.payment_method_id};
  return pay_further(context_, caller, "PayOrder", fields::fingerprint(request), wanted,
                     request.return_url.value_or(""));
}

Result<Order> Orders::request_payment(const Caller& caller, const RequestPayment& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  const Wanted wanted{.number = request.number, .method = request.payment_method_id};
  RESYS_TRYV(
      pay_further(context_, caller, "RequestPayment", fields::fingerprint(request), wanted, ""));
  return app::after_commit(app::read_order(context_, caller, request.number, nullptr));
}

Result<Order> Orders::accept_payment(const Caller& caller, const AcceptPayment& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  const Timestamp now = context_.clock->now();
  const Wanted wanted{.number = request.number, .event = OrderEvent::payment_accepted};
  const std::string fingerprint = fields::fingerprint(request);
  RESYS_TRYV(end_open_payment(context_, caller, "AcceptPayment.end", fingerprint, wanted, now));
  const auto body = [&](db::Transaction& tx) {
    return accept(tx, context_, caller, request, wanted, now);
  };
  RESYS_TRYV(app::after_commit(
      app::run_command(context_, caller, "AcceptPayment", fingerprint, now, body)));
  return app::after_commit(app::read_order(context_, caller, request.number, nullptr));
}

}  // namespace resys
