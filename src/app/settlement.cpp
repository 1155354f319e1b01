// One transaction's work on a payment; the rules are in the header.
#include "app/settlement.hpp"

#include <algorithm>

#include "app/event.hpp"
#include "domain/order.hpp"
#include "net/crypto.hpp"
#include "store/event.hpp"
#include "store/promotion.hpp"
#include "store/settings.hpp"

namespace resys::app {
namespace {

using store::Closing;
using store::EntryKind;
using store::EntryRow;

// Pauses between two looks at a payment of which nothing is heard: doubled each time.
constexpr std::int64_t kFirstPause = 10 * kMicrosPerSecond;
constexpr std::int64_t kLongestPause = kMicrosPerHour;

std::int64_t pause_after(std::int64_t checks) {
  constexpr std::int64_t doublings = 9;
  return std::min(kLongestPause, kFirstPause << std::min(checks, doublings));
}

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

bool is_cancel(Closing reason) {
  return reason == Closing::canceled || reason == Closing::canceled_by_staff;
}

// A user, or a guest by the e-mail address, however they write it.
std::string customer_of(const store::OrderRow& row) {
  if (!row.user_id.empty()) return row.user_id;
  std::string address = row.email;
  for (char& letter : address) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return address;
}

}  // namespace

bool is_final(PaymentState state) {
  return state == PaymentState::captured || state == PaymentState::failed ||
         state == PaymentState::voided;
}

std::string content_hash(const store::OrderRow& row, const std::vector<store::LineRow>& lines,
                         const std::vector<store::OrderCouponRow>& coupons) {
  std::string content(row.currency.code());
  const auto add = [&](std::string_view text) { content.append("\n").append(text); };
  const auto add_number = [&](std::int64_t number) { add(std::to_string(number)); };
  for (const store::LineRow& line : lines) {
    add(line.variant_id.text());
    add_number(line.quantity);
    add_number(line.unit_price_cents);
  }
  for (const store::OrderCouponRow& each : coupons) {
    add(each.coupon.id.text());
    add_number(each.discount_cents);
  }
  add(row.shipping_method_id.text());
  add_number(row.shipment_total_cents);
  add_number(row.total_cents);
  return net::hex(net::sha256(content));
}

Result<void> take_coupon_uses(db::Transaction& tx, std::string_view store,
                              const store::OrderRow& row,
                              std::vector<store::OrderCouponRow>& coupons) {
  const std::string customer = customer_of(row);
  for (store::OrderCouponRow& each : coupons) {
    if (each.discount_cents == 0) continue;
    const auto taken = store::take_coupon_use(tx, store, each.coupon.id, customer);
    if (taken != store::TakenUse::taken) {
      return_coupon_uses(tx, store, row);
      const bool by_all = taken == store::TakenUse::used_up;
      return Error(Errc::coupon_invalid, "the discount code is used up")
          .with("code", each.coupon.code)
          .with("reason", by_all ? "usedUp" : "usedUpByCustomer");
    }
    each.taken_by = customer;
    store::update_order_coupon(tx, store, row.id, each);
  }
  return success();
}

void return_coupon_uses(db::Transaction& tx, std::string_view store, const store::OrderRow& order) {
  for (auto& each : store::load_order_coupons(tx, store, order)) {
    if (each.taken_by.empty()) continue;
    store::return_coupon_use(tx, store, each.coupon.id, each.taken_by);
    each.taken_by.clear();
    store::update_order_coupon(tx, store, order.id, each);
  }
}

void cancel_order(db::Transaction& tx, const Context& context, std::string_view store,
                  store::OrderRow& order, OrderEvent event, const std::string& reason,
                  Timestamp now) {
  order.state = domain::transition(order.state, event).value();
  restock(tx, {store, {}, now, *context.ids}, order.id.text());
  return_coupon_uses(tx, store, order);
  record_event(tx, context, store, order.id, EventType::order_canceled, {{"reason", reason}}, now);
}

// ---- the rows

Result<Settlement> Settlement::lock(db::Transaction& tx, const Context& context,
                                    std::string_view store, const PaymentId& payment,
                                    Timestamp now) {
  auto order = store::find_order_of(tx, store, payment);
  if (!order) return Error(Errc::not_found, "there is no such payment");
  auto row = store::load_payment(tx, store, payment).value();
  return Settlement(tx, context, store, now, std::move(*order), std::move(row));
}

Settlement::Settlement(db::Transaction& tx, const Context& context, std::string_view store,
                       Timestamp now, store::OrderRow order, store::PaymentRow payment)
    : tx_(tx),
      context_(context),
      store_(store),
      now_(now),
      order_(std::move(order)),
      order_before_(order_),
      payment_(std::move(payment)),
      was_unnamed_(payment_.external_id.empty()),
      entries_(store::load_entries(tx, store, payment_.id)),
      loaded_entries_(entries_.size()) {}

std::vector<EntryRow> Settlement::added_entries() const {
  return {entries_.begin() + static_cast<std::ptrdiff_t>(loaded_entries_), entries_.end()};
}

void Settlement::save() {
  const bool named = was_unnamed_ && !payment_.external_id.empty();
  store::save_payment(tx_, store_, payment_, named, now_);
  if (order_ != order_before_) store::save_order(tx_, store_, order_, order_before_, now_);
}

StockScope Settlement::stock_scope() const { return {store_, {}, now_, *context_.ids}; }

void Settlement::record(EventType type, Options facts) {
  facts.emplace_back("paymentId", payment_.id.text());
  facts.emplace_back("currency", std::string(payment_.currency.code()));
  record_event(tx_, context_, store_, order_.id, type, facts, now_);
}

// ---- money

std::int64_t Settlement::captured() const {
  std::int64_t sum = 0;
  for (const EntryRow& entry : entries_) {
    if (entry.kind == EntryKind::capture && entry.state == RefundState::succeeded) {
      sum += entry.amount_cents;
    }
  }
  return sum;
}

std::int64_t Settlement::refundable() const {
  std::int64_t left = captured();
  for (const EntryRow& entry : entries_) {
    if (entry.kind == EntryKind::refund && entry.state != RefundState::failed) {
      left -= entry.amount_cents;
    }
  }
  return left;
}

PaymentEntryId Settlement::add_pending(EntryKind kind, std::int64_t amount_cents,
                                       const std::string& reason) {
  EntryRow entry{.id = context_.ids->make<PaymentEntryId>(),
                 .payment_id = payment_.id,
                 .kind = kind,
                 .state = RefundState::pending,
                 .amount_cents = amount_cents,
                 .reason = reason};
  store::insert_entry(tx_, store_, entry, now_);
  entries_.push_back(std::move(entry));
  payment_.next_check_at = now_.plus(kCallMayTake);
  return entries_.back().id;
}

PaymentEntryId Settlement::require_capture() {
  for (const EntryRow& entry : entries_) {
    if (entry.kind == EntryKind::capture && entry.state == RefundState::pending) return entry.id;
  }
  return add_pending(EntryKind::capture, payment_.amount_cents, "");
}

void Settlement::note_capture(const PaymentSnapshot& snapshot) {
  const std::int64_t more = snapshot.captured_cents - captured();
  if (more <= 0) return;
  const auto asked = std::find_if(entries_.begin(), entries_.end(), [](const EntryRow& entry) {
    return entry.kind == EntryKind::capture && entry.state == RefundState::pending;
  });
  if (asked != entries_.end() && asked->amount_cents == more) {
    asked->state = RefundState::succeeded;
    store::save_entry(tx_, store_, *asked, now_);
  } else {
    EntryRow entry{.id = context_.ids->make<PaymentEntryId>(),
                   .payment_id = payment_.id,
                   .kind = EntryKind::capture,
                   .state = RefundState::succeeded,
                   .amount_cents = more};
    store::insert_entry(tx_, store_, entry, now_);
    entries_.push_back(std::move(entry));
  }
  record(EventType::external_payment_captured, {{"amountCents", std::to_string(more)}});
}

void Settlement::note_refund(const RefundSnapshot& refund) {
  const auto known = std::find_if(entries_.begin(), entries_.end(), [&](const EntryRow& entry) {
    return entry.kind == EntryKind::refund &&
           ((!refund.refund_id.empty() && entry.id == refund.refund_id) ||
            entry.external_id == refund.external_id);
  });
  if (known != entries_.end()) return set_refund(*known, refund);
  // Made at the processor itself, not through the shop.
  const bool is_possible = refund.amount_cents > 0 && refund.amount_cents <= refundable();
  if (refund.state == RefundState::failed || !is_possible) return;
  add_pending(EntryKind::refund, refund.amount_cents, "made at the processor");
  set_refund(entries_.back(), refund);
}

void Settlement::set_refund(EntryRow& entry, const RefundSnapshot& refund) {
  const bool changed = entry.state != refund.state;
  if (!changed && entry.external_id == refund.external_id) return;
  // A refusal of the call was perhaps of its repetition; what the refund itself says is final.
  const bool has_failed = entry.state == RefundState::failed && !entry.external_id.empty();
  const bool is_older =
      entry.state == RefundState::succeeded && refund.state == RefundState::pending;
  if (has_failed || is_older) return;
  entry.external_id = refund.external_id;
  entry.state = refund.state;
  store::save_entry(tx_, store_, entry, now_);
  if (!changed || entry.state == RefundState::pending) return;
  Options facts{{"amountCents", std::to_string(entry.amount_cents)},
                {"refundId", entry.id.text()},
                {"reason", entry.reason}};
  if (entry.state == RefundState::failed) payment_.closing.reset();
  record(entry.state == RefundState::succeeded ? EventType::payment_refunded
                                               : EventType::refund_failed,
         std::move(facts));
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
    store::save_entry(tx_, store_, entry, now_);
    if (entry.kind == EntryKind::capture) continue;
    payment_.closing.reset();
    record(EventType::refund_failed, {{"amountCents", std::to_string(entry.amount_cents)},
                                      {"refundId", entry.id.text()},
                                      {"reason", why.message()}});
  }
  schedule(true);
  // The money may have gone back without the shop: one more look.
  if (!payment_.next_check_at) payment_.next_check_at = now_.plus(kFirstPause);
}

