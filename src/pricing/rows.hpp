// Coupons and their uses.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/columns.hpp"
#include "base/scope.hpp"
#include "resys/promotion.hpp"

namespace resys::rows {

// Reads the columns id, code, kind, basis_points, amount_cents, currency, minimum_cents, starts_at,
inline constexpr auto kCoupon = columns(
    column("id", &Coupon::id), column("code", &Coupon::code), column("kind", &Coupon::kind),
    column("basis_points", &Coupon::basis_points), column("amount_cents", &Coupon::amount_cents),
    column("currency", &Coupon::currency), column("minimum_cents", &Coupon::minimum_cents),
    column("starts_at", &Coupon::starts_at), column("ends_at", &Coupon::ends_at),
    column("usage_limit", &Coupon::usage_limit),
    column("per_customer_limit", &Coupon::per_customer_limit), column("used", &Coupon::used),
    column("active", &Coupon::active));

// `code` in upper case, as stored.
std::optional<Coupon> find_coupon(const Scope& scope, std::string_view code);
std::optional<Coupon> find_coupon(const Scope& scope, const CouponId& id);
// Sorted by code, from the one after `after`.
std::vector<Coupon> list_coupons(const Scope& scope, std::string_view after, std::int64_t limit);
// Returns false if the code is taken.
bool insert_coupon(const Scope& scope, const Coupon& coupon);
// Absent fields of the request keep their value. Nothing if there is no such coupon.
std::optional<Coupon> update_coupon(const Scope& scope, std::string_view code,
                                    const UpdateCoupon& request);

// How many uses this customer has taken.
std::int64_t count_coupon_uses(const Scope& scope, const CouponId& coupon,
                               std::string_view customer);

enum class TakenUse { taken, used_up, used_up_by_customer };
// Takes one use for this customer. Its statements are conditional, so concurrent callers cannot
// exceed a limit. If the use is not taken, nothing has changed.
TakenUse take_coupon_use(const Scope& scope, const CouponId& coupon, std::string_view customer);
// Returns a use that was taken.
void return_coupon_use(const Scope& scope, const CouponId& coupon, std::string_view customer);
// Counts a use that was taken for another customer, too, even beyond their limit, because it has
// already happened.
void add_customer_use(const Scope& scope, const CouponId& coupon, std::string_view customer);
void return_customer_use(const Scope& scope, const CouponId& coupon, std::string_view customer);

}  // namespace resys::rows
