// Price lists and their prices.
#include "pricing/price_list_rows.hpp"

#include "base/columns.hpp"

namespace resys::rows {
namespace {

using pricing::ListEntry;

constexpr auto kList = columns(
    column("id", &PriceList::id), column("name", &PriceList::name),
    column("currency", &PriceList::currency), column("priority", &PriceList::priority),
    column("customer_groups", &PriceList::customer_groups),
    column("countries", &PriceList::countries), column("valid_from", &PriceList::valid_from),
    column("valid_until", &PriceList::valid_until), column("active", &PriceList::active));

constexpr auto kEntry = columns(column("price_list_id", &ListEntry::price_list_id),
                                column("min_quantity", &ListEntry::min_quantity),
                                column("price_cents", &ListEntry::price_cents));

}  // namespace

std::vector<PriceList> list_price_lists(const Scope& scope, const PriceListId& after,
                                        std::int64_t limit) {
  static constexpr db::Sql kPage = sql<R"sql(SELECT {columns}
      FROM price_list WHERE store_id = $1 AND id > $2 ORDER BY id LIMIT $3)sql",
                                       kList>;
  return scope.tx.all<PriceList>(kPage, {scope.store, after, limit}, kList);
}

std::vector<PriceList> load_price_lists(const Scope& scope) {
  static constexpr db::Sql kAll = sql<R"sql(SELECT {columns}
      FROM price_list WHERE store_id = $1 ORDER BY id)sql",
                                      kList>;
  return scope.tx.all<PriceList>(kAll, {scope.store}, kList);
}

std::optional<PriceList> find_price_list(const Scope& scope, const PriceListId& id) {
  static constexpr db::Sql kFind = sql<R"sql(SELECT {columns}
      FROM price_list WHERE store_id = $1 AND id = $2 FOR UPDATE)sql",
                                       kList>;
  return scope.tx.first<PriceList>(kFind, {scope.store, id}, kList);
}

void insert_price_list(const Scope& scope, const PriceList& list) {
  static constexpr db::Sql kInsert = sql<R"sql(INSERT INTO price_list
      (store_id, {columns}, created_at, updated_at) VALUES ($1, {values 3}, $2, $2))sql",
                                         kList>;
  scope.tx.execute(kInsert, Parameters(scope.store, scope.now).add(kList, list));
}

void update_price_list(const Scope& scope, const PriceList& list) {
  static constexpr db::Sql kUpdate = sql<R"sql(UPDATE price_list SET updated_at = $3, {sets 4}
      WHERE store_id = $1 AND id = $2)sql",
                                         kList>;
  scope.tx.execute(kUpdate, Parameters(scope.store, list.id, scope.now).add(kList, list));
}

void delete_price_list(const Scope& scope, const PriceListId& id) {
  static constexpr db::Sql kDeleteEntries{R"sql(DELETE FROM price_list_entry
      WHERE store_id = $1 AND price_list_id = $2)sql"};
  static constexpr db::Sql kDelete{R"sql(DELETE FROM price_list
      WHERE store_id = $1 AND id = $2)sql"};
  scope.tx.execute(kDeleteEntries, {scope.store, id});
  scope.tx.execute(kDelete, {scope.store, id});
}

std::vector<ListEntry> load_list_entries(const Scope& scope, const VariantId& variant) {
  static constexpr db::Sql kLoad = sql<R"sql(SELECT {columns}
      FROM price_list_entry WHERE store_id = $1 AND variant_id = $2
      ORDER BY price_list_id, min_quantity)sql",
                                       kEntry>;
  return scope.tx.all<ListEntry>(kLoad, {scope.store, variant}, kEntry);
}

pricing::EntriesByVariant load_list_entries(const Scope& scope, std::string_view first_slug,
                                            std::string_view last_slug) {
  static constexpr db::Sql kLoad = sql<R"sql(SELECT e.variant_id, {e.columns}
      FROM product p JOIN variant v ON v.store_id = p.store_id AND v.product_id = p.id
        JOIN price_list_entry e ON e.store_id = v.store_id AND e.variant_id = v.id
      WHERE p.store_id = $1 AND p.slug >= $2 AND p.slug <= $3
      ORDER BY e.variant_id, e.price_list_id, e.min_quantity)sql",
                                       kEntry>;
  pricing::EntriesByVariant entries;
  scope.tx.query(kLoad, {scope.store, first_slug, last_slug}, [&](const db::Row& row) {
    db::Columns in(row);
    VariantId variant;
    in >> variant;
    kEntry(in, entries[variant].emplace_back());
  });
  return entries;
}

void replace_list_entries(const Scope& scope, const VariantId& variant, const PriceListId& list,
                          const std::vector<ListEntry>& entries) {
  static constexpr db::Sql kDelete{R"sql(DELETE FROM price_list_entry
      WHERE store_id = $1 AND variant_id = $2 AND price_list_id = $3)sql"};
  static constexpr db::Sql kInsert = sql<R"sql(INSERT INTO price_list_entry
      (store_id, variant_id, {columns}) VALUES ($1, $2, {values 3}))sql",
                                         kEntry>;
  scope.tx.execute(kDelete, {scope.store, variant, list});
  for (const ListEntry& entry : entries) {
    scope.tx.execute(kInsert, Parameters(scope.store, variant).add(kEntry, entry));
  }
}

std::vector<ListedPrice> list_listed_prices(const Scope& scope, const PriceListId& list,
                                            const ListedPriceKey& after, std::int64_t limit) {
  static constexpr db::Sql kPage{R"sql(SELECT v.sku, e.variant_id, e.min_quantity, e.price_cents,
        l.currency
      FROM price_list_entry e JOIN variant v ON v.store_id = e.store_id AND v.id = e.variant_id
        JOIN price_list l ON l.store_id = e.store_id AND l.id = e.price_list_id
      WHERE e.store_id = $1 AND e.price_list_id = $2
        AND (e.variant_id, e.min_quantity) > ($3, $4)
      ORDER BY e.variant_id, e.min_quantity LIMIT $5)sql"};
  return scope.tx.all<ListedPrice>(
      kPage, {scope.store, list, after.variant_id, after.min_quantity, limit},
      [](db::Columns& in, ListedPrice& out) {
        in >> out.sku >> out.variant_id >> out.min_quantity >> out.price_cents >> out.currency;
      });
}

}  // namespace resys::rows
