// The address books.
#include "store/customer.hpp"

namespace resys::store {
namespace {

constexpr auto kAddress = columns(column("id", &Address::id)) + kAddressParts;

void read_address(db::Columns& in, Address& out) {
  kAddress(in, out);
  out.formatted = address_lines(out);
}

}  // namespace

std::optional<Address> find_address(db::Transaction& tx, std::string_view store,
                                    std::string_view user_id, const AddressId& id) {
  static constexpr db::Sql kFind = sql<R"sql(SELECT {columns}
      FROM address WHERE store_id = $1 AND user_id = $2 AND id = $3)sql",
                                       kAddress>;
  return tx.first<Address>(kFind, {store, user_id, id}, read_address);
}

std::optional<Address> lock_address(db::Transaction& tx, std::string_view store,
                                    std::string_view user_id, const AddressId& id) {
  static constexpr db::Sql kLock = sql<R"sql(SELECT {columns}
      FROM address WHERE store_id = $1 AND user_id = $2 AND id = $3 FOR UPDATE)sql",
                                       kAddress>;
  return tx.first<Address>(kLock, {store, user_id, id}, read_address);
}

std::vector<Address> list_addresses(db::Transaction& tx, std::string_view store,
                                    std::string_view user_id, const AddressId& after,
                                    std::int64_t limit) {
  static constexpr db::Sql kList = sql<R"sql(SELECT {columns}
      FROM address WHERE store_id = $1 AND user_id = $2 AND id > $3 ORDER BY id LIMIT $4)sql",
                                       kAddress>;
  return tx.all<Address>(kList, {store, user_id, after, limit}, read_address);
}

void insert_address(db::Transaction& tx, std::string_view store, std::string_view user_id,
                    const Address& address, Timestamp now) {
  static constexpr db::Sql kInsert = sql<R"sql(INSERT INTO address
      (store_id, user_id, {columns}, created_at, updated_at)
      VALUES ($1, $2, {values 4}, $3, $3))sql",
                                         kAddress>;
  tx.execute(kInsert, Parameters(store, user_id, now).add(kAddress, address));
}

void update_address(db::Transaction& tx, std::string_view store, std::string_view user_id,
                    const Address& address, Timestamp now) {
  static constexpr db::Sql kUpdate = sql<R"sql(UPDATE address SET updated_at = $4, {sets 5}
      WHERE store_id = $1 AND user_id = $2 AND id = $3)sql",
                                         kAddressParts>;
  tx.execute(kUpdate, Parameters(store, user_id, address.id, now).add(kAddressParts, address));
}

bool delete_address(db::Transaction& tx, std::string_view store, std::string_view user_id,
                    const AddressId& id) {
  static constexpr db::Sql kDelete{R"sql(DELETE FROM address
      WHERE store_id = $1 AND user_id = $2 AND id = $3)sql"};
  return tx.execute(kDelete, {store, user_id, id}) == 1;
}

}  // namespace resys::store
