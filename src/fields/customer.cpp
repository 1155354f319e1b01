// The fields of a user's address book.
#include "fields/customer.hpp"

#include "fields/make_schema.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<Address>() {
  static const Schema schema = make_schema<Address>(
      "Address", field("id", &Address::id, "empty on an order's copy of an inline address"),
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
            "the lines of a label, as the country writes them; the last is the country"));
  return schema;
}

template <>
const Schema& schema_of<AddressInput>() {
  static const Schema schema = make_schema<AddressInput>(
      "AddressInput",
      field("firstName", &AddressInput::first_name, "given name; one of the two names is enough",
            kPersonName),
      field("lastName", &AddressInput::last_name, "family name", kPersonName),
      field("company", &AddressInput::company, "may be empty", kOptionalName),
      required("line1", &AddressInput::line1, "street and number", kStreet),
      field("line2", &AddressInput::line2, "may be empty", kOptionalStreet),
      field("city", &AddressInput::city, "may be empty where the country's addresses have none",
            kCity),
      field("region", &AddressInput::region,
            "its code or its name; may be empty where none is needed", kRegion),
      field("postalCode", &AddressInput::postal_code, "may be empty where the country needs none",
            kPostalCode),
      required("country", &AddressInput::country, "ISO 3166-1 alpha-2", kCountry),
      field("phone", &AddressInput::phone, "may be empty", kPhone));
  return schema;
}

template <>
const Schema& schema_of<ListAddresses>() {
  static const Schema schema = make_schema<ListAddresses>(
      "ListAddresses", field("limit", &ListAddresses::limit, "how many at most", kPageSize),
      field("after", &ListAddresses::after, "the `nextAfter` of the page before", kCursor));
  return schema;
}

template <>
const Schema& schema_of<UpdateAddress>() {
  static const Schema schema = make_schema<UpdateAddress>(
      "UpdateAddress", required("addressId", &UpdateAddress::address_id, "which address"),
      field("firstName", &UpdateAddress::first_name, "given name; one of the two names is enough",
            kPersonName),
      field("lastName", &UpdateAddress::last_name, "family name", kPersonName),
      field("company", &UpdateAddress::company, "may be empty", kOptionalName),
      field("line1", &UpdateAddress::line1, "street and number", kStreet),
      field("line2", &UpdateAddress::line2, "may be empty", kOptionalStreet),
      field("city", &UpdateAddress::city, "may be empty where the country's addresses have none",
            kCity),
      field("region", &UpdateAddress::region,
            "its code or its name; may be empty where none is needed", kRegion),
      field("postalCode", &UpdateAddress::postal_code, "may be empty where the country needs none",
            kPostalCode),
      field("country", &UpdateAddress::country, "ISO 3166-1 alpha-2", kCountry),
      field("phone", &UpdateAddress::phone, "may be empty", kPhone));
  return schema;
}

template <>
const Schema& schema_of<DeleteAddress>() {
  static const Schema schema = make_schema<DeleteAddress>(
      "DeleteAddress", required("addressId", &DeleteAddress::address_id, "which address"));
  return schema;
}

template <>
const Schema& schema_of<Country>() {
  static const Schema schema = make_schema<Country>(
      "Country", field("code", &Country::code, "ISO 3166-1 alpha-2, and AC, TA, XK"),
      field("name", &Country::name, "the last line of a label, in English"));
  return schema;
}

template <>
const Schema& schema_of<ListCountries>() {
  static const Schema schema = make_schema<ListCountries>("ListCountries");
  return schema;
}

template <>
const Schema& schema_of<GetAddressRules>() {
  static const Schema schema = make_schema<GetAddressRules>(
      "GetAddressRules", required("country", &GetAddressRules::country, "which country", kCountry));
  return schema;
}

template <>
const Schema& schema_of<AddressRegion>() {
  static const Schema schema = make_schema<AddressRegion>(
      "AddressRegion", field("code", &AddressRegion::code, "as the post writes it"),
      field("name", &AddressRegion::name, "in the country's language"),
      field("latinName", &AddressRegion::latin_name, "in Latin letters"));
  return schema;
}

template <>
const Schema& schema_of<AddressRules>() {
  static const Schema schema = make_schema<AddressRules>(
      "AddressRules", field("country", &AddressRules::country, "its code"),
      field("name", &AddressRules::name, "in English capitals, as on a label"),
      field("parts", &AddressRules::parts,
            "of line1, city, region, postalCode those that its addresses have, as the lines go"),
      field("required", &AddressRules::required, "those of them that may not be empty"),
      field("postalCodeExample", &AddressRules::postal_code_example,
            "empty where the country has none, or none is known"),
      field("regions", &AddressRules::regions, "empty where none are known"),
      field("regionIsCode", &AddressRules::region_is_code,
            "only one of `regions` is accepted, and kept as its code"));
  return schema;
}

template <>
const Schema& schema_of<Deleted>() {
  static const Schema schema =
      make_schema<Deleted>("Deleted", field("deleted", &Deleted::deleted, "always true"));
  return schema;
}

template <>
const Schema& schema_of<Page<Address>>() {
  static const Schema schema = make_page_schema<Address>();
  return schema;
}

template <>
const Schema& schema_of<Page<Country>>() {
  static const Schema schema = make_page_schema<Country>();
  return schema;
}

}  // namespace resys::fields
