// Placed orders.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "resys/cart.hpp"
#include "resys/customer.hpp"
#include "resys/event.hpp"
#include "resys/explanation.hpp"
#include "resys/payment.hpp"
#include "resys/refund.hpp"

namespace resys {

struct OrderShipment {
  ShippingMethodId shipping_method_id{};
  std::string name{};                                 // of the method when it was chosen
  std::int64_t price_cents = 0;                       // when it was chosen
  std::optional<std::int64_t> current_price_cents{};  // only where it has changed since
  // Goods for so much more would make it free, by the method's `free_over_cents`. Absent: it is
  // free, there is no such amount, or the order is placed.
  std::optional<std::int64_t> free_over_missing_cents{};
  std::vector<TaxLine> tax_lines{};
  std::string tracking_number{};  // empty until shipped
  std::string carrier{};
  std::optional<Timestamp> shipped_at{};
};

// Derived from captures and refunds, never stored.
enum class PaymentStatus {
  none,
  pending,
  authorized,
  partially_paid,
  paid,
  partially_refunded,
  refunded
};
template <>
struct EnumNames<PaymentStatus> {
  static constexpr std::string_view type = "PaymentStatus";
  static constexpr std::array<std::string_view, 7> names{
      "none", "pending", "authorized", "partiallyPaid", "paid", "partiallyRefunded", "refunded"};
};

// Derived from inventory units. none: there is nothing to send; returned: all of it was sent and
// has come back.
enum class FulfillmentStatus { none, unfulfilled, shipped, returned };
template <>
struct EnumNames<FulfillmentStatus> {
  static constexpr std::string_view type = "FulfillmentStatus";
  static constexpr std::array<std::string_view, 4> names{"none", "unfulfilled", "shipped",
                                                         "returned"};
};

// A cart's fields and what came after.
struct Order : Cart {
  std::string number{};   // random and unguessable, made by the first placing; empty before
  std::string user_id{};  // whose it is; empty: a guest's
  std::string email{};
  std::string tax_id{};  // of a business that buys; empty: none was given
  // What the TaxCalculator that found the taxes calls its answer; empty: the store's rates apply.
  std::string tax_calculation_id{};
  std::optional<Address> shipping_address{};
  std::optional<Address> billing_address{};
  std::optional<OrderShipment> shipment{};
  std::vector<OrderPayment> payments{};  // oldest first
  std::vector<OrderRefund> refunds{};    // oldest first
  std::int64_t paid_cents = 0;           // taken and not given back, of all payments
  std::int64_t missing_cents = 0;        // still to be paid; 0 unless in Payment or Confirm
  // What staff are to send back by hand, and then to mark (AdminOrders::mark_refunded).
  std::int64_t refund_requested_cents = 0;
  // Until when it is awaited: then the order is opened again (Payment) or canceled (Confirm).
  std::optional<Timestamp> payment_due_at{};
  PaymentStatus payment_status = PaymentStatus::none;
  FulfillmentStatus fulfillment_status = FulfillmentStatus::none;
  // Of the newest placing: lists are in its order. Absent in a cart. A placing that ends without
  // money (reopened, refused, expired) makes the order a cart again and clears it; an order for
  // which money came, also too late, keeps it.
  std::optional<Timestamp> placed_at{};
  std::optional<Timestamp> completed_at{};
};

struct ListOrders {
  std::int64_t limit = 50;
  std::optional<std::string> after{};
};

struct OrderRef {
  std::string number{};  // or the order's id, as events carry it; so in all requests below
};

// How many lines of orders a page of a search looks at, at most.
inline constexpr std::int64_t kMaxSearchedLines = 20'000;

struct ListAllOrders {
  std::optional<OrderState> state{};
  // Words, all of which are found in the order: parts of its number, its e-mail address, the names,
  // company, city and postal code of its addresses, or its products' names and SKUs as they were
  // placed. Case and marks do not matter: "muller" finds "Müller". A number or an e-mail address
  // that is whole finds that one only.
  std::optional<std::string> q{};
  std::optional<std::string> user_id{};  // only that user's
  std::int64_t limit = 50;
  std::optional<std::string> after{};
};

struct MarkOrderPaid {
  std::string number{};
  // What has come, less or more than was asked for; absent: all that was asked for.
  std::optional<std::int64_t> amount_cents{};
  std::optional<Currency> currency{};  // of amount_cents, if said: the order's
};

struct MarkOrderRefunded {
  std::string number{};
};

struct AcceptPayment {
  std::string number{};
  std::optional<std::string> reason{};  // for the timeline
};

struct RequestPayment {
  std::string number{};
  std::optional<PaymentMethodId> payment_method_id{};  // absent: as it was paid before
};

struct ShipOrder {
  std::string number{};
  std::string tracking_number{};  // as the carrier gave it; needed
  std::optional<std::string> carrier{};
  bool ship_unpaid = false;  // also if all the money was given back
};

struct ClaimOrders {
  std::string user_id{};
  std::string email{};  // in any case
};

struct ClaimedOrders {
  std::vector<std::string> numbers{};  // newest first, at most kMaxClaimedOrders
  bool more = false;                   // a further call will find some
};

struct Timeline {
  std::vector<Event> items{};  // oldest first
};

// What holds for Orders and AdminOrders. An order that does not exist, belongs to another shopper
// (Orders), or was never placed is not_found.
//
// Functions that move money call the processor between two transactions. After
// processor_unavailable and outcome_unknown what was asked for stays written down: background work
// (Shop::run_due_work) repeats it until the processor's answer is definite. So does the same call
// with the same idempotency key. After any other error the order is as before, unless the comment
// says otherwise.

// For the shopper who placed them.
class Orders {
 public:
  explicit Orders(Context& context) : context_(context) {}

