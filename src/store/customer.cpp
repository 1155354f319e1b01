// The address books.
#include "store/customer.hpp"

namespace resys::store {
namespace {

void read_address(db::Columns& in, Address& out) {
  in >> out.id >> out.first_name >> out.last_name >> out.company >> out.line1 >> out.line2 >>
      out.city >> out.region >> out.postal_code >> out.country >> out.phone;
}

}  // namespace

std::optional<Address> find_address(db::Transaction& tx, std::string_view store,
                                    std::string_view user_id, const AddressId& id) {
  static constexpr db::Sql kFind{R"sql(SELECT id, first_name, last_name, company, line1, line2,
        city, region, postal_code, country, phone
      FROM address WHERE store_id = $1 AND user_id = $2 AND id = $3)sql"};
  return tx.first<Address>(kFind, {store, user_id, id}, read_address);
}

std::vector<Address> list_addresses(db::Transaction& tx, std::string_view store,
                                    std::string_view user_id, const AddressId& after,
                                    std::int64_t limit) {
  static constexpr db::Sql kList{R"sql(SELECT id, first_name, last_name, company, line1, line2,
        city, region, postal_code, country, phone
      FROM address WHERE store_id = $1 AND user_id = $2 AND id > $3 ORDER BY id LIMIT $4)sql"};
  return tx.all<Address>(kList, {store, user_id, after, limit}, read_address);
}

void insert_address(db::Transaction& tx, std::string_view store, std::string_view user_id,
                    const AddressId& id, const AddressInput& address, Timestamp now) {
  static constexpr db::Sql kInsert{R"sql(INSERT INTO address
      (store_id, id, user_id, first_name, last_name, company, line1, line2, city, region,
       postal_code, country, phone, created_at, updated_at)
      VALUES ($1, $2, $3, $4, $5, COALESCE($6, ''), $7, COALESCE($8, ''), $9, COALESCE($10, ''),
        COALESCE($11, ''), $12, COALESCE($13, ''), $14, $14))sql"};
  tx.execute(kInsert, {store, id, user_id, address.first_name, address.last_name, address.company,
                       address.line1, address.line2, address.city, address.region,
                       address.postal_code, address.country, address.phone, now});
}

bool update_address(db::Transaction& tx, std::string_view store, std::string_view user_id,
                    const UpdateAddress& request, Timestamp now) {
  static constexpr db::Sql kUpdate{R"sql(UPDATE address
      SET first_name = COALESCE($4, first_name), last_name = COALESCE($5, last_name),
        company = COALESCE($6, company), line1 = COALESCE($7, line1), line2 = COALESCE($8, line2),
        city = COALESCE($9, city), region = COALESCE($10, region),
        postal_code = COALESCE($11, postal_code), country = COALESCE($12, country),
        phone = COALESCE($13, phone), updated_at = $14
      WHERE store_id = $1 AND user_id = $2 AND id = $3)sql"};
  return tx.execute(kUpdate,
                    {store, user_id, request.address_id, request.first_name, request.last_name,
                     request.company, request.line1, request.line2, request.city, request.region,
                     request.postal_code, request.country, request.phone, now}) == 1;
}

bool delete_address(db::Transaction& tx, std::string_view store, std::string_view user_id,
                    const AddressId& id) {
  static constexpr db::Sql kDelete{R"sql(DELETE FROM address
      WHERE store_id = $1 AND user_id = $2 AND id = $3)sql"};
  return tx.execute(kDelete, {store, user_id, id}) == 1;
}

}  // namespace resys::store
