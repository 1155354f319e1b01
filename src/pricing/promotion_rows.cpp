// Promotions, their codes, and the uses that are taken of them.
#include "pricing/promotion_rows.hpp"

#include <algorithm>
#include <limits>

#include "base/columns.hpp"

namespace resys::rows {
namespace {

constexpr auto kTerms = columns(
    column("name", &Promotion::name), column("automatic", &Promotion::automatic),
    column("priority", &Promotion::priority), column("stacking", &Promotion::stacking),
    column("deal_group", &Promotion::group), column("currency", &Promotion::currency),
    column("starts_at", &Promotion::starts_at), column("ends_at", &Promotion::ends_at),
    column("usage_limit", &Promotion::usage_limit),
    column("per_customer_limit", &Promotion::per_customer_limit),
    column("per_code_limit", &Promotion::per_code_limit), column("active", &Promotion::active));
constexpr auto kPromotion =
    columns(column("id", &Promotion::id), column("used", &Promotion::used)) + kTerms;

constexpr auto kCondition = columns(column("kind", &PromotionCondition::kind),
                                    column("amount_cents", &PromotionCondition::amount_cents),
                                    column("quantity", &PromotionCondition::quantity),
                                    column("skus", &PromotionCondition::skus),
                                    column("product_ids", &PromotionCondition::product_ids),
                                    column("categories", &PromotionCondition::categories),
                                    column("groups", &PromotionCondition::groups),
                                    column("countries", &PromotionCondition::countries),
                                    column("weekdays", &PromotionCondition::weekdays),
                                    column("from_minute", &PromotionCondition::from_minute),
                                    column("until_minute", &PromotionCondition::until_minute));

constexpr auto kAction = columns(
    column("kind", &PromotionAction::kind), column("basis_points", &PromotionAction::basis_points),
    column("amount_cents", &PromotionAction::amount_cents), column("skus", &PromotionAction::skus),
    column("product_ids", &PromotionAction::product_ids),
    column("categories", &PromotionAction::categories), column("buy", &PromotionAction::buy),
    column("get", &PromotionAction::get), column("max_times", &PromotionAction::max_times),
    column("nth", &PromotionAction::nth), column("tiers", &PromotionAction::tiers),
    column("sku", &PromotionAction::sku), column("quantity", &PromotionAction::quantity));

void read_number(db::Columns& in, std::int64_t& out) { in >> out; }

// A condition or an action, with its promotion.
template <class Part>
struct Owned {
  PromotionId promotion;
  Part part;
};

// Loads the conditions and actions of promotions that are sorted by id.
void load_parts(const Scope& scope, std::vector<Promotion>& promotions) {
  static constexpr db::Sql kConditions = sql<R"sql(SELECT promotion_id, {columns}
      FROM promotion_condition WHERE store_id = $1 AND promotion_id >= $2 AND promotion_id <= $3
      ORDER BY promotion_id, position)sql",
                                             kCondition>;
  static constexpr db::Sql kActions = sql<R"sql(SELECT promotion_id, {columns}
      FROM promotion_action WHERE store_id = $1 AND promotion_id >= $2 AND promotion_id <= $3
      ORDER BY promotion_id, position)sql",
                                          kAction>;
  if (promotions.empty()) return;
  const auto load = [&]<class Part>(const db::Sql& sql, const auto& list,
                                    std::vector<Part> Promotion::*parts) {
    auto promotion = promotions.begin();
    for (auto& owned :
         scope.tx.all<Owned<Part>>(sql, {scope.store, promotions.front().id, promotions.back().id},
                                   [&](db::Columns&in, Owned<Part>&out) {
                                     in >> out.promotion;
                                     list(in, out.part);
                                   })) {
      while (promotion->id != owned.promotion) ++promotion;
      ((*promotion).*parts).push_back(std::move(owned.part));
    }
  };
  load(kConditions, kCondition, &Promotion::conditions);
  load(kActions, kAction, &Promotion::actions);
}

void insert_parts(const Scope& scope, const Promotion& promotion) {
  static constexpr db::Sql kInsertCondition = sql<R"sql(INSERT INTO promotion_condition
      (store_id, promotion_id, position, {columns}) VALUES ($1, $2, $3, {values 4}))sql",
                                                  kCondition>;
  static constexpr db::Sql kInsertAction = sql<R"sql(INSERT INTO promotion_action
      (store_id, promotion_id, position, {columns}) VALUES ($1, $2, $3, {values 4}))sql",
                                               kAction>;
  const auto insert = [&](const db::Sql& sql, const auto& list, const auto& parts) {
    std::int64_t position = 0;
    for (const auto& part : parts) {
      scope.tx.execute(sql, Parameters(scope.store, promotion.id, position++).add(list, part));
    }
  };
  insert(kInsertCondition, kCondition, promotion.conditions);
  insert(kInsertAction, kAction, promotion.actions);
}

}  // namespace

