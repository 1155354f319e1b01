// Promotions on carts and orders: what they take off, when codes apply, and what a change of them
// means while a shopper pays.
#include "support/promotion_shop.hpp"

using namespace resys;
using namespace resys::test;
using Action = PromotionActionKind;
using Condition = PromotionConditionKind;
using Reason = PromotionReason;

namespace {

CreatePromotion free_shipping(const char* name) {
  return automatic(promotion_of(name, {.kind = Action::free_shipping}));
}

}  // namespace

// ---- what is taken off

TEST_CASE("a percentage is rounded to the nearest cent, whatever the case of its code") {
  PromotionShop test;
  test.sell("CUP", 799);
  test.add_to(shopper(), "CUP");
  const Cart cart = test.apply(shopper(), " ten\u00A0").value();
  CHECK(discounts(cart) == "TEN 80");
  CHECK(cart.promotions.at(0).code == "TEN");
  CHECK(cart.item_total_cents == 799);
  CHECK(cart.discount_total_cents == 80);
  CHECK(cart.total_cents == 719);
  REQUIRE(cart.line_items.at(0).discounts.size() == 1);
  const DiscountLine& line = cart.line_items[0].discounts[0];
  CHECK(line.promotion_id == cart.promotions[0].id);
  CHECK(line.name == "TEN");
  CHECK(line.discount_cents == 80);
  CHECK(discounts(test.add_to(shopper(), "CUP")) == "TEN 160");
  CHECK(test.shop->cart().remove_coupon(shopper(), {"tEn "}).value().total_cents == 2 * 799);
}

