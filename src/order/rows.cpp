// Orders and carts: the root row, and the lines, addresses, promotions and shipment that belong to
// it.
#include "order/rows.hpp"

#include <algorithm>
#include <span>

#include "base/columns.hpp"
#include "base/settings_rows.hpp"
#include "customer/rows.hpp"

namespace resys::rows {
namespace {

void read_id(db::Columns& in, OrderId& out) { in >> out; }

void read_placed(db::Columns& in, PlacedKey& out) { in >> out.placed_at >> out.id; }

// Most commands do not change indexed columns, and then SQLite need not touch the indexes. So a
// statement writes as few of these groups of columns as it can.
constexpr auto kGiven =
    columns(column("id", &OrderRow::id), nullable("user_id", &OrderRow::user_id),
            nullable("session_id", &OrderRow::session_id), column("version", &OrderRow::version));
constexpr auto kContents = columns(
    column("currency", &OrderRow::currency), column("item_count", &OrderRow::item_count),
    column("promotion_count", &OrderRow::promotion_count),
    column("item_total_cents", &OrderRow::item_total_cents),
    column("discount_total_cents", &OrderRow::discount_total_cents),
    column("shipment_total_cents", &OrderRow::shipment_total_cents),
    column("tax_total_cents", &OrderRow::tax_total_cents),
    column("included_tax_total_cents", &OrderRow::included_tax_total_cents),
    column("total_cents", &OrderRow::total_cents),
    nullable("shipping_method_id", &OrderRow::shipping_method_id),
    nullable("shipping_method_name", &OrderRow::shipping_method_name),
    column("shipment_tax_cents", &OrderRow::shipment_tax_cents),
    column("shipment_taxes", &OrderRow::shipment_taxes), nullable("tax_id", &OrderRow::tax_id),
    nullable("calculated_taxes", &OrderRow::calculated_taxes),
    column("customer_groups", &OrderRow::customer_groups),
    column("placements", &OrderRow::placements), nullable("payment_id", &OrderRow::payment_id),
    nullable("merged_into", &OrderRow::merged_into),
    column("completed_at", &OrderRow::completed_at));
constexpr auto kWithState = kContents + columns(column("state", &OrderRow::state));
constexpr auto kWithNames = kWithState + columns(column("placed_at", &OrderRow::placed_at),
                                                 nullable("number", &OrderRow::number),
                                                 nullable("email", &OrderRow::email));
constexpr auto kOrder = kGiven + kWithNames;

// Reads an order's columns, and after them the version of the store's rules for prices.
void read_order(db::Columns& in, OrderRow& out) {
  kOrder(in, out);
  in >> out.price_rules;
}

constexpr auto kLineParts = columns(
    column("sku", &LineItem::sku), column("name", &LineItem::name),
    column("options", &LineItem::options), column("image_url", &LineItem::image_url),
    column("quantity", &LineItem::quantity),
    column("unit_price_cents", &LineItem::unit_price_cents),
    column("total_cents", &LineItem::total_cents),
    column("discount_cents", &LineItem::discount_cents), column("discounts", &LineItem::discounts),
    column("tax_category", &LineItem::tax_category), column("tax_cents", &LineItem::tax_cents),
    column("taxes", &LineItem::tax_lines));
constexpr auto kLine = columns(column("id", &LineItem::id),
                               column("gift_promotion_id", &LineItem::gift_promotion_id)) +
                       kLineParts;

constexpr auto kAddress = columns(nullable("address_id", &Address::id)) + kAddressParts;

constexpr auto kPromotionParts = columns(
    column("name", &OrderPromotionRow::name), column("position", &OrderPromotionRow::position),
    column("discount_cents", &OrderPromotionRow::discount_cents),
    column("shipping_discount_cents", &OrderPromotionRow::shipping_discount_cents),
    nullable("taken_by_user", &OrderPromotionRow::taken_by_user),
    nullable("taken_by_email", &OrderPromotionRow::taken_by_email));
constexpr auto kPromotion = columns(column("promotion_id", &OrderPromotionRow::promotion_id),
                                    column("code", &OrderPromotionRow::code)) +
                            kPromotionParts;

constexpr auto kShipment = columns(column("tracking_number", &OrderShipment::tracking_number),
                                   column("carrier", &OrderShipment::carrier),
                                   column("shipped_at", &OrderShipment::shipped_at));

// What the catalog says about the line's variant. A line of a variant that has no price in the
// order's currency keeps its own.
void read_offer(db::Columns& in, Currency currency, OfferedLine& line) {
  bool product_active = false;
  bool variant_active = false;
  VariantPrice own;
  std::string further;
  in >> line.offered_sku >> line.offered_tax_category >> line.quantity_rule.least >>
      line.quantity_rule.most >> line.quantity_rule.step >> line.weight_grams >> line.product_id;
  read_column(in, line.categories);
  in >> product_active >> variant_active >> own.price_cents >> own.currency >> further;
  const bool is_own = own.currency == currency;
  const auto others = is_own ? std::vector<VariantPrice>() : decode_prices(further);
  const VariantPrice* price = is_own ? &own : domain::find_price(others, currency);
  line.for_sale = product_active && variant_active && price != nullptr;
  line.base_price_cents = price == nullptr ? line.listed_price_cents : price->price_cents;
  line.price_cents = line.base_price_cents;
}

// Sorts an order's lines, which are stored by variant, by their ids.
std::vector<OfferedLine> as_added(std::vector<OfferedLine> lines) {
  std::sort(lines.begin(), lines.end(), [](const OfferedLine& left, const OfferedLine& right) {
    return left.item.id < right.item.id;
  });
  return lines;
}

}  // namespace

// ---- the root

std::optional<OrderRow> find_open_order(const Scope& scope, const Identity& identity) {
  static constexpr db::Sql kOfUser = sql<R"sql(SELECT {columns},
        (SELECT s.price_rules FROM store s WHERE s.store_id = $1)
      FROM orders WHERE store_id = $1 AND user_id = $2
        AND (state = 'Cart' OR state = 'Address' OR state = 'Delivery' OR state = 'Payment')
      FOR UPDATE)sql",
                                         kOrder>;
  static constexpr db::Sql kOfSession = sql<R"sql(SELECT {columns},
        (SELECT s.price_rules FROM store s WHERE s.store_id = $1)
      FROM orders WHERE store_id = $1 AND session_id = $2
        AND (state = 'Cart' OR state = 'Address' OR state = 'Delivery' OR state = 'Payment')
      FOR UPDATE)sql",
                                            kOrder>;
  auto found =
      identity.user_id.empty()
          ? scope.tx.first<OrderRow>(kOfSession, {scope.store, identity.session_id}, read_order)
          : scope.tx.first<OrderRow>(kOfUser, {scope.store, identity.user_id}, read_order);
  if (found) found->customer_groups.assign(identity.groups.begin(), identity.groups.end());
  return found;
}