// ---- promotions

std::vector<Promotion> list_promotions(const Scope& scope, const PromotionId& after,
                                       std::int64_t limit) {
  static constexpr db::Sql kList = sql<R"sql(SELECT {columns}
      FROM promotion WHERE store_id = $1 AND id > $2 ORDER BY id LIMIT $3)sql",
                                       kPromotion>;
  auto promotions = scope.tx.all<Promotion>(kList, {scope.store, after, limit}, kPromotion);
  load_parts(scope, promotions);
  return promotions;
}

std::optional<Promotion> find_promotion(const Scope& scope, const PromotionId& id) {
  static constexpr db::Sql kFind = sql<R"sql(SELECT {columns}
      FROM promotion WHERE store_id = $1 AND id = $2)sql",
                                       kPromotion>;
  auto found = scope.tx.all<Promotion>(kFind, {scope.store, id}, kPromotion);
  load_parts(scope, found);
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

void insert_promotion(const Scope& scope, const Promotion& promotion) {
  static constexpr db::Sql kInsert = sql<R"sql(INSERT INTO promotion
      (store_id, {columns}, created_at, updated_at) VALUES ($1, {values 3}, $2, $2))sql",
                                         kPromotion>;
  scope.tx.execute(kInsert, Parameters(scope.store, scope.now).add(kPromotion, promotion));
  insert_parts(scope, promotion);
}

void update_promotion(const Scope& scope, const Promotion& promotion) {
  static constexpr db::Sql kUpdate = sql<R"sql(UPDATE promotion SET updated_at = $3, {sets 4}
      WHERE store_id = $1 AND id = $2)sql",
                                         kTerms>;
  static constexpr db::Sql kDelete[] = {
      {R"sql(DELETE FROM promotion_condition WHERE store_id = $1 AND promotion_id = $2)sql"},
      {R"sql(DELETE FROM promotion_action WHERE store_id = $1 AND promotion_id = $2)sql"},
  };
  scope.tx.execute(kUpdate,
                   Parameters(scope.store, promotion.id, scope.now).add(kTerms, promotion));
  for (const db::Sql& sql : kDelete) scope.tx.execute(sql, {scope.store, promotion.id});
  insert_parts(scope, promotion);
}

// ---- codes

std::optional<PromotionId> find_code(const Scope& scope, std::string_view code) {
  static constexpr db::Sql kFind{R"sql(SELECT promotion_id FROM promotion_code
      WHERE store_id = $1 AND code = $2)sql"};
  return scope.tx.first<PromotionId>(kFind, {scope.store, code},
                                     [](db::Columns& in, PromotionId& out) { in >> out; });
}

bool insert_code(const Scope& scope, const PromotionId& promotion, const CodeBatchId& batch,
                 std::string_view code) {
  static constexpr db::Sql kInsert{R"sql(INSERT INTO promotion_code
      (store_id, code, promotion_id, batch, used) VALUES ($1, $2, $3, $4, 0)
      ON CONFLICT DO NOTHING)sql"};
  return scope.tx.execute(kInsert, {scope.store, code, promotion, batch}) == 1;
}

std::vector<CodeRow> list_codes(const Scope& scope, const PromotionId& promotion,
                                const CodeKey& after, std::int64_t limit) {
  static constexpr db::Sql kList{R"sql(SELECT batch, code, used FROM promotion_code
      WHERE store_id = $1 AND promotion_id = $2 AND (batch, code) > ($3, $4)
      ORDER BY batch, code LIMIT $5)sql"};
  return scope.tx.all<CodeRow>(
      kList, {scope.store, promotion, after.batch, after.code, limit},
      [](db::Columns& in, CodeRow& out) { in >> out.batch >> out.shown.code >> out.shown.used; });
}

std::vector<std::string> list_batch(const Scope& scope, const PromotionId& promotion,
                                    const CodeBatchId& batch) {
  static constexpr db::Sql kList{R"sql(SELECT code FROM promotion_code
      WHERE store_id = $1 AND promotion_id = $2 AND batch = $3 ORDER BY code)sql"};
  return scope.tx.all<std::string>(kList, {scope.store, promotion, batch},
                                   [](db::Columns& in, std::string& out) { in >> out; });
}

// ---- uses

