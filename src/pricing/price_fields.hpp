// Declares the schemas of price lists and of the settings for prices.
#pragma once

#include "base/fields.hpp"
#include "resys/price.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<PriceSettings>();
template <>
const Schema& schema_of<GetPriceSettings>();
template <>
const Schema& schema_of<UpdatePriceSettings>();
template <>
const Schema& schema_of<PriceList>();
template <>
const Schema& schema_of<ListedPrice>();
template <>
const Schema& schema_of<ListPriceLists>();
template <>
const Schema& schema_of<GetPriceList>();
template <>
const Schema& schema_of<CreatePriceList>();
template <>
const Schema& schema_of<UpdatePriceList>();
template <>
const Schema& schema_of<RemovePriceList>();
template <>
const Schema& schema_of<ListListedPrices>();
template <>
const Schema& schema_of<NewListedPrice>();
template <>
const Schema& schema_of<SetListedPrices>();
template <>
const Schema& schema_of<Page<PriceList>>();
template <>
const Schema& schema_of<Page<ListedPrice>>();

}  // namespace resys::fields
