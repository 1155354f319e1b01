// The history of prices.
#include "catalog/price_rows.hpp"

#include "base/columns.hpp"

namespace resys::rows {
namespace {

constexpr std::int64_t kDaysBeforeReduction = 30;  // Directive 98/6/EC, Article 6a

constexpr auto kChange = columns(column("changed_at", &PriceChange::changed_at),
                                 column("currency", &PriceChange::currency),
                                 column("min_quantity", &PriceChange::min_quantity),
                                 column("price_cents", &PriceChange::price_cents));

// The variant's own prices have an empty id.
PriceListId key_of(const std::optional<PriceListId>& list) { return list.value_or(PriceListId()); }

}  // namespace

void record_price(const Scope& scope, const VariantId& variant, const PriceChange& change) {
  static constexpr db::Sql kInsert{R"sql(INSERT INTO price_change
      (store_id, variant_id, price_list_id, currency, changed_at, min_quantity, price_cents)
      VALUES ($1, $2, $3, $4, $5, $6, $7)
      ON CONFLICT (store_id, variant_id, price_list_id, currency, changed_at, min_quantity)
        DO UPDATE SET price_cents = $7)sql"};
  scope.tx.execute(kInsert, {scope.store, variant, key_of(change.price_list_id), change.currency,
                             scope.now, change.min_quantity, change.price_cents});
}

void record_removed_list(const Scope& scope, const PriceList& list) {
  static constexpr db::Sql kInsert{R"sql(INSERT INTO price_change
      (store_id, variant_id, price_list_id, currency, changed_at, min_quantity, price_cents)
      SELECT e.store_id, e.variant_id, e.price_list_id, $3, $4, e.min_quantity, NULL
      FROM price_list_entry e WHERE e.store_id = $1 AND e.price_list_id = $2
      ON CONFLICT (store_id, variant_id, price_list_id, currency, changed_at, min_quantity)
        DO UPDATE SET price_cents = NULL)sql"};
  scope.tx.execute(kInsert, {scope.store, list.id, list.currency, scope.now});
}

std::optional<std::int64_t> find_lowest_price(const Scope& scope, const VariantId& variant,
                                              Currency currency) {
  // The first of these prices was there when the period began.
  static constexpr db::Sql kFind{R"sql(SELECT MIN(price_cents) FROM price_change
      WHERE store_id = $1 AND variant_id = $2 AND price_list_id = '' AND currency = $3
        AND changed_at < $4 AND changed_at >= COALESCE((SELECT b.changed_at FROM price_change b
          WHERE b.store_id = $1 AND b.variant_id = $2 AND b.price_list_id = ''
            AND b.currency = $3 AND b.changed_at <= $5
          ORDER BY b.changed_at DESC LIMIT 1), $5))sql"};
  const Timestamp begin = scope.now.plus(-kDaysBeforeReduction * kMicrosPerDay);
  return scope.tx
      .first<std::optional<std::int64_t>>(
          kFind, {scope.store, variant, currency, scope.now, begin},
          [](db::Columns& in, std::optional<std::int64_t>& out) { in >> out; })
      .value();
}

std::vector<PriceChange> list_price_changes(const Scope& scope, const PriceHistory& history,
                                            const PriceChangeKey& before, std::int64_t limit) {
  static constexpr db::Sql kList = sql<R"sql(SELECT {columns}
      FROM price_change WHERE store_id = $1 AND variant_id = $2 AND price_list_id = $3
        AND currency = $4 AND (changed_at, min_quantity) < ($5, $6)
      ORDER BY changed_at DESC, min_quantity DESC LIMIT $7)sql",
                                       kChange>;
  auto changes =
      scope.tx.all<PriceChange>(kList,
                                {scope.store, history.variant_id, key_of(history.price_list_id),
                                 history.currency, before.changed_at, before.min_quantity, limit},
                                kChange);
  for (PriceChange& change : changes) change.price_list_id = history.price_list_id;
  return changes;
}

}  // namespace resys::rows
