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
            column("note_days", &UpdateCheckoutSettings::note_days));

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
  const auto apply = [](const auto& value, auto& setting) { setting = value.value_or(setting); };
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

}  // namespace resys::rows
