// Declares the schemas of customers and their address books.
#pragma once

#include "base/common_fields.hpp"
#include "resys/customer.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<Address>();
template <>
const Schema& schema_of<AddressInput>();
template <>
const Schema& schema_of<ListAddresses>();
template <>
const Schema& schema_of<UpdateAddress>();
template <>
const Schema& schema_of<RemoveAddress>();
template <>
const Schema& schema_of<Country>();
template <>
const Schema& schema_of<ListCountries>();
template <>
const Schema& schema_of<GetAddressRules>();
template <>
const Schema& schema_of<AddressRegion>();
template <>
const Schema& schema_of<AddressRules>();
template <>
const Schema& schema_of<Customer>();
template <>
const Schema& schema_of<ListCustomers>();
template <>
const Schema& schema_of<GetCustomer>();
template <>
const Schema& schema_of<UpdateCustomer>();
template <>
const Schema& schema_of<Page<Address>>();
template <>
const Schema& schema_of<Page<Country>>();
template <>
const Schema& schema_of<Page<Customer>>();

}  // namespace resys::fields
