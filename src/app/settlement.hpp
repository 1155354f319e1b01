// One transaction's work on a payment. It locks the order's root row, records the news of the
// payment, and moves the order accordingly. Responses, webhooks and background work all come
// through here, so they lead to the same end in any sequence and any number:
//
//   payment created..authorized    the order waits (Payment), or is as good as paid (Confirm)
//   the order's money is complete  the order is complete; a late payment completes it or is
//   refunded money came, but not enough     the order waits in Confirm for staff, or for the rest
//   payment failed, voided         the order is open again (Delivery), or waits in Confirm for
//                                  another payment, or is canceled
//
// An order may have several payments. One of them is current (the order's payment_id): the newest,
// or the one that completed the order. What was paid is the money of all of them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/context.hpp"
#include "app/stock.hpp"
#include "resys/settings.hpp"
#include "store/order.hpp"
#include "store/payment.hpp"

namespace resys::app {

// The time that a caller has to carry out what it has decided. After that, background work does it.
inline constexpr std::int64_t kCallMayTake = kMicrosPerMinute;

// Takes one use of each of the order's coupons that gives a discount; coupon_invalid, and nothing
// is taken, if one is used up. The customer is the user, or the guest's e-mail address.
Result<void> take_coupon_uses(const Scope& scope, const store::OrderRow& row,
                              std::vector<store::OrderCouponRow>& coupons);
void return_coupon_uses(const Scope& scope, const store::OrderRow& order);

// Cancels the order, and returns its stock and its coupon uses. The caller saves the row.
void cancel_order(const Scope& scope, store::OrderRow& order, OrderEvent event, Options facts);

// The due date of a payment that an order in Confirm begins to wait for now.
Timestamp payment_deadline(const CheckoutSettings& settings, Timestamp now);

// Whether the payment has ended, without money (failed, voided) or with it (captured).
bool is_final(PaymentState state);
// What one payment's entries have captured, and what of it can still be refunded. Pending refunds
// count as refunded, failed ones do not.
std::int64_t captured_of(const std::vector<store::EntryRow>& entries);
std::int64_t refundable_of(const std::vector<store::EntryRow>& entries);
// Whether the order is to be canceled with the payment, even if money has to be refunded first.
// While the payment is the order's current one, the order is on its way to Canceled. Until the
// cancel is done or given up, nothing new begins on the order, and other money that comes in is
// refunded.
bool is_cancel(const store::PaymentRow& payment);
// Whether this is a manual refund that follows from a cancel or a deadline. It is pending until
// staff report that they have sent the money. A refund that staff request directly counts as sent
// at once.
bool waits_to_be_sent(const store::PaymentRow& payment, const store::EntryRow& entry);
inline constexpr const char* kCanceling = "the order is being canceled";

class Settlement {
 public:
  // Locks the payment's order. not_found if there is no such payment.
  static Result<Settlement> lock(const Scope& scope, const PaymentId& payment);

  store::PaymentRow& payment() { return payment_; }
  const store::OrderRow& order() const { return order_; }
  Timestamp now() const { return scope_.now; }
  const std::vector<store::EntryRow>& entries() const { return entries_; }
  // The entries that this transaction has added.
  std::vector<store::EntryRow> added_entries() const;
  // What this payment has captured, less its refunds. Pending refunds count, failed ones do not.
  std::int64_t refundable() const;
  // The same for all payments of the order.
  std::int64_t paid();
  // The part of the order's total that is not paid yet.
  std::int64_t missing() { return order_.total_cents - paid(); }

