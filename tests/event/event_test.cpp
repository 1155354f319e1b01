// The outbox: handlers are told what happened, after it, at least once, in order.
#include <algorithm>
#include <latch>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "support/buying_shop.hpp"
#include "support/child_process.hpp"
#include "support/refusal.hpp"
#include "support/tier.hpp"

using namespace resys;
using namespace resys::test;

namespace {

// What a host's handler was told. `answer` says how it answers.
struct Listener {
  explicit Listener(std::vector<EventType> types = {}) : types(std::move(types)) {}

  EventHandler handler(const std::string& name) {
    return {name, types, [this](Shop& shop, const std::string&, const Event& event) {
              {
                const std::lock_guard lock(mutex);
                events.push_back(event);
              }
              return answer ? answer(shop, event) : Result<void>(success());
            }};
  }
  std::int64_t count() const { return static_cast<std::int64_t>(events.size()); }

  std::vector<EventType> types;
  std::function<Result<void>(Shop&, const Event&)> answer;
  std::mutex mutex;
  std::vector<Event> events;
};

ShopOptions with_handlers(std::vector<EventHandler> handlers) {
  ShopOptions options;
  options.handlers = std::move(handlers);
  return options;
}

std::vector<Event> timeline(BuyingShop& test, const Order& order) {
  return test.shop->admin().orders().get_timeline(staff(), {order.number}).value().items;
}

std::vector<EventDelivery> deliveries(BuyingShop& test,
                                      std::optional<DeliveryState> state = std::nullopt) {
  return test.shop->admin().events().list(staff(), {.state = state, .limit = 200}).value().items;
}

std::string names(const std::vector<Event>& events) {
  std::string text;
  for (const Event& event : events) {
    text += (text.empty() ? "" : " ") + std::string(name_of(event.type));
  }
  return text;
}

Result<void> fail_always(Shop&, const Event&) {
  return Error(Errc::processor_unavailable, "the warehouse does not answer");
}

}  // namespace

TEST_CASE("a handler is told all that happened to an order, once and in order") {
  Listener listener;
  BuyingShop test(with_handlers({listener.handler("listener")}));
  const Order order = test.buy(shopper());
  CHECK(listener.events.empty());
  test.work();
  const auto expected = timeline(test, order);
  REQUIRE(expected.size() >= 2);
  CHECK(expected.front().type == EventType::order_placed);
  REQUIRE(names(listener.events) == names(expected));
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CHECK(listener.events[i].id == expected[i].id);
    CHECK(listener.events[i].order_id == order.id);
    CHECK(listener.events[i].sequence == static_cast<std::int64_t>(i) + 1);
    CHECK(listener.events[i].facts == expected[i].facts);
    CHECK(listener.events[i].created_at == expected[i].created_at);
  }
  test.work();
  CHECK(listener.events.size() == expected.size());
  CHECK(deliveries(test).empty());
}

TEST_CASE("a handler is told only of the events it asked for") {
  Listener listener({EventType::order_shipped, EventType::order_completed});
  BuyingShop test(with_handlers({listener.handler("listener")}));
  const Order order = test.buy(shopper());
  test.shop->admin().orders().ship(staff(), {order.number, "TRACK-1", {}}).value();
  test.work();
  CHECK(names(listener.events) == "OrderCompleted OrderShipped");
}

TEST_CASE("a handler may call the shop, which is as the event left it or further") {
  Listener listener({EventType::order_completed});
  std::string seen;
  listener.answer = [&](Shop& shop, const Event& event) -> Result<void> {
    RESYS_TRY(all, shop.admin().orders().list(staff()));
    for (const Order& order : all.items) {
      if (order.id == event.order_id) seen = name_of(order.state);
    }
    RESYS_TRYV(shop.admin().settings().update_checkout(staff(), {.payment_due_days = 3}));
    return success();
  };
  BuyingShop test(with_handlers({listener.handler("listener")}));
  test.buy(shopper());
  test.work();
  CHECK(seen == "Complete");
  CHECK(test.shop->admin().settings().get_checkout(staff()).value().payment_due_days == 3);
  CHECK(deliveries(test).empty());
}

