// Orders and carts: the root row, and the lines, addresses, coupons and shipment that hang on it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/database.hpp"
#include "pricing/coupon.hpp"
#include "resys/order.hpp"

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
  std::optional<Timestamp> placed_at;  // the newest placing; see Order
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
};
// The place of an order in the lists of placed ones.
struct PlacedKey {
  Timestamp placed_at;
  OrderId id;  // decides between orders of the same moment
};
// Placed ones, the newest placing first, from the one before `before`.
std::vector<PlacedKey> list_placed_orders(db::Transaction& tx, std::string_view store,
                                          const OrderFilter& filter, const PlacedKey& before,
                                          std::int64_t limit);
// Of those, the ones with this e-mail address, in any case.
std::vector<PlacedKey> list_placed_orders_of(db::Transaction& tx, std::string_view store,
                                             std::string_view email,
                                             std::optional<OrderState> state,
                                             const PlacedKey& before, std::int64_t limit);

// What placed orders can be found by.
struct SearchedOrder {
  PlacedKey key;
  std::string text;  // a line for each: number, e-mail address, names, products, ...
};
struct SearchedOrders {
  std::vector<SearchedOrder> orders;
  std::int64_t lines = 0;  // how many were read, of the next order, too
  bool more = false;
};
// As list_placed_orders, but it ends after so many lines of orders. They are more than one order
// may have.
SearchedOrders load_searched_orders(db::Transaction& tx, std::string_view store,
                                    const OrderFilter& filter, const PlacedKey& before,
                                    std::int64_t lines);

// Units of a customer's other orders that are placed, not paid, and promised by no bank: an offline
// payment is no promise. What was shipped holds no stock any more. The customer is the order's
// user, or the guest by session, and by e-mail address, also of orders that a user has claimed
// since.
std::int64_t count_unpaid_units(db::Transaction& tx, std::string_view store, const OrderRow& order);

// Who has placed orders without being a user: a session, or whoever reads mail to the address. One
// of the two is given.
struct Guest {
  std::string_view session_id{};
  std::string_view email{};
};
struct ClaimableOrder {
  OrderId id;
  std::string number;
};
// Placed by the guest and past their payment, newest first.
std::vector<ClaimableOrder> list_claimable_orders(db::Transaction& tx, std::string_view store,
                                                  const Guest& guest, std::int64_t limit);
// Such an order becomes the user's; false if it is no such order any more.
bool claim_order(db::Transaction& tx, std::string_view store, const OrderId& id,
                 std::string_view user_id, Timestamp now);

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

  bool operator==(const LineRow&) const = default;
};

// With what catalog and stock say of it now.
struct OfferedLine : LineRow {
  std::string offered_sku;  // another than the line's where the variant was renamed
  std::int64_t price_cents = 0;
  bool for_sale = false;
  std::int64_t available = 0;  // at active locations
  bool backorderable = false;  // at one of them
};
// In the order they were added.
std::vector<OfferedLine> load_offered_lines(db::Transaction& tx, std::string_view store,
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

struct OrderCouponRow : pricing::CustomerCoupon {
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
std::vector<std::string> find_stores_with_abandoned_carts(db::Transaction& tx, Timestamp now);
// Deletes such a cart with all that hangs on it; nothing if it was touched meanwhile.
void delete_abandoned_cart(db::Transaction& tx, std::string_view store, const OrderId& id,
                           Timestamp before);

// Guests' orders that still hold an e-mail address, that nobody has touched since `before` and for
// which no money ever came: carts that were placed once, canceled orders, merged carts. Oldest
// first.
std::vector<OrderId> list_unpaid_of_guests(db::Transaction& tx, std::string_view store,
                                           Timestamp before, std::int64_t limit);
std::vector<std::string> find_stores_with_unpaid_of_guests(db::Transaction& tx, Timestamp now);
// Locks such an order; nothing if it was touched meanwhile.
std::optional<OrderRow> lock_unpaid_of_guest(db::Transaction& tx, std::string_view store,
                                             const OrderId& id, Timestamp before);
void delete_order_addresses(db::Transaction& tx, std::string_view store, const OrderId& order);

}  // namespace resys::store