  // Records what the processor reports about the payment. `sealed_secret` is its client secret,
  // sealed.
  void observe(const PaymentSnapshot& snapshot, const std::string& sealed_secret);
  // Records what the processor reports about a refund that was requested.
  void observe(const store::EntryRow& refund, const RefundSnapshot& snapshot);
  // Fails the payment: the processor has refused it for good, or certainly has not made it.
  void fail(const Error& why);
  // Records that the processor has refused a capture or a refund for good.
  void refuse(const store::EntryRow& entry, const Error& why);
  // Records that the payment is to be ended. An earlier reason stays, unless a person cancels the
  // order now.
  void close(store::Closing reason, const store::ActorRef& actor);
  // The same for an order whose current payment has already ended. All of the order's money is
  // refunded, and then the order is canceled.
  void refund_and_cancel(store::Closing reason, const std::string& refund_reason,
                         const store::ActorRef& actor);
  // Completes an order that is only partly paid, and waives the missing amount.
  void accept(const std::string& reason, const store::ActorRef& actor);
  // Acts on the payment's deadline if it has passed: the payment is to be ended, or the order is to
  // be canceled.
  void expire();
  // Adds a capture or a refund that is still to be made.
  PaymentEntryId add_pending(store::EntryKind kind, std::int64_t amount_cents,
                             const std::string& reason, const store::ActorRef& actor);
  // The capture that is pending; null if none is.
  const store::EntryRow* pending_capture() const;
  // Returns the pending capture, or adds one of `amount_cents` (absent: of all that is left).
  PaymentEntryId require_capture(std::optional<std::int64_t> amount_cents,
                                 const store::ActorRef& actor);
  // Records that staff have sent the refunds that wait to be sent. Returns false if there are none.
  bool mark_refunded(const store::ActorRef& actor);
  // Asks the shopper for the money of this payment.
  void request_money(const store::ActorRef& actor);
  // Schedules another look at the payment, because this one has found out nothing.
  void postpone();

  // Whether the order is being canceled.
  bool is_order_canceling();
  // Whether the payment is open, no capture is pending or done, and no bank has promised the money.
  bool awaits_money() const;
  // Gives up the deadline, which the payment that follows takes over.
  void hand_over();

  // Writes the payment's row, and the order's if it has changed. All other rows are written at
  // once.
  void save();

 private:
  struct Other {
    store::PaymentRow payment;
    std::vector<store::EntryRow> entries;
  };

  Settlement(const Scope& scope, store::OrderRow order, store::PaymentRow payment);

  // settlement.cpp: the rows, and the news about them
  PaymentEntryId add_pending_to(store::PaymentRow& payment, std::vector<store::EntryRow>& entries,
                                store::EntryRow entry);
  std::vector<Other>& others();
  std::int64_t captured() const;
  bool is_about_this(const PaymentSnapshot& snapshot) const;
  bool is_as_asked(const PaymentSnapshot& snapshot) const;
  void record(EventType type, Options facts = {},
              const store::ActorRef& actor = {Actor::processor, {}});
  void record_of(const PaymentId& payment, EventType type, Options facts,
                 const store::ActorRef& actor);
  void report_mismatch(const PaymentSnapshot& snapshot);
  void note_decline(const PaymentSnapshot& snapshot);
  bool note_capture(const PaymentSnapshot& snapshot);
  void note_refunds(const PaymentSnapshot& snapshot);
  void note_refund(const RefundSnapshot& refund);
  void note_dispute(const std::string& status);
  void set_refund(store::EntryRow& entry, const RefundSnapshot& refund);
  void record_refund(EventType type, const store::EntryRow& entry, const store::ActorRef& actor);
  void drop_captures();
  void schedule(bool changed);
  void schedule(store::PaymentRow& payment, const std::vector<store::EntryRow>& entries) const;

  // order_follows.cpp: what happens to the order
  bool is_current() const;
  bool is_placed() const;
  void move_to(PaymentState state);
  void confirm();
  void money_came(const PaymentSnapshot& snapshot, bool was_open, bool was_counted);
  void come_short(const PaymentSnapshot& snapshot);
  void note_excess();
  void complete_if_paid();
  void complete(OrderEvent event);
  void end_others();
  void receive_late_money(const PaymentSnapshot& snapshot);
  void give_back_rest();
  bool reserve_again();
  void end_without_money(bool was_authorized);
  void end_in_confirm(const std::string& reason, bool was_authorized);
  void give_back_all(const std::string& reason, const store::ActorRef& actor);
  void cancel_once_refunded();
  void give_up_cancel();
  void withdraw_refunds(const store::PaymentRow& payment, std::vector<store::EntryRow>& entries);
  void await_payment(store::PaymentRow& current);
  void keep_waiting(store::PaymentRow& current, const std::vector<store::EntryRow>& entries);
  bool was_requested() const;

  const Scope scope_;  // the actor is the shop itself: movements of stock follow from the payment
  store::OrderRow order_;
  const store::OrderRow order_before_;
  store::PaymentRow payment_;
  const bool was_unnamed_;  // the processor had given no id yet
  std::vector<store::EntryRow> entries_;
  const std::size_t loaded_entries_;
  std::optional<std::vector<Other>> others_;           // loaded on first use
  store::ActorRef captured_by_{Actor::processor, {}};  // who made the newest capture
};

}  // namespace resys::app