UseCounts count_uses(const Scope& scope, const PromotionUse& use) {
  static constexpr db::Sql kCount{R"sql(SELECT p.used,
        (SELECT c.used FROM promotion_code c WHERE c.store_id = $1 AND c.code = $3)
      FROM promotion p WHERE p.store_id = $1 AND p.id = $2)sql"};
  static constexpr db::Sql kCountOfCustomer{R"sql(SELECT used FROM promotion_use
      WHERE store_id = $1 AND promotion_id = $2 AND customer = $3)sql"};
  auto counts =
      scope.tx
          .first<UseCounts>(kCount, {scope.store, use.promotion_id, use.code},
                            [](db::Columns& in, UseCounts& out) { in >> out.all >> out.of_code; })
          .value_or(UseCounts());
  for (const std::string& customer : use.customers) {
    const auto used = scope.tx.first<std::int64_t>(
        kCountOfCustomer, {scope.store, use.promotion_id, customer}, read_number);
    counts.of_customer = std::max(counts.of_customer, used.value_or(0));
  }
  return counts;
}

TakenUse take_use(const Scope& scope, const PromotionUse& use) {
  static constexpr db::Sql kTake{R"sql(UPDATE promotion SET used = used + 1
      WHERE store_id = $1 AND id = $2 AND (usage_limit IS NULL OR used < usage_limit)
      RETURNING per_customer_limit, per_code_limit)sql"};
  static constexpr db::Sql kTakeOfCode{R"sql(UPDATE promotion_code SET used = used + 1
      WHERE store_id = $1 AND code = $2 AND (used < $3 OR $3 IS NULL))sql"};
  static constexpr db::Sql kTakeForCustomer{R"sql(INSERT INTO promotion_use
      (store_id, promotion_id, customer, used) VALUES ($1, $2, $3, 1)
      ON CONFLICT (store_id, promotion_id, customer) DO UPDATE SET used = promotion_use.used + 1
        WHERE promotion_use.used < $4 OR $4 IS NULL)sql"};
  struct Limits {
    std::optional<std::int64_t> per_customer;
    std::optional<std::int64_t> per_code;
  };
  const auto limits = scope.tx.first<Limits>(
      kTake, {scope.store, use.promotion_id},
      [](db::Columns& in, Limits& out) { in >> out.per_customer >> out.per_code; });
  if (!limits) return TakenUse::used_up;
  PromotionUse taken{use.promotion_id, {}, {}};
  if (!use.code.empty()) {
    if (scope.tx.execute(kTakeOfCode, {scope.store, use.code, limits->per_code}) == 0) {
      return_use(scope, taken);
      return TakenUse::code_used_up;
    }
    taken.code = use.code;
  }
  for (const std::string& customer : use.customers) {
    if (scope.tx.execute(kTakeForCustomer,
                         {scope.store, use.promotion_id, customer, limits->per_customer}) == 0) {
      return_use(scope, taken);
      return TakenUse::used_up_by_customer;
    }
    taken.customers.push_back(customer);
  }
  return TakenUse::taken;
}

void return_use(const Scope& scope, const PromotionUse& use) {
  static constexpr db::Sql kReturn{R"sql(UPDATE promotion SET used = used - 1
      WHERE store_id = $1 AND id = $2)sql"};
  static constexpr db::Sql kReturnOfCode{R"sql(UPDATE promotion_code SET used = used - 1
      WHERE store_id = $1 AND code = $2)sql"};
  // The row names the customer, so it goes with the last use.
  static constexpr db::Sql kReturnLast{R"sql(DELETE FROM promotion_use
      WHERE store_id = $1 AND promotion_id = $2 AND customer = $3 AND used = 1)sql"};
  static constexpr db::Sql kReturnOne{R"sql(UPDATE promotion_use SET used = used - 1
      WHERE store_id = $1 AND promotion_id = $2 AND customer = $3)sql"};
  scope.tx.execute(kReturn, {scope.store, use.promotion_id});
  if (!use.code.empty()) scope.tx.execute(kReturnOfCode, {scope.store, use.code});
  for (const std::string& customer : use.customers) {
    if (scope.tx.execute(kReturnLast, {scope.store, use.promotion_id, customer}) == 1) continue;
    scope.tx.execute(kReturnOne, {scope.store, use.promotion_id, customer});
  }
}

void add_customer_use(const Scope& scope, const PromotionId& promotion, std::string_view customer) {
  static constexpr db::Sql kAdd{R"sql(INSERT INTO promotion_use
      (store_id, promotion_id, customer, used) VALUES ($1, $2, $3, 1)
      ON CONFLICT (store_id, promotion_id, customer) DO UPDATE
        SET used = promotion_use.used + 1)sql"};
  scope.tx.execute(kAdd, {scope.store, promotion, customer});
}

}  // namespace resys::rows
