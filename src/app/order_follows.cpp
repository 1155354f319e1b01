// What happens to an order when one of its payments has changed. The rules are in settlement.hpp.
#include <algorithm>

#include "app/event.hpp"
#include "app/open_order.hpp"
#include "app/processors.hpp"
#include "app/settlement.hpp"
#include "domain/order.hpp"
#include "store/event.hpp"
#include "store/settings.hpp"

namespace resys::app {
namespace {

using store::Closing;
using store::EntryKind;
using store::EntryRow;

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
store::ActorRef ended_by(const store::PaymentRow& payment) {
  return payment.closing ? payment.closing_actor : store::ActorRef{Actor::processor, {}};
}

OrderEvent cancel_event(Closing reason) {
  return reason == Closing::due ? OrderEvent::authorization_lost : OrderEvent::cancel;
}

bool all_asked(const std::vector<EntryRow>& entries) {
  return std::all_of(entries.begin(), entries.end(), [](const EntryRow& entry) {
    return entry.state != RefundState::pending || !entry.external_id.empty();
  });
}

// Why an order was canceled, and the deadline that it missed, if any.
Options cancel_facts(const store::PaymentRow& payment, std::string_view reason) {
  Options facts{{"reason", std::string(reason)}};
  if (payment.closing == Closing::due && payment.expires_at) {
    facts.emplace_back("dueAt", payment.expires_at->text());
  }
  return facts;
}

}  // namespace

// Whether the order is waiting for this payment.
bool Settlement::is_current() const {
  return order_.payment_id == payment_.id &&
         (order_.state == OrderState::payment || order_.state == OrderState::confirm);
}

bool Settlement::is_placed() const {
  return order_.state == OrderState::payment || order_.state == OrderState::confirm ||
         order_.state == OrderState::complete;
}

void Settlement::move_to(PaymentState reported) {
  const PaymentState before = payment_.state;
  const auto next = next_state(kPaymentTransitions, before, event_of(reported));
  if (!next || *next == before) return;
  payment_.state = *next;
  if (is_final(*next)) {
    drop_captures();
    // In Confirm the deadline is the order's own, so it stays.
    const bool keeps_deadline = is_current() && order_.state == OrderState::confirm;
    if (!keeps_deadline) payment_.expires_at.reset();
  }
  if (*next == PaymentState::authorized) confirm();
  if (*next == PaymentState::failed || *next == PaymentState::voided) {
    end_without_money(before == PaymentState::authorized);
  }
}

// ---- money that is promised

void Settlement::confirm() {
  record(EventType::payment_authorized,
         {{"amountCents", std::to_string(payment_.authorized_cents)}});
  if (!is_current()) return close(Closing::canceled, {});
  // The payment is to be ended, and the processor may already be canceling it. No money has been
  // captured yet, so the authorization is given up.
  if (payment_.closing) return;
  const bool is_first = order_.state == OrderState::payment;
  order_.state = domain::transition(order_.state, OrderEvent::payment_authorized).value();
  hold_stock_until(scope_, order_.id.text(), std::nullopt);
  // A further payment keeps the order's deadline.
  if (is_first && payment_.expires_at) await_payment(payment_);
  const auto method = store::find_payment_method(scope_, payment_.payment_method_id).value();
  // If staff are just marking the payment as paid, the shopper is not asked for it any more.
  const bool has_come = !all_asked(entries_);
  const bool is_to_be_told = !method.method.instructions.empty() && !has_come && !was_requested();
  if (is_to_be_told) request_money({});
}

bool Settlement::is_order_canceling() {
  if (!is_placed()) return false;
  if (order_.payment_id == payment_.id) return is_cancel(payment_);
  return std::any_of(others().begin(), others().end(), [&](const Other& other) {
    return other.payment.id == order_.payment_id && is_cancel(other.payment);
  });
}

bool Settlement::was_requested() const {
  if (order_.placements <= 1) return false;
  const auto events = store::list_events(scope_, order_.id);
  return std::any_of(events.begin(), events.end(), [&](const Event& event) {
    const std::pair<std::string, std::string> payment{"paymentId", payment_.id.text()};
    return event.type == EventType::payment_requested &&
           std::find(event.facts.begin(), event.facts.end(), payment) != event.facts.end();
  });
}

// Starts the order's deadline anew.
void Settlement::await_payment(store::PaymentRow& current) {
  current.expires_at = payment_deadline(store::load_checkout_settings(scope_), scope_.now);
}

void Settlement::request_money(const store::ActorRef& actor) {
  Options facts{{"amountCents", std::to_string(payment_.amount_cents)}};
  if (payment_.expires_at) facts.emplace_back("dueAt", payment_.expires_at->text());
  record(EventType::payment_requested, std::move(facts), actor);
}

// ---- money that came

// `was_open`: the payment had not ended until now. `was_counted`: the order was waiting for this
// payment, or already had money from it.
void Settlement::money_came(const PaymentSnapshot& snapshot, bool was_open, bool was_counted) {
  // Money can only overtake a cancel if it is from the very payment that the cancel is ending.
  const bool is_own_end = was_open && is_current();
  const bool is_late = !is_own_end && is_order_canceling();
  if (!was_counted || !is_placed() || is_late) {
    if (order_.payment_id != payment_.id || !is_late) payment_.closing.reset();
    return receive_late_money(snapshot);
  }
  if (payment_.offline && is_cancel(payment_)) {
    // No processor was faster than the cancel: staff had marked it before they canceled.
    return give_back_all("the order was canceled", payment_.closing_actor);
  }
  note_excess();
  if (order_.state == OrderState::complete) return;
  if (missing() > 0) return come_short(snapshot);
  payment_.closing.reset();  // the money came first
  complete(OrderEvent::payment_captured);
}

void Settlement::note_excess() {
  const std::int64_t excess = -missing();
  if (excess <= 0) return;
  record(EventType::payment_excess,
         {{"amountCents", std::to_string(captured())}, {"excessCents", std::to_string(excess)}});
}

// Money that was on its way back stays: perhaps nothing is missing any more.
void Settlement::complete_if_paid() {
  if (order_.state != OrderState::confirm || is_order_canceling() || missing() > 0) return;
  note_excess();
  complete(OrderEvent::payment_captured);
}

void Settlement::come_short(const PaymentSnapshot& snapshot) {
  const bool is_first = order_.state == OrderState::payment;
  order_.state = domain::transition(order_.state, OrderEvent::payment_short).value();
  if (is_first) hold_stock_until(scope_, order_.id.text(), std::nullopt);
  const bool gives_back = is_cancel(payment_);
  if (!gives_back) {
    payment_.closing.reset();
    // If another payment is under way, that one has the deadline.
    if (is_current()) await_payment(payment_);
  }
  Options facts{{"amountCents", std::to_string(captured())},
                {"askedCents", std::to_string(payment_.amount_cents)},
                {"missingCents", std::to_string(missing())}};
  if (payment_.expires_at) facts.emplace_back("dueAt", payment_.expires_at->text());
  record(EventType::payment_short, std::move(facts), captured_by_);
  if (!gives_back) return;
  note_refunds(snapshot);
  give_back_all("the order was canceled", payment_.closing_actor);
}

void Settlement::complete(OrderEvent event) {
  order_.state = domain::transition(order_.state, event).value();
  order_.payment_id = payment_.id;
  order_.completed_at = scope_.now;
  payment_.expires_at.reset();
  commit_stock(scope_, order_.id.text());
  end_others();
  record(EventType::order_completed, {{"totalCents", std::to_string(order_.total_cents)}},
         captured_by_);
}

// Ends the order's other payments, so that nobody pays twice.
void Settlement::end_others() {
  for (Other& other : others()) {
    store::PaymentRow& row = other.payment;
    if (is_final(row.state) && !row.expires_at) continue;
    row.expires_at.reset();
    if (is_final(row.state)) {
      schedule(row, other.entries);
    } else {
      row.closing = Closing::replaced;
      row.closing_actor = {};
      row.next_check_at = scope_.now;
    }
    store::save_payment(scope_, row, false);
  }
}

void Settlement::accept(const std::string& reason, const store::ActorRef& actor) {
  EntryRow waiver{.id = scope_.ids.make<PaymentEntryId>(),
                  .payment_id = payment_.id,
                  .kind = EntryKind::waiver,
                  .state = RefundState::succeeded,
                  .amount_cents = missing(),
                  .reason = reason,
                  .actor = actor};
  record(EventType::payment_accepted,
         {{"paidCents", std::to_string(paid())},
          {"waivedCents", std::to_string(waiver.amount_cents)},
          {"reason", reason}},
         actor);
  store::insert_entry(scope_, waiver);
  entries_.push_back(std::move(waiver));
  captured_by_ = actor;
  complete(OrderEvent::payment_accepted);
  schedule(true);
}

void Settlement::receive_late_money(const PaymentSnapshot& snapshot) {
  note_refunds(snapshot);
  if (!order_.placed_at)
    order_.placed_at = scope_.now;  // from now on there is money to account for
  if (refundable() == 0) return;    // it went back without the shop
  const bool is_whole = refundable() >= payment_.amount_cents;
  const bool may_complete =
      is_whole && next_state(kOrderTransitions, order_.state, OrderEvent::late_money).has_value();
  if (may_complete && reserve_again()) {
    complete(OrderEvent::late_money);
    return note_excess();
  }
  const std::int64_t amount = refundable();
  add_pending(EntryKind::refund, amount, kTooLate, {});
  record(
      EventType::late_money_refunded,
      {{"amountCents", std::to_string(amount)}, {"orderState", std::string(name_of(order_.state))}},
      {});
}

// A part of a late payment was refunded outside the shop, so a refund of all of it was refused.
void Settlement::give_back_rest() {
  const bool is_under_way = std::any_of(entries_.begin(), entries_.end(), [](const auto& entry) {
    return entry.state == RefundState::pending;
  });
  if (is_under_way || refundable() == 0) return;
  add_pending(EntryKind::refund, refundable(), kTooLate, {});
}

bool Settlement::reserve_again() {
  OrderContents order = load_contents(scope_, order_);
  if (content_hash(order) != payment_.content_hash) return false;
  const std::string order_ref = order_.id.text();
  const auto reserved = reserve_stock(scope_, order_ref, demands_of(order), std::nullopt);
  if (reserved.has_error()) return false;
  if (take_coupon_uses(scope_, order_, order.coupons).has_value()) return true;
  release_stock(scope_, order_ref);
  return false;
}

// ---- no money

void Settlement::end_without_money(bool was_authorized) {
  const bool is_void = payment_.state == PaymentState::voided;
  const store::ActorRef actor = ended_by(payment_);
  record(is_void ? EventType::payment_voided : EventType::payment_failed, {}, actor);
  if (!is_current()) return;
  const auto closing = payment_.closing;
  const std::string reason(closing ? name_of(*closing) : is_void ? "voided" : "failed");
  if (order_.state == OrderState::confirm) return end_in_confirm(reason, was_authorized);
  if (is_cancel(payment_)) {
    return cancel_order(scope_.as(actor), order_, OrderEvent::cancel,
                        cancel_facts(payment_, reason));
  }
  const bool is_reopen = closing && *closing == Closing::reopened;
  order_.state =
      domain::transition(order_.state, is_reopen ? OrderEvent::reopen : OrderEvent::payment_closed)
          .value();
  if (!store::has_captured_payment(scope_, order_.id)) order_.placed_at.reset();
  release_stock(scope_, order_.id.text());
  return_coupon_uses(scope_, order_);
  record(EventType::order_reopened, {{"reason", reason}}, actor);
}

void Settlement::end_in_confirm(const std::string& reason, bool was_authorized) {
  if (is_cancel(payment_)) {
    give_back_all("the order was canceled", payment_.closing_actor);
    return cancel_once_refunded();
  }
  const bool is_lost = was_authorized && !payment_.closing && paid() <= 0 &&
                       !store::find_shipment(scope_, order_.id);
  if (is_lost) {
    cancel_order(scope_.as(ended_by(payment_)), order_, OrderEvent::authorization_lost,
                 cancel_facts(payment_, reason));
    payment_.expires_at.reset();
    return;
  }
  // The order waits for another payment, no longer than it would have waited for this one.
  payment_.closing.reset();
  if (!payment_.expires_at) await_payment(payment_);
}

// ---- cancel, and give all the money back

void Settlement::refund_and_cancel(Closing reason, const std::string& refund_reason,
                                   const store::ActorRef& actor) {
  close(reason, actor);
  give_back_all(refund_reason, actor);
  cancel_once_refunded();
  schedule(true);
}

void Settlement::give_back_all(const std::string& reason, const store::ActorRef& actor) {
  // A person who cancels an order has not sent any manual refund yet. So the shop itself requests
  // these refunds, and they wait until staff send them.
  const auto asks = [&](const store::PaymentRow& payment) {
    return payment.offline ? store::ActorRef() : actor;
  };
  if (const std::int64_t amount = refundable(); amount > 0) {
    add_pending(EntryKind::refund, amount, reason, asks(payment_));
  }
  for (Other& other : others()) {
    const std::int64_t amount = refundable_of(other.entries);
    if (amount <= 0) continue;
    add_pending_to(other.payment, other.entries,
                   {.kind = EntryKind::refund,
                    .amount_cents = amount,
                    .reason = reason,
                    .actor = asks(other.payment)});
    store::save_payment(scope_, other.payment, false);
  }
}

// Cancels an order that is to be canceled, once its current payment has ended and all of its money
// is being refunded.
void Settlement::cancel_once_refunded() {
  const bool is_past_payment =
      order_.state == OrderState::confirm || order_.state == OrderState::complete;
  const bool is_own = order_.payment_id == payment_.id;
  if (!is_past_payment || (is_own && !is_cancel(payment_))) return;
  store::PaymentRow* current = is_own ? &payment_ : nullptr;
  bool asked = all_asked(entries_);
  for (Other& other : others()) {
    if (other.payment.id == order_.payment_id) current = &other.payment;
    asked = asked && all_asked(other.entries);
  }
  const bool is_due =
      current != nullptr && is_cancel(*current) && is_final(current->state) && asked && paid() == 0;
  if (!is_due) return;
  cancel_order(scope_.as(current->closing_actor), order_, cancel_event(*current->closing),
               cancel_facts(*current, name_of(*current->closing)));
  current->closing.reset();
  current->expires_at.reset();
  if (!is_own) store::save_payment(scope_, *current, false);
}

// Gives up the cancel, if there is one, because a refund has failed. The order stays as it is.
// Refunds that have not been requested yet, and those that wait for staff to send them, are not
// made either. The money that stays may pay the order.
void Settlement::give_up_cancel() {
  const bool is_own = order_.payment_id == payment_.id;
  store::PaymentRow* current = is_own ? &payment_ : nullptr;
  const std::vector<EntryRow>* current_entries = is_own ? &entries_ : nullptr;
  for (Other& other : others()) {
    if (other.payment.id != order_.payment_id) continue;
    current = &other.payment;
    current_entries = &other.entries;
  }
  if (current == nullptr) return;
  if (!is_final(current->state)) return complete_if_paid();
  if (is_cancel(*current)) {
    withdraw_refunds(payment_, entries_);
    for (Other& other : others()) {
      withdraw_refunds(other.payment, other.entries);
      schedule(other.payment, other.entries);
      store::save_payment(scope_, other.payment, false);
    }
  }
  if (is_own || current->closing) keep_waiting(*current, *current_entries);
  if (!is_own) store::save_payment(scope_, *current, false);
  complete_if_paid();
}

void Settlement::withdraw_refunds(const store::PaymentRow& payment,
                                  std::vector<EntryRow>& entries) {
  for (EntryRow& entry : entries) {
    const bool is_open = entry.kind == EntryKind::refund && entry.state == RefundState::pending;
    if (!is_open || (!entry.external_id.empty() && !waits_to_be_sent(payment, entry))) continue;
    entry.state = RefundState::failed;
    store::save_entry(scope_, entry);
    record_refund(EventType::refund_failed, entry, entry.actor);
  }
}

// A cancel that failed is not tried again before the order's next deadline. An order in Confirm
// always has a deadline.
void Settlement::keep_waiting(store::PaymentRow& current, const std::vector<EntryRow>& entries) {
  const bool needs_deadline = current.closing == Closing::due || !current.expires_at;
  if (order_.state == OrderState::confirm && needs_deadline) await_payment(current);
  current.closing.reset();
  schedule(current, entries);
}

// ---- deadlines

void Settlement::expire() {
  const bool is_past = payment_.expires_at && *payment_.expires_at <= scope_.now;
  if (!is_past || payment_.closing) return;
  const bool is_awaited = is_current() && order_.state == OrderState::confirm;
  if (!is_awaited && !is_final(payment_.state)) return close(Closing::expired, {});
  if (!is_awaited || store::find_shipment(scope_, order_.id)) {
    payment_.expires_at.reset();  // the goods are out: the money has no deadline
    return schedule(true);
  }
  if (!is_final(payment_.state)) return close(Closing::due, {});
  refund_and_cancel(Closing::due, "the order was not paid in time", {});
}

}  // namespace resys::app
