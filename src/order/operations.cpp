// Operations on placed orders, of their owner and of staff.
#include "order/fields.hpp"

#include "api/operation.hpp"

namespace resys::api {
namespace {

using Row = Rows<&Shop::orders>;

}  // namespace

std::vector<Operation> order_operations() {
  return {
      Row::shopper("orders.list", "GET /api/storefront/orders", &Orders::list,
                   "Lists the orders that the caller has placed, the last placed first.",
                   {Errc::unauthenticated}),
      Row::shopper("orders.get", "GET /api/storefront/orders/{number}", &Orders::get,
                   "Returns one of the caller's orders.", {Errc::unauthenticated, Errc::not_found}),
      Row::shopper("orders.cancel", "POST /api/storefront/orders/{number}/cancel", &Orders::cancel,
                   "Cancels an order if no money was captured and no bank has authorized any.",
                   {Errc::unauthenticated, Errc::not_found, Errc::invalid_state,
                    Errc::processor_unavailable, Errc::outcome_unknown}),
      Row::staff("admin.orders.list", "GET /api/admin/orders", &Orders::list_all,
                 "Lists all placed orders, the last placed first."),
      Row::staff("admin.orders.get", "GET /api/admin/orders/{number}", &Orders::get_any,
                 "Returns one order.", {Errc::not_found}),
      Row::staff("admin.orders.timeline", "GET /api/admin/orders/{number}/timeline",
                 &Orders::timeline, "Lists the events of an order, oldest first.",
                 {Errc::not_found}),
      Row::staff("admin.orders.claim", "POST /api/admin/orders/claim", &Orders::claim,
                 "Gives a user the orders that guests placed with the user's verified email."),
      Row::staff("admin.orders.capture", "POST /api/admin/orders/{number}/capture",
                 &Orders::capture, "Captures the whole authorized total.",
                 {Errc::not_found, Errc::invalid_state, Errc::payment_declined,
                  Errc::processor_unavailable, Errc::outcome_unknown}),
      Row::staff(
          "admin.orders.refund", "POST /api/admin/orders/{number}/refund", &Orders::refund,
          "Refunds all that is left or a part; `cancel` cancels the order, too.",
          {Errc::not_found, Errc::invalid_request, Errc::invalid_state, Errc::unsupported_currency,
           Errc::payment_declined, Errc::processor_unavailable, Errc::outcome_unknown}),
      Row::staff("admin.orders.cancel", "POST /api/admin/orders/{number}/cancel",
                 &Orders::cancel_any,
                 "Cancels an order that is not shipped: voids or refunds it, and restocks.",
                 {Errc::not_found, Errc::invalid_state, Errc::processor_unavailable,
                  Errc::outcome_unknown}),
      Row::staff(
          "admin.orders.markPaid", "POST /api/admin/orders/{number}/mark-paid", &Orders::mark_paid,
          "Records that a manual payment was received, in full or in part.",
          {Errc::not_found, Errc::invalid_request, Errc::invalid_state, Errc::unsupported_currency,
           Errc::payment_declined, Errc::processor_unavailable, Errc::outcome_unknown}),
      Row::staff("admin.orders.markRefunded", "POST /api/admin/orders/{number}/mark-refunded",
                 &Orders::mark_refunded,
                 "Records that staff have made the refunds that were requested of them.",
                 {Errc::not_found, Errc::invalid_state}),
      Row::staff("admin.orders.acceptPayment", "POST /api/admin/orders/{number}/accept-payment",
                 &Orders::accept_payment,
                 "Completes an underpaid order with the amount that was received.",
                 {Errc::not_found, Errc::invalid_state, Errc::processor_unavailable,
                  Errc::outcome_unknown}),
      Row::staff("admin.orders.requestPayment", "POST /api/admin/orders/{number}/request-payment",
                 &Orders::request_payment,
                 "Asks the shopper by email for the missing amount, as a further payment.",
                 {Errc::not_found, Errc::invalid_state, Errc::unsupported_currency,
                  Errc::payment_declined, Errc::processor_unavailable, Errc::outcome_unknown}),
      Row::staff("admin.orders.ship", "POST /api/admin/orders/{number}/ship", &Orders::ship,
                 "Ships the whole order.", {Errc::not_found, Errc::invalid_state}),
  };
}

}  // namespace resys::api
