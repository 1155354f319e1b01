// The payment methods of a store, and their sealed settings.
#include "store/columns.hpp"
#include "store/payment.hpp"

namespace resys::store {
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

std::vector<PaymentMethodRow> list_payment_methods(db::Transaction& tx, std::string_view store) {
  static constexpr db::Sql kList = sql<R"sql(SELECT {columns}, private_metadata
      FROM payment_method WHERE store_id = $1 ORDER BY position, id)sql",
                                       kMethod>;
  return tx.all<PaymentMethodRow>(kList, {store}, read_method);
}

std::optional<PaymentMethodRow> find_payment_method(db::Transaction& tx, std::string_view store,
                                                    const PaymentMethodId& id) {
  static constexpr db::Sql kFind = sql<R"sql(SELECT {columns}, private_metadata
      FROM payment_method WHERE store_id = $1 AND id = $2)sql",
                                       kMethod>;
  return tx.first<PaymentMethodRow>(kFind, {store, id}, read_method);
}

void insert_payment_method(db::Transaction& tx, std::string_view store, const PaymentMethod& method,
                           Timestamp now) {
  static constexpr db::Sql kInsert = sql<R"sql(INSERT INTO payment_method
      (store_id, {columns}, created_at, updated_at) VALUES ($1, {values 3}, $2, $2))sql",
                                         kMethod>;
  tx.execute(kInsert, Parameters(store, now).add(kMethod, method));
}

bool update_payment_method(db::Transaction& tx, std::string_view store,
                           const UpdatePaymentMethod& request, Timestamp now) {
  static constexpr db::Sql kUpdate = sql<R"sql(UPDATE payment_method
      SET updated_at = $3, {changes 4} WHERE store_id = $1 AND id = $2)sql",
                                         kChanges>;
  return tx.execute(kUpdate,
                    Parameters(store, request.payment_method_id, now).add(kChanges, request)) == 1;
}

void save_payment_config(db::Transaction& tx, std::string_view store, const PaymentMethodRow& row,
                         Timestamp now) {
  static constexpr db::Sql kSave{R"sql(UPDATE payment_method
      SET public_settings = $3, configured = $4, private_metadata = $5, updated_at = $6
      WHERE store_id = $1 AND id = $2)sql"};
  tx.execute(kSave, {store, row.method.id, encode_options(row.method.public_settings),
                     encode_list(row.method.configured), db::nullable(row.private_metadata), now});
}

std::optional<Timestamp> payment_method_updated_at(db::Transaction& tx, std::string_view store,
                                                   const PaymentMethodId& id) {
  static constexpr db::Sql kFind{R"sql(SELECT updated_at FROM payment_method
      WHERE store_id = $1 AND id = $2)sql"};
  return tx.first<Timestamp>(kFind, {store, id},
                             [](db::Columns& in, Timestamp& out) { in >> out; });
}

std::vector<SealedText<PaymentMethodId>> list_sealed_methods(db::Transaction& tx,
                                                             std::string_view store) {
  static constexpr db::Sql kList{R"sql(SELECT id, private_metadata FROM payment_method
      WHERE store_id = $1 AND private_metadata IS NOT NULL ORDER BY id)sql"};
  return tx.all<SealedText<PaymentMethodId>>(
      kList, {store}, [](db::Columns& in, auto& out) { in >> out.id >> out.sealed; });
}

bool reseal_method(db::Transaction& tx, std::string_view store, const PaymentMethodId& id,
                   std::string_view before, const std::string& after) {
  static constexpr db::Sql kReseal{R"sql(UPDATE payment_method SET private_metadata = $4
      WHERE store_id = $1 AND id = $2 AND private_metadata = $3)sql"};
  return tx.execute(kReseal, {store, id, before, after}) == 1;
}

}  // namespace resys::store