std::optional<OrderRow> find_order(const Scope& scope, std::string_view number) {
  static constexpr db::Sql kFind = sql<R"sql(SELECT {columns},
        (SELECT s.price_rules FROM store s WHERE s.store_id = $1)
      FROM orders WHERE store_id = $1 AND number = $2 FOR UPDATE)sql",
                                       kOrder>;
  return scope.tx.first<OrderRow>(kFind, {scope.store, number}, read_order);
}

std::optional<OrderRow> find_order_of(const Scope& scope, const PaymentId& payment) {
  static constexpr db::Sql kFind = sql<R"sql(SELECT {columns},
        (SELECT s.price_rules FROM store s WHERE s.store_id = $1)
      FROM orders WHERE store_id = $1
        AND id = (SELECT order_id FROM payment WHERE store_id = $1 AND id = $2)
      FOR UPDATE)sql",
                                       kOrder>;
  return scope.tx.first<OrderRow>(kFind, {scope.store, payment}, read_order);
}

std::optional<OrderRow> load_order_row(const Scope& scope, const OrderId& id) {
  static constexpr db::Sql kLoad = sql<R"sql(SELECT {columns},
        (SELECT s.price_rules FROM store s WHERE s.store_id = $1)
      FROM orders WHERE store_id = $1 AND id = $2 FOR UPDATE)sql",
                                       kOrder>;
  return scope.tx.first<OrderRow>(kLoad, {scope.store, id}, read_order);
}

