// Declares the schemas of what a tax calculator is asked, and returns.
#pragma once

#include "base/fields.hpp"
#include "resys/tax_calculator.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<TaxableItem>();
template <>
const Schema& schema_of<CalculateTaxes>();
template <>
const Schema& schema_of<CalculatedTax>();
template <>
const Schema& schema_of<ItemTaxes>();
template <>
const Schema& schema_of<CalculatedTaxes>();

}  // namespace resys::fields
