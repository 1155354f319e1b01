// The ways to pay that a store offers, and their sealed settings.
#include "store/payment.hpp"
#include "store/text_list.hpp"

namespace resys::store {
namespace {

void read_method(db::Columns& in, PaymentMethodRow& out) {
  std::string public_settings, configured;
  in >> out.method.id >> out.method.name >> out.method.processor >> out.method.instructions >>
      out.method.active >> out.method.position >> public_settings >> configured >>
      out.private_metadata;
  out.method.public_settings = decode_options(public_settings);
  out.method.configured = decode_list(configured);
}

}  // namespace

std::vector<PaymentMethodRow> list_payment_methods(db::Transaction& tx, std::string_view store) {
  static constexpr db::Sql kList{R"sql(SELECT id, name, processor, instructions, active, position,
        public_settings, configured, private_metadata
      FROM payment_method WHERE store_id = $1 ORDER BY position, id)sql"};
  return tx.all<PaymentMethodRow>(kList, {store}, read_method);
}

std::optional<PaymentMethodRow> find_payment_method(db::Transaction& tx, std::string_view store,
                                                    const PaymentMethodId& id) {
  static constexpr db::Sql kFind{R"sql(SELECT id, name, processor, instructions, active, position,
        public_settings, configured, private_metadata
      FROM payment_method WHERE store_id = $1 AND id = $2)sql"};
  return tx.first<PaymentMethodRow>(kFind, {store, id}, read_method);
}

void insert_payment_method(db::Transaction& tx, std::string_view store, const PaymentMethod& method,
                           Timestamp now) {
  static constexpr db::Sql kInsert{R"sql(INSERT INTO payment_method
      (store_id, id, name, processor, instructions, active, position, public_settings, configured,
       created_at, updated_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, '', '', $8, $8))sql"};
  tx.execute(kInsert, {store, method.id, method.name, method.processor, method.instructions,
                       method.active, method.position, now});
}

bool update_payment_method(db::Transaction& tx, std::string_view store,
                           const UpdatePaymentMethod& request, Timestamp now) {
  static constexpr db::Sql kUpdate{R"sql(UPDATE payment_method
      SET name = COALESCE($3, name), instructions = COALESCE($4, instructions),
        active = COALESCE($5, active), position = COALESCE($6, position), updated_at = $7
      WHERE store_id = $1 AND id = $2)sql"};
  return tx.execute(kUpdate, {store, request.payment_method_id, request.name, request.instructions,
                              request.active, request.position, now}) == 1;
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
