// The coupons that staff keep, and the uses that are taken of them.
#include <latch>
#include <numeric>
#include <thread>

#include "pricing/rows.hpp"
#include "support/bare_context.hpp"
#include "support/empty_shop.hpp"
#include "support/refusal.hpp"

using namespace resys;
using namespace resys::test;
using rows::TakenUse;

namespace {

const Currency kEuro = Currency::parse("EUR").value();

CreateCoupon ten_percent(std::string code = "TEN") {
  return {.code = std::move(code), .kind = CouponKind::percent, .basis_points = 1'000};
}

CreateCoupon five_euro(std::string code = "FIVE") {
  return {
      .code = std::move(code), .kind = CouponKind::fixed, .amount_cents = 500, .currency = kEuro};
}

// Takes and returns uses as placing and closing an order do. Asserts nothing, so that threads may
// use it.
class Uses {
 public:
  Uses(EmptyShop& test, const CouponId& coupon)
      : context_(test.file, test.clock), coupon_(coupon) {}

  TakenUse take(const std::string& customer) {
    TakenUse taken = TakenUse::taken;
    const auto outcome = context_.write("default", [&](const Scope& scope) -> Result<void> {
      taken = rows::take_coupon_use(scope, coupon_, customer);
      if (taken == TakenUse::taken) return success();
      return Error(Errc::coupon_invalid, "given up");
    });
    if (taken == TakenUse::taken) outcome.value();
    return taken;
  }
  void give_back(const std::string& customer) {
    context_
        .write("default",
               [&](const Scope& scope) -> Result<void> {
                 rows::return_coupon_use(scope, coupon_, customer);
                 return success();
               })
        .value();
  }

 private:
  BareContext context_;
  CouponId coupon_;
};

}  // namespace

TEST_CASE("a coupon is kept as it was given, its code in upper case") {
  EmptyShop test;
  const Timestamp now = test.clock->now();
  CreateCoupon full = five_euro("Spring-20_a");
  full.minimum_cents = 2'000;
  full.starts_at = now;
  full.ends_at = now.plus(kMicrosPerDay);
  full.usage_limit = 100;
  full.per_customer_limit = 1;
  full.active = false;
  AdminCoupons coupons = test.shop->admin().coupons();
  const CouponId id = coupons.create(staff(), full).value().id;
  coupons.create(staff(), ten_percent()).value();

  const auto listed = coupons.list(staff()).value().items;
  REQUIRE(listed.size() == 2);
  CHECK(listed[0].id == id);
  CHECK(listed[0].code == "SPRING-20_A");
  CHECK(listed[0].kind == CouponKind::fixed);
  CHECK(listed[0].amount_cents == 500);
  CHECK_FALSE(listed[0].basis_points);
  CHECK(listed[0].currency == kEuro);
  CHECK(listed[0].minimum_cents == 2'000);
  CHECK(listed[0].starts_at == now);
  CHECK(listed[0].ends_at == now.plus(kMicrosPerDay));
  CHECK(listed[0].usage_limit == 100);
  CHECK(listed[0].per_customer_limit == 1);
  CHECK(listed[0].used == 0);
  CHECK_FALSE(listed[0].active);
  CHECK(listed[1].code == "TEN");
  CHECK(listed[1].kind == CouponKind::percent);
  CHECK(listed[1].basis_points == 1'000);
  CHECK_FALSE(listed[1].amount_cents);
  CHECK_FALSE(listed[1].currency);
  CHECK_FALSE(listed[1].minimum_cents);
  CHECK_FALSE(listed[1].starts_at);
  CHECK_FALSE(listed[1].ends_at);
  CHECK_FALSE(listed[1].usage_limit);
  CHECK_FALSE(listed[1].per_customer_limit);
  CHECK(listed[1].active);
}

TEST_CASE("coupons are listed by code in pages") {
  EmptyShop test;
  AdminCoupons coupons = test.shop->admin().coupons();
  for (const char* code : {"C", "A", "B"}) coupons.create(staff(), ten_percent(code)).value();
  const Page<Coupon> first = coupons.list(staff(), {.limit = 2}).value();
  REQUIRE(first.items.size() == 2);
  CHECK(first.items[0].code == "A");
  REQUIRE(first.next_after == "B");
  const Page<Coupon> second =
      coupons.list(staff(), {.limit = 2, .after = first.next_after}).value();
  REQUIRE(second.items.size() == 1);
  CHECK(second.items[0].code == "C");
  CHECK_FALSE(second.next_after);
}

TEST_CASE("a coupon says completely and only once what it takes off") {
  EmptyShop test;
  const auto refuse = [&](const CreateCoupon& request, const char* field) {
    check_refused(test.shop->admin().coupons().create(staff(), request), Errc::invalid_request,
                  field);
  };
  refuse({.code = "A", .kind = CouponKind::percent}, "basisPoints");
  refuse({.code = "A", .kind = CouponKind::percent, .basis_points = 1, .amount_cents = 1},
         "amountCents");
  refuse({.code = "A", .kind = CouponKind::percent, .basis_points = 10'001}, "basisPoints");
  refuse({.code = "A", .kind = CouponKind::percent, .basis_points = 0}, "basisPoints");
  refuse({.code = "A", .kind = CouponKind::fixed, .currency = kEuro}, "amountCents");
  refuse({.code = "A", .kind = CouponKind::fixed, .amount_cents = 0, .currency = kEuro},
         "amountCents");
  refuse({.code = "A", .kind = CouponKind::fixed, .amount_cents = 1}, "currency");
  refuse({.code = "A", .kind = CouponKind::fixed, .basis_points = 1, .amount_cents = 1},
         "basisPoints");
  refuse({.code = "A B", .kind = CouponKind::percent, .basis_points = 1}, "code");
  refuse({.kind = CouponKind::percent, .basis_points = 1}, "code");
  CreateCoupon coupon = ten_percent();
  coupon.minimum_cents = 1;
  refuse(coupon, "minimumCents");
  coupon.currency = kEuro;
  coupon.starts_at = coupon.ends_at = test.clock->now();
  refuse(coupon, "endsAt");
  coupon.ends_at.reset();
  coupon.usage_limit = 0;
  refuse(coupon, "usageLimit");
  CHECK(test.shop->admin().coupons().list(staff()).value().items.empty());
}

TEST_CASE("a coupon is changed field by field, by its code in any case") {
  EmptyShop test;
  AdminCoupons coupons = test.shop->admin().coupons();
  coupons.create(staff(), five_euro()).value();
  const Timestamp now = test.clock->now();
  const Coupon limited =
      coupons
          .update(staff(), {.code = "five", .minimum_cents = 100, .ends_at = now, .usage_limit = 3})
          .value();
  CHECK(limited.code == "FIVE");
  CHECK(limited.minimum_cents == 100);
  CHECK(limited.ends_at == now);
  CHECK(limited.usage_limit == 3);
  CHECK(limited.amount_cents == 500);
  CHECK(limited.active);
  const Coupon stopped = coupons
                             .update(staff(), {.code = "FIVE",
                                               .starts_at = now.plus(-kMicrosPerDay),
                                               .per_customer_limit = 1,
                                               .active = false})
                             .value();
  CHECK(stopped.starts_at == now.plus(-kMicrosPerDay));
  CHECK(stopped.per_customer_limit == 1);
  CHECK_FALSE(stopped.active);
  CHECK(stopped.minimum_cents == 100);
  CHECK(stopped.ends_at == now);
  CHECK(stopped.usage_limit == 3);
}

TEST_CASE("a change must fit what the coupon is") {
  EmptyShop test;
  AdminCoupons coupons = test.shop->admin().coupons();
  coupons.create(staff(), ten_percent()).value();
  const Timestamp now = test.clock->now();
  check_refused(coupons.update(staff(), {.code = "TEN", .minimum_cents = 1}), Errc::invalid_request,
                "minimumCents");
  coupons.update(staff(), {.code = "TEN", .starts_at = now}).value();
  check_refused(coupons.update(staff(), {.code = "TEN", .ends_at = now}), Errc::invalid_request,
                "endsAt");
  const Coupon coupon = coupons.list(staff()).value().items[0];
  CHECK_FALSE(coupon.minimum_cents);
  CHECK_FALSE(coupon.ends_at);
  check_refused(coupons.update(staff(), {.code = "NONE"}), Errc::not_found, "code");
}

TEST_CASE("a percent coupon with a currency may be given a minimum later") {
  EmptyShop test;
  CreateCoupon request = ten_percent();
  request.currency = kEuro;
  AdminCoupons coupons = test.shop->admin().coupons();
  CHECK(coupons.create(staff(), request).value().currency == kEuro);
  const Coupon changed = coupons.update(staff(), {.code = "TEN", .minimum_cents = 100}).value();
  CHECK(changed.minimum_cents == 100);
}

TEST_CASE("a taken code is a conflict in any case") {
  EmptyShop test;
  AdminCoupons coupons = test.shop->admin().coupons();
  coupons.create(staff(), ten_percent()).value();
  const auto refused = coupons.create(staff(), five_euro("ten"));
  check_refused(refused, Errc::conflict, "code");
  CHECK(refused.error().fact("code") == "TEN");
  CHECK(coupons.list(staff()).value().items[0].kind == CouponKind::percent);
}

TEST_CASE("coupons are each store's own, and for staff") {
  EmptyShop test;
  AdminCoupons coupons = test.shop->admin().coupons();
  coupons.create(staff(), ten_percent()).value();
  const Caller elsewhere = in_store("elsewhere", staff());
  CHECK(coupons.list(elsewhere).value().items.empty());
  check_refused(coupons.update(elsewhere, {.code = "TEN"}), Errc::not_found, "code");
  CHECK(coupons.create(elsewhere, five_euro("TEN")).value().amount_cents == 500);

  check_refused(coupons.list(shopper(), {.limit = 0}), Errc::forbidden);
  check_refused(coupons.create(shopper(), {}), Errc::forbidden);
  check_refused(coupons.update(shopper(), {}), Errc::forbidden);
}

TEST_CASE("a repeated coupon is made once") {
  EmptyShop test;
  AdminCoupons coupons = test.shop->admin().coupons();
  const Caller once = with_key("once", staff());
  const CouponId id = coupons.create(once, ten_percent()).value().id;
  CHECK(coupons.create(once, ten_percent()).value().id == id);
  CHECK(coupons.list(staff()).value().items.size() == 1);
}

TEST_CASE("uses are taken within both limits, and returned") {
  EmptyShop test;
  AdminCoupons coupons = test.shop->admin().coupons();
  CreateCoupon request = ten_percent();
  request.usage_limit = 3;
  request.per_customer_limit = 2;
  const CouponId id = coupons.create(staff(), request).value().id;
  const auto used = [&] { return coupons.list(staff()).value().items[0].used; };
  Uses uses(test, id);

  CHECK(uses.take("user:ada") == TakenUse::taken);
  CHECK(uses.take("user:ada") == TakenUse::taken);
  CHECK(uses.take("user:ada") == TakenUse::used_up_by_customer);
  CHECK(used() == 2);
  CHECK(uses.take("user:eve") == TakenUse::taken);
  CHECK(uses.take("user:eve") == TakenUse::used_up);
  CHECK(used() == 3);

  uses.give_back("user:ada");
  CHECK(used() == 2);
  CHECK(uses.take("user:ada") == TakenUse::taken);
  for (const char* customer : {"user:ada", "user:ada", "user:eve"}) uses.give_back(customer);
  CHECK(used() == 0);
}

TEST_CASE("a coupon without limits is used any number of times") {
  EmptyShop test;
  Uses uses(test, test.shop->admin().coupons().create(staff(), ten_percent()).value().id);
  for (int i = 0; i < 5; ++i) CHECK(uses.take("user:ada") == TakenUse::taken);
  for (int i = 0; i < 5; ++i) uses.give_back("user:ada");
}

TEST_CASE("the last uses of a coupon are taken once each, however many try", "[concurrent]") {
  constexpr int kThreads = 16;
  EmptyShop test;
  CreateCoupon request = ten_percent();
  request.usage_limit = 20;
  request.per_customer_limit = 3;
  const CouponId id = test.shop->admin().coupons().create(staff(), request).value().id;
  // Two threads for each of eight customers, who would like 24 uses together.
  const auto customer = [](int thread) { return "user:" + std::to_string(thread / 2); };
  std::latch start(kThreads);
  std::vector<int> taken(kThreads);
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      Uses uses(test, id);
      start.arrive_and_wait();
      while (uses.take(customer(i)) == TakenUse::taken) ++taken[static_cast<std::size_t>(i)];
    });
  }
  for (std::thread& thread : threads) thread.join();

  CHECK(std::accumulate(taken.begin(), taken.end(), 0) == 20);
  CHECK(test.shop->admin().coupons().list(staff()).value().items[0].used == 20);
  for (std::size_t i = 0; i < kThreads; i += 2) CHECK(taken[i] + taken[i + 1] <= 3);

  Uses uses(test, id);
  for (int i = 0; i < kThreads; ++i) {
    for (int use = taken[static_cast<std::size_t>(i)]; use > 0; --use) uses.give_back(customer(i));
  }
  CHECK(test.shop->admin().coupons().list(staff()).value().items[0].used == 0);
}
