// Customers: a signed-in user's address book, and what staff record of a user. The library knows
// customers only by the host's user id.
//
// An address is checked by its country's rules, which are the address data of libaddressinput
// (src/customer/address_table.cpp names the version): the parts that are needed, the form of postal
// codes, the regions. What the rules do not know is accepted as written.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "resys/common.hpp"
#include "resys/time.hpp"

namespace resys {

struct Address {
  AddressId id{};            // empty on an order's copy of an inline address
  std::string first_name{};  // may be empty, as last_name, but not both
  std::string last_name{};
  std::string company{};  // may be empty
  std::string line1{};
  std::string line2{};  // may be empty
  std::string city{};   // may be empty where the country's addresses have none
  // May be empty where the country needs none. Its code where the country's post writes one ("CA"
  // in the United States, however it was given); elsewhere as it was given.
  std::string region{};
  std::string postal_code{};  // as the country's post writes it; may be empty where it needs none
  std::string country{};      // a code for which is_country() is true
  std::string phone{};        // may be empty
  std::vector<std::string> formatted{};  // address_lines() of it
};

// Whether a country or territory to which things are sent has this code, in upper case: those of
// ISO 3166-1 alpha-2, and XK (Kosovo), AC (Ascension Island) and TA (Tristan da Cunha).
bool is_country(std::string_view code) noexcept;

// The region as addresses in the country keep it: its code where the post writes codes ("CA"), else
// as it was given. invalid_request: the country, whose post writes codes, has no such region.
Result<std::string> region_of(std::string_view country, std::string_view region);

// The lines of a label, in the order in which the address's country writes them; the last is the
// country's name in English, which mail within the country leaves out. A part that was given but
// has no place there has a line of its own. Without the phone.
std::vector<std::string> address_lines(const Address& address);

// An address as a request gives it. Country and postal code may be in lower case, the postal code
// with or without its blanks and hyphens, the region by its code or its name.
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

struct RemoveAddress {
  AddressId address_id{};
};

struct Country {
  std::string code{};
  std::string name{};  // the last line of a label, in English capitals; that of Åland is FINLAND
};

struct ListCountries {};

struct GetAddressRules {
  std::string country{};  // in upper or lower case
};

struct AddressRegion {
  std::string code{};
  std::string name{};
  std::string latin_name{};  // in Latin letters
};

// What a form for addresses in a country needs to know. Parts are named as fields in JSON.
struct AddressRules {
  std::string country{};
  std::string name{};                    // in English capitals
  std::vector<std::string> parts{};      // of line1, city, region, postalCode; as the lines go
  std::vector<std::string> required{};   // those of them that may not be empty
  std::string postal_code_example{};     // empty where the country has none, or none is known
  std::vector<AddressRegion> regions{};  // empty where none are known
  bool region_is_code = false;           // only one of `regions` is accepted, and kept as its code
};

// What staff have recorded of a user. A user of whom nothing was recorded has a record with these
// defaults, for who the users are only the host knows.
struct Customer {
  std::string user_id{};
  std::vector<std::string> groups{};  // sorted, each once
  bool tax_exempt = false;            // pays no tax, whatever the tax id
  // As the country writes it, with its prefix: "DE136695976". Empty: none.
  std::string tax_id{};
  // When TaxIdRegistry said that the id is registered. Nothing if nobody was asked, or the registry
  // could not say.
  std::optional<Timestamp> tax_id_checked_at{};
  std::optional<Timestamp> updated_at{};  // nothing if nothing was recorded
};

struct ListCustomers {
  std::int64_t limit = 50;
  std::optional<std::string> after{};  // a user id
};

struct GetCustomer {
  std::string user_id{};
};

// What is absent keeps its value.
struct UpdateCustomer {
  std::string user_id{};
  // The groups instead of those of before: at most 20, each 1..64 of a-z 0-9 - _, in any order.
  std::optional<std::vector<std::string>> groups{};
  std::optional<bool> tax_exempt{};
  // With its prefix, in any case, with or without blanks, dots, hyphens and slashes; empty: none.
  // Its form and check digits must be those of its country: a member of the European Union (EL for
  // Greece), XI, GB, NO or CH.
  std::optional<std::string> tax_id{};
};

// A user's address book, and the rules of countries. An error leaves the book as it was.
class Addresses {
 public:
  explicit Addresses(Context& context) : context_(context) {}

  // ---- the user's own: unauthenticated without a user id
  //
  // Another user's address is not_found. An address that its country's post would not take is
  // invalid_request, which names the field, with the facts `country` and, where there is one,
  // `example`.

  // Lists them in the order in which they were made.
  // Errors: unauthenticated.
  Result<Page<Address>> list(const Caller& caller, const ListAddresses& request = {});
  // Returns the address as it is kept: region and postal code in the country's form.
  // Errors: unauthenticated.
  Result<Address> create(const Caller& caller, const CreateAddress& request);
  // The address with the changes is checked as a whole.
  // Errors: unauthenticated, not_found.
  Result<Address> update(const Caller& caller, const UpdateAddress& request);
  // Orders keep their copy.
  // Errors: unauthenticated, not_found.
  Result<Removed> remove(const Caller& caller, const RemoveAddress& request);

  // ---- for everybody

  // Lists all countries, by code.
  // Errors: none of its own.
  Result<Page<Country>> list_countries(const Caller& caller, const ListCountries& request = {});
  // invalid_request: is_country() of the code is false.
  // Errors: none of its own.
  Result<AddressRules> get_rules(const Caller& caller, const GetAddressRules& request);

 private:
  Context& context_;
};

// Staff. An error leaves a record as it was.
class AdminCustomers {
 public:
  explicit AdminCustomers(Context& context) : context_(context) {}

  // Lists those of whom something was recorded, by user id.
  // Errors: none of its own.
  Result<Page<Customer>> list(const Caller& caller, const ListCustomers& request = {});
  // Returns the defaults for a user of whom nothing was recorded.
  // Errors: none of its own.
  Result<Customer> get(const Caller& caller, const GetCustomer& request);
  // Makes the record if there is none. A tax id that was not found registered before is looked up
  // in ShopOptions::tax_id_registry first, if there is one, with no transaction open. If the
  // registry cannot say, the id is kept, and `tax_id_checked_at` is empty: the same id again asks
  // it again. invalid_request at taxId: the id is malformed, has wrong check digits, or is not
  // registered.
  // Errors: none of its own.
  Result<Customer> update(const Caller& caller, const UpdateCustomer& request);

 private:
  Context& context_;
};

}  // namespace resys
