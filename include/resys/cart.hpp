// The cart: an order that is not placed yet.
//
// Example: a shopper fills a cart.
//
//   void fill_cart(resys::Shop& shop) {
//     const resys::Caller ada{.user_id = "ada"};
//     auto cart = shop.cart().add_item(ada, {.sku = "TEA-100", .quantity = 2});
//     if (!cart && cart.error().code() == resys::Errc::not_found) return;  // it is not for sale
//     const auto line = cart.value().line_items.front().id;  // value() throws any other error
//     cart = shop.cart().change_item(ada, {.line_item_id = line, .quantity = 3});
//     cart = shop.cart().apply_coupon(ada, {.code = "SPRING"});
//     if (!cart && cart.error().fact("reason") == "ended") cart = shop.cart().get(ada);
//     for (const resys::PromotionHint& hint : cart.value().promotion_hints) {
//       std::cout << hint.missing_cents.value_or(0) << " more for " << hint.name << "\n";
//     }
//     for (const resys::CartProblem problem : cart.value().problems) {
//       std::cout << resys::name_of(problem) << "\n";  // what placing the order would refuse now
//     }
//   }
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "resys/common.hpp"
#include "resys/discount.hpp"
#include "resys/order_state.hpp"
#include "resys/tax.hpp"

namespace resys {

inline constexpr std::int64_t kMaxLinesPerCart = 200;
inline constexpr std::int64_t kMaxUnitsPerLine = 10'000;
inline constexpr std::int64_t kMaxClaimedOrders = 100;  // in one call

// What placing the order would refuse now, in the order in which it does: the error's code, or
// where that is invalid_state its fact `reason`.
enum class CartProblem {
  shipping_method_unavailable,  // the chosen one does not serve the order any more
  placed_too_often,             // the store's max_placements
  not_for_sale,  // the variant or its product is withdrawn, or has no price in the cart's currency
  quantity_not_allowed,  // of a line, by its variant's min_quantity, max_quantity, quantity_step
  too_large,             // at the prices of this moment
  coupon_invalid,        // a code that took something off does not apply any more
  price_changed,         // of a variant or of shipping, or a discount or a gift
  insufficient_stock,
};
template <>
struct EnumNames<CartProblem> {
  static constexpr std::string_view type = "CartProblem";
  static constexpr std::array<std::string_view, 8> names{"shipping_method_unavailable",
                                                         "placed_too_often",
                                                         "not_for_sale",
                                                         "quantity_not_allowed",
                                                         "too_large",
                                                         "coupon_invalid",
                                                         "price_changed",
                                                         "insufficient_stock"};
};

// Amounts are in minor units of the cart's currency.
struct LineItem {
  LineItemId id{};
  std::string sku{};
  std::string name{};  // the product's, and the variant's where it has another: "Tea, 100 g"
  Pairs options{};
  std::string image_url{};  // may be empty
  std::int64_t quantity = 0;
  std::int64_t unit_price_cents = 0;  // the price when the line was last changed by the shopper
  std::optional<std::int64_t> current_unit_price_cents{};  // only where it has changed since
  std::int64_t total_cents = 0;     // quantity times unit price, before discounts
  std::int64_t discount_cents = 0;  // the sum of:
  std::vector<DiscountLine> discounts{};
  // The promotion that gives the line for nothing: its discount is as much as its price. Empty if
  // it was bought.
  PromotionId gift_promotion_id{};
  std::string tax_category{};
  std::int64_t tax_cents = 0;  // of what is left of the line
  std::vector<TaxLine> tax_lines{};
  std::int64_t refunded_quantity = 0;   // pieces whose money went back, or is on its way
  std::int64_t available_quantity = 0;  // units now, with those that this order holds
  bool backorderable = false;  // more than is available can be ordered: it is sent when it comes
  // not_for_sale; or quantity_not_allowed, price_changed and insufficient_stock.
  std::vector<CartProblem> problems{};

