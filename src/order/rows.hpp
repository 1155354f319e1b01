// Orders and carts: the root row, and the lines, addresses, promotions and shipment that belong to
// it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/scope.hpp"
#include "catalog/rules.hpp"
#include "order/row.hpp"
#include "pricing/price_list.hpp"
#include "resys/order.hpp"

namespace resys::rows {

// ---- the root

// The owner of an open order: the user if there is one, else the session.
struct Identity {
  std::string_view user_id;
  std::string_view session_id;
  std::span<const std::string> groups{};  // of customers; the host says them
};

// These four lock the row that they find if the transaction writes. An open order of an identity is
// returned with the identity's groups, which count from now on.
std::optional<OrderRow> find_open_order(const Scope& scope, const Identity& identity);
std::optional<OrderRow> find_order(const Scope& scope, std::string_view number);
std::optional<OrderRow> find_order_of(const Scope& scope, const PaymentId& payment);
std::optional<OrderRow> load_order_row(const Scope& scope, const OrderId& id);

// Inserts a new, empty cart. Returns false if the identity has an open order.
bool insert_cart(const Scope& scope, const Identity& identity, Currency currency);
// Writes what has changed in a row that this transaction has locked. `before` is the row as it was
// then. The version rises by one.
void save_order(const Scope& scope, OrderRow& row, const OrderRow& before);

struct OrderFilter {
  std::string_view user_id;  // these two select one identity's orders; both empty: all orders
  std::string_view session_id;
  std::optional<OrderState> state;
};
// The place of an order in the lists of placed ones.
struct PlacedKey {
  Timestamp placed_at;
  OrderId id;  // decides between orders of the same moment
};
// Placed orders, the newest placing first, from the one before `before`.
std::vector<PlacedKey> list_placed_orders(const Scope& scope, const OrderFilter& filter,
                                          const PlacedKey& before, std::int64_t limit);
// The same, but only orders with this e-mail address, in upper or lower case.
std::vector<PlacedKey> list_placed_orders_of(const Scope& scope, std::string_view email,
                                             std::optional<OrderState> state,
                                             const PlacedKey& before, std::int64_t limit);

// A placed order, with the text by which it can be found.
struct SearchedOrder {
  PlacedKey key;
  std::string text;  // a line for each: number, e-mail address, names, products, ...
};
struct SearchedOrders {
  std::vector<SearchedOrder> orders;
  std::int64_t lines = 0;  // how many were read, including those of the next order
  bool more = false;
};
// Like list_placed_orders, but ends after so many lines of orders. The limit must be larger than
// the number of lines that one order may have.
SearchedOrders load_searched_orders(const Scope& scope, const OrderFilter& filter,
                                    const PlacedKey& before, std::int64_t lines);

// Counts the units in a customer's other orders that are placed but neither paid nor authorized by
// a bank; an offline payment does not count as authorized, and shipped units no longer count. The
// customer is the order's user, or the guest by session and by e-mail address, also of orders that
// a user has claimed since.
std::int64_t count_unpaid_units(const Scope& scope, const OrderRow& order);

// A guest who has placed orders: a session, or the reader of mail to an address. One of the two is
// given.
struct Guest {
  std::string_view session_id{};
  std::string_view email{};
};
struct ClaimableOrder {
  OrderId id;
  std::string number;
};
// Orders that the guest has placed and that are past their payment, newest first.
std::vector<ClaimableOrder> list_claimable_orders(const Scope& scope, const Guest& guest,
                                                  std::int64_t limit);
// Gives such an order to the user. Returns false if it can no longer be claimed.
bool claim_order(const Scope& scope, const OrderId& id, std::string_view user_id);

// ---- lines

struct LineRow {
  VariantId variant_id;
  // The price of one unit at home when the line was last changed by the shopper. What this shopper
  // pays, item.unit_price_cents, differs where they are taxed elsewhere, or not at all.
  std::int64_t listed_price_cents = 0;
  // What is stored of it, and, where it was loaded, what is available at active locations, and
  // whether it is backorderable at one of them. A view derives the rest.
  LineItem item;

