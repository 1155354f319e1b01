// One transaction's work on a payment: the order's root row is locked, news of the payment is
// written, and the order follows. Answers, webhooks and due work all come through here, so any
// order and any number of them leads to the same end:
//
//   payment created..authorized    the order waits (Payment), or is as good as paid (Confirm)
//   payment captured               the order is complete; late money completes it or goes back
//   payment failed, voided         the order is open again (Delivery), or canceled
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/context.hpp"
#include "app/stock.hpp"
#include "store/order.hpp"
#include "store/payment.hpp"

namespace resys::app {

// How long whoever wrote an intention has to carry it out, before due work takes it up.
inline constexpr std::int64_t kCallMayTake = kMicrosPerMinute;

// What an order holds, as a hash: late money completes an order only if it is as it was placed.
std::string content_hash(const store::OrderRow& row, const std::vector<store::LineRow>& lines,
                         const std::vector<store::OrderCouponRow>& coupons);

// Takes one use of each of the order's coupons that gives a discount; coupon_invalid, and nothing
// is taken, if one is used up. The customer is the user, or the guest's e-mail address.
Result<void> take_coupon_uses(db::Transaction& tx, std::string_view store,
                              const store::OrderRow& row,
                              std::vector<store::OrderCouponRow>& coupons);
void return_coupon_uses(db::Transaction& tx, std::string_view store, const store::OrderRow& order);

// Leads to Canceled: the stock and the coupon uses go back. The row is for the caller to save.
void cancel_order(db::Transaction& tx, const Context& context, std::string_view store,
                  store::OrderRow& order, OrderEvent event, const std::string& reason,
                  Timestamp now);

// Without money (failed, voided) or with it (captured).
bool is_final(PaymentState state);

class Settlement {
 public:
  // Locks the payment's order. not_found if there is no such payment.
  static Result<Settlement> lock(db::Transaction& tx, const Context& context,
                                 std::string_view store, const PaymentId& payment, Timestamp now);

  store::PaymentRow& payment() { return payment_; }
  const store::OrderRow& order() const { return order_; }
  const std::vector<store::EntryRow>& entries() const { return entries_; }
  // Those that this transaction has decided on.
  std::vector<store::EntryRow> added_entries() const;
  // Captured less refunded; pending refunds count, failed ones do not.
  std::int64_t refundable() const;

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
  void close(store::Closing reason);
  // The same for a complete order: all its money goes back, and then it is canceled.
  void refund_and_cancel();
  // A capture or refund that is to be made.
  PaymentEntryId add_pending(store::EntryKind kind, std::int64_t amount_cents,
                             const std::string& reason);
  // The capture of all of it that is pending, else a new one.
  PaymentEntryId require_capture();
  void dispute(const std::string& status);
  // Nothing was found out: asked again later.
  void postpone();

  // Writes the payment's row, and the order's if it was moved; what hangs on them is written at
  // once.
  void save();

 private:
  Settlement(db::Transaction& tx, const Context& context, std::string_view store, Timestamp now,
             store::OrderRow order, store::PaymentRow payment);

  std::int64_t captured() const;
  bool matches(const PaymentSnapshot& snapshot) const;
  bool is_current() const;
  void record(EventType type, Options facts = {});
  void report_mismatch(const PaymentSnapshot& snapshot);
  void note_decline(const PaymentSnapshot& snapshot);
  void note_capture(const PaymentSnapshot& snapshot);
  void note_refund(const RefundSnapshot& refund);
  void set_refund(store::EntryRow& entry, const RefundSnapshot& refund);
  void move_to(PaymentState state);
  void confirm();
  void complete(OrderEvent event);
  void receive_late_money();
  bool reserve_again();
  void end_without_money();
  void cancel_once_refunded();
  void schedule(bool changed);
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
};

}  // namespace resys::app
