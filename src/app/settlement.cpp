// One transaction's work on a payment: its rows, and the news about them. The rules are in the
// header. What happens to the order is in order_follows.cpp.
#include "app/settlement.hpp"

#include <algorithm>

#include "app/event.hpp"
#include "app/processors.hpp"
#include "domain/order.hpp"
#include "store/event.hpp"
#include "store/promotion.hpp"
#include "store/settings.hpp"

namespace resys::app {
namespace {

using store::Closing;
using store::EntryKind;
using store::EntryRow;

// The pauses between two looks at a payment that brings no news. They double each time.
constexpr std::int64_t kFirstPause = 10 * kMicrosPerSecond;
constexpr std::int64_t kLongestPause = kMicrosPerHour;

std::int64_t pause_after(std::int64_t checks) {
  constexpr std::int64_t doublings = 9;
  return std::min(kLongestPause, kFirstPause << std::min(checks, doublings));
}

bool is_by_people(Closing reason) {
  return reason == Closing::canceled || reason == Closing::canceled_by_staff;
}

}  // namespace

std::int64_t captured_of(const std::vector<EntryRow>& entries) {
  std::int64_t sum = 0;
  for (const EntryRow& entry : entries) {
    if (entry.kind == EntryKind::capture && entry.state == RefundState::succeeded) {
      sum += entry.amount_cents;
    }
  }
  return sum;
}

std::int64_t refundable_of(const std::vector<EntryRow>& entries) {
  std::int64_t left = captured_of(entries);
  for (const EntryRow& entry : entries) {
    if (entry.kind == EntryKind::refund && entry.state != RefundState::failed) {
      left -= entry.amount_cents;
    }
  }
  return left;
}

bool is_cancel(const store::PaymentRow& payment) {
  return payment.closing == Closing::canceled || payment.closing == Closing::canceled_by_staff ||
         payment.closing == Closing::due;
}

bool waits_to_be_sent(const store::PaymentRow& payment, const EntryRow& entry) {
  return entry.kind == EntryKind::refund && entry.state == RefundState::pending &&
         entry.actor.kind != Actor::staff && payment.offline;
}

Timestamp payment_deadline(const CheckoutSettings& settings, Timestamp now) {
  return now.plus(settings.payment_due_days * kMicrosPerDay);
}

bool is_final(PaymentState state) {
  return state == PaymentState::captured || state == PaymentState::failed ||
         state == PaymentState::voided;
}

Result<void> take_coupon_uses(const Scope& scope, const store::OrderRow& row,
                              std::vector<store::OrderCouponRow>& coupons) {
  const std::string customer = pricing::customer_of(row.user_id, row.email);
  for (store::OrderCouponRow& each : coupons) {
    if (each.discount_cents == 0) continue;
    const auto taken = store::take_coupon_use(scope, each.coupon.id, customer);
    if (taken != store::TakenUse::taken) {
      return_coupon_uses(scope, row);
      const bool by_all = taken == store::TakenUse::used_up;
      return pricing::coupon_refusal(
          each.coupon, by_all ? CouponReason::used_up : CouponReason::used_up_by_customer,
          row.item_total_cents);
    }
    each.taken_by = customer;
    store::update_order_coupon(scope, row.id, each);
  }
  return success();
}

void return_coupon_uses(const Scope& scope, const store::OrderRow& order) {
  for (auto& each : store::load_order_coupons(scope, order)) {
    if (each.taken_by.empty()) continue;
    store::return_coupon_use(scope, each.coupon.id, each.taken_by);
    const bool was_claimed = !order.user_id.empty() && order.user_id != each.taken_by;
    if (was_claimed) store::return_customer_use(scope, each.coupon.id, order.user_id);
    each.taken_by.clear();
    store::update_order_coupon(scope, order.id, each);
  }
}

void cancel_order(const Scope& scope, store::OrderRow& order, OrderEvent event, Options facts) {
  order.state = domain::transition(order.state, event).value();
  const bool is_shopper = scope.actor.kind == Actor::shopper;
  restock(is_shopper ? scope.as({Actor::shopper, order.user_id}) : scope, order.id.text());
  return_coupon_uses(scope, order);
  record_event(scope, order.id, EventType::order_canceled, facts);
}

// ---- the rows

Result<Settlement> Settlement::lock(const Scope& scope, const PaymentId& payment) {
  auto order = store::find_order_of(scope, payment);
  if (!order) return Error(Errc::not_found, "there is no such payment");
  auto row = store::load_payment(scope, payment).value();
  return Settlement(scope, std::move(*order), std::move(row));
}

Settlement::Settlement(const Scope& scope, store::OrderRow order, store::PaymentRow payment)
    : scope_(scope.as({})),
      order_(std::move(order)),
      order_before_(order_),
      payment_(std::move(payment)),
      was_unnamed_(payment_.external_id.empty()),
      entries_(store::load_entries(scope, payment_.id)),
      loaded_entries_(entries_.size()) {}

std::vector<EntryRow> Settlement::added_entries() const {
  return {entries_.begin() + static_cast<std::ptrdiff_t>(loaded_entries_), entries_.end()};
}

void Settlement::save() {
  const bool named = was_unnamed_ && !payment_.external_id.empty();
  if (is_final(payment_.state)) payment_.client_secret.clear();  // nobody can pay it any more
  store::save_payment(scope_, payment_, named);
  if (order_ != order_before_) store::save_order(scope_, order_, order_before_);
}

void Settlement::record(EventType type, Options facts, const store::ActorRef& actor) {
  record_of(payment_.id, type, std::move(facts), actor);
}

void Settlement::record_of(const PaymentId& payment, EventType type, Options facts,
                           const store::ActorRef& actor) {
  facts.emplace_back("paymentId", payment.text());
  facts.emplace_back("currency", std::string(payment_.currency.code()));
  record_event(scope_.as(actor), order_.id, type, facts);
}

// ---- money

std::vector<Settlement::Other>& Settlement::others() {
  if (others_) return *others_;
  others_.emplace();
  if (order_.placements <= 1) return *others_;  // there are none to look for
  const auto entries = store::load_order_entries(scope_, order_.id);
  for (store::PaymentRow& row : store::load_payments(scope_, order_.id)) {
    if (row.id == payment_.id) continue;
    Other other{std::move(row), {}};
    std::copy_if(entries.begin(), entries.end(), std::back_inserter(other.entries),
                 [&](const EntryRow& entry) { return entry.payment_id == other.payment.id; });
    others_->push_back(std::move(other));
  }
  return *others_;
}

std::int64_t Settlement::captured() const { return captured_of(entries_); }

std::int64_t Settlement::refundable() const { return refundable_of(entries_); }

std::int64_t Settlement::paid() {
  std::int64_t sum = refundable();
  for (const Other& other : others()) sum += refundable_of(other.entries);
  return sum;
}

PaymentEntryId Settlement::add_pending(EntryKind kind, std::int64_t amount_cents,
                                       const std::string& reason, const store::ActorRef& actor) {
  return add_pending_to(
      payment_, entries_,
      {.kind = kind, .amount_cents = amount_cents, .reason = reason, .actor = actor});
}

PaymentEntryId Settlement::add_pending_to(store::PaymentRow& payment,
                                          std::vector<EntryRow>& entries, EntryRow entry) {
  entry.id = scope_.ids.make<PaymentEntryId>();
  entry.payment_id = payment.id;
  store::insert_entry(scope_, entry);
  entries.push_back(std::move(entry));
  payment.next_check_at = scope_.now.plus(kCallMayTake);
  return entries.back().id;
}

const EntryRow* Settlement::pending_capture() const {
  const auto found = std::find_if(entries_.begin(), entries_.end(), [](const EntryRow& entry) {
    return entry.kind == EntryKind::capture && entry.state == RefundState::pending;
  });
  return found == entries_.end() ? nullptr : &*found;
}

PaymentEntryId Settlement::require_capture(std::optional<std::int64_t> amount_cents,
                                           const store::ActorRef& actor) {
  if (const EntryRow* pending = pending_capture()) return pending->id;
  const std::int64_t left = payment_.amount_cents - captured();
  return add_pending(EntryKind::capture, amount_cents.value_or(left), "", actor);
}

// Returns true if more was captured than was known.
bool Settlement::note_capture(const PaymentSnapshot& snapshot) {
  const std::int64_t more = snapshot.captured_cents - captured();
  if (more <= 0) return false;
  const auto asked = std::find_if(entries_.begin(), entries_.end(), [](const EntryRow& entry) {
    return entry.kind == EntryKind::capture && entry.state == RefundState::pending;
  });
  if (asked != entries_.end() && asked->amount_cents == more) {
    asked->state = RefundState::succeeded;
    captured_by_ = asked->actor;
    store::save_entry(scope_, *asked);
  } else {
    EntryRow entry{.id = scope_.ids.make<PaymentEntryId>(),
                   .payment_id = payment_.id,
                   .kind = EntryKind::capture,
                   .state = RefundState::succeeded,
                   .amount_cents = more};
    store::insert_entry(scope_, entry);
    entries_.push_back(std::move(entry));
  }
  record(EventType::external_payment_captured, {{"amountCents", std::to_string(more)}},
         captured_by_);
  return true;
}

// The payment has ended, so its pending captures will never be made.
void Settlement::drop_captures() {
  for (EntryRow& entry : entries_) {
    if (entry.kind != EntryKind::capture || entry.state != RefundState::pending) continue;
    entry.state = RefundState::failed;
    store::save_entry(scope_, entry);
  }
}

void Settlement::note_refunds(const PaymentSnapshot& snapshot) {
  if (!snapshot.refunds_known) return;
  for (const RefundSnapshot& refund : snapshot.refunds) note_refund(refund);
}

void Settlement::note_refund(const RefundSnapshot& refund) {
  if (refund.currency.value_or(payment_.currency) != payment_.currency) return;
  const auto known = std::find_if(entries_.begin(), entries_.end(), [&](const EntryRow& entry) {
    return entry.kind == EntryKind::refund &&
           ((!refund.refund_id.empty() && entry.id == refund.refund_id) ||
            entry.external_id == refund.external_id);
  });
  if (known != entries_.end()) return set_refund(*known, refund);
  // This refund was made at the processor itself, not through the shop.
  const bool is_possible = refund.amount_cents > 0 && refund.amount_cents <= refundable();
  if (refund.state == RefundState::failed || !is_possible) return;
  add_pending(EntryKind::refund, refund.amount_cents, "made at the processor",
              {Actor::processor, {}});
  set_refund(entries_.back(), refund);
}

void Settlement::record_refund(EventType type, const EntryRow& entry,
                               const store::ActorRef& actor) {
  record_of(entry.payment_id, type,
            {{"amountCents", std::to_string(entry.amount_cents)},
             {"refundId", entry.id.text()},
             {"reason", entry.reason}},
            actor);
}

void Settlement::set_refund(EntryRow& entry, const RefundSnapshot& refund) {
  if (waits_to_be_sent(payment_, entry) && refund.state == RefundState::succeeded) {
    // The processor has recorded the refund, but staff have to send the money.
    if (entry.external_id == refund.external_id) return;
    entry.external_id = refund.external_id;
    store::save_entry(scope_, entry);
    return record_refund(EventType::refund_requested, entry, entry.actor);
  }
  const bool changed = entry.state != refund.state;
  if (!changed && entry.external_id == refund.external_id) return;
  // An entry that failed without an external id comes from a refused call, which may have been a
  // repetition: the refund may exist. Only the state of the refund itself is final.
  const bool has_failed = entry.state == RefundState::failed && !entry.external_id.empty();
  const bool is_older =
      entry.state == RefundState::succeeded && refund.state == RefundState::pending;
  if (has_failed || is_older) return;
  entry.external_id = refund.external_id;
  entry.state = refund.state;
  // What really goes back counts, whatever was asked for.
  const std::int64_t most = entry.amount_cents + refundable();
  if (refund.amount_cents > 0) entry.amount_cents = std::min(refund.amount_cents, most);
  store::save_entry(scope_, entry);
  if (!changed || entry.state == RefundState::pending) return;
  record_refund(entry.state == RefundState::succeeded ? EventType::payment_refunded
                                                      : EventType::refund_failed,
                entry, entry.actor);
  if (entry.state == RefundState::failed) give_up_cancel();
}

bool Settlement::mark_refunded(const store::ActorRef& actor) {
  bool was_sent = false;
  for (EntryRow& entry : entries_) {
    if (!waits_to_be_sent(payment_, entry)) continue;
    entry.state = RefundState::succeeded;
    store::save_entry(scope_, entry);
    record_refund(EventType::payment_refunded, entry, actor);
    was_sent = true;
  }
  if (!was_sent) return false;
  cancel_once_refunded();
  schedule(true);
  return true;
}

void Settlement::observe(const EntryRow& refund, const RefundSnapshot& snapshot) {
  for (EntryRow& entry : entries_) {
    if (entry.id == refund.id) set_refund(entry, snapshot);
  }
  cancel_once_refunded();
  schedule(true);
}

void Settlement::refuse(const EntryRow& refused, const Error& why) {
  for (EntryRow& entry : entries_) {
    if (entry.id != refused.id || entry.state != RefundState::pending) continue;
    entry.state = RefundState::failed;
    store::save_entry(scope_, entry);
    if (entry.kind == EntryKind::capture) continue;
    record(EventType::refund_failed,
           {{"amountCents", std::to_string(entry.amount_cents)},
            {"refundId", entry.id.text()},
            {"reason", why.message()}},
           entry.actor);
    give_up_cancel();
  }
  schedule(true);
  // The money may have been refunded outside the shop, so the payment is looked at once more,
  // before any deadline.
  const Timestamp look = scope_.now.plus(kFirstPause);
  payment_.next_check_at = std::min(payment_.next_check_at.value_or(look), look);
}

// ---- news of the payment

bool Settlement::is_about_this(const PaymentSnapshot& snapshot) const {
  const bool is_ours = snapshot.payment_id.empty() || snapshot.payment_id == payment_.id.text();
  const bool is_same =
      payment_.external_id.empty()
          ? !store::find_external_payment(scope_, payment_.processor, snapshot.external_id)
          : payment_.external_id == snapshot.external_id;
  const bool is_amount = snapshot.authorized_cents >= 0 && snapshot.captured_cents >= 0 &&
                         snapshot.captured_cents <= kMaxMinor;
  return is_ours && is_same && is_amount;
}

// Whether the report fits what was requested. Captured money counts in any amount, but only in the
// payment's currency. A payment that is open must be for the requested amount. A payment that has
// ended without money fits in any case.
bool Settlement::is_as_asked(const PaymentSnapshot& snapshot) const {
  const bool has_money = snapshot.captured_cents > 0;
  if (is_final(snapshot.state) && !has_money) return snapshot.state != PaymentState::captured;
  if (snapshot.currency != payment_.currency) return false;
  if (has_money && snapshot.state != PaymentState::authorized) return true;
  return snapshot.amount_cents == payment_.amount_cents &&
         (snapshot.state != PaymentState::authorized ||
          snapshot.authorized_cents >= payment_.amount_cents - snapshot.captured_cents);
}

void Settlement::report_mismatch(const PaymentSnapshot& snapshot) {
  const Options facts{{"amountCents", std::to_string(snapshot.amount_cents)},
                      {"capturedCents", std::to_string(snapshot.captured_cents)},
                      {"reportedCurrency", std::string(snapshot.currency.code())},
                      {"externalId", snapshot.external_id}};
  const auto events = store::list_events(scope_, order_.id);
  const bool reported = std::any_of(events.begin(), events.end(), [&](const Event& event) {
    return event.type == EventType::payment_mismatch && event.facts.size() > facts.size() &&
           std::equal(facts.begin(), facts.end(), event.facts.begin());
  });
  if (!reported) record(EventType::payment_mismatch, facts);
  schedule(false);
}

void Settlement::note_decline(const PaymentSnapshot& snapshot) {
  if (snapshot.state != PaymentState::created) {
    payment_.decline_code.clear();
    payment_.decline_message.clear();
    return;
  }
  if (snapshot.decline_code.empty() || snapshot.decline_code == payment_.decline_code) return;
  payment_.decline_code = snapshot.decline_code;
  payment_.decline_message = snapshot.decline_message;
  record(EventType::payment_declined,
         {{"declineCode", snapshot.decline_code}, {"message", snapshot.decline_message}});
  const bool is_closed_at_once =
      store::load_checkout_settings(scope_).release_on_decline && is_current();
  if (is_closed_at_once) close(Closing::declined, {});
}

// Any status may follow any other: a dispute that was lost may be appealed and won.
void Settlement::note_dispute(const std::string& status) {
  if (status.empty() || status == payment_.dispute_status) return;
  payment_.dispute_status = status;
  record(EventType::payment_disputed, {{"status", status}});
}

void Settlement::observe(const PaymentSnapshot& snapshot, const std::string& sealed_secret) {
  if (!is_about_this(snapshot)) return report_mismatch(snapshot);
  if (!is_as_asked(snapshot)) {
    report_mismatch(snapshot);
    // The payment has ended without money for this order, so the order no longer waits for it.
    const bool is_over = payment_.closing && is_final(snapshot.state) && !is_final(payment_.state);
    if (is_over)
      fail(Error(Errc::unsupported_currency,
                 "the payment was made with another amount or currency"));
    return;
  }
  const PaymentState before = payment_.state;
  const bool was_counted = is_current() || refundable() > 0;
  payment_.external_id = snapshot.external_id;
  if (payment_.client_secret.empty()) payment_.client_secret = sealed_secret;
  payment_.authorized_cents = std::max(payment_.authorized_cents, snapshot.authorized_cents);
  if (!is_final(before)) note_decline(snapshot);
  const bool came = note_capture(snapshot);
  if (snapshot.state == PaymentState::authorized && snapshot.capture_before) {
    payment_.expires_at.reset();  // the processor's own deadline counts
  }
  const bool has_kept_some = is_final(snapshot.state) && captured() > 0;
  move_to(has_kept_some ? PaymentState::captured : snapshot.state);
  if (payment_.state == PaymentState::captured && (came || before != PaymentState::captured)) {
    money_came(snapshot, !is_final(before), was_counted);
  }
  const std::int64_t kept = refundable();
  note_refunds(snapshot);
  if (refundable() < kept && !is_placed()) give_back_rest();
  note_dispute(snapshot.dispute_status);
  cancel_once_refunded();
  schedule(payment_.state != before);
}

void Settlement::fail(const Error& why) {
  payment_.decline_message = why.message();
  move_to(PaymentState::failed);
  schedule(true);
}

void Settlement::close(Closing reason, const store::ActorRef& actor) {
  if (!payment_.closing || is_by_people(reason)) {
    payment_.closing = reason;
    payment_.closing_actor = actor;
  }
  payment_.next_check_at = scope_.now.plus(kCallMayTake);
}

bool Settlement::awaits_money() const {
  const bool is_promised = payment_.state == PaymentState::authorized && !payment_.offline;
  return !is_final(payment_.state) && !is_promised &&
         std::none_of(entries_.begin(), entries_.end(), [](const EntryRow& entry) {
           return entry.kind == EntryKind::capture && entry.state != RefundState::failed;
         });
}

void Settlement::hand_over() {
  payment_.expires_at.reset();
  schedule(true);
}

void Settlement::postpone() {
  schedule(false);
  if (!payment_.next_check_at) payment_.next_check_at = scope_.now.plus(kLongestPause);
}

void Settlement::schedule(bool changed) {
  if (changed) payment_.checks = 0;
  schedule(payment_, entries_);
}

// Decides when the payment is looked at next. Every payment is scheduled here, even one that
// changes because of another payment of its order.
void Settlement::schedule(store::PaymentRow& payment, const std::vector<EntryRow>& entries) const {
  const bool waits = std::any_of(entries.begin(), entries.end(), [&](const EntryRow& entry) {
    // The processor has no news of a refund that staff have to send.
    const bool is_theirs = waits_to_be_sent(payment, entry) && !entry.external_id.empty();
    return entry.state == RefundState::pending && !is_theirs;
  });
  payment.next_check_at.reset();
  if (!is_final(payment.state) || waits) {
    payment.next_check_at = scope_.now.plus(pause_after(payment.checks));
  }
  // A payment that is being ended does not expire as well: its refunds keep it scheduled.
  if (!payment.expires_at || payment.closing) return;
  payment.next_check_at =
      std::min(payment.next_check_at.value_or(*payment.expires_at), *payment.expires_at);
}

}  // namespace resys::app