// ---- news of the payment

bool Settlement::matches(const PaymentSnapshot& snapshot) const {
  const bool is_ours = snapshot.payment_id.empty() || snapshot.payment_id == payment_.id.text();
  const bool is_same =
      payment_.external_id.empty()
          ? !store::find_external_payment(tx_, store_, payment_.processor, snapshot.external_id)
          : payment_.external_id == snapshot.external_id;
  const bool is_enough =
      snapshot.state == PaymentState::captured ? snapshot.captured_cents == payment_.amount_cents
      : snapshot.state == PaymentState::authorized
          ? snapshot.authorized_cents >= payment_.amount_cents - snapshot.captured_cents
          : snapshot.captured_cents == 0;
  return is_ours && is_same && is_enough && snapshot.authorized_cents >= 0 &&
         snapshot.currency == payment_.currency && snapshot.amount_cents == payment_.amount_cents;
}

void Settlement::report_mismatch(const PaymentSnapshot& snapshot) {
  const Options facts{{"amountCents", std::to_string(snapshot.amount_cents)},
                      {"capturedCents", std::to_string(snapshot.captured_cents)},
                      {"reportedCurrency", std::string(snapshot.currency.code())},
                      {"externalId", snapshot.external_id}};
  const auto events = store::list_events(tx_, store_, order_.id);
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
      store::load_checkout_settings(tx_, store_).release_on_decline && is_current();
  if (is_closed_at_once) close(Closing::declined);
}

