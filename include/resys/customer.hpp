// A signed-in user's address book. The library knows customers only by the host's user id.
#pragma once

#include <optional>
#include <string>

#include "resys/catalog.hpp"

namespace resys {

struct Address {
  AddressId id{};  // empty on an order's copy of an inline address
  std::string first_name{};
  std::string last_name{};
  std::string company{};  // may be empty
  std::string line1{};
  std::string line2{};  // may be empty
  std::string city{};
  std::string region{};       // may be empty
  std::string postal_code{};  // may be empty where the country has none
  std::string country{};      // ISO 3166-1 alpha-2, upper case
  std::string phone{};        // may be empty
};

// An address as a request gives it.
struct AddressInput {
  std::string first_name{};
  std::string last_name{};
  std::optional<std::string> company{};
  std::string line1{};
  std::optional<std::string> line2{};
  std::string city{};
  std::optional<std::string> region{};
  std::optional<std::string> postal_code{};
  std::string country{};
  std::optional<std::string> phone{};
};

struct ListAddresses {
  std::int64_t limit = 50;
  std::optional<std::string> after{};
};

using CreateAddress = AddressInput;

struct UpdateAddress {
  AddressId address_id{};
  std::optional<std::string> first_name{};
  std::optional<std::string> last_name{};
  std::optional<std::string> company{};
  std::optional<std::string> line1{};
  std::optional<std::string> line2{};
  std::optional<std::string> city{};
  std::optional<std::string> region{};
  std::optional<std::string> postal_code{};
  std::optional<std::string> country{};
  std::optional<std::string> phone{};
};

struct DeleteAddress {
  AddressId address_id{};
};

struct Deleted {
  bool deleted = true;
};

class Addresses {
 public:
  explicit Addresses(Context& context) : context_(context) {}

  // The user's own, in the order they were made. All four: unauthenticated without a user id.
  Result<Page<Address>> list(const Caller& caller, const ListAddresses& request);
  Result<Address> create(const Caller& caller, const CreateAddress& request);
  Result<Address> update(const Caller& caller, const UpdateAddress& request);
  Result<Deleted> remove(const Caller& caller, const DeleteAddress& request);

 private:
  Context& context_;
};

}  // namespace resys
