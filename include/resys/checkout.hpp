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
  PaymentMethodId payment_method_id{};
  std::optional<std::string> return_url{};
  std::optional<std::int64_t> accept_total_cents{};  // a price_changed answer's newTotalCents
};

struct PlacedPayment {
  PaymentId id{};
  PaymentState state = PaymentState::created;
  std::string processor{};
  std::string client_secret{};  // for the processor's own form; empty where there is none
  std::int64_t amount_cents = 0;
  Currency currency{};
};

struct Placement {
  Order order{};
  std::optional<PlacedPayment> payment{};  // absent where the total is zero
  std::optional<Timestamp> reservation_expires_at{};
};

struct ReopenOrder {};

// All of it needs a signed-in user, unless the store's guest_checkout is on (else unauthenticated).
class Checkout {
 public:
  explicit Checkout(Context& context) : context_(context) {}

  Result<Order> set_addresses(const Caller& caller, const SetAddresses& request);
  // The methods that serve the order's address and cart, by position.
  Result<Page<ShippingOption>> list_shipping_options(const Caller& caller,
                                                     const ListShippingOptions& request);
  Result<Order> select_shipping_method(const Caller& caller, const SelectShippingMethod& request);
  // Active and completely configured ones, by position.
  Result<Page<OfferedPaymentMethod>> list_payment_methods(const Caller& caller,
                                                          const ListOfferedPaymentMethods& request);
  // Reserves the stock, creates the payment, answers its client secret. In Payment with the same
  // method it answers the payment that exists. Errors that leave the order placed and are to be
  // repeated as they are: processor_unavailable, outcome_unknown. Errors that change nothing:
  // invalid_state, price_changed, coupon_invalid, insufficient_stock, unsupported_currency.
  // payment_declined: the order is back in Delivery.
  Result<Placement> place(const Caller& caller, const PlaceOrder& request);
  // Back to Delivery; only once the processor has confirmed that no money can come. If money was
  // faster the order completes and the answer is invalid_state.
  Result<Order> reopen(const Caller& caller, const ReopenOrder& request);

 private:
  Context& context_;
};

}  // namespace resys
