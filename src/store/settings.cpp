// Stores (the tenants) and their settings.
#include "store/settings.hpp"

namespace resys::store {

void ensure_store(db::Transaction& tx, std::string_view store, Timestamp now) {
  static constexpr db::Sql kInsert{R"sql(INSERT INTO store (store_id, created_at)
      VALUES ($1, $2) ON CONFLICT DO NOTHING)sql"};
  tx.execute(kInsert, {store, now});
}

std::vector<std::string> list_stores(db::Transaction& tx) {
  static constexpr db::Sql kList{R"sql(SELECT s.store_id FROM store s
      ORDER BY s.store_id)sql"};
  return find_stores(tx, kList, {});
}

std::vector<std::string> find_stores(db::Transaction& tx, const db::Sql& sql, db::Values values) {
  return tx.all<std::string>(sql, values, [](db::Columns& in, std::string& out) { in >> out; });
}

CheckoutSettings load_checkout_settings(db::Transaction& tx, std::string_view store) {
  static constexpr db::Sql kLoad{R"sql(SELECT guest_checkout, reservation_minutes,
        release_on_decline, payment_due_days, max_unpaid_units, max_placements, idempotency_days,
        abandoned_cart_days, webhook_days, event_days, note_days
      FROM store WHERE store_id = $1)sql"};
  const auto written = tx.first<UpdateCheckoutSettings>(
      kLoad, {store}, [](db::Columns& in, UpdateCheckoutSettings& out) {
        in >> out.guest_checkout >> out.reservation_minutes >> out.release_on_decline >>
            out.payment_due_days >> out.max_unpaid_units >> out.max_placements >>
            out.idempotency_days >> out.abandoned_cart_days >> out.webhook_days >> out.event_days >>
            out.note_days;
      });
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

void update_checkout_settings(db::Transaction& tx, std::string_view store,
                              const UpdateCheckoutSettings& request, Timestamp now) {
  static constexpr db::Sql kUpdate{R"sql(INSERT INTO store
      (store_id, guest_checkout, reservation_minutes, release_on_decline, payment_due_days,
       max_unpaid_units, max_placements, idempotency_days, abandoned_cart_days, webhook_days,
       event_days, note_days, created_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
      ON CONFLICT (store_id) DO UPDATE SET
        guest_checkout = COALESCE($2, store.guest_checkout),
        reservation_minutes = COALESCE($3, store.reservation_minutes),
        release_on_decline = COALESCE($4, store.release_on_decline),
        payment_due_days = COALESCE($5, store.payment_due_days),
        max_unpaid_units = COALESCE($6, store.max_unpaid_units),
        max_placements = COALESCE($7, store.max_placements),
        idempotency_days = COALESCE($8, store.idempotency_days),
        abandoned_cart_days = COALESCE($9, store.abandoned_cart_days),
        webhook_days = COALESCE($10, store.webhook_days),
        event_days = COALESCE($11, store.event_days),
        note_days = COALESCE($12, store.note_days))sql"};
  tx.execute(kUpdate,
             {store, request.guest_checkout, request.reservation_minutes,
              request.release_on_decline, request.payment_due_days, request.max_unpaid_units,
              request.max_placements, request.idempotency_days, request.abandoned_cart_days,
              request.webhook_days, request.event_days, request.note_days, now});
}

}  // namespace resys::store
