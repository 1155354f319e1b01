// Each rule is one query for the rows that break it; the first column says which row it is.
#include "support/invariants.hpp"

#include <sqlite3.h>

#include <memory>
#include <stdexcept>

namespace resys::test {
namespace {

struct Rule {
  const char* sentence;
  const char* sql;
};

constexpr Rule kRules[] = {
    // ---- the file
    {"the file is sound",
     "SELECT integrity_check FROM pragma_integrity_check "
     "WHERE integrity_check <> 'ok'"},
    {"every reference leads somewhere", R"(SELECT "table" FROM pragma_foreign_key_check)"},

    // ---- stock
    {"0 <= reserved <= on hand", R"(
      SELECT variant_id FROM stock_item WHERE reserved < 0 OR reserved > on_hand)"},
    {"the counters are the sums of their movements", R"(
      SELECT s.variant_id, s.on_hand, s.reserved, SUM(m.on_hand_delta), SUM(m.reserved_delta)
      FROM stock_item s LEFT JOIN stock_movement m USING (store_id, variant_id, location_id)
      GROUP BY s.store_id, s.variant_id, s.location_id
      HAVING s.on_hand <> COALESCE(SUM(m.on_hand_delta), 0)
        OR s.reserved <> COALESCE(SUM(m.reserved_delta), 0))"},
    {"what is reserved are the reserved units", R"(
      SELECT s.variant_id, s.reserved, SUM(u.quantity)
      FROM stock_item s LEFT JOIN inventory_unit u ON u.store_id = s.store_id
        AND u.variant_id = s.variant_id AND u.location_id = s.location_id AND u.state = 'reserved'
      GROUP BY s.store_id, s.variant_id, s.location_id
      HAVING s.reserved <> COALESCE(SUM(u.quantity), 0))"},
    {"what orders took from on hand are the sold and shipped units", R"(
      SELECT s.variant_id, s.location_id FROM stock_item s
      WHERE (SELECT COALESCE(SUM(m.on_hand_delta), 0) FROM stock_movement m
          WHERE m.store_id = s.store_id AND m.variant_id = s.variant_id
            AND m.location_id = s.location_id AND m.order_ref IS NOT NULL)
        <> -(SELECT COALESCE(SUM(u.quantity), 0) FROM inventory_unit u
          WHERE u.store_id = s.store_id AND u.variant_id = s.variant_id
            AND u.location_id = s.location_id AND u.state IN ('sold', 'shipped')))"},
    {"nobody waits for stock that is there", R"(
      SELECT DISTINCT u.variant_id FROM inventory_unit u
        JOIN stock_item s ON s.store_id = u.store_id AND s.variant_id = u.variant_id
        JOIN location l ON l.store_id = s.store_id AND l.id = s.location_id
      WHERE u.state = 'backordered' AND l.active = 1 AND s.on_hand > s.reserved)"},
    {"a reservation's units are as far as it is", R"(
      SELECT r.order_ref, r.state, u.state FROM reservation r JOIN inventory_unit u
        ON u.store_id = r.store_id AND u.order_ref = r.order_ref
      WHERE u.state NOT IN ('released', 'returned')
        AND NOT (r.state = 'held' AND u.state IN ('reserved', 'backordered'))
        AND NOT (r.state = 'committed' AND u.state IN ('sold', 'shipped', 'backordered')))"},
    {"only a held reservation has a deadline", R"(
      SELECT order_ref FROM reservation WHERE state <> 'held' AND expires_at IS NOT NULL)"},

    // ---- orders and their stock
    {"an order's reservation is held while it is paid, committed once it is complete", R"(
      SELECT r.order_ref, r.state, o.state
      FROM reservation r LEFT JOIN orders o ON o.store_id = r.store_id AND o.id = r.order_ref
      WHERE SUBSTR(r.order_ref, 1, 6) = 'order_' AND NOT COALESCE(CASE o.state
        WHEN 'Payment' THEN r.state = 'held'
        WHEN 'Confirm' THEN r.state IN ('held', 'committed')
        WHEN 'Complete' THEN r.state = 'committed'
        ELSE r.state = 'released' END, 0))"},
    {"a placed order has stock for all that was ordered", R"(
      SELECT o.id, o.state, i.sku, i.quantity FROM orders o JOIN line_item i
        ON i.store_id = o.store_id AND i.order_id = o.id
      WHERE o.state IN ('Payment', 'Confirm', 'Complete')
        AND i.quantity <> (SELECT COALESCE(SUM(u.quantity), 0) FROM inventory_unit u
          WHERE u.store_id = o.store_id AND u.order_ref = o.id AND u.variant_id = i.variant_id
            AND u.state NOT IN ('released', 'returned')))"},

    // ---- orders
    {"an order's totals are the sums of its parts", R"(
      SELECT o.id FROM orders o
      WHERE o.item_count <> (SELECT COALESCE(SUM(i.quantity), 0) FROM line_item i
          WHERE i.store_id = o.store_id AND i.order_id = o.id)
        OR o.item_total_cents <> (SELECT COALESCE(SUM(i.total_cents), 0) FROM line_item i
          WHERE i.store_id = o.store_id AND i.order_id = o.id)
        OR o.discount_total_cents <> (SELECT COALESCE(SUM(c.discount_cents), 0)
          FROM order_coupon c WHERE c.store_id = o.store_id AND c.order_id = o.id)
        OR o.total_cents <> o.item_total_cents - o.discount_total_cents + o.shipment_total_cents
          + o.tax_total_cents
        OR o.total_cents < 0)"},
    {"a placed order has a number and the moment of its placing", R"(
      SELECT id, state FROM orders WHERE state IN ('Payment', 'Confirm', 'Complete')
        AND (number IS NULL OR placed_at IS NULL OR item_count = 0))"},
    {"an order is completed once", R"(
      SELECT o.id, o.state FROM orders o
      WHERE (SELECT COUNT(*) FROM event e WHERE e.store_id = o.store_id AND e.order_id = o.id
          AND e.type = 'OrderCompleted') <> (o.completed_at IS NOT NULL)
        OR (o.state = 'Complete' AND o.completed_at IS NULL))"},
    {"an order's events are numbered 1, 2, 3", R"(
      SELECT order_id, COUNT(*), MIN(sequence), MAX(sequence) FROM event
      GROUP BY store_id, order_id HAVING MIN(sequence) <> 1 OR MAX(sequence) <> COUNT(*))"},

    // ---- coupons
    {"a coupon's uses are those that orders hold", R"(
      SELECT c.code, c.used FROM coupon c
      WHERE c.used <> (SELECT COUNT(*) FROM order_coupon o
        WHERE o.store_id = c.store_id AND o.coupon_id = c.id AND o.taken_by IS NOT NULL))"},
    {"a customer's uses of a coupon are those that their orders hold", R"(
      SELECT u.customer, u.used FROM coupon_use u
      WHERE u.used <> (SELECT COUNT(*) FROM order_coupon o WHERE o.store_id = u.store_id
        AND o.coupon_id = u.coupon_id AND o.taken_by = u.customer))"},
    {"only placed orders hold a use of a coupon", R"(
      SELECT o.id, o.state FROM order_coupon c JOIN orders o
        ON o.store_id = c.store_id AND o.id = c.order_id
      WHERE c.taken_by IS NOT NULL AND o.state NOT IN ('Payment', 'Confirm', 'Complete'))"},

    // ---- money
    {"no more is captured than asked for, no more is refunded than captured", R"(
      SELECT p.id FROM payment p LEFT JOIN payment_entry e
        ON e.store_id = p.store_id AND e.payment_id = p.id
      GROUP BY p.store_id, p.id
      HAVING SUM(CASE WHEN e.kind = 'capture' AND e.state = 'succeeded' THEN e.amount_cents
          ELSE 0 END) > p.amount_cents
        OR SUM(CASE WHEN e.state = 'failed' THEN 0 WHEN e.kind = 'refund' THEN e.amount_cents
          WHEN e.state = 'succeeded' THEN -e.amount_cents ELSE 0 END) > 0)"},
    {"a captured payment has its money", R"(
      SELECT p.id, p.amount_cents FROM payment p
      WHERE p.state = 'captured' AND p.amount_cents <> (SELECT COALESCE(SUM(e.amount_cents), 0)
        FROM payment_entry e WHERE e.store_id = p.store_id AND e.payment_id = p.id
          AND e.kind = 'capture' AND e.state = 'succeeded'))"},
    {"a complete order was paid", R"(
      SELECT o.id, o.total_cents FROM orders o
      WHERE o.state = 'Complete' AND o.total_cents > (SELECT COALESCE(SUM(e.amount_cents), 0)
        FROM payment p JOIN payment_entry e ON e.store_id = p.store_id AND e.payment_id = p.id
        WHERE p.store_id = o.store_id AND p.order_id = o.id AND e.kind = 'capture'
          AND e.state = 'succeeded'))"},
    {"money is kept for placed orders only", R"(
      SELECT o.id, o.state FROM orders o JOIN payment p
          ON p.store_id = o.store_id AND p.order_id = o.id
        JOIN payment_entry e ON e.store_id = p.store_id AND e.payment_id = p.id
      WHERE o.state NOT IN ('Payment', 'Confirm', 'Complete')
      GROUP BY o.store_id, o.id
      HAVING SUM(CASE WHEN e.kind = 'refund' THEN -e.amount_cents
        WHEN e.state = 'succeeded' THEN e.amount_cents ELSE 0 END) > 0)"},
    {"an order has one open payment while it is in Payment or Confirm, and no other time", R"(
      SELECT o.id, o.state FROM orders o
      WHERE o.total_cents > 0 AND (o.state IN ('Payment', 'Confirm')) <> (SELECT COUNT(*)
        FROM payment p WHERE p.store_id = o.store_id AND p.order_id = o.id
          AND p.state NOT IN ('captured', 'failed', 'voided')))"},
};

struct Close {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

std::string row_text(sqlite3_stmt* statement) {
  std::string text;
  for (int column = 0; column < sqlite3_column_count(statement); ++column) {
    const auto* value = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
    text += (column == 0 ? "" : ", ") + std::string(value == nullptr ? "NULL" : value);
  }
  return text;
}

}  // namespace

std::vector<std::string> broken_invariants(const std::string& file) {
  sqlite3* opened = nullptr;
  const int result = sqlite3_open_v2(file.c_str(), &opened, SQLITE_OPEN_READWRITE, nullptr);
  const std::unique_ptr<sqlite3, Close> database(opened);
  if (result != SQLITE_OK) throw std::runtime_error("cannot open " + file);
  sqlite3_busy_timeout(opened, 10'000);
  std::vector<std::string> broken;
  for (const Rule& rule : kRules) {
    sqlite3_stmt* prepared = nullptr;
    if (sqlite3_prepare_v2(opened, rule.sql, -1, &prepared, nullptr) != SQLITE_OK) {
      throw std::runtime_error(std::string(rule.sentence) + ": " + sqlite3_errmsg(opened));
    }
    const std::unique_ptr<sqlite3_stmt, Close> statement(prepared);
    int step = sqlite3_step(prepared);
    for (; step == SQLITE_ROW; step = sqlite3_step(prepared)) {
      broken.push_back(std::string(rule.sentence) + ": not so for " + row_text(prepared));
    }
    if (step != SQLITE_DONE) throw std::runtime_error(sqlite3_errmsg(opened));
  }
  return broken;
}

}  // namespace resys::test
