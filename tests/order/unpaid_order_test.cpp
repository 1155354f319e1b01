// Orders that were placed and never paid: where they are still listed, and what is kept of a guest.
#include <algorithm>

#include "support/database_dump.hpp"
#include "support/paying_shop.hpp"
#include "support/promotions.hpp"

using namespace resys;
using namespace resys::test;

namespace {

constexpr const char* kNames[] = {"Lovelace", "Main Street", "London", "N1 9GU", "@example.com"};

// The numbers that the buyer, staff, staff by state and staff by number and by e-mail see. They
// must agree; "differ" where they do not.
std::vector<std::string> listed(PayingShop& world, const Caller& buyer, const Order& order) {
  const auto numbers = [](const Page<Order>& page) {
    std::vector<std::string> found;
    for (const Order& each : page.items) found.push_back(each.number);
    return found;
  };
  Orders orders = world.shop->orders();
  Admin admin = world.shop->admin();
  const auto state = world.order(order.number).state;
  const auto all = numbers(admin.orders().list(staff()).value());
  const bool agree = numbers(orders.list(buyer).value()) == all &&
                     numbers(admin.orders().list(staff(), {.state = state}).value()) == all &&
                     numbers(admin.orders().list(staff(), {.q = order.number}).value()) == all &&
                     numbers(admin.orders().list(staff(), {.q = order.email}).value()) == all;
  return agree ? all : std::vector<std::string>{"differ"};
}

using Numbers = std::vector<std::string>;

// What of the guest's the database still holds.
std::vector<std::string> kept_of_guest(const PayingShop& world) {
  const std::string dump = dump_of(world.file);
  std::vector<std::string> kept;
  for (const char* name : kNames) {
    if (dump.find(name) != std::string::npos) kept.emplace_back(name);
  }
  return kept;
}

void wait_days(PayingShop& world, int days) {
  for (int day = 0; day < days; ++day) world.wait(kMicrosPerDay);
}

}  // namespace

TEST_CASE("an order whose placing has ended without money is a cart, and not listed") {
  PayingShop world;
  const Order placed = world.place_here().order;
  CHECK(placed.placed_at == world.clock->now());
  REQUIRE(listed(world, shopper(), placed) == Numbers{placed.number});
  SECTION("expired") { world.wait(15 * kMicrosPerMinute); }
  SECTION("reopened") { world.shop->checkout().reopen(shopper()).value(); }
  SECTION("closed with the first decline") {
    world.shop->admin().settings().update_checkout(staff(), {.release_on_decline = true}).value();
    world.model->decline(world.intent(placed));
    world.tell(world.intent(placed));
  }
  CHECK(listed(world, shopper(), placed) == Numbers{});
  // Who has its number still finds it, with what became of its payment.
  for (const Order& found :
       {world.order(placed.number), world.shop->orders().get(shopper(), {placed.number}).value()}) {
    CHECK(found.state == OrderState::delivery);
    CHECK_FALSE(found.placed_at);
    CHECK(found.payments.at(0).state == PaymentState::voided);
  }
  CHECK(world.count(placed.number, EventType::order_reopened) == 1);

  const Order again = world.place_again().order;
  CHECK(again.number == placed.number);
  CHECK(again.placed_at == world.clock->now());
  CHECK(listed(world, shopper(), again) == Numbers{placed.number});
}

TEST_CASE("an order that is canceled before it is paid stays listed as what it is") {
  PayingShop world;
  const Order order = world.place_here().order;
  world.shop->orders().cancel(shopper(), {order.number}).value();
  CHECK(listed(world, shopper(), order) == Numbers{order.number});
  CHECK(world.order(order.number).state == OrderState::canceled);
}

TEST_CASE("an order for which money came too late is listed") {
  PayingShop world;
  const Order order = world.place_here().order;
  world.wait(15 * kMicrosPerMinute);
  REQUIRE(listed(world, shopper(), order).empty());
  OrderState state = OrderState::complete;
  SECTION("completed by it") {}
  SECTION("a cart that gives it back") {
    world.BuyingShop::count("TEA", 0);
    state = OrderState::delivery;
  }
  world.model->take_money(world.intent(order));
  world.tell(world.intent(order));
  world.work();
  CHECK(world.order(order.number).state == state);
  CHECK(world.order(order.number).placed_at == world.clock->now());
  CHECK(listed(world, shopper(), order) == Numbers{order.number});
  if (state == OrderState::complete) return;
  // Placed once more and expired once more, it stays: its money has to be accounted for.
  world.BuyingShop::count("TEA", 10);
  world.place_again();
  world.wait(15 * kMicrosPerMinute);
  REQUIRE(world.order(order.number).state == OrderState::delivery);
  CHECK(listed(world, shopper(), order) == Numbers{order.number});
}