void Settlement::observe(const PaymentSnapshot& snapshot, const std::string& sealed_secret) {
  if (!matches(snapshot)) return report_mismatch(snapshot);
  const PaymentState before = payment_.state;
  payment_.external_id = snapshot.external_id;
  if (payment_.client_secret.empty()) payment_.client_secret = sealed_secret;
  payment_.authorized_cents = std::max(payment_.authorized_cents, snapshot.authorized_cents);
  if (!is_final(before)) note_decline(snapshot);
  note_capture(snapshot);
  if (snapshot.state == PaymentState::authorized && snapshot.capture_before) {
    payment_.expires_at.reset();  // the processor's own deadline counts
  }
  move_to(snapshot.state);
  if (snapshot.refunds_known) {
    for (const RefundSnapshot& refund : snapshot.refunds) note_refund(refund);
  }
  cancel_once_refunded();
  schedule(payment_.state != before);
}

void Settlement::fail(const Error& why) {
  payment_.decline_message = why.message();
  move_to(PaymentState::failed);
  schedule(true);
}

void Settlement::dispute(const std::string& status) {
  if (status.empty()) return;
  record(EventType::payment_disputed, {{"status", status}});
}

void Settlement::close(Closing reason) {
  if (!payment_.closing || is_cancel(reason)) payment_.closing = reason;
  payment_.next_check_at = now_.plus(kCallMayTake);
}

void Settlement::refund_and_cancel() {
  close(Closing::canceled_by_staff);
  const std::int64_t amount = refundable();
  if (amount > 0) add_pending(EntryKind::refund, amount, "the order was canceled");
  cancel_once_refunded();
  schedule(true);
}

void Settlement::postpone() {
  schedule(false);
  if (!payment_.next_check_at) payment_.next_check_at = now_.plus(kLongestPause);
}

void Settlement::schedule(bool changed) {
  const bool waits = std::any_of(entries_.begin(), entries_.end(), [](const EntryRow& entry) {
    return entry.state == RefundState::pending;
  });
  if (is_final(payment_.state) && !waits) {
    payment_.next_check_at.reset();
    return;
  }
  if (changed) payment_.checks = 0;
  Timestamp next = now_.plus(pause_after(payment_.checks));
  const bool can_expire = payment_.expires_at && !payment_.closing && !is_final(payment_.state);
  if (can_expire) next = std::min(next, *payment_.expires_at);
  payment_.next_check_at = next;
}

// ---- the order follows

// The payment is the one that its order waits for.
bool Settlement::is_current() const {
  return order_.payment_id == payment_.id &&
         (order_.state == OrderState::payment || order_.state == OrderState::confirm);
}

