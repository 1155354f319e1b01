// What the clock makes due: all of it, each piece once, by whoever comes, and nothing when nothing
// is due.
#include <filesystem>
#include <stdexcept>
#include <thread>

#include "support/child_process.hpp"
#include "support/look.hpp"
#include "support/paying_shop.hpp"
#include "support/refusal.hpp"

using namespace resys;
using namespace resys::test;

namespace {

using Call = ModelProcessor::Call;

std::int64_t orders_in(const BuyingShop& world) {
  return Look(world.file).number("SELECT COUNT(*) FROM orders");
}

std::string buyer(int number) { return "buyer" + std::to_string(number); }

}  // namespace

TEST_CASE("nothing is due in a new shop, and nothing is written for it") {
  PayingShop world;
  world.buy_here();
  world.settle();
  Look look(world.file);
  const auto before = look.version();
  const auto log_bytes = std::filesystem::file_size(world.file + "-wal");
  for (int i = 0; i < 5; ++i) {
    const DueWork work = world.shop->run_due_work().value();
    CHECK(work.done == 0);
    CHECK_FALSE(work.more);
  }
  CHECK(look.version() == before);
  CHECK(std::filesystem::file_size(world.file + "-wal") == log_bytes);
}

TEST_CASE("due work is done up to a limit, and says if there is more") {
  PayingShop world;
  for (int i = 0; i < 5; ++i) world.place_here(shopper(buyer(i)));
  world.work();
  world.clock->advance(16 * kMicrosPerMinute);
  const auto open = [&] {
    std::int64_t sum = 0;
    for (int i = 0; i < 5; ++i) sum += world.newest(shopper(buyer(i))).state == OrderState::payment;
    return sum;
  };
  DueWork work = world.shop->run_due_work(2).value();
  CHECK(work.done == 2);
  CHECK(work.more);
  CHECK(open() == 3);
  work = world.shop->run_due_work(2).value();
  CHECK(work.more);
  CHECK(open() == 1);
  work = world.shop->run_due_work(2).value();
  CHECK(work.done == 1);
  CHECK_FALSE(work.more);
  CHECK(open() == 0);
  for (const std::int64_t limit : {0, -1}) {
    const auto refused = world.shop->run_due_work(limit);
    REQUIRE(refused.has_error());
    CHECK(refused.error().code() == Errc::invalid_request);
    CHECK(refused.error().field() == "limit");
  }
}

TEST_CASE("one call does all kinds of work of all stores") {
  PayingShop world;
  const Currency eur = Currency::parse("EUR").value();
  const auto in_both = [&](const auto& act) {
    for (const char* store : {"default", "other"}) act(std::string(store));
  };
  const Caller other = in_store("other", staff());
  world.shop->catalog()
      .create_product(
          other, {.slug = "tea",
                  .name = "Tea",
                  .variants = {{.sku = "TEA", .name = "Tea", .price_cents = 790, .currency = eur}}})
      .value();
  world.shop->inventory().create_location(other, {.name = "Shelf"}).value();
  world.shop->inventory().set_stock(other, {.sku = "TEA", .on_hand = 10}).value();
  in_both([&](const std::string& store) {
    world.shop->reservations()
        .reserve(in_store(store, staff()),
                 {.order_ref = "host-1", .lines = {{.line_ref = "1", .sku = "TEA", .quantity = 3}}})
        .value();
    world.shop->carts().add_item(in_store(store, guest()), {.sku = "TEA", .quantity = 1}).value();
  });
  const auto reserved = [&](const std::string& store) {
    return world.shop->inventory().get_stock(in_store(store, staff()), {"TEA"}).value().reserved;
  };
  world.clock->advance(14 * kMicrosPerMinute);
  world.work();
  in_both([&](const std::string& store) { CHECK(reserved(store) == 3); });
  world.clock->advance(kMicrosPerMinute);
  CHECK(world.shop->run_due_work().value().done == 2);
  in_both([&](const std::string& store) { CHECK(reserved(store) == 0); });
  CHECK(orders_in(world) == 2);
  world.clock->advance(61 * kMicrosPerDay);
  world.work();
  CHECK(orders_in(world) == 0);
}

