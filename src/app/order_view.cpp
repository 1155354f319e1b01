// Orders and carts as callers see them, built from rows.
#include "app/order_view.hpp"

#include "domain/order.hpp"
#include "store/inventory.hpp"
#include "store/order.hpp"
#include "store/payment.hpp"

namespace resys::app {
namespace {

// Fills all of the order that a cart has, too.
Result<store::OrderRow> fill_cart(db::Transaction& tx, std::string_view store, const OrderId& id,
                                  Cart& cart) {
  auto found = store::load_order_row(tx, store, id);
  if (!found) return Error(Errc::not_found, "the cart was abandoned and is cleared");
  store::OrderRow& row = *found;
  cart.id = row.id;
  cart.state = row.state;
  if (row.item_count > 0) cart.currency = row.currency;  // an empty cart takes any
  cart.item_count = row.item_count;
  cart.line_items = store::load_line_items(tx, store, id);
  for (store::OrderCouponRow& coupon : store::load_order_coupons(tx, store, id)) {
    cart.coupons.push_back({std::move(coupon.code), coupon.discount_cents});
  }
  cart.item_total_cents = row.item_total_cents;
  cart.discount_total_cents = row.discount_total_cents;
  cart.shipment_total_cents = row.shipment_total_cents;
  cart.tax_total_cents = row.tax_total_cents;
  cart.total_cents = row.total_cents;
  cart.version = row.version;
  return std::move(row);
}

OrderPayment view_of(const store::PaymentRow& row, const std::vector<store::EntryRow>& entries) {
  OrderPayment payment{.id = row.id,
                       .state = row.state,
                       .processor = row.processor,
                       .amount_cents = row.amount_cents};
  for (const store::EntryRow& entry : entries) {
    const bool succeeded = entry.state == RefundState::succeeded;
    if (entry.kind == store::EntryKind::capture) {
      if (succeeded) payment.captured_cents += entry.amount_cents;
    } else if (succeeded) {
      payment.refunded_cents += entry.amount_cents;
    } else if (entry.state == RefundState::pending) {
      payment.refund_pending_cents += entry.amount_cents;
    }
  }
  return payment;
}

std::optional<OrderShipment> load_shipment(db::Transaction& tx, std::string_view store,
                                           const store::OrderRow& row) {
  if (row.shipping_method_id.empty()) return std::nullopt;
  OrderShipment shipment{.shipping_method_id = row.shipping_method_id,
                         .name = row.shipping_method_name,
                         .price_cents = row.shipment_total_cents};
  if (auto shipped = store::find_shipment(tx, store, row.id)) {
    shipment.tracking_number = std::move(shipped->tracking_number);
    shipment.carrier = std::move(shipped->carrier);
    shipment.shipped_at = shipped->shipped_at;
  }
  return shipment;
}

}  // namespace

Result<Cart> load_cart(db::Transaction& tx, std::string_view store, const OrderId& id) {
  Cart cart;
  RESYS_TRYV(fill_cart(tx, store, id, cart));
  return cart;
}

Result<Order> load_order(db::Transaction& tx, std::string_view store, const OrderId& id) {
  Order order;
  RESYS_TRY(row, fill_cart(tx, store, id, order));
  store::OrderAddresses addresses = store::load_order_addresses(tx, store, id);
  order.shipping_address = std::move(addresses.shipping);
  order.billing_address = std::move(addresses.billing);
  order.shipment = load_shipment(tx, store, row);
  for (const store::PaymentRow& payment : store::load_payments(tx, store, id)) {
    order.payments.push_back(view_of(payment, store::load_entries(tx, store, payment.id)));
  }
  order.payment_status = domain::payment_status(order.payments);
  order.fulfillment_status = domain::fulfillment_status(store::load_units(tx, store, id.text()));
  order.number = std::move(row.number);
  order.email = std::move(row.email);
  order.placed_at = row.placed_at;
  order.completed_at = row.completed_at;
  return order;
}

}  // namespace resys::app
