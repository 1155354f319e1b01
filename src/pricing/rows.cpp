// Coupons and their uses.
#include "pricing/rows.hpp"

namespace resys::rows {
std::optional<Coupon> find_coupon(const Scope& scope, std::string_view code) {
  static constexpr db::Sql kFind = sql<R"sql(SELECT {columns}
      FROM coupon WHERE store_id = $1 AND code = $2)sql",
                                       kCoupon>;
  return scope.tx.first<Coupon>(kFind, {scope.store, code}, kCoupon);
}

std::optional<Coupon> find_coupon(const Scope& scope, const CouponId& id) {
  static constexpr db::Sql kFind = sql<R"sql(SELECT {columns}
      FROM coupon WHERE store_id = $1 AND id = $2)sql",
                                       kCoupon>;
  return scope.tx.first<Coupon>(kFind, {scope.store, id}, kCoupon);
}

std::vector<Coupon> list_coupons(const Scope& scope, std::string_view after, std::int64_t limit) {
  static constexpr db::Sql kList = sql<R"sql(SELECT {columns}
      FROM coupon WHERE store_id = $1 AND code > $2 ORDER BY code LIMIT $3)sql",
                                       kCoupon>;
  return scope.tx.all<Coupon>(kList, {scope.store, after, limit}, kCoupon);
}

bool insert_coupon(const Scope& scope, const Coupon& coupon) {
  static constexpr db::Sql kInsert = sql<R"sql(INSERT INTO coupon
      (store_id, {columns}, created_at, updated_at) VALUES ($1, {values 3}, $2, $2)
      ON CONFLICT DO NOTHING)sql",
                                         kCoupon>;
  return scope.tx.execute(kInsert, Parameters(scope.store, scope.now).add(kCoupon, coupon)) == 1;
}

std::optional<Coupon> update_coupon(const Scope& scope, std::string_view code,
                                    const UpdateCoupon& request) {
  static constexpr db::Sql kUpdate = sql<R"sql(UPDATE coupon
      SET minimum_cents = NULLIF(COALESCE($3, minimum_cents), 0),
        starts_at = COALESCE($4, starts_at), ends_at = COALESCE($5, ends_at),
        usage_limit = COALESCE($6, usage_limit),
        per_customer_limit = COALESCE($7, per_customer_limit), active = COALESCE($8, active),
        updated_at = $9
      WHERE store_id = $1 AND code = $2
      RETURNING {columns})sql",
                                         kCoupon>;
  return scope.tx.first<Coupon>(
      kUpdate,
      {scope.store, code, request.minimum_cents, request.starts_at, request.ends_at,
       request.usage_limit, request.per_customer_limit, request.active, scope.now},
      kCoupon);
}

std::int64_t count_coupon_uses(const Scope& scope, const CouponId& coupon,
                               std::string_view customer) {
  static constexpr db::Sql kCount{R"sql(SELECT used FROM coupon_use
      WHERE store_id = $1 AND coupon_id = $2 AND customer = $3)sql"};
  return scope.tx
      .first<std::int64_t>(kCount, {scope.store, coupon, customer},
                           [](db::Columns& in, std::int64_t& out) { in >> out; })
      .value_or(0);
}

TakenUse take_coupon_use(const Scope& scope, const CouponId& coupon, std::string_view customer) {
  static constexpr db::Sql kTake{R"sql(UPDATE coupon SET used = used + 1
      WHERE store_id = $1 AND id = $2 AND (usage_limit IS NULL OR used < usage_limit)
      RETURNING per_customer_limit)sql"};
  static constexpr db::Sql kTakeForCustomer{R"sql(INSERT INTO coupon_use
      (store_id, coupon_id, customer, used) VALUES ($1, $2, $3, 1)
      ON CONFLICT (store_id, coupon_id, customer) DO UPDATE SET used = coupon_use.used + 1
        WHERE coupon_use.used < $4 OR $4 IS NULL)sql"};
  static constexpr db::Sql kGiveBack{R"sql(UPDATE coupon SET used = used - 1
      WHERE store_id = $1 AND id = $2)sql"};
  using Limit = std::optional<std::int64_t>;
  const auto limit = scope.tx.first<Limit>(kTake, {scope.store, coupon},
                                           [](db::Columns& in, Limit& out) { in >> out; });
  if (!limit) return TakenUse::used_up;
  if (scope.tx.execute(kTakeForCustomer, {scope.store, coupon, customer, *limit}) == 1)
    return TakenUse::taken;
  scope.tx.execute(kGiveBack, {scope.store, coupon});
  return TakenUse::used_up_by_customer;
}

void return_customer_use(const Scope& scope, const CouponId& coupon, std::string_view customer) {
  // The row names the customer, so it goes with the last use.
  static constexpr db::Sql kReturnLast{R"sql(DELETE FROM coupon_use
      WHERE store_id = $1 AND coupon_id = $2 AND customer = $3 AND used = 1)sql"};
  static constexpr db::Sql kReturnOne{R"sql(UPDATE coupon_use SET used = used - 1
      WHERE store_id = $1 AND coupon_id = $2 AND customer = $3)sql"};
  if (scope.tx.execute(kReturnLast, {scope.store, coupon, customer}) == 1) return;
  scope.tx.execute(kReturnOne, {scope.store, coupon, customer});
}

void return_coupon_use(const Scope& scope, const CouponId& coupon, std::string_view customer) {
  static constexpr db::Sql kReturn{R"sql(UPDATE coupon SET used = used - 1
      WHERE store_id = $1 AND id = $2)sql"};
  scope.tx.execute(kReturn, {scope.store, coupon});
  return_customer_use(scope, coupon, customer);
}

void add_customer_use(const Scope& scope, const CouponId& coupon, std::string_view customer) {
  static constexpr db::Sql kAdd{R"sql(INSERT INTO coupon_use
      (store_id, coupon_id, customer, used) VALUES ($1, $2, $3, 1)
      ON CONFLICT (store_id, coupon_id, customer) DO UPDATE SET used = coupon_use.used + 1)sql"};
  scope.tx.execute(kAdd, {scope.store, coupon, customer});
}

}  // namespace resys::rows
