// The fields of coupons.
#include "pricing/fields.hpp"

#include "base/make_schema.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<Coupon>() {
  static const Schema schema = make_schema<Coupon>(
      "Coupon", field("id", &Coupon::id, "The coupon's id"),
      field("code", &Coupon::code, "Discount code, in upper case"),
      field("kind", &Coupon::kind,
            "Whether it takes off a percentage (percent) or an amount (fixed)"),
      field("basisPoints", &Coupon::basis_points,
            "Discount in basis points (100 is one percent), rounded down; null for a fixed coupon"),
      field("amountCents", &Coupon::amount_cents,
            "Discount, at most the items' total, in minor units of `currency`; null for a percent "
            "coupon"),
      field("currency", &Coupon::currency,
            "Currency of its amounts and of the carts that it applies to; null: any currency"),
      field("minimumCents", &Coupon::minimum_cents,
            "Items' total from which it applies, in minor units of `currency`; null if there is no "
            "minimum"),
      field("startsAt", &Coupon::starts_at, "When it becomes valid, in UTC; null: at once"),
      field("endsAt", &Coupon::ends_at, "When it stops being valid, in UTC; null: never"),
      field("usageLimit", &Coupon::usage_limit,
            "Maximum number of uses by all customers together; null if there is no limit"),
      field("perCustomerLimit", &Coupon::per_customer_limit,
            "Maximum number of uses by one user, or one guest's email address; null: no limit"),
      field("used", &Coupon::used, "Number of uses so far"),
      field("active", &Coupon::active, "Whether it is accepted"));
  return schema;
}

template <>
const Schema& schema_of<ListCoupons>() {
  static const Schema schema = make_schema<ListCoupons>(
      "ListCoupons",
      field("limit", &ListCoupons::limit, "Maximum number of items in the page, 1 to 200",
            kPageSize),
      field("after", &ListCoupons::after,
            "The `nextAfter` of the previous page; absent for the first page", kCursor));
  return schema;
}

template <>
const Schema& schema_of<CreateCoupon>() {
  static const Schema schema = make_schema<CreateCoupon>(
      "CreateCoupon",
      required("code", &CreateCoupon::code,
               "Discount code of A-Z, 0-9, - and _, up to 50 characters; stored in upper case",
               kCouponCode),
      required("kind", &CreateCoupon::kind,
               "Whether it takes off a percentage (percent) or an amount (fixed)"),
      field("basisPoints", &CreateCoupon::basis_points,
            "Discount in basis points (100 is one percent), 1 to 10,000; required for kind "
            "percent, else absent",
            kBasisPoints),
      field("amountCents", &CreateCoupon::amount_cents,
            "Discount, at most the items' total, in minor units of `currency`; required for kind "
            "fixed, else absent",
            kPositiveCents),
      field("currency", &CreateCoupon::currency,
            "Currency of its amounts and of its carts; if absent, it has no amounts and applies to "
            "any currency"),
      field("minimumCents", &CreateCoupon::minimum_cents,
            "Items' total from which it applies, in minor units of `currency`; absent or 0: no "
            "minimum",
            kCents),
      field("startsAt", &CreateCoupon::starts_at, "When it becomes valid, in UTC; absent: at once"),
      field("endsAt", &CreateCoupon::ends_at, "When it stops being valid, in UTC; absent: never"),
      field("usageLimit", &CreateCoupon::usage_limit,
            "Maximum number of uses by all customers together; absent: no limit", kUses),
      field("perCustomerLimit", &CreateCoupon::per_customer_limit,
            "Maximum number of uses by one user, or one guest's email address; absent: no limit",
            kUses),
      field("active", &CreateCoupon::active, "Whether it is accepted"));
  return schema;
}

template <>
const Schema& schema_of<UpdateCoupon>() {
  static const Schema schema = make_schema<UpdateCoupon>(
      "UpdateCoupon",
      required("code", &UpdateCoupon::code, "Code of the coupon to change, in upper or lower case",
               kCouponCode),
      field(
          "minimumCents", &UpdateCoupon::minimum_cents,
          "New minimum, in minor units of the coupon's currency; 0 removes it; unchanged if absent",
          kCents),
      field("currency", &UpdateCoupon::currency,
            "Currency of `minimumCents`; if given, it must be the coupon's, which cannot change"),
      field("startsAt", &UpdateCoupon::starts_at,
            "When it becomes valid, in UTC; unchanged if absent"),
      field("endsAt", &UpdateCoupon::ends_at,
            "When it stops being valid, in UTC; unchanged if absent"),
      field("usageLimit", &UpdateCoupon::usage_limit,
            "Maximum number of uses by all customers together; unchanged if absent", kUses),
      field("perCustomerLimit", &UpdateCoupon::per_customer_limit,
            "Maximum number of uses by one user, or one guest's email address; unchanged if absent",
            kUses),
      field("active", &UpdateCoupon::active, "Whether it is accepted; unchanged if absent"));
  return schema;
}

template <>
const Schema& schema_of<Page<Coupon>>() {
  static const Schema schema = make_page_schema<Coupon>();
  return schema;
}

}  // namespace resys::fields
