// The fields of coupons.
#include "fields/promotion.hpp"

#include "fields/make_schema.hpp"

namespace resys::fields {

template <>
const Schema& schema_of<Coupon>() {
  static const Schema schema = make_schema<Coupon>(
      "Coupon", field("id", &Coupon::id, "its id"),
      field("code", &Coupon::code, "as stored, in upper case"),
      field("kind", &Coupon::kind, "what it takes off"),
      field("basisPoints", &Coupon::basis_points,
            "of a percent coupon: 100 is one percent; null: it has none"),
      field("amountCents", &Coupon::amount_cents, "of a fixed coupon; null: it has none"),
      field("currency", &Coupon::currency,
            "of its amounts and of the carts it applies to; null: of any"),
      field("minimumCents", &Coupon::minimum_cents,
            "the items' total must reach it; null: there is none"),
      field("startsAt", &Coupon::starts_at, "null: at once"),
      field("endsAt", &Coupon::ends_at, "null: never"),
      field("usageLimit", &Coupon::usage_limit, "over all customers; null: none"),
      field("perCustomerLimit", &Coupon::per_customer_limit,
            "a customer is a user id, or a guest's e-mail; null: none"),
      field("used", &Coupon::used, "how often it was used"),
      field("active", &Coupon::active, "false: refused"));
  return schema;
}

template <>
const Schema& schema_of<ListCoupons>() {
  static const Schema schema = make_schema<ListCoupons>(
      "ListCoupons", field("limit", &ListCoupons::limit, "how many at most", kPageSize),
      field("after", &ListCoupons::after, "the `nextAfter` of the page before", kCursor));
  return schema;
}

template <>
const Schema& schema_of<CreateCoupon>() {
  static const Schema schema = make_schema<CreateCoupon>(
      "CreateCoupon", required("code", &CreateCoupon::code, "stored in upper case", kCouponCode),
      required("kind", &CreateCoupon::kind, "what it takes off"),
      field("basisPoints", &CreateCoupon::basis_points, "of a percent coupon: 100 is one percent",
            kBasisPoints),
      field("amountCents", &CreateCoupon::amount_cents, "of a fixed coupon", kPositiveCents),
      field("currency", &CreateCoupon::currency, "of its amounts"),
      field("minimumCents", &CreateCoupon::minimum_cents, "the items' total must reach it", kCents),
      field("startsAt", &CreateCoupon::starts_at, "absent: at once"),
      field("endsAt", &CreateCoupon::ends_at, "absent: never"),
      field("usageLimit", &CreateCoupon::usage_limit, "over all customers", kUses),
      field("perCustomerLimit", &CreateCoupon::per_customer_limit,
            "a customer is a user id, or a guest's e-mail", kUses),
      field("active", &CreateCoupon::active, "false: refused"));
  return schema;
}

template <>
const Schema& schema_of<UpdateCoupon>() {
  static const Schema schema = make_schema<UpdateCoupon>(
      "UpdateCoupon", required("code", &UpdateCoupon::code, "which coupon", kCouponCode),
      field("minimumCents", &UpdateCoupon::minimum_cents,
            "the items' total must reach it; 0: it need not any more", kCents),
      field("currency", &UpdateCoupon::currency, "of `minimumCents`: the coupon's"),
      field("startsAt", &UpdateCoupon::starts_at, "absent: at once"),
      field("endsAt", &UpdateCoupon::ends_at, "absent: never"),
      field("usageLimit", &UpdateCoupon::usage_limit, "over all customers", kUses),
      field("perCustomerLimit", &UpdateCoupon::per_customer_limit,
            "a customer is a user id, or a guest's e-mail", kUses),
      field("active", &UpdateCoupon::active, "false: refused"));
  return schema;
}

template <>
const Schema& schema_of<Page<Coupon>>() {
  static const Schema schema = make_page_schema<Coupon>();
  return schema;
}

}  // namespace resys::fields
