// Orders and carts as callers see them, built from rows.
#include "app/order_view.hpp"

#include <algorithm>

#include "domain/order.hpp"
#include "store/inventory.hpp"
#include "store/order.hpp"
#include "store/payment.hpp"

namespace resys::app {
namespace {

Result<store::OrderRow> require_row(db::Transaction& tx, std::string_view store,
                                    const OrderId& id) {
  auto row = store::load_order_row(tx, store, id);
  if (!row) return Error(Errc::not_found, "the cart was abandoned and is cleared");
  return std::move(*row);
}

std::vector<InventoryUnit> load_units(db::Transaction& tx, std::string_view store,
                                      const store::OrderRow& row) {
  if (row.placements == 0) return {};
  return store::load_units(tx, store, row.id.text());
}

// What the order itself has reserved is available to it. The items are in the order of their ids.
void add_reserved(std::vector<LineItem>& items, const std::vector<InventoryUnit>& units) {
  for (const InventoryUnit& unit : units) {
    if (unit.state != UnitState::reserved) continue;
    const LineItemId id = LineItemId::parse(unit.line_ref).value();
    const auto item =
        std::lower_bound(items.begin(), items.end(), id,
                         [](const LineItem& each, const LineItemId& to) { return each.id < to; });
    if (item != items.end() && item->id == id) item->available_quantity += unit.quantity;
  }
}

// Fills all of the order that a cart has, too.
void fill_cart(db::Transaction& tx, std::string_view store, const store::OrderRow& row,
               const std::vector<store::OrderCouponRow>& coupons,
               const std::vector<InventoryUnit>& units, Cart& cart) {
  cart.id = row.id;
  cart.state = row.state;
  if (row.item_count > 0) cart.currency = row.currency;  // an empty cart takes any
  cart.item_count = row.item_count;
  cart.line_items = store::load_line_items(tx, store, row.id);
  add_reserved(cart.line_items, units);
  for (const store::OrderCouponRow& each : coupons) {
    cart.coupons.push_back({each.coupon.code, each.discount_cents});
  }
  cart.item_total_cents = row.item_total_cents;
  cart.discount_total_cents = row.discount_total_cents;
  cart.shipment_total_cents = row.shipment_total_cents;
  cart.tax_total_cents = row.tax_total_cents;
  cart.total_cents = row.total_cents;
  cart.version = row.version;
}

// `entries`: those of all the order's payments.
OrderPayment view_of(const store::PaymentRow& row, const std::vector<store::EntryRow>& entries) {
  OrderPayment payment{.id = row.id,
                       .state = row.state,
                       .processor = row.processor,
                       .amount_cents = row.amount_cents};
  for (const store::EntryRow& entry : entries) {
    if (entry.payment_id != row.id) continue;
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
  if (row.placements == 0) return shipment;
  if (auto shipped = store::find_shipment(tx, store, row.id)) {
    shipment.tracking_number = std::move(shipped->tracking_number);
    shipment.carrier = std::move(shipped->carrier);
    shipment.shipped_at = shipped->shipped_at;
  }
  return shipment;
}

}  // namespace

Cart view_cart(db::Transaction& tx, std::string_view store, const store::OrderRow& row,
               const std::vector<store::OrderCouponRow>& coupons) {
  Cart cart;
  fill_cart(tx, store, row, coupons, load_units(tx, store, row), cart);
  return cart;
}

Order view_order(db::Transaction& tx, std::string_view store, const store::OrderRow& row,
                 const std::vector<store::OrderCouponRow>& coupons,
                 store::OrderAddresses addresses) {
  Order order;
  const auto units = load_units(tx, store, row);
  fill_cart(tx, store, row, coupons, units, order);
  order.shipping_address = std::move(addresses.shipping);
  order.billing_address = std::move(addresses.billing);
  order.shipment = load_shipment(tx, store, row);
  order.number = row.number;
  order.email = row.email;
  order.placed_at = row.placed_at;
  order.completed_at = row.completed_at;
  if (row.placements == 0) return order;
  const auto entries = store::load_order_entries(tx, store, row.id);
  for (const store::PaymentRow& payment : store::load_payments(tx, store, row.id)) {
    order.payments.push_back(view_of(payment, entries));
  }
  order.payment_status = domain::payment_status(order.payments);
  order.fulfillment_status = domain::fulfillment_status(units);
  return order;
}

Order view_order(db::Transaction& tx, std::string_view store, const store::OrderRow& row) {
  return view_order(tx, store, row, store::load_order_coupons(tx, store, row),
                    store::load_order_addresses(tx, store, row.id));
}

Result<Cart> load_cart(db::Transaction& tx, std::string_view store, const OrderId& id) {
  RESYS_TRY(row, require_row(tx, store, id));
  return view_cart(tx, store, row, store::load_order_coupons(tx, store, row));
}

Result<Order> load_order(db::Transaction& tx, std::string_view store, const OrderId& id) {
  RESYS_TRY(row, require_row(tx, store, id));
  return view_order(tx, store, row);
}

}  // namespace resys::app
