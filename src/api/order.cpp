// Operations on placed orders, of their owner and of staff.
#include "fields/order.hpp"

#include "api/operation.hpp"

namespace resys::api {

std::vector<Operation> order_operations() {
  return {
      operation("orders.list", "GET /api/storefront/orders", &Orders::list, &Shop::orders,
                Audience::shopper,
                "Lists the orders that the caller has placed, the last placed first.",
                {Errc::unauthenticated}),
      operation("orders.get", "GET /api/storefront/orders/{number}", &Orders::get, &Shop::orders,
                Audience::shopper, "Returns one of the caller's orders.",
                {Errc::unauthenticated, Errc::not_found}),
      operation("orders.cancel", "POST /api/storefront/orders/{number}/cancel", &Orders::cancel,
                &Shop::orders, Audience::shopper,
                "Cancels an order if no money was captured and no bank has authorized any.",
                {Errc::unauthenticated, Errc::not_found, Errc::invalid_state,
                 Errc::processor_unavailable, Errc::outcome_unknown}),
      operation("admin.orders.list", "GET /api/admin/orders", &Orders::list_all, &Shop::orders,
                Audience::staff, "Lists all placed orders, the last placed first."),
      operation("admin.orders.get", "GET /api/admin/orders/{number}", &Orders::get_any,
                &Shop::orders, Audience::staff, "Returns one order.", {Errc::not_found}),
      operation("admin.orders.timeline", "GET /api/admin/orders/{number}/timeline",
                &Orders::timeline, &Shop::orders, Audience::staff,
                "Lists the events of an order, oldest first.", {Errc::not_found}),
      operation("admin.orders.claim", "POST /api/admin/orders/claim", &Orders::claim, &Shop::orders,
                Audience::staff,
                "Gives a user the orders that guests placed with the user's verified email."),
      operation("admin.orders.capture", "POST /api/admin/orders/{number}/capture", &Orders::capture,
                &Shop::orders, Audience::staff, "Captures the whole authorized total.",
                {Errc::not_found, Errc::invalid_state, Errc::payment_declined,
                 Errc::processor_unavailable, Errc::outcome_unknown}),
      operation(
          "admin.orders.refund", "POST /api/admin/orders/{number}/refund", &Orders::refund,
          &Shop::orders, Audience::staff,
          "Refunds all that is left or a part; `cancel` cancels the order, too.",
          {Errc::not_found, Errc::invalid_request, Errc::invalid_state, Errc::unsupported_currency,
           Errc::payment_declined, Errc::processor_unavailable, Errc::outcome_unknown}),
      operation("admin.orders.cancel", "POST /api/admin/orders/{number}/cancel",
                &Orders::cancel_any, &Shop::orders, Audience::staff,
                "Cancels an order that is not shipped: voids or refunds it, and restocks.",
                {Errc::not_found, Errc::invalid_state, Errc::processor_unavailable,
                 Errc::outcome_unknown}),
      operation(
          "admin.orders.markPaid", "POST /api/admin/orders/{number}/mark-paid", &Orders::mark_paid,
          &Shop::orders, Audience::staff,
          "Records that a manual payment was received, in full or in part.",
          {Errc::not_found, Errc::invalid_request, Errc::invalid_state, Errc::unsupported_currency,
           Errc::payment_declined, Errc::processor_unavailable, Errc::outcome_unknown}),
      operation("admin.orders.markRefunded", "POST /api/admin/orders/{number}/mark-refunded",
                &Orders::mark_refunded, &Shop::orders, Audience::staff,
                "Records that staff have made the refunds that were requested of them.",
                {Errc::not_found, Errc::invalid_state}),
      operation("admin.orders.acceptPayment", "POST /api/admin/orders/{number}/accept-payment",
                &Orders::accept_payment, &Shop::orders, Audience::staff,
                "Completes an underpaid order with the amount that was received.",
                {Errc::not_found, Errc::invalid_state, Errc::processor_unavailable,
                 Errc::outcome_unknown}),
      operation("admin.orders.requestPayment", "POST /api/admin/orders/{number}/request-payment",
                &Orders::request_payment, &Shop::orders, Audience::staff,
                "Asks the shopper by email for the missing amount, as a further payment.",
                {Errc::not_found, Errc::invalid_state, Errc::unsupported_currency,
                 Errc::payment_declined, Errc::processor_unavailable, Errc::outcome_unknown}),
      operation("admin.orders.ship", "POST /api/admin/orders/{number}/ship", &Orders::ship,
                &Shop::orders, Audience::staff, "Ships the whole order.",
                {Errc::not_found, Errc::invalid_state}),
  };
}

}  // namespace resys::api
