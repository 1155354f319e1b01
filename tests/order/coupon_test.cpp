// Discount codes on carts and orders: what they take off, when they apply, and their limits, which
// are stock of a kind.
#include "resys/promotion.hpp"

#include <atomic>
#include <thread>

#include "support/buying_shop.hpp"
#include "support/refusal.hpp"

using namespace resys;
using namespace resys::test;

namespace {

const Currency kEuro = Currency::parse("EUR").value();

CreateCoupon fixed(const char* code, std::int64_t cents) {
  return {.code = code, .kind = CouponKind::fixed, .amount_cents = cents, .currency = kEuro};
}
CreateCoupon percent(const char* code, std::int64_t basis_points) {
  return {.code = code, .kind = CouponKind::percent, .basis_points = basis_points};
}

// "TEN 79, FIVE 500"
std::string discounts(const Cart& cart) {
  std::string text;
  for (const AppliedCoupon& coupon : cart.coupons) {
    text += (text.empty() ? "" : ", ") + coupon.code + " " + std::to_string(coupon.discount_cents);
  }
  return text;
}

struct CouponShop : BuyingShop {
  void create(const CreateCoupon& coupon) {
    shop->admin().coupons().create(staff(), coupon).value();
  }
  Coupon coupon(const std::string& code) {
    for (const auto found = shop->admin().coupons().list(staff()).value();
         const Coupon& each : found.items) {
      if (each.code == code) return each;
    }
    FAIL("there is no coupon " + code);
    return {};
  }
  Cart add(const Caller& caller, const char* sku, std::int64_t quantity = 1) {
    return shop->cart().add_item(caller, {.sku = sku, .quantity = quantity}).value();
  }
  Result<Cart> apply(const Caller& caller, const char* code) {
    return shop->cart().apply_coupon(caller, {code});
  }
  Result<Placement> try_to_place(const Caller& caller) {
    return shop->checkout().place_order(caller, {card});
  }
  // Two TEA, ready to be placed, with the code.
  Order fill_with(const Caller& caller, const char* code) {
    fill(caller);
    apply(caller, code).value();
    return shop->checkout().select_shipping_method(caller, {post}).value();
  }
};

}  // namespace

TEST_CASE("a percent coupon rounds down, whatever the case of its code") {
  CouponShop test;
  test.sell("CUP", 799);
  test.add(shopper(), "CUP");
  const Cart cart = test.apply(shopper(), "ten").value();
  CHECK(discounts(cart) == "TEN 79");
  CHECK(cart.item_total_cents == 799);
  CHECK(cart.discount_total_cents == 79);
  CHECK(cart.total_cents == 720);
  // Of the items' sum, not of each line's.
  CHECK(discounts(test.add(shopper(), "CUP")) == "TEN 159");
  CHECK(test.shop->cart().remove_coupon(shopper(), {"tEn"}).value().total_cents == 2 * 799);
}

