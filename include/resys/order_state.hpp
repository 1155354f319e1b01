// The order's machine: which event leads from which state to which. Guards and effects are
// beside the functions that cause the events (cart.hpp, checkout.hpp, order.hpp, payment.hpp).
#pragma once

#include "resys/state_machine.hpp"

namespace resys {

// cart, address, delivery and payment are the open states: a shopper has at most one open order per
// store.
enum class OrderState {
  cart,      // it is being filled; it has no addresses, or they were taken away
  address,   // it has addresses; a shipping method is still to be chosen
  delivery,  // it can be placed; also what a payment that came to nothing leaves
  payment,   // placed: the stock is held until its payment's deadline, and money is awaited
  confirm,   // the money is promised, or has come in part; staff capture, mark, ask or accept it
  complete,  // paid: it can be shipped, refunded or canceled
  canceled,  // it has ended, and what was paid goes back
  merged     // a guest's cart that has gone into the user's
};
template <>
struct EnumNames<OrderState> {
  static constexpr std::string_view type = "OrderState";
  static constexpr std::array<std::string_view, 8> names{
      "Cart", "Address", "Delivery", "Payment", "Confirm", "Complete", "Canceled", "Merged"};
};

enum class OrderEvent {
  change_items,  // add, change or remove a line; enter or remove a code
  set_addresses,
  select_shipping,
  place,
  place_again,       // the payment that exists is returned again
  attempt_declined,  // one card was refused; the payment is still open
  payment_ended,     // refused for good, canceled or expired
  payment_authorized,
  payment_captured,
  payment_short,         // money came, but less than the total
  payment_accepted,      // and staff are content with it
  pay,                   // a further payment begins
  late_payment,          // captured after the reservation was released, and stock reserves again
  late_payment_refused,  // captured after the release, and refunded by itself
  authorization_lost,    // or the payment's due date has passed
  reopen,
  cancel,
  ship,
  merge,  // into the user's cart
};
template <>
struct EnumNames<OrderEvent> {
  static constexpr std::string_view type = "OrderEvent";
  static constexpr std::array<std::string_view, 19> names{"changeItems",
                                                          "setAddresses",
                                                          "selectShipping",
                                                          "place",
                                                          "placeAgain",
                                                          "attemptDeclined",
                                                          "paymentEnded",
                                                          "paymentAuthorized",
                                                          "paymentCaptured",
                                                          "paymentShort",
                                                          "paymentAccepted",
                                                          "pay",
                                                          "latePayment",
                                                          "latePaymentRefused",
                                                          "authorizationLost",
                                                          "reopen",
                                                          "cancel",
                                                          "ship",
                                                          "merge"};
};

inline constexpr Transition<OrderState, OrderEvent> kOrderTransitions[] = {
    {OrderState::cart, OrderEvent::change_items, OrderState::cart},
    {OrderState::address, OrderEvent::change_items, OrderState::address},
    {OrderState::delivery, OrderEvent::change_items, OrderState::delivery},
    {OrderState::cart, OrderEvent::set_addresses, OrderState::address},
    {OrderState::address, OrderEvent::set_addresses, OrderState::address},
    {OrderState::delivery, OrderEvent::set_addresses, OrderState::address},
    {OrderState::address, OrderEvent::select_shipping, OrderState::delivery},
    {OrderState::delivery, OrderEvent::select_shipping, OrderState::delivery},
    {OrderState::delivery, OrderEvent::place, OrderState::payment},
    {OrderState::payment, OrderEvent::place_again, OrderState::payment},
    {OrderState::payment, OrderEvent::attempt_declined, OrderState::payment},
    {OrderState::payment, OrderEvent::payment_ended, OrderState::delivery},
    {OrderState::payment, OrderEvent::payment_authorized, OrderState::confirm},
    {OrderState::payment, OrderEvent::payment_captured, OrderState::complete},
    {OrderState::confirm, OrderEvent::payment_captured, OrderState::complete},
    {OrderState::payment, OrderEvent::payment_short, OrderState::confirm},
    {OrderState::confirm, OrderEvent::payment_short, OrderState::confirm},
    {OrderState::confirm, OrderEvent::payment_accepted, OrderState::complete},
    {OrderState::confirm, OrderEvent::pay, OrderState::confirm},
    {OrderState::confirm, OrderEvent::payment_authorized, OrderState::confirm},
    {OrderState::cart, OrderEvent::late_payment, OrderState::complete},
    {OrderState::address, OrderEvent::late_payment, OrderState::complete},
    {OrderState::delivery, OrderEvent::late_payment, OrderState::complete},
    {OrderState::cart, OrderEvent::late_payment_refused, OrderState::cart},
    {OrderState::address, OrderEvent::late_payment_refused, OrderState::address},
    {OrderState::delivery, OrderEvent::late_payment_refused, OrderState::delivery},
    {OrderState::canceled, OrderEvent::late_payment_refused, OrderState::canceled},
    {OrderState::confirm, OrderEvent::authorization_lost, OrderState::canceled},
    {OrderState::payment, OrderEvent::reopen, OrderState::delivery},
    {OrderState::cart, OrderEvent::cancel, OrderState::canceled},
    {OrderState::address, OrderEvent::cancel, OrderState::canceled},
    {OrderState::delivery, OrderEvent::cancel, OrderState::canceled},
    {OrderState::payment, OrderEvent::cancel, OrderState::canceled},
    {OrderState::confirm, OrderEvent::cancel, OrderState::canceled},
    {OrderState::complete, OrderEvent::cancel, OrderState::canceled},
    {OrderState::confirm, OrderEvent::ship, OrderState::confirm},
    {OrderState::complete, OrderEvent::ship, OrderState::complete},
    {OrderState::cart, OrderEvent::merge, OrderState::merged},
    {OrderState::address, OrderEvent::merge, OrderState::merged},
    {OrderState::delivery, OrderEvent::merge, OrderState::merged},
};
static_assert(deterministic(kOrderTransitions) &&
              all_reachable(kOrderTransitions, OrderState::cart));

}  // namespace resys
