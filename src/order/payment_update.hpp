// What follows from news of a payment, for the payment and its order. Pure: rows and a snapshot go
// in, changed rows and effects come out. No SQL, no port. locked_payment.hpp loads the rows and
// writes what has changed. Responses, webhooks and background work all come through here, so they
// lead to the same end in any sequence and any number:
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

#include "base/id_source.hpp"
#include "order/row.hpp"
#include "payment/row.hpp"
#include "resys/processor.hpp"
#include "resys/settings.hpp"

namespace resys::app {

// ---- what is known

// The time that a caller has to carry out what it has decided. After that, background work does it.
inline constexpr std::int64_t kCallMayTake = kMicrosPerMinute;
inline constexpr const char* kCanceling = "the order is being canceled";

// Whether the payment has ended, without money (failed, voided) or with it (captured).
bool is_final(PaymentState state);
// What one payment's entries have captured, and what of it can still be refunded. Pending refunds
// count as refunded, failed ones do not.
std::int64_t captured_of(const std::vector<rows::EntryRow>& entries);
std::int64_t refundable_of(const std::vector<rows::EntryRow>& entries);
// Whether the order is to be canceled with the payment, even if money has to be refunded first.
// While the payment is the order's current one, the order is on its way to Canceled. Until the
// cancel is done or given up, nothing new begins on the order, and other money that comes in is
// refunded.
bool is_cancel(const rows::PaymentRow& payment);
// The actor of the movements by which an order gives its stock back. A shopper is the order's user.
rows::ActorRef restock_actor(const rows::OrderRow& order, const rows::ActorRef& actor);
// The due date of a payment that an order in Confirm begins to wait for now.
Timestamp payment_deadline(const CheckoutSettings& settings, Timestamp now);
// Whether this is a manual refund that follows from a cancel or a deadline. It is pending until
// staff report that they have sent the money. A refund that staff request directly counts as sent
// at once.
bool waits_to_be_sent(const rows::PaymentRow& payment, const rows::EntryRow& entry);

// A payment with its captures and refunds, in the order in which they were made.
struct PaymentBook {
  rows::PaymentRow row;
  std::vector<rows::EntryRow> entries;

  bool operator==(const PaymentBook&) const = default;
};

// All that is known of an order's money.
struct PaymentBooks {
  rows::OrderRow order;
  PaymentBook payment;              // whose news it is
  std::vector<PaymentBook> others;  // the order's other payments, oldest first
  bool is_shipped = false;
  CheckoutSettings settings{};
};

// ---- the next call

enum class Ask {
  if_needed,  // only what was decided: create, cancel, capture, refund
  anyway,     // and fetch if nothing was decided
};

enum class CallKind { none, give_up, create, capture, cancel, refund, fetch };

// What a payment needs next. `entry` is of a capture or a refund, else null.
struct NextCall {
  CallKind kind = CallKind::none;
  const rows::EntryRow* entry = nullptr;
};
NextCall next_call(const rows::PaymentRow& payment, const std::vector<rows::EntryRow>& entries,
                   Ask ask, Timestamp now);

// Whether a create without a response is given up: its end was decided before anybody asked for it,
// or the processor may have forgotten its idempotency key (Stripe keeps keys for 24 hours).
bool will_never_be_made(const rows::PaymentRow& payment, Timestamp now);

// ---- what follows

// What is to happen beside the changes of the rows, in this order.
struct Effect {
  enum class Kind {
    record,         // the event
    record_once,    // the event, unless the order has it already
    request_money,  // the event, if the method has instructions and it was not requested before
    hold_stock,     // without a deadline
    commit_stock,
    release_stock,
    restock,
    return_promotions,
  };
  Kind kind = Kind::record;
  rows::ActorRef actor{};
  EventType type = EventType::payment_requested;
  Pairs facts{};
};

class PaymentUpdate {
 public:
  PaymentUpdate(PaymentBooks books, Timestamp now, domain::IdSource& ids);

  rows::PaymentRow& payment() { return own_.row; }
  const rows::PaymentRow& payment() const { return own_.row; }
  rows::OrderRow& order() { return order_; }
  const rows::OrderRow& order() const { return order_; }
  const std::vector<rows::EntryRow>& entries() const { return own_.entries; }
  const CheckoutSettings& settings() const { return before_.settings; }
  // The entries that this update has added.
  std::vector<rows::EntryRow> added_entries() const;
  // What this payment has captured, less its refunds. Pending refunds count, failed ones do not.
  std::int64_t refundable() const { return refundable_of(own_.entries); }
  // The same for all payments of the order.
  std::int64_t paid() const;
  // The part of the order's total that is not paid yet.
  std::int64_t missing() const { return order_.total_cents - paid(); }
  // The capture that is pending; null if none is.
  const rows::EntryRow* pending_capture() const;
  // Whether the order is being canceled.
  bool is_order_canceling() const;
  // Whether the payment is open, no capture is pending or done, and no bank has promised the money.
  bool awaits_money() const;

