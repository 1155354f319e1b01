// Tax rates, and a store's rules for prices as a whole.
#include "pricing/tax_rows.hpp"

#include "base/columns.hpp"
#include "base/context.hpp"
#include "base/settings_rows.hpp"
#include "pricing/price_list_rows.hpp"
#include "pricing/promotion_rows.hpp"
#include "pricing/tax.hpp"

namespace resys::rows {
namespace {

constexpr auto kRate = columns(
    column("id", &TaxRate::id), column("name", &TaxRate::name), column("rate", &TaxRate::rate),
    column("country", &TaxRate::country), column("region", &TaxRate::region),
    column("postal_prefix", &TaxRate::postal_prefix), column("category", &TaxRate::category),
    column("priority", &TaxRate::priority), column("compound", &TaxRate::compound),
    column("valid_from", &TaxRate::valid_from), column("valid_until", &TaxRate::valid_until));

}  // namespace

std::vector<TaxRate> list_tax_rates(const Scope& scope, const TaxRateId& after,
                                    std::int64_t limit) {
  static constexpr db::Sql kList = sql<R"sql(SELECT {columns}
      FROM tax_rate WHERE store_id = $1 AND id > $2 ORDER BY id LIMIT $3)sql",
                                       kRate>;
  return scope.tx.all<TaxRate>(kList, {scope.store, after, limit}, kRate);
}

std::optional<TaxRate> find_tax_rate(const Scope& scope, const TaxRateId& id) {
  static constexpr db::Sql kFind = sql<R"sql(SELECT {columns}
      FROM tax_rate WHERE store_id = $1 AND id = $2)sql",
                                       kRate>;
  return scope.tx.first<TaxRate>(kFind, {scope.store, id}, kRate);
}

std::vector<TaxRate> list_rivals(const Scope& scope, const TaxRate& rate) {
  static constexpr db::Sql kList = sql<R"sql(SELECT {columns}
      FROM tax_rate WHERE store_id = $1 AND id <> $2 AND country = $3 AND category = $4
        AND priority = $5)sql",
                                       kRate>;
  return scope.tx.all<TaxRate>(
      kList, {scope.store, rate.id, rate.country, rate.category, rate.priority}, kRate);
}

void insert_tax_rate(const Scope& scope, const TaxRate& rate) {
  static constexpr db::Sql kInsert = sql<R"sql(INSERT INTO tax_rate
      (store_id, {columns}, created_at, updated_at) VALUES ($1, {values 3}, $2, $2))sql",
                                         kRate>;
  scope.tx.execute(kInsert, Parameters(scope.store, scope.now).add(kRate, rate));
}

void update_tax_rate(const Scope& scope, const TaxRate& rate) {
  static constexpr db::Sql kUpdate = sql<R"sql(UPDATE tax_rate SET updated_at = $3, {sets 4}
      WHERE store_id = $1 AND id = $2)sql",
                                         kRate>;
  scope.tx.execute(kUpdate, Parameters(scope.store, rate.id, scope.now).add(kRate, rate));
}

bool delete_tax_rate(const Scope& scope, const TaxRateId& id) {
  static constexpr db::Sql kDelete{R"sql(DELETE FROM tax_rate
      WHERE store_id = $1 AND id = $2)sql"};
  return scope.tx.execute(kDelete, {scope.store, id}) == 1;
}

std::shared_ptr<const pricing::PriceRules> load_price_rules(const Scope& scope,
                                                            std::string_view version) {
  static constexpr db::Sql kAll = sql<R"sql(SELECT {columns}
      FROM tax_rate WHERE store_id = $1 ORDER BY id)sql",
                                      kRate>;
  if (version.empty()) return nullptr;
  const auto& cache = scope.context.price_rules;
  if (auto kept = cache.find(scope.store, version)) return kept;
  auto rules = std::make_shared<pricing::PriceRules>();
  rules->taxes = load_tax_settings(scope);
  for (TaxRate& rate : scope.tx.all<TaxRate>(kAll, {scope.store}, kRate)) {
    const std::int64_t millionths = pricing::parse_percent(rate.rate).value();
    rules->rates.push_back({std::move(rate), millionths});
  }
  rules->prices = load_price_settings(scope);
  rules->price_lists = load_price_lists(scope);
  rules->promotions = list_promotions(scope, PromotionId(), kMaxMinor);
  cache.keep(scope.store, version, rules);
  return rules;
}

}  // namespace resys::rows