TEST_CASE("only guests' carts that nobody has touched are cleared") {
  PayingShop world;
  world.shop->settings()
      .update_checkout(staff(), {.guest_checkout = true, .abandoned_cart_days = 10})
      .value();
  world.shop->carts().add_item(guest("left"), {.sku = "TEA", .quantity = 1}).value();
  world.fill(guest("left in checkout"));
  const Caller keyed = with_key("k", guest("repeats"));
  world.shop->carts().add_item(keyed, {.sku = "TEA"}).value();
  world.shop->carts().add_item(shopper("user"), {.sku = "TEA", .quantity = 1}).value();
  world.shop->carts().add_item(guest("comes back"), {.sku = "TEA", .quantity = 1}).value();
  const Order expired = world.place_here(guest("placed once")).order;
  const Order bought = world.buy_here(guest("bought"));
  world.wait(kMicrosPerDay);
  REQUIRE(world.order(expired.number).state == OrderState::delivery);
  world.wait(8 * kMicrosPerDay);
  CHECK(orders_in(world) == 7);
  world.shop->carts().add_item(guest("comes back"), {.sku = "MUG", .quantity = 1}).value();
  world.wait(2 * kMicrosPerDay);
  CHECK(orders_in(world) == 4);
  const auto count = [&](const Caller& caller) {
    return world.shop->carts().get(caller, {}).value().item_count;
  };
  CHECK(count(guest("left")) == 0);
  CHECK(count(guest("left in checkout")) == 0);
  check_refused(world.shop->carts().add_item(keyed, {.sku = "TEA"}), Errc::not_found);
  CHECK(count(shopper("user")) == 1);
  CHECK(count(guest("comes back")) == 2);
  CHECK(world.order(expired.number).state == OrderState::delivery);
  CHECK(world.order(bought.number).state == OrderState::complete);
}

TEST_CASE("only hosts' reservations are released by the clock alone") {
  PayingShop world;
  const Order order = world.place_here().order;
  world.shop->reservations()
      .reserve(staff(),
               {.order_ref = "host-1", .lines = {{.line_ref = "1", .sku = "MUG", .quantity = 3}}})
      .value();
  world.model->set_down(true);
  world.wait(kMicrosPerHour);
  CHECK(world.stock("MUG").reserved == 0);
  CHECK(world.stock("TEA").reserved == 2);
  CHECK(world.order(order.number).state == OrderState::payment);
  world.model->set_down(false);
  world.settle();
  CHECK(world.stock("TEA").reserved == 0);
}

TEST_CASE("an idempotency key is forgotten after its time") {
  PayingShop world;
  const auto add = [&] {
    return world.shop->carts()
        .add_item(with_key("k", shopper()), {.sku = "TEA", .quantity = 1})
        .value()
        .item_count;
  };
  CHECK(add() == 1);
  world.wait(30 * kMicrosPerDay);
  CHECK(add() == 1);
  world.wait(1);
  CHECK(add() == 2);
}

TEST_CASE("what somebody has leased is left to them until they must have crashed") {
  PayingShop world;
  const Order order = world.place_here().order;
  const auto other = world.open();
  world.model->pay(world.intent(order));
  world.clock->advance(kMicrosPerMinute);
  // While the first one asks, the second one has nothing to do.
  std::int64_t done_by_other = -1;
  world.model->before_answer(Call::fetch,
                             [&] { done_by_other = other->run_due_work().value().done; });
  world.model->fail(Call::fetch, Fault::crash_after);
  CHECK_THROWS_AS(world.shop->run_due_work(), Crash);
  CHECK(done_by_other == 0);
  CHECK(world.model->calls(Call::fetch).size() == 1);
  BuyingShop::work(*other);
  CHECK(world.model->calls(Call::fetch).size() == 1);
  world.clock->advance(kMicrosPerMinute);
  BuyingShop::work(*other);
  CHECK(world.order(order.number).state == OrderState::complete);
}

