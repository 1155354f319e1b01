// Coupons: discount codes with limits that cannot be raced.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "resys/common.hpp"
#include "resys/state_machine.hpp"

namespace resys {

enum class CouponKind { percent, fixed };
template <>
struct EnumNames<CouponKind> {
  static constexpr std::string_view type = "CouponKind";
  static constexpr std::array<std::string_view, 2> names{"percent", "fixed"};
};

// Why a discount code takes nothing off.
enum class CouponReason {
  inactive,
  not_started,
  ended,
  currency,             // it is for another one
  minimum,              // the items' total does not reach it
  used_up,              // by all customers together
  used_up_by_customer,  // by this one
};
template <>
struct EnumNames<CouponReason> {
  static constexpr std::string_view type = "CouponReason";
  static constexpr std::array<std::string_view, 7> names{
      "inactive", "notStarted", "ended", "currency", "minimum", "usedUp", "usedUpByCustomer"};
};

// A use is taken when an order is placed and returned when its payment closes without money.
struct Coupon {
  CouponId id{};
  std::string code{};  // compared as stored: upper case
  CouponKind kind = CouponKind::percent;
  // Of a percent coupon: 1..10000, 100 is one percent; rounds down.
  std::optional<std::int64_t> basis_points{};
  // Of a fixed coupon: at most the items' total is taken.
  std::optional<std::int64_t> amount_cents{};
  // Of amount_cents and minimum_cents, and of the carts it applies to. A percent coupon without
  // minimum may have none: it applies to carts of any currency.
  std::optional<Currency> currency{};
  std::optional<std::int64_t> minimum_cents{};  // the items' total must reach it
  std::optional<Timestamp> starts_at{};
  std::optional<Timestamp> ends_at{};
  std::optional<std::int64_t> usage_limit{};         // over all customers
  std::optional<std::int64_t> per_customer_limit{};  // a customer is a user id, or a guest's e-mail
  std::int64_t used = 0;                             // uses that orders hold now
  bool active = true;
};

struct ListCoupons {
  std::int64_t limit = 50;
  std::optional<std::string> after{};  // a code
};

// Exactly one of `basis_points` (percent) and `amount_cents` with `currency` (fixed).
struct CreateCoupon {
  std::string code{};  // A-Z 0-9 - _, any case; stored in upper case
  CouponKind kind = CouponKind::percent;
  std::optional<std::int64_t> basis_points{};
  std::optional<std::int64_t> amount_cents{};
  std::optional<Currency> currency{};
  std::optional<std::int64_t> minimum_cents{};
  std::optional<Timestamp> starts_at{};
  std::optional<Timestamp> ends_at{};
  std::optional<std::int64_t> usage_limit{};
  std::optional<std::int64_t> per_customer_limit{};
  bool active = true;
};

struct UpdateCoupon {
  std::string code{};
  std::optional<std::int64_t> minimum_cents{};  // 0: none
  std::optional<Currency> currency{};           // of minimum_cents, if said: the coupon's
  std::optional<Timestamp> starts_at{};
  std::optional<Timestamp> ends_at{};
  std::optional<std::int64_t> usage_limit{};
  std::optional<std::int64_t> per_customer_limit{};
  std::optional<bool> active{};
};

// Staff. Shoppers use Carts::apply_coupon. What becomes of a coupon is seen by carts that have its
// code at once (Cart::problems); orders that are placed keep their discount. An error leaves a
// coupon as it was.
class AdminCoupons {
 public:
  explicit AdminCoupons(Context& context) : context_(context) {}

  // Lists all of them, by code.
  // Errors: none of its own.
  Result<Page<Coupon>> list(const Caller& caller, const ListCoupons& request = {});
  // conflict: the code is taken. invalid_request also where the parts do not go together, as a
  // minimum without a currency.
  // Errors: conflict.
  Result<Coupon> create(const Caller& caller, const CreateCoupon& request);
  // Kind, rate and amount stay, and so does the currency: another one in the request is
  // unsupported_currency.
  // Errors: not_found, unsupported_currency.
  Result<Coupon> update(const Caller& caller, const UpdateCoupon& request);

 private:
  Context& context_;
};

}  // namespace resys
