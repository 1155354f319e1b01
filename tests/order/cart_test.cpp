// Carts as their owners see them: lines and their prices, limits, whose cart it is. Discount codes
// and the merge of a guest's cart have files of their own.
#include "resys/cart.hpp"

#include <atomic>
#include <thread>

#include "support/buying_shop.hpp"
#include "support/refusal.hpp"

using namespace resys;
using namespace resys::test;

namespace {

LineItem line(const Cart& cart, const std::string& sku) {
  for (const LineItem& item : cart.line_items) {
    if (item.sku == sku) return item;
  }
  FAIL("there is no line of " + sku);
  return {};
}

}  // namespace

TEST_CASE("a cart begins with the first thing that is put into it") {
  BuyingShop test;
  Carts carts = test.shop->cart();
  const Cart none = carts.get(shopper()).value();
  CHECK(none.id.empty());
  CHECK(none.currency.empty());
  CHECK(none.line_items.empty());
  CHECK(none.version == 0);

  const Cart cart = carts.add_item(shopper(), {.sku = "TEA", .quantity = 2}).value();
  CHECK_FALSE(cart.id.empty());
  CHECK(cart.state == OrderState::cart);
  CHECK(cart.currency.code() == "EUR");
  CHECK(cart.item_count == 2);
  REQUIRE(cart.line_items.size() == 1);
  const LineItem& tea = cart.line_items[0];
  CHECK(tea.sku == "TEA");
  CHECK(tea.name == "Tea, 100 g");
  CHECK(tea.options == Pairs{{"size", "100 g"}});
  CHECK(tea.quantity == 2);
  CHECK(tea.unit_price_cents == 790);
  CHECK(tea.total_cents == 1'580);
  CHECK(tea.available_quantity == 100);
  CHECK(cart.item_total_cents == 1'580);
  CHECK(cart.discount_total_cents == 0);
  CHECK(cart.shipment_total_cents == 0);
  CHECK(cart.tax_total_cents == 0);
  CHECK(cart.total_cents == 1'580);

  const Cart again = carts.get(shopper()).value();
  CHECK(again.id == cart.id);
  CHECK(again.version == cart.version);
  CHECK(again.total_cents == cart.total_cents);
}

TEST_CASE("one line per variant: adding adds up, changing sets, removing takes away") {
  BuyingShop test;
  Carts carts = test.shop->cart();
  carts.add_item(shopper(), {.sku = "TEA"}).value();
  carts.add_item(shopper(), {.sku = "MUG", .quantity = 3}).value();
  Cart cart = carts.add_item(shopper(), {.sku = "TEA", .quantity = 4}).value();
  REQUIRE(cart.line_items.size() == 2);
  CHECK(cart.line_items[0].sku == "TEA");  // in the order they were added
  CHECK(cart.line_items[0].quantity == 5);
  CHECK(cart.item_count == 8);
  CHECK(cart.total_cents == 5 * 790 + 3 * 1'200);

  cart = carts.change_item(shopper(), {line(cart, "TEA").id, 2}).value();
  CHECK(line(cart, "TEA").quantity == 2);
  CHECK(cart.total_cents == 2 * 790 + 3 * 1'200);

  cart = carts.remove_item(shopper(), {line(cart, "MUG").id}).value();
  REQUIRE(cart.line_items.size() == 1);
  CHECK(cart.total_cents == 2 * 790);

  const LineItemId gone = line(cart, "TEA").id;
  cart = carts.remove_item(shopper(), {gone}).value();
  CHECK(cart.line_items.empty());
  CHECK(cart.item_count == 0);
  CHECK(cart.total_cents == 0);
  refusal(carts.remove_item(shopper(), {gone}), Errc::not_found, "lineItemId");
  refusal(carts.change_item(shopper(), {gone, 1}), Errc::not_found, "lineItemId");
}

TEST_CASE("a line keeps the price at which the shopper last touched it") {
  BuyingShop test;
  Carts carts = test.shop->cart();
  carts.add_item(shopper(), {.sku = "TEA"}).value();
  carts.add_item(shopper(), {.sku = "MUG"}).value();
  test.reprice("TEA", 850);
  test.reprice("MUG", 1'100);
  Cart cart = carts.get(shopper()).value();
  CHECK(line(cart, "TEA").unit_price_cents == 790);
  CHECK(cart.total_cents == 790 + 1'200);

  cart = carts.change_item(shopper(), {line(cart, "TEA").id, 3}).value();
  CHECK(line(cart, "TEA").unit_price_cents == 850);
  CHECK(line(cart, "MUG").unit_price_cents == 1'200);
  CHECK(cart.total_cents == 3 * 850 + 1'200);

  cart = carts.add_item(shopper(), {.sku = "MUG"}).value();
  CHECK(line(cart, "MUG").unit_price_cents == 1'100);
  CHECK(line(cart, "MUG").total_cents == 2 * 1'100);
}

TEST_CASE("a line has 1 to 10,000 units, and a refusal names the field and the limit") {
  BuyingShop test;
  Carts carts = test.shop->cart();
  for (const std::int64_t wrong : {0, -1, 10'001}) {
    refusal(carts.add_item(shopper(), {.sku = "TEA", .quantity = wrong}), Errc::invalid_request,
            "quantity");
  }
  CHECK(carts.get(shopper()).value().id.empty());

  const Cart full = carts.add_item(shopper(), {.sku = "TEA", .quantity = 10'000}).value();
  const Error one_more =
      refusal(carts.add_item(shopper(), {.sku = "TEA"}), Errc::too_large, "quantity");
  CHECK(one_more.fact("limit", 0) == 10'000);
  CHECK(one_more.fact("quantity", 0) == 10'001);
  const LineItemId tea = full.line_items[0].id;
  for (const std::int64_t wrong : {0, 10'001}) {
    refusal(carts.change_item(shopper(), {tea, wrong}), Errc::invalid_request, "quantity");
  }
  CHECK(carts.get(shopper()).value().version == full.version);
  CHECK(carts.change_item(shopper(), {tea, 1}).value().item_count == 1);
}

TEST_CASE("a cart has at most 200 lines") {
  BuyingShop test;
  Carts carts = test.shop->cart();
  const auto sku = [](std::int64_t i) { return "SKU-" + std::to_string(i); };
  for (std::int64_t product = 0; product < 3; ++product) {
    CreateProduct many{.slug = "many-" + std::to_string(product), .name = "Many"};
    for (std::int64_t i = 0; i < 70; ++i) {
      many.variants.push_back({.sku = sku(product * 70 + i),
                               .name = "One",
                               .price_cents = 1,
                               .currency = Currency::parse("EUR").value()});
    }
    test.shop->admin().products().create(staff(), many).value();
  }
  for (std::int64_t i = 0; i < kMaxLinesPerCart; ++i) {
    carts.add_item(shopper(), {.sku = sku(i)}).value();
  }
  const Error refused =
      refusal(carts.add_item(shopper(), {.sku = sku(kMaxLinesPerCart)}), Errc::too_large, "sku");
  CHECK(refused.fact("limit", 0) == kMaxLinesPerCart);
  const Cart cart = carts.add_item(shopper(), {.sku = sku(0)}).value();
  CHECK(cart.line_items.size() == kMaxLinesPerCart);
  CHECK(cart.total_cents == kMaxLinesPerCart + 1);

  // What does not fit into a user's cart stays in the guest's, and is merged once there is room.
  const Caller both{.user_id = "ada", .session_id = "s1"};
  carts.add_item(guest(), {.sku = sku(kMaxLinesPerCart), .quantity = 7}).value();
  carts.add_item(guest(), {.sku = sku(1), .quantity = 2}).value();
  auto merged = carts.merge(both).value();
  REQUIRE(merged.lines.size() == 2);
  CHECK(merged.lines[0].result == MergeResult::left);
  CHECK(merged.lines[0].quantity == 0);
  CHECK(merged.lines[1].result == MergeResult::added);
  CHECK(merged.lines[1].quantity == 3);
  CHECK(carts.get(guest()).value().item_count == 7);
  carts.remove_item(shopper(), {cart.line_items[5].id}).value();
  merged = carts.merge(both).value();
  REQUIRE(merged.lines.size() == 1);
  CHECK(merged.lines[0].result == MergeResult::moved);
  CHECK(merged.lines[0].quantity == 7);
  CHECK(carts.get(guest()).value().id.empty());
}

TEST_CASE("amounts that no JSON number can hold are refused before they are stored") {
  BuyingShop test;
  Carts carts = test.shop->cart();
  test.sell("ISLAND", kMaxMinor);
  test.sell("BOAT", kMaxMinor / 2);
  refusal(carts.add_item(shopper(), {.sku = "ISLAND", .quantity = 2}), Errc::too_large, "quantity");
  CHECK(carts.add_item(shopper(), {.sku = "ISLAND"}).value().total_cents == kMaxMinor);
  refusal(carts.add_item(shopper(), {.sku = "ISLAND"}), Errc::too_large, "quantity");
  refusal(carts.add_item(shopper(), {.sku = "TEA"}), Errc::too_large, "quantity");

  const Cart boats = carts.add_item(guest(), {.sku = "BOAT", .quantity = 2}).value();
  const LineItemId boat = boats.line_items[0].id;
  refusal(carts.change_item(guest(), {boat, 10'000}), Errc::too_large, "quantity");
  CHECK(carts.get(guest()).value().total_cents == kMaxMinor / 2 * 2);
}

TEST_CASE("a cart has one currency, that of its lines") {
  BuyingShop test;
  Carts carts = test.shop->cart();
  test.sell("MATCHA", 1'500, "JPY");
  const Cart euros = carts.add_item(shopper(), {.sku = "TEA"}).value();
  const Error refused =
      refusal(carts.add_item(shopper(), {.sku = "MATCHA"}), Errc::unsupported_currency, "sku");
  CHECK(refused.fact("cartCurrency") == "EUR");
  CHECK(refused.fact("currency") == "JPY");

  const Cart empty = carts.remove_item(shopper(), {euros.line_items[0].id}).value();
  CHECK(empty.currency.empty());
  const Cart yen = carts.add_item(shopper(), {.sku = "MATCHA", .quantity = 3}).value();
  CHECK(yen.id == euros.id);
  CHECK(yen.currency.code() == "JPY");
  CHECK(yen.total_cents == 4'500);
  refusal(carts.add_item(shopper(), {.sku = "TEA"}), Errc::unsupported_currency, "sku");
}

TEST_CASE("only what is for sale goes into a cart, and what is not can still be taken out") {
  BuyingShop test;
  Carts carts = test.shop->cart();
  const Error unknown = refusal(carts.add_item(shopper(), {.sku = "NONE"}), Errc::not_found, "sku");
  CHECK(unknown.fact("sku") == "NONE");
  refusal(carts.add_item(shopper(), {.sku = "tea"}), Errc::not_found, "sku");
  refusal(carts.add_item(in_store("other", shopper()), {.sku = "TEA"}), Errc::not_found, "sku");

  Cart cart = carts.add_item(shopper(), {.sku = "MUG"}).value();
  test.withdraw("MUG");
  refusal(carts.add_item(shopper(), {.sku = "MUG"}), Errc::not_found, "sku");
  const Error withdrawn = refusal(carts.change_item(shopper(), {cart.line_items[0].id, 2}),
                                  Errc::not_found, "lineItemId");
  CHECK(withdrawn.fact("sku") == "MUG");
  CHECK(carts.get(shopper()).value().version == cart.version);

  cart = carts.remove_item(shopper(), {cart.line_items[0].id}).value();
  CHECK(cart.line_items.empty());

  const Product tea = test.shop->products().get(shopper(), {"tea"}).value();
  test.shop->admin().products().update(staff(), {.product_id = tea.id, .active = false}).value();
  refusal(carts.add_item(shopper(), {.sku = "TEA"}), Errc::not_found, "sku");
}

TEST_CASE("a line of somebody else does not exist") {
  BuyingShop test;
  Carts carts = test.shop->cart();
  const Cart hers = carts.add_item(shopper("eve"), {.sku = "TEA", .quantity = 3}).value();
  const LineItemId line_of_eve = hers.line_items[0].id;
  carts.add_item(shopper(), {.sku = "MUG"}).value();
  const Caller others[] = {shopper(), guest("eve"), in_store("other", shopper("eve")),
                           shopper("nobody")};
  for (const Caller& other : others) {
    refusal(carts.change_item(other, {line_of_eve, 9}), Errc::not_found, "lineItemId");
    refusal(carts.remove_item(other, {line_of_eve}), Errc::not_found, "lineItemId");
  }
  const Cart after = carts.get(shopper("eve")).value();
  CHECK(after.version == hers.version);
  CHECK(after.item_count == 3);
}

TEST_CASE("a cart belongs to the user, or else to the session") {
  BuyingShop test;
  Carts carts = test.shop->cart();
  const Caller both{.user_id = "ada", .session_id = "s1"};
  const Cart of_guest = carts.add_item(guest("s1"), {.sku = "TEA"}).value();
  const Cart of_user = carts.add_item(both, {.sku = "MUG"}).value();
  CHECK(of_user.id != of_guest.id);
  CHECK(of_user.item_count == 1);
  CHECK(carts.get(shopper("ada")).value().id == of_user.id);
  CHECK(carts.get(guest("s1")).value().id == of_guest.id);
  // The same text as a user's id and as a session's are two identities.
  CHECK(carts.get(guest("ada")).value().id.empty());
  CHECK(carts.get(shopper("s1")).value().id.empty());
  CHECK(carts.get(in_store("other", both), {}).value().id.empty());

  const Caller nobody;
  refusal(carts.get(nobody), Errc::unauthenticated);
  refusal(carts.add_item(nobody, {.sku = "TEA"}), Errc::unauthenticated);
  refusal(carts.add_item(nobody, {.sku = ""}), Errc::unauthenticated);  // audience before shape
}

TEST_CASE("the version rises with every change and with nothing else") {
  BuyingShop test;
  Carts carts = test.shop->cart();
  const Cart first = carts.add_item(shopper(), {.sku = "TEA"}).value();
  CHECK(first.version == 1);
  refusal(carts.add_item(shopper(), {.sku = "NONE"}), Errc::not_found);
  refusal(carts.apply_coupon(shopper(), {"NONE"}), Errc::coupon_invalid);
  refusal(carts.remove_coupon(shopper(), {"TEN"}), Errc::not_found);
  CHECK(carts.get(shopper()).value().version == 1);
  const LineItemId tea = first.line_items[0].id;
  std::int64_t version = 1;
  CHECK(carts.change_item(shopper(), {tea, 5}).value().version == ++version);
  CHECK(carts.apply_coupon(shopper(), {"TEN"}).value().version == ++version);
  CHECK(carts.remove_coupon(shopper(), {"TEN"}).value().version == ++version);
  CHECK(carts.remove_item(shopper(), {tea}).value().version == ++version);
}

TEST_CASE("a repeated addition under one key adds once") {
  BuyingShop test;
  Carts carts = test.shop->cart();
  const Caller caller = with_key("once", shopper());
  for (int i = 0; i < 3; ++i) {
    CHECK(carts.add_item(caller, {.sku = "TEA", .quantity = 2}).value().item_count == 2);
  }
  refusal(carts.add_item(caller, {.sku = "TEA", .quantity = 3}), Errc::idempotency_mismatch);
  // Another shopper's key of the same text is another key.
  CHECK(carts.add_item(with_key("once", shopper("eve")), {.sku = "MUG"}).value().item_count == 1);
}

TEST_CASE("a line shows how many the shopper could have now") {
  BuyingShop test;
  test.count("TEA", 10);
  Carts carts = test.shop->cart();
  carts.add_item(shopper("eve"), {.sku = "TEA", .quantity = 20}).value();  // carts reserve nothing
  CHECK(line(carts.get(shopper("eve")).value(), "TEA").available_quantity == 10);

  test.fill(shopper(), 4);
  const Placement placed = test.shop->checkout().place_order(shopper(), {test.card}).value();
  CHECK(line(carts.get(shopper("eve")).value(), "TEA").available_quantity == 6);
  // What is held for oneself is one's own.
  CHECK(line(placed.order, "TEA").available_quantity == 10);
  test.pay(shopper(), placed);
  CHECK(line(carts.get(shopper("eve")).value(), "TEA").available_quantity == 6);
  test.count("TEA", 4);  // those that were paid
  CHECK(line(carts.get(shopper("eve")).value(), "TEA").available_quantity == 0);
}

TEST_CASE("twenty additions at once all count", "[concurrent]") {
  BuyingShop test;
  constexpr int adders = 20;
  std::vector<std::thread> threads;
  std::atomic<int> failed = 0;
  for (int i = 0; i < adders; ++i) {
    threads.emplace_back([&, i] {
      const auto added = test.shop->cart().add_item(shopper(), {.sku = i % 2 == 0 ? "TEA" : "MUG"});
      if (added.has_error()) ++failed;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(failed == 0);
  const Cart cart = test.shop->cart().get(shopper()).value();
  CHECK(cart.item_count == adders);
  CHECK(cart.line_items.size() == 2);
  CHECK(cart.version == adders);
}