TEST_CASE("a failing handler is tried again ever more slowly, then it is dead") {
  Listener listener({EventType::order_placed});
  listener.answer = fail_always;
  BuyingShop test(with_handlers({listener.handler("warehouse")}));
  test.place(shopper(), test.transfer);
  test.work();
  std::vector<std::int64_t> delays;
  for (std::int64_t failures = 1; failures < 12; ++failures) {
    const auto waiting = deliveries(test, DeliveryState::pending);
    REQUIRE(waiting.size() == 1);
    CHECK(waiting[0].handler == "warehouse");
    CHECK(waiting[0].event.type == EventType::order_placed);
    CHECK(waiting[0].attempts == failures);
    CHECK(waiting[0].last_error == "processor_unavailable: the warehouse does not answer");
    const std::int64_t wait = waiting[0].next_attempt_at.value().micros - test.clock->now().micros;
    delays.push_back(wait / kMicrosPerSecond);
    test.clock->advance(wait - 1);
    test.work();
    CHECK(listener.count() == failures);
    test.clock->advance(1);
    test.work();
    CHECK(listener.count() == failures + 1);
  }
  CHECK(delays == std::vector<std::int64_t>{10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600});
  const auto dead = deliveries(test);
  REQUIRE(dead.size() == 1);
  CHECK(dead[0].state == DeliveryState::dead);
  CHECK(dead[0].attempts == 12);
  CHECK_FALSE(dead[0].next_attempt_at);
  test.clock->advance(kMicrosPerDay);
  test.work();
  CHECK(listener.count() == 12);
}

TEST_CASE("staff make a dead delivery due again, and it starts anew") {
  Listener listener({EventType::order_placed});
  listener.answer = fail_always;
  BuyingShop test(with_handlers({listener.handler("warehouse")}));
  test.place(shopper(), test.transfer);
  const auto until_dead = [&] {
    for (int i = 0; i < 12; ++i) {
      test.work();
      test.clock->advance(kMicrosPerHour);
    }
    REQUIRE(deliveries(test).at(0).state == DeliveryState::dead);
  };
  until_dead();
  const EventId event = listener.events.front().id;
  const Caller once = with_key("retry-1", staff());
  CHECK(test.shop->admin().events().retry(once, {event}).value().deliveries == 1);
  CHECK(test.shop->admin().events().retry(staff(), {event}).value().deliveries == 0);
  CHECK(deliveries(test).at(0).state == DeliveryState::pending);
  CHECK(deliveries(test).at(0).attempts == 0);
  until_dead();
  CHECK(listener.count() == 24);

  // The same request again is the same retry, and another one is another.
  CHECK(test.shop->admin().events().retry(once, {event}).value().deliveries == 1);
  CHECK(deliveries(test).at(0).state == DeliveryState::dead);
  listener.answer = nullptr;
  CHECK(test.shop->admin().events().retry(staff(), {event}).value().deliveries == 1);
  test.work();
  CHECK(deliveries(test).empty());
  CHECK(test.shop->admin().events().retry(staff(), {event}).error().code() == Errc::not_found);
}

TEST_CASE("later events of the order wait for the one that fails; nobody else does") {
  Listener failing;
  Listener healthy;
  BuyingShop test(with_handlers({failing.handler("failing"), healthy.handler("healthy")}));
  const Order stuck = test.buy(shopper("ada"));
  const Order other = test.buy(shopper("bob"));
  bool broken = true;
  failing.answer = [&](Shop&, const Event& event) -> Result<void> {
    if (broken && event.order_id == stuck.id) return Error(Errc::conflict, "not now");
    return success();
  };
  test.work();
  const std::size_t all = timeline(test, stuck).size() + timeline(test, other).size();
  CHECK(healthy.events.size() == all);
  CHECK(failing.events.size() == 1 + timeline(test, other).size());

  broken = false;
  failing.events.clear();
  test.clock->advance(kMicrosPerHour);
  test.work();
  CHECK(names(failing.events) == names(timeline(test, stuck)));
}