bool insert_cart(const Scope& scope, const Identity& identity, Currency currency) {
  static constexpr db::Sql kInsert = sql<R"sql(INSERT INTO orders
      (store_id, {columns}, created_at, updated_at) VALUES ($1, {values 3}, $2, $2)
      ON CONFLICT DO NOTHING)sql",
                                         kOrder>;
  OrderRow cart;
  cart.id = scope.ids.make<OrderId>();
  cart.user_id = identity.user_id;
  if (identity.user_id.empty()) cart.session_id = identity.session_id;
  cart.currency = currency;
  return scope.tx.execute(kInsert, Parameters(scope.store, scope.now).add(kOrder, cart)) == 1;
}

void save_order(const Scope& scope, OrderRow& row, const OrderRow& before) {
  static constexpr db::Sql kSave = sql<R"sql(UPDATE orders
      SET version = version + 1, updated_at = $5, {sets 6}
      WHERE store_id = $1 AND id = $2 AND state = $3 AND version = $4)sql",
                                       kContents>;
  static constexpr db::Sql kSaveState = sql<R"sql(UPDATE orders
      SET version = version + 1, updated_at = $5, {sets 6}
      WHERE store_id = $1 AND id = $2 AND state = $3 AND version = $4)sql",
                                            kWithState>;
  static constexpr db::Sql kSaveNames = sql<R"sql(UPDATE orders
      SET version = version + 1, updated_at = $5, {sets 6}
      WHERE store_id = $1 AND id = $2 AND state = $3 AND version = $4)sql",
                                            kWithNames>;
  const bool is_named =
      row.number != before.number || row.email != before.email || row.placed_at != before.placed_at;
  Parameters values(scope.store, row.id, before.state, row.version, scope.now);
  const std::int64_t saved = is_named ? scope.tx.execute(kSaveNames, values.add(kWithNames, row))
                             : row.state != before.state
                                 ? scope.tx.execute(kSaveState, values.add(kWithState, row))
                                 : scope.tx.execute(kSave, values.add(kContents, row));
  if (saved != 1) {
    throw db::StorageFault(Error(Errc::internal, "an order was written without its lock"));
  }
  ++row.version;
}

std::vector<PlacedKey> list_placed_orders(const Scope& scope, const OrderFilter& filter,
                                          const PlacedKey& before, std::int64_t limit) {
  static constexpr db::Sql kOfUser{R"sql(SELECT placed_at, id FROM orders
      WHERE store_id = $1 AND user_id = $5 AND placed_at IS NOT NULL
        AND (placed_at, id) < ($2, $3) AND state = COALESCE($6, state)
      ORDER BY placed_at DESC, id DESC LIMIT $4)sql"};
  static constexpr db::Sql kOfSession{R"sql(SELECT placed_at, id FROM orders
      WHERE store_id = $1 AND session_id = $5 AND placed_at IS NOT NULL
        AND (placed_at, id) < ($2, $3)
      ORDER BY placed_at DESC, id DESC LIMIT $4)sql"};
  static constexpr db::Sql kAll{R"sql(SELECT placed_at, id FROM orders
      WHERE store_id = $1 AND placed_at IS NOT NULL AND (placed_at, id) < ($2, $3)
      ORDER BY placed_at DESC, id DESC LIMIT $4)sql"};
  static constexpr db::Sql kInState{R"sql(SELECT placed_at, id FROM orders
      WHERE store_id = $1 AND state = $5 AND placed_at IS NOT NULL
        AND (placed_at, id) < ($2, $3)
      ORDER BY placed_at DESC, id DESC LIMIT $4)sql"};
  const auto find = [&](const db::Sql& sql, std::initializer_list<db::Value> more) {
    std::vector<db::Value> values{scope.store, before.placed_at, before.id, limit};
    values.insert(values.end(), more);
    return scope.tx.all<PlacedKey>(sql, std::span<const db::Value>(values), read_placed);
  };
  if (!filter.user_id.empty()) return find(kOfUser, {filter.user_id, filter.state});
  if (!filter.session_id.empty()) return find(kOfSession, {filter.session_id});
  if (filter.state) return find(kInState, {filter.state});
  return find(kAll, {});
}

