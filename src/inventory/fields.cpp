// The fields of stock, locations and reservations.
#include "inventory/fields.hpp"

#include "base/make_schema.hpp"
#include "catalog/fields.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<InventoryUnit>() {
  static const Schema schema = make_schema<InventoryUnit>(
      "InventoryUnit", field("id", &InventoryUnit::id, "Id of this lot of units"),
      field("variantId", &InventoryUnit::variant_id, "Id of the variant"),
      field("locationId", &InventoryUnit::location_id, "Id of the location that it is at"),
      field("orderRef", &InventoryUnit::order_ref,
            "Order that it is for: the order's id, or the host's reference"),
      field("lineRef", &InventoryUnit::line_ref,
            "Order line that it is for: the line's id, or the host's reference"),
      field("quantity", &InventoryUnit::quantity, "Number of units in the lot"),
      field("state", &InventoryUnit::state, "State of all units in the lot"),
      field("serial", &InventoryUnit::serial,
            "Serial number, for a lot of one unit only; often empty"));
  return schema;
}

template <>
const Schema& schema_of<Location>() {
  static const Schema schema =
      make_schema<Location>("Location", field("id", &Location::id, "The location's id"),
                            field("name", &Location::name, "Name of the location"),
                            field("active", &Location::active, "Whether stock is taken from it"),
                            field("position", &Location::position,
                                  "Rank: stock is taken from the lowest position first"));
  return schema;
}

template <>
const Schema& schema_of<StockAtLocation>() {
  static const Schema schema = make_schema<StockAtLocation>(
      "StockAtLocation", field("locationId", &StockAtLocation::location_id, "Id of the location"),
      field("name", &StockAtLocation::name, "Name of the location"),
      field("onHand", &StockAtLocation::on_hand,
            "Number of units that are physically there, paid or not"),
      field("reserved", &StockAtLocation::reserved,
            "Number of units on hand that are held or sold and have not been shipped"),
      field("available", &StockAtLocation::available, "Units on hand less reserved units"),
      field("backorderable", &StockAtLocation::backorderable,
            "Whether it can be ordered here without stock"));
  return schema;
}

template <>
const Schema& schema_of<Stock>() {
  static const Schema schema = make_schema<Stock>(
      "Stock", field("sku", &Stock::sku, "SKU of the variant"),
      field("variantId", &Stock::variant_id, "Id of the variant; two variants may have one SKU"),
      field("active", &Stock::active, "Whether the variant is for sale"),
      field("onHand", &Stock::on_hand,
            "Number of units that are physically there, paid or not, over all locations"),
      field("reserved", &Stock::reserved,
            "Number of units on hand that are held or sold and have not been shipped"),
      field("available", &Stock::available,
            "Units on hand less reserved units, over all active locations"),
      field("locations", &Stock::locations, "Stock at each location"));
  return schema;
}

template <>
const Schema& schema_of<ListStock>() {
  static const Schema schema = make_schema<ListStock>(
      "ListStock",
      field("limit", &ListStock::limit, "Maximum number of items in the page, 1 to 200", kPageSize),
      field("after", &ListStock::after,
            "The `nextAfter` of the previous page; absent for the first page", kCursor));
  return schema;
}

template <>
const Schema& schema_of<GetStock>() {
  static const Schema schema =
      make_schema<GetStock>("GetStock", required("sku", &GetStock::sku, "SKU of the variant", kSku),
                            field("variantId", &GetStock::variant_id, kWhichOfSku));
  return schema;
}

template <>
const Schema& schema_of<SetStock>() {
  static const Schema schema = make_schema<SetStock>(
      "SetStock", required("sku", &SetStock::sku, "SKU of the variant", kSku),
      field("variantId", &SetStock::variant_id, kWhichOfSku),
      field("locationId", &SetStock::location_id,
            "Id of the location; may be absent if exactly one is active"),
      field("onHand", &SetStock::on_hand,
            "Counted number of units, 0 to 1,000,000,000; give this or `adjust`", kOnHand),
      field("adjust", &SetStock::adjust,
            "Number of units to add, or negative to take off; give this or `onHand`", kAdjustment),
      field(
          "backorderable", &SetStock::backorderable,
          "Whether it can be ordered here without stock; may be given alone; unchanged if absent"),
      field("reason", &SetStock::reason,
            "Why, for the stock ledger, up to 500 characters; empty if absent", kReason),
      field("expectedOnHand", &SetStock::expected_on_hand,
            "Units on hand that are expected; another number is refused with conflict; absent: any",
            kOnHand),
      field("releaseHolds", &SetStock::release_holds,
            "Whether unpaid holds, newest first, give way to a count below what is reserved; else "
            "it is refused"));
  return schema;
}