TEST_CASE("a dead delivery holds up nothing") {
  Listener listener({EventType::order_placed, EventType::order_completed});
  listener.answer = [](Shop&, const Event& event) -> Result<void> {
    if (event.type == EventType::order_placed) return Error(Errc::conflict, "never");
    return success();
  };
  BuyingShop test(with_handlers({listener.handler("listener")}));
  test.buy(shopper());
  for (int i = 0; i < 12; ++i) {
    CHECK(listener.events.size() == static_cast<std::size_t>(i));
    test.work();
    test.clock->advance(kMicrosPerHour);
  }
  CHECK(listener.events.size() == 13);
  CHECK(listener.events.back().type == EventType::order_completed);
  REQUIRE(deliveries(test).size() == 1);
  CHECK(deliveries(test)[0].event.type == EventType::order_placed);
}

TEST_CASE("what a handler throws is a failure that staff can read") {
  Listener listener({EventType::order_placed});
  BuyingShop test(with_handlers({listener.handler("listener")}));
  const auto error_after = [&](std::function<void()> thrower) {
    listener.answer = [thrower = std::move(thrower)](Shop&, const Event&) -> Result<void> {
      thrower();
      return success();
    };
    test.clock->advance(kMicrosPerHour);
    test.work();
    return deliveries(test).at(0).last_error;
  };
  test.place(shopper(), test.transfer);
  CHECK(error_after([] { throw Exception(Error(Errc::not_found, "no such shelf")); }) ==
        "not_found: no such shelf");
  CHECK(error_after([] { throw std::runtime_error("two\nlines"); }) == "internal: two lines");
  CHECK(error_after([] { throw std::runtime_error("bad \xff text"); }) == "internal: bad ? text");
  CHECK(error_after([] { throw 7; }) ==
        "internal: the handler threw something that is not a std::exception");

  std::string wide;  // 500 bytes end inside of a character
  for (int i = 0; i < 400; ++i) wide += "\u00e4";
  const std::string stored = error_after([&] { throw std::runtime_error(wide); });
  CHECK(stored == "internal: " + wide.substr(0, 490));
  const std::string odd = error_after([&] { throw std::runtime_error("x" + wide); });
  CHECK(odd == "internal: x" + wide.substr(0, 488));
}

TEST_CASE("a shop without the handler leaves its deliveries to one that has it") {
  Listener absent;
  Listener present;
  BuyingShop test(with_handlers({absent.handler("absent"), present.handler("present")}));
  const Order order = test.buy(shopper());
  test.shop.reset();
  ShopOptions fewer = test.options();
  fewer.handlers = {present.handler("present")};
  test.shop = Shop::open(fewer).value();
  test.work();
  const auto expected = timeline(test, order);
  CHECK(names(present.events) == names(expected));
  CHECK(absent.events.empty());
  CHECK(deliveries(test, DeliveryState::pending).size() == expected.size());
  CHECK(test.shop->run_due_work().value().done == 0);

  test.shop = test.open();
  test.work();
  CHECK(names(absent.events) == names(expected));
  CHECK(names(present.events) == names(expected));
}

TEST_CASE("no two workers tell the same event at once") {
  Listener listener;
  BuyingShop test(with_handlers({listener.handler("listener")}));
  const auto second = test.open();
  const Order order = test.place(shopper(), test.transfer).order;
  const auto expected = timeline(test, order);
  REQUIRE(expected.size() >= 2);
  std::int64_t told_meanwhile = -1;
  bool is_first = true;
  listener.answer = [&](Shop&, const Event&) -> Result<void> {
    if (!std::exchange(is_first, false)) return success();
    second->run_due_work().value();
    told_meanwhile = listener.count() - 1;
    return success();
  };
  test.shop->run_due_work().value();
  CHECK(told_meanwhile == 0);
  CHECK(names(listener.events) == names(expected));
}