std::vector<PlacedKey> list_placed_orders_of(const Scope& scope, std::string_view email,
                                             std::optional<OrderState> state,
                                             const PlacedKey& before, std::int64_t limit) {
  static constexpr db::Sql kOfEmail{R"sql(SELECT placed_at, id FROM orders
      WHERE store_id = $1 AND LOWER(email) = LOWER($5) AND email IS NOT NULL
        AND placed_at IS NOT NULL AND (placed_at, id) < ($2, $3) AND state = COALESCE($6, state)
      ORDER BY placed_at DESC, id DESC LIMIT $4)sql"};
  return scope.tx.all<PlacedKey>(
      kOfEmail, {scope.store, before.placed_at, before.id, limit, email, state}, read_placed);
}

std::int64_t count_unpaid_units(const Scope& scope, const OrderRow& order) {
  static constexpr db::Sql kOfUser{R"sql(SELECT COALESCE(SUM(o.item_count), 0)
      FROM orders o JOIN payment p ON p.store_id = o.store_id AND p.id = o.payment_id
      WHERE o.store_id = $1 AND o.user_id = $2 AND o.placed_at IS NOT NULL AND o.id <> $3
        AND NOT EXISTS (SELECT 1 FROM shipment h WHERE h.store_id = $1 AND h.order_id = o.id)
        AND ((o.state = 'Payment' AND p.offline = 1)
          OR (o.state = 'Confirm' AND p.state <> 'captured'
            AND (p.state <> 'authorized' OR p.offline = 1))))sql"};
  static constexpr db::Sql kOfGuest{R"sql(SELECT COALESCE(SUM(g.item_count), 0) FROM (
        SELECT id, payment_id, item_count, state FROM orders
        WHERE store_id = $1 AND session_id = $2 AND placed_at IS NOT NULL
          AND state IN ('Payment', 'Confirm') AND id <> $3
        UNION
        SELECT id, payment_id, item_count, state FROM orders
        WHERE store_id = $1 AND LOWER(email) = LOWER($4) AND email IS NOT NULL
          AND placed_at IS NOT NULL AND state IN ('Payment', 'Confirm')
          AND id <> $3) g
        JOIN payment p ON p.store_id = $1 AND p.id = g.payment_id
      WHERE NOT EXISTS (SELECT 1 FROM shipment h WHERE h.store_id = $1 AND h.order_id = g.id)
        AND ((g.state = 'Payment' AND p.offline = 1)
          OR (g.state = 'Confirm' AND p.state <> 'captured'
            AND (p.state <> 'authorized' OR p.offline = 1))))sql"};
  const auto read = [](db::Columns& in, std::int64_t& out) { in >> out; };
  const auto found =
      order.user_id.empty()
          ? scope.tx.first<std::int64_t>(
                kOfGuest, {scope.store, order.session_id, order.id, order.email}, read)
          : scope.tx.first<std::int64_t>(kOfUser, {scope.store, order.user_id, order.id}, read);
  return found.value_or(0);
}

std::vector<ClaimableOrder> list_claimable_orders(const Scope& scope, const Guest& guest,
                                                  std::int64_t limit) {
  static constexpr db::Sql kOfSession{R"sql(SELECT id, number FROM orders
      WHERE store_id = $1 AND session_id = $2 AND placed_at IS NOT NULL
        AND (state = 'Confirm' OR state = 'Complete' OR state = 'Canceled')
      ORDER BY placed_at DESC, id DESC LIMIT $3)sql"};
  static constexpr db::Sql kOfEmail{R"sql(SELECT id, number FROM orders
      WHERE store_id = $1 AND LOWER(email) = LOWER($2) AND email IS NOT NULL
        AND placed_at IS NOT NULL AND user_id IS NULL
        AND (state = 'Confirm' OR state = 'Complete' OR state = 'Canceled')
      ORDER BY placed_at DESC, id DESC LIMIT $3)sql"};
  const bool is_session = guest.email.empty();
  return scope.tx.all<ClaimableOrder>(
      is_session ? kOfSession : kOfEmail,
      {scope.store, is_session ? guest.session_id : guest.email, limit},
      [](auto& in, auto& out) { in >> out.id >> out.number; });
}

