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
      field("firstName", &Address::first_name, "given name; empty where there is only the other"),
      field("lastName", &Address::last_name, "family name"),
      field("company", &Address::company, "may be empty"),
      field("line1", &Address::line1, "street and number"),
      field("line2", &Address::line2, "may be empty"),
      field("city", &Address::city, "may be empty where the country's addresses have none"),
      field("region", &Address::region, "state or province, may be empty"),
      field("postalCode", &Address::postal_code, "may be empty where the country needs none"),
      field("country", &Address::country, "ISO 3166-1 alpha-2, upper case"),
      field("phone", &Address::phone, "may be empty"),
      field("formatted", &Address::formatted,
            "the lines of a label, as the country writes them; the last is the country")};
};

template <>
struct Table<AddressInput> {
  static constexpr std::string_view type = "AddressInput";
  static constexpr auto rows =
      std::tuple{field("firstName", &AddressInput::first_name,
                       "given name; one of the two names is enough", kPersonName),
                 field("lastName", &AddressInput::last_name, "family name", kPersonName),
                 field("company", &AddressInput::company, "may be empty", kOptionalName),
                 required("line1", &AddressInput::line1, "street and number", kStreet),
                 field("line2", &AddressInput::line2, "may be empty", kOptionalStreet),
                 field("city", &AddressInput::city,
                       "may be empty where the country's addresses have none", kCity),
                 field("region", &AddressInput::region,
                       "its code or its name; may be empty where none is needed", kRegion),
                 field("postalCode", &AddressInput::postal_code,
                       "may be empty where the country needs none", kPostalCode),
                 required("country", &AddressInput::country, "ISO 3166-1 alpha-2", kCountry),
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
  static constexpr auto rows =
      std::tuple{required("addressId", &UpdateAddress::address_id, "which address"),
                 field("firstName", &UpdateAddress::first_name,
                       "given name; one of the two names is enough", kPersonName),
                 field("lastName", &UpdateAddress::last_name, "family name", kPersonName),
                 field("company", &UpdateAddress::company, "may be empty", kOptionalName),
                 field("line1", &UpdateAddress::line1, "street and number", kStreet),
                 field("line2", &UpdateAddress::line2, "may be empty", kOptionalStreet),
                 field("city", &UpdateAddress::city,
                       "may be empty where the country's addresses have none", kCity),
                 field("region", &UpdateAddress::region,
                       "its code or its name; may be empty where none is needed", kRegion),
                 field("postalCode", &UpdateAddress::postal_code,
                       "may be empty where the country needs none", kPostalCode),
                 field("country", &UpdateAddress::country, "ISO 3166-1 alpha-2", kCountry),
                 field("phone", &UpdateAddress::phone, "may be empty", kPhone)};
};

template <>
struct Table<DeleteAddress> {
  static constexpr std::string_view type = "DeleteAddress";
  static constexpr auto rows =
      std::tuple{required("addressId", &DeleteAddress::address_id, "which address")};
};

template <>
struct Table<Country> {
  static constexpr std::string_view type = "Country";
  static constexpr auto rows =
      std::tuple{field("code", &Country::code, "ISO 3166-1 alpha-2, and AC, TA, XK"),
                 field("name", &Country::name, "the last line of a label, in English")};
};

template <>
struct Table<ListCountries> {
  static constexpr std::string_view type = "ListCountries";
  static constexpr auto rows = std::tuple<>{};
};

template <>
struct Table<GetAddressRules> {
  static constexpr std::string_view type = "GetAddressRules";
  static constexpr auto rows =
      std::tuple{required("country", &GetAddressRules::country, "which country", kCountry)};
};

template <>
struct Table<AddressRegion> {
  static constexpr std::string_view type = "AddressRegion";
  static constexpr auto rows =
      std::tuple{field("code", &AddressRegion::code, "as the post writes it"),
                 field("name", &AddressRegion::name, "in the country's language"),
                 field("latinName", &AddressRegion::latin_name, "in Latin letters")};
};

template <>
struct Table<AddressRules> {
  static constexpr std::string_view type = "AddressRules";
  static constexpr auto rows = std::tuple{
      field("country", &AddressRules::country, "its code"),
      field("name", &AddressRules::name, "in English capitals, as on a label"),
      field("parts", &AddressRules::parts,
            "of line1, city, region, postalCode those that its addresses have, as the lines go"),
      field("required", &AddressRules::required, "those of them that may not be empty"),
      field("postalCodeExample", &AddressRules::postal_code_example,
            "empty where the country has none, or none is known"),
      field("regions", &AddressRules::regions, "empty where none are known"),
      field("regionIsCode", &AddressRules::region_is_code,
            "only one of `regions` is accepted, and kept as its code")};
};

template <>
struct Table<Deleted> {
  static constexpr std::string_view type = "Deleted";
  static constexpr auto rows = std::tuple{field("deleted", &Deleted::deleted, "always true")};
};

}  // namespace resys::fields