TEST_CASE("what a crashed worker had begun is told again after a minute") {
  Listener listener({EventType::order_placed});
  BuyingShop test(with_handlers({listener.handler("listener")}));
  const auto second = test.open();
  test.place(shopper(), test.transfer);
  std::vector<std::int64_t> told;
  // The first worker is still at it when the second comes, before and after the minute.
  bool is_first = true;
  listener.answer = [&](Shop&, const Event&) -> Result<void> {
    if (!std::exchange(is_first, false)) return success();
    for (const std::int64_t wait : {59 * kMicrosPerSecond, kMicrosPerSecond}) {
      test.clock->advance(wait);
      second->run_due_work().value();
      told.push_back(listener.count());
    }
    return Error(Errc::conflict, "too late: somebody else has done it");
  };
  test.shop->run_due_work().value();
  CHECK(told == std::vector<std::int64_t>{1, 2});
  CHECK(deliveries(test).empty());
}

TEST_CASE("an event that staff retry comes before the later ones of its order") {
  Listener listener;
  BuyingShop test(with_handlers({listener.handler("listener")}));
  const Order order = test.buy(shopper());
  const auto all = timeline(test, order);
  REQUIRE(all.size() == 3);
  // The first is given up, the second fails for now, the third waits for it.
  std::int64_t failing = 1;
  listener.answer = [&](Shop&, const Event& event) -> Result<void> {
    if (event.sequence > failing) return success();
    return Error(Errc::internal, "not now");
  };
  while (deliveries(test, DeliveryState::dead).empty()) {
    test.clock->advance(kMicrosPerHour);
    if (deliveries(test)[2].attempts == 11) failing = 2;
    test.work();
  }
  const auto waiting = deliveries(test);
  REQUIRE(waiting.size() == 3);
  CHECK(waiting[1].next_attempt_at == test.clock->now().plus(10 * kMicrosPerSecond));
  CHECK_FALSE(waiting[0].next_attempt_at);
  listener.events.clear();
  listener.answer = nullptr;
  CHECK(test.shop->admin().events().retry(staff(), {all[0].id}).value().deliveries == 1);
  test.work();
  CHECK(names(listener.events) == names(all));
  CHECK(deliveries(test).empty());
}

TEST_CASE("a handler that takes its process with it is given up, too") {
  Listener listener({EventType::order_placed});
  BuyingShop test(with_handlers({listener.handler("listener")}));
  test.place(shopper(), test.transfer);
  test.shop.reset();
  for (int attempt = 1; attempt <= 12; ++attempt) {
    ChildProcess worker([&]() -> std::int64_t {
      listener.answer = [](Shop&, const Event&) -> Result<void> { std::_Exit(1); };
      test.open()->run_due_work().value();
      return 0;
    });
    REQUIRE(worker.answer() == -1);
    test.clock->advance(kMicrosPerMinute);
  }
  test.shop = test.open();
  CHECK(deliveries(test, DeliveryState::pending).at(0).attempts == 12);
  test.work();
  CHECK(listener.count() == 0);
  REQUIRE(deliveries(test, DeliveryState::dead).size() == 1);
  CHECK(deliveries(test)[0].last_error == "internal: the last attempt never ended");
}