bool claim_order(const Scope& scope, const OrderId& id, std::string_view user_id) {
  static constexpr db::Sql kClaim{R"sql(UPDATE orders
      SET version = version + 1, updated_at = $4, user_id = $3, session_id = NULL
      WHERE store_id = $1 AND id = $2 AND user_id IS NULL
        AND (state = 'Confirm' OR state = 'Complete' OR state = 'Canceled'))sql"};
  return scope.tx.execute(kClaim, {scope.store, id, user_id, scope.now}) == 1;
}

// ---- lines

std::vector<OfferedLine> load_offered_lines(const Scope& scope, const OrderId& order,
                                            Currency currency) {
  // Returns a row for each stock item of a line, or one row if it has none.
  static constexpr db::Sql kLoad = sql<R"sql(SELECT i.id, l.active, s.on_hand - s.reserved,
        s.backorderable, i.variant_id, i.listed_price_cents, {i.columns}, v.sku, v.tax_category,
        v.min_quantity, v.max_quantity, v.quantity_step, v.weight_grams, v.product_id,
        p.categories, p.active, v.active, v.price_cents, v.currency, v.prices
      FROM line_item i JOIN variant v ON v.store_id = i.store_id AND v.id = i.variant_id
        JOIN product p ON p.store_id = v.store_id AND p.id = v.product_id
        LEFT JOIN stock_item s ON s.store_id = i.store_id AND s.variant_id = i.variant_id
        LEFT JOIN location l ON l.store_id = s.store_id AND l.id = s.location_id
      WHERE i.store_id = $1 AND i.order_id = $2 ORDER BY i.variant_id, i.gift_promotion_id)sql",
                                       kLine>;
  std::vector<OfferedLine> lines;
  scope.tx.query(kLoad, {scope.store, order}, [&](const db::Row& row) {
    db::Columns in(row);
    LineItemId id;
    bool location_active = false;
    std::int64_t available = 0;
    bool backorderable = false;
    in >> id >> location_active >> available >> backorderable;
    if (lines.empty() || lines.back().item.id != id) {
      OfferedLine& line = lines.emplace_back();
      in >> line.variant_id >> line.listed_price_cents;
      kLine(in, line.item);
      read_offer(in, currency, line);
    }
    if (!location_active) return;
    lines.back().item.available_quantity += available;
    lines.back().item.backorderable = lines.back().item.backorderable || backorderable;
  });
  return as_added(std::move(lines));
}

void add_list_entries(const Scope& scope, const OrderId& order, std::vector<OfferedLine>& lines) {
  static constexpr db::Sql kLoad{R"sql(SELECT e.variant_id, e.price_list_id, e.min_quantity,
        e.price_cents
      FROM line_item i JOIN price_list_entry e
        ON e.store_id = i.store_id AND e.variant_id = i.variant_id
      WHERE i.store_id = $1 AND i.gift_promotion_id = '' AND i.order_id = $2)sql"};
  scope.tx.query(kLoad, {scope.store, order}, [&](const db::Row& row) {
    db::Columns in(row);
    VariantId variant;
    pricing::ListEntry entry;
    in >> variant >> entry.price_list_id >> entry.min_quantity >> entry.price_cents;
    const auto line = std::find_if(lines.begin(), lines.end(), [&](const OfferedLine& each) {
      return each.variant_id == variant;
    });
    line->list_entries.push_back(entry);
  });
}

