// The rows of each rule are an id, the expected value and the actual value. If the two values
// differ, the rule is broken.
#include "shop/check_rows.hpp"

namespace resys::rows {
namespace {

using db::Sql;

// ---- stock and prices, by variant

constexpr Sql kVariantCount{R"sql(SELECT COUNT(DISTINCT variant_id) FROM stock_item
    WHERE store_id = $1)sql"};
constexpr Sql kVariantPage{R"sql(SELECT COUNT(*), MAX(variant_id)
    FROM (SELECT variant_id FROM stock_item WHERE store_id = $1 AND variant_id > $2
      GROUP BY variant_id ORDER BY variant_id LIMIT $3) page)sql"};
constexpr Rule kVariantRules[] = {
    {"no more units are reserved than are on hand",
     {R"sql(SELECT variant_id || ' at ' || location_id,
          '0 to ' || CAST(on_hand AS TEXT), reserved
        FROM stock_item WHERE store_id = $1 AND variant_id > $2 AND variant_id <= $3
          AND (reserved < 0 OR reserved > on_hand))sql"}},
    {"the units on hand are the sum of the stock movements",
     {R"sql(SELECT s.variant_id || ' at ' || s.location_id,
          (SELECT COALESCE(SUM(m.on_hand_delta), 0) FROM stock_movement m
            WHERE m.store_id = s.store_id AND m.variant_id = s.variant_id
              AND m.location_id = s.location_id), s.on_hand
        FROM stock_item s
        WHERE s.store_id = $1 AND s.variant_id > $2 AND s.variant_id <= $3)sql"}},
    {"the units reserved are the sum of the stock movements",
     {R"sql(SELECT s.variant_id || ' at ' || s.location_id,
          (SELECT COALESCE(SUM(m.reserved_delta), 0) FROM stock_movement m
            WHERE m.store_id = s.store_id AND m.variant_id = s.variant_id
              AND m.location_id = s.location_id), s.reserved
        FROM stock_item s
        WHERE s.store_id = $1 AND s.variant_id > $2 AND s.variant_id <= $3)sql"}},
    {"nobody waits for stock that is there", {R"sql(SELECT s.variant_id || ' at ' || s.location_id,
          'no free units while orders wait', s.on_hand - s.reserved
        FROM stock_item s JOIN location l ON l.store_id = s.store_id AND l.id = s.location_id
        WHERE s.store_id = $1 AND s.variant_id > $2 AND s.variant_id <= $3 AND l.active = 1
          AND s.on_hand > s.reserved
          AND EXISTS (SELECT 1 FROM inventory_unit u WHERE u.store_id = s.store_id
            AND u.variant_id = s.variant_id AND u.state = 'backordered'))sql"}},
    {"a variant's price is the newest in its history", {R"sql(SELECT v.id,
          (SELECT c.price_cents FROM price_change c WHERE c.store_id = v.store_id
              AND c.variant_id = v.id AND c.price_list_id = '' AND c.currency = v.currency
            ORDER BY c.changed_at DESC LIMIT 1), v.price_cents
        FROM variant v WHERE v.store_id = $1 AND v.id > $2 AND v.id <= $3)sql"}},
};

// ---- reservations

constexpr Sql kReservationCount{R"sql(SELECT COUNT(*) FROM reservation WHERE store_id = $1)sql"};
constexpr Sql kReservationPage{R"sql(SELECT COUNT(*), MAX(order_ref)
    FROM (SELECT order_ref FROM reservation WHERE store_id = $1 AND order_ref > $2
      ORDER BY order_ref LIMIT $3) page)sql"};
constexpr Rule kReservationRules[] = {
    {"a reservation's units are as far as it is",
     {R"sql(SELECT u.id || ' of ' || r.order_ref, CASE r.state
          WHEN 'held' THEN 'reserved or backordered'
          WHEN 'committed' THEN 'sold, shipped or backordered' ELSE 'released or returned' END,
          u.state
        FROM reservation r JOIN inventory_unit u
          ON u.store_id = r.store_id AND u.order_ref = r.order_ref
        WHERE r.store_id = $1 AND r.order_ref > $2 AND r.order_ref <= $3
          AND u.state NOT IN ('released', 'returned')
          AND NOT (r.state = 'held' AND u.state IN ('reserved', 'backordered'))
          AND NOT (r.state = 'committed' AND u.state IN ('sold', 'shipped', 'backordered')))sql"}},
    {"only a held reservation has a deadline",
     {R"sql(SELECT order_ref, 'no deadline', expires_at FROM reservation
        WHERE store_id = $1 AND order_ref > $2 AND order_ref <= $3
          AND state <> 'held' AND expires_at IS NOT NULL)sql"}},
    {"an order's reservation is held while it is paid, committed once it is complete",
     {R"sql(SELECT r.order_ref, CASE o.state
          WHEN 'Payment' THEN 'held'
          WHEN 'Confirm' THEN CASE r.state WHEN 'committed' THEN 'committed' ELSE 'held' END
          WHEN 'Complete' THEN 'committed' ELSE 'released' END, r.state
        FROM reservation r JOIN orders o ON o.store_id = r.store_id AND o.id = r.order_ref
        WHERE r.store_id = $1 AND r.order_ref > $2 AND r.order_ref <= $3)sql"}},
    {"a reservation of an order has its order",
     {R"sql(SELECT r.order_ref, 'an order', 'none' FROM reservation r
        WHERE r.store_id = $1 AND r.order_ref > $2 AND r.order_ref <= $3
          AND SUBSTR(r.order_ref, 1, 6) = 'order_' AND NOT EXISTS (SELECT 1 FROM orders o
            WHERE o.store_id = r.store_id AND o.id = r.order_ref))sql"}},
};

// ---- orders

constexpr Sql kOrderCount{R"sql(SELECT COUNT(*) FROM orders WHERE store_id = $1)sql"};
constexpr Sql kOrderPage{R"sql(SELECT COUNT(*), MAX(id)
    FROM (SELECT id FROM orders WHERE store_id = $1 AND id > $2 ORDER BY id LIMIT $3) page)sql"};
constexpr Rule kOrderRules[] = {
    {"a placed order has stock for all that was ordered",
     {R"sql(SELECT o.id || ' ' || i.sku, i.quantity,
          (SELECT COALESCE(SUM(u.quantity), 0) FROM inventory_unit u
            WHERE u.store_id = o.store_id AND u.order_ref = o.id AND u.line_ref = i.id
              AND u.state NOT IN ('released', 'returned'))
        FROM orders o JOIN line_item i ON i.store_id = o.store_id AND i.order_id = o.id
        WHERE o.store_id = $1 AND o.id > $2 AND o.id <= $3
          AND o.state IN ('Payment', 'Confirm', 'Complete'))sql"}},
    {"an order has as many items as its lines",
     {R"sql(SELECT o.id, (SELECT COALESCE(SUM(i.quantity), 0) FROM line_item i
            WHERE i.store_id = o.store_id AND i.order_id = o.id), o.item_count
        FROM orders o WHERE o.store_id = $1 AND o.id > $2 AND o.id <= $3)sql"}},
    {"an order's item total is the sum of its lines",
     {R"sql(SELECT o.id, (SELECT COALESCE(SUM(i.total_cents), 0) FROM line_item i
            WHERE i.store_id = o.store_id AND i.order_id = o.id), o.item_total_cents
        FROM orders o WHERE o.store_id = $1 AND o.id > $2 AND o.id <= $3)sql"}},
    {"an order's discount is the sum of its promotions",
     {R"sql(SELECT o.id, (SELECT COALESCE(SUM(p.discount_cents), 0) FROM order_promotion p
            WHERE p.store_id = o.store_id AND p.order_id = o.id), o.discount_total_cents
        FROM orders o WHERE o.store_id = $1 AND o.id > $2 AND o.id <= $3)sql"}},
    {"an order's discount is divided among its lines",
     {R"sql(SELECT o.id, (SELECT COALESCE(SUM(i.discount_cents), 0) FROM line_item i
            WHERE i.store_id = o.store_id AND i.order_id = o.id), o.discount_total_cents
        FROM orders o WHERE o.store_id = $1 AND o.id > $2 AND o.id <= $3)sql"}},
    {"an order's tax is that of its lines and of shipping",
     {R"sql(SELECT o.id, o.shipment_tax_cents + (SELECT COALESCE(SUM(i.tax_cents), 0)
            FROM line_item i WHERE i.store_id = o.store_id AND i.order_id = o.id),
          o.tax_total_cents + o.included_tax_total_cents
        FROM orders o WHERE o.store_id = $1 AND o.id > $2 AND o.id <= $3)sql"}},
    {"an order's total is the sum of its parts",
     {R"sql(SELECT id, item_total_cents - discount_total_cents + shipment_total_cents
          + tax_total_cents, total_cents
        FROM orders WHERE store_id = $1 AND id > $2 AND id <= $3)sql"}},
    {"an order's total is not negative", {R"sql(SELECT id, 'at least 0', total_cents
        FROM orders WHERE store_id = $1 AND id > $2 AND id <= $3 AND total_cents < 0)sql"}},
    {"a placed order has a number, the moment of its placing, and items",
     {R"sql(SELECT id, 'all of them', CASE WHEN number IS NULL THEN 'no number'
          WHEN placed_at IS NULL THEN 'no moment' ELSE 'no items' END
        FROM orders WHERE store_id = $1 AND id > $2 AND id <= $3
          AND state IN ('Payment', 'Confirm', 'Complete')
          AND (number IS NULL OR placed_at IS NULL OR item_count = 0))sql"}},
    {"what is in no placing and has taken no money is not listed as placed",
     {R"sql(SELECT o.id, CASE WHEN EXISTS (SELECT 1 FROM payment p WHERE p.store_id = o.store_id
            AND p.order_id = o.id AND p.state = 'captured') THEN 'listed' ELSE 'not listed' END,
          CASE WHEN o.placed_at IS NULL THEN 'not listed' ELSE 'listed' END
        FROM orders o WHERE o.store_id = $1 AND o.id > $2 AND o.id <= $3
          AND o.state IN ('Cart', 'Address', 'Delivery', 'Merged'))sql"}},
    {"an order is completed once",
     {R"sql(SELECT o.id, CASE WHEN o.completed_at IS NULL THEN 0 ELSE 1 END,
          (SELECT COUNT(*) FROM event e WHERE e.store_id = o.store_id AND e.order_id = o.id
            AND e.type = 'OrderCompleted')
        FROM orders o WHERE o.store_id = $1 AND o.id > $2 AND o.id <= $3)sql"}},
    {"a complete order has the moment of its completion", {R"sql(SELECT id, 'a moment', 'none'
        FROM orders WHERE store_id = $1 AND id > $2 AND id <= $3
          AND state = 'Complete' AND completed_at IS NULL)sql"}},
    {"an order's events are numbered 1, 2, 3, while the first is kept",
     {R"sql(SELECT order_id, '1 to ' || CAST(COUNT(*) AS TEXT),
          CAST(MIN(sequence) AS TEXT) || ' to ' || CAST(MAX(sequence) AS TEXT)
        FROM event WHERE store_id = $1 AND order_id > $2 AND order_id <= $3
        GROUP BY order_id HAVING MIN(sequence) = 1)sql"}},
    {"a handler is told of an order's events one after the other",
     {R"sql(SELECT d.event_id || ' for ' || d.handler,
          CASE WHEN d.sequence = (SELECT MIN(a.sequence) FROM event_delivery a
            WHERE a.store_id = d.store_id AND a.order_id = d.order_id AND a.handler = d.handler
              AND a.state = 'pending') THEN 'to be told' ELSE 'waiting' END,
          CASE WHEN d.next_attempt_at IS NULL THEN 'waiting' ELSE 'to be told' END
        FROM event_delivery d
        WHERE d.store_id = $1 AND d.order_id > $2 AND d.order_id <= $3
          AND d.state = 'pending')sql"}},
    {"an order has a row for each promotion that it counts",
     {R"sql(SELECT o.id, (SELECT COUNT(*) FROM order_promotion p
            WHERE p.store_id = o.store_id AND p.order_id = o.id), o.promotion_count
        FROM orders o WHERE o.store_id = $1 AND o.id > $2 AND o.id <= $3)sql"}},
    {"a gift is given by a promotion of its order", {R"sql(SELECT i.id, i.gift_promotion_id, 'none'
        FROM line_item i WHERE i.store_id = $1 AND i.order_id > $2 AND i.order_id <= $3
          AND i.gift_promotion_id <> '' AND NOT EXISTS (SELECT 1 FROM order_promotion p
            WHERE p.store_id = i.store_id AND p.order_id = i.order_id
              AND p.promotion_id = i.gift_promotion_id AND p.position IS NOT NULL))sql"}},
    {"only placed orders hold a use of a promotion", {R"sql(SELECT o.id, 'none', p.promotion_id
        FROM orders o JOIN order_promotion p ON p.store_id = o.store_id AND p.order_id = o.id
        WHERE o.store_id = $1 AND o.id > $2 AND o.id <= $3
          AND (p.taken_by_user IS NOT NULL OR p.taken_by_email IS NOT NULL)
          AND o.state NOT IN ('Payment', 'Confirm', 'Complete'))sql"}},
    {"a complete order was paid, but for what staff have waived",
     {R"sql(SELECT id, 'at least ' || CAST(total_cents AS TEXT), covered
        FROM (SELECT o.id, o.total_cents, (SELECT COALESCE(SUM(e.amount_cents), 0)
            FROM payment p JOIN payment_entry e
              ON e.store_id = p.store_id AND e.payment_id = p.id
            WHERE p.store_id = o.store_id AND p.order_id = o.id
              AND e.kind IN ('capture', 'waiver') AND e.state = 'succeeded') AS covered
          FROM orders o WHERE o.store_id = $1 AND o.id > $2 AND o.id <= $3
            AND o.state = 'Complete') paid
        WHERE covered < total_cents)sql"}},
    {"money is kept for placed orders only", {R"sql(SELECT o.id, 'at most 0',
          SUM(CASE WHEN e.kind = 'refund' THEN -e.amount_cents
            WHEN e.kind = 'capture' AND e.state = 'succeeded' THEN e.amount_cents ELSE 0 END)
        FROM orders o JOIN payment p ON p.store_id = o.store_id AND p.order_id = o.id
          JOIN payment_entry e ON e.store_id = p.store_id AND e.payment_id = p.id
        WHERE o.store_id = $1 AND o.id > $2 AND o.id <= $3
          AND o.state NOT IN ('Payment', 'Confirm', 'Complete')
        GROUP BY o.id
        HAVING SUM(CASE WHEN e.kind = 'refund' THEN -e.amount_cents
          WHEN e.kind = 'capture' AND e.state = 'succeeded' THEN e.amount_cents
          ELSE 0 END) > 0)sql"}},
    {"less money than was asked for is told, or came too late for its order",
     {R"sql(SELECT id, 'told of at least ' || CAST(fewer AS TEXT), told
        FROM (SELECT o.id, (SELECT COUNT(*) FROM payment p
              WHERE p.store_id = o.store_id AND p.order_id = o.id AND p.state = 'captured'
                AND p.amount_cents > (SELECT COALESCE(SUM(e.amount_cents), 0)
                  FROM payment_entry e WHERE e.store_id = p.store_id AND e.payment_id = p.id
                    AND e.kind = 'capture' AND e.state = 'succeeded')) AS fewer,
            (SELECT COUNT(*) FROM event v WHERE v.store_id = o.store_id AND v.order_id = o.id
              AND v.type IN ('PaymentShort', 'LatePaymentRefunded')) AS told
          FROM orders o WHERE o.store_id = $1 AND o.id > $2 AND o.id <= $3) news
        WHERE told < fewer)sql"}},
    {"an order in Payment has one open payment", {R"sql(SELECT o.id, 1,
          (SELECT COUNT(*) FROM payment p WHERE p.store_id = o.store_id AND p.order_id = o.id
            AND p.state NOT IN ('captured', 'failed', 'voided'))
        FROM orders o WHERE o.store_id = $1 AND o.id > $2 AND o.id <= $3
          AND o.state = 'Payment')sql"}},
    {"an order in Confirm has an open payment, or a deadline until which it awaits one",
     {R"sql(SELECT o.id, 'one of them', COALESCE(p.state, 'no payment')
        FROM orders o LEFT JOIN payment p ON p.store_id = o.store_id AND p.id = o.payment_id
        WHERE o.store_id = $1 AND o.id > $2 AND o.id <= $3 AND o.state = 'Confirm'
          AND (p.id IS NULL OR (p.state IN ('captured', 'failed', 'voided')
            AND p.void_reason IS NULL AND p.expires_at IS NULL
            AND NOT EXISTS (SELECT 1 FROM shipment s
              WHERE s.store_id = o.store_id AND s.order_id = o.id))))sql"}},
    {"an order in Confirm is not paid in full",
     {R"sql(SELECT id, 'less than ' || CAST(total_cents AS TEXT), kept
        FROM (SELECT o.id, o.total_cents, (SELECT COALESCE(SUM(
              CASE WHEN e.kind = 'refund' THEN -e.amount_cents ELSE e.amount_cents END), 0)
            FROM payment p JOIN payment_entry e
              ON e.store_id = p.store_id AND e.payment_id = p.id
            WHERE p.store_id = o.store_id AND p.order_id = o.id
              AND (e.state = 'succeeded' OR (e.kind = 'refund' AND e.state = 'pending'))) AS kept
          FROM orders o WHERE o.store_id = $1 AND o.id > $2 AND o.id <= $3
            AND o.state = 'Confirm') paid
        WHERE kept >= total_cents)sql"}},
    {"an order that is being canceled has an open payment, or money that is on its way back",
     {R"sql(SELECT o.id, 'one of them', p.state
        FROM orders o JOIN payment p ON p.store_id = o.store_id AND p.id = o.payment_id
        WHERE o.store_id = $1 AND o.id > $2 AND o.id <= $3
          AND o.state IN ('Confirm', 'Complete')
          AND p.state IN ('captured', 'failed', 'voided')
          AND (p.void_reason = 'canceled' OR p.void_reason = 'canceledByStaff'
            OR p.void_reason = 'due')
          AND NOT EXISTS (SELECT 1 FROM payment a JOIN payment_entry e
            ON e.store_id = a.store_id AND e.payment_id = a.id
            WHERE a.store_id = o.store_id AND a.order_id = o.id AND e.state = 'pending'))sql"}},
};

// ---- payments

constexpr Sql kPaymentCount{R"sql(SELECT COUNT(*) FROM payment WHERE store_id = $1)sql"};
constexpr Sql kPaymentPage{R"sql(SELECT COUNT(*), MAX(id)
    FROM (SELECT id FROM payment WHERE store_id = $1 AND id > $2 ORDER BY id LIMIT $3) page)sql"};
constexpr Rule kPaymentRules[] = {
    {"no more is refunded than was captured",
     {R"sql(SELECT payment_id, 'at most ' || CAST(captured AS TEXT), refunded
        FROM (SELECT e.payment_id,
            SUM(CASE WHEN e.kind = 'capture' AND e.state = 'succeeded' THEN e.amount_cents
              ELSE 0 END) AS captured,
            SUM(CASE WHEN e.kind = 'refund' AND e.state <> 'failed' THEN e.amount_cents
              ELSE 0 END) AS refunded
          FROM payment_entry e
          WHERE e.store_id = $1 AND e.payment_id > $2 AND e.payment_id <= $3
          GROUP BY e.payment_id) given
        WHERE refunded > captured)sql"}},
    {"a payment that has ended has money if it is captured, and else none",
     {R"sql(SELECT p.id, CASE p.state WHEN 'captured' THEN 'money' ELSE 'none' END,
          CASE WHEN EXISTS (SELECT 1 FROM payment_entry e
            WHERE e.store_id = p.store_id AND e.payment_id = p.id
              AND e.kind = 'capture' AND e.state = 'succeeded') THEN 'money' ELSE 'none' END
        FROM payment p WHERE p.store_id = $1 AND p.id > $2 AND p.id <= $3
          AND p.state IN ('captured', 'failed', 'voided'))sql"}},
    {"what is waived is told, with who waived it",
     {R"sql(SELECT e.payment_id || ' ' || e.id, 'waived by staff, and told so',
          e.state || ', by ' || e.actor
        FROM payment_entry e JOIN payment p ON p.store_id = e.store_id AND p.id = e.payment_id
        WHERE e.store_id = $1 AND e.payment_id > $2 AND e.payment_id <= $3
          AND e.kind = 'waiver' AND (e.state <> 'succeeded' OR SUBSTR(e.actor, 1, 6) <> 'staff:'
            OR NOT EXISTS (SELECT 1 FROM event v
              WHERE v.store_id = p.store_id AND v.order_id = p.order_id
                AND v.type = 'PaymentAccepted' AND v.actor = e.actor)))sql"}},
    {"a payment that is open and not its order's is being ended",
     {R"sql(SELECT p.id, 'being ended', p.state
        FROM payment p JOIN orders o ON o.store_id = p.store_id AND o.id = p.order_id
        WHERE p.store_id = $1 AND p.id > $2 AND p.id <= $3
          AND p.state NOT IN ('captured', 'failed', 'voided') AND p.void_reason IS NULL
          AND (o.payment_id IS NULL OR o.payment_id <> p.id
            OR o.state NOT IN ('Payment', 'Confirm')))sql"}},
    {"a payment that has ended keeps no client secret", {R"sql(SELECT id, 'none', 'a client secret'
        FROM payment WHERE store_id = $1 AND id > $2 AND id <= $3
          AND client_secret IS NOT NULL AND state IN ('captured', 'failed', 'voided'))sql"}},
    {"what is on its way to or from a processor is looked at again",
     {R"sql(SELECT p.id, 'a next look', 'none'
        FROM payment p WHERE p.store_id = $1 AND p.id > $2 AND p.id <= $3
          AND p.next_check_at IS NULL
          AND EXISTS (SELECT 1 FROM payment_entry e
            WHERE e.store_id = p.store_id AND e.payment_id = p.id AND e.state = 'pending'
              AND NOT (p.offline = 1 AND e.kind = 'refund'
                AND e.external_id IS NOT NULL)))sql"}},
    {"what is awaited is looked at again", {R"sql(SELECT id, 'a next look', 'none'
        FROM payment WHERE store_id = $1 AND id > $2 AND id <= $3 AND next_check_at IS NULL
          AND ((expires_at IS NOT NULL AND void_reason IS NULL)
            OR state NOT IN ('captured', 'failed', 'voided')))sql"}},
};

// ---- sums over all orders of a store

constexpr Rule kStoreRules[] = {
    {"the units reserved are those that orders hold",
     {R"sql(SELECT s.variant_id || ' at ' || s.location_id, COALESCE(u.quantity, 0), s.reserved
        FROM stock_item s LEFT JOIN (SELECT variant_id, location_id, SUM(quantity) AS quantity
            FROM inventory_unit WHERE store_id = $1 AND state IN ('reserved', 'sold')
            GROUP BY variant_id, location_id) u
          ON u.variant_id = s.variant_id AND u.location_id = s.location_id
        WHERE s.store_id = $1)sql"}},
    {"what orders took from the units on hand is shipped",
     {R"sql(SELECT s.variant_id || ' at ' || s.location_id, COALESCE(u.quantity, 0),
          -COALESCE(m.quantity, 0)
        FROM stock_item s LEFT JOIN (SELECT variant_id, location_id, SUM(quantity) AS quantity
            FROM inventory_unit WHERE store_id = $1 AND state = 'shipped'
            GROUP BY variant_id, location_id) u
          ON u.variant_id = s.variant_id AND u.location_id = s.location_id
        LEFT JOIN (SELECT variant_id, location_id, SUM(on_hand_delta) AS quantity
            FROM stock_movement WHERE store_id = $1 AND order_ref IS NOT NULL
            GROUP BY variant_id, location_id) m
          ON m.variant_id = s.variant_id AND m.location_id = s.location_id
        WHERE s.store_id = $1)sql"}},
    {"a promotion's uses are those that orders hold",
     {R"sql(SELECT p.id, COALESCE(o.uses, 0), p.used
        FROM promotion p LEFT JOIN (SELECT promotion_id, COUNT(*) AS uses FROM order_promotion
            WHERE store_id = $1 AND (taken_by_user IS NOT NULL OR taken_by_email IS NOT NULL)
            GROUP BY promotion_id) o
          ON o.promotion_id = p.id
        WHERE p.store_id = $1)sql"}},
    {"a code's uses are those that orders hold", {R"sql(SELECT c.code, COALESCE(o.uses, 0), c.used
        FROM promotion_code c LEFT JOIN (SELECT code, COUNT(*) AS uses FROM order_promotion
            WHERE store_id = $1 AND (taken_by_user IS NOT NULL OR taken_by_email IS NOT NULL)
            GROUP BY code) o
          ON o.code = c.code
        WHERE c.store_id = $1)sql"}},
    {"a customer's uses of a promotion are those that their orders hold",
     {R"sql(SELECT u.promotion_id || ' ' || u.customer, COALESCE(o.uses, 0), u.used
        FROM promotion_use u LEFT JOIN (SELECT t.promotion_id, t.customer, COUNT(*) AS uses
            FROM (SELECT promotion_id, taken_by_user AS customer FROM order_promotion
                WHERE store_id = $1 AND taken_by_user IS NOT NULL
              UNION ALL
              SELECT promotion_id, taken_by_email FROM order_promotion
                WHERE store_id = $1 AND taken_by_email IS NOT NULL) t
            GROUP BY t.promotion_id, t.customer) o
          ON o.promotion_id = u.promotion_id AND o.customer = u.customer
        WHERE u.store_id = $1)sql"}},
};

constexpr RuleGroup kGroups[] = {
    {&CheckedCounts::variants, kVariantCount, kVariantPage, kVariantRules},
    {&CheckedCounts::reservations, kReservationCount, kReservationPage, kReservationRules},
    {&CheckedCounts::orders, kOrderCount, kOrderPage, kOrderRules},
    {&CheckedCounts::payments, kPaymentCount, kPaymentPage, kPaymentRules},
};

std::vector<Difference> broken(const Scope& scope, const Rule& rule, db::Values values) {
  std::vector<Difference> found;
  scope.tx.query(rule.sql, values, [&](const db::Row& row) {
    if (row.text(1) == row.text(2)) return;
    found.push_back({.what = std::string(rule.sentence),
                     .store = std::string(scope.store),
                     .id = std::string(row.text(0)),
                     .expected = std::string(row.text(1)),
                     .found = std::string(row.text(2))});
  });
  return found;
}

}  // namespace

std::span<const RuleGroup> rule_groups() { return kGroups; }
std::span<const Rule> store_rules() { return kStoreRules; }

std::int64_t count_things(const Scope& scope, const RuleGroup& group) {
  const auto count = scope.tx.first<std::int64_t>(
      group.size, {scope.store}, [](db::Columns& in, std::int64_t& out) { in >> out; });
  return count.value_or(0);
}

ThingPage next_things(const Scope& scope, const RuleGroup& group, std::string_view after,
                      std::int64_t limit) {
  return scope.tx
      .first<ThingPage>(group.page, {scope.store, after, limit},
                        [](db::Columns& in, ThingPage& out) { in >> out.count >> out.last; })
      .value_or(ThingPage());
}

std::vector<Difference> broken_in_page(const Scope& scope, const Rule& rule, std::string_view after,
                                       std::string_view last) {
  return broken(scope, rule, {scope.store, after, last});
}

std::vector<Difference> broken_in_store(const Scope& scope, const Rule& rule) {
  return broken(scope, rule, {scope.store});
}

}  // namespace resys::rows