void Settlement::move_to(PaymentState reported) {
  const PaymentState before = payment_.state;
  const auto next = next_state(kPaymentTransitions, before, event_of(reported));
  if (!next || *next == before) return;
  payment_.state = *next;
  switch (*next) {
    case PaymentState::authorized:
      return confirm();
    case PaymentState::captured:
      payment_.closing.reset();  // money was faster
      return is_current() ? complete(OrderEvent::payment_captured) : receive_late_money();
    case PaymentState::failed:
    case PaymentState::voided:
      return end_without_money();
    case PaymentState::created:
    case PaymentState::processing:
    case PaymentState::requires_action:
      return;
  }
}

void Settlement::confirm() {
  record(EventType::payment_authorized,
         {{"amountCents", std::to_string(payment_.authorized_cents)}});
  if (!is_current()) return close(Closing::canceled);
  // Its end is intended and perhaps asked for already: no money was taken yet.
  if (payment_.closing) return;
  order_.state = domain::transition(order_.state, OrderEvent::payment_authorized).value();
  hold_stock_until(tx_, stock_scope(), order_.id.text(), std::nullopt);
  const auto days = store::load_checkout_settings(tx_, store_).payment_due_days;
  if (payment_.expires_at) payment_.expires_at = now_.plus(days * kMicrosPerDay);
}

void Settlement::complete(OrderEvent event) {
  order_.state = domain::transition(order_.state, event).value();
  order_.payment_id = payment_.id;
  order_.completed_at = now_;
  payment_.expires_at.reset();
  commit_stock(tx_, stock_scope(), order_.id.text());
  record(EventType::order_completed, {{"totalCents", std::to_string(order_.total_cents)}});
}

void Settlement::receive_late_money() {
  const bool may_complete =
      next_state(kOrderTransitions, order_.state, OrderEvent::late_money).has_value();
  if (may_complete && reserve_again()) return complete(OrderEvent::late_money);
  const std::int64_t amount = refundable();
  add_pending(EntryKind::refund, amount, "the money came too late");
  record(EventType::late_money_refunded, {{"amountCents", std::to_string(amount)}});
}

bool Settlement::reserve_again() {
  const auto lines = store::load_lines(tx_, store_, order_.id);
  auto coupons = store::load_order_coupons(tx_, store_, order_);
  if (content_hash(order_, lines, coupons) != payment_.content_hash) return false;
  std::vector<Demand> demands;
  for (const store::LineRow& line : lines) {
    demands.push_back({line.id.text(), line.variant_id, line.sku, line.quantity});
  }
  const std::string order_ref = order_.id.text();
  if (reserve_stock(tx_, stock_scope(), order_ref, demands, std::nullopt).has_error()) return false;
  if (take_coupon_uses(tx_, store_, order_, coupons).has_value()) return true;
  release_stock(tx_, stock_scope(), order_ref);
  return false;
}

void Settlement::end_without_money() {
  for (EntryRow& entry : entries_) {
    if (entry.kind != EntryKind::capture || entry.state != RefundState::pending) continue;
    entry.state = RefundState::failed;
    store::save_entry(tx_, store_, entry, now_);
  }
  const bool is_void = payment_.state == PaymentState::voided;
  record(is_void ? EventType::payment_voided : EventType::payment_failed);
  if (!is_current()) return;
  const auto closing = payment_.closing;
  const std::string reason(closing ? name_of(*closing) : is_void ? "voided" : "failed");
  const bool is_canceled = closing && is_cancel(*closing);
  if (is_canceled || order_.state == OrderState::confirm) {
    const OrderEvent event = is_canceled ? OrderEvent::cancel : OrderEvent::authorization_lost;
    return cancel_order(tx_, context_, store_, order_, event, reason, now_);
  }
  const bool is_reopen = closing && *closing == Closing::reopened;
  order_.state =
      domain::transition(order_.state, is_reopen ? OrderEvent::reopen : OrderEvent::payment_closed)
          .value();
  release_stock(tx_, stock_scope(), order_.id.text());
  return_coupon_uses(tx_, store_, order_);
  record(EventType::order_reopened, {{"reason", reason}});
}

// Staff wanted the complete order canceled, and all of its money is on its way back.
void Settlement::cancel_once_refunded() {
  if (payment_.closing != Closing::canceled_by_staff || order_.state != OrderState::complete ||
      order_.payment_id != payment_.id || refundable() > 0) {
    return;
  }
  const bool all_asked = std::all_of(entries_.begin(), entries_.end(), [](const EntryRow& entry) {
    return entry.state != RefundState::pending || !entry.external_id.empty();
  });
  if (!all_asked) return;
  const std::string reason(name_of(*payment_.closing));
  payment_.closing.reset();
  cancel_order(tx_, context_, store_, order_, OrderEvent::cancel, reason, now_);
}

}  // namespace resys::app
