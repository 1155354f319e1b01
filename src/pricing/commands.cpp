// A store's coupons, kept by staff.
#include "resys/promotion.hpp"

#include "base/command.hpp"
#include "base/page.hpp"
#include "base/settings_rows.hpp"
#include "pricing/coupon.hpp"
#include "pricing/fields.hpp"
#include "pricing/rows.hpp"

namespace resys {
namespace {

Error refuse(std::string field, std::string message) {
  return Error(Errc::invalid_request, std::move(message)).at(std::move(field));
}

// The kind of a coupon decides which of its fields are required and which are refused.
Result<void> check_kind(const CreateCoupon& request) {
  const bool is_percent = request.kind == CouponKind::percent;
  if (is_percent && !request.basis_points) {
    return refuse("basisPoints", "the rate of a percent coupon is missing");
  }
  if (is_percent && request.amount_cents) {
    return refuse("amountCents", "an amount is given for a percent coupon");
  }
  if (!is_percent && !request.amount_cents) {
    return refuse("amountCents", "the amount of a fixed coupon is missing");
  }
  if (!is_percent && request.basis_points) {
    return refuse("basisPoints", "a rate is given for a fixed coupon");
  }
  if (!is_percent && !request.currency) {
    return refuse("currency", "the currency of the amount is missing");
  }
  return success();
}

// Checks the fields against each other, after a create or an update.
Result<void> check_coupon(const Coupon& coupon) {
  if (coupon.minimum_cents && !coupon.currency) {
    return refuse("minimumCents", "a minimum is given for a coupon without a currency");
  }
  if (coupon.starts_at && coupon.ends_at && *coupon.ends_at <= *coupon.starts_at) {
    return refuse("endsAt", "endsAt is not later than startsAt");
  }
  return success();
}

Result<Coupon> coupon_of(const Scope& scope, const CouponId& id) {
  return rows::find_coupon(scope, id).value();
}

}  // namespace

Result<Page<Coupon>> AdminCoupons::list(const Caller& caller, const ListCoupons& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  return context_.read(caller.store, [&](const Scope& scope) -> Result<Page<Coupon>> {
    return app::page_of(rows::list_coupons(scope, request.after.value_or(""), request.limit + 1),
                        request.limit, [](const Coupon& coupon) { return coupon.code; });
  });
}

Result<Coupon> AdminCoupons::create(const Caller& caller, const CreateCoupon& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  RESYS_TRYV(check_kind(request));
  const Coupon coupon{
      .id = context_.ids->make<CouponId>(),
      .code = pricing::stored_code(request.code),
      .kind = request.kind,
      .basis_points = request.basis_points,
      .amount_cents = request.amount_cents,
      .currency = request.currency,
      .minimum_cents = request.minimum_cents.value_or(0) > 0 ? request.minimum_cents : std::nullopt,
      .starts_at = request.starts_at,
      .ends_at = request.ends_at,
      .usage_limit = request.usage_limit,
      .per_customer_limit = request.per_customer_limit,
      .active = request.active};
  RESYS_TRYV(check_coupon(coupon));
  const auto body = [&](const Scope& scope) -> Result<CouponId> {
    rows::ensure_store(scope);
    if (!rows::insert_coupon(scope, coupon)) {
      return Error(Errc::conflict, "another coupon has this code")
          .at("code")
          .with("code", coupon.code);
    }
    return coupon.id;
  };
  return app::run_command(context_, caller, request, body, coupon_of);
}

Result<Coupon> AdminCoupons::update(const Caller& caller, const UpdateCoupon& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  const std::string code = pricing::stored_code(request.code);
  const auto body = [&](const Scope& scope) -> Result<CouponId> {
    const auto coupon = rows::update_coupon(scope, code, request);
    if (!coupon) return Error(Errc::not_found, "there is no such coupon").at("code");
    RESYS_TRYV(check_coupon(*coupon));
    RESYS_TRYV(app::require_currency(request.currency, coupon->currency));
    return coupon->id;
  };
  return app::run_command(context_, caller, request, body, coupon_of);
}

}  // namespace resys