  bool operator==(const LineItem&) const = default;
};

// total = items - discounts + shipment + tax, all in minor units of `currency`. Tax that prices
// include is no part of this sum.
struct Cart {
  OrderId id{};  // empty while nothing was ever put into it
  OrderState state = OrderState::cart;
  Currency currency{};                 // of all amounts; empty while there are no lines
  std::int64_t item_count = 0;         // units, over all lines
  std::vector<LineItem> line_items{};  // in the order they were added
  // As they were shown last, in the order in which they apply. One may be about shipping only, and
  // have no shipping yet to take anything off.
  std::vector<AppliedPromotion> promotions{};
  // Codes that were entered and would take nothing off now. They stay, and apply as soon as they
  // can. None once the order is placed.
  std::vector<RejectedCode> rejected_codes{};
  std::vector<PromotionHint> promotion_hints{};  // of this moment; none once the order is placed
  std::int64_t item_total_cents = 0;
  std::int64_t discount_total_cents = 0;
  std::int64_t shipment_total_cents = 0;  // after the promotions' shipping discounts
  std::int64_t tax_total_cents = 0;
  std::int64_t included_tax_total_cents = 0;
  std::vector<TaxLine> tax_lines{};  // of all lines and of shipping, a line for each rate
  std::int64_t total_cents = 0;
  // With price_changed: the total at the prices of this moment, for PlaceOrder::accept_total_cents.
  std::optional<std::int64_t> new_total_cents{};
  // Of all its parts, each once; none once it is placed. That it is not complete yet is no problem.
  std::vector<CartProblem> problems{};
  std::int64_t version = 0;  // rises with every change
};

// Quantities are 1 to kMaxUnitsPerLine.
struct AddCartItem {
  std::string sku{};
  std::int64_t quantity = 1;  // to add
  // Of a cart that has no lines yet. Absent: the variant's own; if the store's settings do not have
  // it, the first of theirs in which the variant has a price.
  std::optional<Currency> currency{};
};

struct ChangeCartItem {
  LineItemId line_item_id{};
  std::int64_t quantity = 1;  // that the line is to have
};

struct RemoveCartItem {
  LineItemId line_item_id{};
};

struct GetCart {};

struct ApplyCoupon {
  std::string code{};  // in any case; blanks at its ends do not count
};

struct RemoveCoupon {
  std::string code{};  // in any case
};

struct MergeCart {};

// What became of a guest's line.
enum class MergeResult {
  moved,        // it is a line of the user now
  added,        // to a line of the user
  capped,       // the same, up to the largest quantity that is allowed
  unavailable,  // it is not for sale any more
  left,         // in the guest's cart: the user's is full, or it has no price in that currency
};
template <>
struct EnumNames<MergeResult> {
  static constexpr std::string_view type = "MergeResult";
  static constexpr std::array<std::string_view, 5> names{"moved", "added", "capped", "unavailable",
                                                         "left"};
};

struct MergedLine {
  std::string sku{};
  std::int64_t quantity = 0;  // of the user's line afterwards
  MergeResult result = MergeResult::moved;
};

struct MergedCart {
  Cart cart{};                                // the user's
  std::vector<MergedLine> lines{};            // one for each line of the guest's cart
  std::vector<std::string> claimed_orders{};  // numbers, newest first: see Carts::merge
};

// The caller's open order: the user's if signed in, else the session's.
//
// A cart can be changed in the states Cart, Address and Delivery, and stays in its state. In
// Payment every change is invalid_state, with the fact `allowedAfter` = "reopen"
// (Checkout::reopen). An error leaves the cart as it was.
class Carts {
 public:
  explicit Carts(Context& context) : context_(context) {}

  // Adds units of a variant. All units of its line get the price of this moment: that of the price
  // lists for the caller's groups, the address and the quantity. Makes the cart if there is none.
  // The SKU is for sale, else not_found. Stock is not checked here: see Cart::problems.
  //
  // unsupported_currency: the variant has no price in the cart's currency. A cart with lines keeps
  // its own; an empty one takes none that the store's settings do not have. invalid_request at
  // `quantity`: the variant does not allow so many units in a line, see the facts minQuantity,
  // maxQuantity and quantityStep. too_large: too many lines or units, or an amount beyond
  // kMaxMinor.
  // Errors: unauthenticated, not_found, invalid_state, unsupported_currency, too_large.
  Result<Cart> add_item(const Caller& caller, const AddCartItem& request);
  // Sets how many units a line has, at the price of this moment. Quantities and prices are as in
  // add_item. not_found: the cart has no such line, or its variant is no longer for sale.
  // invalid_state: a promotion gives the line (LineItem::gift_promotion_id), with the fact
  // `promotionId`.
  // Errors: unauthenticated, not_found, invalid_state, too_large.
  Result<Cart> change_item(const Caller& caller, const ChangeCartItem& request);
  // Removes a line, also one that is no longer for sale. The last one may go, too. invalid_state:
  // a promotion gives the line, as in change_item().
  // Errors: unauthenticated, not_found, invalid_state.
  Result<Cart> remove_item(const Caller& caller, const RemoveCartItem& request);
  // Returns an empty cart where there is none. In Payment it returns the order as it was placed.
  // Errors: unauthenticated.
  Result<Cart> get(const Caller& caller, const GetCart& request = {});
  // Enters a promotion's code; a use of it is taken only when the order is placed. coupon_invalid
  // says by the fact `reason` why the code cannot apply, whatever is done to the cart: `unknown`,
  // or a PromotionReason with its facts. A code that may apply to another cart (products,
  // minimum_amount, minimum_quantity, country, gift_unavailable, excluded, better_deal,
  // nothing_left) is kept: Cart::rejected_codes. not_found: there is no cart. too_large: it has ten
  // codes.
  // Errors: unauthenticated, coupon_invalid, not_found, invalid_state, too_large.
  Result<Cart> apply_coupon(const Caller& caller, const ApplyCoupon& request);
  // Takes a code off. not_found: the cart does not have it.
  // Errors: unauthenticated, not_found, invalid_state.
  Result<Cart> remove_coupon(const Caller& caller, const RemoveCoupon& request);
  // For a guest who has signed in. The caller has both ids, else unauthenticated. A second call
  // changes nothing.
  //
  // Moves the session's cart into the user's, at the prices of this moment, with its discount codes
  // as far as they fit, and its e-mail address if the user's has none. The guest's order ends as
  // Merged. Lines that are left go into a new cart of the session; another merge moves what fits
  // then. A session's cart in Payment stays as it is. invalid_state: the user's own order is being
  // paid.
  //
  // Orders that the session has placed become the user's, at most kMaxClaimedOrders of them. One
  // that is being paid stays the guest's until a later merge.
  // Errors: unauthenticated, invalid_state.
  Result<MergedCart> merge(const Caller& caller, const MergeCart& request = {});

 private:
  Context& context_;
};

}  // namespace resys
