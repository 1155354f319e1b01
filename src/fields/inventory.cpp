// The fields of stock, locations and reservations.
#include "fields/inventory.hpp"

#include "fields/catalog.hpp"
#include "fields/make_schema.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<InventoryUnit>() {
  static const Schema schema = make_schema<InventoryUnit>(
      "InventoryUnit", field("id", &InventoryUnit::id, "its id"),
      field("variantId", &InventoryUnit::variant_id, "of which variant"),
      field("locationId", &InventoryUnit::location_id, "where it is"),
      field("orderRef", &InventoryUnit::order_ref, "for which order"),
      field("lineRef", &InventoryUnit::line_ref, "for which of its lines"),
      field("quantity", &InventoryUnit::quantity, "how many units the run has"),
      field("state", &InventoryUnit::state, "where in its life it is"),
      field("serial", &InventoryUnit::serial, "only for a run of one; often empty"));
  return schema;
}

template <>
const Schema& schema_of<Location>() {
  static const Schema schema = make_schema<Location>(
      "Location", field("id", &Location::id, "its id"), field("name", &Location::name, "its name"),
      field("active", &Location::active, "false: nothing is taken from here any more"),
      field("position", &Location::position, "stock is taken from the lowest position first"));
  return schema;
}

template <>
const Schema& schema_of<StockAtLocation>() {
  static const Schema schema = make_schema<StockAtLocation>(
      "StockAtLocation", field("locationId", &StockAtLocation::location_id, "where"),
      field("name", &StockAtLocation::name, "the location's"),
      field("onHand", &StockAtLocation::on_hand, "units that stand there, paid or not"),
      field("reserved", &StockAtLocation::reserved,
            "units of them that are held or sold, until their parcel leaves"),
      field("available", &StockAtLocation::available, "on hand less reserved"),
      field("backorderable", &StockAtLocation::backorderable, "can be bought without stock"));
  return schema;
}

template <>
const Schema& schema_of<Stock>() {
  static const Schema schema = make_schema<Stock>(
      "Stock", field("sku", &Stock::sku, "of which variant"),
      field("variantId", &Stock::variant_id, "its id: two variants may have one SKU"),
      field("active", &Stock::active, "false: the variant is no longer sold"),
      field("onHand", &Stock::on_hand, "units that stand there, paid or not"),
      field("reserved", &Stock::reserved,
            "units of them that are held or sold, until their parcel leaves"),
      field("available", &Stock::available, "on hand less reserved, over all active locations"),
      field("locations", &Stock::locations, "the same for each location"));
  return schema;
}

template <>
const Schema& schema_of<ListStock>() {
  static const Schema schema = make_schema<ListStock>(
      "ListStock", field("limit", &ListStock::limit, "how many at most", kPageSize),
      field("after", &ListStock::after, "the `nextAfter` of the page before", kCursor));
  return schema;
}

template <>
const Schema& schema_of<GetStock>() {
  static const Schema schema =
      make_schema<GetStock>("GetStock", required("sku", &GetStock::sku, "of which variant", kSku),
                            field("variantId", &GetStock::variant_id, kWhichOfSku));
  return schema;
}

template <>
const Schema& schema_of<SetStock>() {
  static const Schema schema = make_schema<SetStock>(
      "SetStock", required("sku", &SetStock::sku, "of which variant", kSku),
      field("variantId", &SetStock::variant_id, kWhichOfSku),
      field("locationId", &SetStock::location_id,
            "where; may be absent while one location is active"),
      field("onHand", &SetStock::on_hand, "a count; give this or `adjust`", kOnHand),
      field("adjust", &SetStock::adjust, "a difference; give this or `onHand`", kAdjustment),
      field("backorderable", &SetStock::backorderable, "can be bought without stock"),
      required("reason", &SetStock::reason, "why, for the ledger", kReason),
      field("expectedOnHand", &SetStock::expected_on_hand,
            "refused with `conflict` if it is something else by now", kOnHand),
      field("releaseHolds", &SetStock::release_holds,
            "true: where this is less than what is reserved, the youngest holds that are not paid "
            "give way"));
  return schema;
}

