// The address books.
#include "store/customer.hpp"

namespace resys::store {
namespace {

void read_address(db::Columns& in, Address& out) {
  in >> out.id >> out.first_name >> out.last_name >> out.company >> out.line1 >> out.line2 >>
      out.city >> out.region >> out.postal_code >> out.country >> out.phone;
  out.formatted = address_lines(out);
}

}  // namespace

std::optional<Address> find_address(db::Transaction& tx, std::string_view store,
                                    std::string_view user_id, const AddressId& id) {
  static constexpr db::Sql kFind{R"sql(SELECT id, first_name, last_name, company, line1, line2,
        city, region, postal_code, country, phone
      FROM address WHERE store_id = $1 AND user_id = $2 AND id = $3)sql"};
  return tx.first<Address>(kFind, {store, user_id, id}, read_address);
}

std::optional<Address> lock_address(db::Transaction& tx, std::string_view store,
                                    std::string_view user_id, const AddressId& id) {
  static constexpr db::Sql kLock{R"sql(SELECT id, first_name, last_name, company, line1, line2,
        city, region, postal_code, country, phone
      FROM address WHERE store_id = $1 AND user_id = $2 AND id = $3 FOR UPDATE)sql"};
  return tx.first<Address>(kLock, {store, user_id, id}, read_address);
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

void update_address(db::Transaction& tx, std::string_view store, std::string_view user_id,
                    const Address& address, Timestamp now) {
  static constexpr db::Sql kUpdate{R"sql(UPDATE address
      SET first_name = $4, last_name = $5, company = $6, line1 = $7, line2 = $8, city = $9,
        region = $10, postal_code = $11, country = $12, phone = $13, updated_at = $14
      WHERE store_id = $1 AND user_id = $2 AND id = $3)sql"};
  tx.execute(kUpdate, {store, user_id, address.id, address.first_name, address.last_name,
                       address.company, address.line1, address.line2, address.city, address.region,
                       address.postal_code, address.country, address.phone, now});
}

bool delete_address(db::Transaction& tx, std::string_view store, std::string_view user_id,
                    const AddressId& id) {
  static constexpr db::Sql kDelete{R"sql(DELETE FROM address
      WHERE store_id = $1 AND user_id = $2 AND id = $3)sql"};
  return tx.execute(kDelete, {store, user_id, id}) == 1;
}

}  // namespace resys::store