void insert_line(const Scope& scope, const OrderId& order, const LineRow& line) {
  static constexpr db::Sql kInsert = sql<R"sql(INSERT INTO line_item
      (store_id, order_id, variant_id, listed_price_cents, {columns})
      VALUES ($1, $2, $3, $4, {values 5}))sql",
                                         kLine>;
  scope.tx.execute(kInsert, Parameters(scope.store, order, line.variant_id, line.listed_price_cents)
                                .add(kLine, line.item));
}

void update_line(const Scope& scope, const OrderId& order, const LineRow& line) {
  static constexpr db::Sql kUpdate = sql<R"sql(UPDATE line_item
      SET listed_price_cents = $4, {sets 6}
      WHERE store_id = $1 AND order_id = $2 AND variant_id = $3 AND gift_promotion_id = $5)sql",
                                         kLineParts>;
  scope.tx.execute(kUpdate, Parameters(scope.store, order, line.variant_id, line.listed_price_cents,
                                       line.item.gift_promotion_id)
                                .add(kLineParts, line.item));
}

void delete_line(const Scope& scope, const OrderId& order, const LineRow& line) {
  static constexpr db::Sql kDelete{R"sql(DELETE FROM line_item
      WHERE store_id = $1 AND order_id = $2 AND variant_id = $3 AND gift_promotion_id = $4)sql"};
  scope.tx.execute(kDelete, {scope.store, order, line.variant_id, line.item.gift_promotion_id});
}

// ---- addresses

OrderAddresses load_order_addresses(const Scope& scope, const OrderId& order) {
  static constexpr db::Sql kLoad = sql<R"sql(SELECT kind, {columns}
      FROM order_address WHERE store_id = $1 AND order_id = $2)sql",
                                       kAddress>;
  OrderAddresses found;
  scope.tx.query(kLoad, {scope.store, order}, [&](const db::Row& row) {
    std::string kind;
    db::Columns in(row);
    in >> kind;
    Address& out = (kind == "shipping" ? found.shipping : found.billing).emplace();
    kAddress(in, out);
    out.formatted = address_lines(out);
  });
  if (!found.billing) found.billing = found.shipping;
  return found;
}

void save_order_addresses(const Scope& scope, const OrderId& order, const Address& shipping,
                          const std::optional<Address>& billing) {
  static constexpr db::Sql kClearBilling{R"sql(DELETE FROM order_address
      WHERE store_id = $1 AND order_id = $2 AND kind = 'billing')sql"};
  static constexpr db::Sql kSave = sql<R"sql(INSERT INTO order_address
      (store_id, order_id, kind, {columns}) VALUES ($1, $2, $3, {values 4})
      ON CONFLICT (store_id, order_id, kind) DO UPDATE SET {sets 4})sql",
                                       kAddress>;
  const auto save = [&](const char* kind, const Address& address) {
    scope.tx.execute(kSave, Parameters(scope.store, order, kind).add(kAddress, address));
  };
  save("shipping", shipping);
  if (billing) {
    save("billing", *billing);
  } else {
    scope.tx.execute(kClearBilling, {scope.store, order});
  }
}

// ---- promotions

std::vector<OrderPromotionRow> load_order_promotions(const Scope& scope, const OrderRow& order) {
  static constexpr db::Sql kLoad = sql<R"sql(SELECT {columns}
      FROM order_promotion WHERE store_id = $1 AND order_id = $2
      ORDER BY promotion_id, code)sql",
                                       kPromotion>;
  if (order.promotion_count == 0) return {};
  return scope.tx.all<OrderPromotionRow>(kLoad, {scope.store, order.id}, kPromotion);
}

void insert_order_promotion(const Scope& scope, OrderRow& order, const OrderPromotionRow& row) {
  static constexpr db::Sql kInsert = sql<R"sql(INSERT INTO order_promotion
      (store_id, order_id, {columns}) VALUES ($1, $2, {values 3})
      ON CONFLICT DO NOTHING)sql",
                                         kPromotion>;
  order.promotion_count +=
      scope.tx.execute(kInsert, Parameters(scope.store, order.id).add(kPromotion, row));
}