TEST_CASE("a guest's name and address go with the abandoned carts where no money came") {
  PayingShop world;
  world.shop->admin()
      .settings()
      .update_checkout(staff(), {.guest_checkout = true, .abandoned_cart_days = 10})
      .value();
  CreatePromotion once = percent_off("ONCE", 1'000);
  once.per_customer_limit = 1;
  add(*world.shop, once);
  world.fill(guest());
  world.shop->cart().apply_coupon(guest(), {"ONCE"}).value();
  Order order;
  Numbers kept;
  SECTION("a card that was never used") { order = world.place_again(guest()).order; }
  SECTION("a bank transfer that never came") {
    order = world.shop->checkout().place_order(guest(), {world.transfer}).value().order;
    wait_days(world, 14);
    REQUIRE(world.order(order.number).state == OrderState::canceled);
  }
  SECTION("canceled") {
    order = world.place_again(guest()).order;
    world.shop->orders().cancel(guest(), {order.number}).value();
  }
  SECTION("merged into a user's cart") {
    order = world.place_again(guest()).order;
    world.wait(15 * kMicrosPerMinute);
    const Caller both{.user_id = "ada", .session_id = "s1"};
    world.shop->cart().merge(both).value();
    REQUIRE(world.order(order.number).state == OrderState::merged);
    kept = {"@example.com"};  // with the user's cart now
  }
  REQUIRE(kept_of_guest(world).size() == std::size(kNames));
  world.wait(15 * kMicrosPerMinute);
  wait_days(world, 9);
  CHECK(kept_of_guest(world).size() == std::size(kNames));
  wait_days(world, 2);
  CHECK(kept_of_guest(world) == kept);
  const Order left = world.order(order.number);
  CHECK((left.state == OrderState::canceled || left.state == OrderState::merged));
  CHECK(left.email.empty());
  CHECK_FALSE(left.shipping_address);
  CHECK_FALSE(left.billing_address);
  CHECK(left.payments.size() == 1);
  for (const char* name : {"Lovelace", "London", "N1 9GU"}) {
    CHECK(world.shop->admin().orders().list(staff(), {.q = name}).value().items.empty());
  }
  world.work();
  CHECK(world.shop->run_due_work().value().done == 0);
}

TEST_CASE("a guest's tax id goes with the address") {
  PayingShop world;
  world.shop->admin()
      .settings()
      .update_checkout(staff(), {.guest_checkout = true, .abandoned_cart_days = 10})
      .value();
  world.fill(guest());
  world.shop->checkout()
      .set_addresses(guest(), {.shipping_address = PayingShop::address(),
                               .email = "ada@example.com",
                               .tax_id = "DE136695976"})
      .value();
  world.shop->checkout().select_shipping_method(guest(), {world.post}).value();
  const Order order = world.place_again(guest()).order;
  CHECK(order.tax_id == "DE136695976");
  wait_days(world, 12);
  CHECK(world.order(order.number).tax_id.empty());
}

TEST_CASE("money for an order whose guest was forgotten goes back by itself") {
  PayingShop world;
  world.shop->admin()
      .settings()
      .update_checkout(staff(), {.guest_checkout = true, .abandoned_cart_days = 10})
      .value();
  const Order order = world.place_here(guest()).order;
  wait_days(world, 12);
  REQUIRE(world.order(order.number).state == OrderState::canceled);
  CHECK(fact(world.events(order.number, EventType::order_canceled).at(0), "reason") == "abandoned");
  world.model->take_money(world.intent(order));
  world.tell(world.intent(order));
  world.work();
  CHECK(world.order(order.number).payments.at(0).refunded_cents == order.total_cents);
  CHECK(listed(world, guest(), order) == Numbers{"differ"});  // not by its e-mail address
  for (const auto& [q, found] : {std::pair("", 1U), {"tea", 1U}, {"lovelace", 0U}}) {
    CHECK(world.shop->admin().orders().list(staff(), {.q = q}).value().items.size() == found);
  }
}

TEST_CASE("what is kept of a guest whose money was taken, and of a user") {
  PayingShop world;
  world.shop->admin()
      .settings()
      .update_checkout(staff(), {.guest_checkout = true, .abandoned_cart_days = 10})
      .value();
  Order order;
  SECTION("complete") { order = world.buy_here(guest()); }
  SECTION("complete, then canceled and refunded") {
    order = world.buy_here(guest());
    world.shop->admin().orders().cancel(staff(), {order.number}).value();
  }
  SECTION("a late payment that was refunded") {
    order = world.place_here(guest()).order;
    world.wait(15 * kMicrosPerMinute);
    world.BuyingShop::count("TEA", 0);
    world.model->take_money(world.intent(order));
    world.tell(world.intent(order));
  }
  SECTION("a user's cart that was placed once") { order = world.place_here(shopper()).order; }
  SECTION("a placed order that is still to be paid") {
    world.shop->admin().settings().update_checkout(staff(), {.payment_due_days = 90}).value();
    world.fill(guest());
    order = world.shop->checkout().place_order(guest(), {world.transfer}).value().order;
  }
  wait_days(world, 30);
  const Order kept = world.order(order.number);
  CHECK(kept.email == "ada@example.com");
  CHECK(kept.shipping_address.value().last_name == "Lovelace");
  world.settle();
}
