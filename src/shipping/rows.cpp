// Shipping methods.
#include "shipping/rows.hpp"

#include "base/columns.hpp"

namespace resys::rows {
namespace {

constexpr auto kMethod = columns(
    column("id", &ShippingMethod::id), column("name", &ShippingMethod::name),
    column("kind", &ShippingMethod::kind), column("price_cents", &ShippingMethod::price_cents),
    column("tiers", &ShippingMethod::tiers),
    column("free_over_cents", &ShippingMethod::free_over_cents),
    column("currency", &ShippingMethod::currency), column("countries", &ShippingMethod::countries),
    column("regions", &ShippingMethod::regions),
    column("postal_prefixes", &ShippingMethod::postal_prefixes),
    column("tax_category", &ShippingMethod::tax_category),
    column("active", &ShippingMethod::active), column("position", &ShippingMethod::position));

// Reads a method. Its tiers are in its currency.
void read_method(db::Columns& in, ShippingMethod& out) {
  kMethod(in, out);
  for (ShippingTier& tier : out.tiers) tier.currency = out.currency;
}

}  // namespace

std::vector<ShippingMethod> list_shipping_methods(const Scope& scope) {
  static constexpr db::Sql kList = sql<R"sql(SELECT {columns}
      FROM shipping_method WHERE store_id = $1 ORDER BY position, id)sql",
                                       kMethod>;
  return scope.tx.all<ShippingMethod>(kList, {scope.store}, read_method);
}

std::optional<ShippingMethod> find_shipping_method(const Scope& scope, const ShippingMethodId& id) {
  static constexpr db::Sql kFind = sql<R"sql(SELECT {columns}
      FROM shipping_method WHERE store_id = $1 AND id = $2 FOR UPDATE)sql",
                                       kMethod>;
  return scope.tx.first<ShippingMethod>(kFind, {scope.store, id}, read_method);
}

std::optional<ChosenShipping> find_chosen_shipping(const Scope& scope, const OrderId& order,
                                                   const ShippingMethodId& method) {
  static constexpr db::Sql kFind = sql<R"sql(SELECT {m.columns}, a.country, a.region, a.postal_code
      FROM order_address a JOIN shipping_method m ON m.store_id = a.store_id AND m.id = $3
      WHERE a.store_id = $1 AND a.order_id = $2 AND a.kind = 'shipping')sql",
                                       kMethod>;
  return scope.tx.first<ChosenShipping>(
      kFind, {scope.store, order, method}, [](db::Columns& in, ChosenShipping& out) {
        read_method(in, out.method);
        in >> out.area.country >> out.area.region >> out.area.postal_code;
      });
}

void insert_shipping_method(const Scope& scope, const ShippingMethod& method) {
  static constexpr db::Sql kInsert = sql<R"sql(INSERT INTO shipping_method
      (store_id, {columns}, created_at, updated_at) VALUES ($1, {values 3}, $2, $2))sql",
                                         kMethod>;
  scope.tx.execute(kInsert, Parameters(scope.store, scope.now).add(kMethod, method));
}

void update_shipping_method(const Scope& scope, const ShippingMethod& method) {
  static constexpr db::Sql kUpdate = sql<R"sql(UPDATE shipping_method
      SET updated_at = $3, {sets 4} WHERE store_id = $1 AND id = $2)sql",
                                         kMethod>;
  scope.tx.execute(kUpdate, Parameters(scope.store, method.id, scope.now).add(kMethod, method));
}

}  // namespace resys::rows