TEST_CASE("a percent coupon works in every currency") {
  CouponShop test;
  test.sell("MATCHA", 1'501, "JPY");
  test.sell("OUD", 1'000'009, "KWD");
  test.add(shopper("ken"), "MATCHA");
  CHECK(discounts(test.apply(shopper("ken"), "TEN").value()) == "TEN 150");
  test.add(shopper("zoe"), "OUD");
  CHECK(discounts(test.apply(shopper("zoe"), "TEN").value()) == "TEN 100000");
}

TEST_CASE("a fixed coupon takes its amount, and never more than the items cost") {
  CouponShop test;
  test.create(fixed("FIVE", 500));
  test.create(fixed("FIFTY", 5'000));
  test.add(shopper(), "TEA");
  Cart cart = test.apply(shopper(), "FIVE").value();
  CHECK(cart.total_cents == 290);
  cart = test.apply(shopper(), "FIFTY").value();
  CHECK(discounts(cart) == "FIVE 500, FIFTY 290");
  CHECK(cart.discount_total_cents == 790);
  CHECK(cart.total_cents == 0);
  cart = test.add(shopper(), "MUG", 5);
  CHECK(discounts(cart) == "FIVE 500, FIFTY 5000");
  CHECK(cart.total_cents == 790 + 6'000 - 5'500);
}

TEST_CASE("several coupons never discount more than the items") {
  CouponShop test;
  test.create(percent("HALF", 5'000));
  test.create(percent("MOST", 9'000));
  test.create(percent("ALL", 10'000));
  test.add(shopper(), "TEA", 3);
  for (const char* code : {"HALF", "MOST", "ALL", "TEN"}) test.apply(shopper(), code).value();
  const Cart cart = test.shop->cart().get(shopper()).value();
  CHECK(discounts(cart) == "HALF 1185, MOST 1185, ALL 0, TEN 0");
  CHECK(cart.discount_total_cents == cart.item_total_cents);
  CHECK(cart.total_cents == 0);
}

TEST_CASE("coupons count in the order in which they were applied") {
  CouponShop test;
  test.create(fixed("A", 500));
  test.create(fixed("B", 500));
  test.create(fixed("C", 500));
  test.add(shopper(), "TEA");
  test.apply(shopper(), "B").value();
  test.apply(shopper(), "C").value();
  test.shop->cart().remove_coupon(shopper(), {"B"}).value();
  const Cart cart = test.apply(shopper(), "A").value();
  CHECK(discounts(cart) == "C 500, A 290");
  CHECK(discounts(test.apply(shopper(), "C").value()) == "C 500, A 290");  // once is enough
}

TEST_CASE("a cart has at most ten discount codes") {
  CouponShop test;
  test.add(shopper(), "TEA");
  for (int i = 0; i < 11; ++i) {
    const std::string code = "CODE" + std::to_string(i);
    test.create(fixed(code.c_str(), 1));
    if (i < 10) test.apply(shopper(), code.c_str()).value();
  }
  const Error refused = refusal(test.apply(shopper(), "CODE10"), Errc::too_large, "code");
  CHECK(refused.fact("limit", 0) == 10);
  CHECK(test.apply(shopper(), "CODE9").value().coupons.size() == 10);
}

TEST_CASE("a refused discount code says why") {
  CouponShop test;
  const Timestamp now = test.clock->now();
  CreateCoupon coupon = percent("LATER", 1'000);
  coupon.starts_at = now.plus(kMicrosPerHour);
  test.create(coupon);
  coupon = percent("OVER", 1'000);
  coupon.ends_at = now;
  test.create(coupon);
  coupon = percent("OFF", 1'000);
  coupon.active = false;
  test.create(coupon);
  coupon = fixed("BIG", 100);
  coupon.minimum_cents = 1'000;
  test.create(coupon);
  coupon = fixed("YEN", 100);
  coupon.currency = Currency::parse("JPY").value();
  test.create(coupon);
  refusal(test.apply(shopper(), "TEN"), Errc::not_found);  // there is no cart
  const Cart cart = test.add(shopper(), "TEA");

  const auto reason = [&](const char* code) {
    const Error error = refusal(test.apply(shopper(), code), Errc::coupon_invalid, "code");
    return std::string(error.fact("reason"));
  };
  CHECK(reason("NONE") == "unknown");
  CHECK(reason("LATER") == "notStarted");
  CHECK(reason("OVER") == "ended");
  CHECK(reason("OFF") == "inactive");
  CHECK(reason("YEN") == "currency");
  const Error minimum = refusal(test.apply(shopper(), "BIG"), Errc::coupon_invalid, "code");
  CHECK(minimum.fact("reason") == "minimum");
  CHECK(minimum.fact("minimumCents", 0) == 1'000);
  CHECK(minimum.fact("itemTotalCents", 0) == 790);
  CHECK(test.shop->cart().get(shopper()).value().version == cart.version);
  refusal(test.shop->cart().apply_coupon(shopper(), {"NO SUCH"}), Errc::invalid_request, "code");
  // Another store's codes do not exist here.
  test.shop->admin().coupons().create(in_store("other", staff()), percent("THERE", 1'000)).value();
  CHECK(reason("THERE") == "unknown");

  test.clock->advance(kMicrosPerHour);
  CHECK(test.apply(shopper(), "LATER").has_value());
}

TEST_CASE("a coupon that ceases to apply takes nothing off until it applies again") {
  CouponShop test;
  CreateCoupon coupon = fixed("BIG", 300);
  coupon.minimum_cents = 1'500;
  test.create(coupon);
  Cart cart = test.add(shopper(), "TEA", 2);
  const LineItemId tea = cart.line_items[0].id;
  CHECK(discounts(test.apply(shopper(), "BIG").value()) == "BIG 300");
  cart = test.shop->cart().change_item(shopper(), {tea, 1}).value();
  CHECK(discounts(cart) == "BIG 0");
  CHECK(cart.total_cents == 790);
  cart = test.shop->cart().change_item(shopper(), {tea, 3}).value();
  CHECK(discounts(cart) == "BIG 300");
}

TEST_CASE("a discount that was shown and is not given any more stops the placing") {
  CouponShop test;
  CreateCoupon coupon = percent("TODAY", 2'000);
  coupon.ends_at = test.clock->now().plus(kMicrosPerDay);
  test.create(coupon);
  const Order ready = test.fill_with(shopper(), "TODAY");
  CHECK(ready.discount_total_cents == 316);
  test.clock->advance(kMicrosPerDay);
  const Error refused = refusal(test.try_to_place(shopper()), Errc::coupon_invalid);
  CHECK(refused.fact("code") == "TODAY");
  CHECK(refused.fact("reason") == "ended");
  const Cart after = test.shop->cart().get(shopper()).value();
  CHECK(after.state == OrderState::delivery);
  CHECK(after.version == ready.version);
  CHECK(discounts(after) == "TODAY 316");

  test.shop->cart().remove_coupon(shopper(), {"TODAY"}).value();
  CHECK(test.try_to_place(shopper()).value().order.total_cents == 2 * 790 + 490);
}

TEST_CASE("a coupon for which a lower price leaves nothing is not invalid") {
  CouponShop test;
  test.create(fixed("FIVE", 500));
  test.create(fixed("MORE", 500));
  test.fill(shopper(), 1);
  test.apply(shopper(), "FIVE").value();
  CHECK(discounts(test.apply(shopper(), "MORE").value()) == "FIVE 500, MORE 290");
  test.reprice("TEA", 450);
  const Error refused = refusal(test.try_to_place(shopper()), Errc::price_changed);
  CHECK(refused.fact("newTotalCents", -1) == 490);
  const Placement placed =
      test.shop->checkout()
          .place_order(shopper(), {.payment_method_id = test.card, .accept_total_cents = 490})
          .value();
  CHECK(discounts(placed.order) == "FIVE 450, MORE 0");
  CHECK(test.coupon("FIVE").used == 1);
  CHECK(test.coupon("MORE").used == 0);  // it gave nothing
}

TEST_CASE("the last use of a coupon goes to whoever places first") {
  CouponShop test;
  CreateCoupon coupon = percent("ONCE", 1'000);
  coupon.usage_limit = 1;
  test.create(coupon);
  test.fill_with(shopper("ada"), "ONCE");
  const Order of_eve = test.fill_with(shopper("eve"), "ONCE");
  CHECK(test.coupon("ONCE").used == 0);  // a cart takes nothing

  const Placement placed = test.try_to_place(shopper("ada")).value();
  CHECK(test.coupon("ONCE").used == 1);
  const Error refused = refusal(test.try_to_place(shopper("eve")), Errc::coupon_invalid);
  CHECK(refused.fact("code") == "ONCE");
  CHECK(refused.fact("reason") == "usedUp");
  CHECK(test.shop->cart().get(shopper("eve")).value().version == of_eve.version);
  CHECK(test.stock("TEA").reserved == 2);  // Ada's alone
  test.add(shopper("bob"), "TEA");
  const Error late = refusal(test.apply(shopper("bob"), "ONCE"), Errc::coupon_invalid, "code");
  CHECK(late.fact("reason") == "usedUp");
  CHECK(late.fact("usageLimit", 0) == 1);

  // Whoever gives the order up gives the use back.
  test.shop->checkout().reopen(shopper("ada")).value();
  CHECK(test.coupon("ONCE").used == 0);
  test.pay(shopper("eve"), test.try_to_place(shopper("eve")).value());
  CHECK(test.coupon("ONCE").used == 1);
  const Error gone = refusal(test.try_to_place(shopper("ada")), Errc::coupon_invalid);
  CHECK(gone.fact("reason") == "usedUp");
  CHECK(placed.order.discount_total_cents == 158);
}

TEST_CASE("a customer has their own limit: a user by id, a guest by e-mail") {
  CouponShop test;
  test.let_guests_check_out();
  CreateCoupon coupon = percent("EACH", 1'000);
  coupon.per_customer_limit = 1;
  test.create(coupon);
  const auto buy_with = [&](const Caller& caller, const char* email) {
    test.fill_with(caller, "EACH");
    test.shop->checkout()
        .set_addresses(caller, {.shipping_address = BuyingShop::address(), .email = email})
        .value();
    test.shop->checkout().select_shipping_method(caller, {test.post}).value();
    auto placed = test.try_to_place(caller);
    if (placed.has_value()) test.pay(caller, placed.value());
    return placed;
  };
  CHECK(buy_with(shopper("ada"), "one@example.com").value().order.discount_total_cents == 158);
  CHECK(buy_with(shopper("eve"), "one@example.com").value().order.discount_total_cents == 158);
  // Told at once, not by the placing.
  test.add(shopper("ada"), "TEA");
  const Error again = refusal(test.apply(shopper("ada"), "EACH"), Errc::coupon_invalid, "code");
  CHECK(again.fact("reason") == "usedUpByCustomer");
  CHECK(again.fact("code") == "EACH");
  CHECK(again.fact("perCustomerLimit", 0) == 1);

  CHECK(buy_with(guest("s1"), "one@example.com").value().order.discount_total_cents == 158);
  // Who a guest is shows with the address; from there on the code takes nothing off, and says so.
  for (const char* same : {"one@example.com", "One@Example.COM"}) {
    const Placement plain = buy_with(guest("s2"), same).value();
    CHECK(plain.order.discount_total_cents == 0);
    CHECK(plain.order.total_cents == 2 * 790 + 490);
  }
  test.fill(guest("s3"));
  test.apply(guest("s3"), "EACH").value();
  const Order addressed =
      test.shop->checkout()
          .set_addresses(guest("s3"),
                         {.shipping_address = BuyingShop::address(), .email = "one@example.com"})
          .value();
  CHECK(addressed.discount_total_cents == 0);
  CHECK(addressed.coupons[0].reason == CouponReason::used_up_by_customer);
  test.shop->cart().remove_coupon(guest("s3"), {"EACH"}).value();
  refusal(test.apply(guest("s3"), "EACH"), Errc::coupon_invalid, "code");
  CHECK(buy_with(guest("s4"), "two@example.com").value().order.discount_total_cents == 158);
  CHECK(test.coupon("EACH").used == 4);
}

TEST_CASE("two carts of one guest race for the last use, and one gets it", "[concurrent]") {
  CouponShop test;
  test.let_guests_check_out();
  CreateCoupon coupon = percent("EACH", 1'000);
  coupon.per_customer_limit = 1;
  test.create(coupon);
  constexpr int carts = 8;
  for (int i = 0; i < carts; ++i) test.fill_with(guest(std::to_string(i)), "EACH");
  std::atomic<int> placed = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < carts; ++i) {
    threads.emplace_back([&, i] {
      if (test.try_to_place(guest(std::to_string(i))).has_value()) ++placed;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(placed == 1);
  CHECK(test.coupon("EACH").used == 1);
}

TEST_CASE("a canceled order returns its use of a coupon") {
  CouponShop test;
  CreateCoupon coupon = percent("ONCE", 1'000);
  coupon.usage_limit = 1;
  coupon.per_customer_limit = 1;
  test.create(coupon);
  for (int round = 0; round < 3; ++round) {
    test.fill_with(shopper(), "ONCE");
    const Placement placed = test.try_to_place(shopper()).value();
    test.pay(shopper(), placed);
    CHECK(test.coupon("ONCE").used == 1);
    test.shop->admin().orders().cancel(staff(), {placed.order.number}).value();
    CHECK(test.coupon("ONCE").used == 0);
  }
}

TEST_CASE("a limit that staff lower stops new uses and takes none back") {
  CouponShop test;
  test.fill_with(shopper("ada"), "TEN");
  test.fill_with(shopper("eve"), "TEN");
  test.pay(shopper("ada"), test.try_to_place(shopper("ada")).value());
  test.shop->admin().coupons().update(staff(), {.code = "TEN", .usage_limit = 1}).value();
  const Error refused = refusal(test.try_to_place(shopper("eve")), Errc::coupon_invalid);
  CHECK(refused.fact("reason") == "usedUp");
  CHECK(test.coupon("TEN").used == 1);
}
