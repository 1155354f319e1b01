// The address books, and what staff have recorded of customers.
#include "customer/rows.hpp"

namespace resys::rows {
namespace {

constexpr auto kAddress = columns(column("id", &Address::id)) + kAddressParts;

// The columns that an update writes.
constexpr auto kRecorded = columns(
    column("groups", &Customer::groups), column("tax_exempt", &Customer::tax_exempt),
    column("tax_id", &Customer::tax_id), column("tax_id_checked_at", &Customer::tax_id_checked_at));
constexpr auto kCustomer = columns(column("user_id", &Customer::user_id)) + kRecorded +
                           columns(column("updated_at", &Customer::updated_at));

void read_address(db::Columns& in, Address& out) {
  kAddress(in, out);
  out.formatted = address_lines(out);
}

}  // namespace

std::optional<Address> find_address(const Scope& scope, std::string_view user_id,
                                    const AddressId& id) {
  static constexpr db::Sql kFind = sql<R"sql(SELECT {columns}
      FROM address WHERE store_id = $1 AND user_id = $2 AND id = $3)sql",
                                       kAddress>;
  return scope.tx.first<Address>(kFind, {scope.store, user_id, id}, read_address);
}

std::optional<Address> lock_address(const Scope& scope, std::string_view user_id,
                                    const AddressId& id) {
  static constexpr db::Sql kLock = sql<R"sql(SELECT {columns}
      FROM address WHERE store_id = $1 AND user_id = $2 AND id = $3 FOR UPDATE)sql",
                                       kAddress>;
  return scope.tx.first<Address>(kLock, {scope.store, user_id, id}, read_address);
}

std::vector<Address> list_addresses(const Scope& scope, std::string_view user_id,
                                    const AddressId& after, std::int64_t limit) {
  static constexpr db::Sql kList = sql<R"sql(SELECT {columns}
      FROM address WHERE store_id = $1 AND user_id = $2 AND id > $3 ORDER BY id LIMIT $4)sql",
                                       kAddress>;
  return scope.tx.all<Address>(kList, {scope.store, user_id, after, limit}, read_address);
}

void insert_address(const Scope& scope, std::string_view user_id, const Address& address) {
  static constexpr db::Sql kInsert = sql<R"sql(INSERT INTO address
      (store_id, user_id, {columns}, created_at, updated_at)
      VALUES ($1, $2, {values 4}, $3, $3))sql",
                                         kAddress>;
  scope.tx.execute(kInsert, Parameters(scope.store, user_id, scope.now).add(kAddress, address));
}

void update_address(const Scope& scope, std::string_view user_id, const Address& address) {
  static constexpr db::Sql kUpdate = sql<R"sql(UPDATE address SET updated_at = $4, {sets 5}
      WHERE store_id = $1 AND user_id = $2 AND id = $3)sql",
                                         kAddressParts>;
  scope.tx.execute(
      kUpdate, Parameters(scope.store, user_id, address.id, scope.now).add(kAddressParts, address));
}

bool delete_address(const Scope& scope, std::string_view user_id, const AddressId& id) {
  static constexpr db::Sql kDelete{R"sql(DELETE FROM address
      WHERE store_id = $1 AND user_id = $2 AND id = $3)sql"};
  return scope.tx.execute(kDelete, {scope.store, user_id, id}) == 1;
}

std::optional<Customer> find_customer(const Scope& scope, std::string_view user_id) {
  static constexpr db::Sql kFind = sql<R"sql(SELECT {columns}
      FROM customer WHERE store_id = $1 AND user_id = $2)sql",
                                       kCustomer>;
  return scope.tx.first<Customer>(kFind, {scope.store, user_id}, kCustomer);
}

Customer lock_customer(const Scope& scope, std::string_view user_id) {
  static constexpr db::Sql kInsert = sql<R"sql(INSERT INTO customer
      (store_id, user_id, {columns}, created_at, updated_at)
      VALUES ($1, $2, {values 4}, $3, $3) ON CONFLICT DO NOTHING)sql",
                                         kRecorded>;
  static constexpr db::Sql kLock = sql<R"sql(SELECT {columns}
      FROM customer WHERE store_id = $1 AND user_id = $2 FOR UPDATE)sql",
                                       kCustomer>;
  const Customer defaults;
  scope.tx.execute(kInsert, Parameters(scope.store, user_id, scope.now).add(kRecorded, defaults));
  return scope.tx.first<Customer>(kLock, {scope.store, user_id}, kCustomer).value();
}

std::vector<Customer> list_customers(const Scope& scope, std::string_view after,
                                     std::int64_t limit) {
  static constexpr db::Sql kList = sql<R"sql(SELECT {columns}
      FROM customer WHERE store_id = $1 AND user_id > $2 ORDER BY user_id LIMIT $3)sql",
                                       kCustomer>;
  return scope.tx.all<Customer>(kList, {scope.store, after, limit}, kCustomer);
}

void update_customer(const Scope& scope, const Customer& customer) {
  static constexpr db::Sql kUpdate = sql<R"sql(UPDATE customer SET updated_at = $3, {sets 4}
      WHERE store_id = $1 AND user_id = $2)sql",
                                         kRecorded>;
  scope.tx.execute(kUpdate,
                   Parameters(scope.store, customer.user_id, scope.now).add(kRecorded, customer));
}

}  // namespace resys::rows
