// An order with all its rows, in one transaction; see the header.
#include "order/open_order.hpp"

#include <algorithm>

#include "base/crypto.hpp"
#include "order/require_order.hpp"

namespace resys::app {

OrderContents load_contents(const Scope& scope, rows::OrderRow row) {
  OrderContents order{.row = std::move(row)};
  order.lines = rows::load_offered_lines(scope, order.row.id, order.row.currency);
  order.coupons = rows::load_order_coupons(scope, order.row);
  if (!is_open_cart(order.row)) return order;
  if (!order.row.shipping_method_id.empty()) {
    order.shipping = rows::find_chosen_shipping(scope, order.row.id, order.row.shipping_method_id);
  }
  order.rules = rows::load_price_rules(scope, order.row.price_rules);
  if (!order.rules) return order;
  if (!order.row.user_id.empty()) order.customer = rows::find_customer(scope, order.row.user_id);
  if (order.row.state != OrderState::cart) {
    const auto addresses = rows::load_order_addresses(scope, order.row.id);
    if (addresses.shipping) order.area = area_of(*addresses.shipping);
  }
  if (!order.rules->price_lists.empty()) {
    rows::add_list_entries(scope, order.row.id, order.lines);
    apply_price_lists(order, scope.now);
  }
  return order;
}

std::string tax_id_of(const OrderContents& order) {
  if (!order.row.tax_id.empty() || !order.customer) return order.row.tax_id;
  return order.customer->tax_id;
}

std::vector<std::string> groups_of(const OrderContents& order) {
  std::vector<std::string> groups = order.row.customer_groups;
  if (order.customer) {
    const auto& recorded = order.customer->groups;
    groups.insert(groups.end(), recorded.begin(), recorded.end());
  }
  std::sort(groups.begin(), groups.end());
  groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
  return groups;
}

void apply_price_lists(OrderContents& order, Timestamp now) {
  if (!order.rules) return;
  const pricing::PriceListTerms terms(
      *order.rules, {order.row.currency, groups_of(order), order.area.country}, now);
  for (rows::OfferedLine& line : order.lines) {
    line.price_cents = terms.price(line.base_price_cents, line.list_entries, line.item.quantity);
  }
}

domain::Area area_of(const Address& address) {
  return {address.country, address.region, address.postal_code};
}

bool is_open_cart(const rows::OrderRow& row) {
  return next_state(kOrderTransitions, row.state, OrderEvent::change_items).has_value();
}

pricing::Basket basket_of(const OrderContents& order, Prices prices) {
  pricing::Basket basket{.currency = order.row.currency,
                         .coupons = {order.coupons.begin(), order.coupons.end()},
                         .rules = order.rules.get(),
                         .area = order.area,
                         .customer = {.is_exempt = order.customer && order.customer->tax_exempt,
                                      .tax_id = tax_id_of(order)}};
  for (const rows::OfferedLine& line : order.lines) {
    const bool is_shown = prices == Prices::shown || !line.for_sale;
    basket.lines.push_back(
        {line.item.quantity, is_shown ? line.listed_price_cents : line.price_cents,
         is_shown ? line.item.tax_category : line.offered_tax_category, line.weight_grams});
  }
  if (order.shipping && order.shipping->method.currency == order.row.currency) {
    basket.shipping = order.shipping->method;
  }
  return basket;
}

std::string content_hash(const OrderContents& order) {
  std::string content(order.row.currency.code());
  const auto add = [&](std::string_view text) { content.append("\n").append(text); };
  const auto add_number = [&](std::int64_t number) { add(std::to_string(number)); };
  for (const rows::LineRow& line : order.lines) {
    add(line.variant_id.text());
    add_number(line.item.quantity);
    add_number(line.item.unit_price_cents);
  }
  for (const rows::OrderCouponRow& each : order.coupons) {
    add(each.coupon.id.text());
    add_number(each.discount_cents);
  }
  add(order.row.shipping_method_id.text());
  add_number(order.row.shipment_total_cents);
  add_number(order.row.total_cents);
  return net::hex(net::sha256(content));
}

std::vector<Demand> demands_of(const OrderContents& order) {
  std::vector<Demand> demands;
  for (const rows::OfferedLine& line : order.lines) {
    demands.push_back({line.item.id.text(), line.variant_id, line.item.sku, line.item.quantity});
  }
  return demands;
}

OpenOrder::OpenOrder(OrderContents loaded)
    : OrderContents(std::move(loaded)),
      row_before_(row),
      lines_before_(lines.begin(), lines.end()) {}

std::optional<OpenOrder> OpenOrder::lock(const Scope& scope, const rows::Identity& identity) {
  auto found = rows::find_open_order(scope, identity);
  if (!found) return std::nullopt;
  return OpenOrder(load_contents(scope, std::move(*found)));
}

OpenOrder OpenOrder::lock_or_insert(const Scope& scope, const rows::Identity& identity,
                                    Currency currency) {
  auto found = rows::find_open_order(scope, identity);
  if (!found) {
    rows::insert_cart(scope, identity, currency);
    found = rows::find_open_order(scope, identity);
  }
  return OpenOrder(load_contents(scope, std::move(found).value()));
}

void OpenOrder::send_to(const domain::Area& to, Timestamp now) {
  area = to;
  const auto before = lines;
  apply_price_lists(*this, now);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool was_current = before[i].listed_price_cents == before[i].price_cents;
    if (was_current) lines[i].listed_price_cents = lines[i].price_cents;
  }
}

