// Declares the schemas of taxes.
#pragma once

#include "base/common_fields.hpp"
#include "resys/tax.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<TaxLine>();
template <>
const Schema& schema_of<TaxSettings>();
template <>
const Schema& schema_of<GetTaxSettings>();
template <>
const Schema& schema_of<UpdateTaxSettings>();
template <>
const Schema& schema_of<TaxRate>();
template <>
const Schema& schema_of<ListTaxRates>();
template <>
const Schema& schema_of<CreateTaxRate>();
template <>
const Schema& schema_of<UpdateTaxRate>();
template <>
const Schema& schema_of<RemoveTaxRate>();
template <>
const Schema& schema_of<Page<TaxRate>>();

}  // namespace resys::fields