  // Records what the processor reports about the payment. `sealed_secret` is its client secret,
  // sealed. `is_taken`: another payment has the report's external id.
  void apply_snapshot(const PaymentSnapshot& snapshot, const std::string& sealed_secret,
                      bool is_taken = false);
  // Whether a late payment completes the order, which takes its stock and uses of promotions again.
  // Where that is not possible, the update is made once more from the same books, after
  // refuse_late_payment().
  bool needs_stock_again() const { return needs_stock_again_; }
  void refuse_late_payment() { may_complete_late_ = false; }
  // Records what the processor reports about a refund that was requested.
  void apply_refund(const rows::EntryRow& refund, const RefundSnapshot& snapshot);
  // Fails the payment: the processor has refused it for good, or certainly has not made it.
  void fail(const Error& why);
  // Records that the processor has refused a capture or a refund for good.
  void refuse(const rows::EntryRow& entry, const Error& why);
  // Records that the payment is to be ended. An earlier reason stays, unless a person cancels the
  // order now.
  void request_void(rows::VoidReason reason, const rows::ActorRef& actor);
  // The same for an order whose current payment has already ended. All of the order's money is
  // refunded, and then the order is canceled.
  void refund_and_cancel(rows::VoidReason reason, const std::string& refund_reason,
                         const rows::ActorRef& actor);
  // Completes an order that is only partly paid, and waives the missing amount.
  void accept(const std::string& reason, const rows::ActorRef& actor);
  // Acts on the payment's deadline if it has passed: the payment is to be ended, or the order is to
  // be canceled.
  void expire();
  // Adds a capture or a refund that is still to be made: its kind, amount, reason and actor. A
  // refund of pieces also has their tax; any other has its share of the order's tax.
  PaymentEntryId add_pending(rows::EntryRow entry);
  // Returns the pending capture, or adds one of `amount_cents` (absent: of all that is left).
  PaymentEntryId require_capture(std::optional<std::int64_t> amount_cents,
                                 const rows::ActorRef& actor);
  // Records that staff have sent the refunds that wait to be sent. Returns false if there are none.
  bool mark_refunded(const rows::ActorRef& actor);
  // Asks the shopper for the money of this payment.
  void request_money(const rows::ActorRef& actor);
  // Schedules another look at the payment, because this one has found out nothing.
  void postpone();
  // Gives up the deadline, which the payment that follows takes over.
  void hand_over();

  // ---- what is to be written: see locked_payment.hpp

  const PaymentBooks& before() const { return before_; }
  const PaymentBook& book() const { return own_; }
  const std::vector<PaymentBook>& others() const { return others_; }
  const std::vector<Effect>& effects() const { return effects_; }

 private:
  // payment_update.cpp: the news of the payment
  PaymentEntryId add_pending_to(PaymentBook& book, rows::EntryRow entry);
  std::int64_t captured() const { return captured_of(own_.entries); }
  bool is_about_this(const PaymentSnapshot& snapshot, bool is_taken) const;
  bool is_as_asked(const PaymentSnapshot& snapshot) const;
  void record(EventType type, Pairs facts = {},
              const rows::ActorRef& actor = {Actor::processor, {}});
  void record_of(const PaymentId& payment, EventType type, Pairs facts,
                 const rows::ActorRef& actor);
  void record_as(Effect::Kind kind, EventType type, Pairs facts, const rows::ActorRef& actor);
  Pairs about(const PaymentId& payment, Pairs facts) const;
  Pairs request_facts() const;
  void report_mismatch(const PaymentSnapshot& snapshot);
  void note_decline(const PaymentSnapshot& snapshot);
  bool note_capture(const PaymentSnapshot& snapshot);
  void note_refunds(const PaymentSnapshot& snapshot);
  void note_refund(const RefundSnapshot& refund);
  void note_dispute(const std::string& status);
  void set_refund(rows::EntryRow& entry, const RefundSnapshot& refund);
  void record_refund(EventType type, const rows::EntryRow& entry, const rows::ActorRef& actor);
  struct Kept {
    std::int64_t cents = 0;
    std::int64_t tax_cents = 0;
  };
  Kept kept_without(const rows::EntryRow& refund) const;
  std::int64_t tax_of_refund(const rows::EntryRow& refund) const;
  void drop_captures();
  void schedule(bool changed);
  void schedule(PaymentBook& book) const;

  // order_follows.cpp: what happens to the order
  PaymentBook* current();
  bool is_current() const;
  bool is_placed() const;
  void move_to(PaymentState state);
  void confirm();
  void receive_money(const PaymentSnapshot& snapshot, bool was_open, bool was_counted);
  void receive_short_payment(const PaymentSnapshot& snapshot);
  void note_excess();
  void complete_if_paid();
  void complete(OrderEvent event);
  void end_others();
  void receive_late_payment(const PaymentSnapshot& snapshot);
  void refund_rest();
  void end_without_money(bool was_authorized);
  void end_in_confirm(const std::string& reason, bool was_authorized);
  void cancel_order(OrderEvent event, Pairs facts, const rows::ActorRef& actor);
  void refund_all(const std::string& reason, const rows::ActorRef& actor);
  void cancel_once_refunded();
  void give_up_cancel();
  void withdraw_refunds(PaymentBook& book);
  void await_payment(rows::PaymentRow& row) const;
  void keep_waiting(PaymentBook& book);
  void affect(Effect::Kind kind, const rows::ActorRef& actor = {});

  PaymentBooks before_;
  rows::OrderRow order_;
  PaymentBook own_;
  std::vector<PaymentBook> others_;
  Timestamp now_;
  domain::IdSource* ids_;
  std::vector<Effect> effects_;
  rows::ActorRef captured_by_{Actor::processor, {}};  // who made the newest capture
  bool may_complete_late_ = true;
  bool needs_stock_again_ = false;
};

}  // namespace resys::app
