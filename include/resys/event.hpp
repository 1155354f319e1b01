// Events: rows written in the transaction of their cause, told to handlers after it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "resys/catalog.hpp"
#include "resys/state_machine.hpp"

namespace resys {

class Shop;

enum class EventType {
  order_placed,
  order_completed,
  order_canceled,
  order_reopened,  // or its payment was closed: it is in Delivery again
  order_shipped,
  cart_merged,
  payment_declined,  // one attempt
  payment_authorized,
  external_payment_captured,
  payment_voided,
  payment_failed,
  payment_refunded,
  refund_failed,
  late_money_refunded,  // captured after the stock was gone; refunded by itself
  payment_mismatch,     // amount or currency are not what was asked for; nothing was completed
  payment_disputed,
};
template <>
struct EnumNames<EventType> {
  static constexpr std::string_view type = "EventType";
  static constexpr std::array<std::string_view, 16> names{
      "OrderPlaced",     "OrderCompleted",    "OrderCanceled",
      "OrderReopened",   "OrderShipped",      "CartMerged",
      "PaymentDeclined", "PaymentAuthorized", "ExternalPaymentCaptured",
      "PaymentVoided",   "PaymentFailed",     "PaymentRefunded",
      "RefundFailed",    "LateMoneyRefunded", "PaymentMismatch",
      "PaymentDisputed"};
};

struct Event {
  EventId id{};
  EventType type = EventType::order_placed;
  OrderId order_id{};
  std::int64_t sequence = 0;  // 1, 2, 3 ... per order
  Options facts{};            // {"amountCents","1999"}: never a secret
  Timestamp created_at{};
};

// A handler runs after the commit, at least once per event, in sequence per order, on the thread
// that runs due work. An error, or what it throws, is retried with back-off and its message shown
// to staff; after 12 attempts the delivery is dead until staff retry it. One that takes more than a
// minute is taken for crashed and may run again meanwhile.
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
  std::int64_t deliveries = 0;
};

// Staff.
class Events {
 public:
  explicit Events(Context& context) : context_(context) {}

  // Oldest first.
  Result<Page<EventDelivery>> list(const Caller& caller, const ListEvents& request);
  // Makes an event's dead deliveries due now. not_found once every handler was told of it.
  Result<RetriedEvent> retry(const Caller& caller, const RetryEvent& request);

 private:
  Context& context_;
};

}  // namespace resys