void delete_order_promotion(const Scope& scope, OrderRow& order, const OrderPromotionRow& row) {
  static constexpr db::Sql kDelete{R"sql(DELETE FROM order_promotion
      WHERE store_id = $1 AND order_id = $2 AND promotion_id = $3 AND code = $4)sql"};
  order.promotion_count -=
      scope.tx.execute(kDelete, {scope.store, order.id, row.promotion_id, row.code});
}

void update_order_promotion(const Scope& scope, const OrderId& order,
                            const OrderPromotionRow& row) {
  static constexpr db::Sql kUpdate = sql<R"sql(UPDATE order_promotion SET {sets 5}
      WHERE store_id = $1 AND order_id = $2 AND promotion_id = $3 AND code = $4)sql",
                                         kPromotionParts>;
  scope.tx.execute(
      kUpdate,
      Parameters(scope.store, order, row.promotion_id, row.code).add(kPromotionParts, row));
}

bool has_ordered_before(const Scope& scope, const OrderRow& order) {
  static constexpr db::Sql kOfUser{R"sql(SELECT 1 FROM orders
      WHERE store_id = $1 AND user_id = $2 AND placed_at IS NOT NULL AND id <> $3
        AND state <> 'Canceled'
      ORDER BY placed_at, id LIMIT 1)sql"};
  static constexpr db::Sql kOfEmail{R"sql(SELECT 1 FROM orders
      WHERE store_id = $1 AND LOWER(email) = LOWER($2) AND email IS NOT NULL
        AND placed_at IS NOT NULL AND id <> $3 AND state <> 'Canceled'
      ORDER BY placed_at, id LIMIT 1)sql"};
  const auto is_there = [&](const db::Sql& sql, const std::string& customer) {
    return !customer.empty() &&
           scope.tx
               .first<std::int64_t>(sql, {scope.store, customer, order.id},
                                    [](db::Columns& in, std::int64_t& out) { in >> out; })
               .has_value();
  };
  return is_there(kOfUser, order.user_id) || is_there(kOfEmail, order.email);
}

// ---- shipment

std::optional<OrderShipment> find_shipment(const Scope& scope, const OrderId& order) {
  static constexpr db::Sql kFind = sql<R"sql(SELECT {columns}
      FROM shipment WHERE store_id = $1 AND order_id = $2)sql",
                                       kShipment>;
  return scope.tx.first<OrderShipment>(kFind, {scope.store, order}, kShipment);
}

void insert_shipment(const Scope& scope, const OrderId& order, const OrderShipment& shipment) {
  static constexpr db::Sql kInsert = sql<R"sql(INSERT INTO shipment
      (store_id, order_id, id, {columns}) VALUES ($1, $2, $3, {values 4}))sql",
                                         kShipment>;
  const auto id = scope.ids.make<ShipmentId>();
  scope.tx.execute(kInsert, Parameters(scope.store, order, id).add(kShipment, shipment));
}

// ---- abandoned carts

std::vector<OrderId> list_abandoned_carts(const Scope& scope, Timestamp before,
                                          std::int64_t limit) {
  static constexpr db::Sql kList{R"sql(SELECT id FROM orders
      WHERE store_id = $1 AND updated_at < $2 AND session_id IS NOT NULL AND number IS NULL
        AND (state = 'Cart' OR state = 'Address' OR state = 'Delivery')
      ORDER BY updated_at, id LIMIT $3)sql"};
  return scope.tx.all<OrderId>(kList, {scope.store, before, limit}, read_id);
}

void delete_abandoned_cart(const Scope& scope, const OrderId& id, Timestamp before) {
  static constexpr db::Sql kLock{R"sql(UPDATE orders SET version = version + 1
      WHERE store_id = $1 AND id = $2 AND updated_at < $3 AND number IS NULL
        AND (state = 'Cart' OR state = 'Address' OR state = 'Delivery'))sql"};
  static constexpr db::Sql kDelete[] = {
      {R"sql(DELETE FROM line_item WHERE store_id = $1 AND order_id = $2)sql"},
      {R"sql(DELETE FROM order_address WHERE store_id = $1 AND order_id = $2)sql"},
      {R"sql(DELETE FROM order_promotion WHERE store_id = $1 AND order_id = $2)sql"},
      {R"sql(DELETE FROM orders WHERE store_id = $1 AND id = $2)sql"},
  };
  if (scope.tx.execute(kLock, {scope.store, id, before}) != 1) return;
  for (const db::Sql& statement : kDelete) scope.tx.execute(statement, {scope.store, id});
}

