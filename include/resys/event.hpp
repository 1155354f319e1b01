// Events: rows written in the transaction of their cause, told to handlers after it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "resys/common.hpp"
#include "resys/state_machine.hpp"

namespace resys {

class Shop;

enum class EventType {
  order_placed,
  order_completed,
  order_canceled,
  order_reopened,  // or its payment has ended: it is in Delivery again
  order_shipped,
  order_claimed,  // a guest's order is a user's now
  stock_lost,     // staff wrote down a loss: units that it held wait for stock; it is not paid yet
  cart_merged,
  payment_declined,  // one attempt
  payment_authorized,
  external_payment_captured,
  payment_voided,
  payment_failed,
  payment_refunded,
  refund_requested,  // of a canceled order's money by hand: staff are to send it
  refund_failed,
  late_payment_refunded,  // captured after the stock was gone; refunded by itself
  payment_mismatch,       // amount or currency are not what was asked for; nothing was completed
  payment_requested,  // the shopper is to pay, by the method's instructions or on the order's page
  payment_short,      // less money came than was asked for: the order waits for staff or the rest
  payment_excess,     // more money was kept than the order costs
  payment_accepted,   // staff were content with less
  payment_disputed,   // status: what has become of the dispute; a later one may follow any
};
template <>
struct EnumNames<EventType> {
  static constexpr std::string_view type = "EventType";
  static constexpr std::array<std::string_view, 23> names{"OrderPlaced",
                                                          "OrderCompleted",
                                                          "OrderCanceled",
                                                          "OrderReopened",
                                                          "OrderShipped",
                                                          "OrderClaimed",
                                                          "StockLost",
                                                          "CartMerged",
                                                          "PaymentDeclined",
                                                          "PaymentAuthorized",
                                                          "ExternalPaymentCaptured",
                                                          "PaymentVoided",
                                                          "PaymentFailed",
                                                          "PaymentRefunded",
                                                          "RefundRequested",
                                                          "RefundFailed",
                                                          "LatePaymentRefunded",
                                                          "PaymentMismatch",
                                                          "PaymentRequested",
                                                          "PaymentShort",
                                                          "PaymentExcess",
                                                          "PaymentAccepted",
                                                          "PaymentDisputed"};
};

// Who caused an event. `processor`: the payment processor told of it unasked. `shop`: the clock, or
// a rule of the shop.
enum class Actor { shop, shopper, staff, processor };
template <>
struct EnumNames<Actor> {
  static constexpr std::string_view type = "Actor";
  static constexpr std::array<std::string_view, 4> names{"shop", "shopper", "staff", "processor"};
};

// Number, user and e-mail address are the order's at the moment of reading: they are not kept with
// the event.
struct Event {
  EventId id{};
  EventType type = EventType::order_placed;
  OrderId order_id{};
  std::string order_number{};  // empty: of a cart that was never placed
  std::string user_id{};       // whose order it is; empty: a guest's
  std::string email{};         // empty: none is known
  Actor actor = Actor::shop;
  std::string actor_id{};     // the user id of the shopper or the member of staff; empty: none
  std::int64_t sequence = 0;  // 1, 2, 3 ... per order
  Pairs facts{};              // {"amountCents","1999"}: never a secret
  Timestamp created_at{};
};

// A handler runs after the commit, at least once per event, in sequence per order, on the thread
// that runs due work (a Worker's for events). An error, or what it throws, is retried with back-off
// and its message shown to staff; after 12 attempts the delivery is dead until staff retry it. One
// that takes more than a minute is taken for crashed and may run again meanwhile. After one that
// took five seconds or more the handler's events come last, and only one thread of the process
// waits for it: all else goes on. The mails of all stores are one handler in this.
struct EventHandler {
  std::string name{};              // stored with each delivery: keep it stable
  std::vector<EventType> types{};  // which events; empty: all
  std::function<Result<void>(Shop& shop, const std::string& store, const Event& event)> handle;
};

// A delivery that succeeded is no longer listed; the event itself stays in its order's timeline.
enum class DeliveryState { pending, dead };
template <>
struct EnumNames<DeliveryState> {
  static constexpr std::string_view type = "DeliveryState";
  static constexpr std::array<std::string_view, 2> names{"pending", "dead"};
};

struct EventDelivery {
  Event event{};
  std::string handler{};
  DeliveryState state = DeliveryState::pending;
  std::int64_t attempts = 0;  // counted when they begin
  std::string last_error{};
  // Absent if it is dead, or waits until the handler was told of the order's earlier events.
  std::optional<Timestamp> next_attempt_at{};
};

struct ListEvents {
  std::optional<DeliveryState> state{};  // absent: all
  std::int64_t limit = 50;
  std::optional<std::string> after{};
};

struct RetryEvent {
  EventId event_id{};
};

struct RetriedEvent {
  std::int64_t deliveries = 0;  // that were dead and are due now
};

// Staff. What handlers could not be told yet. The events of an order are in
// AdminOrders::get_timeline.
class AdminEvents {
 public:
  explicit AdminEvents(Context& context) : context_(context) {}

  // Lists the deliveries that have not succeeded, newest event first.
  // Errors: none of its own.
  Result<Page<EventDelivery>> list(const Caller& caller, const ListEvents& request = {});
  // Makes an event's dead deliveries due now; background work makes them. not_found also once every
  // handler was told of it.
  // Errors: not_found.
  Result<RetriedEvent> retry(const Caller& caller, const RetryEvent& request);

 private:
  Context& context_;
};

}  // namespace resys
