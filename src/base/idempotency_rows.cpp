// Idempotency keys: which request was carried out, and the ids of its result.
#include "base/idempotency_rows.hpp"

#include "base/settings_rows.hpp"

namespace resys::rows {

bool claim_idempotency_key(const Scope& scope, const IdempotencyKey& key,
                           std::string_view request_hash) {
  static constexpr db::Sql kClaim{R"sql(INSERT INTO idempotency
      (store_id, identity, operation, idempotency_key, request_hash, result, created_at)
      VALUES ($1, $2, $3, $4, $5, '', $6) ON CONFLICT DO NOTHING)sql"};
  return scope.tx.execute(kClaim, {scope.store, key.identity, key.operation, key.key, request_hash,
                                   scope.now}) == 1;
}

std::optional<IdempotentResult> find_idempotent_result(const Scope& scope,
                                                       const IdempotencyKey& key) {
  static constexpr db::Sql kFind{R"sql(SELECT request_hash, result FROM idempotency
      WHERE store_id = $1 AND identity = $2 AND operation = $3 AND idempotency_key = $4)sql"};
  return scope.tx.first<IdempotentResult>(
      kFind, {scope.store, key.identity, key.operation, key.key},
      [](db::Columns& in, IdempotentResult& out) { in >> out.request_hash >> out.kept; });
}

void set_idempotent_result(const Scope& scope, const IdempotencyKey& key, std::string_view kept) {
  static constexpr db::Sql kSet{R"sql(UPDATE idempotency SET result = $5
      WHERE store_id = $1 AND identity = $2 AND operation = $3 AND idempotency_key = $4)sql"};
  scope.tx.execute(kSet, {scope.store, key.identity, key.operation, key.key, kept});
}

std::vector<std::string> find_stores_with_old_idempotency_keys(db::Transaction& tx, Timestamp now) {
  static constexpr db::Sql kFind{R"sql(SELECT s.store_id FROM store s
      WHERE EXISTS (SELECT 1 FROM idempotency i WHERE i.store_id = s.store_id
        AND i.created_at < $1 - COALESCE(s.idempotency_days, $2) * $3)
      ORDER BY s.store_id)sql"};
  const CheckoutSettings defaults;
  return find_stores(tx, kFind, {now, defaults.idempotency_days, kMicrosPerDay});
}

std::int64_t forget_idempotency_keys(const Scope& scope, Timestamp before, std::int64_t limit) {
  static constexpr db::Sql kForget{R"sql(DELETE FROM idempotency
      WHERE store_id = $1 AND (identity, operation, idempotency_key) IN (
        SELECT identity, operation, idempotency_key FROM idempotency
        WHERE store_id = $1 AND created_at < $2 ORDER BY created_at LIMIT $3))sql"};
  return scope.tx.execute(kForget, {scope.store, before, limit});
}

}  // namespace resys::rows
