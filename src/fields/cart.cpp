// The fields of carts.
#include "fields/cart.hpp"

#include "fields/catalog.hpp"
#include "fields/make_schema.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<LineItem>() {
  static const Schema schema = make_schema<LineItem>(
      "LineItem", field("id", &LineItem::id, "its id"),
      field("sku", &LineItem::sku, "the variant's"),
      field("name", &LineItem::name, "the product's and the variant's"),
      field("options", &LineItem::options, "of the variant"),
      field("imageUrl", &LineItem::image_url, "may be empty"),
      field("quantity", &LineItem::quantity, "how many units"),
      field("unitPriceCents", &LineItem::unit_price_cents,
            "the price when the line was last changed by the shopper"),
      field("currentUnitPriceCents", &LineItem::current_unit_price_cents,
            "the price now; null where it has not changed since"),
      field("totalCents", &LineItem::total_cents, "quantity times unit price"),
      field("availableQuantity", &LineItem::available_quantity,
            "how many this shopper could buy now"),
      field("backorderable", &LineItem::backorderable,
            "more than is available can be ordered, and is sent when it comes"),
      field("problems", &LineItem::problems, "what placing would refuse about this line now"));
  return schema;
}

template <>
const Schema& schema_of<AppliedCoupon>() {
  static const Schema schema = make_schema<AppliedCoupon>(
      "AppliedCoupon", field("code", &AppliedCoupon::code, "as stored, in upper case"),
      field("discountCents", &AppliedCoupon::discount_cents, "what it takes off"),
      field("reason", &AppliedCoupon::reason,
            "why it would take nothing off now; null where it would"),
      field("missingCents", &AppliedCoupon::missing_cents,
            "what the items' total lacks of the code's minimum; null for other reasons"));
  return schema;
}

template <>
const Schema& schema_of<Cart>() {
  static const Schema schema = make_schema<Cart>(
      "Cart", field("id", &Cart::id, "empty while nothing was ever put into it"),
      field("state", &Cart::state, "where in its life it is"),
      field("currency", &Cart::currency, "ISO 4217 code; empty while there are no lines"),
      field("itemCount", &Cart::item_count, "the units of all lines"),
      field("lineItems", &Cart::line_items, "its lines"),
      field("coupons", &Cart::coupons, "the applied discount codes"),
      field("itemTotalCents", &Cart::item_total_cents, "the sum of the lines"),
      field("discountTotalCents", &Cart::discount_total_cents, "the sum of the discounts"),
      field("shipmentTotalCents", &Cart::shipment_total_cents,
            "the chosen shipping method's price"),
      field("taxTotalCents", &Cart::tax_total_cents, "taxes"),
      field("totalCents", &Cart::total_cents, "items less discounts plus shipment plus tax"),
      field("newTotalCents", &Cart::new_total_cents,
            "where a price has changed: the total now, for `acceptTotalCents`; else null"),
      field("problems", &Cart::problems,
            "what placing would refuse now, in that order; empty once it is placed"),
      field("version", &Cart::version, "rises with every change"));
  return schema;
}

template <>
const Schema& schema_of<AddCartItem>() {
  static const Schema schema = make_schema<AddCartItem>(
      "AddCartItem", required("sku", &AddCartItem::sku, "which variant", kSku),
      field("quantity", &AddCartItem::quantity, "how many to add", kUnits));
  return schema;
}

template <>
const Schema& schema_of<ChangeCartItem>() {
  static const Schema schema = make_schema<ChangeCartItem>(
      "ChangeCartItem", required("lineItemId", &ChangeCartItem::line_item_id, "which line"),
      required("quantity", &ChangeCartItem::quantity, "how many there shall be", kUnits));
  return schema;
}

template <>
const Schema& schema_of<RemoveCartItem>() {
  static const Schema schema = make_schema<RemoveCartItem>(
      "RemoveCartItem", required("lineItemId", &RemoveCartItem::line_item_id, "which line"));
  return schema;
}

template <>
const Schema& schema_of<GetCart>() {
  static const Schema schema = make_schema<GetCart>("GetCart");
  return schema;
}

template <>
const Schema& schema_of<ApplyCoupon>() {
  static const Schema schema = make_schema<ApplyCoupon>(
      "ApplyCoupon",
      required("code", &ApplyCoupon::code, "the discount code, in any case", kCouponCode));
  return schema;
}

template <>
const Schema& schema_of<RemoveCoupon>() {
  static const Schema schema = make_schema<RemoveCoupon>(
      "RemoveCoupon",
      required("code", &RemoveCoupon::code, "the discount code, in any case", kCouponCode));
  return schema;
}

template <>
const Schema& schema_of<MergeCart>() {
  static const Schema schema = make_schema<MergeCart>("MergeCart");
  return schema;
}

template <>
const Schema& schema_of<MergedLine>() {
  static const Schema schema = make_schema<MergedLine>(
      "MergedLine", field("sku", &MergedLine::sku, "the variant's"),
      field("quantity", &MergedLine::quantity, "of the user's line afterwards"),
      field("result", &MergedLine::result, "what became of the guest's line"));
  return schema;
}

template <>
const Schema& schema_of<MergedCart>() {
  static const Schema schema = make_schema<MergedCart>(
      "MergedCart", field("cart", &MergedCart::cart, "the user's cart"),
      field("lines", &MergedCart::lines, "one for each line of the guest"),
      field("claimedOrders", &MergedCart::claimed_orders,
            "numbers of orders that the guest had placed and that are the user's now"));
  return schema;
}

}  // namespace resys::fields
