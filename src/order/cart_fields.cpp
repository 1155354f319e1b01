// The fields of carts.
#include "order/cart_fields.hpp"

#include "base/make_schema.hpp"
#include "catalog/fields.hpp"
#include "pricing/promotion_fields.hpp"
#include "pricing/tax_fields.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<LineItem>() {
  static const Schema schema = make_schema<LineItem>(
      "LineItem", field("id", &LineItem::id, "The line's id"),
      field("sku", &LineItem::sku,
            "SKU of the variant; in a placed order, the SKU it was ordered under"),
      field("name", &LineItem::name,
            "Names of the product and the variant when the line was last changed"),
      field("options", &LineItem::options,
            "Option names and values of the variant, in display order"),
      field("imageUrl", &LineItem::image_url, "URL of the variant's image; empty if it has none"),
      field("quantity", &LineItem::quantity, "Number of units, 1 to 10,000"),
      field("unitPriceCents", &LineItem::unit_price_cents,
            "Price of one unit when the line was last changed or placed, in minor units of the "
            "cart's currency"),
      field("currentUnitPriceCents", &LineItem::current_unit_price_cents,
            "Price of one unit now, in minor units of the cart's currency; null if unchanged"),
      field("totalCents", &LineItem::total_cents,
            "`quantity` times `unitPriceCents`, before discounts, in minor units of the cart's "
            "currency"),
      field("discountCents", &LineItem::discount_cents,
            "Sum of `discounts`, in minor units of the cart's currency"),
      field("discounts", &LineItem::discounts,
            "What each promotion takes off the line, in the order in which they apply"),
      field("giftPromotionId", &LineItem::gift_promotion_id,
            "Id of the promotion that gives the line for nothing; empty if it was bought"),
      field("taxCategory", &LineItem::tax_category, "Tax category of the variant"),
      field("taxCents", &LineItem::tax_cents,
            "Sum of `taxLines`, in minor units of the cart's currency"),
      field("taxLines", &LineItem::tax_lines,
            "Taxes of what is left after discounts, a line for each rate"),
      field("refundedQuantity", &LineItem::refunded_quantity,
            "Number of units whose money was refunded, pending refunds included"),
      field("availableQuantity", &LineItem::available_quantity,
            "Number of units that can be bought now, including those held for this order"),
      field("backorderable", &LineItem::backorderable,
            "Whether more units than are available can be ordered, to be sent once they arrive"),
      field("problems", &LineItem::problems,
            "Reasons why placing would be refused now because of this line; empty if there are "
            "none"));
  return schema;
}

template <>
const Schema& schema_of<Cart>() {
  static const Schema schema = make_schema<Cart>(
      "Cart",
      field("id", &Cart::id,
            "The order's id, which stays when the cart is placed; empty if nothing was ever added"),
      field("state", &Cart::state,
            "State of the order; a cart is in Cart, Address or Delivery until it is placed"),
      field("currency", &Cart::currency,
            "ISO 4217 code of all amounts; empty while there are no lines"),
      field("itemCount", &Cart::item_count, "Number of units in all lines"),
      field("lineItems", &Cart::line_items, "The lines: at most 200, and gifts"),
      field("promotions", &Cart::promotions,
            "The promotions that apply, in the order in which they do"),
      field("rejectedCodes", &Cart::rejected_codes,
            "Codes that were entered and would take nothing off now; empty once placed"),
      field("promotionHints", &Cart::promotion_hints,
            "Promotions that would apply if more were bought, and gifts that are left out; empty "
            "once placed"),
      field("itemTotalCents", &Cart::item_total_cents,
            "Sum of the lines before discounts, in minor units of `currency`"),
      field("discountTotalCents", &Cart::discount_total_cents,
            "Sum of the discounts, in minor units of `currency`"),
      field("shipmentTotalCents", &Cart::shipment_total_cents,
            "Price of shipping after the promotions' shipping discounts, in minor units of "
            "`currency`; 0 until a shipping method is chosen"),
      field("taxTotalCents", &Cart::tax_total_cents,
            "Tax that is added to the total, in minor units of `currency`"),
      field("includedTaxTotalCents", &Cart::included_tax_total_cents,
            "Tax that is a part of the prices and not added, in minor units of `currency`"),
      field("taxLines", &Cart::tax_lines,
            "Taxes of all lines and of shipping, a line for each rate"),
      field("totalCents", &Cart::total_cents,
            "Total to pay: items less discounts, plus shipping and tax, in minor units of "
            "`currency`"),
      field("newTotalCents", &Cart::new_total_cents,
            "Total at current prices, for `acceptTotalCents`, in minor units of `currency`; null "
            "if no price changed"),
      field("problems", &Cart::problems,
            "Reasons why placing would be refused now, in the order of the checks; empty once "
            "placed"),
      field("version", &Cart::version, "Counter that rises with every change"));
  return schema;
}

template <>
const Schema& schema_of<AddCartItem>() {
  static const Schema schema = make_schema<AddCartItem>(
      "AddCartItem", required("sku", &AddCartItem::sku, "SKU of the variant to add", kSku),
      field("quantity", &AddCartItem::quantity, "Number of units to add, 1 to 10,000", kUnits),
      field("currency", &AddCartItem::currency,
            "Currency of a cart without lines; absent: the variant's own, or the first of the "
            "store's in which it has a price"));
  return schema;
}

template <>
const Schema& schema_of<ChangeCartItem>() {
  static const Schema schema = make_schema<ChangeCartItem>(
      "ChangeCartItem",
      required("lineItemId", &ChangeCartItem::line_item_id, "Id of the line to change"),
      required("quantity", &ChangeCartItem::quantity, "New number of units, 1 to 10,000", kUnits));
  return schema;
}

template <>
const Schema& schema_of<RemoveCartItem>() {
  static const Schema schema = make_schema<RemoveCartItem>(
      "RemoveCartItem",
      required("lineItemId", &RemoveCartItem::line_item_id, "Id of the line to remove"));
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
      required("code", &ApplyCoupon::code, "Code to enter, in upper or lower case", kCouponCode));
  return schema;
}

template <>
const Schema& schema_of<RemoveCoupon>() {
  static const Schema schema = make_schema<RemoveCoupon>(
      "RemoveCoupon",
      required("code", &RemoveCoupon::code, "Code to remove, in upper or lower case", kCouponCode));
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
      "MergedLine", field("sku", &MergedLine::sku, "SKU of the guest's line"),
      field("quantity", &MergedLine::quantity,
            "Number of units in the user's line after the merge; 0 if there is no such line"),
      field("result", &MergedLine::result, "What became of the guest's line"));
  return schema;
}

template <>
const Schema& schema_of<MergedCart>() {
  static const Schema schema = make_schema<MergedCart>(
      "MergedCart", field("cart", &MergedCart::cart, "The user's cart after the merge"),
      field("lines", &MergedCart::lines, "One entry for each line of the guest's cart"),
      field("claimedOrders", &MergedCart::claimed_orders,
            "Numbers of the guest's placed orders that now belong to the user, newest first, at "
            "most 100"));
  return schema;
}

}  // namespace resys::fields
