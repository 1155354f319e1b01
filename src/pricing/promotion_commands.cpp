// A store's promotions and their codes, kept by staff.
#include <set>

#include "base/command.hpp"
#include "base/page.hpp"
#include "base/settings_rows.hpp"
#include "catalog/rows.hpp"
#include "pricing/promotion_check.hpp"
#include "pricing/promotion_fields.hpp"
#include "pricing/promotion_rows.hpp"

namespace resys {
namespace {

// How often a random code is drawn anew because a promotion has it already.
constexpr int kMaxDraws = 100;

Error no_such_promotion() {
  return Error(Errc::not_found, "there is no such promotion").at("promotionId");
}

Error refuse(std::string field, std::string message) {
  return Error(Errc::invalid_request, std::move(message)).at(std::move(field));
}

Result<Promotion> promotion_of(const Scope& scope, const PromotionId& id) {
  auto promotion = rows::find_promotion(scope, id);
  if (!promotion) return no_such_promotion();
  return *std::move(promotion);
}

template <class Value>
void change(Value& value, const std::optional<Value>& given) {
  if (given) value = *given;
}

void apply(const UpdatePromotion& request, Promotion& promotion) {
  change(promotion.name, request.name);
  change(promotion.priority, request.priority);
  change(promotion.stacking, request.stacking);
  change(promotion.group, request.group);
  change(promotion.currency, request.currency);
  change(promotion.conditions, request.conditions);
  change(promotion.actions, request.actions);
  change(promotion.starts_at, request.starts_at);
  change(promotion.ends_at, request.ends_at);
  change(promotion.usage_limit, request.usage_limit);
  change(promotion.per_customer_limit, request.per_customer_limit);
  change(promotion.per_code_limit, request.per_code_limit);
  change(promotion.active, request.active);
}

// conflict if a promotion has one of the codes.
Result<void> insert_codes(const Scope& scope, const PromotionId& promotion,
                          const CodeBatchId& batch, const std::vector<std::string>& codes) {
  for (std::size_t i = 0; i < codes.size(); ++i) {
    if (rows::insert_code(scope, promotion, batch, codes[i])) continue;
    return Error(Errc::conflict, "a promotion has this code")
        .at(pricing::item("codes", i))
        .with("code", codes[i]);
  }
  return success();
}

Result<void> insert_random_codes(const Scope& scope, const CreatePromotionCodes& request,
                                 const CodeBatchId& batch) {
  const auto insert = [&] {
    const std::string code =
        request.prefix + scope.ids.random_text(static_cast<std::size_t>(request.length));
    return rows::insert_code(scope, request.promotion_id, batch, code);
  };
  for (std::int64_t made = 0; made < *request.count; ++made) {
    int draws = 1;
    while (!insert()) {
      if (++draws > kMaxDraws) return Error(Errc::internal, "no random code is new");
    }
  }
  return success();
}

// ---- what it names

// The variants and products that the conditions and actions of a promotion name.
struct NamedGoods {
  std::set<std::string> skus;
  std::set<ProductId> product_ids;
};

template <class Part>
void add_goods(const std::vector<Part>& parts, NamedGoods& goods) {
  for (const Part& part : parts) {
    goods.skus.insert(part.skus.begin(), part.skus.end());
    goods.product_ids.insert(part.product_ids.begin(), part.product_ids.end());
    if constexpr (requires { part.sku; }) {
      if (part.sku) goods.skus.insert(*part.sku);
    }
  }
}

NamedGoods goods_of(const Promotion& promotion) {
  NamedGoods goods;
  add_goods(promotion.conditions, goods);
  add_goods(promotion.actions, goods);
  return goods;
}

// not_found at the field of the first SKU or product that does not exist. Those that are `known`
// may have been deleted since.
class GoodsCheck {
 public:
  GoodsCheck(const Scope& scope, NamedGoods known) : scope_(scope), known_(std::move(known)) {}

  Result<void> check(const Promotion& promotion) {
    RESYS_TRYV(check_parts("conditions", promotion.conditions));
    return check_parts("actions", promotion.actions);
  }

 private:
  template <class Part>
  Result<void> check_parts(const std::string& list, const std::vector<Part>& parts) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
      auto checked = check_part(parts[i]);
      if (checked.has_error())
        return fields::inside(pricing::item(list, i), std::move(checked).error());
    }
    return success();
  }

  template <class Part>
  Result<void> check_part(const Part& part) {
    for (std::size_t i = 0; i < part.skus.size(); ++i) {
      RESYS_TRYV(check_sku(pricing::item("skus", i), part.skus[i]));
    }
    for (std::size_t i = 0; i < part.product_ids.size(); ++i) {
      const ProductId& id = part.product_ids[i];
      if (!known_.product_ids.insert(id).second || rows::has_product(scope_, id)) continue;
      return Error(Errc::not_found, "there is no such product").at(pricing::item("productIds", i));
    }
    if constexpr (requires { part.sku; }) {
      if (part.sku) return check_sku("sku", *part.sku);
    }
    return success();
  }

  Result<void> check_sku(std::string field, const std::string& sku) {
    if (!known_.skus.insert(sku).second) return success();
    if (rows::find_variant(scope_, {sku, std::nullopt})) return success();
    return Error(Errc::not_found, "there is no such SKU").at(std::move(field)).with("sku", sku);
  }