std::vector<std::string> find_stores_with_abandoned_carts(db::Transaction& tx, Timestamp now) {
  static constexpr db::Sql kFind{R"sql(SELECT s.store_id FROM store s
      WHERE EXISTS (SELECT 1 FROM orders o WHERE o.store_id = s.store_id
        AND o.updated_at < $1 - COALESCE(s.abandoned_cart_days, $2) * $3
        AND o.session_id IS NOT NULL AND o.number IS NULL
        AND (o.state = 'Cart' OR o.state = 'Address' OR o.state = 'Delivery'))
      ORDER BY s.store_id)sql"};
  const CheckoutSettings defaults;
  return find_stores(tx, kFind, {now, defaults.abandoned_cart_days, kMicrosPerDay});
}

std::vector<OrderId> list_unpaid_of_guests(const Scope& scope, Timestamp before,
                                           std::int64_t limit) {
  static constexpr db::Sql kList{R"sql(SELECT id FROM orders
      WHERE store_id = $1 AND updated_at < $2 AND session_id IS NOT NULL AND email IS NOT NULL
        AND completed_at IS NULL AND (state = 'Canceled' OR state = 'Merged'
          OR (number IS NOT NULL
            AND (state = 'Cart' OR state = 'Address' OR state = 'Delivery')))
        AND NOT EXISTS (SELECT 1 FROM payment p
          WHERE p.store_id = $1 AND p.order_id = orders.id AND p.state = 'captured')
      ORDER BY updated_at, id LIMIT $3)sql"};
  return scope.tx.all<OrderId>(kList, {scope.store, before, limit}, read_id);
}

std::vector<std::string> find_stores_with_unpaid_of_guests(db::Transaction& tx, Timestamp now) {
  static constexpr db::Sql kFind{R"sql(SELECT s.store_id FROM store s
      WHERE EXISTS (SELECT 1 FROM orders o WHERE o.store_id = s.store_id
        AND o.updated_at < $1 - COALESCE(s.abandoned_cart_days, $2) * $3
        AND o.session_id IS NOT NULL AND o.email IS NOT NULL
        AND o.completed_at IS NULL AND (o.state = 'Canceled' OR o.state = 'Merged'
          OR (o.number IS NOT NULL
            AND (o.state = 'Cart' OR o.state = 'Address' OR o.state = 'Delivery')))
        AND NOT EXISTS (SELECT 1 FROM payment p
          WHERE p.store_id = s.store_id AND p.order_id = o.id AND p.state = 'captured'))
      ORDER BY s.store_id)sql"};
  const CheckoutSettings defaults;
  return find_stores(tx, kFind, {now, defaults.abandoned_cart_days, kMicrosPerDay});
}

std::optional<OrderRow> lock_unpaid_of_guest(const Scope& scope, const OrderId& id,
                                             Timestamp before) {
  static constexpr db::Sql kLock{R"sql(UPDATE orders SET version = version + 1
      WHERE store_id = $1 AND id = $2 AND updated_at < $3
        AND NOT EXISTS (SELECT 1 FROM payment p
          WHERE p.store_id = $1 AND p.order_id = orders.id AND p.state = 'captured'))sql"};
  if (scope.tx.execute(kLock, {scope.store, id, before}) != 1) return std::nullopt;
  return load_order_row(scope, id);
}

void delete_order_addresses(const Scope& scope, const OrderId& order) {
  static constexpr db::Sql kDelete{R"sql(DELETE FROM order_address
      WHERE store_id = $1 AND order_id = $2)sql"};
  scope.tx.execute(kDelete, {scope.store, order});
}

}  // namespace resys::rows
