// Promotions on carts and orders: what they take off, when codes apply, gifts, and limits, which
// are stock of a kind.
#include "resys/promotion.hpp"

#include <atomic>
#include <thread>

#include "support/buying_shop.hpp"
#include "support/promotions.hpp"
#include "support/refusal.hpp"

using namespace resys;
using namespace resys::test;
using Action = PromotionActionKind;
using Condition = PromotionConditionKind;
using Reason = PromotionReason;

namespace {

struct PromotionShop : BuyingShop {
  Promotion create(const CreatePromotion& promotion) { return add(*shop, promotion); }
  std::int64_t uses(const std::string& name) { return promotion_named(*shop, name).used; }
  Cart add_to(const Caller& caller, const char* sku, std::int64_t quantity = 1) {
    return shop->cart().add_item(caller, {.sku = sku, .quantity = quantity}).value();
  }
  Cart cart(const Caller& caller = shopper()) { return shop->cart().get(caller).value(); }
  Result<Cart> apply(const Caller& caller, const char* code) {
    return shop->cart().apply_coupon(caller, {code});
  }
  std::string reason_of(const Caller& caller, const char* code) {
    const Error error = refusal(apply(caller, code), Errc::coupon_invalid, "code");
    return std::string(error.fact("reason"));
  }
  Result<Placement> try_to_place(const Caller& caller,
                                 std::optional<std::int64_t> accepted = std::nullopt) {
    return shop->checkout().place_order(
        caller, {.payment_method_id = card, .accept_total_cents = accepted});
  }
  Order select_post(const Caller& caller) {
    return shop->checkout().select_shipping_method(caller, {post}).value();
  }
  Order send_to(const Caller& caller, const char* email) {
    shop->checkout().set_addresses(caller, {.shipping_address = address(), .email = email}).value();
    return select_post(caller);
  }
  // Two TEA, ready to be placed, with the code.
  Order fill_with(const Caller& caller, const char* code) {
    fill(caller);
    apply(caller, code).value();
    return select_post(caller);
  }
  // Placing is refused, and nothing has changed.
  Error refused(const Caller& caller, Errc code) {
    const Cart before = cart(caller);
    const Error error = refusal(try_to_place(caller), code);
    CHECK(cart(caller).version == before.version);
    return error;
  }
};

CreatePromotion with_minimum(CreatePromotion promotion, std::int64_t cents) {
  promotion.currency = Currency::parse("EUR").value();
  promotion.conditions.push_back(minimum(cents));
  return promotion;
}

CreatePromotion free_shipping(const char* name) {
  return automatic(promotion_of(name, {.kind = Action::free_shipping}));
}

CreatePromotion gift_of(const char* sku, std::int64_t quantity = 1) {
  return automatic(
      promotion_of("GIFT", {.kind = Action::gift_line, .sku = sku, .quantity = quantity}));
}

// "TEA 2 -158; MUG 1 -1200 gift"
std::string lines_of(const Cart& cart) {
  std::string text;
  for (const LineItem& line : cart.line_items) {
    text += (text.empty() ? "" : "; ") + line.sku + " " + std::to_string(line.quantity) + " -" +
            std::to_string(line.discount_cents) + (line.gift_promotion_id.empty() ? "" : " gift");
    std::int64_t sum = 0;
    for (const DiscountLine& each : line.discounts) sum += each.discount_cents;
    CHECK(sum == line.discount_cents);
  }
  return text;
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

// ---- gifts

TEST_CASE("a gift is a line that costs nothing, beside what is bought") {
  PromotionShop test;
  test.create(with_minimum(gift_of("MUG", 2), 1'500));
  Cart cart = test.add_to(shopper(), "TEA");
  CHECK(lines_of(cart) == "TEA 1 -0");
  CHECK(cart.promotion_hints.at(0).missing_cents == 710);
  cart = test.add_to(shopper(), "TEA");
  CHECK(lines_of(cart) == "TEA 2 -0; MUG 2 -2400 gift");
  CHECK(cart.item_count == 4);
  CHECK(cart.item_total_cents == 1'580 + 2'400);
  CHECK(cart.discount_total_cents == 2'400);
  CHECK(cart.total_cents == 1'580);
  CHECK(discounts(cart) == "GIFT 2400");
  const LineItem gift = cart.line_items[1];
  CHECK(gift.gift_promotion_id == cart.promotions[0].id);
  CHECK(gift.unit_price_cents == 1'200);
  // It takes no part in conditions, and keeps its line when the same is bought.
  cart = test.add_to(shopper(), "MUG");
  CHECK(lines_of(cart) == "TEA 2 -0; MUG 2 -2400 gift; MUG 1 -0");
  CHECK(cart.line_items[1].id == gift.id);
  // It cannot be changed by hand.
  for (const auto& refused : {test.shop->cart().change_item(shopper(), {gift.id, 5}),
                              test.shop->cart().remove_item(shopper(), {gift.id})}) {
    const Error error = refusal(refused, Errc::invalid_state, "lineItemId");
    CHECK(error.fact("promotionId") == gift.gift_promotion_id.text());
  }
  const Order order = test.send_to(shopper(), "ada@example.com");
  CHECK(order.total_cents == 2'780 + 490);
  const Placement placed = test.try_to_place(shopper()).value();
  CHECK(test.stock("MUG").reserved == 3);
  CHECK(test.uses("GIFT") == 1);
  test.pay(shopper(), placed);
  CHECK(lines_of(test.order(order.number.empty() ? placed.order.number : order.number)) ==
        "TEA 2 -0; MUG 2 -2400 gift; MUG 1 -0");
  test.shop->admin().orders().cancel(staff(), {placed.order.number}).value();
  CHECK(test.uses("GIFT") == 0);
  CHECK(test.stock("MUG").available == 100);
}

TEST_CASE("a gift goes when its promotion no longer applies") {
  PromotionShop test;
  test.create(with_minimum(gift_of("MUG"), 1'500));
  const Order ready = test.fill(shopper());
  CHECK(lines_of(ready) == "TEA 2 -0; MUG 1 -1200 gift");
  SECTION("by the cart") {
    const Cart cart = test.shop->cart().change_item(shopper(), {ready.line_items[0].id, 1}).value();
    CHECK(lines_of(cart) == "TEA 1 -0");
    CHECK(cart.item_count == 1);
  }
  SECTION("by staff: the shopper is told, though the total is the same") {
    change(*test.shop, "GIFT", {.active = false});
    CHECK(test.cart().problems == std::vector{CartProblem::price_changed});
    CHECK(test.cart().new_total_cents == ready.total_cents);
    (void)test.refused(shopper(), Errc::price_changed);
    const Order placed = test.try_to_place(shopper(), ready.total_cents).value().order;
    CHECK(lines_of(placed) == "TEA 2 -0");
    CHECK(test.stock("MUG").reserved == 0);
  }
}

TEST_CASE("a gift that is not there is left out, and stops nothing") {
  PromotionShop test;
  test.create(gift_of("MUG"));
  const Order ready = test.fill(shopper());
  CHECK(lines_of(ready) == "TEA 2 -0; MUG 1 -1200 gift");
  SECTION("sold out") { test.count("MUG", 0); }
  SECTION("not for sale") { test.withdraw("MUG"); }
  SECTION("in another cart") {
    test.count("MUG", 1);
    test.add_to(shopper("eve"), "MUG");
    test.send_to(shopper("eve"), "eve@example.com");
    test.try_to_place(shopper("eve")).value();
  }
  const Cart cart = test.cart();
  CHECK(cart.problems.empty());
  REQUIRE(cart.promotion_hints.size() == 1);
  CHECK(cart.promotion_hints[0].unavailable_sku == "MUG");
  const Order placed = test.try_to_place(shopper()).value().order;
  CHECK(lines_of(placed) == "TEA 2 -0");
  CHECK(placed.total_cents == ready.total_cents);
  CHECK(test.uses("GIFT") == 0);
}

TEST_CASE("what is bought comes before what is given, of the last units") {
  PromotionShop test;
  test.create(gift_of("TEA"));
  test.count("TEA", 3);
  Cart cart = test.add_to(shopper(), "TEA", 2);
  CHECK(lines_of(cart) == "TEA 2 -0; TEA 1 -790 gift");
  cart = test.add_to(shopper(), "TEA");
  CHECK(lines_of(cart) == "TEA 3 -0");
  CHECK(cart.problems.empty());
  CHECK(cart.promotion_hints.at(0).unavailable_sku == "TEA");
  test.shop->admin()
      .stock()
      .set(staff(), {.sku = "TEA", .adjust = 0, .backorderable = true})
      .value();
  cart = test.shop->cart().change_item(shopper(), {cart.line_items[0].id, 3}).value();
  CHECK(lines_of(cart) == "TEA 3 -0; TEA 1 -790 gift");
  test.send_to(shopper(), "ada@example.com");
  CHECK(test.try_to_place(shopper()).has_value());
  CHECK(test.stock("TEA").reserved == 3);
}

TEST_CASE("a guest's gifts are given anew when the cart becomes the user's") {
  PromotionShop test;
  test.create(with_minimum(gift_of("MUG"), 1'500));
  CHECK(lines_of(test.add_to(guest(), "TEA", 2)) == "TEA 2 -0; MUG 1 -1200 gift");
  test.add_to(shopper(), "MUG");
  const Caller both{.user_id = shopper().user_id, .session_id = guest().session_id};
  const MergedCart merged = test.shop->cart().merge(both).value();
  CHECK(merged.lines.size() == 1);
  CHECK(lines_of(merged.cart) == "MUG 1 -0; TEA 2 -0; MUG 1 -1200 gift");
}

// ---- limits

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
  CHECK_FALSE(change(*test.shop, "ONCE", {.usage_limit = none<std::int64_t>()}).usage_limit);
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

TEST_CASE("two carts of one guest race for the last use, and one gets it", "[concurrent]") {
  PromotionShop test;
  test.let_guests_check_out();
  CreatePromotion promotion = percent_off("EACH", 1'000);
  promotion.per_customer_limit = 1;
  test.create(promotion);
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
  CHECK(test.uses("EACH") == 1);
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
