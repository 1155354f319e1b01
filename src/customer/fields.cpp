// The fields of customers and their address books.
#include "customer/fields.hpp"

#include "base/make_schema.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<Address>() {
  static const Schema schema = make_schema<Address>(
      "Address",
      field("id", &Address::id, "The address's id; empty in an order's copy of an inline address"),
      field("firstName", &Address::first_name,
            "Given name; may be empty if there is a family name"),
      field("lastName", &Address::last_name, "Family name; may be empty if there is a given name"),
      field("company", &Address::company, "Company; empty if there is none"),
      field("line1", &Address::line1, "Street and house number"),
      field("line2", &Address::line2, "Second line of the street address; empty if there is none"),
      field("city", &Address::city, "City; may be empty where the country's addresses have none"),
      field("region", &Address::region,
            "State or province, as a code where the country uses codes; may be empty elsewhere"),
      field("postalCode", &Address::postal_code,
            "Postal code as the country writes it; may be empty where none is needed"),
      field("country", &Address::country,
            "Country code in upper case: ISO 3166-1 alpha-2, or AC, TA or XK"),
      field("phone", &Address::phone, "Phone number; empty if there is none"),
      field("formatted", &Address::formatted,
            "Lines of an address label as the country writes them; the last is the country in "
            "English"));
  return schema;
}

template <>
const Schema& schema_of<AddressInput>() {
  static const Schema schema = make_schema<AddressInput>(
      "AddressInput",
      field("firstName", &AddressInput::first_name,
            "Given name, up to 100 characters; this or `lastName` is required", kPersonName),
      field("lastName", &AddressInput::last_name,
            "Family name, up to 100 characters; this or `firstName` is required", kPersonName),
      field("company", &AddressInput::company, "Company; absent or empty if there is none",
            kOptionalName),
      required("line1", &AddressInput::line1, "Street and house number, 1 to 200 characters",
               kStreet),
      field("line2", &AddressInput::line2,
            "Second line of the street address; absent or empty if there is none", kOptionalStreet),
      field("city", &AddressInput::city,
            "City; may be empty where the country's addresses have none", kCity),
      field("region", &AddressInput::region,
            "State or province, as its code or name; required where the country needs one",
            kRegion),
      field("postalCode", &AddressInput::postal_code,
            "Postal code, with or without spaces and hyphens; required where the country needs one",
            kPostalCode),
      required("country", &AddressInput::country,
               "Country code in upper or lower case: ISO 3166-1 alpha-2, or AC, TA or XK",
               kCountry),
      field("phone", &AddressInput::phone, "Phone number; absent or empty if there is none",
            kPhone));
  return schema;
}

template <>
const Schema& schema_of<ListAddresses>() {
  static const Schema schema = make_schema<ListAddresses>(
      "ListAddresses",
      field("limit", &ListAddresses::limit, "Maximum number of items in the page, 1 to 200",
            kPageSize),
      field("after", &ListAddresses::after,
            "The `nextAfter` of the previous page; absent for the first page", kCursor));
  return schema;
}

template <>
const Schema& schema_of<UpdateAddress>() {
  static const Schema schema = make_schema<UpdateAddress>(
      "UpdateAddress",
      required("addressId", &UpdateAddress::address_id, "Id of the address to change"),
      field("firstName", &UpdateAddress::first_name,
            "New given name; may be empty if there is a family name; unchanged if absent",
            kPersonName),
      field("lastName", &UpdateAddress::last_name,
            "New family name; may be empty if there is a given name; unchanged if absent",
            kPersonName),
      field("company", &UpdateAddress::company,
            "New company; empty if there is none; unchanged if absent", kOptionalName),
      field("line1", &UpdateAddress::line1,
            "New street and house number, 1 to 200 characters; unchanged if absent", kStreet),
      field("line2", &UpdateAddress::line2,
            "New second line of the street address; empty if there is none; unchanged if absent",
            kOptionalStreet),
      field("city", &UpdateAddress::city,
            "New city; may be empty where the country's addresses have none; unchanged if absent",
            kCity),
      field("region", &UpdateAddress::region,
            "New state or province, as its code or name; may be empty where none is needed; "
            "unchanged if absent",
            kRegion),
      field("postalCode", &UpdateAddress::postal_code,
            "New postal code, with or without spaces and hyphens; may be empty where none is "
            "needed; unchanged if absent",
            kPostalCode),
      field("country", &UpdateAddress::country,
            "New country code in upper or lower case: ISO 3166-1 alpha-2, or AC, TA or XK; "
            "unchanged if absent",
            kCountry),
      field("phone", &UpdateAddress::phone,
            "New phone number; empty if there is none; unchanged if absent", kPhone));
  return schema;
}

