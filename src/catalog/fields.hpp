// Declares the schemas of products and variants.
#pragma once

#include "base/fields.hpp"
#include "resys/catalog.hpp"

namespace resys::fields {

// The description of a `variantId` beside a SKU.
inline constexpr const char* kWhichOfSku =
    "Id of the variant if several share the SKU; absent: the active one, else the newest";

template <>
const Schema& schema_of<VariantPrice>();
template <>
const Schema& schema_of<NewVariantPrice>();
template <>
const Schema& schema_of<PriceChange>();
template <>
const Schema& schema_of<ListPriceChanges>();
template <>
const Schema& schema_of<Variant>();
template <>
const Schema& schema_of<Product>();
template <>
const Schema& schema_of<ListProducts>();
template <>
const Schema& schema_of<GetProduct>();
template <>
const Schema& schema_of<ListCurrencies>();
template <>
const Schema& schema_of<CurrencyInfo>();
template <>
const Schema& schema_of<NewVariant>();
template <>
const Schema& schema_of<CreateProduct>();
template <>
const Schema& schema_of<UpdateProduct>();
template <>
const Schema& schema_of<CreateVariant>();
template <>
const Schema& schema_of<UpdateVariant>();
template <>
const Schema& schema_of<RemoveVariant>();
template <>
const Schema& schema_of<Page<Product>>();
template <>
const Schema& schema_of<Page<PriceChange>>();
template <>
const Schema& schema_of<Page<CurrencyInfo>>();

}  // namespace resys::fields
