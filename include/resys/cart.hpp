// The cart: an order that is not placed yet.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "resys/catalog.hpp"
#include "resys/order_state.hpp"

namespace resys {

inline constexpr std::int64_t kMaxLinesPerCart = 200;
inline constexpr std::int64_t kMaxUnitsPerLine = 10'000;

struct LineItem {
  LineItemId id{};
  std::string sku{};
  std::string name{};
  Options options{};
  std::string image_url{};
  std::int64_t quantity = 0;
  std::int64_t unit_price_cents = 0;  // the price when the line was last changed by the shopper
  std::int64_t total_cents = 0;
  std::int64_t available_quantity = 0;  // now, for this shopper
};

struct AppliedCoupon {
  std::string code{};
  std::int64_t discount_cents = 0;
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

// What became of a guest's line: it is a line of the user now, was added to one, was added up to
// the limit, or is not for sale any more (or in another currency) and was left behind.
enum class MergeResult { moved, added, capped, unavailable };
template <>
struct EnumNames<MergeResult> {
  static constexpr std::string_view type = "MergeResult";
  static constexpr std::array<std::string_view, 4> names{"moved", "added", "capped", "unavailable"};
};

struct MergedLine {
  std::string sku{};
  std::int64_t quantity = 0;  // of the user's line afterwards
  MergeResult result = MergeResult::moved;
};

struct MergedCart {
  Cart cart{};
  std::vector<MergedLine> lines{};
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
  Result<Cart> apply_coupon(const Caller& caller, const ApplyCoupon& request);
  Result<Cart> remove_coupon(const Caller& caller, const RemoveCoupon& request);
  // Moves the session's cart into the user's; the caller has both ids. Again changes nothing.
  Result<MergedCart> merge(const Caller& caller, const MergeCart& request);

 private:
  Context& context_;
};

}  // namespace resys