TEST_CASE("a payment that cannot be dealt with does not stop the work on others") {
  PayingShop world;
  for (int i = 0; i < 3; ++i) {
    const Order order = world.place_here(shopper(buyer(i))).order;
    world.model->pay(world.intent(order));
    world.clock->advance(1);
  }
  world.model->before_answer(Call::fetch, [] { throw std::runtime_error("a defect of the host"); });
  world.clock->advance(kMicrosPerMinute);
  world.work();
  int complete = 0;
  for (int i = 0; i < 3; ++i) {
    complete += world.newest(shopper(buyer(i))).state == OrderState::complete;
  }
  CHECK(complete == 2);
  const auto lines = world.log->lines();
  CHECK(std::any_of(lines.begin(), lines.end(), [](const std::string& line) {
    return line.find("a defect of the host") != std::string::npos;
  }));
  world.settle();
}

TEST_CASE("many threads do each piece of work once", "[concurrent]") {
  PayingShop world(1'000);
  constexpr int kOrders = 30;
  for (int i = 0; i < kOrders; ++i) {
    const Order order = world.place_here(shopper(buyer(i))).order;
    if (i % 2 == 0) world.model->pay(world.intent(order));
  }
  world.work();
  const auto asked = world.model->calls(Call::fetch).size();
  world.clock->advance(16 * kMicrosPerMinute);
  const auto other = world.open();
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) {
    Shop& shop = i % 2 == 0 ? *world.shop : *other;
    threads.emplace_back([&shop] {
      while (shop.run_due_work(3).value().more) {
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  world.work();
  for (int i = 0; i < kOrders; ++i) {
    CHECK(world.newest(shopper(buyer(i))).state ==
          (i % 2 == 0 ? OrderState::complete : OrderState::delivery));
  }
  CHECK(world.mails("Order Confirmation") == kOrders / 2);
  CHECK(world.model->calls(Call::fetch).size() == asked);
  CHECK(world.model->calls(Call::cancel).size() == kOrders);
}

TEST_CASE("many processes do each piece of work once") {
  BuyingShop world;
  constexpr int kOrders = 30;
  for (int i = 0; i < kOrders; ++i) world.place(shopper(buyer(i)), world.card);
  world.work();
  world.clock->advance(16 * kMicrosPerMinute);
  world.shop.reset();
  const auto work = [&] {
    const auto shop = world.open();
    std::int64_t done = 0;
    for (bool more = true; more;) {
      const DueWork part = shop->run_due_work(2).value();
      done += part.done;
      more = part.more;
    }
    return done;
  };
  std::int64_t done = 0;
  {
    std::vector<ChildProcess> workers;
    for (int i = 0; i < 4; ++i) workers.emplace_back(work);
    for (ChildProcess& each : workers) {
      const std::int64_t part = each.answer();
      CHECK(part >= 0);
      done += part;
    }
  }
  world.shop = world.open();
  CHECK(done == kOrders);
  CHECK(world.shop->run_due_work().value().done == 0);
  for (int i = 0; i < kOrders; ++i) {
    CHECK(world.shop->carts().get(shopper(buyer(i)), {}).value().state == OrderState::delivery);
  }
}

// ---- the worker

TEST_CASE("a worker stops at once, whether or not it has begun", "[concurrent]") {
  PayingShop world;
  for (int i = 0; i < 20; ++i) Worker worker(*world.shop, 3'600'000);
  std::vector<std::unique_ptr<Worker>> workers;
  for (int i = 0; i < 4; ++i) workers.push_back(std::make_unique<Worker>(*world.shop));
}

TEST_CASE("a worker does what becomes due while it runs", "[concurrent]") {
  PayingShop world;
  const Order order = world.place_here().order;
  {
    const Worker worker(*world.shop, 1);
    world.model->pay(world.intent(order));
    world.clock->advance(kMicrosPerMinute);
    while (world.mails("Order Confirmation") == 0) std::this_thread::yield();
  }
  CHECK(world.order(order.number).state == OrderState::complete);
  CHECK(world.mails("Order Confirmation") == 1);
}

TEST_CASE("a worker outlives a defect of the host", "[concurrent]") {
  PayingShop world;
  const Order order = world.place_here().order;
  world.model->before_answer(Call::fetch, [] { throw std::runtime_error("a defect of the host"); });
  {
    const Worker worker(*world.shop, 1);
    world.model->pay(world.intent(order));
    while (world.mails("Order Confirmation") == 0) {
      world.clock->advance(kMicrosPerMinute / 10);
      std::this_thread::yield();
    }
  }
  CHECK(world.order(order.number).state == OrderState::complete);
}