  // Lists the caller's placed orders, by when they were placed, newest first. One that is a cart
  // again is not among them until it is placed again; get() still finds it by its number.
  // Errors: unauthenticated.
  Result<Page<Order>> list(const Caller& caller, const ListOrders& request = {});
  // Returns one of the caller's own.
  // Errors: unauthenticated, not_found.
  Result<Order> get(const Caller& caller, const OrderRef& request);
  // Returns how the total of one of the caller's own came about, and what was paid of it.
  // Errors: unauthenticated, not_found.
  Result<OrderExplanation> explain(const Caller& caller, const OrderRef& request);
  // While nothing has come and no bank has promised anything; else invalid_state. An open payment
  // ends first. If the money was faster, the order completes and the error is invalid_state.
  // Errors: unauthenticated, not_found, invalid_state, processor_unavailable, outcome_unknown.
  Result<Order> cancel(const Caller& caller, const OrderRef& request);

 private:
  Context& context_;
};

// Staff. All orders of the store.
class AdminOrders {
 public:
  explicit AdminOrders(Context& context) : context_(context) {}

  // Lists placed orders as Orders::list does. With `q` a page ends after kMaxSearchedLines: it may
  // hold fewer than `limit`, or none, though more are found from its `next_after` on.
  // Errors: none of its own.
  Result<Page<Order>> list(const Caller& caller, const ListAllOrders& request = {});
  // Returns one of them.
  // Errors: not_found.
  Result<Order> get(const Caller& caller, const OrderRef& request);
  // Returns how the total of one of them came about, and what was paid of it.
  // Errors: not_found.
  Result<OrderExplanation> explain(const Caller& caller, const OrderRef& request);
  // In Confirm, with an authorized payment: takes the whole total. Leads to Complete.
  // payment_declined: the processor refused; the order stays in Confirm.
  // Errors: not_found, invalid_state, payment_declined, processor_unavailable, outcome_unknown.
  Result<Order> capture(const Caller& caller, const OrderRef& request);
  // In any state with money left to give back, else invalid_state; the state stays, unless
  // `cancel` is set: then it is cancel(). More than captured less refunded (pending refunds
  // count) is invalid_request with the facts, and so are more pieces than are left of a line, and
  // an amount that the processor cannot give back to the cent. Of an amount, the part that is tax
  // is its share of the order's tax. With several payments, what was paid beside the order's own
  // goes back first. What goes back by hand counts as sent. A refund that the processor refuses has
  // failed (event RefundFailed), and its money is left to give back again.
  // Errors: not_found, invalid_request, invalid_state, unsupported_currency, payment_declined,
  // processor_unavailable, outcome_unknown.
  Result<Order> refund(const Caller& caller, const RefundOrder& request);
  // Anything not shipped: voids, or else refunds, and gives the stock back. invalid_state if the
  // processor refuses the refund: the order is as before. If the processor cannot be reached the
  // intention stays: until it has ended the order cannot be paid, shipped or accepted, and money
  // that comes goes back, unless the open payment itself is paid in full first. Money by hand is
  // for staff to send (mark_refunded).
  // Errors: not_found, invalid_state, processor_unavailable, outcome_unknown.
  Result<Order> cancel(const Caller& caller, const OrderRef& request);
  // In Confirm: the money of a manual payment has arrived, or a part of it. Also of an order whose
  // payment has ended while money is missing, if it ever had a manual payment: what has come is a
  // further one. Otherwise it is asked for first (request_payment). In Complete and Canceled, with
  // `amount_cents`: money that came too late; it is for staff to send back (mark_refunded).
  // Errors: not_found, invalid_request, invalid_state, unsupported_currency, payment_declined,
  // processor_unavailable, outcome_unknown.
  Result<Order> mark_paid(const Caller& caller, const MarkOrderPaid& request);
  // Staff have sent back, by hand, what a cancel or a missed deadline has left to them: all of
  // `refund_requested_cents`. invalid_state if that is 0.
  // Errors: not_found, invalid_state.
  Result<Order> mark_refunded(const Caller& caller, const MarkOrderRefunded& request);
  // In Confirm, where money came short (`missing_cents` > 0): completes the order with what came.
  // An open payment ends first; after processor_unavailable and outcome_unknown only its end stays
  // asked for, and the call is to be repeated. invalid_state also where nothing came or the rest
  // was faster.
  // Errors: not_found, invalid_state, processor_unavailable, outcome_unknown.
  Result<Order> accept_payment(const Caller& caller, const AcceptPayment& request);
  // In Confirm: asks the shopper by mail for what is missing, by a further payment, or, if one of
  // that method is open, once more for that one. What an error leaves is as with
  // Checkout::pay_order.
  // Errors: not_found, invalid_state, unsupported_currency, payment_declined,
  // processor_unavailable, outcome_unknown.
  Result<Order> request_payment(const Caller& caller, const RequestPayment& request);
  // In Complete, or in Confirm with a manual payment that may come later; once, and all of it.
  // invalid_state also if units are backordered, or if all the money was given back, unless
  // `ship_unpaid`.
  // Errors: not_found, invalid_state.
  Result<Order> ship(const Caller& caller, const ShipOrder& request);
  // Gives a user the orders that guests have placed with an e-mail address. The host calls it once
  // it has verified that the address is the user's; it must never rest on a claim alone. An order
  // in Payment stays the guest's until this is called again.
  // Errors: none of its own.
  Result<ClaimedOrders> claim(const Caller& caller, const ClaimOrders& request);
  // Returns what happened to the order, as far as events are kept (CheckoutSettings::event_days).
  // Errors: not_found.
  Result<Timeline> get_timeline(const Caller& caller, const OrderRef& request);

 private:
  Context& context_;
};

}  // namespace resys
