// An order's root row, as the database has it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "resys/order.hpp"

namespace resys::rows {

struct OrderRow {
  OrderId id;
  std::string number;  // empty before the first placing
  OrderState state = OrderState::cart;
  std::string user_id;  // this or session_id is empty
  std::string session_id;
  std::string email;
  Currency currency;
  std::int64_t item_count = 0;
  std::int64_t promotion_count = 0;  // its rows of promotions: most orders have none to load
  std::int64_t item_total_cents = 0;
  std::int64_t discount_total_cents = 0;
  std::int64_t shipment_total_cents = 0;
  std::int64_t tax_total_cents = 0;
  std::int64_t included_tax_total_cents = 0;
  std::int64_t total_cents = 0;
  ShippingMethodId shipping_method_id;  // empty: none is chosen
  std::string shipping_method_name;
  std::int64_t shipment_tax_cents = 0;  // the sum of:
  std::vector<TaxLine> shipment_taxes;
  std::string tax_id;
  std::string calculated_taxes;              // by a TaxCalculator; see order/tax_calculation.hpp
  std::vector<std::string> customer_groups;  // that the host has last said; see app::groups_of()
  std::int64_t placements = 0;
  PaymentId payment_id;  // of the newest placing, or of the money that completed the order
  OrderId merged_into;
  std::int64_t version = 0;
  std::optional<Timestamp> placed_at;  // the newest placing; see Order
  std::optional<Timestamp> completed_at;
  // Of the store's rules for prices at the moment when the row was read; empty: it has none.
  std::string price_rules;

  bool operator==(const OrderRow&) const = default;
};

}  // namespace resys::rows
