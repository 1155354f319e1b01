// Orders of guests that become a user's: of the session that has placed them, when its user signs
// in and the carts are merged, and of an e-mail address that the host has verified.
#include <algorithm>
#include <thread>

#include "resys/order.hpp"
#include "support/buying_shop.hpp"
#include "support/promotions.hpp"
#include "support/refusal.hpp"

using namespace resys;
using namespace resys::test;

namespace {

const Caller kAda{.user_id = "ada", .session_id = "s1"};

struct ClaimingShop : BuyingShop {
  ClaimingShop() { let_guests_check_out(); }
  Placement place_as(const Caller& caller, const char* email, const PaymentMethodId& method) {
    shop->cart().add_item(caller, {.sku = "TEA"}).value();
    shop->checkout().set_addresses(caller, {.shipping_address = address(), .email = email}).value();
    shop->checkout().select_shipping_method(caller, {post}).value();
    return shop->checkout().place_order(caller, {method}).value();
  }
  std::string buy_as(const Caller& caller, const char* email = "ada@example.com") {
    const Placement placed = place_as(caller, email, card);
    pay(caller, placed);
    return placed.order.number;
  }
  std::vector<std::string> list(const Caller& caller) {
    std::vector<std::string> numbers;
    const auto found = shop->orders().list(caller).value();
    for (const Order& order : found.items) numbers.push_back(order.number);
    return numbers;
  }
  std::vector<std::string> merge(const Caller& caller) {
    return shop->cart().merge(caller).value().claimed_orders;
  }
  ClaimedOrders claim(const std::string& user, const std::string& email) {
    return shop->admin().orders().claim(staff(), {user, email}).value();
  }
  Event last_event(const std::string& number) {
    return shop->admin().orders().get_timeline(staff(), {number}).value().items.back();
  }
};

using Numbers = std::vector<std::string>;

}  // namespace

TEST_CASE("a guest who has paid and then signs in finds the order") {
  ClaimingShop test;
  const std::string number = test.buy_as(guest());
  CHECK(test.list(guest()) == Numbers{number});
  CHECK(test.list(kAda).empty());
  const MergedCart merged = test.shop->cart().merge(kAda).value();
  CHECK(merged.claimed_orders == Numbers{number});
  CHECK(merged.lines.empty());
  CHECK(merged.cart.id.empty());

  CHECK(test.list(shopper()) == Numbers{number});
  const Order order = test.shop->orders().get(shopper(), {number}).value();
  CHECK(order.state == OrderState::complete);
  CHECK(order.email == "ada@example.com");
  const Event event = test.last_event(number);
  CHECK(event.type == EventType::order_claimed);
  CHECK(event.facts == Pairs{{"by", "session"}});
  CHECK(event.user_id == "ada");
  // It is nobody else's: not the session's any more, nor of whoever comes with that later.
  CHECK(test.list(guest()).empty());
  refusal(test.shop->orders().get(guest(), {number}), Errc::not_found);
  CHECK(test.merge({.user_id = "eve", .session_id = "s1"}).empty());
  refusal(test.shop->orders().get(shopper("eve"), {number}), Errc::not_found);
  // Again changes nothing, and a key remembers.
  CHECK(test.merge(kAda).empty());
  CHECK(test.last_event(number).sequence == event.sequence);
}

TEST_CASE("a merge gives the user the session's orders beside its cart") {
  ClaimingShop test;
  const std::string paid = test.buy_as(guest());
  const std::string owed = test.place_as(guest(), "ada@example.com", test.transfer).order.number;
  const std::string canceled = test.buy_as(guest());
  test.shop->admin().orders().cancel(staff(), {canceled}).value();
  const std::string of_other = test.buy_as(guest("s2"));
  const std::string of_ada = test.buy_as(shopper());
  test.shop->cart().add_item(guest(), {.sku = "MUG"}).value();

  const Caller once = with_key("once", kAda);
  const MergedCart merged = test.shop->cart().merge(once).value();
  CHECK(merged.claimed_orders == Numbers{canceled, owed, paid});
  CHECK(merged.lines.size() == 1);
  CHECK(merged.cart.item_count == 1);
  CHECK(test.list(shopper()) == Numbers{of_ada, canceled, owed, paid});
  CHECK(test.list(guest("s2")) == Numbers{of_other});
  CHECK(test.shop->cart().merge(once).value().claimed_orders == merged.claimed_orders);
  // It goes on as hers.
  CHECK(test.shop->admin().orders().mark_paid(staff(), {owed}).value().state ==
        OrderState::complete);
  CHECK(test.shop->orders().get(shopper(), {owed}).value().state == OrderState::complete);
}