TEST_CASE("a percentage works in every currency") {
  PromotionShop test;
  test.sell("MATCHA", 1'501, "JPY");
  test.sell("OUD", 1'000'009, "KWD");
  test.add_to(shopper("ken"), "MATCHA");
  CHECK(discounts(test.apply(shopper("ken"), "TEN").value()) == "TEN 150");
  test.add_to(shopper("zoe"), "OUD");
  CHECK(discounts(test.apply(shopper("zoe"), "TEN").value()) == "TEN 100001");
}

TEST_CASE("an amount is taken off, and never more than the items cost") {
  PromotionShop test;
  test.create(cents_off("FIVE", 500));
  test.create(cents_off("FIFTY", 5'000));
  test.add_to(shopper(), "TEA");
  Cart cart = test.apply(shopper(), "FIVE").value();
  CHECK(cart.total_cents == 290);
  cart = test.apply(shopper(), "FIFTY").value();
  CHECK(discounts(cart) == "FIVE 500, FIFTY 290");
  CHECK(cart.discount_total_cents == 790);
  CHECK(cart.total_cents == 0);
  cart = test.add_to(shopper(), "MUG", 5);
  CHECK(discounts(cart) == "FIVE 500, FIFTY 5000");
  CHECK(cart.total_cents == 790 + 6'000 - 5'500);
}

TEST_CASE("codes apply by priority, whatever the order in which they were entered") {
  PromotionShop test;
  CreatePromotion first = cents_off("FIRST", 100);
  first.priority = -1;
  CreatePromotion last = percent_off("ALL", 10'000);
  last.priority = 9;
  CreatePromotion half = percent_off("HALF", 5'000);
  half.priority = 1;
  for (const CreatePromotion& each : {half, first, last}) test.create(each);
  for (const auto& codes : {std::vector{"TEN", "HALF", "FIRST"}, {"FIRST", "HALF", "TEN"}}) {
    const Caller caller = shopper(codes[0]);
    test.add_to(caller, "TEA", 3);
    for (const char* code : codes) test.apply(caller, code).value();
    CHECK(discounts(test.cart(caller)) == "FIRST 100, TEN 227, HALF 1021");
    test.apply(caller, "ALL").value();
    CHECK(test.cart(caller).total_cents == 0);
    test.shop->cart().remove_coupon(caller, {"HALF"}).value();
    CHECK(discounts(test.cart(caller)) == "FIRST 100, TEN 227, ALL 2043");
  }
}

TEST_CASE("an exclusive promotion applies alone, and of a group only the best") {
  PromotionShop test;
  CreatePromotion deal = automatic(cents_off("LESS", 50));
  deal.priority = -1;
  deal.stacking = PromotionStacking::best_deal;
  deal.group = "season";
  test.create(deal);
  deal.name = "MORE";
  deal.actions[0].amount_cents = 70;
  deal.codes = {"MORE"};
  test.create(deal);
  CHECK(discounts(test.add_to(shopper(), "TEA")) == "LESS 50");
  Cart cart = test.apply(shopper(), "MORE").value();
  CHECK(discounts(cart) == "MORE 70");
  cart = test.apply(shopper(), "TEN").value();
  CHECK(discounts(cart) == "MORE 70, TEN 72");
  CreatePromotion alone = cents_off("ALONE", 10);
  alone.stacking = PromotionStacking::exclusive;
  test.create(alone);
  cart = test.apply(shopper(), "ALONE").value();
  CHECK(discounts(cart) == "ALONE 10");
  CHECK(reason(cart, "TEN") == Reason::excluded);
  cart = test.shop->cart().remove_coupon(shopper(), {"ALONE"}).value();
  CHECK(discounts(cart) == "MORE 70, TEN 72");
}

TEST_CASE("lines, products, categories and groups are what the store says they are") {
  PromotionShop test;
  test.shop->admin()
      .products()
      .create(staff(), {.slug = "cup",
                        .name = "Cup",
                        .categories = {"dishes"},
                        .variants = {{.sku = "CUP",
                                      .price_cents = 1'000,
                                      .currency = Currency::parse("EUR").value()}}})
      .value();
  test.create(automatic(promotion_of(
      "DISHES",
      {.kind = Action::percent_off_lines, .basis_points = 5'000, .categories = {"dishes"}})));
  CreatePromotion friends = automatic(percent_off("FRIENDS", 1'000));
  friends.conditions = {{.kind = Condition::customer_groups, .groups = {"friends"}}};
  test.create(friends);
  test.add_to(shopper(), "TEA");
  CHECK(lines_of(test.add_to(shopper(), "CUP")) == "TEA 1 -0; CUP 1 -500");
  test.shop->admin()
      .customers()
      .update(staff(),
              {.user_id = shopper().user_id, .groups = std::vector<std::string>{"friends"}})
      .value();
  CHECK(test.cart().new_total_cents == 790 + 500 - 129);
  CHECK(lines_of(test.add_to(shopper(), "TEA")) == "TEA 2 -158; CUP 1 -550");
  // The host may say the groups, too.
  Caller eve = shopper("eve");
  CHECK(lines_of(test.add_to(eve, "TEA")) == "TEA 1 -0");
  eve.groups = {"friends"};
  CHECK(lines_of(test.add_to(eve, "TEA")) == "TEA 2 -158");
  // For other customers it does not apply, and does not come to be by what they buy.
  friends = percent_off("VIP", 1'000);
  friends.conditions = {{.kind = Condition::customer_groups, .groups = {"vip"}}};
  test.create(friends);
  CHECK(test.reason_of(shopper(), "VIP") == "customerGroup");
}

TEST_CASE("free shipping is explained, and chosen before it is known what shipping costs") {
  PromotionShop test;
  test.create(with_minimum(free_shipping("POST"), 2'000));
  Cart cart = test.add_to(shopper(), "TEA");
  REQUIRE(cart.promotion_hints.size() == 1);
  CHECK(cart.promotion_hints[0].name == "POST");
  CHECK(cart.promotion_hints[0].missing_cents == 1'210);
  CHECK_FALSE(cart.promotion_hints[0].missing_quantity);
  CHECK(cart.promotions.empty());
  cart = test.add_to(shopper(), "MUG", 2);
  CHECK(cart.promotion_hints.empty());
  CHECK(discounts(cart) == "POST 0");
  const Order order = test.send_to(shopper(), "ada@example.com");
  CHECK(discounts(order) == "POST 0+490");
  CHECK(order.shipment_total_cents == 0);
  CHECK(order.shipment->price_cents == 0);
  CHECK(order.discount_total_cents == 0);
  CHECK(order.total_cents == 790 + 2'400);
  CHECK(test.shop->checkout().list_shipping_methods(shopper()).value().items.at(0).price_cents ==
        0);
  const Placement placed = test.try_to_place(shopper()).value();
  CHECK(placed.order.total_cents == order.total_cents);
  CHECK(discounts(placed.order) == "POST 0+490");
  CHECK(placed.order.promotion_hints.empty());
  CHECK(test.uses("POST") == 1);
}

TEST_CASE("a promotion goes by the clocks of the store") {
  PromotionShop test;
  CreatePromotion night = automatic(percent_off("NIGHT", 1'000));
  const std::int64_t today = 1 + (test.clock->now().micros / kMicrosPerDay + 3) % 7;
  const std::int64_t minute = test.clock->now().micros % kMicrosPerDay / kMicrosPerMinute;
  // The hour that it is in Kathmandu, which is 5:45 ahead of UTC.
  const std::int64_t there = (minute + 345) % (24 * 60);
  night.conditions = {{.kind = Condition::local_time,
                       .from_minute = there / 60 * 60,
                       .until_minute = there / 60 * 60 + 60}};
  test.create(night);
  CHECK(test.add_to(shopper(), "TEA").promotions.empty());
  test.shop->admin().settings().update_checkout(staff(), {.time_zone = "Asia/Kathmandu"}).value();
  CHECK(discounts(test.add_to(shopper(), "TEA")) == "NIGHT 158");
  CreatePromotion day = percent_off("DAY", 1'000);
  const std::int64_t day_there = minute + 345 >= 24 * 60 ? today % 7 + 1 : today;
  day.conditions = {{.kind = Condition::local_time, .weekdays = {day_there}}};
  test.create(day);
  CHECK(test.apply(shopper(), "DAY").has_value());
  day = percent_off("OTHER", 1'000);
  day.conditions = {{.kind = Condition::local_time, .weekdays = {day_there % 7 + 1}}};
  test.create(day);
  CHECK(test.reason_of(shopper(), "OTHER") == "localTime");
}

// ---- codes

TEST_CASE("a cart has at most ten codes") {
  PromotionShop test;
  test.add_to(shopper(), "TEA");
  for (int i = 0; i < 11; ++i) {
    const std::string code = "CODE" + std::to_string(i);
    test.create(cents_off(code, 1));
    if (i < 10) test.apply(shopper(), code.c_str()).value();
  }
  const Error refused = refusal(test.apply(shopper(), "CODE10"), Errc::too_large, "code");
  CHECK(refused.fact("limit", 0) == 10);
  CHECK(test.apply(shopper(), "CODE9").value().promotions.size() == 10);
}

TEST_CASE("a code that cannot apply is refused, and says why") {
  PromotionShop test;
  const Timestamp now = test.clock->now();
  CreatePromotion promotion = percent_off("LATER", 1'000);
  promotion.starts_at = now.plus(kMicrosPerHour);
  test.create(promotion);
  promotion = percent_off("OVER", 1'000);
  promotion.ends_at = now;
  test.create(promotion);
  promotion = percent_off("OFF", 1'000);
  promotion.active = false;
  test.create(promotion);
  test.create(cents_off("YEN", 100, "JPY"));
  refusal(test.apply(shopper(), "TEN"), Errc::not_found);  // there is no cart
  const Cart cart = test.add_to(shopper(), "TEA");

  CHECK(test.reason_of(shopper(), "NONE") == "unknown");
  CHECK(refusal(test.apply(shopper(), "LATER"), Errc::coupon_invalid).fact("startsAt") ==
        now.plus(kMicrosPerHour).text());
  CHECK(test.reason_of(shopper(), "LATER") == "notStarted");
  CHECK(refusal(test.apply(shopper(), "OVER"), Errc::coupon_invalid).fact("endsAt") == now.text());
  CHECK(test.reason_of(shopper(), "OVER") == "ended");
  CHECK(test.reason_of(shopper(), "OFF") == "inactive");
  CHECK(refusal(test.apply(shopper(), "YEN"), Errc::coupon_invalid).fact("currency") == "JPY");
  CHECK(test.reason_of(shopper(), "YEN") == "currency");
  CHECK(test.cart().version == cart.version);
  CHECK(test.cart().rejected_codes.empty());
  refusal(test.shop->cart().apply_coupon(shopper(), {"NO SUCH"}), Errc::invalid_request, "code");
  // Another store's codes do not exist here.
  add(*test.shop, percent_off("THERE", 1'000), in_store("other", staff()));
  CHECK(test.reason_of(shopper(), "THERE") == "unknown");

  test.clock->advance(kMicrosPerHour);
  CHECK(test.apply(shopper(), "LATER").has_value());
}

TEST_CASE("a code for which only the cart is wrong stays, and says what is missing") {
  PromotionShop test;
  test.create(with_minimum(cents_off("BIG", 300), 1'500));
  CreatePromotion two = cents_off("TWO", 20);
  two.conditions = {{.kind = Condition::products, .skus = {"MUG"}},
                    {.kind = Condition::minimum_quantity, .quantity = 2}};
  test.create(two);
  CreatePromotion abroad = cents_off("ABROAD", 1);
  abroad.conditions = {{.kind = Condition::countries, .countries = {"GB"}}};
  test.create(abroad);
  test.add_to(shopper(), "TEA");
  test.apply(shopper(), "BIG").value();
  test.apply(shopper(), "TWO").value();
  Cart cart = test.apply(shopper(), "ABROAD").value();
  CHECK(cart.promotions.empty());
  CHECK(cart.problems.empty());
  REQUIRE(cart.rejected_codes.size() == 3);
  CHECK(reason(cart, "BIG") == Reason::minimum_amount);
  CHECK(cart.rejected_codes[0].missing_cents == 710);
  CHECK(reason(cart, "TWO") == Reason::products);
  CHECK(reason(cart, "ABROAD") == Reason::country);
  cart = test.add_to(shopper(), "MUG");
  CHECK(discounts(cart) == "BIG 300");
  CHECK(reason(cart, "TWO") == Reason::minimum_quantity);
  CHECK(cart.rejected_codes.at(0).missing_quantity == 1);
  CHECK(discounts(test.send_to(shopper(), "ada@example.com")) == "BIG 300, ABROAD 1");
  const LineItemId mug = cart.line_items[1].id;
  cart = test.shop->cart().remove_item(shopper(), {mug}).value();
  CHECK(discounts(cart) == "ABROAD 1");
  CHECK(cart.total_cents == 789 + 490);
  CHECK(reason(cart, "BIG") == Reason::minimum_amount);
  // Once it is placed, what does not apply is gone from view.
  const Placement placed = test.try_to_place(shopper()).value();
  CHECK(placed.order.rejected_codes.empty());
  CHECK(test.uses("BIG") == 0);
  CHECK(test.uses("ABROAD") == 1);
}

TEST_CASE("a promotion has many codes, and a cart takes one of them") {
  PromotionShop test;
  CreatePromotion many = cents_off("MANY", 100);
  many.codes = {"A1", "A2", "A3"};
  many.per_code_limit = 1;
  test.create(many);
  test.fill_with(shopper("ada"), "A1");
  CHECK(test.reason_of(shopper("ada"), "A2") == "alreadyApplied");
  test.pay(shopper("ada"), test.try_to_place(shopper("ada")).value());
  test.add_to(shopper("eve"), "TEA");
  const Error refused = refusal(test.apply(shopper("eve"), "A1"), Errc::coupon_invalid, "code");
  CHECK(refused.fact("reason") == "codeUsedUp");
  CHECK(refused.fact("perCodeLimit", 0) == 1);
  CHECK(discounts(test.apply(shopper("eve"), "A2").value()) == "MANY 100");
  const auto codes = test.shop->admin().promotions().list_codes(
      staff(), {.promotion_id = promotion_named(*test.shop, "MANY").id});
  REQUIRE(codes.value().items.size() == 3);
  CHECK(codes.value().items[0].code == "A1");
  CHECK(codes.value().items[0].used == 1);
  CHECK(codes.value().items[1].used == 0);
}

TEST_CASE("a promotion that ceases to apply takes nothing off until it applies again") {
  PromotionShop test;
  test.create(with_minimum(cents_off("BIG", 300), 1'500));
  Cart cart = test.add_to(shopper(), "TEA", 2);
  const LineItemId tea = cart.line_items[0].id;
  CHECK(discounts(test.apply(shopper(), "BIG").value()) == "BIG 300");
  cart = test.shop->cart().change_item(shopper(), {tea, 1}).value();
  CHECK(discounts(cart).empty());
  CHECK(cart.total_cents == 790);
  cart = test.shop->cart().change_item(shopper(), {tea, 3}).value();
  CHECK(discounts(cart) == "BIG 300");
}

// ---- while a shopper pays

TEST_CASE("a code's discount that was shown and is not given any more stops the placing") {
  PromotionShop test;
  CreatePromotion promotion = percent_off("TODAY", 2'000);
  promotion.ends_at = test.clock->now().plus(kMicrosPerDay);
  test.create(promotion);
  const Order ready = test.fill_with(shopper(), "TODAY");
  CHECK(ready.discount_total_cents == 316);
  test.clock->advance(kMicrosPerDay);
  const Error refused = test.refused(shopper(), Errc::coupon_invalid);
  CHECK(refused.fact("code") == "TODAY");
  CHECK(refused.fact("reason") == "ended");
  const Cart after = test.cart();
  CHECK(after.state == OrderState::delivery);
  CHECK(discounts(after) == "TODAY 316");
  CHECK(reason(after, "TODAY") == Reason::ended);

  test.shop->cart().remove_coupon(shopper(), {"TODAY"}).value();
  CHECK(test.try_to_place(shopper()).value().order.total_cents == 2 * 790 + 490);
}

TEST_CASE("a promotion that changes while a shopper pays is a changed price") {
  PromotionShop test;
  CreatePromotion sale = automatic(percent_off("SALE", 1'000));
  sale.ends_at = test.clock->now().plus(kMicrosPerDay);
  test.create(sale);
  const Order ready = test.fill(shopper());
  CHECK(ready.total_cents == 1'422 + 490);
  std::int64_t total = 0;
  SECTION("it ends") {
    test.clock->advance(kMicrosPerDay);
    total = 1'580 + 490;
  }
  SECTION("it takes less off") {
    change(*test.shop, "SALE",
           {.actions = std::vector<PromotionAction>{
                {.kind = Action::percent_off_order, .basis_points = 500}}});
    total = 1'501 + 490;
  }
  SECTION("it takes more off") {
    change(*test.shop, "SALE",
           {.actions = std::vector<PromotionAction>{
                {.kind = Action::percent_off_order, .basis_points = 2'000}}});
    total = 1'264 + 490;
  }
  SECTION("it is used up by another order") {
    change(*test.shop, "SALE", {.usage_limit = 1});
    test.fill(shopper("eve"));
    test.try_to_place(shopper("eve")).value();
    total = 1'580 + 490;
  }
  SECTION("another one begins") {
    test.create(free_shipping("POST"));
    total = 1'422;
  }
  const Error refused = test.refused(shopper(), Errc::price_changed);
  CHECK(refused.fact("newTotalCents", 0) == total);
  REQUIRE(refused.rows().size() >= 1);
  CHECK(test.cart().new_total_cents == total);
  CHECK(test.try_to_place(shopper(), total).value().order.total_cents == total);
}

TEST_CASE("what is shown when the order is placed stays, whatever becomes of the promotion") {
  PromotionShop test;
  const Order ready = test.fill_with(shopper(), "TEN");
  const Placement placed = test.try_to_place(shopper()).value();
  change(*test.shop, "TEN", {.name = "Other", .active = false});
  const Order order = test.order(placed.order.number);
  CHECK(discounts(order) == "TEN 158");
  CHECK(order.line_items.at(0).discounts.at(0).name == "TEN");
  CHECK(order.total_cents == ready.total_cents);
  test.pay(shopper(), placed);
  // What is refunded is money that was paid.
  const Order paid = test.order(placed.order.number);
  CHECK(paid.paid_cents == ready.total_cents);
  refusal(test.shop->admin().orders().refund(
              staff(), {.number = paid.number, .amount_cents = ready.total_cents + 1}),
          Errc::invalid_request);
  CHECK(test.shop->admin()
            .orders()
            .refund(staff(), {.number = paid.number, .amount_cents = ready.total_cents})
            .has_value());
  CHECK(test.order(paid.number).paid_cents == 0);
  CHECK(discounts(test.order(paid.number)) == "TEN 158");
}

TEST_CASE("a code for which a lower price leaves nothing is not invalid") {
  PromotionShop test;
  test.create(cents_off("FIVE", 500));
  test.create(cents_off("MORE", 500));
  test.fill(shopper(), 1);
  test.apply(shopper(), "FIVE").value();
  CHECK(discounts(test.apply(shopper(), "MORE").value()) == "FIVE 500, MORE 290");
  test.reprice("TEA", 450);
  const Error refused = refusal(test.try_to_place(shopper()), Errc::price_changed);
  CHECK(refused.fact("newTotalCents", -1) == 490);
  const Placement placed = test.try_to_place(shopper(), 490).value();
  CHECK(discounts(placed.order) == "FIVE 450");
  CHECK(test.uses("FIVE") == 1);
  CHECK(test.uses("MORE") == 0);  // it gave nothing
}