template <>
const Schema& schema_of<RemoveAddress>() {
  static const Schema schema = make_schema<RemoveAddress>(
      "RemoveAddress",
      required("addressId", &RemoveAddress::address_id, "Id of the address to remove"));
  return schema;
}

template <>
const Schema& schema_of<Country>() {
  static const Schema schema = make_schema<Country>(
      "Country", field("code", &Country::code, "Country code: ISO 3166-1 alpha-2, or AC, TA or XK"),
      field("name", &Country::name,
            "Last line of an address label, in English capitals; territories may share their "
            "country's"));
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
      "GetAddressRules",
      required("country", &GetAddressRules::country,
               "Country code in upper or lower case: ISO 3166-1 alpha-2, or AC, TA or XK",
               kCountry));
  return schema;
}

template <>
const Schema& schema_of<AddressRegion>() {
  static const Schema schema = make_schema<AddressRegion>(
      "AddressRegion",
      field("code", &AddressRegion::code, "Code, or name, that stands in addresses"),
      field("name", &AddressRegion::name, "Name in the country's language"),
      field("latinName", &AddressRegion::latin_name, "Name in Latin letters"));
  return schema;
}

template <>
const Schema& schema_of<AddressRules>() {
  static const Schema schema = make_schema<AddressRules>(
      "AddressRules", field("country", &AddressRules::country, "Country code in upper case"),
      field("name", &AddressRules::name, "Last line of an address label, in English capitals"),
      field("parts", &AddressRules::parts,
            "Which of line1, city, region and postalCode addresses have, in the order of their "
            "lines"),
      field("required", &AddressRules::required, "Which of `parts` must not be empty"),
      field("postalCodeExample", &AddressRules::postal_code_example,
            "Example of a postal code; empty if the country has none or none is known"),
      field("regions", &AddressRules::regions, "States or provinces; empty if none are known"),
      field("regionIsCode", &AddressRules::region_is_code,
            "Whether only one of `regions` is accepted, and stored as its code"));
  return schema;
}

template <>
const Schema& schema_of<Customer>() {
  static const Schema schema = make_schema<Customer>(
      "Customer", field("userId", &Customer::user_id, "The host's id of the user"),
      field("groups", &Customer::groups, "Customer groups that the user is in, sorted"),
      field("taxExempt", &Customer::tax_exempt, "Whether the user pays no tax"),
      field("taxId", &Customer::tax_id,
            "Tax id as its country writes it, with the country's prefix; empty if there is none"),
      field("taxIdCheckedAt", &Customer::tax_id_checked_at,
            "When a registry said that the tax id is registered, in UTC; null if none has said so"),
      field("updatedAt", &Customer::updated_at,
            "When the record was last changed, in UTC; null if nothing is recorded of the user"));
  return schema;
}

template <>
const Schema& schema_of<ListCustomers>() {
  static const Schema schema = make_schema<ListCustomers>(
      "ListCustomers",
      field("limit", &ListCustomers::limit, "Maximum number of items in the page, 1 to 200",
            kPageSize),
      field("after", &ListCustomers::after,
            "The `nextAfter` of the previous page; absent for the first page", kCursor));
  return schema;
}

template <>
const Schema& schema_of<GetCustomer>() {
  static const Schema schema = make_schema<GetCustomer>(
      "GetCustomer",
      required("userId", &GetCustomer::user_id, "The host's id of the user", kUserId));
  return schema;
}

template <>
const Schema& schema_of<UpdateCustomer>() {
  static const Schema schema = make_schema<UpdateCustomer>(
      "UpdateCustomer",
      required("userId", &UpdateCustomer::user_id, "The host's id of the user", kUserId),
      field("groups", &UpdateCustomer::groups,
            "All customer groups that the user is in from now on, at most 20, each of a-z, 0-9, - "
            "and _, up to 64 characters; unchanged if absent",
            kGroups),
      field("taxExempt", &UpdateCustomer::tax_exempt,
            "Whether the user pays no tax; unchanged if absent"),
      field("taxId", &UpdateCustomer::tax_id,
            "Tax id with its country's prefix, in upper or lower case, with or without blanks, "
            "dots, hyphens and slashes; of a member of the European Union (EL for Greece), XI, GB, "
            "NO or CH; empty removes it; unchanged if absent",
            kTaxId));
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

template <>
const Schema& schema_of<Page<Customer>>() {
  static const Schema schema = make_page_schema<Customer>();
  return schema;
}

}  // namespace resys::fields
