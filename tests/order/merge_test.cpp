// The guest's cart that becomes the user's: never the other way, never another user's.
#include <algorithm>
#include <thread>

#include "resys/cart.hpp"
#include "support/buying_shop.hpp"
#include "support/promotions.hpp"
#include "support/refusal.hpp"

using namespace resys;
using namespace resys::test;

namespace {

const Caller kAda{.user_id = "ada", .session_id = "s1"};

// "TEA 5 added, MUG 1 moved"
std::string report(const MergedCart& merged) {
  std::string text;
  for (const MergedLine& line : merged.lines) {
    text += (text.empty() ? "" : ", ") + line.sku + " " + std::to_string(line.quantity) + " " +
            std::string(name_of(line.result));
  }
  return text;
}

std::string lines_of(const Cart& cart) {
  std::string text;
  for (const LineItem& line : cart.line_items) {
    text += (text.empty() ? "" : ", ") + line.sku + " " + std::to_string(line.quantity) + " at " +
            std::to_string(line.unit_price_cents);
  }
  return text;
}

}  // namespace

TEST_CASE("a merge reports what became of each line") {
  BuyingShop test;
  Carts carts = test.shop->cart();
  test.sell("POT", 3'000);
  test.sell("BOWL", 900);
  carts.add_item(guest(), {.sku = "TEA", .quantity = 2}).value();
  carts.add_item(guest(), {.sku = "POT", .quantity = 6'000}).value();
  carts.add_item(guest(), {.sku = "MUG", .quantity = 4}).value();
  carts.add_item(guest(), {.sku = "BOWL", .quantity = 1}).value();
  carts.add_item(kAda, {.sku = "POT", .quantity = 6'000}).value();
  carts.add_item(kAda, {.sku = "TEA", .quantity = 3}).value();
  test.withdraw("BOWL");
  test.reprice("TEA", 800);
  test.reprice("MUG", 1'300);
  test.reprice("POT", 2'900);

  const MergedCart merged = carts.merge(kAda).value();
  CHECK(report(merged) == "TEA 5 added, POT 10000 capped, MUG 4 moved, BOWL 0 unavailable");
  // Prices of this moment, on every line that the merge has touched.
  CHECK(lines_of(merged.cart) == "POT 10000 at 2900, TEA 5 at 800, MUG 4 at 1300");
  CHECK(merged.cart.total_cents == 10'000 * 2'900 + 5 * 800 + 4 * 1'300);
  CHECK(merged.cart.item_count == 10'009);
  CHECK(carts.get(guest()).value().id.empty());
  CHECK(lines_of(carts.get(kAda).value()) == lines_of(merged.cart));
}

TEST_CASE("a line with which the cart's total would be too large stays the guest's") {
  BuyingShop test;
  Carts carts = test.shop->cart();
  test.sell("GEM", kMaxMinor - 790);
  carts.add_item(guest(), {.sku = "GEM", .quantity = 1}).value();
  carts.add_item(guest(), {.sku = "TEA", .quantity = 1}).value();
  carts.add_item(kAda, {.sku = "MUG", .quantity = 1}).value();

  const MergedCart merged = carts.merge(kAda).value();
  CHECK(report(merged) == "GEM 0 left, TEA 1 moved");
  CHECK(lines_of(carts.get(guest()).value()) == "GEM 1 at " + std::to_string(kMaxMinor - 790));
}

TEST_CASE("a cart in another currency stays the guest's") {
  BuyingShop test;
  Carts carts = test.shop->cart();
  test.sell("MATCHA", 1'500, "JPY");
  carts.add_item(guest(), {.sku = "MATCHA", .quantity = 2}).value();
  const Cart of_guest = carts.apply_coupon(guest(), {"TEN"}).value();
  const Cart euros = carts.add_item(kAda, {.sku = "TEA"}).value();
  const Caller once = with_key("once", kAda);
  const MergedCart merged = carts.merge(once).value();
  CHECK(report(merged) == "MATCHA 0 left");
  CHECK(lines_of(merged.cart) == "TEA 1 at 790");
  CHECK(merged.cart.currency.code() == "EUR");
  // Nothing has changed, and nothing does if it is tried again.
  CHECK(report(carts.merge(kAda).value()) == "MATCHA 0 left");
  CHECK(carts.get(kAda).value().version == euros.version);
  const Cart kept = carts.get(guest()).value();
  CHECK(kept.id == of_guest.id);
  CHECK(kept.version == of_guest.version);
  CHECK(kept.total_cents == 2'700);

  // Once the user's cart is empty it takes the other currency.
  carts.remove_item(kAda, {euros.line_items[0].id}).value();
  CHECK(report(carts.merge(kAda).value()) == "MATCHA 2 moved");
  CHECK(carts.get(kAda).value().total_cents == 2'700);
  CHECK(carts.get(guest()).value().id.empty());
  // The first key answers about the lines of its cart.
  CHECK(carts.merge(once).value().lines.size() == 1);
}

TEST_CASE("what a merge leaves goes on as the guest's cart, at the prices that were shown") {
  BuyingShop test;
  Carts carts = test.shop->cart();
  test.let_guests_check_out();
  test.sell("MATCHA", 1'500, "JPY");
  test.sell("BOWL", 900, "JPY");
  test.sell("DISH", 700, "JPY");
  for (const char* sku : {"DISH", "MATCHA", "BOWL"}) {
    carts.add_item(guest(), {.sku = sku, .quantity = 2}).value();
  }
  carts.apply_coupon(guest(), {"TEN"}).value();
  const Cart of_guest = carts.get(guest()).value();
  test.withdraw("BOWL");
  carts.add_item(kAda, {.sku = "TEA"}).value();
  test.reprice("MATCHA", 1'600);
  const Caller once = with_key("once", kAda);
  // Only what is not for sale is given up; the code is the user's now.
  const std::string said = "DISH 0 left, MATCHA 0 left, BOWL 0 unavailable";
  const MergedCart merged = carts.merge(once).value();
  CHECK(report(merged) == said);
  CHECK(discounts(merged.cart) == "TEN 79");
  const Cart left = carts.get(guest()).value();
  CHECK(left.id != of_guest.id);
  CHECK(left.state == OrderState::cart);
  CHECK(lines_of(left) == "DISH 2 at 700, MATCHA 2 at 1500");
  CHECK(left.line_items[1].current_unit_price_cents == 1'600);
  CHECK(left.total_cents == 4'400);
  CHECK(left.promotions.empty());
  CHECK(left.rejected_codes.empty());
  CHECK(report(carts.merge(kAda).value()) == "DISH 0 left, MATCHA 0 left");
  CHECK(carts.get(guest()).value().version == left.version);
  CHECK(report(carts.merge(once).value()) == said);
  // It is a cart like any other.
  CHECK(carts.add_item(guest(), {.sku = "MATCHA"}).value().total_cents == 1'400 + 3 * 1'600);
}

TEST_CASE("the guest's e-mail address is kept, unless the user's order has one") {
  BuyingShop test;
  Carts carts = test.shop->cart();
  Checkout checkout = test.shop->checkout();
  test.let_guests_check_out();
  const auto fill = [&](const Caller& caller, const char* email) {
    carts.add_item(caller, {.sku = "TEA"}).value();
    checkout.set_addresses(caller, {.shipping_address = BuyingShop::address(), .email = email})
        .value();
  };
  const auto email_of = [&](const Caller& caller) {
    const SetAddresses addresses{.shipping_address = BuyingShop::address()};
    return checkout.set_addresses(caller, addresses).value().email;
  };
  fill(guest(), "guest@example.com");
  carts.merge(kAda).value();
  CHECK(email_of(shopper()) == "guest@example.com");
  fill(guest(), "other@example.com");
  carts.merge(kAda).value();
  CHECK(email_of(shopper()) == "guest@example.com");

  const Caller eve{.user_id = "eve", .session_id = "s2"};
  fill(guest("s2"), "guest@example.com");
  fill(eve, "eve@example.com");
  carts.merge(eve).value();
  CHECK(email_of(shopper("eve")) == "eve@example.com");
}

TEST_CASE("a user without a cart gets the guest's, in its currency") {
  BuyingShop test;
  Carts carts = test.shop->cart();
  test.sell("MATCHA", 1'500, "JPY");
  const Cart of_guest = carts.add_item(guest(), {.sku = "MATCHA", .quantity = 2}).value();
  const MergedCart merged = carts.merge(kAda).value();
  CHECK(report(merged) == "MATCHA 2 moved");
  CHECK(merged.cart.id != of_guest.id);
  CHECK(merged.cart.currency.code() == "JPY");
  CHECK(carts.get(shopper()).value().total_cents == 3'000);
}

TEST_CASE("merging again changes nothing") {
  BuyingShop test;
  Carts carts = test.shop->cart();
  const MergedCart nothing = carts.merge(kAda).value();
  CHECK(nothing.cart.id.empty());
  CHECK(nothing.lines.empty());

  carts.add_item(guest(), {.sku = "TEA", .quantity = 2}).value();
  carts.add_item(kAda, {.sku = "TEA", .quantity = 3}).value();
  const Caller once = with_key("once", kAda);
  const MergedCart merged = carts.merge(once).value();
  const MergedCart again = carts.merge(kAda).value();
  CHECK(again.lines.empty());
  CHECK(again.cart.id == merged.cart.id);
  CHECK(again.cart.version == merged.cart.version);
  CHECK(lines_of(again.cart) == "TEA 5 at 790");
  // Under its key it answers what it did.
  const MergedCart replayed = carts.merge(once).value();
  CHECK(report(replayed) == "TEA 5 added");
  CHECK(replayed.cart.version == merged.cart.version);
  // Another session's cart is another request.
  Caller elsewhere = once;
  elsewhere.session_id = "s2";
  check_refused(carts.merge(elsewhere), Errc::idempotency_mismatch, "idempotencyKey");
  // The session goes on with a cart of its own.
  carts.add_item(guest(), {.sku = "MUG"}).value();
  CHECK(report(carts.merge(kAda).value()) == "MUG 1 moved");
}

TEST_CASE("discount codes and the state of the user's order survive a merge") {
  BuyingShop test;
  Carts carts = test.shop->cart();
  CreatePromotion one = cents_off("ONE", 100);
  one.priority = 1;
  add(*test.shop, one);
  test.let_guests_check_out();
  carts.add_item(guest(), {.sku = "MUG"}).value();
  carts.apply_coupon(guest(), {"TEN"}).value();
  carts.apply_coupon(guest(), {"ONE"}).value();
  test.fill(guest());  // it is in Delivery, with addresses and shipping of its own
  test.fill(kAda);
  carts.apply_coupon(kAda, {"ONE"}).value();
  const MergedCart merged = carts.merge(kAda).value();
  CHECK(report(merged) == "MUG 1 moved, TEA 4 added");
  CHECK(merged.cart.state == OrderState::delivery);
  CHECK(discounts(merged.cart) == "TEN 436, ONE 100");
  CHECK(merged.cart.item_total_cents == 4 * 790 + 1'200);
  CHECK(merged.cart.discount_total_cents == 100 + 436);
  CHECK(merged.cart.shipment_total_cents == 490);
  CHECK(merged.cart.total_cents == 4 * 790 + 1'200 - 536 + 490);
  const Placement placed = test.shop->checkout().place_order(kAda, {test.card}).value();
  const auto events =
      test.shop->admin().orders().get_timeline(staff(), {placed.order.number}).value().items;
  REQUIRE(events.size() == 2);
  CHECK(events[0].type == EventType::cart_merged);
}

TEST_CASE("a guest's order that is being paid is left alone") {
  BuyingShop test;
  Carts carts = test.shop->cart();
  test.let_guests_check_out();
  const Placement placed = test.place(guest(), test.card);
  CHECK(carts.merge(kAda).value().lines.empty());
  CHECK(carts.get(shopper()).value().id.empty());

  const Cart cart = carts.add_item(kAda, {.sku = "MUG"}).value();
  const MergedCart merged = carts.merge(kAda).value();
  CHECK(merged.lines.empty());
  CHECK(merged.cart.version == cart.version);
  const Order order = test.shop->orders().get(guest(), {placed.order.number}).value();
  CHECK(order.state == OrderState::payment);
  CHECK(order.item_count == 2);
  test.pay(guest(), placed);
  CHECK(test.order(placed.order.number).state == OrderState::complete);
}

TEST_CASE("while the user's own order is being paid a merge is refused") {
  BuyingShop test;
  Carts carts = test.shop->cart();
  const Cart of_guest = carts.add_item(guest(), {.sku = "MUG"}).value();
  const Placement placed = test.place(kAda, test.card);
  const Error refused = refusal(carts.merge(kAda), Errc::invalid_state);
  CHECK(refused.fact("state") == "Payment");
  CHECK(refused.fact("event") == "changeItems");
  CHECK(refused.fact("allowedAfter") == "reopen");
  CHECK(carts.get(guest()).value().version == of_guest.version);
  CHECK(test.order(placed.order.number).item_count == 2);
  // Who has no guest's cart has nothing to be refused.
  CHECK(carts.merge({.user_id = "ada", .session_id = "s2"}, {}).value().lines.empty());

  test.shop->checkout().reopen(kAda).value();
  CHECK(report(carts.merge(kAda).value()) == "MUG 1 moved");
}

TEST_CASE("nobody takes a cart that is not their session's") {
  BuyingShop test;
  Carts carts = test.shop->cart();
  carts.add_item(guest("s1"), {.sku = "TEA"}).value();
  const Cart of_ada = carts.add_item(shopper("ada"), {.sku = "MUG"}).value();

  refusal(carts.merge(shopper("eve")), Errc::unauthenticated);
  refusal(carts.merge(guest("s1")), Errc::unauthenticated);
  // A session named as another user or her session elsewhere is another identity.
  const Caller thieves[] = {{.user_id = "eve", .session_id = "ada"},
                            {.user_id = "eve", .session_id = "s2"},
                            {.store = "other", .user_id = "eve", .session_id = "s1"}};
  for (const Caller& thief : thieves) {
    const MergedCart stolen = carts.merge(thief).value();
    CHECK(stolen.lines.empty());
    CHECK(stolen.cart.line_items.empty());
  }
  CHECK(carts.get(shopper("ada")).value().version == of_ada.version);

  CHECK(report(carts.merge(kAda).value()) == "TEA 1 moved");
  // Whoever comes later with the same session finds nothing, and Ada keeps what is hers.
  CHECK(carts.merge({.user_id = "eve", .session_id = "s1"}, {}).value().cart.id.empty());
  CHECK(lines_of(carts.get(shopper("ada")).value()) == "MUG 1 at 1200, TEA 1 at 790");
}

TEST_CASE("of many merges at once one takes the lines", "[concurrent]") {
  BuyingShop test;
  Carts carts = test.shop->cart();
  carts.add_item(guest(), {.sku = "TEA", .quantity = 2}).value();
  carts.add_item(kAda, {.sku = "TEA", .quantity = 3}).value();
  constexpr std::size_t mergers = 16;
  std::vector<std::string> reports(mergers);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < mergers; ++i) {
    threads.emplace_back([&, i] {
      const auto merged = carts.merge(kAda);
      reports[i] = merged.has_error() ? merged.error().message() : report(merged.value());
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::sort(reports.begin(), reports.end());
  CHECK(reports.back() == "TEA 5 added");
  CHECK(reports[mergers - 2] == "");
  CHECK(lines_of(carts.get(kAda).value()) == "TEA 5 at 790");
}
