// Orders and carts: the root row, and the lines, addresses, coupons and shipment that hang on it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/database.hpp"
#include "resys/order.hpp"
#include "resys/promotion.hpp"

namespace resys::store {

// ---- the root

struct OrderRow {
  OrderId id;
  std::string number;  // empty before the first placing
  OrderState state = OrderState::cart;
  std::string user_id;  // this or session_id is empty
  std::string session_id;
  std::string email;
  Currency currency;
  std::int64_t item_count = 0;
  std::int64_t coupon_count = 0;  // rows of its coupons: most orders have none to load
  std::int64_t item_total_cents = 0;
  std::int64_t discount_total_cents = 0;
  std::int64_t shipment_total_cents = 0;
  std::int64_t tax_total_cents = 0;
  std::int64_t total_cents = 0;
  ShippingMethodId shipping_method_id;  // empty: none is chosen
  std::string shipping_method_name;
  std::int64_t placements = 0;
  PaymentId payment_id;  // of the newest placing, or of the money that completed the order
  OrderId merged_into;
  std::int64_t version = 0;
  std::optional<Timestamp> placed_at;
  std::optional<Timestamp> completed_at;

  bool operator==(const OrderRow&) const = default;
};

// Whose open order: the user's if there is a user, else the session's.
struct Identity {
  std::string_view store;
  std::string_view user_id;
  std::string_view session_id;
};

// What these four find is locked if the transaction writes.
std::optional<OrderRow> find_open_order(db::Transaction& tx, const Identity& identity);
std::optional<OrderRow> find_order(db::Transaction& tx, std::string_view store,
                                   std::string_view number);
std::optional<OrderRow> find_order_of(db::Transaction& tx, std::string_view store,
                                      const PaymentId& payment);
std::optional<OrderRow> load_order_row(db::Transaction& tx, std::string_view store,
                                       const OrderId& id);

// A new, empty cart. False if the identity has an open order.
bool insert_cart(db::Transaction& tx, const Identity& identity, const OrderId& id,
                 Currency currency, Timestamp now);
// Writes all that may change of a row that was locked by this transaction, and was `before` then.
// Its version rises by one.
void save_order(db::Transaction& tx, std::string_view store, OrderRow& row, const OrderRow& before,
                Timestamp now);

struct OrderFilter {
  std::string_view user_id;  // these two: only that identity's; both empty: all
  std::string_view session_id;
  std::optional<OrderState> state;
  // Of the number or the e-mail address; an address that is whole finds no longer ones. Empty: any.
  std::string_view beginning;
};
// Placed ones, newest first, from the one before `before`.
std::vector<OrderId> list_placed_orders(db::Transaction& tx, std::string_view store,
                                        const OrderFilter& filter, const OrderId& before,
                                        std::int64_t limit);

// ---- lines

struct LineRow {
  LineItemId id;
  VariantId variant_id;
  std::string sku;
  std::string name;
  Options options;
  std::string image_url;
  std::int64_t quantity = 0;
  std::int64_t unit_price_cents = 0;
  std::int64_t total_cents = 0;
};

// In the order they were added.
std::vector<LineRow> load_lines(db::Transaction& tx, std::string_view store, const OrderId& order);
// With what the catalog says of them now.
struct OfferedLine : LineRow {
  std::int64_t price_cents = 0;
  bool for_sale = false;
};
std::vector<OfferedLine> load_offered_lines(db::Transaction& tx, std::string_view store,
                                            const OrderId& order);
// As callers see them, with what is available at active locations.
std::vector<LineItem> load_line_items(db::Transaction& tx, std::string_view store,
                                      const OrderId& order);
void insert_line(db::Transaction& tx, std::string_view store, const OrderId& order,
                 const LineRow& line);
void update_line(db::Transaction& tx, std::string_view store, const OrderId& order,
                 const LineRow& line);
void delete_line(db::Transaction& tx, std::string_view store, const OrderId& order,
                 const VariantId& variant);

// ---- addresses

struct OrderAddresses {
  std::optional<Address> shipping;
  std::optional<Address> billing;  // the shipping address where none was given
};

OrderAddresses load_order_addresses(db::Transaction& tx, std::string_view store,
                                    const OrderId& order);
void save_order_addresses(db::Transaction& tx, std::string_view store, const OrderId& order,
                          const Address& shipping, const std::optional<Address>& billing);

// ---- coupons

struct OrderCouponRow {
  Coupon coupon;
  std::int64_t position = 0;
  std::int64_t discount_cents = 0;
  std::string taken_by;  // the customer, while the order holds one use of it
};

// In the order they were applied.
std::vector<OrderCouponRow> load_order_coupons(db::Transaction& tx, std::string_view store,
                                               const OrderRow& order);
// As the last one, unless the order has it already. These two count in the row, which is then to be
// saved.
void insert_order_coupon(db::Transaction& tx, std::string_view store, OrderRow& order,
                         const CouponId& coupon);
void delete_order_coupon(db::Transaction& tx, std::string_view store, OrderRow& order,
                         const CouponId& coupon);
void update_order_coupon(db::Transaction& tx, std::string_view store, const OrderId& order,
                         const OrderCouponRow& row);

// ---- shipment

struct ShipmentRow {
  ShipmentId id;
  std::string tracking_number;
  std::string carrier;
  Timestamp shipped_at;
};

std::optional<ShipmentRow> find_shipment(db::Transaction& tx, std::string_view store,
                                         const OrderId& order);
void insert_shipment(db::Transaction& tx, std::string_view store, const OrderId& order,
                     const ShipmentRow& shipment);

// ---- abandoned carts

// Guests' carts that were never placed and not touched since `before`, oldest first.
std::vector<OrderId> list_abandoned_carts(db::Transaction& tx, std::string_view store,
                                          Timestamp before, std::int64_t limit);
// Deletes such a cart with all that hangs on it; nothing if it was touched meanwhile.
void delete_abandoned_cart(db::Transaction& tx, std::string_view store, const OrderId& id,
                           Timestamp before);

}  // namespace resys::store