  bool operator==(const LineRow&) const = default;
};

// A line, with what the catalog and the stock say about it now.
struct OfferedLine : LineRow {
  std::string offered_sku;            // differs from the line's SKU if the variant was renamed
  std::int64_t base_price_cents = 0;  // at home, without price lists
  std::vector<pricing::ListEntry> list_entries;  // of all price lists; see apply_price_lists()
  std::int64_t price_cents = 0;                  // at home, for the order's customer and quantity
  std::string offered_tax_category;
  ProductId product_id;
  std::vector<std::string> categories;  // of the product
  domain::QuantityRule quantity_rule;
  std::int64_t weight_grams = 0;
  bool for_sale = false;  // and has a price in the order's currency
};
// The order's lines, also those that promotions give away, in the order in which they were added.
// Their price is the base price.
std::vector<OfferedLine> load_offered_lines(const Scope& scope, const OrderId& order,
                                            Currency currency);
// Adds what price lists have for the variants of the lines, which are those that are bought.
void add_list_entries(const Scope& scope, const OrderId& order, std::vector<OfferedLine>& lines);
void insert_line(const Scope& scope, const OrderId& order, const LineRow& line);
void update_line(const Scope& scope, const OrderId& order, const LineRow& line);
void delete_line(const Scope& scope, const OrderId& order, const LineRow& line);

// ---- addresses

struct OrderAddresses {
  std::optional<Address> shipping;
  std::optional<Address> billing;  // the shipping address if none was given
};

OrderAddresses load_order_addresses(const Scope& scope, const OrderId& order);
void save_order_addresses(const Scope& scope, const OrderId& order, const Address& shipping,
                          const std::optional<Address>& billing);

// ---- promotions

// A promotion that applies, or a code that was entered.
struct OrderPromotionRow {
  PromotionId promotion_id;
  std::string code;                      // empty: it applies by itself
  std::string name;                      // the promotion's
  std::optional<std::int64_t> position;  // among those that apply; none: it does not
  std::int64_t discount_cents = 0;
  std::int64_t shipping_discount_cents = 0;
  // The customers, as PromotionUse names them, while the order holds one use of it.
  std::string taken_by_user;
  std::string taken_by_email;

  bool is_taken() const { return !taken_by_user.empty() || !taken_by_email.empty(); }
  bool operator==(const OrderPromotionRow&) const = default;
};

// Sorted by promotion and code.
std::vector<OrderPromotionRow> load_order_promotions(const Scope& scope, const OrderRow& order);
// These two change the count in the order's row, which the caller then has to save. Nothing is
// inserted if the order has the same promotion and code already.
void insert_order_promotion(const Scope& scope, OrderRow& order, const OrderPromotionRow& row);
void delete_order_promotion(const Scope& scope, OrderRow& order, const OrderPromotionRow& row);
void update_order_promotion(const Scope& scope, const OrderId& order, const OrderPromotionRow& row);

// Whether the customer, by user id or by e-mail address, has placed an order before this one that
// was not canceled.
bool has_ordered_before(const Scope& scope, const OrderRow& order);

// ---- shipment

// What is stored of a shipment that was sent; the order's row has the method and its price.
std::optional<OrderShipment> find_shipment(const Scope& scope, const OrderId& order);
void insert_shipment(const Scope& scope, const OrderId& order, const OrderShipment& shipment);

// ---- abandoned carts

// Guests' carts that were never placed and have not been touched since `before`, oldest first.
std::vector<OrderId> list_abandoned_carts(const Scope& scope, Timestamp before, std::int64_t limit);
std::vector<std::string> find_stores_with_abandoned_carts(db::Transaction& tx, Timestamp now);
// Deletes such a cart with all its rows. Does nothing if it was touched in the meantime.
void delete_abandoned_cart(const Scope& scope, const OrderId& id, Timestamp before);

// Guests' orders that still hold an e-mail address, have not been touched since `before`, and never
// got any money: carts that were placed once, canceled orders and merged carts. Oldest first.
std::vector<OrderId> list_unpaid_of_guests(const Scope& scope, Timestamp before,
                                           std::int64_t limit);
std::vector<std::string> find_stores_with_unpaid_of_guests(db::Transaction& tx, Timestamp now);
// Locks such an order. Returns nothing if it was touched in the meantime.
std::optional<OrderRow> lock_unpaid_of_guest(const Scope& scope, const OrderId& id,
                                             Timestamp before);
void delete_order_addresses(const Scope& scope, const OrderId& order);

}  // namespace resys::rows