template <>
const Schema& schema_of<ListStockMovements>() {
  static const Schema schema = make_schema<ListStockMovements>(
      "ListStockMovements", required("sku", &ListStockMovements::sku, "of which variant", kSku),
      field("variantId", &ListStockMovements::variant_id, kWhichOfSku),
      field("limit", &ListStockMovements::limit, "how many at most", kPageSize),
      field("after", &ListStockMovements::after, "the `nextAfter` of the page before", kCursor));
  return schema;
}

template <>
const Schema& schema_of<StockMovement>() {
  static const Schema schema = make_schema<StockMovement>(
      "StockMovement", field("id", &StockMovement::id, "its id"),
      field("locationId", &StockMovement::location_id, "where"),
      field("quantity", &StockMovement::quantity, "of how many units it tells, above 0"),
      field("onHandDelta", &StockMovement::on_hand_delta, "how many units came or went"),
      field("reservedDelta", &StockMovement::reserved_delta,
            "how many were promised or given back"),
      field("reason", &StockMovement::reason,
            "`reserve`, `backorder`, `fill`, `lose`, `commit` (they are sold), `ship`, `release`, "
            "`restock`, or the words of staff"),
      field("orderRef", &StockMovement::order_ref, "empty for a manual change"),
      field("actor", &StockMovement::actor, "the caller's user id; empty: the library itself"),
      field("createdAt", &StockMovement::created_at, "when"));
  return schema;
}

template <>
const Schema& schema_of<ListLocations>() {
  static const Schema schema = make_schema<ListLocations>("ListLocations");
  return schema;
}

template <>
const Schema& schema_of<CreateLocation>() {
  static const Schema schema = make_schema<CreateLocation>(
      "CreateLocation", required("name", &CreateLocation::name, "its name", kName),
      field("position", &CreateLocation::position, "stock is taken from the lowest position first",
            kPosition));
  return schema;
}

template <>
const Schema& schema_of<UpdateLocation>() {
  static const Schema schema = make_schema<UpdateLocation>(
      "UpdateLocation", required("locationId", &UpdateLocation::location_id, "which location"),
      field("name", &UpdateLocation::name, "its name", kName),
      field("active", &UpdateLocation::active, "false: nothing is taken from here any more"),
      field("position", &UpdateLocation::position, "stock is taken from the lowest position first",
            kPosition));
  return schema;
}

template <>
const Schema& schema_of<ReservationLine>() {
  static const Schema schema = make_schema<ReservationLine>(
      "ReservationLine",
      required("lineRef", &ReservationLine::line_ref, "unique in its reservation", kHostReference),
      required("sku", &ReservationLine::sku, "which variant", kSku),
      required("quantity", &ReservationLine::quantity, "how many units", kUnits));
  return schema;
}

template <>
const Schema& schema_of<Reserve>() {
  static const Schema schema = make_schema<Reserve>(
      "Reserve",
      required("orderRef", &Reserve::order_ref, "the host's own name of its order", kHostReference),
      required("lines", &Reserve::lines, "what is to be reserved", kReservedLines),
      field("expiresAt", &Reserve::expires_at, "absent: now plus the store's reservationMinutes"));
  return schema;
}

template <>
const Schema& schema_of<ReservationRef>() {
  static const Schema schema = make_schema<ReservationRef>(
      "ReservationRef", required("orderRef", &ReservationRef::order_ref,
                                 "the host's own name of its order", kHostReference));
  return schema;
}

template <>
const Schema& schema_of<ExtendReservation>() {
  static const Schema schema = make_schema<ExtendReservation>(
      "ExtendReservation",
      required("orderRef", &ExtendReservation::order_ref, "the host's own name of its order",
               kHostReference),
      required("expiresAt", &ExtendReservation::expires_at, "the new deadline"));
  return schema;
}

template <>
const Schema& schema_of<Page<Location>>() {
  static const Schema schema = make_page_schema<Location>();
  return schema;
}

template <>
const Schema& schema_of<Page<Stock>>() {
  static const Schema schema = make_page_schema<Stock>();
  return schema;
}

template <>
const Schema& schema_of<Page<StockMovement>>() {
  static const Schema schema = make_page_schema<StockMovement>();
  return schema;
}

}  // namespace resys::fields
