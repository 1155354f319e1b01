// What happens to an order when one of its payments has changed. The rules are in
// payment_update.hpp.
#include <algorithm>

#include "order/payment_update.hpp"
#include "order/rules.hpp"

namespace resys::app {
namespace {

using rows::EntryRow;
using rows::VoidReason;

constexpr const char* kTooLate = "the money came too late";

PaymentEvent event_of(PaymentState reported) {
  switch (reported) {
    case PaymentState::created:
      return PaymentEvent::await;
    case PaymentState::processing:
      return PaymentEvent::process;
    case PaymentState::requires_action:
      return PaymentEvent::require_action;
    case PaymentState::authorized:
      return PaymentEvent::authorize;
    case PaymentState::captured:
      return PaymentEvent::capture;
    case PaymentState::failed:
      return PaymentEvent::fail;
    case PaymentState::voided:
      return PaymentEvent::cancel;
  }
  return PaymentEvent::await;
}

// Who has ended the payment: the one who requested its end, or else the processor.
rows::ActorRef ended_by(const rows::PaymentRow& payment) {
  return payment.void_reason ? payment.void_actor : rows::ActorRef{Actor::processor, {}};
}

OrderEvent cancel_event(VoidReason reason) {
  return reason == VoidReason::due ? OrderEvent::authorization_lost : OrderEvent::cancel;
}

bool all_asked(const std::vector<EntryRow>& entries) {
  return std::all_of(entries.begin(), entries.end(), [](const EntryRow& entry) {
    return entry.state != RefundState::pending || !entry.external_id.empty();
  });
}

// Why an order was canceled, and the deadline that it missed, if any.
Pairs cancel_facts(const rows::PaymentRow& payment, std::string_view reason) {
  Pairs facts{{"reason", std::string(reason)}};
  if (payment.void_reason == VoidReason::due && payment.expires_at) {
    facts.emplace_back("dueAt", payment.expires_at->text());
  }
  return facts;
}

}  // namespace

void PaymentUpdate::affect(Effect::Kind kind, const rows::ActorRef& actor) {
  effects_.push_back({.kind = kind, .actor = actor});
}

// The order's current payment; null if it has none.
PaymentBook* PaymentUpdate::current() {
  if (order_.payment_id == own_.row.id) return &own_;
  const auto found = std::find_if(others_.begin(), others_.end(), [&](const PaymentBook& other) {
    return other.row.id == order_.payment_id;
  });
  return found == others_.end() ? nullptr : &*found;
}

// Whether the order is waiting for this payment.
bool PaymentUpdate::is_current() const {
  return order_.payment_id == own_.row.id &&
         (order_.state == OrderState::payment || order_.state == OrderState::confirm);
}

bool PaymentUpdate::is_placed() const {
  return order_.state == OrderState::payment || order_.state == OrderState::confirm ||
         order_.state == OrderState::complete;
}

void PaymentUpdate::move_to(PaymentState reported) {
  const PaymentState before = own_.row.state;
  const auto next = next_state(kPaymentTransitions, before, event_of(reported));
  if (!next || *next == before) return;
  own_.row.state = *next;
  if (is_final(*next)) {
    own_.row.client_secret.clear();  // nobody can pay it any more
    drop_captures();
    // In Confirm the deadline is the order's own, so it stays.
    const bool keeps_deadline = is_current() && order_.state == OrderState::confirm;
    if (!keeps_deadline) own_.row.expires_at.reset();
  }
  if (*next == PaymentState::authorized) confirm();
  if (*next == PaymentState::failed || *next == PaymentState::voided) {
    end_without_money(before == PaymentState::authorized);
  }
}

// ---- money that is promised

void PaymentUpdate::confirm() {
  record(EventType::payment_authorized,
         {{"amountCents", std::to_string(own_.row.authorized_cents)}});
  if (!is_current()) return request_void(VoidReason::canceled, {});
  // The payment is to be ended, and the processor may already be canceling it. No money has been
  // captured yet, so the authorization is given up.
  if (own_.row.void_reason) return;
  const bool is_first = order_.state == OrderState::payment;
  order_.state = domain::transition(order_.state, OrderEvent::payment_authorized).value();
  affect(Effect::Kind::hold_stock);
  // A further payment keeps the order's deadline.
  if (is_first && own_.row.expires_at) await_payment(own_.row);
  // If staff are just marking the payment as paid, the shopper is not asked for it any more.
  if (all_asked(own_.entries)) {
    record_as(Effect::Kind::request_money, EventType::payment_requested, request_facts(), {});
  }
}

bool PaymentUpdate::is_order_canceling() const {
  if (!is_placed()) return false;
  if (order_.payment_id == own_.row.id) return is_cancel(own_.row);
  return std::any_of(others_.begin(), others_.end(), [&](const PaymentBook& other) {
    return other.row.id == order_.payment_id && is_cancel(other.row);
  });
}

// Starts the order's deadline anew.
void PaymentUpdate::await_payment(rows::PaymentRow& row) const {
  row.expires_at = payment_deadline(before_.settings, now_);
}

Pairs PaymentUpdate::request_facts() const {
  Pairs facts{{"amountCents", std::to_string(own_.row.amount_cents)}};
  if (own_.row.expires_at) facts.emplace_back("dueAt", own_.row.expires_at->text());
  return about(own_.row.id, std::move(facts));
}

void PaymentUpdate::request_money(const rows::ActorRef& actor) {
  record_as(Effect::Kind::record, EventType::payment_requested, request_facts(), actor);
}

// ---- money that came

// `was_open`: the payment had not ended until now. `was_counted`: the order was waiting for this
// payment, or already had money from it.
void PaymentUpdate::receive_money(const PaymentSnapshot& snapshot, bool was_open,
                                  bool was_counted) {
  // Money can only overtake a cancel if it is from the very payment that the cancel is ending.
  const bool is_own_end = was_open && is_current();
  const bool is_late = !is_own_end && is_order_canceling();
  if (!was_counted || !is_placed() || is_late) {
    if (order_.payment_id != own_.row.id || !is_late) own_.row.void_reason.reset();
    return receive_late_payment(snapshot);
  }
  if (own_.row.offline && is_cancel(own_.row)) {
    // No processor was faster than the cancel: staff had marked it before they canceled.
    return refund_all("the order was canceled", own_.row.void_actor);
  }
  note_excess();
  if (order_.state == OrderState::complete) return;
  if (missing() > 0) return receive_short_payment(snapshot);
  own_.row.void_reason.reset();  // the money came first
  complete(OrderEvent::payment_captured);
}

void PaymentUpdate::note_excess() {
  const std::int64_t excess = -missing();
  if (excess <= 0) return;
  record(EventType::payment_excess,
         {{"amountCents", std::to_string(captured())}, {"excessCents", std::to_string(excess)}});
}

// Money that was on its way back stays: perhaps nothing is missing any more.
void PaymentUpdate::complete_if_paid() {
  if (order_.state != OrderState::confirm || is_order_canceling() || missing() > 0) return;
  note_excess();
  complete(OrderEvent::payment_captured);
}

void PaymentUpdate::receive_short_payment(const PaymentSnapshot& snapshot) {
  const bool is_first = order_.state == OrderState::payment;
  order_.state = domain::transition(order_.state, OrderEvent::payment_short).value();
  if (is_first) affect(Effect::Kind::hold_stock);
  const bool is_refunded = is_cancel(own_.row);
  if (!is_refunded) {
    own_.row.void_reason.reset();
    // If another payment is under way, that one has the deadline.
    if (is_current()) await_payment(own_.row);
  }
  Pairs facts{{"amountCents", std::to_string(captured())},
              {"askedCents", std::to_string(own_.row.amount_cents)},
              {"missingCents", std::to_string(missing())}};
  if (own_.row.expires_at) facts.emplace_back("dueAt", own_.row.expires_at->text());
  record(EventType::payment_short, std::move(facts), captured_by_);
  if (!is_refunded) return;
  note_refunds(snapshot);
  refund_all("the order was canceled", own_.row.void_actor);
}

void PaymentUpdate::complete(OrderEvent event) {
  order_.state = domain::transition(order_.state, event).value();
  order_.payment_id = own_.row.id;
  order_.completed_at = now_;
  own_.row.expires_at.reset();
  affect(Effect::Kind::commit_stock);
  end_others();
  record(EventType::order_completed, {{"totalCents", std::to_string(order_.total_cents)}},
         captured_by_);
}

// Ends the order's other payments, so that nobody pays twice.
void PaymentUpdate::end_others() {
  for (PaymentBook& other : others_) {
    rows::PaymentRow& row = other.row;
    if (is_final(row.state) && !row.expires_at) continue;
    row.expires_at.reset();
    if (is_final(row.state)) {
      schedule(other);
    } else {
      row.void_reason = VoidReason::replaced;
      row.void_actor = {};
      row.next_check_at = now_;
    }
  }
}

void PaymentUpdate::accept(const std::string& reason, const rows::ActorRef& actor) {
  EntryRow waiver{.id = ids_->make<PaymentEntryId>(),
                  .payment_id = own_.row.id,
                  .kind = PaymentEntryKind::waiver,
                  .state = RefundState::succeeded,
                  .amount_cents = missing(),
                  .reason = reason,
                  .actor = actor};
  record(EventType::payment_accepted,
         {{"paidCents", std::to_string(paid())},
          {"waivedCents", std::to_string(waiver.amount_cents)},
          {"reason", reason}},
         actor);
  own_.entries.push_back(std::move(waiver));
  captured_by_ = actor;
  complete(OrderEvent::payment_accepted);
  schedule(true);
}

void PaymentUpdate::receive_late_payment(const PaymentSnapshot& snapshot) {
  note_refunds(snapshot);
  if (!order_.placed_at) order_.placed_at = now_;  // from now on there is money to account for
  if (refundable() == 0) return;                   // it went back without the shop
  const bool is_whole = refundable() >= own_.row.amount_cents;
  const bool may_complete =
      is_whole && next_state(kOrderTransitions, order_.state, OrderEvent::late_payment).has_value();
  if (may_complete && may_complete_late_) {
    needs_stock_again_ = true;
    complete(OrderEvent::late_payment);
    return note_excess();
  }
  const std::int64_t amount = refundable();
  add_pending(
      {.kind = PaymentEntryKind::refund, .amount_cents = amount, .reason = kTooLate, .actor = {}});
  record(
      EventType::late_payment_refunded,
      {{"amountCents", std::to_string(amount)}, {"orderState", std::string(name_of(order_.state))}},
      {});
}

// A part of a late payment was refunded outside the shop, so a refund of all of it was refused.
void PaymentUpdate::refund_rest() {
  const bool is_under_way =
      std::any_of(own_.entries.begin(), own_.entries.end(),
                  [](const auto& entry) { return entry.state == RefundState::pending; });
  if (is_under_way || refundable() == 0) return;
  add_pending({.kind = PaymentEntryKind::refund,
               .amount_cents = refundable(),
               .reason = kTooLate,
               .actor = {}});
}

// ---- no money

void PaymentUpdate::end_without_money(bool was_authorized) {
  const bool is_void = own_.row.state == PaymentState::voided;
  const rows::ActorRef actor = ended_by(own_.row);
  record(is_void ? EventType::payment_voided : EventType::payment_failed, {}, actor);
  if (!is_current()) return;
  const auto void_reason = own_.row.void_reason;
  const std::string reason(void_reason ? name_of(*void_reason) : is_void ? "voided" : "failed");
  if (order_.state == OrderState::confirm) return end_in_confirm(reason, was_authorized);
  if (is_cancel(own_.row)) {
    return cancel_order(OrderEvent::cancel, cancel_facts(own_.row, reason), actor);
  }
  const bool is_reopen = void_reason && *void_reason == VoidReason::reopened;
  order_.state =
      domain::transition(order_.state, is_reopen ? OrderEvent::reopen : OrderEvent::payment_ended)
          .value();
  const bool had_money =
      captured() > 0 || std::any_of(others_.begin(), others_.end(), [](const PaymentBook& other) {
        return captured_of(other.entries) > 0;
      });
  if (!had_money) order_.placed_at.reset();
  affect(Effect::Kind::release_stock);
  affect(Effect::Kind::return_promotions);
  record(EventType::order_reopened, {{"reason", reason}}, actor);
}

void PaymentUpdate::end_in_confirm(const std::string& reason, bool was_authorized) {
  if (is_cancel(own_.row)) {
    refund_all("the order was canceled", own_.row.void_actor);
    return cancel_once_refunded();
  }
  const bool is_lost =
      was_authorized && !own_.row.void_reason && paid() <= 0 && !before_.is_shipped;
  if (is_lost) {
    cancel_order(OrderEvent::authorization_lost, cancel_facts(own_.row, reason),
                 ended_by(own_.row));
    own_.row.expires_at.reset();
    return;
  }
  // The order waits for another payment, no longer than it would have waited for this one.
  own_.row.void_reason.reset();
  if (!own_.row.expires_at) await_payment(own_.row);
}

// ---- cancel, and refund all the money

// The stock and the uses of promotions go back.
void PaymentUpdate::cancel_order(OrderEvent event, Pairs facts, const rows::ActorRef& actor) {
  order_.state = domain::transition(order_.state, event).value();
  affect(Effect::Kind::restock, restock_actor(order_, actor));
  affect(Effect::Kind::return_promotions);
  record_as(Effect::Kind::record, EventType::order_canceled, std::move(facts), actor);
}

void PaymentUpdate::refund_and_cancel(VoidReason reason, const std::string& refund_reason,
                                      const rows::ActorRef& actor) {
  request_void(reason, actor);
  refund_all(refund_reason, actor);
  cancel_once_refunded();
  schedule(true);
}

void PaymentUpdate::refund_all(const std::string& reason, const rows::ActorRef& actor) {
  // A person who cancels an order has not sent any manual refund yet. So the shop itself requests
  // these refunds, and they wait until staff send them.
  const auto asks = [&](const rows::PaymentRow& payment) {
    return payment.offline ? rows::ActorRef() : actor;
  };
  const auto refund = [&](PaymentBook& book) {
    const std::int64_t amount = refundable_of(book.entries);
    if (amount <= 0) return;
    add_pending_to(book, {.kind = PaymentEntryKind::refund,
                          .amount_cents = amount,
                          .reason = reason,
                          .actor = asks(book.row)});
  };
  refund(own_);
  for (PaymentBook& other : others_) refund(other);
}

// Cancels an order that is to be canceled, once its current payment has ended and all of its money
// is being refunded.
void PaymentUpdate::cancel_once_refunded() {
  const bool is_past_payment =
      order_.state == OrderState::confirm || order_.state == OrderState::complete;
  PaymentBook* book = current();
  const bool is_due = is_past_payment && book != nullptr && is_cancel(book->row) &&
                      is_final(book->row.state) && all_asked(own_.entries) && paid() == 0 &&
                      std::all_of(others_.begin(), others_.end(), [](const PaymentBook& other) {
                        return all_asked(other.entries);
                      });
  if (!is_due) return;
  const VoidReason reason = *book->row.void_reason;
  cancel_order(cancel_event(reason), cancel_facts(book->row, name_of(reason)),
               book->row.void_actor);
  book->row.void_reason.reset();
  book->row.expires_at.reset();
}

// Gives up the cancel, if there is one, because a refund has failed. The order stays as it is.
// Refunds that have not been requested yet, and those that wait for staff to send them, are not
// made either. The money that stays may pay the order.
void PaymentUpdate::give_up_cancel() {
  PaymentBook* book = current();
  if (book == nullptr) return;
  if (!is_final(book->row.state)) return complete_if_paid();
  if (is_cancel(book->row)) {
    withdraw_refunds(own_);
    for (PaymentBook& other : others_) {
      withdraw_refunds(other);
      schedule(other);
    }
  }
  if (book == &own_ || book->row.void_reason) keep_waiting(*book);
  complete_if_paid();
}

void PaymentUpdate::withdraw_refunds(PaymentBook& book) {
  for (EntryRow& entry : book.entries) {
    const bool is_open =
        entry.kind == PaymentEntryKind::refund && entry.state == RefundState::pending;
    if (!is_open || (!entry.external_id.empty() && !waits_to_be_sent(book.row, entry))) continue;
    entry.state = RefundState::failed;
    record_refund(EventType::refund_failed, entry, entry.actor);
  }
}

// A cancel that failed is not tried again before the order's next deadline. An order in Confirm
// always has a deadline.
void PaymentUpdate::keep_waiting(PaymentBook& book) {
  rows::PaymentRow& row = book.row;
  const bool needs_deadline = row.void_reason == VoidReason::due || !row.expires_at;
  if (order_.state == OrderState::confirm && needs_deadline) await_payment(row);
  row.void_reason.reset();
  schedule(book);
}

// ---- deadlines

void PaymentUpdate::expire() {
  const bool is_past = own_.row.expires_at && *own_.row.expires_at <= now_;
  if (!is_past || own_.row.void_reason) return;
  const bool is_awaited = is_current() && order_.state == OrderState::confirm;
  if (!is_awaited && !is_final(own_.row.state)) return request_void(VoidReason::expired, {});
  if (!is_awaited || before_.is_shipped) {
    own_.row.expires_at.reset();  // the goods are out: the money has no deadline
    return schedule(true);
  }
  if (!is_final(own_.row.state)) return request_void(VoidReason::due, {});
  refund_and_cancel(VoidReason::due, "the order was not paid in time", {});
}

}  // namespace resys::app
