// Operations on placed orders, of their owner and of staff.
#include "order/fields.hpp"

#include "api/operation.hpp"
#include "order/explanation_fields.hpp"

namespace resys::api {
namespace {

// The errors of operations that may void a payment.
constexpr std::initializer_list<Errc> kVoidErrors{
    Errc::not_found, Errc::invalid_state, Errc::processor_unavailable, Errc::outcome_unknown};
// The errors of operations that move an amount of money, or record it.
constexpr std::initializer_list<Errc> kAmountErrors{
    Errc::not_found,        Errc::invalid_request,
    Errc::invalid_state,    Errc::unsupported_currency,
    Errc::payment_declined, Errc::processor_unavailable,
    Errc::outcome_unknown};

}  // namespace

std::vector<Operation> order_operations() {
  return {
      row<&Shop::orders>("orders.list", "GET /api/storefront/orders", &Orders::list,
                         "Lists the orders that the caller has placed, the last placed first.",
                         {Errc::unauthenticated}),
      row<&Shop::orders>("orders.get", "GET /api/storefront/orders/{number}", &Orders::get,
                         "Returns one of the caller's orders.",
                         {Errc::unauthenticated, Errc::not_found}),
      row<&Shop::orders>("orders.explain", "GET /api/storefront/orders/{number}/explain",
                         &Orders::explain,
                         "Explains the total of one of the caller's orders, step by step.",
                         {Errc::unauthenticated, Errc::not_found}),
      row<&Shop::orders>(
          "orders.cancel", "POST /api/storefront/orders/{number}/cancel", &Orders::cancel,
          "Cancels an order if no money was captured and no bank has authorized any.",
          {Errc::unauthenticated, Errc::not_found, Errc::invalid_state, Errc::processor_unavailable,
           Errc::outcome_unknown}),
  };
}

std::vector<Operation> admin_order_operations() {
  return {
      row<&Admin::orders>("admin.orders.list", "GET /api/admin/orders", &AdminOrders::list,
                          "Lists all placed orders, the last placed first."),
      row<&Admin::orders>("admin.orders.get", "GET /api/admin/orders/{number}", &AdminOrders::get,
                          "Returns one order.", {Errc::not_found}),
      row<&Admin::orders>("admin.orders.explain", "GET /api/admin/orders/{number}/explain",
                          &AdminOrders::explain, "Explains the total of an order, step by step.",
                          {Errc::not_found}),
      row<&Admin::orders>("admin.orders.getTimeline", "GET /api/admin/orders/{number}/timeline",
                          &AdminOrders::get_timeline, "Lists the events of an order, oldest first.",
                          {Errc::not_found}),
      row<&Admin::orders>(
          "admin.orders.claim", "POST /api/admin/orders/claim", &AdminOrders::claim,
          "Gives a user the orders that guests placed with the user's verified email."),
      row<&Admin::orders>("admin.orders.capture", "POST /api/admin/orders/{number}/capture",
                          &AdminOrders::capture, "Captures the whole authorized total.",
                          {Errc::not_found, Errc::invalid_state, Errc::payment_declined,
                           Errc::processor_unavailable, Errc::outcome_unknown}),
      row<&Admin::orders>(
          "admin.orders.refund", "POST /api/admin/orders/{number}/refund", &AdminOrders::refund,
          "Refunds all that is left or a part; `cancel` cancels the order, too.", kAmountErrors),
      row<&Admin::orders>(
          "admin.orders.cancel", "POST /api/admin/orders/{number}/cancel", &AdminOrders::cancel,
          "Cancels an order that is not shipped: voids or refunds it, and restocks.", kVoidErrors),
      row<&Admin::orders>("admin.orders.markPaid", "POST /api/admin/orders/{number}/mark-paid",
                          &AdminOrders::mark_paid,
                          "Records that a manual payment was received, in full or in part.",
                          kAmountErrors),
      row<&Admin::orders>("admin.orders.markRefunded",
                          "POST /api/admin/orders/{number}/mark-refunded",
                          &AdminOrders::mark_refunded,
                          "Records that staff have made the refunds that were requested of them.",
                          {Errc::not_found, Errc::invalid_state}),
      row<&Admin::orders>(
          "admin.orders.acceptPayment", "POST /api/admin/orders/{number}/accept-payment",
          &AdminOrders::accept_payment,
          "Completes an underpaid order with the amount that was received.", kVoidErrors),
      row<&Admin::orders>(
          "admin.orders.requestPayment", "POST /api/admin/orders/{number}/request-payment",
          &AdminOrders::request_payment,
          "Asks the shopper by email for the missing amount, as a further payment.",
          {Errc::not_found, Errc::invalid_state, Errc::unsupported_currency, Errc::payment_declined,
           Errc::processor_unavailable, Errc::outcome_unknown}),
      row<&Admin::orders>("admin.orders.ship", "POST /api/admin/orders/{number}/ship",
                          &AdminOrders::ship, "Ships the whole order.",
                          {Errc::not_found, Errc::invalid_state}),
  };
}

}  // namespace resys::api
