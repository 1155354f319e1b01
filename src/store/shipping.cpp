// Shipping methods.
#include "store/shipping.hpp"

#include "store/text_list.hpp"

namespace resys::store {
namespace {

void read_method(db::Columns& in, ShippingMethod& out) {
  std::string countries;
  in >> out.id >> out.name >> out.kind >> out.price_cents >> out.free_over_cents >> out.currency >>
      countries >> out.active >> out.position;
  out.countries = decode_list(countries);
}

}  // namespace

std::vector<ShippingMethod> list_shipping_methods(db::Transaction& tx, std::string_view store) {
  static constexpr db::Sql kList{R"sql(SELECT id, name, kind, price_cents, free_over_cents,
        currency, countries, active, position
      FROM shipping_method WHERE store_id = $1 ORDER BY position, id)sql"};
  return tx.all<ShippingMethod>(kList, {store}, read_method);
}

std::optional<ShippingMethod> find_shipping_method(db::Transaction& tx, std::string_view store,
                                                   const ShippingMethodId& id) {
  static constexpr db::Sql kFind{R"sql(SELECT id, name, kind, price_cents, free_over_cents,
        currency, countries, active, position
      FROM shipping_method WHERE store_id = $1 AND id = $2)sql"};
  return tx.first<ShippingMethod>(kFind, {store, id}, read_method);
}

std::optional<ChosenShipping> find_chosen_shipping(db::Transaction& tx, std::string_view store,
                                                   const OrderId& order,
                                                   const ShippingMethodId& method) {
  static constexpr db::Sql kFind{R"sql(SELECT m.id, m.name, m.kind, m.price_cents,
        m.free_over_cents, m.currency, m.countries, m.active, m.position, a.country
      FROM order_address a JOIN shipping_method m ON m.store_id = a.store_id AND m.id = $3
      WHERE a.store_id = $1 AND a.order_id = $2 AND a.kind = 'shipping')sql"};
  return tx.first<ChosenShipping>(kFind, {store, order, method},
                                  [](db::Columns& in, ChosenShipping& out) {
                                    read_method(in, out.method);
                                    in >> out.country;
                                  });
}

void insert_shipping_method(db::Transaction& tx, std::string_view store,
                            const ShippingMethod& method, Timestamp now) {
  static constexpr db::Sql kInsert{R"sql(INSERT INTO shipping_method
      (store_id, id, name, kind, price_cents, free_over_cents, currency, countries, active,
       position, created_at, updated_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11))sql"};
  tx.execute(kInsert, {store, method.id, method.name, method.kind, method.price_cents,
                       method.free_over_cents, method.currency, encode_list(method.countries),
                       method.active, method.position, now});
}

std::optional<ShippingMethod> update_shipping_method(db::Transaction& tx, std::string_view store,
                                                     const UpdateShippingMethod& request,
                                                     Timestamp now) {
  static constexpr db::Sql kUpdate{R"sql(UPDATE shipping_method
      SET name = COALESCE($3, name), kind = COALESCE($4, kind),
        price_cents = COALESCE($5, price_cents),
        free_over_cents = COALESCE($6, free_over_cents), countries = COALESCE($7, countries),
        active = COALESCE($8, active), position = COALESCE($9, position), updated_at = $10
      WHERE store_id = $1 AND id = $2
      RETURNING id, name, kind, price_cents, free_over_cents, currency, countries, active,
        position)sql"};
  std::optional<std::string> countries;
  if (request.countries) countries = encode_list(*request.countries);
  return tx.first<ShippingMethod>(
      kUpdate,
      {store, request.shipping_method_id, request.name, request.kind, request.price_cents,
       request.free_over_cents, countries, request.active, request.position, now},
      read_method);
}

}  // namespace resys::store
