// Gifts: lines that promotions add for nothing.
#include "support/promotion_shop.hpp"

using namespace resys;
using namespace resys::test;

namespace {

CreatePromotion gift_of(const char* sku, std::int64_t quantity = 1) {
  return automatic(promotion_of(
      "GIFT", {.kind = PromotionActionKind::gift_line, .sku = sku, .quantity = quantity}));
}

}  // namespace

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

TEST_CASE("a gift has its variant's price in the cart's currency") {
  PromotionShop test;
  const Currency dollar = Currency::parse("USD").value();
  const auto sell_for = [&](const char* sku, std::int64_t cents) {
    const std::vector<NewVariantPrice> prices{{.currency = dollar, .price_cents = cents}};
    test.shop->admin().variants().update(staff(), {.sku = sku, .prices = prices}).value();
  };
  test.create(gift_of("MUG"));
  sell_for("TEA", 899);
  Cart cart = test.shop->cart().add_item(shopper(), {.sku = "TEA", .currency = dollar}).value();
  CHECK(lines_of(cart) == "TEA 1 -0");
  CHECK(cart.promotion_hints.at(0).unavailable_sku == "MUG");
  sell_for("MUG", 1'299);
  CHECK(lines_of(test.add_to(shopper(), "TEA")) == "TEA 2 -0; MUG 1 -1299 gift");
  CHECK(test.cart().problems.empty());
}

TEST_CASE("price lists and shipping go by what is bought, not by gifts") {
  PromotionShop test;
  AdminPriceLists lists = test.shop->admin().price_lists();
  const Currency euro = Currency::parse("EUR").value();
  const PriceListId list = lists.create(staff(), {.name = "Sale", .currency = euro}).value().id;
  lists
      .set_prices(staff(), {.price_list_id = list,
                            .prices = {{.sku = "TEA", .price_cents = 700},
                                       {.sku = "MUG", .price_cents = 1'000}}})
      .value();
  test.shop->admin().variants().update(staff(), {.sku = "MUG", .weight_grams = 600}).value();
  test.shop->admin()
      .shipping_methods()
      .update(
          staff(),
          {.shipping_method_id = test.post,
           .kind = ShippingKind::by_weight,
           .tiers = std::vector<NewShippingTier>{{.min_weight_grams = 600, .price_cents = 690},
                                                 {.min_weight_grams = 1'200, .price_cents = 990}}})
      .value();
  test.create(gift_of("MUG"));
  CHECK(lines_of(test.add_to(shopper(), "TEA")) == "TEA 1 -0; MUG 1 -1200 gift");
  CHECK(test.cart().total_cents == 700);
  CHECK(test.send_to(shopper(), "ada@example.com").total_cents == 700 + 490);
  const Cart cart = test.add_to(shopper(), "MUG");
  CHECK(lines_of(cart) == "TEA 1 -0; MUG 1 -1200 gift; MUG 1 -0");
  CHECK(cart.item_total_cents == 700 + 1'200 + 1'000);
  CHECK(test.cart().problems.empty());
  CHECK(test.send_to(shopper(), "ada@example.com").total_cents == 1'700 + 690);
  CHECK(test.try_to_place(shopper()).has_value());
}
