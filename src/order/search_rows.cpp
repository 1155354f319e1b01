// Loads the text by which a placed order is found, from the rows that hold it.
#include "order/rows.hpp"

namespace resys::rows {
namespace {

// The columns of the statement: the order's, those of each address, and the line's.
constexpr int kOrder = 0;
constexpr int kShipping = 2;
constexpr int kBilling = 7;
constexpr int kLine = 12;
constexpr int kEnd = 14;

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

SearchedText load_searched_text(const Scope& scope, const OrderId& order) {
  static constexpr db::Sql kLoad{R"sql(SELECT o.number, o.email,
        s.first_name, s.last_name, s.company, s.city, s.postal_code,
        b.first_name, b.last_name, b.company, b.city, b.postal_code, i.sku, i.name
      FROM orders o
        LEFT JOIN order_address s
          ON s.store_id = o.store_id AND s.order_id = o.id AND s.kind = 'shipping'
        LEFT JOIN order_address b
          ON b.store_id = o.store_id AND b.order_id = o.id AND b.kind = 'billing'
        LEFT JOIN line_item i ON i.store_id = o.store_id AND i.order_id = o.id
      WHERE o.store_id = $1 AND o.id = $2)sql"};
  SearchedText found;
  scope.tx.query(kLoad, {scope.store, order}, [&](const db::Row& row) {
    if (found.lines++ == 0) {
      add_texts(row, kOrder, kShipping, found.text);
      add_address(row, kShipping, kBilling, found.text);
      add_address(row, kBilling, kLine, found.text);
    }
    add_texts(row, kLine, kEnd, found.text);
  });
  return found;
}

}  // namespace resys::rows
