// Shipping methods.
#include "shipping/rows.hpp"

#include "base/columns.hpp"

namespace resys::rows {
namespace {

constexpr auto kMethod = columns(
    column("id", &ShippingMethod::id), column("name", &ShippingMethod::name),
    column("kind", &ShippingMethod::kind), column("price_cents", &ShippingMethod::price_cents),
    column("free_over_cents", &ShippingMethod::free_over_cents),
    column("currency", &ShippingMethod::currency), column("countries", &ShippingMethod::countries),
    column("tax_category", &ShippingMethod::tax_category),
    column("active", &ShippingMethod::active), column("position", &ShippingMethod::position));

constexpr auto kChanges = columns(column("name", &UpdateShippingMethod::name),
                                  column("kind", &UpdateShippingMethod::kind),
                                  column("price_cents", &UpdateShippingMethod::price_cents),
                                  column("free_over_cents", &UpdateShippingMethod::free_over_cents),
                                  column("countries", &UpdateShippingMethod::countries),
                                  column("tax_category", &UpdateShippingMethod::tax_category),
                                  column("active", &UpdateShippingMethod::active),
                                  column("position", &UpdateShippingMethod::position));

}  // namespace

std::vector<ShippingMethod> list_shipping_methods(const Scope& scope) {
  static constexpr db::Sql kList = sql<R"sql(SELECT {columns}
      FROM shipping_method WHERE store_id = $1 ORDER BY position, id)sql",
                                       kMethod>;
  return scope.tx.all<ShippingMethod>(kList, {scope.store}, kMethod);
}

std::optional<ShippingMethod> find_shipping_method(const Scope& scope, const ShippingMethodId& id) {
  static constexpr db::Sql kFind = sql<R"sql(SELECT {columns}
      FROM shipping_method WHERE store_id = $1 AND id = $2)sql",
                                       kMethod>;
  return scope.tx.first<ShippingMethod>(kFind, {scope.store, id}, kMethod);
}

std::optional<ChosenShipping> find_chosen_shipping(const Scope& scope, const OrderId& order,
                                                   const ShippingMethodId& method) {
  static constexpr db::Sql kFind = sql<R"sql(SELECT {m.columns}, a.country
      FROM order_address a JOIN shipping_method m ON m.store_id = a.store_id AND m.id = $3
      WHERE a.store_id = $1 AND a.order_id = $2 AND a.kind = 'shipping')sql",
                                       kMethod>;
  return scope.tx.first<ChosenShipping>(kFind, {scope.store, order, method},
                                        [](db::Columns& in, ChosenShipping& out) {
                                          kMethod(in, out.method);
                                          in >> out.country;
                                        });
}

void insert_shipping_method(const Scope& scope, const ShippingMethod& method) {
  static constexpr db::Sql kInsert = sql<R"sql(INSERT INTO shipping_method
      (store_id, {columns}, created_at, updated_at) VALUES ($1, {values 3}, $2, $2))sql",
                                         kMethod>;
  scope.tx.execute(kInsert, Parameters(scope.store, scope.now).add(kMethod, method));
}

std::optional<ShippingMethod> update_shipping_method(const Scope& scope,
                                                     const UpdateShippingMethod& request) {
  static constexpr db::Sql kUpdate = sql<R"sql(UPDATE shipping_method
      SET updated_at = $3, {changes 4} WHERE store_id = $1 AND id = $2)sql",
                                         kChanges>;
  Parameters values(scope.store, request.shipping_method_id, scope.now);
  values.add(kChanges, request);
  if (scope.tx.execute(kUpdate, values) != 1) return std::nullopt;
  return find_shipping_method(scope, request.shipping_method_id);
}

}  // namespace resys::rows
