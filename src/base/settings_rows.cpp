// Stores (the tenants) and their settings.
#include "base/settings_rows.hpp"

#include "base/columns.hpp"

namespace resys::rows {
namespace {

// A setting is NULL until it is written. The library has the defaults.
constexpr auto kSettings =
    columns(column("guest_checkout", &UpdateCheckoutSettings::guest_checkout),
            column("reservation_minutes", &UpdateCheckoutSettings::reservation_minutes),
            column("release_on_decline", &UpdateCheckoutSettings::release_on_decline),
            column("payment_due_days", &UpdateCheckoutSettings::payment_due_days),
            column("max_unpaid_units", &UpdateCheckoutSettings::max_unpaid_units),
            column("max_placements", &UpdateCheckoutSettings::max_placements),
            column("idempotency_days", &UpdateCheckoutSettings::idempotency_days),
            column("abandoned_cart_days", &UpdateCheckoutSettings::abandoned_cart_days),
            column("webhook_days", &UpdateCheckoutSettings::webhook_days),
            column("event_days", &UpdateCheckoutSettings::event_days),
            column("note_days", &UpdateCheckoutSettings::note_days),
            column("time_zone", &UpdateCheckoutSettings::time_zone));

constexpr auto kTaxSettings =
    columns(column("tax_source", &UpdateTaxSettings::source),
            column("tax_fallback", &UpdateTaxSettings::fallback),
            column("prices_include_tax", &UpdateTaxSettings::prices_include_tax),
            column("tax_rounding", &UpdateTaxSettings::rounding),
            column("tax_rounding_level", &UpdateTaxSettings::rounding_level),
            column("shipping_tax", &UpdateTaxSettings::shipping_tax),
            column("foreign_prices", &UpdateTaxSettings::foreign_prices),
            column("home_country", &UpdateTaxSettings::home_country),
            column("home_region", &UpdateTaxSettings::home_region),
            column("home_postal_code", &UpdateTaxSettings::home_postal_code),
            column("seller_tax_id", &UpdateTaxSettings::seller_tax_id),
            column("reverse_charge_countries", &UpdateTaxSettings::reverse_charge_countries),
            column("tax_categories", &UpdateTaxSettings::categories));

constexpr auto kPriceSettings = columns(column("currencies", &UpdatePriceSettings::currencies),
                                        column("goods_total", &UpdatePriceSettings::goods_total),
                                        column("goods_tax", &UpdatePriceSettings::goods_tax));

// Sets what staff have written.
template <class Value>
void apply(const std::optional<Value>& written, Value& setting) {
  if (written) setting = *written;
}

}  // namespace

void ensure_store(const Scope& scope) {
  static constexpr db::Sql kInsert{R"sql(INSERT INTO store (store_id, created_at)
      VALUES ($1, $2) ON CONFLICT DO NOTHING)sql"};
  scope.tx.execute(kInsert, {scope.store, scope.now});
}

std::vector<std::string> list_stores(db::Transaction& tx) {
  static constexpr db::Sql kList{R"sql(SELECT s.store_id FROM store s
      ORDER BY s.store_id)sql"};
  return find_stores(tx, kList, {});
}

std::vector<std::string> find_stores(db::Transaction& tx, const db::Sql& sql, db::Values values) {
  return tx.all<std::string>(sql, values, [](db::Columns& in, std::string& out) { in >> out; });
}

CheckoutSettings load_checkout_settings(const Scope& scope) {
  static constexpr db::Sql kLoad = sql<R"sql(SELECT {columns}
      FROM store WHERE store_id = $1)sql",
                                       kSettings>;
  const auto written = scope.tx.first<UpdateCheckoutSettings>(kLoad, {scope.store}, kSettings);
  CheckoutSettings settings;
  if (!written) return settings;
  apply(written->guest_checkout, settings.guest_checkout);
  apply(written->reservation_minutes, settings.reservation_minutes);
  apply(written->release_on_decline, settings.release_on_decline);
  apply(written->payment_due_days, settings.payment_due_days);
  apply(written->max_unpaid_units, settings.max_unpaid_units);
  apply(written->max_placements, settings.max_placements);
  apply(written->idempotency_days, settings.idempotency_days);
  apply(written->abandoned_cart_days, settings.abandoned_cart_days);
  apply(written->webhook_days, settings.webhook_days);
  apply(written->event_days, settings.event_days);
  apply(written->note_days, settings.note_days);
  apply(written->time_zone, settings.time_zone);
  return settings;
}