template <>
const Schema& schema_of<ListStockMovements>() {
  static const Schema schema = make_schema<ListStockMovements>(
      "ListStockMovements", required("sku", &ListStockMovements::sku, "SKU of the variant", kSku),
      field("variantId", &ListStockMovements::variant_id, kWhichOfSku),
      field("limit", &ListStockMovements::limit, "Maximum number of items in the page, 1 to 200",
            kPageSize),
      field("after", &ListStockMovements::after,
            "The `nextAfter` of the previous page; absent for the first page", kCursor));
  return schema;
}

template <>
const Schema& schema_of<StockMovement>() {
  static const Schema schema = make_schema<StockMovement>(
      "StockMovement", field("id", &StockMovement::id, "The movement's id"),
      field("locationId", &StockMovement::location_id, "Id of the location"),
      field("quantity", &StockMovement::quantity, "Number of units that it is about, above 0"),
      field("onHandDelta", &StockMovement::on_hand_delta,
            "Change of the units on hand; negative if units left"),
      field("reservedDelta", &StockMovement::reserved_delta,
            "Change of the reserved units; negative if units were released or shipped"),
      field("reason", &StockMovement::reason,
            "Cause: reserve, backorder, fill, lose, commit (sold), ship, release, restock, or as "
            "staff wrote it"),
      field("orderRef", &StockMovement::order_ref,
            "Order: its id, or the host's reference; empty for a manual change"),
      field("actor", &StockMovement::actor,
            "User id of the caller; empty if the library made the change"),
      field("createdAt", &StockMovement::created_at, "When it was recorded, in UTC"));
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
      "CreateLocation", required("name", &CreateLocation::name, "Name of the location", kName),
      field("position", &CreateLocation::position,
            "Rank, 0 to 1,000,000: stock is taken from the lowest position first", kPosition));
  return schema;
}

template <>
const Schema& schema_of<UpdateLocation>() {
  static const Schema schema = make_schema<UpdateLocation>(
      "UpdateLocation",
      required("locationId", &UpdateLocation::location_id, "Id of the location to change"),
      field("name", &UpdateLocation::name, "New name; unchanged if absent", kName),
      field("active", &UpdateLocation::active,
            "Whether stock is taken from it; unchanged if absent"),
      field("position", &UpdateLocation::position,
            "New rank, 0 to 1,000,000: stock is taken from the lowest position first; unchanged if "
            "absent",
            kPosition));
  return schema;
}

template <>
const Schema& schema_of<ReservationLine>() {
  static const Schema schema = make_schema<ReservationLine>(
      "ReservationLine",
      required("lineRef", &ReservationLine::line_ref,
               "The host's reference for the line, unique in its reservation, up to 200 characters",
               kHostReference),
      required("sku", &ReservationLine::sku, "SKU of the variant", kSku),
      required("quantity", &ReservationLine::quantity, "Number of units to reserve, 1 to 10,000",
               kUnits));
  return schema;
}

template <>
const Schema& schema_of<Reserve>() {
  static const Schema schema = make_schema<Reserve>(
      "Reserve",
      required(
          "orderRef", &Reserve::order_ref,
          "The host's reference for its order, up to 200 characters; must not begin with order_",
          kHostReference),
      required("lines", &Reserve::lines, "The lines to reserve, 1 to 200", kReservedLines),
      field(
          "expiresAt", &Reserve::expires_at,
          "Deadline of the reservation, in UTC; absent: after the tenant's `reservationMinutes`"));
  return schema;
}

template <>
const Schema& schema_of<ReservationRef>() {
  static const Schema schema = make_schema<ReservationRef>(
      "ReservationRef", required("orderRef", &ReservationRef::order_ref,
                                 "The host's reference for its order", kHostReference));
  return schema;
}

template <>
const Schema& schema_of<ExtendReservation>() {
  static const Schema schema =
      make_schema<ExtendReservation>("ExtendReservation",
                                     required("orderRef", &ExtendReservation::order_ref,
                                              "The host's reference for its order", kHostReference),
                                     required("expiresAt", &ExtendReservation::expires_at,
                                              "New deadline of the reservation, in UTC"));
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
