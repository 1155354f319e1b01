// One transaction's work on a payment: the order's root row is locked, news of the payment is
// written, and the order follows. Answers, webhooks and due work all come through here, so any
// order and any number of them leads to the same end:
//
//   payment created..authorized    the order waits (Payment), or is as good as paid (Confirm)
//   the order's money is complete  the order is complete; late money completes it or goes back
//   money came, but not enough     the order waits in Confirm for staff, or for the rest
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

// How long whoever wrote an intention has to carry it out, before due work takes it up.
inline constexpr std::int64_t kCallMayTake = kMicrosPerMinute;

// Takes one use of each of the order's coupons that gives a discount; coupon_invalid, and nothing
// is taken, if one is used up. The customer is the user, or the guest's e-mail address.
Result<void> take_coupon_uses(db::Transaction& tx, std::string_view store,
                              const store::OrderRow& row,
                              std::vector<store::OrderCouponRow>& coupons);
void return_coupon_uses(db::Transaction& tx, std::string_view store, const store::OrderRow& order);

// Leads to Canceled: the stock and the coupon uses go back. The row is for the caller to save.
void cancel_order(db::Transaction& tx, const Context& context, std::string_view store,
                  store::OrderRow& order, OrderEvent event, Options facts,
                  const store::ActorRef& actor, Timestamp now);

// Until when a payment of an order in Confirm is awaited that begins now.
Timestamp payment_deadline(const CheckoutSettings& settings, Timestamp now);

// Without money (failed, voided) or with it (captured).
bool is_final(PaymentState state);
// Of one payment's entries: what was taken, and what of it is left to give back. Pending refunds
// count, failed ones do not.
std::int64_t captured_of(const std::vector<store::EntryRow>& entries);
std::int64_t refundable_of(const std::vector<store::EntryRow>& entries);
// The order is to be canceled with the payment, also where money has to go back first. That is the
// order's end while the payment is its current one: until it has come or was given up, nothing is
// begun on the order, and other money that comes goes back.
bool is_cancel(const store::PaymentRow& payment);
// A refund by hand that follows from a cancel or a deadline: it is pending until staff say that
// they have sent the money. One that staff ask for by itself says so at once.
bool waits_to_be_sent(const store::PaymentRow& payment, const store::EntryRow& entry);
inline constexpr const char* kCanceling = "the order is being canceled";

class Settlement {
 public:
  // Locks the payment's order. not_found if there is no such payment.
  static Result<Settlement> lock(db::Transaction& tx, const Context& context,
                                 std::string_view store, const PaymentId& payment, Timestamp now);

  store::PaymentRow& payment() { return payment_; }
  const store::OrderRow& order() const { return order_; }
  Timestamp now() const { return now_; }
  const std::vector<store::EntryRow>& entries() const { return entries_; }
  // Those that this transaction has decided on.
  std::vector<store::EntryRow> added_entries() const;
  // Of this payment: captured less refunded; pending refunds count, failed ones do not.
  std::int64_t refundable() const;
  // The same of all payments of the order.
  std::int64_t paid();
  // What is still to be paid of the order's total.
  std::int64_t missing() { return order_.total_cents - paid(); }

  // What the processor says of the payment. `sealed_secret` is its client secret, sealed.
  void observe(const PaymentSnapshot& snapshot, const std::string& sealed_secret);
  // What it says of a refund that was asked for.
  void observe(const store::EntryRow& refund, const RefundSnapshot& snapshot);
  // The processor has refused for good to make the payment, or it is certain that none was made.
  void fail(const Error& why);
  // It has refused a capture or a refund for good.
  void refuse(const store::EntryRow& entry, const Error& why);
  // Writes the intention to end the payment. An earlier one stays, unless the order is canceled
  // now.
  void close(store::Closing reason, const store::ActorRef& actor);
  // The same for an order whose current payment has ended: all its money goes back, and then it is
  // canceled.
  void refund_and_cancel(store::Closing reason, const std::string& refund_reason,
                         const store::ActorRef& actor);
  // Completes an order whose money came short: what is missing need not be paid.
  void accept(const std::string& reason, const store::ActorRef& actor);
  // Ends what has its deadline behind it.
  void expire();
  // A capture or refund that is to be made.
  PaymentEntryId add_pending(store::EntryKind kind, std::int64_t amount_cents,
                             const std::string& reason, const store::ActorRef& actor);
  // A capture is under way.
  bool is_capturing() const;
  // The capture that is pending, else a new one, of `amount_cents` or all that is left.
  PaymentEntryId require_capture(std::optional<std::int64_t> amount_cents,
                                 const store::ActorRef& actor);
  // Staff have sent what waits to be sent. False if there is nothing.
  bool mark_refunded(const store::ActorRef& actor);
  // Asks the shopper for the money of this payment.
  void request_money(const store::ActorRef& actor);
  // Nothing was found out: asked again later.
  void postpone();

  // The order is to be canceled, and is not yet.
  bool is_order_canceling();
  // It is open, nothing has come, and no bank has promised anything.
  bool awaits_money() const;
  // Its deadline goes to the payment that follows it.
  void hand_over();

  // Writes the payment's row, and the order's if it was moved; what hangs on them is written at
  // once.
  void save();

 private:
  struct Other {
    store::PaymentRow payment;
    std::vector<store::EntryRow> entries;
  };

  Settlement(db::Transaction& tx, const Context& context, std::string_view store, Timestamp now,
             store::OrderRow order, store::PaymentRow payment);

  // settlement.cpp: the rows, and what is heard of them
  PaymentEntryId add_pending_to(store::PaymentRow& payment, std::vector<store::EntryRow>& entries,
                                store::EntryKind kind, std::int64_t amount_cents,
                                const std::string& reason, const store::ActorRef& actor);
  std::vector<Other>& others();
  std::int64_t captured() const;
  bool is_about_this(const PaymentSnapshot& snapshot) const;
  bool is_as_asked(const PaymentSnapshot& snapshot) const;
  void record(EventType type, Options facts = {},
              const store::ActorRef& actor = {Actor::processor, {}});
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

  // order_follows.cpp: what becomes of the order
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
  StockScope stock_scope() const;

  db::Transaction& tx_;
  const Context& context_;
  const std::string_view store_;
  const Timestamp now_;
  store::OrderRow order_;
  const store::OrderRow order_before_;
  store::PaymentRow payment_;
  const bool was_unnamed_;  // the processor had given no id yet
  std::vector<store::EntryRow> entries_;
  const std::size_t loaded_entries_;
  std::optional<std::vector<Other>> others_;           // loaded when they are asked for
  store::ActorRef captured_by_{Actor::processor, {}};  // of the newest capture
};

}  // namespace resys::app
