// The limits of promotions, which are stock of a kind: overall, per code, and per customer, who is
// known by user and by e-mail address.
#include <atomic>

#include "support/at_once.hpp"
#include "support/promotion_shop.hpp"

using namespace resys;
using namespace resys::test;
using Condition = PromotionConditionKind;
using Reason = PromotionReason;

TEST_CASE("the last use of a promotion goes to whoever places first") {
  PromotionShop test;
  CreatePromotion promotion = percent_off("ONCE", 1'000);
  promotion.usage_limit = 1;
  test.create(promotion);
  test.fill_with(shopper("ada"), "ONCE");
  const Order of_eve = test.fill_with(shopper("eve"), "ONCE");
  CHECK(test.uses("ONCE") == 0);  // a cart takes nothing

  const Placement placed = test.try_to_place(shopper("ada")).value();
  CHECK(test.uses("ONCE") == 1);
  const Error refused = test.refused(shopper("eve"), Errc::coupon_invalid);
  CHECK(refused.fact("code") == "ONCE");
  CHECK(refused.fact("reason") == "usedUp");
  CHECK(test.stock("TEA").reserved == 2);  // Ada's alone
  test.add_to(shopper("bob"), "TEA");
  const Error late = refusal(test.apply(shopper("bob"), "ONCE"), Errc::coupon_invalid, "code");
  CHECK(late.fact("reason") == "usedUp");
  CHECK(late.fact("usageLimit", 0) == 1);

  // Whoever gives the order up gives the use back.
  test.shop->checkout().reopen(shopper("ada")).value();
  CHECK(test.uses("ONCE") == 0);
  test.pay(shopper("eve"), test.try_to_place(shopper("eve")).value());
  CHECK(test.uses("ONCE") == 1);
  const Error gone = refusal(test.try_to_place(shopper("ada")), Errc::coupon_invalid);
  CHECK(gone.fact("reason") == "usedUp");
  CHECK(placed.order.discount_total_cents == 158);
  // Staff take the limit off again.
  CHECK_FALSE(change(*test.shop, "ONCE", {.usage_limit = cleared}).usage_limit);
  CHECK(test.try_to_place(shopper("ada")).has_value());
  CHECK(test.uses("ONCE") == 2);
}

TEST_CASE("a limit per customer follows the person, by user and by e-mail address") {
  PromotionShop test;
  test.let_guests_check_out();
  CreatePromotion promotion = percent_off("EACH", 1'000);
  promotion.per_customer_limit = 1;
  test.create(promotion);
  const auto buy_with = [&](const Caller& caller, const char* email) {
    test.fill_with(caller, "EACH");
    test.send_to(caller, email);
    auto placed = test.try_to_place(caller);
    if (placed.has_value()) test.pay(caller, placed.value());
    return placed;
  };
  CHECK(buy_with(shopper("ada"), "one@example.com").value().order.discount_total_cents == 158);
  // Told at once, not by the placing.
  test.add_to(shopper("ada"), "TEA");
  const Error again = refusal(test.apply(shopper("ada"), "EACH"), Errc::coupon_invalid, "code");
  CHECK(again.fact("reason") == "usedUpByCustomer");
  CHECK(again.fact("code") == "EACH");
  CHECK(again.fact("perCustomerLimit", 0) == 1);

  // Who a guest is shows with the address; from there on the code takes nothing off, and says so.
  // The same person's use as a user counts, and another user's with the same address.
  for (const Caller& same : {guest("s2"), guest("s3"), shopper("eve")}) {
    const char* email = same.user_id.empty() ? "One@Example.COM" : "one@example.com";
    test.fill_with(same, "EACH");
    const Order addressed = test.send_to(same, email);
    CHECK(addressed.discount_total_cents == 0);
    CHECK(reason(addressed, "EACH") == Reason::used_up_by_customer);
    CHECK(test.try_to_place(same).value().order.total_cents == 2 * 790 + 490);
  }
  test.add_to(guest("s5"), "TEA");
  test.send_to(guest("s5"), "one@example.com");
  refusal(test.apply(guest("s5"), "EACH"), Errc::coupon_invalid, "code");
  CHECK(buy_with(guest("s4"), "two@example.com").value().order.discount_total_cents == 158);
  // A user with an address by which a guest has bought.
  test.fill(shopper("zoe"));
  test.send_to(shopper("zoe"), "TWO@example.com");
  CHECK(test.reason_of(shopper("zoe"), "EACH") == "usedUpByCustomer");
  CHECK(test.uses("EACH") == 2);
}

TEST_CASE("a first order is one that the person has not placed before") {
  PromotionShop test;
  test.let_guests_check_out();
  CreatePromotion promotion = automatic(percent_off("FIRST", 1'000));
  promotion.conditions = {{.kind = Condition::first_order}};
  test.create(promotion);
  CHECK(discounts(test.fill(shopper("ada"))) == "FIRST 158");
  const Placement placed = test.try_to_place(shopper("ada")).value();
  test.fill(guest());
  CHECK(discounts(test.cart(guest())).empty());  // fill() gives the same address
  CHECK(discounts(test.send_to(guest(), "eve@example.com")) == "FIRST 158");
  test.pay(shopper("ada"), placed);
  CHECK(discounts(test.fill(shopper("ada"))).empty());
  // An order that came to nothing does not count.
  test.shop->admin().orders().cancel(staff(), {placed.order.number}).value();
  CHECK(discounts(test.select_post(shopper("ada"))) == "FIRST 158");
}

// How many of the callers, who all have the promotion's code in their carts, place at once.
static int place_at_once(PromotionShop& test, const std::vector<Caller>& callers) {
  std::atomic<int> placed = 0;
  at_once(static_cast<int>(callers.size()), [&](int i) {
    if (test.try_to_place(callers[static_cast<std::size_t>(i)]).has_value()) ++placed;
  });
  return placed;
}

TEST_CASE("carts of one person race for the last use, and one gets it", "[concurrent]") {
  PromotionShop test;
  test.let_guests_check_out();
  CreatePromotion promotion = percent_off("EACH", 1'000);
  promotion.per_customer_limit = 1;
  test.create(promotion);
  // They have one e-mail address, and one is a user.
  std::vector<Caller> callers{shopper()};
  for (int i = 0; i < 7; ++i) callers.push_back(guest(std::to_string(i)));
  for (const Caller& caller : callers) test.fill_with(caller, "EACH");
  CHECK(place_at_once(test, callers) == 1);
  CHECK(test.uses("EACH") == 1);
}

TEST_CASE("many race for the uses of one code, and so many get them", "[concurrent]") {
  PromotionShop test;
  CreatePromotion promotion = percent_off("CODE", 1'000);
  promotion.per_code_limit = 3;
  test.create(promotion);
  std::vector<Caller> callers;
  for (int i = 0; i < 8; ++i) callers.push_back(shopper(std::to_string(i)));
  for (const Caller& caller : callers) test.fill_with(caller, "CODE");
  CHECK(place_at_once(test, callers) == 3);
  CHECK(test.uses("CODE") == 3);
}

TEST_CASE("a use that is given back while many want it goes to one of them", "[concurrent]") {
  PromotionShop test;
  CreatePromotion promotion = percent_off("ONCE", 1'000);
  promotion.usage_limit = 1;
  test.create(promotion);
  for (int i = 0; i < 4; ++i) test.fill_with(shopper(std::to_string(i)), "ONCE");
  test.try_to_place(shopper("0")).value();
  std::atomic<int> placed = 0;
  at_once(4, [&](int i) {
    const Caller caller = shopper(std::to_string(i));
    if (i == 0) return (void)test.shop->checkout().reopen(caller);
    for (int times = 0; times < 200 && placed == 0; ++times) {
      if (test.try_to_place(caller).has_value()) ++placed;
    }
  });
  CHECK(placed == 1);
  CHECK(test.uses("ONCE") == 1);
}

TEST_CASE("an order that nobody pays returns its uses") {
  PromotionShop test;
  CreatePromotion promotion = percent_off("ONCE", 1'000);
  promotion.usage_limit = 1;
  promotion.per_customer_limit = 1;
  promotion.per_code_limit = 1;
  test.create(promotion);
  for (int round = 0; round < 3; ++round) {
    test.fill_with(shopper(), "ONCE");
    const Placement placed = test.try_to_place(shopper()).value();
    CHECK(test.uses("ONCE") == 1);
    if (round == 0) {
      test.clock->advance(kMicrosPerDay);
      test.work();
    } else {
      test.pay(shopper(), placed);
      test.shop->admin().orders().cancel(staff(), {placed.order.number}).value();
    }
    CHECK(test.uses("ONCE") == 0);
  }
}

TEST_CASE("a limit that staff lower stops new uses and takes none back") {
  PromotionShop test;
  test.fill_with(shopper("ada"), "TEN");
  test.fill_with(shopper("eve"), "TEN");
  test.pay(shopper("ada"), test.try_to_place(shopper("ada")).value());
  change(*test.shop, "TEN", {.usage_limit = 1});
  const Error refused = refusal(test.try_to_place(shopper("eve")), Errc::coupon_invalid);
  CHECK(refused.fact("reason") == "usedUp");
  CHECK(test.uses("TEN") == 1);
}
