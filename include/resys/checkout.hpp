// From cart to paid order: addresses, shipping, payment.
//
// Example: a signed-in user with a filled cart. The client secret goes to the processor's own form.
//
//   std::string check_out(resys::Checkout& checkout, const resys::AddressInput& home) {
//     const resys::Caller ada{.user_id = "ada", .idempotency_key = "place-4711"};
//     checkout.set_addresses(ada, {.shipping_address = home}).value();  // value() throws errors
//     const auto shipping = checkout.list_shipping_methods(ada).value().items;
//     checkout.select_shipping_method(ada, {.shipping_method_id = shipping.at(0).id}).value();
//     const auto methods = checkout.list_payment_methods(ada).value().items;
//     resys::PlaceOrder request{.payment_method_id = methods.at(0).id};
//     auto placed = checkout.place_order(ada, request);
//     if (!placed && placed.error().code() == resys::Errc::price_changed) {
//       request.accept_total_cents = placed.error().fact("newTotalCents", 0);  // ask first
//       placed = checkout.place_order(ada, request);
//     }
//     const auto& payment = placed.value().payment;
//     return payment ? payment->client_secret : "";  // none: the total was zero
//   }
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
  // Of a business that buys, instead of the one in its record (Customer::tax_id); empty: none.
  // Absent: as before. Its form and check digits are those of its country, as in UpdateCustomer.
  std::optional<std::string> tax_id{};
};

struct ListOfferedShippingMethods {};

struct OfferedShippingMethod {
  ShippingMethodId id{};
  std::string name{};
  std::int64_t price_cents = 0;  // for this cart, in minor units of its currency
};

struct SelectShippingMethod {
  ShippingMethodId shipping_method_id{};
};

struct ListOfferedPaymentMethods {};

struct PlaceOrder {
  std::optional<PaymentMethodId> payment_method_id{};  // needed unless the total is zero
  // Where the processor sends the shopper back to, if it leads away from the page.
  std::optional<std::string> return_url{};
  std::optional<std::int64_t> accept_total_cents{};  // price_changed's `newTotalCents`
  std::optional<Currency> currency{};                // of accept_total_cents, if said: the order's
};

struct PlacedPayment {
  PaymentId id{};
  PaymentState state = PaymentState::created;
  std::string processor{};  // its name: "stripe"
  // For the processor's own form; empty where there is none, and once the payment has ended.
  std::string client_secret{};
  std::int64_t amount_cents = 0;  // asked for, in minor units of `currency`
  Currency currency{};
  std::string instructions{};         // how to pay; the reference is the order's number
  std::optional<Timestamp> due_at{};  // until when the payment is awaited
};

struct Placement {
  Order order{};
  std::optional<PlacedPayment> payment{};  // absent where the total is zero
  // Until when the stock is held for the payment; absent unless the order is in Payment.
  std::optional<Timestamp> reservation_expires_at{};
};

struct ReopenOrder {};

struct PayOrder {
  std::string number{};  // or the order's id
  PaymentMethodId payment_method_id{};
  std::optional<std::string> return_url{};  // as PlaceOrder's
};

// Leads the caller's open order from Cart over Address and Delivery to Payment. All but pay_order()
// need a signed-in user, unless the store's guest_checkout is on (else unauthenticated).
//
// Place, reopen and pay call the payment processor between two transactions. What the first one has
// written stays if the second does not come: background work (Shop::run_due_work) carries it on.
class Checkout {
 public:
  explicit Checkout(Context& context) : context_(context) {}

  // In Cart, Address or Delivery, with at least one line. Leads to Address; an earlier shipping
  // choice is dropped. A tax id is looked up in ShopOptions::tax_id_registry first, as in
  // AdminCustomers::update; if the registry cannot say, the id is taken. not_found: the address is
  // not in the user's book. invalid_request: the country's rules refuse it (customer.hpp), a guest
  // has left the e-mail address out, or the tax id is malformed or not registered. An error leaves
  // the order as it was.
  // Errors: unauthenticated, not_found, invalid_state.
  Result<Order> set_addresses(const Caller& caller, const SetAddresses& request);
  // In Address or Delivery. Lists the methods that serve the order's address and cart, by position.
  // Errors: unauthenticated, invalid_state, too_large.
  Result<Page<OfferedShippingMethod>> list_shipping_methods(
      const Caller& caller, const ListOfferedShippingMethods& request = {});
  // In Address or Delivery. Leads to Delivery, with the price of this moment. invalid_state: the
  // method does not serve the order's address or currency. An error leaves the order as it was.
  // Errors: unauthenticated, not_found, invalid_state.
  Result<Order> select_shipping_method(const Caller& caller, const SelectShippingMethod& request);
  // In any state. Lists active and completely configured methods, by position. Once the total is
  // known (from Delivery on), only those that take it.
  // Errors: unauthenticated.
  Result<Page<OfferedPaymentMethod>> list_payment_methods(
      const Caller& caller, const ListOfferedPaymentMethods& request = {});
  // In Delivery: reserves the stock, takes the uses of discount codes, creates the payment and
  // returns its client secret. Leads to Payment; on to Confirm if the processor authorizes at once
  // (manual); to Complete if the total is zero. In Payment, with the same method: returns the
  // payment that exists. invalid_state: any other state, another method in Payment, an empty order,
  // more unpaid units than the store's max_unpaid_units, or a problem of the cart (the fact
  // `reason` is the CartProblem).
  //
  // These change nothing: unauthenticated, not_found (the payment method), invalid_state,
  // price_changed (each line old and new, and `newTotalCents` to accept it by), insufficient_stock,
  // coupon_invalid, unsupported_currency (the method does not take this amount). If the processor
  // refuses the payment, mostly as payment_declined, the order is back in Delivery and holds no
  // stock.
  //
  // processor_unavailable and outcome_unknown leave the order in Payment with its stock. Repeat the
  // call as it is; background work asks the processor meanwhile, until the reservation expires.
  // Errors: unauthenticated, not_found, invalid_state, price_changed, insufficient_stock,
  // coupon_invalid, unsupported_currency, payment_declined, processor_unavailable, outcome_unknown.
  Result<Placement> place_order(const Caller& caller, const PlaceOrder& request);
  // In Payment: ends the payment and leads back to Delivery, but only once the processor has
  // confirmed that no money can come. invalid_state: no order is in Payment, or it is being
  // canceled, or the money was faster: then the order completes.
  //
  // processor_unavailable (also while the bank is still at it) and outcome_unknown: the order stays
  // in Payment with its stock. The intention stays, and background work goes on.
  // Errors: unauthenticated, invalid_state, processor_unavailable, outcome_unknown.
  Result<Order> reopen(const Caller& caller, const ReopenOrder& request = {});
  // A further payment of the caller's placed order that awaits its money (Confirm): by another
  // method while nothing has come, or of what is missing where money came short. The open payment
  // ends first; with its method, that payment is returned. invalid_state: the order awaits no
  // money, is being canceled, was paid too often, or the money was faster.
  //
  // Until the order's deadline it may be tried again: the order stays in Confirm. After
  // payment_declined the new payment has ended. After processor_unavailable and outcome_unknown
  // what was begun stays, the end of the open payment or the new one, and background work goes on.
  // Errors: unauthenticated, not_found, invalid_state, unsupported_currency, payment_declined,
  // processor_unavailable, outcome_unknown.
  Result<Placement> pay_order(const Caller& caller, const PayOrder& request);

 private:
  Context& context_;
};

}  // namespace resys
