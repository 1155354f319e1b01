// The cart: an order that is not placed yet.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "resys/catalog.hpp"
#include "resys/order_state.hpp"
#include "resys/promotion.hpp"

namespace resys {

inline constexpr std::int64_t kMaxLinesPerCart = 200;
inline constexpr std::int64_t kMaxUnitsPerLine = 10'000;
inline constexpr std::int64_t kMaxClaimedOrders = 100;  // by one call

// What placing the order would refuse now, in the order in which it does: the error's code, or
// where that is invalid_state its fact `reason`.
enum class CartProblem {
  shipping_method_unavailable,  // the chosen one does not serve the order any more
  placed_too_often,             // the store's max_placements
  not_for_sale,                 // the variant or its product is withdrawn
  too_large,                    // at the prices of this moment
  coupon_invalid,               // a code that took something off does not apply any more
  price_changed,                // of a variant or of shipping, or a discount
  insufficient_stock,
};
template <>
struct EnumNames<CartProblem> {
  static constexpr std::string_view type = "CartProblem";
  static constexpr std::array<std::string_view, 7> names{"shipping_method_unavailable",
                                                         "placed_too_often",
                                                         "not_for_sale",
                                                         "too_large",
                                                         "coupon_invalid",
                                                         "price_changed",
                                                         "insufficient_stock"};
};

struct LineItem {
  LineItemId id{};
  std::string sku{};
  std::string name{};
  Options options{};
  std::string image_url{};
  std::int64_t quantity = 0;
  std::int64_t unit_price_cents = 0;  // the price when the line was last changed by the shopper
  std::optional<std::int64_t> current_unit_price_cents{};  // only where it has changed since
  std::int64_t total_cents = 0;
  std::int64_t available_quantity = 0;  // now, for this shopper
  bool backorderable = false;  // more than is available can be ordered: it is sent when it comes
  std::vector<CartProblem> problems{};  // not_for_sale, or price_changed and insufficient_stock
};

struct AppliedCoupon {
  std::string code{};
  std::int64_t discount_cents = 0;
  std::optional<CouponReason> reason{};         // why it would take nothing off now
  std::optional<std::int64_t> missing_cents{};  // of `minimum`: what the items' total lacks
};

// total = items - discounts + shipment + tax, all in minor units of `currency`.
struct Cart {
  OrderId id{};  // empty while nothing was ever put into it
  OrderState state = OrderState::cart;
  Currency currency{};
  std::int64_t item_count = 0;
  std::vector<LineItem> line_items{};
  std::vector<AppliedCoupon> coupons{};
  std::int64_t item_total_cents = 0;
  std::int64_t discount_total_cents = 0;
  std::int64_t shipment_total_cents = 0;
  std::int64_t tax_total_cents = 0;
  std::int64_t total_cents = 0;
  // With price_changed: the total at the prices of this moment, for PlaceOrder::accept_total_cents.
  std::optional<std::int64_t> new_total_cents{};
  // Of all its parts, each once; none once it is placed. That it is not complete yet is no problem.
  std::vector<CartProblem> problems{};
  std::int64_t version = 0;  // rises with every change
};

struct AddCartItem {
  std::string sku{};
  std::int64_t quantity = 1;
};

struct ChangeCartItem {
  LineItemId line_item_id{};
  std::int64_t quantity = 1;
};

struct RemoveCartItem {
  LineItemId line_item_id{};
};

struct GetCart {};

struct ApplyCoupon {
  std::string code{};
};

struct RemoveCoupon {
  std::string code{};
};

struct MergeCart {};

// What became of a guest's line.
enum class MergeResult {
  moved,        // it is a line of the user now
  added,        // to a line of the user
  capped,       // the same, up to kMaxUnitsPerLine
  unavailable,  // it is not for sale any more
  left,         // in the guest's cart: the user's is full, or in another currency
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
  Cart cart{};
  std::vector<MergedLine> lines{};
  std::vector<std::string> claimed_orders{};  // numbers, newest first: see Carts::merge
};

// The caller's open order: the user's if signed in, else the session's.
class Carts {
 public:
  explicit Carts(Context& context) : context_(context) {}

  // Makes the cart if there is none. Errors: unauthenticated (neither user nor session), not_found
  // (SKU), invalid_state (payment under way), unsupported_currency (the cart's is another),
  // too_large.
  Result<Cart> add_item(const Caller& caller, const AddCartItem& request);
  Result<Cart> change_item(const Caller& caller, const ChangeCartItem& request);
  Result<Cart> remove_item(const Caller& caller, const RemoveCartItem& request);
  // An empty cart where there is none.
  Result<Cart> get(const Caller& caller, const GetCart& request);
  // coupon_invalid says at once, by the fact `reason`, why a code would take nothing off:
  // `unknown`, or a CouponReason with its numbers.
  Result<Cart> apply_coupon(const Caller& caller, const ApplyCoupon& request);
  Result<Cart> remove_coupon(const Caller& caller, const RemoveCoupon& request);
  // For a guest who has signed in; the caller has both ids. Again changes nothing.
  // Moves the session's cart into the user's, at the prices of this moment, with its discount codes
  // as far as they fit, and its e-mail address if the user's has none. The guest's order ends as
  // Merged; lines that are left go into a new cart of the session, and another merge moves what
  // fits then. Orders that the session has placed become the user's (at most kMaxClaimedOrders of
  // them), but for one that is being paid: a later merge finds it.
  // Errors: unauthenticated, invalid_state (the user's own order is being paid).
  Result<MergedCart> merge(const Caller& caller, const MergeCart& request);

 private:
  Context& context_;
};

}  // namespace resys
