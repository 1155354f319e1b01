// Placed orders, for their owner and for staff.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "resys/cart.hpp"
#include "resys/customer.hpp"
#include "resys/event.hpp"
#include "resys/payment.hpp"

namespace resys {

struct OrderShipment {
  ShippingMethodId shipping_method_id{};
  std::string name{};
  std::int64_t price_cents = 0;
  std::string tracking_number{};  // empty until shipped
  std::string carrier{};
  std::optional<Timestamp> shipped_at{};
};

struct OrderPayment {
  PaymentId id{};
  PaymentState state = PaymentState::created;
  std::string processor{};
  std::int64_t amount_cents = 0;
  std::int64_t captured_cents = 0;
  std::int64_t refunded_cents = 0;
  std::int64_t refund_pending_cents = 0;
};

// Derived from captures and refunds, never stored.
enum class PaymentStatus { none, pending, authorized, paid, partially_refunded, refunded };
template <>
struct EnumNames<PaymentStatus> {
  static constexpr std::string_view type = "PaymentStatus";
  static constexpr std::array<std::string_view, 6> names{"none", "pending",           "authorized",
                                                         "paid", "partiallyRefunded", "refunded"};
};

// Derived from inventory units.
enum class FulfillmentStatus { none, unfulfilled, shipped, returned };
template <>
struct EnumNames<FulfillmentStatus> {
  static constexpr std::string_view type = "FulfillmentStatus";
  static constexpr std::array<std::string_view, 4> names{"none", "unfulfilled", "shipped",
                                                         "returned"};
};

// A cart's fields and what came after.
struct Order : Cart {
  std::string number{};  // random and unguessable, made by the first placing; empty before
  std::string email{};
  std::optional<Address> shipping_address{};
  std::optional<Address> billing_address{};
  std::optional<OrderShipment> shipment{};
  std::vector<OrderPayment> payments{};  // oldest first
  PaymentStatus payment_status = PaymentStatus::none;
  FulfillmentStatus fulfillment_status = FulfillmentStatus::none;
  std::optional<Timestamp> placed_at{};
  std::optional<Timestamp> completed_at{};
};

struct ListOrders {
  std::int64_t limit = 50;
  std::optional<std::string> after{};
};

struct OrderRef {
  std::string number{};
};

struct ListAllOrders {
  std::optional<OrderState> state{};
  // An e-mail address, or the beginning of one or of a number, in any case.
  std::optional<std::string> q{};
  std::int64_t limit = 50;
  std::optional<std::string> after{};
};

struct RefundOrder {
  std::string number{};
  std::optional<std::int64_t> amount_cents{};  // absent: all that is left
  std::optional<std::string> reason{};
};

struct ShipOrder {
  std::string number{};
  std::string tracking_number{};
  std::optional<std::string> carrier{};
};

struct Timeline {
  std::vector<Event> items{};  // oldest first
};

class Orders {
 public:
  explicit Orders(Context& context) : context_(context) {}

  // The caller's placed orders, newest first.
  Result<Page<Order>> list(const Caller& caller, const ListOrders& request);
  Result<Order> get(const Caller& caller, const OrderRef& request);
  // Until it is paid or authorized. If the processor has taken the money meanwhile the order
  // completes and the answer is invalid_state.
  Result<Order> cancel(const Caller& caller, const OrderRef& request);

  // Staff. Newest first.
  Result<Page<Order>> list_all(const Caller& caller, const ListAllOrders& request);
  Result<Order> get_any(const Caller& caller, const OrderRef& request);
  // Takes the whole authorized total.
  Result<Order> capture(const Caller& caller, const OrderRef& request);
  // More than captured less refunded (pending ones count) is invalid_request with the facts.
  Result<Order> refund(const Caller& caller, const RefundOrder& request);
  // Anything not shipped: voids, or else refunds, and gives the stock back.
  Result<Order> cancel_any(const Caller& caller, const OrderRef& request);
  // The money of a manual payment has arrived.
  Result<Order> mark_paid(const Caller& caller, const OrderRef& request);
  Result<Order> ship(const Caller& caller, const ShipOrder& request);
  Result<Timeline> timeline(const Caller& caller, const OrderRef& request);

 private:
  Context& context_;
};

}  // namespace resys
