// What the commands on orders and carts share: whose order it is, and its totals.
#include "app/order_command.hpp"

#include "domain/order.hpp"
#include "store/shipping.hpp"

namespace resys::app {

Error wrong_state(const store::OrderRow& row, OrderEvent event, std::string message) {
  return Error(Errc::invalid_state, std::move(message))
      .with("state", std::string(name_of(row.state)))
      .with("event", std::string(name_of(event)));
}

store::Identity identity_of(const Caller& caller) {
  return {caller.store, caller.user_id, caller.session_id};
}

bool owns(const Caller& caller, const store::OrderRow& row) {
  if (!row.user_id.empty()) return row.user_id == caller.user_id;
  return row.session_id == caller.session_id;
}

Result<void> price_line(store::LineRow& line, Money unit_price) {
  RESYS_TRY(total, unit_price.times(line.quantity));
  line.unit_price_cents = unit_price.minor();
  line.total_cents = total.minor();
  return success();
}

Result<void> count_items(store::OrderRow& row, const std::vector<store::LineRow>& lines) {
  std::vector<domain::PricedLine> priced;
  for (const store::LineRow& line : lines) priced.push_back({line.quantity, line.unit_price_cents});
  RESYS_TRY(items, domain::sum_lines(row.currency, priced));
  row.item_count = items.count;
  row.item_total_cents = items.total_cents;
  return success();
}

std::optional<ShippingMethod> chosen_shipping(db::Transaction& tx, std::string_view store,
                                              const store::OrderRow& row) {
  if (row.shipping_method_id.empty()) return std::nullopt;
  return store::find_shipping_method(tx, store, row.shipping_method_id);
}

Result<void> recompute(db::Transaction& tx, std::string_view store, store::OrderRow& row,
                       std::vector<store::OrderCouponRow>& coupons,
                       const std::optional<ShippingMethod>& shipping, Timestamp now) {
  std::vector<Coupon> applied;
  for (const store::OrderCouponRow& each : coupons) applied.push_back(each.coupon);
  const bool is_priced = shipping && shipping->currency == row.currency;
  RESYS_TRY(totals, domain::totals_of(row.currency, {row.item_count, row.item_total_cents}, applied,
                                      is_priced ? &*shipping : nullptr, now));
  for (std::size_t i = 0; i < coupons.size(); ++i) {
    if (coupons[i].discount_cents == totals.discounts[i]) continue;
    coupons[i].discount_cents = totals.discounts[i];
    store::update_order_coupon(tx, store, row.id, coupons[i]);
  }
  row.discount_total_cents = totals.discount_total_cents;
  row.shipment_total_cents = totals.shipment_total_cents;
  row.total_cents = totals.total_cents + row.tax_total_cents;
  return success();
}

}  // namespace resys::app