void update_checkout_settings(const Scope& scope, const UpdateCheckoutSettings& request) {
  static constexpr db::Sql kInsert = sql<R"sql(INSERT INTO store
      (store_id, {columns}, created_at) VALUES ($1, {values 3}, $2)
      ON CONFLICT DO NOTHING)sql",
                                         kSettings>;
  static constexpr db::Sql kUpdate = sql<R"sql(UPDATE store SET {changes 2}
      WHERE store_id = $1)sql",
                                         kSettings>;
  if (scope.tx.execute(kInsert, Parameters(scope.store, scope.now).add(kSettings, request)) == 1)
    return;
  scope.tx.execute(kUpdate, Parameters(scope.store).add(kSettings, request));
}

TaxSettings load_tax_settings(const Scope& scope) {
  static constexpr db::Sql kLoad = sql<R"sql(SELECT {columns}
      FROM store WHERE store_id = $1)sql",
                                       kTaxSettings>;
  const auto written = scope.tx.first<UpdateTaxSettings>(kLoad, {scope.store}, kTaxSettings);
  TaxSettings settings;
  if (!written) return settings;
  apply(written->source, settings.source);
  apply(written->fallback, settings.fallback);
  apply(written->prices_include_tax, settings.prices_include_tax);
  apply(written->rounding, settings.rounding);
  apply(written->rounding_level, settings.rounding_level);
  apply(written->shipping_tax, settings.shipping_tax);
  apply(written->foreign_prices, settings.foreign_prices);
  apply(written->home_country, settings.home_country);
  apply(written->home_region, settings.home_region);
  apply(written->home_postal_code, settings.home_postal_code);
  apply(written->seller_tax_id, settings.seller_tax_id);
  apply(written->reverse_charge_countries, settings.reverse_charge_countries);
  apply(written->categories, settings.categories);
  return settings;
}

void update_tax_settings(const Scope& scope, const UpdateTaxSettings& request) {
  static constexpr db::Sql kUpdate = sql<R"sql(UPDATE store SET {changes 2}
      WHERE store_id = $1)sql",
                                         kTaxSettings>;
  scope.tx.execute(kUpdate, Parameters(scope.store).add(kTaxSettings, request));
}

PriceSettings load_price_settings(const Scope& scope) {
  static constexpr db::Sql kLoad = sql<R"sql(SELECT {columns}
      FROM store WHERE store_id = $1)sql",
                                       kPriceSettings>;
  const auto written = scope.tx.first<UpdatePriceSettings>(kLoad, {scope.store}, kPriceSettings);
  PriceSettings settings;
  if (!written) return settings;
  apply(written->currencies, settings.currencies);
  apply(written->goods_total, settings.goods_total);
  apply(written->goods_tax, settings.goods_tax);
  return settings;
}

void update_price_settings(const Scope& scope, const UpdatePriceSettings& request) {
  static constexpr db::Sql kUpdate = sql<R"sql(UPDATE store SET {changes 2}
      WHERE store_id = $1)sql",
                                         kPriceSettings>;
  scope.tx.execute(kUpdate, Parameters(scope.store).add(kPriceSettings, request));
}

void change_price_rules(const Scope& scope) {
  static constexpr db::Sql kChange{R"sql(UPDATE store SET price_rules = $2
      WHERE store_id = $1)sql"};
  constexpr std::size_t kVersionLength = 12;  // random, so that none comes twice
  scope.tx.execute(kChange, {scope.store, scope.ids.random_text(kVersionLength)});
}

}  // namespace resys::rows
