// The address books.
#pragma once

#include <optional>
#include <string_view>

#include "db/database.hpp"
#include "resys/customer.hpp"

namespace resys::store {

// Only the user's own.
std::optional<Address> find_address(db::Transaction& tx, std::string_view store,
                                    std::string_view user_id, const AddressId& id);

}  // namespace resys::store
