// Operations on placed orders, of their owner and of staff.
#include "fields/order.hpp"

#include "api/operation.hpp"

namespace resys::api {

std::vector<Operation> order_operations() {
  return {
      operation("orders.list", "GET /api/storefront/orders", &Orders::list, &Shop::orders,
                Audience::shopper, "Lists the orders the caller has placed, newest first.",
                {Errc::unauthenticated}),
      operation("orders.get", "GET /api/storefront/orders/{number}", &Orders::get, &Shop::orders,
                Audience::shopper, "Answers one order.", {Errc::unauthenticated, Errc::not_found}),
      operation("orders.cancel", "POST /api/storefront/orders/{number}/cancel", &Orders::cancel,
                &Shop::orders, Audience::shopper,
                "Cancels an order that is neither paid nor authorized.",
                {Errc::unauthenticated, Errc::not_found, Errc::invalid_state,
                 Errc::processor_unavailable, Errc::outcome_unknown}),
      operation("admin.orders.list", "GET /api/admin/orders", &Orders::list_all, &Shop::orders,
                Audience::staff, "Lists all orders, newest first."),
      operation("admin.orders.get", "GET /api/admin/orders/{number}", &Orders::get_any,
                &Shop::orders, Audience::staff, "Answers one order.", {Errc::not_found}),
      operation("admin.orders.timeline", "GET /api/admin/orders/{number}/timeline",
                &Orders::timeline, &Shop::orders, Audience::staff,
                "Lists what happened to an order, oldest first.", {Errc::not_found}),
      operation("admin.orders.capture", "POST /api/admin/orders/{number}/capture", &Orders::capture,
                &Shop::orders, Audience::staff, "Takes the whole authorized total.",
                {Errc::not_found, Errc::invalid_state, Errc::payment_declined,
                 Errc::processor_unavailable, Errc::outcome_unknown}),
      operation("admin.orders.refund", "POST /api/admin/orders/{number}/refund", &Orders::refund,
                &Shop::orders, Audience::staff,
                "Gives money back, all that is left or a part of it.",
                {Errc::not_found, Errc::invalid_state, Errc::processor_unavailable,
                 Errc::outcome_unknown}),
      operation("admin.orders.cancel", "POST /api/admin/orders/{number}/cancel",
                &Orders::cancel_any, &Shop::orders, Audience::staff,
                "Cancels an order that is not shipped: voids or refunds, and gives the stock back.",
                {Errc::not_found, Errc::invalid_state, Errc::processor_unavailable,
                 Errc::outcome_unknown}),
      operation("admin.orders.markPaid", "POST /api/admin/orders/{number}/mark-paid",
                &Orders::mark_paid, &Shop::orders, Audience::staff,
                "Records that the money of a manual payment has arrived.",
                {Errc::not_found, Errc::invalid_state}),
      operation("admin.orders.ship", "POST /api/admin/orders/{number}/ship", &Orders::ship,
                &Shop::orders, Audience::staff, "Ships the whole order.",
                {Errc::not_found, Errc::invalid_state}),
  };
}

}  // namespace resys::api
