// The fields of a user's address book.
#pragma once

#include "fields/fields.hpp"
#include "resys/customer.hpp"

namespace resys::fields {

template <>
struct Table<Address> {
  static constexpr std::string_view type = "Address";
  static constexpr auto rows = std::tuple{
      field("id", &Address::id, "empty on an order's copy of an inline address"),
      field("firstName", &Address::first_name, "given name"),
      field("lastName", &Address::last_name, "family name"),
      field("company", &Address::company, "may be empty"),
      field("line1", &Address::line1, "street and number"),
      field("line2", &Address::line2, "may be empty"),
      field("city", &Address::city, "city"),
      field("region", &Address::region, "state or province, may be empty"),
      field("postalCode", &Address::postal_code, "may be empty where the country has none"),
      field("country", &Address::country, "ISO 3166-1 alpha-2, upper case"),
      field("phone", &Address::phone, "may be empty")};
};

template <>
struct Table<AddressInput> {
  static constexpr std::string_view type = "AddressInput";
  static constexpr auto rows = std::tuple{
      required("firstName", &AddressInput::first_name, "given name", kPersonName),
      required("lastName", &AddressInput::last_name, "family name", kPersonName),
      field("company", &AddressInput::company, "may be empty", kOptionalName),
      required("line1", &AddressInput::line1, "street and number", kStreet),
      field("line2", &AddressInput::line2, "may be empty", kOptionalStreet),
      required("city", &AddressInput::city, "city", kCity),
      field("region", &AddressInput::region, "state or province, may be empty", kRegion),
      field("postalCode", &AddressInput::postal_code, "may be empty where the country has none",
            kPostalCode),
      required("country", &AddressInput::country, "ISO 3166-1 alpha-2, upper case", kCountry),
      field("phone", &AddressInput::phone, "may be empty", kPhone)};
};

template <>
struct Table<ListAddresses> {
  static constexpr std::string_view type = "ListAddresses";
  static constexpr auto rows = std::tuple{
      field("limit", &ListAddresses::limit, "how many at most", kPageSize),
      field("after", &ListAddresses::after, "the `nextAfter` of the page before", kCursor)};
};

template <>
struct Table<UpdateAddress> {
  static constexpr std::string_view type = "UpdateAddress";
  static constexpr auto rows = std::tuple{
      required("id", &UpdateAddress::address_id, "which address"),
      field("firstName", &UpdateAddress::first_name, "given name", kPersonName),
      field("lastName", &UpdateAddress::last_name, "family name", kPersonName),
      field("company", &UpdateAddress::company, "may be empty", kOptionalName),
      field("line1", &UpdateAddress::line1, "street and number", kStreet),
      field("line2", &UpdateAddress::line2, "may be empty", kOptionalStreet),
      field("city", &UpdateAddress::city, "city", kCity),
      field("region", &UpdateAddress::region, "state or province, may be empty", kRegion),
      field("postalCode", &UpdateAddress::postal_code, "may be empty where the country has none",
            kPostalCode),
      field("country", &UpdateAddress::country, "ISO 3166-1 alpha-2, upper case", kCountry),
      field("phone", &UpdateAddress::phone, "may be empty", kPhone)};
};

template <>
struct Table<DeleteAddress> {
  static constexpr std::string_view type = "DeleteAddress";
  static constexpr auto rows =
      std::tuple{required("id", &DeleteAddress::address_id, "which address")};
};

template <>
struct Table<Deleted> {
  static constexpr std::string_view type = "Deleted";
  static constexpr auto rows = std::tuple{field("deleted", &Deleted::deleted, "always true")};
};

}  // namespace resys::fields
