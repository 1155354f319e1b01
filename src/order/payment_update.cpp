// The news of a payment: its captures and refunds, its end, and when it is looked at next. What
// happens to the order is in order_follows.cpp.
#include "order/payment_update.hpp"

#include <algorithm>

#include "base/back_off.hpp"
#include "pricing/exact.hpp"

namespace resys::app {
namespace {

using rows::EntryRow;
using rows::PaymentRow;
using rows::VoidReason;

// The pauses between two looks at a payment that brings no news.
constexpr std::int64_t kFirstPause = 10 * kMicrosPerSecond;
constexpr std::int64_t kLongestPause = kMicrosPerHour;

constexpr std::int64_t kCreateRepeatedFor = 24 * kMicrosPerHour;

bool is_by_people(VoidReason reason) {
  return reason == VoidReason::canceled || reason == VoidReason::canceled_by_staff;
}

const EntryRow* find_open(const std::vector<EntryRow>& entries, PaymentEntryKind kind) {
  for (const EntryRow& entry : entries) {
    const bool is_open = entry.state == RefundState::pending && entry.external_id.empty();
    if (entry.kind == kind && is_open) return &entry;
  }
  return nullptr;
}

}  // namespace

// ---- what is known

std::int64_t captured_of(const std::vector<EntryRow>& entries) {
  std::int64_t sum = 0;
  for (const EntryRow& entry : entries) {
    if (entry.kind == PaymentEntryKind::capture && entry.state == RefundState::succeeded) {
      sum += entry.amount_cents;
    }
  }
  return sum;
}

std::int64_t refundable_of(const std::vector<EntryRow>& entries) {
  std::int64_t left = captured_of(entries);
  for (const EntryRow& entry : entries) {
    if (entry.kind == PaymentEntryKind::refund && entry.state != RefundState::failed) {
      left -= entry.amount_cents;
    }
  }
  return left;
}

bool is_cancel(const rows::PaymentRow& payment) {
  return payment.void_reason == VoidReason::canceled ||
         payment.void_reason == VoidReason::canceled_by_staff ||
         payment.void_reason == VoidReason::due;
}

rows::ActorRef restock_actor(const rows::OrderRow& order, const rows::ActorRef& actor) {
  if (actor.kind != Actor::shopper) return actor;
  return {Actor::shopper, order.user_id};
}

bool waits_to_be_sent(const rows::PaymentRow& payment, const EntryRow& entry) {
  return entry.kind == PaymentEntryKind::refund && entry.state == RefundState::pending &&
         entry.actor.kind != Actor::staff && payment.offline;
}

Timestamp payment_deadline(const CheckoutSettings& settings, Timestamp now) {
  return now.plus(settings.payment_due_days * kMicrosPerDay);
}

bool is_final(PaymentState state) {
  return state == PaymentState::captured || state == PaymentState::failed ||
         state == PaymentState::voided;
}

// ---- the next call

bool will_never_be_made(const PaymentRow& payment, Timestamp now) {
  return (payment.void_reason && payment.open_creates == 0) ||
         now >= payment.created_at.plus(kCreateRepeatedFor);
}

NextCall next_call(const PaymentRow& payment, const std::vector<EntryRow>& entries, Ask ask,
                   Timestamp now) {
  if (payment.external_id.empty()) {
    if (is_final(payment.state)) return {};
    return {will_never_be_made(payment, now) ? CallKind::give_up : CallKind::create};
  }
  // What staff have seen arrive is there, also where the payment is to end; a processor is asked to
  // end it before it takes anything.
  const EntryRow* capture = find_open(entries, PaymentEntryKind::capture);
  const bool is_to_capture = capture != nullptr && payment.state == PaymentState::authorized;
  if (is_to_capture && (payment.offline || !payment.void_reason))
    return {CallKind::capture, capture};
  if (payment.void_reason && !is_final(payment.state)) return {CallKind::cancel};
  const EntryRow* refund = find_open(entries, PaymentEntryKind::refund);
  if (refund != nullptr) return {CallKind::refund, refund};
  return {ask == Ask::anyway ? CallKind::fetch : CallKind::none};
}

// ---- the update

PaymentUpdate::PaymentUpdate(PaymentBooks books, Timestamp now, domain::IdSource& ids)
    : before_(std::move(books)),
      order_(before_.order),
      own_(before_.payment),
      others_(before_.others),
      now_(now),
      ids_(&ids) {}

std::vector<EntryRow> PaymentUpdate::added_entries() const {
  const auto known = static_cast<std::ptrdiff_t>(before_.payment.entries.size());
  return {own_.entries.begin() + known, own_.entries.end()};
}

void PaymentUpdate::record_as(Effect::Kind kind, EventType type, Pairs facts,
                              const rows::ActorRef& actor) {
  effects_.push_back({.kind = kind, .actor = actor, .type = type, .facts = std::move(facts)});
}

Pairs PaymentUpdate::about(const PaymentId& payment, Pairs facts) const {
  facts.emplace_back("paymentId", payment.text());
  facts.emplace_back("currency", std::string(own_.row.currency.code()));
  return facts;
}

void PaymentUpdate::record_of(const PaymentId& payment, EventType type, Pairs facts,
                              const rows::ActorRef& actor) {
  record_as(Effect::Kind::record, type, about(payment, std::move(facts)), actor);
}

void PaymentUpdate::record(EventType type, Pairs facts, const rows::ActorRef& actor) {
  record_of(own_.row.id, type, std::move(facts), actor);
}

// ---- money

std::int64_t PaymentUpdate::paid() const {
  std::int64_t sum = refundable();
  for (const PaymentBook& other : others_) sum += refundable_of(other.entries);
  return sum;
}

PaymentEntryId PaymentUpdate::add_pending(EntryRow entry) {
  return add_pending_to(own_, std::move(entry));
}

PaymentEntryId PaymentUpdate::add_pending_to(PaymentBook& book, EntryRow entry) {
  entry.id = ids_->make<PaymentEntryId>();
  entry.payment_id = book.row.id;
  if (entry.kind == PaymentEntryKind::refund) entry.tax_cents = tax_of_refund(entry);
  book.entries.push_back(std::move(entry));
  book.row.next_check_at = now_.plus(kCallMayTake);
  return book.entries.back().id;
}

const EntryRow* PaymentUpdate::pending_capture() const {
  const auto found =
      std::find_if(own_.entries.begin(), own_.entries.end(), [](const EntryRow& entry) {
        return entry.kind == PaymentEntryKind::capture && entry.state == RefundState::pending;
      });
  return found == own_.entries.end() ? nullptr : &*found;
}

PaymentEntryId PaymentUpdate::require_capture(std::optional<std::int64_t> amount_cents,
                                              const rows::ActorRef& actor) {
  if (const EntryRow* pending = pending_capture()) return pending->id;
  const std::int64_t left = own_.row.amount_cents - captured();
  return add_pending({.kind = PaymentEntryKind::capture,
                      .amount_cents = amount_cents.value_or(left),
                      .actor = actor});
}

// Returns true if more was captured than was known.
bool PaymentUpdate::note_capture(const PaymentSnapshot& snapshot) {
  const std::int64_t more = snapshot.captured_cents - captured();
  if (more <= 0) return false;
  const auto asked =
      std::find_if(own_.entries.begin(), own_.entries.end(), [](const EntryRow& entry) {
        return entry.kind == PaymentEntryKind::capture && entry.state == RefundState::pending;
      });
  if (asked != own_.entries.end() && asked->amount_cents == more) {
    asked->state = RefundState::succeeded;
    captured_by_ = asked->actor;
  } else {
    EntryRow entry{.id = ids_->make<PaymentEntryId>(),
                   .payment_id = own_.row.id,
                   .kind = PaymentEntryKind::capture,
                   .state = RefundState::succeeded,
                   .amount_cents = more};
    own_.entries.push_back(std::move(entry));
  }
  record(EventType::external_payment_captured, {{"amountCents", std::to_string(more)}},
         captured_by_);
  return true;
}

// The payment has ended, so its pending captures will never be made.
void PaymentUpdate::drop_captures() {
  for (EntryRow& entry : own_.entries) {
    if (entry.kind != PaymentEntryKind::capture || entry.state != RefundState::pending) continue;
    entry.state = RefundState::failed;
  }
}

void PaymentUpdate::note_refunds(const PaymentSnapshot& snapshot) {
  if (!snapshot.refunds_known) return;
  for (const RefundSnapshot& refund : snapshot.refunds) note_refund(refund);
}

void PaymentUpdate::note_refund(const RefundSnapshot& refund) {
  if (refund.currency.value_or(own_.row.currency) != own_.row.currency) return;
  const auto known =
      std::find_if(own_.entries.begin(), own_.entries.end(), [&](const EntryRow& entry) {
        return entry.kind == PaymentEntryKind::refund &&
               ((!refund.refund_id.empty() && entry.id == refund.refund_id) ||
                entry.external_id == refund.external_id);
      });
  if (known != own_.entries.end()) return set_refund(*known, refund);
  // This refund was made at the processor itself, not through the shop.
  const bool is_possible = refund.amount_cents > 0 && refund.amount_cents <= refundable();
  if (refund.state == RefundState::failed || !is_possible) return;
  add_pending({.kind = PaymentEntryKind::refund,
               .amount_cents = refund.amount_cents,
               .reason = "made at the processor"});
  set_refund(own_.entries.back(), refund);
}

void PaymentUpdate::record_refund(EventType type, const EntryRow& entry,
                                  const rows::ActorRef& actor) {
  Pairs facts{{"amountCents", std::to_string(entry.amount_cents)},
              {"refundId", entry.id.text()},
              {"reason", entry.reason}};
  if (entry.tax_cents > 0) facts.push_back({"taxCents", std::to_string(entry.tax_cents)});
  record_of(entry.payment_id, type, std::move(facts), actor);
}

// What the order would keep without this refund, of its money and of its tax. Failed refunds do not
// count.
PaymentUpdate::Kept PaymentUpdate::kept_without(const EntryRow& refund) const {
  Kept kept{.tax_cents = order_.tax_total_cents + order_.included_tax_total_cents};
  const auto count = [&](const PaymentBook& book) {
    kept.cents += captured_of(book.entries);
    for (const EntryRow& entry : book.entries) {
      const bool counts =
          entry.kind == PaymentEntryKind::refund && entry.state != RefundState::failed;
      if (!counts || entry.id == refund.id) continue;
      kept.cents -= entry.amount_cents;
      kept.tax_cents -= entry.tax_cents;
    }
  };
  count(own_);
  std::for_each(others_.begin(), others_.end(), count);
  return kept;
}

// Money that goes back before the order was paid, or that was paid beyond its total, was no sale
// and has no tax.
std::int64_t PaymentUpdate::tax_of_refund(const EntryRow& refund) const {
  if (order_.state != OrderState::confirm && order_.state != OrderState::complete) return 0;
  const Kept kept = kept_without(refund);
  if (!refund.pieces.empty()) {
    return std::min({refund.tax_cents, kept.tax_cents, refund.amount_cents});
  }
  const std::int64_t sold = std::min(kept.cents, order_.total_cents);
  const std::int64_t given_back = refund.amount_cents - (kept.cents - sold);
  if (given_back <= 0) return 0;
  if (given_back >= sold) return std::min(kept.tax_cents, refund.amount_cents);
  return pricing::divide(pricing::Wide{kept.tax_cents} * given_back, sold, TaxRounding::half_up);
}

void PaymentUpdate::set_refund(EntryRow& entry, const RefundSnapshot& refund) {
  if (waits_to_be_sent(own_.row, entry) && refund.state == RefundState::succeeded) {
    // The processor has recorded the refund, but staff have to send the money.
    if (entry.external_id == refund.external_id) return;
    entry.external_id = refund.external_id;
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
  // The amount that is really refunded counts, not the amount that was requested.
  const std::int64_t most = entry.amount_cents + refundable();
  if (refund.amount_cents > 0 && refund.amount_cents != entry.amount_cents) {
    entry.amount_cents = std::min(refund.amount_cents, most);
    entry.tax_cents = tax_of_refund(entry);
  }
  if (!changed || entry.state == RefundState::pending) return;
  record_refund(entry.state == RefundState::succeeded ? EventType::payment_refunded
                                                      : EventType::refund_failed,
                entry, entry.actor);
  if (entry.state == RefundState::failed) give_up_cancel();
}

bool PaymentUpdate::mark_refunded(const rows::ActorRef& actor) {
  bool was_sent = false;
  for (EntryRow& entry : own_.entries) {
    if (!waits_to_be_sent(own_.row, entry)) continue;
    entry.state = RefundState::succeeded;
    record_refund(EventType::payment_refunded, entry, actor);
    was_sent = true;
  }
  if (!was_sent) return false;
  cancel_once_refunded();
  schedule(true);
  return true;
}

void PaymentUpdate::apply_refund(const EntryRow& refund, const RefundSnapshot& snapshot) {
  for (EntryRow& entry : own_.entries) {
    if (entry.id == refund.id) set_refund(entry, snapshot);
  }
  cancel_once_refunded();
  schedule(true);
}

void PaymentUpdate::refuse(const EntryRow& refused, const Error& why) {
  for (EntryRow& entry : own_.entries) {
    if (entry.id != refused.id || entry.state != RefundState::pending) continue;
    entry.state = RefundState::failed;
    if (entry.kind == PaymentEntryKind::capture) continue;
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
  const Timestamp look = now_.plus(kFirstPause);
  own_.row.next_check_at = std::min(own_.row.next_check_at.value_or(look), look);
}

// ---- news of the payment

bool PaymentUpdate::is_about_this(const PaymentSnapshot& snapshot, bool is_taken) const {
  const bool is_ours = snapshot.payment_id.empty() || snapshot.payment_id == own_.row.id.text();
  const bool is_same =
      own_.row.external_id.empty() ? !is_taken : own_.row.external_id == snapshot.external_id;
  const bool is_amount = snapshot.authorized_cents >= 0 && snapshot.captured_cents >= 0 &&
                         snapshot.captured_cents <= kMaxMinor;
  return is_ours && is_same && is_amount;
}

// Whether the report fits what was requested. Captured money counts in any amount, but only in the
// payment's currency. A payment that is open must be for the requested amount. A payment that has
// ended without money fits in any case.
bool PaymentUpdate::is_as_asked(const PaymentSnapshot& snapshot) const {
  const bool has_money = snapshot.captured_cents > 0;
  if (is_final(snapshot.state) && !has_money) return snapshot.state != PaymentState::captured;
  if (snapshot.currency != own_.row.currency) return false;
  if (has_money && snapshot.state != PaymentState::authorized) return true;
  return snapshot.amount_cents == own_.row.amount_cents &&
         (snapshot.state != PaymentState::authorized ||
          snapshot.authorized_cents >= own_.row.amount_cents - snapshot.captured_cents);
}

void PaymentUpdate::report_mismatch(const PaymentSnapshot& snapshot) {
  const Pairs facts{{"amountCents", std::to_string(snapshot.amount_cents)},
                    {"capturedCents", std::to_string(snapshot.captured_cents)},
                    {"reportedCurrency", std::string(snapshot.currency.code())},
                    {"externalId", snapshot.external_id}};
  record_as(Effect::Kind::record_once, EventType::payment_mismatch, about(own_.row.id, facts),
            {Actor::processor, {}});
  schedule(false);
}

void PaymentUpdate::note_decline(const PaymentSnapshot& snapshot) {
  if (snapshot.state != PaymentState::created) {
    own_.row.decline_code.clear();
    own_.row.decline_message.clear();
    return;
  }
  if (snapshot.decline_code.empty() || snapshot.decline_code == own_.row.decline_code) return;
  own_.row.decline_code = snapshot.decline_code;
  own_.row.decline_message = snapshot.decline_message;
  record(EventType::payment_declined,
         {{"declineCode", snapshot.decline_code}, {"message", snapshot.decline_message}});
  if (before_.settings.release_on_decline && is_current()) request_void(VoidReason::declined, {});
}

// Any status may follow any other: a dispute that was lost may be appealed and won.
void PaymentUpdate::note_dispute(const std::string& status) {
  if (status.empty() || status == own_.row.dispute_status) return;
  own_.row.dispute_status = status;
  record(EventType::payment_disputed, {{"status", status}});
}

void PaymentUpdate::apply_snapshot(const PaymentSnapshot& snapshot,
                                   const std::string& sealed_secret, bool is_taken) {
  if (!is_about_this(snapshot, is_taken)) return report_mismatch(snapshot);
  if (!is_as_asked(snapshot)) {
    report_mismatch(snapshot);
    // The payment has ended without money for this order, so the order no longer waits for it.
    const bool is_over =
        own_.row.void_reason && is_final(snapshot.state) && !is_final(own_.row.state);
    if (is_over)
      fail(Error(Errc::unsupported_currency,
                 "the payment was made with another amount or currency"));
    return;
  }
  const PaymentState before = own_.row.state;
  const bool was_counted = is_current() || refundable() > 0;
  own_.row.external_id = snapshot.external_id;
  if (own_.row.client_secret.empty() && !is_final(before)) own_.row.client_secret = sealed_secret;
  own_.row.authorized_cents = std::max(own_.row.authorized_cents, snapshot.authorized_cents);
  if (!is_final(before)) note_decline(snapshot);
  const bool came = note_capture(snapshot);
  if (snapshot.state == PaymentState::authorized && snapshot.capture_before) {
    own_.row.expires_at.reset();  // the processor's own deadline counts
  }
  const bool has_kept_some = is_final(snapshot.state) && captured() > 0;
  move_to(has_kept_some ? PaymentState::captured : snapshot.state);
  if (own_.row.state == PaymentState::captured && (came || before != PaymentState::captured)) {
    receive_money(snapshot, !is_final(before), was_counted);
  }
  const std::int64_t kept = refundable();
  note_refunds(snapshot);
  if (refundable() < kept && !is_placed()) refund_rest();
  note_dispute(snapshot.dispute_status);
  cancel_once_refunded();
  schedule(own_.row.state != before);
}

void PaymentUpdate::fail(const Error& why) {
  own_.row.decline_message = why.message();
  move_to(PaymentState::failed);
  schedule(true);
}

void PaymentUpdate::request_void(VoidReason reason, const rows::ActorRef& actor) {
  if (!own_.row.void_reason || is_by_people(reason)) {
    own_.row.void_reason = reason;
    own_.row.void_actor = actor;
  }
  own_.row.next_check_at = now_.plus(kCallMayTake);
}

bool PaymentUpdate::awaits_money() const {
  const bool is_promised = own_.row.state == PaymentState::authorized && !own_.row.offline;
  return !is_final(own_.row.state) && !is_promised &&
         std::none_of(own_.entries.begin(), own_.entries.end(), [](const EntryRow& entry) {
           return entry.kind == PaymentEntryKind::capture && entry.state != RefundState::failed;
         });
}

void PaymentUpdate::hand_over() {
  own_.row.expires_at.reset();
  schedule(true);
}

void PaymentUpdate::postpone() {
  schedule(false);
  if (!own_.row.next_check_at) own_.row.next_check_at = now_.plus(kLongestPause);
}

void PaymentUpdate::schedule(bool changed) {
  if (changed) own_.row.checks = 0;
  schedule(own_);
}

// Decides when the payment is looked at next. Every payment is scheduled here, even one that
// changes because of another payment of its order.
void PaymentUpdate::schedule(PaymentBook& book) const {
  auto& [payment, entries] = book;
  const bool waits = std::any_of(entries.begin(), entries.end(), [&](const EntryRow& entry) {
    // The processor has no news of a refund that staff have to send.
    const bool is_theirs = waits_to_be_sent(book.row, entry) && !entry.external_id.empty();
    return entry.state == RefundState::pending && !is_theirs;
  });
  payment.next_check_at.reset();
  if (!is_final(payment.state) || waits) {
    payment.next_check_at = now_.plus(domain::back_off(kFirstPause, kLongestPause, payment.checks));
  }
  // A payment that is being ended does not expire as well: its refunds keep it scheduled.
  if (!payment.expires_at || payment.void_reason) return;
  payment.next_check_at =
      std::min(payment.next_check_at.value_or(*payment.expires_at), *payment.expires_at);
}

}  // namespace resys::app
