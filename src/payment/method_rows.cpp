// The payment methods of a store, and their sealed settings.
#include "base/columns.hpp"
#include "payment/rows.hpp"

namespace resys::rows {
namespace {

constexpr auto kMethod =
    columns(column("id", &PaymentMethod::id), column("name", &PaymentMethod::name),
            column("processor", &PaymentMethod::processor),
            column("instructions", &PaymentMethod::instructions),
            column("active", &PaymentMethod::active), column("position", &PaymentMethod::position),
            column("public_settings", &PaymentMethod::public_settings),
            column("configured", &PaymentMethod::configured));

constexpr auto kChanges = columns(column("name", &UpdatePaymentMethod::name),
                                  column("instructions", &UpdatePaymentMethod::instructions),
                                  column("active", &UpdatePaymentMethod::active),
                                  column("position", &UpdatePaymentMethod::position));

void read_method(db::Columns& in, PaymentMethodRow& out) {
  kMethod(in, out.method);
  in >> out.private_metadata;
}

}  // namespace

std::vector<PaymentMethodRow> list_payment_methods(const Scope& scope) {
  static constexpr db::Sql kList = sql<R"sql(SELECT {columns}, private_metadata
      FROM payment_method WHERE store_id = $1 ORDER BY position, id)sql",
                                       kMethod>;
  return scope.tx.all<PaymentMethodRow>(kList, {scope.store}, read_method);
}

std::optional<PaymentMethodRow> find_payment_method(const Scope& scope, const PaymentMethodId& id) {
  static constexpr db::Sql kFind = sql<R"sql(SELECT {columns}, private_metadata
      FROM payment_method WHERE store_id = $1 AND id = $2)sql",
                                       kMethod>;
  return scope.tx.first<PaymentMethodRow>(kFind, {scope.store, id}, read_method);
}

void insert_payment_method(const Scope& scope, const PaymentMethod& method) {
  static constexpr db::Sql kInsert = sql<R"sql(INSERT INTO payment_method
      (store_id, {columns}, created_at, updated_at) VALUES ($1, {values 3}, $2, $2))sql",
                                         kMethod>;
  scope.tx.execute(kInsert, Parameters(scope.store, scope.now).add(kMethod, method));
}

bool update_payment_method(const Scope& scope, const UpdatePaymentMethod& request) {
  static constexpr db::Sql kUpdate = sql<R"sql(UPDATE payment_method
      SET updated_at = $3, {changes 4} WHERE store_id = $1 AND id = $2)sql",
                                         kChanges>;
  return scope.tx.execute(kUpdate, Parameters(scope.store, request.payment_method_id, scope.now)
                                       .add(kChanges, request)) == 1;
}

void save_payment_config(const Scope& scope, const PaymentMethodRow& row) {
  static constexpr db::Sql kSave{R"sql(UPDATE payment_method
      SET public_settings = $3, configured = $4, private_metadata = $5, updated_at = $6
      WHERE store_id = $1 AND id = $2)sql"};
  scope.tx.execute(
      kSave, {scope.store, row.method.id, encode_pairs(row.method.public_settings),
              encode_list(row.method.configured), db::nullable(row.private_metadata), scope.now});
}

std::optional<Timestamp> payment_method_updated_at(const Scope& scope, const PaymentMethodId& id) {
  static constexpr db::Sql kFind{R"sql(SELECT updated_at FROM payment_method
      WHERE store_id = $1 AND id = $2)sql"};
  return scope.tx.first<Timestamp>(kFind, {scope.store, id},
                                   [](db::Columns& in, Timestamp& out) { in >> out; });
}

std::vector<SealedText<PaymentMethodId>> list_sealed_methods(const Scope& scope) {
  static constexpr db::Sql kList{R"sql(SELECT id, private_metadata FROM payment_method
      WHERE store_id = $1 AND private_metadata IS NOT NULL ORDER BY id)sql"};
  return scope.tx.all<SealedText<PaymentMethodId>>(
      kList, {scope.store}, [](db::Columns& in, auto& out) { in >> out.id >> out.sealed; });
}

bool reseal_method(const Scope& scope, const PaymentMethodId& id, std::string_view before,
                   const std::string& after) {
  static constexpr db::Sql kReseal{R"sql(UPDATE payment_method SET private_metadata = $4
      WHERE store_id = $1 AND id = $2 AND private_metadata = $3)sql"};
  return scope.tx.execute(kReseal, {scope.store, id, before, after}) == 1;
}

}  // namespace resys::rows
