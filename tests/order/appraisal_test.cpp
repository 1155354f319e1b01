// What an order that is not placed says of itself: changed prices, withdrawn products, codes and
// methods, too little stock. Placing refuses the same.
#include <map>
#include <random>

#include "resys/checkout.hpp"
#include "support/buying_shop.hpp"
#include "support/promotions.hpp"
#include "support/refusal.hpp"
#include "support/tier.hpp"

using namespace resys;
using namespace resys::test;

namespace {

const Currency kEuro = Currency::parse("EUR").value();

template <class Enum>
std::string names_of(const std::vector<Enum>& values) {
  std::string text;
  for (const Enum value : values) text += (text.empty() ? "" : ", ") + std::string(name_of(value));
  return text;
}

// "MUG price_changed 1300, insufficient_stock; TEA": a line's problems, and what it costs now.
std::string lines_of(const Cart& cart) {
  std::string text;
  for (const LineItem& line : cart.line_items) {
    text += (text.empty() ? "" : "; ") + line.sku;
    for (const CartProblem problem : line.problems) {
      text += " " + std::string(name_of(problem));
    }
    if (line.current_unit_price_cents) text += " " + std::to_string(*line.current_unit_price_cents);
  }
  return text;
}

// The name of a problem that a refusal is about.
std::string problem_in(const Error& refused) {
  if (refused.code() == Errc::invalid_state) return std::string(refused.fact("reason"));
  return std::string(error_info(refused.code()).name);
}

struct ReadingShop : BuyingShop {
  Cart cart() { return shop->cart().get(shopper()).value(); }
  // The open order with all that an order has: a command that changes nothing but its version.
  Order touched() { return shop->checkout().select_shipping_method(shopper(), {post}).value(); }
  Result<Placement> try_to_place(std::optional<std::int64_t> accepted = std::nullopt) {
    return shop->checkout().place_order(
        shopper(), {.payment_method_id = card, .accept_total_cents = accepted});
  }
  void set_active(const char* sku, bool active) {
    shop->admin().variants().update(staff(), {.sku = sku, .active = active}).value();
  }
  void set_post(const UpdateShippingMethod& changes) {
    UpdateShippingMethod request = changes;
    request.shipping_method_id = post;
    shop->admin().shipping_methods().update(staff(), request).value();
  }
  // Placing refuses what the cart says first, and changes nothing. The error, for its facts.
  Error refused_for(const char* problem) {
    const Cart before = cart();
    const auto placed = try_to_place();
    REQUIRE(placed.has_error());
    CHECK(problem_in(placed.error()) == problem);
    REQUIRE(!before.problems.empty());
    CHECK(name_of(before.problems.front()) == problem);
    CHECK(cart().version == before.version);
    return placed.error();
  }
  void check_refused(const char* problem) { (void)refused_for(problem); }
};

}  // namespace

