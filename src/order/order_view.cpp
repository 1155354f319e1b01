// Orders and carts as callers see them, built from rows.
#include "order/order_view.hpp"

#include <algorithm>
#include <iterator>

#include "base/settings_rows.hpp"
#include "inventory/rows.hpp"
#include "order/appraisal.hpp"
#include "order/explanation.hpp"
#include "order/locked_payment.hpp"
#include "order/refund_pieces.hpp"
#include "order/require_order.hpp"
#include "order/rules.hpp"
#include "order/tax_calculation.hpp"
#include "payment/rows.hpp"

namespace resys::app {
namespace {

Result<rows::OrderRow> require_row(const Scope& scope, const OrderId& id) {
  auto row = rows::load_order_row(scope, id);
  if (!row) return Error(Errc::not_found, "the cart was abandoned and has been cleared");
  return std::move(*row);
}

// What a view shows beside the order and its rows.
struct Shown {
  std::vector<InventoryUnit> units;    // of its placings
  std::optional<Appraisal> appraisal;  // none once the order is placed
};

Shown load_shown(const Scope& scope, const OrderContents& order) {
  Shown shown;
  const bool was_placed = order.row.placements > 0;
  if (was_placed) shown.units = rows::load_units(scope, order.row.id.text());
  if (!is_open_cart(order.row)) return shown;
  // An order that was never placed is within any limit.
  const std::int64_t max_placements =
      was_placed ? rows::load_checkout_settings(scope).max_placements : 1;
  shown.appraisal = appraise(order, max_placements, scope.now);
  return shown;
}

// A cart shows the variant's current SKU, because another variant may have its old one.
LineItem view_of(const rows::OfferedLine& line, bool is_open) {
  LineItem item = line.item;
  if (is_open) item.sku = line.offered_sku;
  return item;
}

// Adds the units that the order itself has reserved, which are available to it. The items are
// sorted by id.
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

// Shows what placing would refuse, at the lines and codes that it is about. The cart has the lines
// of the order, and then its gifts.
void show(const Appraisal& appraisal, const OrderContents& order, Cart& cart) {
  for (std::size_t i = 0; i < order.lines.size(); ++i) {
    LineItem& item = cart.line_items[i];
    item.problems = appraisal.lines[i];
    if (contains(item.problems, CartProblem::price_changed)) {
      item.current_unit_price_cents = current_unit_price(order, appraisal, i);
    }
  }
  cart.problems = appraisal.problems;
  if (appraisal.quote.has_error()) return;
  const pricing::Quote& quote = appraisal.quote.value();
  cart.rejected_codes = quote.rejected_codes;
  cart.promotion_hints = quote.hints;
  if (contains(cart.problems, CartProblem::price_changed)) {
    cart.new_total_cents = quote.total_cents;
  }
}

std::vector<AppliedPromotion> applied_promotions(const OrderContents& order) {
  std::vector<rows::OrderPromotionRow> rows;
  std::copy_if(order.promotions.begin(), order.promotions.end(), std::back_inserter(rows),
               [](const auto& row) { return row.position.has_value(); });
  std::sort(rows.begin(), rows.end(),
            [](const auto& one, const auto& other) { return one.position < other.position; });
  std::vector<AppliedPromotion> applied;
  for (const rows::OrderPromotionRow& row : rows) {
    applied.push_back({row.promotion_id, row.name,
                       row.code.empty() ? std::nullopt : std::optional(row.code),
                       row.discount_cents, row.shipping_discount_cents});
  }
  return applied;
}

// Fills the members that carts and orders share.
void fill_cart(const OrderContents& order, const Shown& shown, Cart& cart) {
  const rows::OrderRow& row = order.row;
  cart.id = row.id;
  cart.state = row.state;
  if (row.item_count > 0) cart.currency = row.currency;  // an empty cart takes any
  cart.item_count = row.item_count;
  const bool is_open = shown.appraisal.has_value();
  for (const auto* lines : {&order.lines, &order.gifts}) {
    for (const rows::OfferedLine& line : *lines) {
      cart.line_items.push_back(view_of(line, is_open));
      for (const TaxLine& tax : line.item.tax_lines) pricing::add_tax(cart.tax_lines, tax);
    }
  }
  if (is_open) show(*shown.appraisal, order, cart);
  std::sort(cart.line_items.begin(), cart.line_items.end(),
            [](const LineItem& one, const LineItem& other) { return one.id < other.id; });
  add_reserved(cart.line_items, shown.units);
  cart.promotions = applied_promotions(order);
  cart.item_total_cents = row.item_total_cents;
  cart.discount_total_cents = row.discount_total_cents;
  cart.shipment_total_cents = row.shipment_total_cents;
  cart.tax_total_cents = row.tax_total_cents;
  cart.included_tax_total_cents = row.included_tax_total_cents;
  for (const TaxLine& tax : row.shipment_taxes) pricing::add_tax(cart.tax_lines, tax);
  cart.total_cents = row.total_cents;
  cart.version = row.version;
}

// `entries`: those of all the order's payments.
OrderPayment view_of(const rows::PaymentView& view, const std::vector<rows::EntryRow>& entries) {
  const rows::PaymentRow& row = view.row;
  OrderPayment payment{.id = row.id,
                       .state = row.state,
                       .payment_method_id = row.payment_method_id,
                       .name = view.method_name,
                       .processor = row.processor,
                       .offline = row.offline,
                       .amount_cents = row.amount_cents};
  if (!is_final(row.state) && !row.void_reason) payment.instructions = view.instructions;
  for (const rows::EntryRow& entry : entries) {
    if (entry.payment_id != row.id) continue;
    const bool succeeded = entry.state == RefundState::succeeded;
    if (entry.kind == PaymentEntryKind::capture) {
      if (succeeded) payment.captured_cents += entry.amount_cents;
    } else if (entry.kind == PaymentEntryKind::refund) {
      if (succeeded) payment.refunded_cents += entry.amount_cents;
      if (entry.state == RefundState::pending) payment.refund_pending_cents += entry.amount_cents;
    }
  }
  return payment;
}

// Fills in the refunds, oldest first, and counts the refunded units of lines. The order has its
// lines, shipment and totals.
void show_refunds(const std::vector<rows::EntryRow>& entries, Order& order) {
  for (const rows::EntryRow& entry : entries) {
    if (entry.kind != PaymentEntryKind::refund) continue;
    OrderRefund& refund = order.refunds.emplace_back();
    refund.id = entry.id;
    refund.payment_id = entry.payment_id;
    refund.state = entry.state;
    refund.amount_cents = entry.amount_cents;
    refund.tax_cents = entry.tax_cents;
    refund.tax_lines = taxes_of_refund(entry, order);
    refund.reason = entry.reason;
    for (RefundedLine& piece : pieces_of(entry)) {
      if (piece.line_item_id.empty()) {
        refund.shipping_cents += piece.amount_cents;
      } else {
        refund.lines.push_back(std::move(piece));
      }
    }
    if (entry.state == RefundState::failed) continue;
    for (const RefundedLine& line : refund.lines) {
      for (LineItem& item : order.line_items) {
        if (item.id == line.line_item_id) item.refunded_quantity += line.quantity;
      }
    }
  }
  std::sort(order.refunds.begin(), order.refunds.end(),
            [](const OrderRefund& one, const OrderRefund& other) { return one.id < other.id; });
}

// The part of the payment that staff have to refund by hand.
std::int64_t to_be_sent(const rows::PaymentRow& payment,
                        const std::vector<rows::EntryRow>& entries) {
  std::int64_t sum = 0;
  for (const rows::EntryRow& entry : entries) {
    const bool is_its = entry.payment_id == payment.id;
    if (is_its && waits_to_be_sent(payment, entry)) sum += entry.amount_cents;
  }
  return sum;
}

std::optional<OrderShipment> load_shipment(const Scope& scope, const rows::OrderRow& row,
                                           const Shown& shown) {
  if (row.shipping_method_id.empty()) return std::nullopt;
  OrderShipment shipment;
  if (row.placements > 0) shipment = rows::find_shipment(scope, row.id).value_or(OrderShipment());
  shipment.shipping_method_id = row.shipping_method_id;
  shipment.name = row.shipping_method_name;
  shipment.price_cents = row.shipment_total_cents;
  shipment.tax_lines = row.shipment_taxes;
  if (shown.appraisal && shown.appraisal->quote.has_value()) {
    const pricing::Quote& quote = shown.appraisal->quote.value();
    shipment.free_over_missing_cents = quote.free_shipping_missing_cents;
    const std::int64_t price_cents = quote.shipment_total_cents;
    if (price_cents != row.shipment_total_cents) shipment.current_price_cents = price_cents;
  }
  return shipment;
}

}  // namespace

Cart view_cart(const Scope& scope, const OrderContents& order) {
  Cart cart;
  fill_cart(order, load_shown(scope, order), cart);
  return cart;
}

Order view_order(const Scope& scope, const OrderContents& contents,
                 rows::OrderAddresses addresses) {
  Order order;
  const rows::OrderRow& row = contents.row;
  const Shown shown = load_shown(scope, contents);
  fill_cart(contents, shown, order);
  order.shipping_address = std::move(addresses.shipping);
  order.billing_address = std::move(addresses.billing);
  order.shipment = load_shipment(scope, row, shown);
  order.number = row.number;
  order.user_id = row.user_id;
  order.email = row.email;
  order.tax_id = row.tax_id;
  if (const auto calculation = calculation_of(row)) {
    order.tax_calculation_id = calculation->external_id;
  }
  order.placed_at = row.placed_at;
  order.completed_at = row.completed_at;
  if (row.placements == 0) return order;
  const auto entries = rows::load_order_entries(scope, row.id);
  const bool is_awaited = row.state == OrderState::payment || row.state == OrderState::confirm;
  for (const rows::PaymentView& payment : rows::view_payments(scope, row.id)) {
    order.payments.push_back(view_of(payment, entries));
    order.refund_requested_cents += to_be_sent(payment.row, entries);
    if (is_awaited && payment.row.id == row.payment_id) {
      order.payment_due_at = payment.row.expires_at;
    }
  }
  show_refunds(entries, order);
  order.paid_cents = refundable_of(entries);
  if (is_awaited) order.missing_cents = row.total_cents - order.paid_cents;
  order.payment_status =
      domain::payment_status(order.payments, order.total_cents, order.missing_cents);
  const bool was_shipped = order.shipment && order.shipment->shipped_at;
  order.fulfillment_status = domain::fulfillment_status(shown.units, was_shipped);
  return order;
}

Order view_order(const Scope& scope, rows::OrderRow row) {
  const OrderContents order = load_contents(scope, std::move(row));
  return view_order(scope, order, rows::load_order_addresses(scope, order.row.id));
}

Result<Cart> load_cart(const Scope& scope, const OrderId& id) {
  RESYS_TRY(row, require_row(scope, id));
  return view_cart(scope, load_contents(scope, std::move(row)));
}

Result<Order> load_order(const Scope& scope, const OrderId& id) {
  RESYS_TRY(row, require_row(scope, id));
  return view_order(scope, row);
}

Result<Order> read_order(Context& context, const Caller& caller, const std::string& number,
                         const Caller* owner) {
  return context.read(caller.store, [&](const Scope& scope) -> Result<Order> {
    RESYS_TRY(row, require_order(scope, number, owner));
    return view_order(scope, row);
  });
}

Result<OrderExplanation> explain_order(Context& context, const Caller& caller,
                                       const std::string& number, const Caller* owner) {
  return context.read(caller.store, [&](const Scope& scope) -> Result<OrderExplanation> {
    RESYS_TRY(row, require_order(scope, number, owner));
    const Order order = view_order(scope, row);
    return explanation_of(order, rows::load_order_entries(scope, row.id));
  });
}

}  // namespace resys::app
