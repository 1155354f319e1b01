// The address books, and what staff have recorded of customers.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/columns.hpp"
#include "base/scope.hpp"
#include "resys/customer.hpp"

namespace resys::rows {

// The columns of an address, in an address book or in an order.
inline constexpr auto kAddressParts =
    columns(column("first_name", &Address::first_name), column("last_name", &Address::last_name),
            column("company", &Address::company), column("line1", &Address::line1),
            column("line2", &Address::line2), column("city", &Address::city),
            column("region", &Address::region), column("postal_code", &Address::postal_code),
            column("country", &Address::country), column("phone", &Address::phone));

// Finds only the user's own address.
std::optional<Address> find_address(const Scope& scope, std::string_view user_id,
                                    const AddressId& id);
// The same, and locks the address.
std::optional<Address> lock_address(const Scope& scope, std::string_view user_id,
                                    const AddressId& id);
// The user's own addresses, oldest first, from the one after `after`.
std::vector<Address> list_addresses(const Scope& scope, std::string_view user_id,
                                    const AddressId& after, std::int64_t limit);
void insert_address(const Scope& scope, std::string_view user_id, const Address& address);
// The address must have been locked.
void update_address(const Scope& scope, std::string_view user_id, const Address& address);
// Returns false if the user has no such address.
bool delete_address(const Scope& scope, std::string_view user_id, const AddressId& id);

// Nothing if nothing was recorded of the user.
std::optional<Customer> find_customer(const Scope& scope, std::string_view user_id);
// Makes a record with the defaults if there is none, and locks it.
Customer lock_customer(const Scope& scope, std::string_view user_id);
// In the order of the user ids, from the one after `after`.
std::vector<Customer> list_customers(const Scope& scope, std::string_view after,
                                     std::int64_t limit);
// The customer must have been locked.
void update_customer(const Scope& scope, const Customer& customer);

}  // namespace resys::rows