TEST_CASE("workers of several shops tell each event once and in order", "[concurrent]") {
  Listener listener;
  BuyingShop test(with_handlers({listener.handler("listener")}));
  const std::int64_t orders = by_tier(5, 20, 500);
  std::map<OrderId, std::int64_t> expected;
  for (std::int64_t i = 0; i < orders; ++i) {
    const std::string user = "user-" + std::to_string(i);
    test.shop->admin().stock().set(staff(), {.sku = "TEA", .adjust = 10}).value();
    const Order order = test.buy(shopper(user));
    expected[order.id] = static_cast<std::int64_t>(timeline(test, order).size());
  }
  const auto second = test.open();
  constexpr int kWorkers = 6;
  std::latch start(kWorkers);
  std::vector<std::thread> workers;
  for (int i = 0; i < kWorkers; ++i) {
    workers.emplace_back([&, i] {
      start.arrive_and_wait();
      Shop& shop = i % 2 == 0 ? *test.shop : *second;
      while (shop.run_due_work(3).value().more) {
      }
    });
  }
  for (std::thread& worker : workers) worker.join();
  test.work();
  std::map<OrderId, std::int64_t> told;
  for (const Event& event : listener.events) CHECK(event.sequence == ++told[event.order_id]);
  CHECK(told == expected);
  CHECK(deliveries(test).empty());
}

TEST_CASE("staff page through what is not delivered, newest first") {
  Listener listener;
  listener.answer = fail_always;
  BuyingShop test(with_handlers({listener.handler("first"), listener.handler("second")}));
  test.buy(shopper("ada"));
  test.buy(shopper("bob"));
  const auto all = deliveries(test);
  REQUIRE(all.size() >= 8);
  CHECK(std::is_sorted(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return std::pair(a.event.id, a.handler) > std::pair(b.event.id, b.handler);
  }));
  std::vector<std::string> paged;
  ListEvents request{.limit = 3};
  do {
    const auto page = test.shop->admin().events().list(staff(), request).value();
    CHECK(page.items.size() <= 3);
    for (const auto& item : page.items) paged.push_back(item.event.id.text() + item.handler);
    // What happens meanwhile is on the first page, and moves nothing on the others.
    if (!request.after) test.buy(shopper("eve"));
    request.after = page.next_after;
  } while (request.after);
  REQUIRE(paged.size() == all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    CHECK(paged[i] == all[i].event.id.text() + all[i].handler);
  }
  CHECK(deliveries(test, DeliveryState::dead).empty());
}

TEST_CASE("what is asked of events is checked") {
  Listener listener;
  BuyingShop test(with_handlers({listener.handler("listener")}));
  const Order order = test.place(shopper(), test.transfer).order;
  const EventId event = timeline(test, order).front().id;
  AdminEvents events = test.shop->admin().events();
  CHECK(events.list(shopper()).error().code() == Errc::forbidden);
  CHECK(events.retry(shopper(), {event}).error().code() == Errc::forbidden);
  for (const char* after : {"", "x", "event_/listener", "order_01h455vb4pex5vsknk084sn02q/x"}) {
    const auto refused = events.list(staff(), {.after = after});
    REQUIRE(refused.has_error());
    CHECK(refused.error().code() == Errc::invalid_request);
    CHECK(refused.error().field() == "after");
  }
  CHECK(events.list(staff(), {.limit = 0}).error().field() == "limit");

  const auto no_such = events.retry(in_store("elsewhere", staff()), {event});
  REQUIRE(no_such.has_error());
  CHECK(no_such.error().code() == Errc::not_found);
  CHECK(no_such.error().field() == "eventId");
  CHECK(events.list(in_store("elsewhere", staff()), {}).value().items.empty());
}

// ---- what a handler can act on