  const Scope& scope_;
  NamedGoods known_;
};

Result<void> check_codes_request(const CreatePromotionCodes& request) {
  if (request.count && !request.codes.empty()) {
    return refuse("count", "both codes and count are given");
  }
  if (!request.count && request.codes.empty()) {
    return refuse("count", "neither codes nor count is given");
  }
  return pricing::check_codes(request.codes);
}

}  // namespace

Result<Page<Promotion>> AdminPromotions::list(const Caller& caller, const ListPromotions& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  const auto after = request.after ? PromotionId::parse(*request.after) : PromotionId();
  if (after.has_error()) return app::wrong_cursor();
  return context_.read(caller.store, [&](const Scope& scope) -> Result<Page<Promotion>> {
    return app::page_of(rows::list_promotions(scope, after.value(), request.limit + 1),
                        request.limit, [](const Promotion& each) { return each.id.text(); });
  });
}

Result<Promotion> AdminPromotions::get(const Caller& caller, const GetPromotion& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  return context_.read(
      caller.store, [&](const Scope& scope) { return promotion_of(scope, request.promotion_id); });
}

Result<Promotion> AdminPromotions::create(const Caller& caller, const CreatePromotion& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  const Promotion promotion{.id = context_.ids->make<PromotionId>(),
                            .name = request.name,
                            .automatic = request.automatic.value_or(request.codes.empty()),
                            .priority = request.priority,
                            .stacking = request.stacking,
                            .group = request.group,
                            .currency = request.currency,
                            .conditions = request.conditions,
                            .actions = request.actions,
                            .starts_at = request.starts_at,
                            .ends_at = request.ends_at,
                            .usage_limit = request.usage_limit,
                            .per_customer_limit = request.per_customer_limit,
                            .per_code_limit = request.per_code_limit,
                            .active = request.active};
  if (promotion.automatic && !request.codes.empty()) {
    return refuse("codes", "codes are given for a promotion that applies without one");
  }
  RESYS_TRYV(pricing::check_codes(request.codes));
  RESYS_TRYV(pricing::check_promotion(promotion));
  const auto body = [&](const Scope& scope) -> Result<PromotionId> {
    rows::ensure_store(scope);
    rows::change_price_rules(scope);
    RESYS_TRYV(GoodsCheck(scope, {}).check(promotion));
    rows::insert_promotion(scope, promotion);
    RESYS_TRYV(insert_codes(scope, promotion.id, scope.ids.make<CodeBatchId>(), request.codes));
    return promotion.id;
  };
  return app::run_command(context_, caller, request, body, promotion_of);
}

Result<Promotion> AdminPromotions::update(const Caller& caller, const UpdatePromotion& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  const auto body = [&](const Scope& scope) -> Result<PromotionId> {
    rows::change_price_rules(scope);
    RESYS_TRY(promotion, promotion_of(scope, request.promotion_id));
    GoodsCheck goods(scope, goods_of(promotion));
    apply(request, promotion);
    RESYS_TRYV(pricing::check_promotion(promotion));
    RESYS_TRYV(goods.check(promotion));
    rows::update_promotion(scope, promotion);
    return promotion.id;
  };
  return app::run_command(context_, caller, request, body, promotion_of);
}

Result<CreatedPromotionCodes> AdminPromotions::create_codes(const Caller& caller,
                                                            const CreatePromotionCodes& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  RESYS_TRYV(check_codes_request(request));
  const auto body = [&](const Scope& scope) -> Result<CodeBatchId> {
    RESYS_TRY(promotion, promotion_of(scope, request.promotion_id));
    if (promotion.automatic) {
      return Error(Errc::invalid_state, "the promotion applies without a code").at("promotionId");
    }
    const auto batch = scope.ids.make<CodeBatchId>();
    if (request.count) {
      RESYS_TRYV(insert_random_codes(scope, request, batch));
    } else {
      RESYS_TRYV(insert_codes(scope, promotion.id, batch, request.codes));
    }
    return batch;
  };
  const auto codes_of = [&](const Scope& scope,
                            const CodeBatchId& batch) -> Result<CreatedPromotionCodes> {
    return CreatedPromotionCodes{rows::list_batch(scope, request.promotion_id, batch)};
  };
  return app::run_command(context_, caller, request, body, codes_of);
}

Result<Page<PromotionCode>> AdminPromotions::list_codes(const Caller& caller,
                                                        const ListPromotionCodes& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  rows::CodeKey after;
  if (request.after) {
    std::string_view code = *request.after;
    const auto batch = CodeBatchId::parse(fields::next_part(code, '.'));
    if (batch.has_error()) return app::wrong_cursor();
    after = {batch.value(), std::string(code)};
  }
  return context_.read(caller.store, [&](const Scope& scope) -> Result<Page<PromotionCode>> {
    RESYS_TRYV(promotion_of(scope, request.promotion_id));
    auto found = app::page_of(
        rows::list_codes(scope, request.promotion_id, after, request.limit + 1), request.limit,
        [](const rows::CodeRow& row) { return row.batch.text() + "." + row.shown.code; });
    Page<PromotionCode> page{{}, std::move(found.next_after)};
    for (rows::CodeRow& row : found.items) page.items.push_back(std::move(row.shown));
    return page;
  });
}

}  // namespace resys
