// Placed orders, for their owner and for staff.
#include "resys/order.hpp"

#include <algorithm>
#include <charconv>

#include "app/advance.hpp"
#include "app/claim.hpp"
#include "app/closing.hpp"
#include "app/event.hpp"
#include "app/order_command.hpp"
#include "app/order_list.hpp"
#include "app/order_view.hpp"
#include "app/page.hpp"
#include "app/placing.hpp"
#include "app/processors.hpp"
#include "app/settlement.hpp"
#include "domain/order.hpp"
#include "fields/order.hpp"
#include "store/event.hpp"

namespace resys {
namespace {

using app::Settlement;
using app::wrong_state;
using store::EntryKind;
using store::OrderRow;

// A cursor also holds the moment of placing. If the last order of a page is placed again, it moves
// in the list, but the next page still begins at the old place.
std::string cursor_of(const store::PlacedKey& key) {
  return key.id.text() + "." + std::to_string(key.placed_at.micros);
}

Result<store::PlacedKey> parse_cursor(std::string_view text) {
  const std::size_t dot = std::min(text.find('.'), text.size());
  const std::string_view micros = text.substr(std::min(dot + 1, text.size()));
  const auto id = OrderId::parse(text.substr(0, dot));
  store::PlacedKey key;
  const auto [end, error] =
      std::from_chars(micros.data(), micros.data() + micros.size(), key.placed_at.micros);
  if (id.has_error() || error != std::errc() || end != micros.data() + micros.size()) {
    return app::wrong_cursor();
  }
  key.id = id.value();
  return key;
}

Result<Page<Order>> list(Context& context, const Caller& caller, const store::OrderFilter& filter,
                         std::string_view q, const std::optional<std::string>& after,
                         std::int64_t limit) {
  store::PlacedKey before = app::kNewestPlaced;
  if (after) {
    RESYS_TRY(parsed, parse_cursor(*after));
    before = parsed;
  }
  const Timestamp now = context.clock->now();
  return context.database->read([&](db::Transaction& tx) -> Result<Page<Order>> {
    const auto found = app::page_of_orders(tx, caller.store, filter, q, before, limit);
    Page<Order> page;
    if (found.next) page.next_after = cursor_of(*found.next);
    for (const store::PlacedKey& key : found.keys) {
      RESYS_TRY(order, app::load_order(tx, caller.store, key.id, now));
      page.items.push_back(std::move(order));
    }
    return page;
  });
}

// ---- cancel

// A shopper may cancel a placed order as long as no money has come and no bank has promised any.
Result<void> require_nothing_paid(db::Transaction& tx, const Context& context, const Caller& caller,
                                  const OrderRow& row, Timestamp now) {
  if (row.state == OrderState::confirm) {
    RESYS_TRY(settlement, Settlement::lock(tx, context, caller.store, row.payment_id, now));
    const bool is_open = !app::is_final(settlement.payment().state);
    if (settlement.paid() == 0 && (!is_open || settlement.awaits_money())) return success();
  }
  return wrong_state(row, OrderEvent::cancel,
                     "the shopper can no longer cancel the order, only staff can");
}

// Returns the ids for finish_cancel() if a payment has to end first. Otherwise the order is
// canceled, and nothing is returned.
Result<std::string> cancel_now_or_later(db::Transaction& tx, const Context& context,
                                        const Caller& caller, const std::string& number,
                                        const Caller* owner, const std::string& refund_reason,
                                        Timestamp now) {
  RESYS_TRY(row, app::require_order(tx, caller.store, number, owner));
  RESYS_TRYV(domain::transition(row.state, OrderEvent::cancel));
  if (store::find_shipment(tx, caller.store, row.id)) {
    return wrong_state(row, OrderEvent::cancel, "the order has been shipped");
  }
  const bool is_placed = row.state == OrderState::confirm || row.state == OrderState::complete;
  if (is_placed && owner != nullptr) {
    RESYS_TRYV(require_nothing_paid(tx, context, caller, row, now));
  }
  const bool has_payment =
      !row.payment_id.empty() && (is_placed || row.state == OrderState::payment);
  if (has_payment) {
    const auto reason =
        owner == nullptr ? store::Closing::canceled_by_staff : store::Closing::canceled;
    return app::begin_closing(tx, context, caller.store, row.payment_id, reason, refund_reason,
                              app::actor_of(caller), now);
  }
  const OrderRow before = row;
  const char* reason = owner == nullptr ? "canceledByStaff" : "canceled";
  app::cancel_order(tx, context, caller.store, row, OrderEvent::cancel, {{"reason", reason}},
                    app::actor_of(caller), now);
  store::save_order(tx, caller.store, row, before, now);
  return std::string();
}

Result<Order> cancel(Context& context, const Caller& caller, const OrderRef& request,
                     const Caller* owner) {
  const Timestamp now = context.clock->now();
  const auto body = [&](db::Transaction& tx) {
    return cancel_now_or_later(tx, context, caller, request.number, owner, "the order was canceled",
                               now);
  };
  RESYS_TRY(outcome, app::run_command(context, caller, "CancelOrder", fields::fingerprint(request),
                                      now, body));
  if (!outcome.ids.empty()) {
    RESYS_TRYV(app::after_commit(app::finish_cancel(context, caller.store, outcome.ids)));
  }
  return app::after_commit(app::read_order(context, caller, request.number, owner));
}

// ---- money

// A capture that staff request, or money that they mark as received.
struct Capture {
  const std::string& number;
  bool by_hand = false;                      // staff have seen the money arrive
  std::optional<std::int64_t> amount_cents;  // absent: all that was asked for
  std::optional<Currency> currency;          // of it, if said
  PaymentId new_payment;                     // if it needs one
  app::Step call{};                          // that makes it
};

// The payment method of the order's newest manual payment.
std::optional<PaymentMethodId> last_method_by_hand(db::Transaction& tx, std::string_view store,
                                                   const OrderRow& row) {
  std::optional<PaymentMethodId> found;
  for (const auto& payment : store::load_payments(tx, store, row.id)) {
    if (payment.offline) found = payment.payment_method_id;
  }
  return found;
}

// A late payment of an order that has ended: it is taken down, and goes back.
Result<app::Step> begin_late_by_hand(db::Transaction& tx, const Caller& caller, const OrderRow& row,
                                     const Capture& capture, store::PaymentMethodRow method,
                                     Timestamp now) {
  if (!capture.amount_cents) {
    return wrong_state(row, OrderEvent::payment_captured,
                       "the order awaits no money: say how much has come")
        .with("allowedWith", "amountCents");
  }
  OrderRow order = row;
  ++order.placements;
  app::Step call = app::begin_payment(tx, caller.store,
                                      {.id = capture.new_payment,
                                       .offline = true,
                                       .amount_cents = *capture.amount_cents,
                                       .closing = store::Closing::canceled,
                                       .closing_actor = app::actor_of(caller)},
                                      std::move(method), order, now);
  order.payment_id = row.payment_id;
  store::save_order(tx, caller.store, order, row, now);
  return call;
}

// Manual money that arrives after the order's payment has ended becomes a payment of its own.
// Returns the ids of that payment and its capture.
Result<std::string> begin_next_by_hand(db::Transaction& tx, const Caller& caller,
                                       const Context& context, Settlement& last, Capture& capture) {
  const OrderRow& row = last.order();
  const auto method = last_method_by_hand(tx, caller.store, row);
  if (!method) {
    return wrong_state(row, OrderEvent::payment_captured,
                       "the order awaits no manual payment: request one first")
        .with("allowedAfter", "request-payment");
  }
  const Timestamp now = last.now();
  const auto by = store::find_payment_method(tx, caller.store, *method).value();
  if (row.state == OrderState::confirm) {
    capture.call = app::begin_next_payment(
        tx, caller.store, last,
        {.id = capture.new_payment, .offline = true, .amount_cents = last.missing()}, by, now);
  } else {
    RESYS_TRY(call, begin_late_by_hand(tx, caller, row, capture, by, now));
    capture.call = std::move(call);
  }
  RESYS_TRY(next, Settlement::lock(tx, context, caller.store, capture.new_payment, now));
  const auto entry = next.require_capture(capture.amount_cents, app::actor_of(caller));
  next.save();
  return capture.new_payment.text() + " " + entry.text();
}

// Records that the authorized amount, or a part of it, is to be captured. Returns the ids of the
// payment and its capture.
Result<std::string> begin_capture(db::Transaction& tx, const Context& context, const Caller& caller,
                                  Capture& capture, Timestamp now) {
  const auto& [number, by_hand, amount_cents, currency, new_payment, call] = capture;
  RESYS_TRY(found, app::require_order(tx, caller.store, number, nullptr));
  RESYS_TRYV(app::require_currency(currency, found.currency));
  const char* not_authorized = "the order's payment is not authorized";
  if (found.payment_id.empty()) {
    return wrong_state(found, OrderEvent::payment_captured, not_authorized);
  }
  RESYS_TRY(settlement, Settlement::lock(tx, context, caller.store, found.payment_id, now));
  const OrderRow& row = settlement.order();
  const store::PaymentRow& payment = settlement.payment();
  if (settlement.is_order_canceling()) {
    return wrong_state(row, OrderEvent::payment_captured, app::kCanceling);
  }
  const bool is_confirm = row.state == OrderState::confirm;
  const bool has_ended = row.state == OrderState::canceled || row.state == OrderState::complete;
  if (by_hand && (is_confirm || has_ended) && app::is_final(payment.state)) {
    return begin_next_by_hand(tx, caller, context, settlement, capture);
  }
  if (!is_confirm || payment.state != PaymentState::authorized) {
    return wrong_state(row, OrderEvent::payment_captured, not_authorized);
  }
  if (by_hand && !payment.offline) {
    return wrong_state(row, OrderEvent::payment_captured,
                       "the payment is not a manual one: capture it instead")
        .with("processor", payment.processor);
  }
  if (payment.closing) {
    return wrong_state(row, OrderEvent::payment_captured, "the payment is being canceled");
  }
  if (by_hand && settlement.pending_capture() != nullptr) {
    return wrong_state(row, OrderEvent::payment_captured,
                       "money of this order is being marked at this moment");
  }
  const auto entry = settlement.require_capture(amount_cents, app::actor_of(caller));
  settlement.save();
  return payment.id.text() + " " + entry.text();
}

// Calls the processor for captures or refunds. `ids` are the payment and the entry of each. A
// replay fails as well if its entry has failed in the meantime.
Result<void> carry_out(Context& context, const std::string& store, std::string_view ids) {
  const auto parts = app::split_ids(ids);
  for (std::size_t i = 0; i + 1 < parts.size(); i += 2) {
    RESYS_TRY(payment, PaymentId::parse(parts[i]));
    RESYS_TRY(id, PaymentEntryId::parse(parts[i + 1]));
    RESYS_TRYV(app::advance(context, store, payment));
    RESYS_TRYV(context.database->read([&](db::Transaction& tx) -> Result<void> {
      const auto row = store::load_payment(tx, store, payment).value();
      for (const store::EntryRow& entry : store::load_entries(tx, store, payment)) {
        if (entry.id != id || entry.state != RefundState::failed) continue;
        // The payment was captured by another call, perhaps with another amount. The order shows
        // what has come.
        const bool is_captured =
            entry.kind == EntryKind::capture && row.state == PaymentState::captured;
        if (is_captured) continue;
        return Error(Errc::payment_declined, entry.kind == EntryKind::capture
                                                 ? "the payment processor refused the capture"
                                                 : "the payment processor refused the refund");
      }
      return success();
    }));
  }
  return success();
}

Result<Order> capture(Context& context, const Caller& caller, const std::string& fingerprint,
                      Capture capture) {
  const Timestamp now = context.clock->now();
  capture.new_payment = context.ids->make<PaymentId>();
  const auto body = [&](db::Transaction& tx) {
    capture.call = {};
    return begin_capture(tx, context, caller, capture, now);
  };
  const char* name = capture.by_hand ? "MarkOrderPaid" : "CaptureOrder";
  RESYS_TRY(outcome, app::run_command(context, caller, name, fingerprint, now, body));
  if (capture.call.kind != app::StepKind::none) {
    const auto nothing = [](db::Transaction&, const OrderRow&, const store::PaymentRow&) {};
    RESYS_TRYV(app::after_commit(
        app::advance_placed(context, caller.store, std::move(capture.call), nothing)));
  }
  RESYS_TRYV(app::after_commit(carry_out(context, caller.store, outcome.ids)));
  return app::after_commit(app::read_order(context, caller, capture.number, nullptr));
}

// Locks the payments that can be refunded, in the order in which they are to be. Those beside the
// order's current payment come first, because their money is owed first (a late payment whose
// refund has failed).
Result<std::vector<Settlement>> lock_payments(db::Transaction& tx, const Context& context,
                                              std::string_view store, const OrderRow& row,
                                              Timestamp now) {
  std::vector<Settlement> found;
  auto payments = store::load_payments(tx, store, row.id);
  std::stable_partition(payments.begin(), payments.end(),
                        [&](const auto& payment) { return payment.id != row.payment_id; });
  for (const store::PaymentRow& payment : payments) {
    if (payment.state != PaymentState::captured) continue;
    RESYS_TRY(settlement, Settlement::lock(tx, context, store, payment.id, now));
    if (settlement.refundable() > 0) found.push_back(std::move(settlement));
  }
  return found;
}

// A processor only refunds whole steps.
Result<void> require_step(const Context& context, const store::PaymentRow& payment,
                          std::int64_t amount) {
  const auto* processor = app::find_processor(context, payment.processor);
  const std::int64_t step = processor == nullptr ? 1 : processor->step_cents(payment.currency);
  if (amount % step == 0) return success();
  return Error(Errc::invalid_request,
               "the amount is not a multiple of the smallest step that the processor refunds")
      .at("amountCents")
      .with("requestedCents", amount)
      .with("stepCents", step)
      .with("currency", std::string(payment.currency.code()));
}

// Records the refunds. Returns the ids of the payments and their refunds.
Result<std::string> begin_refund(db::Transaction& tx, const Context& context, const Caller& caller,
                                 const RefundOrder& request, Timestamp now) {
  RESYS_TRY(row, app::require_order(tx, caller.store, request.number, nullptr));
  RESYS_TRYV(app::require_currency(request.currency, row.currency));
  RESYS_TRY(payments, lock_payments(tx, context, caller.store, row, now));
  std::int64_t left = 0;
  for (const Settlement& payment : payments) left += payment.refundable();
  if (left <= 0) {
    return Error(Errc::invalid_state, "no money is left to refund")
        .with("state", std::string(name_of(row.state)))
        .with("refundableCents", left);
  }
  std::int64_t amount = request.amount_cents.value_or(left);
  if (amount > left) {
    return Error(Errc::invalid_request, "the amount is more than is left to refund")
        .at("amountCents")
        .with("requestedCents", amount)
        .with("refundableCents", left);
  }
  std::string ids;
  for (Settlement& payment : payments) {
    const std::int64_t part = std::min(amount, payment.refundable());
    if (part == 0) break;
    RESYS_TRYV(require_step(context, payment.payment(), part));
    const auto entry = payment.add_pending(EntryKind::refund, part, request.reason.value_or(""),
                                           app::actor_of(caller));
    payment.save();
    ids += (ids.empty() ? "" : " ") + payment.payment().id.text() + " " + entry.text();
    amount -= part;
  }
  return ids;
}

// Records that staff have sent the manual refunds.
Result<std::string> write_refunded(db::Transaction& tx, const Context& context,
                                   const Caller& caller, const std::string& number, Timestamp now) {
  RESYS_TRY(row, app::require_order(tx, caller.store, number, nullptr));
  bool was_sent = false;
  for (const store::PaymentRow& payment : store::load_payments(tx, caller.store, row.id)) {
    if (!payment.offline) continue;
    RESYS_TRY(settlement, Settlement::lock(tx, context, caller.store, payment.id, now));
    if (!settlement.mark_refunded(app::actor_of(caller))) continue;
    settlement.save();
    was_sent = true;
  }
  if (was_sent) return row.id.text();
  return Error(Errc::invalid_state, "no refund waits to be sent by hand")
      .with("state", std::string(name_of(row.state)));
}

// Cancels the order, which refunds all of its money.
Result<void> refund_and_cancel(Context& context, const Caller& caller, const RefundOrder& request,
                               Timestamp now) {
  if (request.amount_cents) {
    return Error(Errc::invalid_request,
                 "an amount is given, but canceling refunds all of it: leave it out")
        .at("amountCents");
  }
  const auto body = [&](db::Transaction& tx) {
    return cancel_now_or_later(tx, context, caller, request.number, nullptr,
                               request.reason.value_or("the order was canceled"), now);
  };
  RESYS_TRY(outcome, app::run_command(context, caller, request, now, body));
  if (outcome.ids.empty()) return success();
  RESYS_TRYV(app::after_commit(app::finish_cancel(context, caller.store, outcome.ids)));
  return success();
}

// ---- ship

// Why an order in Confirm cannot be shipped yet.
Error not_paid(const OrderRow& row, const store::PaymentRow& payment,
               const std::vector<store::EntryRow>& entries) {
  const bool is_promised = payment.state == PaymentState::authorized;
  const std::int64_t paid = app::refundable_of(entries);
  const char* what = is_promised ? "the payment is authorized but not captured yet"
                     : paid > 0  ? "the order is only partly paid"
                                 : "the order is not paid";
  Error error = wrong_state(row, OrderEvent::ship, what)
                    .with("totalCents", row.total_cents)
                    .with("paidCents", paid)
                    .with("missingCents", row.total_cents - paid);
  if (is_promised) return std::move(error).with("allowedAfter", "capture");
  if (paid > 0) return std::move(error).with("allowedAfter", "accept-payment");
  return error;
}

// The order is paid, or awaits a manual payment. An order whose money was all refunded is only
// shipped on request (shipUnpaid).
Result<void> require_shippable(db::Transaction& tx, std::string_view store, const OrderRow& row,
                               bool ship_unpaid) {
  const auto payment = store::load_payment(tx, store, row.payment_id);
  if (!payment) return success();  // the order was free
  if (payment->closing) {
    return wrong_state(
        row, OrderEvent::ship,
        app::is_cancel(*payment) ? app::kCanceling : "a payment of it is being ended");
  }
  const auto entries = store::load_order_entries(tx, store, row.id);
  if (row.state == OrderState::confirm) {
    const bool is_awaited = payment->state == PaymentState::authorized && payment->offline;
    if (is_awaited) return success();
    return not_paid(row, *payment, entries);
  }
  if (ship_unpaid || app::refundable_of(entries) > 0) return success();
  return wrong_state(row, OrderEvent::ship, "all of the order's money was refunded")
      .with("totalCents", row.total_cents)
      .with("refundedCents", app::captured_of(entries))
      .with("allowedWith", "shipUnpaid");
}

Result<std::string> ship_order(db::Transaction& tx, const Context& context, const Caller& caller,
                               const ShipOrder& request, const ShipmentId& id, Timestamp now) {
  RESYS_TRY(row, app::require_order(tx, caller.store, request.number, nullptr));
  const OrderRow before = row;
  RESYS_TRY(next, domain::transition(row.state, OrderEvent::ship));
  if (store::find_shipment(tx, caller.store, row.id)) {
    return wrong_state(row, OrderEvent::ship, "the order has already been shipped");
  }
  RESYS_TRYV(require_shippable(tx, caller.store, row, request.ship_unpaid));
  const app::StockScope scope{caller.store, caller.user_id, now, *context.ids};
  auto shipped = app::ship_stock(tx, scope, row.id.text());
  if (shipped.has_error()) {
    return std::move(shipped)
        .error()
        .with("state", std::string(name_of(row.state)))
        .with("event", std::string(name_of(OrderEvent::ship)));
  }
  const std::string carrier = request.carrier.value_or("");
  store::insert_shipment(tx, caller.store, row.id, {id, request.tracking_number, carrier, now});
  app::record_event(tx, context, caller.store, row.id, EventType::order_shipped,
                    {{"trackingNumber", request.tracking_number}, {"carrier", carrier}},
                    app::actor_of(caller), now);
  row.state = next;
  store::save_order(tx, caller.store, row, before, now);
  return row.id.text();
}

}  // namespace

Result<Page<Order>> Orders::list(const Caller& caller, const ListOrders& given) {
  RESYS_TRY(request, app::shopper_request(caller, given));
  const bool is_user = !caller.user_id.empty();
  const store::OrderFilter filter{
      .user_id = caller.user_id,
      .session_id = is_user ? std::string_view() : std::string_view(caller.session_id)};
  return resys::list(context_, caller, filter, "", request.after, request.limit);
}

Result<Order> Orders::get(const Caller& caller, const OrderRef& given) {
  RESYS_TRY(request, app::shopper_request(caller, given));
  return app::read_order(context_, caller, request.number, &caller);
}

Result<Order> Orders::cancel(const Caller& caller, const OrderRef& given) {
  RESYS_TRY(request, app::shopper_request(caller, given));
  return resys::cancel(context_, caller, request, &caller);
}

Result<Page<Order>> Orders::list_all(const Caller& caller, const ListAllOrders& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  const store::OrderFilter filter{
      .user_id = request.user_id ? *request.user_id : std::string_view(), .state = request.state};
  return resys::list(context_, caller, filter, request.q.value_or(""), request.after,
                     request.limit);
}

Result<Order> Orders::get_any(const Caller& caller, const OrderRef& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  return app::read_order(context_, caller, request.number, nullptr);
}

Result<Order> Orders::capture(const Caller& caller, const OrderRef& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  return resys::capture(context_, caller, fields::fingerprint(request), {.number = request.number});
}

Result<Order> Orders::mark_paid(const Caller& caller, const MarkOrderPaid& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  return resys::capture(context_, caller, fields::fingerprint(request),
                        {.number = request.number,
                         .by_hand = true,
                         .amount_cents = request.amount_cents,
                         .currency = request.currency});
}

Result<Order> Orders::mark_refunded(const Caller& caller, const MarkOrderRefunded& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  const Timestamp now = context_.clock->now();
  const auto body = [&](db::Transaction& tx) {
    return write_refunded(tx, context_, caller, request.number, now);
  };
  RESYS_TRYV(app::run_command(context_, caller, request, now, body));
  return app::after_commit(app::read_order(context_, caller, request.number, nullptr));
}

Result<Order> Orders::refund(const Caller& caller, const RefundOrder& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  const Timestamp now = context_.clock->now();
  if (request.cancel) {
    RESYS_TRYV(refund_and_cancel(context_, caller, request, now));
    return app::after_commit(app::read_order(context_, caller, request.number, nullptr));
  }
  const auto body = [&](db::Transaction& tx) {
    return begin_refund(tx, context_, caller, request, now);
  };
  RESYS_TRY(outcome, app::run_command(context_, caller, request, now, body));
  RESYS_TRYV(app::after_commit(carry_out(context_, caller.store, outcome.ids)));
  return app::after_commit(app::read_order(context_, caller, request.number, nullptr));
}

Result<Order> Orders::cancel_any(const Caller& caller, const OrderRef& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  return resys::cancel(context_, caller, request, nullptr);
}

Result<Order> Orders::ship(const Caller& caller, const ShipOrder& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  const Timestamp now = context_.clock->now();
  const auto id = context_.ids->make<ShipmentId>();
  const auto body = [&](db::Transaction& tx) {
    return ship_order(tx, context_, caller, request, id, now);
  };
  RESYS_TRYV(app::run_command(context_, caller, request, now, body));
  return app::after_commit(app::read_order(context_, caller, request.number, nullptr));
}

Result<ClaimedOrders> Orders::claim(const Caller& caller, const ClaimOrders& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  RESYS_TRYV(fields::check(Caller{.user_id = request.user_id}));
  const Timestamp now = context_.clock->now();
  const auto body = [&](db::Transaction& tx) -> Result<std::string> {
    const auto claimed =
        app::claim_orders(tx, context_, caller, request.user_id, {.email = request.email}, now);
    std::string ids = claimed.more ? "more" : "";
    for (const std::string& number : claimed.numbers) ids += " " + number;
    return ids;
  };
  RESYS_TRY(outcome, app::run_command(context_, caller, request, now, body));
  const auto parts = app::split_ids(outcome.ids);
  return ClaimedOrders{{parts.begin() + 1, parts.end()}, !parts[0].empty()};
}

Result<Timeline> Orders::timeline(const Caller& caller, const OrderRef& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  return context_.database->read([&](db::Transaction& tx) -> Result<Timeline> {
    RESYS_TRY(row, app::require_order(tx, caller.store, request.number, nullptr));
    return Timeline{store::list_events(tx, caller.store, row.id)};
  });
}

}  // namespace resys