TEST_CASE("an event says whose order it is, and its order can be read") {
  Listener listener;
  BuyingShop test(with_handlers({listener.handler("listener")}));
  test.let_guests_check_out();
  const Order of_user = test.buy(shopper());
  const Order of_guest = test.buy(guest());
  test.work();
  REQUIRE(listener.count() >= 4);
  for (const Event& event : listener.events) {
    const bool is_users = event.order_id == of_user.id;
    CHECK(event.order_number == (is_users ? of_user.number : of_guest.number));
    CHECK(event.user_id == (is_users ? "ada" : ""));
    CHECK(event.email == "ada@example.com");
    // By the id, too, for whoever may read it.
    CHECK(test.shop->admin().orders().get(staff(), {event.order_id.text()}).value().number ==
          event.order_number);
    const Caller owner = is_users ? shopper() : guest();
    CHECK(test.shop->orders().get(owner, {event.order_id.text()}).value().id == event.order_id);
    check_refused(test.shop->orders().get(shopper("eve"), {event.order_id.text()}), Errc::not_found,
                  "number");
  }
  // A cart is no order yet.
  const Cart cart = test.shop->cart().add_item(shopper(), {.sku = "MUG"}).value();
  check_refused(test.shop->admin().orders().get(staff(), {cart.id.text()}), Errc::not_found,
                "number");
}

TEST_CASE("the address of an event is that of the order now") {
  // It is read when the event is, so that what an order forgets, its events forget.
  Listener listener({EventType::cart_merged});
  BuyingShop test(with_handlers({listener.handler("listener")}));
  test.shop->cart().add_item(guest(), {.sku = "TEA"}).value();
  test.shop->cart().merge({.user_id = "ada", .session_id = "s1"}, {}).value();
  CHECK(deliveries(test).at(0).event.email.empty());
  CHECK(deliveries(test).at(0).event.order_number.empty());
  test.fill(shopper());
  CHECK(deliveries(test).at(0).event.email == "ada@example.com");
}

TEST_CASE("an event names who caused it") {
  BuyingShop test;
  const auto by = [&](const Order& order, EventType type) {
    for (const Event& event : timeline(test, order)) {
      if (event.type == type) return std::pair(event.actor, event.actor_id);
    }
    FAIL("there is no " << name_of(type));
    return std::pair(Actor::shop, std::string());
  };
  const std::pair boss(Actor::staff, std::string("boss"));
  const std::pair ada(Actor::shopper, std::string("ada"));
  const std::pair processor(Actor::processor, std::string());
  const std::pair the_shop(Actor::shop, std::string());
  SECTION("a purchase, and a refund") {
    const Order order = test.buy(shopper());
    test.shop->admin().orders().ship(staff(), {order.number, "T1", {}}).value();
    test.shop->admin().orders().refund(staff(), {order.number, 100}).value();
    CHECK(by(order, EventType::order_placed) == ada);
    CHECK(by(order, EventType::external_payment_captured) == processor);
    CHECK(by(order, EventType::order_completed) == processor);
    CHECK(by(order, EventType::order_shipped) == boss);
    CHECK(by(order, EventType::payment_refunded) == boss);
  }
  SECTION("a transfer that has arrived") {
    const Order order = test.place(shopper(), test.transfer).order;
    test.shop->admin().orders().mark_paid(staff(), {order.number}).value();
    CHECK(by(order, EventType::external_payment_captured) == boss);
    CHECK(by(order, EventType::order_completed) == boss);
  }
  SECTION("a cancel by the shopper") {
    const Order order = test.place(shopper(), test.card).order;
    test.shop->orders().cancel(shopper(), {order.number}).value();
    CHECK(by(order, EventType::order_canceled) == ada);
  }
  SECTION("a cancel by staff of what is paid") {
    const Order order = test.buy(shopper());
    test.shop->admin().orders().cancel(staff(), {order.number}).value();
    CHECK(by(order, EventType::payment_refunded) == boss);
    CHECK(by(order, EventType::order_canceled) == boss);
  }
  SECTION("a deadline") {
    const Order order = test.place(shopper(), test.card).order;
    test.clock->advance(16 * kMicrosPerMinute);
    test.work();
    CHECK(by(order, EventType::payment_voided) == the_shop);
    CHECK(by(order, EventType::order_reopened) == the_shop);
  }
}
