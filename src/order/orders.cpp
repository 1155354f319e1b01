// Placed orders, for their owner and for staff.
#include "resys/order.hpp"

#include <algorithm>
#include <charconv>

#include "base/page.hpp"
#include "base/text.hpp"
#include "event/outbox.hpp"
#include "event/rows.hpp"
#include "order/claim.hpp"
#include "order/fields.hpp"
#include "order/locked_payment.hpp"
#include "order/order_end.hpp"
#include "order/order_list.hpp"
#include "order/order_view.hpp"
#include "order/placing.hpp"
#include "order/processor_calls.hpp"
#include "order/refund_pieces.hpp"
#include "order/require_order.hpp"
#include "order/rules.hpp"
#include "order/void_payment.hpp"
#include "payment/processors.hpp"

namespace resys {
namespace {

using app::PaymentUpdate;
using app::wrong_state;
using rows::OrderRow;

// A cursor also holds the moment of placing. If the last order of a page is placed again, it moves
// in the list, but the next page still begins at the old place.
std::string cursor_of(const rows::PlacedKey& key) {
  return key.id.text() + "." + std::to_string(key.placed_at.micros);
}

Result<rows::PlacedKey> parse_cursor(std::string_view text) {
  std::string_view micros = text;
  const auto id = OrderId::parse(fields::next_part(micros, '.'));
  rows::PlacedKey key;
  const auto [end, error] =
      std::from_chars(micros.data(), micros.data() + micros.size(), key.placed_at.micros);
  if (id.has_error() || error != std::errc() || end != micros.data() + micros.size()) {
    return app::wrong_cursor();
  }
  key.id = id.value();
  return key;
}

// `Request` has an `after` and a `limit`.
template <class Request>
Result<Page<Order>> list(Context& context, const Caller& caller, const Request& request,
                         const rows::OrderFilter& filter, std::string_view q) {
  rows::PlacedKey before = app::kNewestPlaced;
  if (request.after) {
    RESYS_TRY(parsed, parse_cursor(*request.after));
    before = parsed;
  }
  return context.read(caller.store, [&](const Scope& scope) -> Result<Page<Order>> {
    const auto found = app::page_of_orders(scope, filter, q, before, request.limit);
    Page<Order> page;
    if (found.next) page.next_after = cursor_of(*found.next);
    for (const rows::PlacedKey& key : found.keys) {
      RESYS_TRY(order, app::load_order(scope, key.id));
      page.items.push_back(std::move(order));
    }
    return page;
  });
}

// ---- cancel

// A shopper may cancel a placed order as long as no money has come and no bank has promised any.
Result<void> require_nothing_paid(const Scope& scope, const OrderRow& row) {
  if (row.state == OrderState::confirm) {
    RESYS_TRY(update, app::lock_payment(scope, row.payment_id));
    const bool is_open = !app::is_final(update.payment().state);
    if (update.paid() == 0 && (!is_open || update.awaits_money())) return success();
  }
  return wrong_state(row, OrderEvent::cancel,
                     "the shopper can no longer cancel the order, only staff can");
}

// Which order is to be canceled, and by whom.
struct Cancel {
  const std::string& number;
  const Caller* owner = nullptr;  // null: staff
  std::string refund_reason = "the order was canceled";
};

// If a payment has to end first, returns it for finish_cancel(). Otherwise the order is canceled.
Result<app::BegunVoid> cancel_now_or_later(const Scope& scope, const Cancel& cancel) {
  const auto& [number, owner, refund_reason] = cancel;
  RESYS_TRY(row, app::require_order(scope, number, owner));
  RESYS_TRYV(domain::transition(row.state, OrderEvent::cancel));
  if (rows::find_shipment(scope, row.id)) {
    return wrong_state(row, OrderEvent::cancel, "the order has been shipped");
  }
  const bool is_placed = row.state == OrderState::confirm || row.state == OrderState::complete;
  if (is_placed && owner != nullptr) {
    RESYS_TRYV(require_nothing_paid(scope, row));
  }
  const bool has_payment =
      !row.payment_id.empty() && (is_placed || row.state == OrderState::payment);
  if (has_payment) {
    const auto reason =
        owner == nullptr ? rows::VoidReason::canceled_by_staff : rows::VoidReason::canceled;
    return app::begin_void(scope, row.payment_id, reason, refund_reason);
  }
  const OrderRow before = row;
  const char* reason = owner == nullptr ? "canceledByStaff" : "canceled";
  app::cancel_order(scope, row, OrderEvent::cancel, {{"reason", reason}});
  rows::save_order(scope, row, before);
  return app::BegunVoid();
}

Result<Order> cancel(Context& context, const Caller& caller, const app::RequestKey& key,
                     const Cancel& cancel) {
  const auto body = [&](const Scope& scope) { return cancel_now_or_later(scope, cancel); };
  RESYS_TRY(begun, app::run_command(context, caller, key, body));
  if (!begun.payment.empty()) {
    RESYS_TRYV(app::after_commit(app::finish_cancel(context, caller.store, begun)));
  }
  return app::after_commit(app::read_order(context, caller, cancel.number, cancel.owner));
}

// ---- money

// A capture that staff request, or money that they mark as received.
struct Capture {
  const std::string& number;
  bool by_hand = false;                      // staff have seen the money arrive
  std::optional<std::int64_t> amount_cents;  // absent: all that was asked for
  std::optional<Currency> currency;          // of it, if said
};

// Captures or refunds that were written. They are kept as "<payment> <entry>" for each.
struct BegunEntries {
  struct Entry {
    PaymentId payment;
    PaymentEntryId id;
  };
  std::vector<Entry> entries;
  app::ProcessorCall call;  // the create, if this transaction has begun the payment