TEST_CASE("a cart whose prices have changed says what each line and all of it cost now") {
  ReadingShop test;
  test.shop->cart().add_item(shopper(), {.sku = "MUG"}).value();
  Cart cart = test.cart();
  CHECK(lines_of(cart) == "MUG");
  CHECK(!cart.new_total_cents);
  CHECK(cart.problems.empty());

  const Order ready = test.fill(shopper());
  test.reprice("MUG", 1'300);
  cart = test.cart();
  CHECK(lines_of(cart) == "MUG price_changed 1300; TEA");
  CHECK(cart.line_items[0].unit_price_cents == 1'200);  // as it was shown
  CHECK(cart.total_cents == ready.total_cents);
  CHECK(cart.new_total_cents == ready.total_cents + 100);
  CHECK(names_of(cart.problems) == "price_changed");
  CHECK(cart.version == ready.version);
  const Error refused = test.refused_for("price_changed");
  CHECK(refused.fact("newTotalCents", 0) == cart.new_total_cents);

  SECTION("the buyer takes the new total") {
    const Order placed = test.try_to_place(cart.new_total_cents).value().order;
    CHECK(placed.total_cents == cart.new_total_cents);
    CHECK(lines_of(placed) == "MUG; TEA");
    CHECK(placed.problems.empty());
  }
  SECTION("touching the line takes the new price") {
    cart = test.shop->cart().change_item(shopper(), {cart.line_items[0].id, 1}).value();
    CHECK(lines_of(cart) == "MUG; TEA");
    CHECK(cart.total_cents == ready.total_cents + 100);
    CHECK(!cart.new_total_cents);
    CHECK(test.try_to_place().has_value());
  }
  SECTION("the price changes back") {
    test.reprice("MUG", 1'200);
    cart = test.cart();
    CHECK(cart.problems.empty());
    CHECK(!cart.new_total_cents);
    CHECK(test.try_to_place().has_value());
  }
  SECTION("the other changes, too, and the total is what it was") {
    test.reprice("TEA", 740);
    cart = test.cart();
    CHECK(lines_of(cart) == "MUG price_changed 1300; TEA price_changed 740");
    CHECK(cart.new_total_cents == cart.total_cents);
  }
}

TEST_CASE("every answer that is a cart or an open order says it") {
  ReadingShop test;
  test.shop->cart().add_item(shopper(), {.sku = "MUG"}).value();
  test.reprice("MUG", 1'300);
  const std::string changed = "MUG price_changed 1300; TEA";
  CHECK(lines_of(test.shop->cart().add_item(shopper(), {.sku = "TEA"}).value()) == changed);
  Checkout checkout = test.shop->checkout();
  const Order addressed =
      checkout.set_addresses(shopper(), {.shipping_address = BuyingShop::address()}).value();
  CHECK(lines_of(addressed) == changed);
  CHECK(addressed.new_total_cents == 1'300 + 790);
  CHECK(lines_of(test.touched()) == changed);
  CHECK(lines_of(test.shop->cart().apply_coupon(shopper(), {"TEN"}).value()) == changed);

  // An order that was reopened is such an order again.
  const Order placed = test.try_to_place(test.cart().new_total_cents).value().order;
  test.shop->checkout().reopen(shopper()).value();
  test.reprice("TEA", 700);
  CHECK(lines_of(test.shop->orders().get(shopper(), {placed.number}).value()) ==
        "MUG; TEA price_changed 700");
}

TEST_CASE("once it is placed an order is as it was agreed") {
  ReadingShop test;
  const Placement placed = test.place(shopper(), test.card);
  const auto check_quiet = [&] {
    test.reprice("TEA", 900);
    test.count("TEA", 2);
    test.set_active("TEA", false);
    const Order order = test.order(placed.order.number);
    CHECK(lines_of(order) == "TEA");
    CHECK(order.problems.empty());
    CHECK(!order.new_total_cents);
    CHECK(!order.shipment->current_price_cents);
  };
  check_quiet();
  CHECK(test.cart().problems.empty());
  test.pay(shopper(), placed);
  check_quiet();
}

TEST_CASE("a line says that its variant is not for sale any more") {
  ReadingShop test;
  test.shop->cart().add_item(shopper(), {.sku = "MUG"}).value();
  test.fill(shopper());
  test.reprice("MUG", 1'300);
  test.count("MUG", 0);
  test.withdraw("MUG");
  Cart cart = test.cart();
  // What it would cost or whether it is there matters no more.
  CHECK(lines_of(cart) == "MUG not_for_sale; TEA");
  CHECK(names_of(cart.problems) == "not_for_sale");
  CHECK(!cart.new_total_cents);
  const Error refused = test.refused_for("not_for_sale");
  REQUIRE(refused.rows().size() == 1);
  cart = test.shop->cart().remove_item(shopper(), {cart.line_items[0].id}).value();
  CHECK(cart.problems.empty());
  CHECK(test.try_to_place().has_value());
}

TEST_CASE("a line says when less is there than asked for") {
  ReadingShop test;
  test.fill(shopper(), 5);
  test.count("TEA", 4);
  Cart cart = test.cart();
  CHECK(lines_of(cart) == "TEA insufficient_stock");
  CHECK(cart.line_items[0].available_quantity == 4);
  CHECK_FALSE(cart.line_items[0].backorderable);
  CHECK(names_of(cart.problems) == "insufficient_stock");
  test.check_refused("insufficient_stock");

  // What others hold is not there, and what was held for this order is again once it is reopened.
  test.count("TEA", 5);
  CHECK(test.cart().problems.empty());
  test.try_to_place().value();
  test.shop->checkout().reopen(shopper()).value();
  CHECK(test.cart().problems.empty());
  test.shop->cart().add_item(shopper("eve"), {.sku = "TEA"}).value();
  test.place(shopper("eve"), test.transfer);
  CHECK(test.cart().line_items[0].available_quantity == 2);
  test.check_refused("insufficient_stock");

  test.shop->admin()
      .stock()
      .set(staff(), {.sku = "TEA", .adjust = 0, .backorderable = true})
      .value();
  cart = test.cart();
  CHECK(cart.line_items[0].backorderable);
  CHECK(cart.problems.empty());
  CHECK(test.try_to_place().has_value());
}

TEST_CASE("stock of all active locations counts together, and of no other") {
  ReadingShop test;
  Admin admin = test.shop->admin();
  const LocationId attic = admin.locations().create(staff(), {.name = "Attic"}).value().id;
  test.shop->cart().add_item(shopper(), {.sku = "TEA", .quantity = 130}).value();
  test.shop->cart().add_item(shopper(), {.sku = "MUG"}).value();
  CHECK(lines_of(test.cart()) == "TEA insufficient_stock; MUG");
  admin.stock().set(staff(), {.sku = "TEA", .location_id = attic, .on_hand = 50}).value();
  Cart cart = test.cart();
  CHECK(lines_of(cart) == "TEA; MUG");
  CHECK(cart.line_items[0].available_quantity == 150);
  CHECK(cart.line_items[1].available_quantity == 100);

  admin.locations().update(staff(), {.location_id = attic, .active = false}).value();
  cart = test.cart();
  CHECK(lines_of(cart) == "TEA insufficient_stock; MUG");
  CHECK(cart.line_items[0].available_quantity == 100);
  // A variant of which nobody ever counted any has none.
  test.shop->admin()
      .products()
      .create(staff(), {.slug = "new",
                        .name = "New",
                        .variants = {{.sku = "NEW", .price_cents = 1, .currency = kEuro}}})
      .value();
  cart = test.shop->cart().add_item(shopper(), {.sku = "NEW"}).value();
  CHECK(lines_of(cart) == "TEA insufficient_stock; MUG; NEW insufficient_stock");
  CHECK(cart.line_items[2].available_quantity == 0);
}

TEST_CASE("a code says why it takes nothing off, and stops the placing only where it did") {
  ReadingShop test;
  CreatePromotion today = percent_off("TODAY", 2'000);
  today.ends_at = test.clock->now().plus(kMicrosPerDay);
  add(*test.shop, today);
  test.fill(shopper());
  test.shop->cart().apply_coupon(shopper(), {"TODAY"}).value();
  CreatePromotion big = cents_off("BIG", 300);
  big.conditions = {minimum(1'500)};
  add(*test.shop, big);
  Cart cart = test.shop->cart().apply_coupon(shopper(), {"BIG"}).value();
  CHECK(discounts(cart) == "TODAY 316, BIG 300");
  CHECK(cart.rejected_codes.empty());

  cart = test.shop->cart().change_item(shopper(), {cart.line_items[0].id, 1}).value();
  CHECK(discounts(cart) == "TODAY 158");
  REQUIRE(cart.rejected_codes.size() == 1);
  CHECK(cart.rejected_codes[0].reason == PromotionReason::minimum_amount);
  CHECK(cart.rejected_codes[0].missing_cents == 1'500 - 790);
  CHECK(cart.problems.empty());

  test.clock->advance(kMicrosPerDay);
  cart = test.cart();
  CHECK(discounts(cart) == "TODAY 158");  // as it was shown
  CHECK(reason(cart, "TODAY") == PromotionReason::ended);
  CHECK(names_of(cart.problems) == "coupon_invalid");
  CHECK(test.refused_for("coupon_invalid").fact("code") == "TODAY");

  cart = test.shop->cart().remove_coupon(shopper(), {"TODAY"}).value();
  CHECK(cart.problems.empty());
  CHECK(test.try_to_place().value().order.total_cents == 790 + 490);
}

TEST_CASE("a discount that has begun is a changed price") {
  ReadingShop test;
  test.fill(shopper());
  test.shop->cart().apply_coupon(shopper(), {"TEN"}).value();
  change(*test.shop, "TEN", {.active = false});
  const Order plain = test.touched();
  CHECK(reason(plain, "TEN") == PromotionReason::inactive);
  CHECK(plain.problems.empty());
  change(*test.shop, "TEN", {.active = true});
  const Cart cart = test.cart();
  CHECK(names_of(cart.problems) == "price_changed");
  CHECK(cart.new_total_cents == plain.total_cents - 158);
  CHECK(cart.rejected_codes.empty());
  test.check_refused("price_changed");
  CHECK(test.try_to_place(cart.new_total_cents).value().order.discount_total_cents == 158);
}

TEST_CASE("a customer's used up code is told to that customer") {
  ReadingShop test;
  change(*test.shop, "TEN", {.per_customer_limit = 1});
  const auto fill = [&](const Caller& caller) {
    test.fill(caller);
    return test.shop->cart().apply_coupon(caller, {"TEN"}).value();
  };
  // Two carts of one guest, who gives the same address.
  test.let_guests_check_out();
  fill(guest("s1"));
  fill(guest("s2"));
  test.pay(guest("s1"), test.shop->checkout().place_order(guest("s1"), {test.card}).value());
  const Cart cart = test.shop->cart().get(guest("s2")).value();
  CHECK(reason(cart, "TEN") == PromotionReason::used_up_by_customer);
  CHECK(names_of(cart.problems) == "coupon_invalid");
  const Error refused =
      refusal(test.shop->checkout().place_order(guest("s2"), {test.card}), Errc::coupon_invalid);
  CHECK(refused.fact("reason") == "usedUpByCustomer");
  CHECK(refused.fact("perCustomerLimit", 0) == 1);
  // Whoever changes the cart sees the total without it, and may place that.
  const Order plain =
      test.shop->checkout().select_shipping_method(guest("s2"), {test.post}).value();
  CHECK(plain.discount_total_cents == 0);
  CHECK(plain.problems.empty());
  CHECK(reason(plain, "TEN") == PromotionReason::used_up_by_customer);
  CHECK(test.shop->checkout().place_order(guest("s2"), {test.card}).has_value());
  // Others may use it.
  test.shop->cart().add_item(shopper("eve"), {.sku = "TEA"}).value();
  CHECK(discounts(test.shop->cart().apply_coupon(shopper("eve"), {"TEN"}).value()) == "TEN 79");
}

TEST_CASE("an order says that its shipping method is gone or costs something else") {
  ReadingShop test;
  test.fill(shopper());
  test.set_post({.price_cents = 590});
  Cart cart = test.cart();
  CHECK(names_of(cart.problems) == "price_changed");
  CHECK(lines_of(cart) == "TEA");
  CHECK(cart.shipment_total_cents == 490);
  CHECK(cart.new_total_cents == 2 * 790 + 590);
  test.check_refused("price_changed");
  // An answer of the whole order names the price.
  const Order order = test.shop->checkout()
                          .place_order(shopper(), {test.card, {}, cart.new_total_cents})
                          .value()
                          .order;
  test.shop->checkout().reopen(shopper()).value();
  test.set_post({.price_cents = 690});
  const Order open = test.order(order.number);
  CHECK(open.shipment->price_cents == 590);
  CHECK(open.shipment->current_price_cents == 690);
  test.set_post({.price_cents = 590});
  CHECK_FALSE(test.order(order.number).shipment->current_price_cents);

  for (const UpdateShippingMethod& gone :
       {UpdateShippingMethod{.active = false},
        UpdateShippingMethod{.countries = std::vector<std::string>{"FR"}}}) {
    test.set_post(gone);
    cart = test.cart();
    CHECK(names_of(cart.problems) == "shipping_method_unavailable");
    CHECK_FALSE(cart.new_total_cents);
    const Error refused = test.refused_for("shipping_method_unavailable");
    CHECK(refused.fact("shippingMethodId") == test.post.text());
    test.set_post({.countries = std::vector<std::string>{}, .active = true});
  }
  CHECK(test.cart().problems.empty());
  CHECK(test.try_to_place().has_value());
}

TEST_CASE("an order says that it was placed too often") {
  ReadingShop test;
  test.shop->admin().settings().update_checkout(staff(), {.max_placements = 1}).value();
  test.fill(shopper());
  CHECK(test.cart().problems.empty());
  test.try_to_place().value();
  CHECK(test.cart().problems.empty());
  const Order open = test.shop->checkout().reopen(shopper()).value();
  CHECK(names_of(open.problems) == "placed_too_often");
  CHECK(test.refused_for("placed_too_often").fact("limit", 0) == 1);
}

TEST_CASE("a cart can be read whatever its prices have become") {
  ReadingShop test;
  test.fill(shopper());
  test.reprice("TEA", kMaxMinor);
  const Cart cart = test.cart();
  CHECK(lines_of(cart) == "TEA price_changed " + std::to_string(kMaxMinor));
  CHECK(names_of(cart.problems) == "too_large");
  CHECK_FALSE(cart.new_total_cents);
  CHECK(cart.total_cents == 2 * 790 + 490);
  test.check_refused("too_large");
}

TEST_CASE("whatever staff change, a cart says what placing says") {
  ReadingShop test;
  std::mt19937 random(7);
  const auto pick = [&](std::int64_t below) {
    return std::uniform_int_distribution<std::int64_t>(0, below - 1)(random);
  };
  test.shop->admin().settings().update_checkout(staff(), {.max_placements = 100}).value();
  test.shop->cart().add_item(shopper(), {.sku = "MUG"}).value();
  test.fill(shopper());
  test.shop->cart().apply_coupon(shopper(), {"TEN"}).value();
  add(*test.shop, automatic(cents_off("AUTO", 100)));
  CreatePromotion gift =
      automatic(promotion_of("GIFT", {.kind = PromotionActionKind::gift_line, .sku = "MUG"}));
  gift.conditions = {{.kind = PromotionConditionKind::minimum_quantity, .quantity = 3}};
  add(*test.shop, gift);
  const auto change_something = [&] {
    const char* sku = pick(2) == 0 ? "TEA" : "MUG";
    switch (pick(6)) {
      case 0:
        return test.reprice(sku, 790 + pick(3));
      case 1:
        return test.set_active(sku, pick(3) > 0);
      case 2:
        return test.count(sku, pick(4));
      case 3:
        return test.set_post({.price_cents = 490 + pick(2)});
      case 4:
        return test.set_post({.active = pick(3) > 0});
      default:
        change(*test.shop,
               pick(2) == 0   ? "TEN"
               : pick(2) == 0 ? "AUTO"
                              : "GIFT",
               {.active = pick(3) > 0});
    }
  };
  std::map<std::string, int> seen;
  for (std::int64_t round = by_tier(300, 1'000, 20'000); round > 0; --round) {
    change_something();
    if (pick(4) == 0) (void)test.shop->cart().add_item(shopper(), {.sku = "TEA"});
    if (pick(4) == 0) {
      LineItemId tea;
      for (const LineItem& line : test.cart().line_items) {
        if (line.gift_promotion_id.empty()) tea = line.id;
      }
      (void)test.shop->cart().change_item(shopper(), {tea, 1});
    }
    const Cart cart = test.cart();
    const auto placed = test.try_to_place(pick(2) == 0 ? cart.new_total_cents : std::nullopt);
    if (placed.has_value()) {
      const bool is_agreed = names_of(cart.problems) == "price_changed";
      CHECK((cart.problems.empty() || is_agreed));
      CHECK(placed.value().order.total_cents == cart.new_total_cents.value_or(cart.total_cents));
      ++seen[is_agreed ? "accepted" : "placed"];
      if (pick(2) == 0) {
        test.shop->orders().cancel(shopper(), {placed.value().order.number}).value();
        test.set_active("TEA", true);
        test.set_active("MUG", true);
        test.set_post({.active = true});
        test.shop->cart().add_item(shopper(), {.sku = "MUG"}).value();
        test.fill(shopper());
        (void)test.shop->cart().apply_coupon(shopper(), {"TEN"});
      } else {
        test.shop->checkout().reopen(shopper()).value();
      }
      continue;
    }
    std::vector<CartProblem> problems = cart.problems;
    INFO(placed.error().message() << ", said: " << names_of(problems));
    // A new total that was taken is no problem any more.
    std::string said = names_of(problems).substr(0, names_of(problems).find(','));
    if (said == "price_changed" && problem_in(placed.error()) != "price_changed") {
      REQUIRE(problems.size() > 1);
      said = name_of(problems[1]);
    }
    CHECK(problem_in(placed.error()) == said);
    ++seen[said];
  }
  for (const char* each : {"placed", "accepted", "price_changed", "not_for_sale",
                           "insufficient_stock", "shipping_method_unavailable", "coupon_invalid"}) {
    INFO(each);
    CHECK(seen[each] > 0);
  }
}
