// Declares the schemas of stock, locations and reservations.
#pragma once

#include "base/fields.hpp"
#include "resys/inventory.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<InventoryUnit>();
template <>
const Schema& schema_of<Location>();
template <>
const Schema& schema_of<StockAtLocation>();
template <>
const Schema& schema_of<Stock>();
template <>
const Schema& schema_of<ListStock>();
template <>
const Schema& schema_of<GetStock>();
template <>
const Schema& schema_of<SetStock>();
template <>
const Schema& schema_of<ListStockMovements>();
template <>
const Schema& schema_of<StockMovement>();
template <>
const Schema& schema_of<ListLocations>();
template <>
const Schema& schema_of<CreateLocation>();
template <>
const Schema& schema_of<UpdateLocation>();
template <>
const Schema& schema_of<ReservationLine>();
template <>
const Schema& schema_of<Reserve>();
template <>
const Schema& schema_of<ReservationRef>();
template <>
const Schema& schema_of<ExtendReservation>();
template <>
const Schema& schema_of<Page<Location>>();
template <>
const Schema& schema_of<Page<Stock>>();
template <>
const Schema& schema_of<Page<StockMovement>>();

}  // namespace resys::fields
