// Loads the text by which placed orders are found, from the rows that hold it.
#include "order/rows.hpp"

namespace resys::rows {
namespace {

// The same statement three times, because each one uses another index.
constexpr db::Sql kAll{R"sql(SELECT o.placed_at, o.id, o.number, o.email,
      s.first_name, s.last_name, s.company, s.city, s.postal_code,
      b.first_name, b.last_name, b.company, b.city, b.postal_code, i.sku, i.name
    FROM orders o
      LEFT JOIN order_address s
        ON s.store_id = o.store_id AND s.order_id = o.id AND s.kind = 'shipping'
      LEFT JOIN order_address b
        ON b.store_id = o.store_id AND b.order_id = o.id AND b.kind = 'billing'
      LEFT JOIN line_item i ON i.store_id = o.store_id AND i.order_id = o.id
    WHERE o.store_id = $1 AND o.placed_at IS NOT NULL AND (o.placed_at, o.id) < ($2, $3)
    ORDER BY o.placed_at DESC, o.id DESC LIMIT $4)sql"};
constexpr db::Sql kInState{R"sql(SELECT o.placed_at, o.id, o.number, o.email,
      s.first_name, s.last_name, s.company, s.city, s.postal_code,
      b.first_name, b.last_name, b.company, b.city, b.postal_code, i.sku, i.name
    FROM orders o
      LEFT JOIN order_address s
        ON s.store_id = o.store_id AND s.order_id = o.id AND s.kind = 'shipping'
      LEFT JOIN order_address b
        ON b.store_id = o.store_id AND b.order_id = o.id AND b.kind = 'billing'
      LEFT JOIN line_item i ON i.store_id = o.store_id AND i.order_id = o.id
    WHERE o.store_id = $1 AND o.state = $5 AND o.placed_at IS NOT NULL
      AND (o.placed_at, o.id) < ($2, $3)
    ORDER BY o.placed_at DESC, o.id DESC LIMIT $4)sql"};
constexpr db::Sql kOfUser{R"sql(SELECT o.placed_at, o.id, o.number, o.email,
      s.first_name, s.last_name, s.company, s.city, s.postal_code,
      b.first_name, b.last_name, b.company, b.city, b.postal_code, i.sku, i.name
    FROM orders o
      LEFT JOIN order_address s
        ON s.store_id = o.store_id AND s.order_id = o.id AND s.kind = 'shipping'
      LEFT JOIN order_address b
        ON b.store_id = o.store_id AND b.order_id = o.id AND b.kind = 'billing'
      LEFT JOIN line_item i ON i.store_id = o.store_id AND i.order_id = o.id
    WHERE o.store_id = $1 AND o.user_id = $5 AND o.placed_at IS NOT NULL
      AND (o.placed_at, o.id) < ($2, $3) AND o.state = COALESCE($6, o.state)
    ORDER BY o.placed_at DESC, o.id DESC LIMIT $4)sql"};

// The columns of the statements: the order's, those of each address, and the line's.
constexpr int kOrder = 2;
constexpr int kShipping = 4;
constexpr int kBilling = 9;
constexpr int kLine = 14;
constexpr int kEnd = 16;

void add_texts(const db::Row& row, int from, int end, std::string& text) {
  for (int column = from; column < end; ++column) text.append(row.text(column)) += '\n';
}

// The last column is the postal code, which may be typed without its blanks and hyphens.
void add_address(const db::Row& row, int from, int end, std::string& text) {
  add_texts(row, from, end, text);
  for (const char letter : row.text(end - 1)) {
    if (letter != ' ' && letter != '-') text += letter;
  }
  text += '\n';
}

}  // namespace

SearchedOrders load_searched_orders(const Scope& scope, const OrderFilter& filter,
                                    const PlacedKey& before, std::int64_t lines) {
  SearchedOrders found;
  const auto read = [&](const db::Row& row) {
    ++found.lines;
    PlacedKey key;
    db::Columns(row) >> key.placed_at >> key.id;
    if (found.orders.empty() || found.orders.back().key.id != key.id) {
      std::string& text = found.orders.emplace_back(SearchedOrder{key, {}}).text;
      add_texts(row, kOrder, kShipping, text);
      add_address(row, kShipping, kBilling, text);
      add_address(row, kBilling, kLine, text);
    }
    add_texts(row, kLine, kEnd, found.orders.back().text);
  };
  if (!filter.user_id.empty()) {
    scope.tx.query(kOfUser,
                   {scope.store, before.placed_at, before.id, lines, filter.user_id, filter.state},
                   read);
  } else if (filter.state) {
    scope.tx.query(kInState, {scope.store, before.placed_at, before.id, lines, filter.state}, read);
  } else {
    scope.tx.query(kAll, {scope.store, before.placed_at, before.id, lines}, read);
  }
  found.more = found.lines == lines;
  if (found.more) found.orders.pop_back();  // its lines may not all have been read
  return found;
}

}  // namespace resys::rows