TEST_CASE("an order that is being paid is claimed by the next merge") {
  ClaimingShop test;
  const Placement placed = test.place_as(guest(), "ada@example.com", test.card);
  CHECK(test.merge(kAda).empty());
  CHECK(test.claim("ada", "ada@example.com").numbers.empty());
  test.pay(guest(), placed);
  CHECK(test.list(guest()) == Numbers{placed.order.number});
  CHECK(test.merge(kAda) == Numbers{placed.order.number});
}

TEST_CASE("the guest's uses of a code stay taken, and go back with a canceled order") {
  ClaimingShop test;
  change(*test.shop, "TEN", {.per_customer_limit = 1});
  test.fill(guest());
  test.shop->cart().apply_coupon(guest(), {"TEN"}).value();
  const Placement placed = test.shop->checkout().place_order(guest(), {test.card}).value();
  test.pay(guest(), placed);
  CHECK(test.merge(kAda) == Numbers{placed.order.number});
  const auto uses = [&] { return promotion_named(*test.shop, "TEN").used; };
  CHECK(uses() == 1);
  test.shop->admin().orders().cancel(staff(), {placed.order.number}).value();
  CHECK(uses() == 0);
}

TEST_CASE("staff give a user the orders of a verified e-mail address") {
  ClaimingShop test;
  const std::string first = test.buy_as(guest("s1"));
  const std::string second = test.buy_as(guest("s2"), "Ada@Example.com");
  const std::string of_eve = test.buy_as(guest("s3"), "eve@example.com");
  // A user's order is hers, whatever address she gave.
  const std::string of_bob = test.buy_as(shopper("bob"));
  test.shop->cart().add_item(guest("s4"), {.sku = "MUG"}).value();

  const ClaimOrders request{"ada", "ada@EXAMPLE.com"};
  for (const Caller& shopper : {shopper("ada"), guest("s1"), kAda}) {
    refusal(test.shop->admin().orders().claim(shopper, request), Errc::forbidden);
  }
  CHECK(test.shop->admin()
            .orders()
            .claim(in_store("other", staff()), request)
            .value()
            .numbers.empty());
  const Caller once = with_key("once", staff());
  const ClaimedOrders claimed = test.shop->admin().orders().claim(once, request).value();
  CHECK(claimed.numbers == Numbers{second, first});
  CHECK_FALSE(claimed.more);
  CHECK(test.list(shopper()) == Numbers{second, first});
  CHECK(test.list(shopper("bob")) == Numbers{of_bob});
  CHECK(test.list(guest("s1")).empty());
  CHECK(test.list(guest("s3")) == Numbers{of_eve});
  CHECK(test.last_event(first).facts == Pairs{{"by", "email"}});
  CHECK(test.last_event(first).actor_id == "boss");

  CHECK(test.claim("ada", "ada@example.com").numbers.empty());
  CHECK(test.claim("eve", "ada@example.com").numbers.empty());
  CHECK(test.shop->admin().orders().claim(once, request).value().numbers == claimed.numbers);
}

TEST_CASE("who claims is named, in the bytes that a host's ids may have") {
  ClaimingShop test;
  Admin admin = test.shop->admin();
  refusal(admin.orders().claim(staff(), {"", "ada@example.com"}), Errc::invalid_request, "userId");
  refusal(admin.orders().claim(staff(), {"ada", ""}), Errc::invalid_request, "email");
  refusal(admin.orders().claim(staff(), {"ada", "ada"}), Errc::invalid_request, "email");
  std::string long_id;
  for (int i = 0; i < 101; ++i) long_id += "\u00e9";
  refusal(admin.orders().claim(staff(), {long_id, "ada@example.com"}), Errc::invalid_request,
          "userId");
  CHECK(admin.orders().claim(staff(), {long_id.substr(2), "ada@example.com"}).has_value());
}

