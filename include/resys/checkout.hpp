// From cart to paid order: addresses, shipping, payment.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "resys/customer.hpp"
#include "resys/order.hpp"
#include "resys/payment.hpp"

namespace resys {

// Either ids from the user's address book or addresses themselves. Without billing it is the
// shipping address.
struct SetAddresses {
  std::optional<AddressId> shipping_address_id{};
  std::optional<AddressId> billing_address_id{};
  std::optional<AddressInput> shipping_address{};
  std::optional<AddressInput> billing_address{};
  std::optional<std::string> email{};  // a guest must give one
};

struct ListShippingOptions {};

struct ShippingOption {
  ShippingMethodId id{};
  std::string name{};
  std::int64_t price_cents = 0;  // for this cart
};

struct SelectShippingMethod {
  ShippingMethodId shipping_method_id{};
};

struct ListOfferedPaymentMethods {};

struct PlaceOrder {
  std::optional<PaymentMethodId> payment_method_id{};  // needed unless the total is zero
  std::optional<std::string> return_url{};
  std::optional<std::int64_t> accept_total_cents{};  // a price_changed answer's newTotalCents
  std::optional<Currency> currency{};                // of accept_total_cents, if said: the order's
};

struct PlacedPayment {
  PaymentId id{};
  PaymentState state = PaymentState::created;
  std::string processor{};
  // For the processor's own form; empty where there is none, and once the payment has ended.
  std::string client_secret{};
  std::int64_t amount_cents = 0;
  Currency currency{};
  std::string instructions{};         // how to pay; the reference is the order's number
  std::optional<Timestamp> due_at{};  // until when the payment is awaited
};

struct Placement {
  Order order{};
  std::optional<PlacedPayment> payment{};  // absent where the total is zero
  std::optional<Timestamp> reservation_expires_at{};
};

struct ReopenOrder {};

struct PayOrder {
  std::string number{};  // or the order's id
  PaymentMethodId payment_method_id{};
  std::optional<std::string> return_url{};
};

// All of it needs a signed-in user, unless the store's guest_checkout is on (else unauthenticated).
class Checkout {
 public:
  explicit Checkout(Context& context) : context_(context) {}

  Result<Order> set_addresses(const Caller& caller, const SetAddresses& request);
  // The methods that serve the order's address and cart, by position.
  Result<Page<ShippingOption>> list_shipping_options(const Caller& caller,
                                                     const ListShippingOptions& request);
  Result<Order> select_shipping_method(const Caller& caller, const SelectShippingMethod& request);
  // Active and completely configured ones, by position. Once the total is known (from Delivery on),
  // only those that take it.
  Result<Page<OfferedPaymentMethod>> list_payment_methods(const Caller& caller,
                                                          const ListOfferedPaymentMethods& request);
  // Reserves the stock, creates the payment, answers its client secret. In Payment with the same
  // method it answers the payment that exists. Errors that leave the order placed and are to be
  // repeated as they are: processor_unavailable, outcome_unknown. Errors that change nothing:
  // invalid_state, price_changed, coupon_invalid, insufficient_stock, unsupported_currency. What
  // can be known before is in Cart::problems.
  // payment_declined: the order is back in Delivery.
  Result<Placement> place(const Caller& caller, const PlaceOrder& request);
  // Back to Delivery; only once the processor has confirmed that no money can come. If money was
  // faster the order completes and the answer is invalid_state.
  Result<Order> reopen(const Caller& caller, const ReopenOrder& request);
  // A further payment of a placed order that awaits its money (Confirm): by another method while
  // nothing has come, or of what is missing where money came short. The open payment ends first;
  // with its method the answer is that payment. Errors as place; invalid_state if nothing is
  // awaited or the money was faster. Until the order's deadline it may be tried again.
  Result<Placement> pay(const Caller& caller, const PayOrder& request);

 private:
  Context& context_;
};

}  // namespace resys