  std::string text() const {
    std::string all;
    for (const Entry& each : entries) {
      all.append(all.empty() ? "" : " ").append(each.payment.text() + " " + each.id.text());
    }
    return all;
  }
  static Result<BegunEntries> parse(std::string_view text) {
    BegunEntries begun;
    const auto parts = app::split_ids(text);
    for (std::size_t i = 0; i + 1 < parts.size(); i += 2) {
      RESYS_TRY(payment, PaymentId::parse(parts[i]));
      RESYS_TRY(id, PaymentEntryId::parse(parts[i + 1]));
      begun.entries.push_back({payment, id});
    }
    return begun;
  }
};

// The payment method of the order's newest manual payment.
std::optional<PaymentMethodId> last_method_by_hand(const Scope& scope, const OrderRow& row) {
  std::optional<PaymentMethodId> found;
  for (const auto& payment : rows::load_payments(scope, row.id)) {
    if (payment.offline) found = payment.payment_method_id;
  }
  return found;
}

// A late payment of an order that has ended: it is taken down, and goes back.
Result<app::ProcessorCall> begin_late_by_hand(const Scope& scope, const OrderRow& row,
                                              const Capture& capture,
                                              rows::PaymentMethodRow method) {
  if (!capture.amount_cents) {
    return wrong_state(row, OrderEvent::payment_captured,
                       "the order awaits no money: say how much has come")
        .with("allowedWith", "amountCents");
  }
  OrderRow order = row;
  ++order.placements;
  app::ProcessorCall call = app::begin_payment(scope,
                                               {.id = scope.ids.make<PaymentId>(),
                                                .offline = true,
                                                .amount_cents = *capture.amount_cents,
                                                .void_reason = rows::VoidReason::canceled,
                                                .void_actor = scope.actor},
                                               std::move(method), order);
  order.payment_id = row.payment_id;
  rows::save_order(scope, order, row);
  return call;
}

// Manual money that arrives after the order's payment has ended becomes a payment of its own.
Result<BegunEntries> begin_next_by_hand(const Scope& scope, PaymentUpdate& last,
                                        const Capture& capture) {
  const OrderRow& row = last.order();
  const auto method = last_method_by_hand(scope, row);
  if (!method) {
    return wrong_state(row, OrderEvent::payment_captured,
                       "the order awaits no manual payment: request one first")
        .with("allowedAfter", "request-payment");
  }
  const auto by = rows::find_payment_method(scope, *method).value();
  BegunEntries begun;
  if (row.state == OrderState::confirm) {
    begun.call = app::begin_next_payment(
        scope, last,
        {.id = scope.ids.make<PaymentId>(), .offline = true, .amount_cents = last.missing()}, by);
  } else {
    RESYS_TRY(call, begin_late_by_hand(scope, row, capture, by));
    begun.call = std::move(call);
  }
  const PaymentId& payment = begun.call.payment.id;
  RESYS_TRY(next, app::lock_payment(scope, payment));
  begun.entries.push_back({payment, next.require_capture(capture.amount_cents, scope.actor)});
  app::save(scope, next);
  return begun;
}

// Records that the authorized amount, or a part of it, is to be captured.
Result<BegunEntries> begin_capture(const Scope& scope, const Capture& capture) {
  const auto& [number, by_hand, amount_cents, currency] = capture;
  RESYS_TRY(found, app::require_order(scope, number, nullptr));
  RESYS_TRYV(app::require_currency(currency, found.currency));
  const char* not_authorized = "the order's payment is not authorized";
  if (found.payment_id.empty()) {
    return wrong_state(found, OrderEvent::payment_captured, not_authorized);
  }
  RESYS_TRY(update, app::lock_payment(scope, found.payment_id));
  const OrderRow& row = update.order();
  const rows::PaymentRow& payment = update.payment();
  if (update.is_order_canceling()) {
    return wrong_state(row, OrderEvent::payment_captured, app::kCanceling);
  }
  const bool is_confirm = row.state == OrderState::confirm;
  const bool has_ended = row.state == OrderState::canceled || row.state == OrderState::complete;
  if (by_hand && (is_confirm || has_ended) && app::is_final(payment.state)) {
    return begin_next_by_hand(scope, update, capture);
  }
  if (!is_confirm || payment.state != PaymentState::authorized) {
    return wrong_state(row, OrderEvent::payment_captured, not_authorized);
  }
  if (by_hand && !payment.offline) {
    return wrong_state(row, OrderEvent::payment_captured,
                       "the payment is not a manual one: capture it instead")
        .with("processor", payment.processor);
  }
  if (payment.void_reason) {
    return wrong_state(row, OrderEvent::payment_captured, "the payment is being canceled");
  }
  if (by_hand && update.pending_capture() != nullptr) {
    return wrong_state(row, OrderEvent::payment_captured,
                       "money of this order is being marked at this moment");
  }
  BegunEntries begun;
  begun.entries.push_back({payment.id, update.require_capture(amount_cents, scope.actor)});
  app::save(scope, update);
  return begun;
}

// Calls the processor for captures or refunds. A replay fails as well if its entry has failed in
// the meantime.
Result<void> carry_out(Context& context, const std::string& store, const BegunEntries& begun) {
  for (const BegunEntries::Entry& each : begun.entries) {
    RESYS_TRYV(app::run_calls(context, store, each.payment));
    RESYS_TRYV(context.read(store, [&](const Scope& scope) -> Result<void> {
      const auto row = rows::load_payment(scope, each.payment).value();
      for (const rows::EntryRow& entry : rows::load_entries(scope, each.payment)) {
        if (entry.id != each.id || entry.state != RefundState::failed) continue;
        // The payment was captured by another call, perhaps with another amount. The order shows
        // what has come.
        const bool is_captured =
            entry.kind == PaymentEntryKind::capture && row.state == PaymentState::captured;
        if (is_captured) continue;
        return Error(Errc::payment_declined, entry.kind == PaymentEntryKind::capture
                                                 ? "the payment processor refused the capture"
                                                 : "the payment processor refused the refund");
      }
      return success();
    }));
  }
  return success();
}

Result<Order> capture(Context& context, const Caller& caller, const app::RequestKey& key,
                      const Capture& capture) {
  const auto body = [&](const Scope& scope) { return begin_capture(scope, capture); };
  RESYS_TRY(begun, app::run_command(context, caller, key, body));
  if (begun.call.kind != app::CallKind::none) {
    RESYS_TRYV(app::after_commit(app::run_create(context, caller.store, begun.call)));
  }
  RESYS_TRYV(app::after_commit(carry_out(context, caller.store, begun)));
  return app::after_commit(app::read_order(context, caller, capture.number, nullptr));
}

// Locks the payments that can be refunded, in the order in which they are to be. Those beside the
// order's current payment come first, because their money is owed first (a late payment whose
// refund has failed).
Result<std::vector<PaymentUpdate>> lock_payments(const Scope& scope, const OrderRow& row) {
  std::vector<PaymentUpdate> found;
  auto payments = rows::load_payments(scope, row.id);
  std::stable_partition(payments.begin(), payments.end(),
                        [&](const auto& payment) { return payment.id != row.payment_id; });
  for (const rows::PaymentRow& payment : payments) {
    if (payment.state != PaymentState::captured) continue;
    RESYS_TRY(update, app::lock_payment(scope, payment.id));
    if (update.refundable() > 0) found.push_back(std::move(update));
  }
  return found;
}

// A processor only refunds whole steps.
Result<void> require_step(const Context& context, const rows::PaymentRow& payment,
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

// The pieces that the request asks for; none if it asks for an amount.
Result<app::RefundedPieces> pieces_of(const Scope& scope, const OrderRow& row,
                                      const RefundOrder& request) {
  if (request.lines.empty() && !request.shipping) return app::RefundedPieces();
  if (request.amount_cents) {
    return Error(Errc::invalid_request, "an amount cannot be given beside lines or shipping")
        .at("amountCents");
  }
  std::vector<LineItem> lines;
  for (rows::OfferedLine& line : rows::load_offered_lines(scope, row.id, row.currency)) {
    lines.push_back(std::move(line.item));
  }
  return app::pieces_to_refund(request, row, lines, rows::load_order_entries(scope, row.id));
}

// Absent: all that is left.
std::optional<std::int64_t> amount_of(const RefundOrder& request,
                                      const app::RefundedPieces& pieces) {
  if (pieces.empty()) return request.amount_cents;
  std::int64_t amount = 0;
  for (const RefundedLine& piece : pieces) amount += piece.amount_cents;
  return amount;
}

// Records the refunds.
Result<BegunEntries> begin_refund(const Scope& scope, const RefundOrder& request) {
  RESYS_TRY(row, app::require_order(scope, request.number, nullptr));
  RESYS_TRYV(app::require_currency(request.currency, row.currency));
  RESYS_TRY(payments, lock_payments(scope, row));
  std::int64_t left = 0;
  for (const PaymentUpdate& payment : payments) left += payment.refundable();
  if (left <= 0) {
    return Error(Errc::invalid_state, "no money is left to refund")
        .with("state", std::string(name_of(row.state)))
        .with("refundableCents", left);
  }
  RESYS_TRY(pieces, pieces_of(scope, row, request));
  std::int64_t amount = amount_of(request, pieces).value_or(left);
  if (amount > left) {
    return Error(Errc::invalid_request, "the amount is more than is left to refund")
        .at(pieces.empty() ? "amountCents" : "lines")
        .with("requestedCents", amount)
        .with("refundableCents", left);
  }
  if (amount == 0) {
    return Error(Errc::invalid_request, "nothing is left to refund of these pieces").at("lines");
  }
  BegunEntries begun;
  for (PaymentUpdate& payment : payments) {
    rows::EntryRow entry{.kind = PaymentEntryKind::refund,
                         .amount_cents = std::min(amount, payment.refundable()),
                         .reason = request.reason.value_or(""),
                         .actor = scope.actor};
    if (entry.amount_cents == 0) break;
    RESYS_TRYV(require_step(scope.context, payment.payment(), entry.amount_cents));
    const app::RefundedPieces part = app::take_part(pieces, entry.amount_cents);
    for (const RefundedLine& piece : part) entry.tax_cents += piece.tax_cents;
    entry.pieces = app::texts_of(part);
    begun.entries.push_back({payment.payment().id, payment.add_pending(entry)});
    app::save(scope, payment);
    amount -= entry.amount_cents;
  }
  return begun;
}

// Records that staff have sent the manual refunds.
Result<OrderId> write_refunded(const Scope& scope, const std::string& number) {
  RESYS_TRY(row, app::require_order(scope, number, nullptr));
  bool was_sent = false;
  for (const rows::PaymentRow& payment : rows::load_payments(scope, row.id)) {
    if (!payment.offline) continue;
    RESYS_TRY(update, app::lock_payment(scope, payment.id));
    if (!update.mark_refunded(scope.actor)) continue;
    app::save(scope, update);
    was_sent = true;
  }
  if (was_sent) return row.id;
  return Error(Errc::invalid_state, "no refund waits to be sent by hand")
      .with("state", std::string(name_of(row.state)));
}

// Cancels the order, which refunds all of its money.
Result<Order> refund_and_cancel(Context& context, const Caller& caller,
                                const RefundOrder& request) {
  const bool has_pieces = !request.lines.empty() || request.shipping;
  if (request.amount_cents || has_pieces) {
    return Error(Errc::invalid_request,
                 "a part is given, but canceling refunds all of it: leave it out")
        .at(request.amount_cents ? "amountCents"
            : request.shipping   ? "shipping"
                                 : "lines");
  }
  Cancel wanted{.number = request.number};
  if (request.reason) wanted.refund_reason = *request.reason;
  return cancel(context, caller, app::request_key(caller, request), wanted);
}

// ---- ship

// Why an order in Confirm cannot be shipped yet.
Error not_paid(const OrderRow& row, const rows::PaymentRow& payment,
               const std::vector<rows::EntryRow>& entries) {
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
Result<void> require_shippable(const Scope& scope, const OrderRow& row, bool ship_unpaid) {
  const auto payment = rows::load_payment(scope, row.payment_id);
  if (!payment) return success();  // the order was free
  if (payment->void_reason) {
    return wrong_state(
        row, OrderEvent::ship,
        app::is_cancel(*payment) ? app::kCanceling : "a payment of it is being ended");
  }
  const auto entries = rows::load_order_entries(scope, row.id);
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

Result<OrderId> ship_order(const Scope& scope, const ShipOrder& request) {
  RESYS_TRY(row, app::require_order(scope, request.number, nullptr));
  const OrderRow before = row;
  RESYS_TRY(next, domain::transition(row.state, OrderEvent::ship));
  if (rows::find_shipment(scope, row.id)) {
    return wrong_state(row, OrderEvent::ship, "the order has already been shipped");
  }
  RESYS_TRYV(require_shippable(scope, row, request.ship_unpaid));
  auto shipped = app::ship_stock(scope, row.id.text());
  if (shipped.has_error()) {
    return std::move(shipped)
        .error()
        .with("state", std::string(name_of(row.state)))
        .with("event", std::string(name_of(OrderEvent::ship)));
  }
  const OrderShipment shipment{.tracking_number = request.tracking_number,
                               .carrier = request.carrier.value_or(""),
                               .shipped_at = scope.now};
  rows::insert_shipment(scope, row.id, shipment);
  app::record_event(scope, row.id, EventType::order_shipped,
                    {{"trackingNumber", shipment.tracking_number}, {"carrier", shipment.carrier}});
  row.state = next;
  rows::save_order(scope, row, before);
  return row.id;
}

// ---- claim

// Claimed orders are kept as "more" or "", and the number of each.
struct KeptClaim {
  ClaimedOrders claimed;

  std::string text() const {
    std::string all = claimed.more ? "more" : "";
    for (const std::string& number : claimed.numbers) all += " " + number;
    return all;
  }
  static Result<KeptClaim> parse(std::string_view text) {
    const auto parts = app::split_ids(text);
    return KeptClaim{{{parts.begin() + 1, parts.end()}, !parts[0].empty()}};
  }
};

}  // namespace

Result<Page<Order>> Orders::list(const Caller& caller, const ListOrders& given) {
  RESYS_TRY(request, app::shopper_request(caller, given));
  const bool is_user = !caller.user_id.empty();
  const rows::OrderFilter filter{
      .user_id = caller.user_id,
      .session_id = is_user ? std::string_view() : std::string_view(caller.session_id)};
  return resys::list(context_, caller, request, filter, "");
}

Result<Order> Orders::get(const Caller& caller, const OrderRef& given) {
  RESYS_TRY(request, app::shopper_request(caller, given));
  return app::read_order(context_, caller, request.number, &caller);
}

Result<OrderExplanation> Orders::explain(const Caller& caller, const OrderRef& given) {
  RESYS_TRY(request, app::shopper_request(caller, given));
  return app::explain_order(context_, caller, request.number, &caller);
}

Result<Order> Orders::cancel(const Caller& caller, const OrderRef& given) {
  RESYS_TRY(request, app::shopper_request(caller, given));
  return resys::cancel(context_, caller, app::request_key(caller, request, "CancelOrder"),
                       {.number = request.number, .owner = &caller});
}

Result<Page<Order>> AdminOrders::list(const Caller& caller, const ListAllOrders& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  const rows::OrderFilter filter{.user_id = request.user_id ? *request.user_id : std::string_view(),
                                 .state = request.state};
  return resys::list(context_, caller, request, filter, request.q.value_or(""));
}

Result<Order> AdminOrders::get(const Caller& caller, const OrderRef& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  return app::read_order(context_, caller, request.number, nullptr);
}

Result<OrderExplanation> AdminOrders::explain(const Caller& caller, const OrderRef& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  return app::explain_order(context_, caller, request.number, nullptr);
}

Result<Order> AdminOrders::capture(const Caller& caller, const OrderRef& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  return resys::capture(context_, caller, app::request_key(caller, request, "CaptureOrder"),
                        {.number = request.number});
}

Result<Order> AdminOrders::mark_paid(const Caller& caller, const MarkOrderPaid& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  return resys::capture(context_, caller, app::request_key(caller, request),
                        {.number = request.number,
                         .by_hand = true,
                         .amount_cents = request.amount_cents,
                         .currency = request.currency});
}

Result<Order> AdminOrders::mark_refunded(const Caller& caller, const MarkOrderRefunded& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  const auto body = [&](const Scope& scope) { return write_refunded(scope, request.number); };
  return app::run_command(context_, caller, request, body, app::load_order);
}

Result<Order> AdminOrders::refund(const Caller& caller, const RefundOrder& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  if (request.cancel) return refund_and_cancel(context_, caller, request);
  const auto body = [&](const Scope& scope) { return begin_refund(scope, request); };
  RESYS_TRY(begun, app::run_command(context_, caller, app::request_key(caller, request), body));
  RESYS_TRYV(app::after_commit(carry_out(context_, caller.store, begun)));
  return app::after_commit(app::read_order(context_, caller, request.number, nullptr));
}

Result<Order> AdminOrders::cancel(const Caller& caller, const OrderRef& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  return resys::cancel(context_, caller, app::request_key(caller, request, "CancelOrder"),
                       {.number = request.number});
}

Result<Order> AdminOrders::ship(const Caller& caller, const ShipOrder& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  const auto body = [&](const Scope& scope) { return ship_order(scope, request); };
  return app::run_command(context_, caller, request, body, app::load_order);
}

Result<ClaimedOrders> AdminOrders::claim(const Caller& caller, const ClaimOrders& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  RESYS_TRYV(fields::check(Caller{.user_id = request.user_id}));
  const auto body = [&](const Scope& scope) -> Result<KeptClaim> {
    return KeptClaim{app::claim_orders(scope, request.user_id, {.email = request.email})};
  };
  RESYS_TRY(kept, app::run_command(context_, caller, app::request_key(caller, request), body));
  return std::move(kept.claimed);
}

Result<Timeline> AdminOrders::get_timeline(const Caller& caller, const OrderRef& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  return context_.read(caller.store, [&](const Scope& scope) -> Result<Timeline> {
    RESYS_TRY(row, app::require_order(scope, request.number, nullptr));
    return Timeline{rows::list_events(scope, row.id)};
  });
}

}  // namespace resys