TEST_CASE("a call claims a hundred orders, and says that there are more") {
  ClaimingShop test;
  test.count("TEA", kMaxClaimedOrders + 2);
  test.shop->admin().settings().update_checkout(staff(), {.max_unpaid_units = 1'000}).value();
  Numbers newest_first;
  for (std::int64_t i = 0; i < kMaxClaimedOrders + 2; ++i) {
    newest_first.insert(newest_first.begin(),
                        test.place_as(guest(), "ada@example.com", test.transfer).order.number);
  }
  const ClaimedOrders some = test.claim("ada", "ada@example.com");
  CHECK(some.numbers == Numbers(newest_first.begin(), newest_first.begin() + kMaxClaimedOrders));
  CHECK(some.more);
  CHECK(test.merge(kAda) == Numbers(newest_first.end() - 2, newest_first.end()));
  CHECK_FALSE(test.claim("ada", "ada@example.com").more);
}

TEST_CASE("of many who claim at once one gets an order", "[concurrent]") {
  ClaimingShop test;
  Numbers bought;
  for (int i = 0; i < 3; ++i) bought.push_back(test.buy_as(guest()));
  constexpr std::size_t claimers = 12;
  std::vector<Numbers> claimed(claimers);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < claimers; ++i) {
    threads.emplace_back([&, i] {
      const std::string user = "user-" + std::to_string(i);
      const auto merged = test.shop->cart().merge({.user_id = user, .session_id = "s1"}, {});
      if (merged.has_value()) claimed[i] = merged.value().claimed_orders;
    });
  }
  for (std::thread& thread : threads) thread.join();
  Numbers all;
  for (std::size_t i = 0; i < claimers; ++i) {
    CHECK(test.list(shopper("user-" + std::to_string(i))).size() == claimed[i].size());
    all.insert(all.end(), claimed[i].begin(), claimed[i].end());
  }
  std::sort(all.begin(), all.end());
  std::sort(bought.begin(), bought.end());
  CHECK(all == bought);
}

TEST_CASE("a claimed order's uses of a code are the user's, so that a limit holds") {
  ClaimingShop test;
  change(*test.shop, "TEN", {.per_customer_limit = 1});
  const auto buy_with_code = [&](const Caller& caller, const char* email = "ada@example.com") {
    test.fill(caller);
    test.shop->checkout()
        .set_addresses(caller, {.shipping_address = BuyingShop::address(), .email = email})
        .value();
    test.shop->checkout().select_shipping_method(caller, {test.post}).value();
    test.shop->cart().apply_coupon(caller, {"TEN"}).value();
    const Placement placed = test.shop->checkout().place_order(caller, {test.card}).value();
    test.pay(caller, placed);
    return placed.order.number;
  };
  const auto check_used_up = [&](const Caller& caller) {
    test.fill(caller);
    const Error refused =
        refusal(test.shop->cart().apply_coupon(caller, {"TEN"}), Errc::coupon_invalid);
    CHECK(refused.fact("reason") == "usedUpByCustomer");
  };
  const auto uses = [&] { return promotion_named(*test.shop, "TEN").used; };
  SECTION("one") {
    const std::string number = buy_with_code(guest());
    CHECK(test.merge(kAda) == Numbers{number});
    check_used_up(kAda);
    CHECK(uses() == 1);
    // It goes back to the user who has it now.
    test.shop->admin().orders().cancel(staff(), {number}).value();
    CHECK(uses() == 0);
    CHECK(test.shop->cart().apply_coupon(kAda, {"TEN"}).has_value());
  }
  SECTION("one, and the address does not get another") {
    buy_with_code(guest());
    test.merge(kAda);
    test.fill(guest("s2"));
    test.shop->checkout()
        .set_addresses(guest("s2"),
                       {.shipping_address = BuyingShop::address(), .email = "ADA@example.com"})
        .value();
    test.shop->checkout().select_shipping_method(guest("s2"), {test.post}).value();
    const auto applied = test.shop->cart().apply_coupon(guest("s2"), {"TEN"});
    CHECK(refusal(applied, Errc::coupon_invalid).fact("reason") == "usedUpByCustomer");
  }
  SECTION("two, more than the limit: no third") {
    buy_with_code(kAda);
    buy_with_code(guest("s2"), "other@example.com");
    CHECK(test.claim("ada", "other@example.com").numbers.size() == 1);
    check_used_up(kAda);
    CHECK(uses() == 2);
  }
  CHECK(test.shop->check().value().differences.empty());
}