void OpenOrder::reload_coupons(const Scope& scope) {
  coupons = rows::load_order_coupons(scope, row);
}

Result<void> OpenOrder::reprice(const Scope& scope) {
  RESYS_TRY(quote, pricing::price(basket_of(*this, Prices::shown), scope.now));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    pricing::QuotedLine& quoted = quote.lines[i];
    LineItem& item = lines[i].item;
    item.unit_price_cents = quoted.unit_price_cents;
    item.total_cents = quoted.total_cents;
    item.discount_cents = quoted.discount_cents;
    item.tax_cents = pricing::tax_cents(quoted.taxes);
    item.tax_lines = std::move(quoted.taxes);
  }
  save_lines(scope);
  for (std::size_t i = 0; i < coupons.size(); ++i) {
    const std::int64_t discount_cents = quote.coupons[i].discount_cents;
    if (coupons[i].discount_cents == discount_cents) continue;
    coupons[i].discount_cents = discount_cents;
    rows::update_order_coupon(scope, row.id, coupons[i]);
  }
  row.item_count = quote.item_count;
  row.item_total_cents = quote.item_total_cents;
  row.discount_total_cents = quote.discount_total_cents;
  row.shipment_total_cents = quote.shipment_total_cents;
  row.shipment_tax_cents = pricing::tax_cents(quote.shipment_taxes);
  row.shipment_taxes = std::move(quote.shipment_taxes);
  row.tax_total_cents = quote.tax_total_cents;
  row.included_tax_total_cents = quote.included_tax_total_cents;
  row.total_cents = quote.total_cents;
  return success();
}

void OpenOrder::save_lines(const Scope& scope) {
  // Both in the order of their ids; new ones are at the end.
  auto before = lines_before_.begin();
  for (const rows::OfferedLine& line : lines) {
    while (before != lines_before_.end() && before->item.id < line.item.id) {
      rows::delete_line(scope, row.id, (before++)->variant_id);
    }
    if (before == lines_before_.end() || line.item.id < before->item.id) {
      rows::insert_line(scope, row.id, line);
    } else if (*before++ != line) {
      rows::update_line(scope, row.id, line);
    }
  }
  while (before != lines_before_.end()) {
    rows::delete_line(scope, row.id, (before++)->variant_id);
  }
  lines_before_.assign(lines.begin(), lines.end());
}

void OpenOrder::save(const Scope& scope) { rows::save_order(scope, row, row_before_); }

}  // namespace resys::app
