// What the clock makes due: all of it, each piece once, by whoever comes, and nothing when nothing
// is due.
#include <atomic>
#include <filesystem>
#include <latch>
#include <stdexcept>
#include <thread>

#include "support/child_process.hpp"
#include "support/due_stores.hpp"
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
  world.shop->admin()
      .products()
      .create(other,
              {.slug = "tea",
               .name = "Tea",
               .variants = {{.sku = "TEA", .name = "Tea", .price_cents = 790, .currency = eur}}})
      .value();
  world.shop->admin().locations().create(other, {.name = "Shelf"}).value();
  world.shop->admin().stock().set(other, {.sku = "TEA", .on_hand = 10}).value();
  in_both([&](const std::string& store) {
    world.shop->reservations()
        .reserve(in_store(store, staff()),
                 {.order_ref = "host-1", .lines = {{.line_ref = "1", .sku = "TEA", .quantity = 3}}})
        .value();
    world.shop->cart().add_item(in_store(store, guest()), {.sku = "TEA", .quantity = 1}).value();
  });
  const auto reserved = [&](const std::string& store) {
    return world.shop->admin().stock().get(in_store(store, staff()), {"TEA"}).value().reserved;
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
  world.shop->admin()
      .settings()
      .update_checkout(staff(), {.guest_checkout = true, .abandoned_cart_days = 10})
      .value();
  world.shop->cart().add_item(guest("left"), {.sku = "TEA", .quantity = 1}).value();
  world.fill(guest("left in checkout"));
  const Caller keyed = with_key("k", guest("repeats"));
  world.shop->cart().add_item(keyed, {.sku = "TEA"}).value();
  world.shop->cart().add_item(shopper("user"), {.sku = "TEA", .quantity = 1}).value();
  world.shop->cart().add_item(guest("comes back"), {.sku = "TEA", .quantity = 1}).value();
  const Order expired = world.place_here(guest("placed once")).order;
  const Order bought = world.buy_here(guest("bought"));
  world.wait(kMicrosPerDay);
  REQUIRE(world.order(expired.number).state == OrderState::delivery);
  world.wait(8 * kMicrosPerDay);
  CHECK(orders_in(world) == 7);
  world.shop->cart().add_item(guest("comes back"), {.sku = "MUG", .quantity = 1}).value();
  world.wait(2 * kMicrosPerDay);
  CHECK(orders_in(world) == 4);
  const auto count = [&](const Caller& caller) {
    return world.shop->cart().get(caller).value().item_count;
  };
  CHECK(count(guest("left")) == 0);
  CHECK(count(guest("left in checkout")) == 0);
  check_refused(world.shop->cart().add_item(keyed, {.sku = "TEA"}), Errc::not_found);
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
    return world.shop->cart()
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
    CHECK(world.shop->cart().get(shopper(buyer(i)), {}).value().state == OrderState::delivery);
  }
}

// ---- whose turn it is

namespace {

// Takes as long as it is told to by a clock that otherwise stands still.
class SlowMailer final : public Mailer {
 public:
  Result<void> send(const Mail&) override {
    if (before) before();
    clock->advance(takes);
    ++sent;
    return answer;
  }

  std::shared_ptr<TestClock> clock;
  std::int64_t takes = 0;
  std::function<void()> before;
  Result<void> answer = success();
  std::int64_t sent = 0;
};

}  // namespace

TEST_CASE("with nothing due no lock is taken, whatever is still to come") {
  PayingShop world;
  world.place_here(shopper("waits"));
  world.buy_here(shopper("has bought"));
  reserve(world, "default", "host-1", kMicrosPerHour);
  world.shop->cart().add_item(guest(), {.sku = "TEA", .quantity = 1}).value();
  world
      .receive(world.model->sign(
          "id=early\ntype=payment\nintent=pi_early\npayment=" + PaymentId({1, 2}).text() + "\n"))
      .value();
  world.mailer->answer = [](const Mail&) -> Result<void> {
    return Error(Errc::processor_unavailable, "no connection");
  };
  world.work();
  REQUIRE(world.shop->admin().events().list(staff()).value().items.size() == 1);
  Look other(world.file);
  other.run("BEGIN IMMEDIATE");
  for (int i = 0; i < 3; ++i) {
    const DueWork work = world.shop->run_due_work().value();
    CHECK(work.done == 0);
    CHECK_FALSE(work.more);
  }
  world.clock->advance(kMicrosPerHour);
  CHECK(code_of(world.shop->run_due_work()) == Errc::busy);  // the lock is seen by what needs it
  other.run("ROLLBACK");
  world.mailer->answer = nullptr;
  world.settle();
}

TEST_CASE("there is more to do where something is due, not where the limit was just reached") {
  PayingShop world;
  for (int i = 0; i < 4; ++i) reserve(world, "default", "host-" + std::to_string(i), 1);
  world.clock->advance(1);
  DueWork work = world.shop->run_due_work(3).value();
  CHECK(work.done == 3);
  CHECK(work.more);
  work = world.shop->run_due_work(1).value();
  CHECK(work.done == 1);
  CHECK_FALSE(work.more);
}

TEST_CASE("slow mails of one store hold back no deadline of another for longer than one of them") {
  PayingShop world;
  stock_store(world, "other");
  constexpr std::int64_t kMails = 12;
  for (int i = 0; i < kMails; ++i) world.buy_here(shopper(buyer(i)));
  const auto mailer = std::make_shared<SlowMailer>();
  mailer->clock = world.clock;
  const std::int64_t takes =
      GENERATE(1 * kMicrosPerSecond, 4 * kMicrosPerSecond, 30 * kMicrosPerSecond);
  mailer->takes = takes;
  if (takes == 30 * kMicrosPerSecond) {
    mailer->answer = Error(Errc::processor_unavailable, "the mail server does not answer");
  }
  const auto shop = open_with(world, mailer);
  const Timestamp begin = world.clock->now();
  for (int i = 1; i <= kMails; ++i) reserve(world, "other", std::to_string(i), i * takes);
  // Of those that are past their deadline only what has come due during the mail before may be
  // held.
  std::vector<std::int64_t> late;
  mailer->before = [&] {
    const std::int64_t due = (world.clock->now().micros - begin.micros) / takes;
    late.push_back(reserved(world, "other") - (kMails - due));
  };
  while (mailer->sent < kMails) REQUIRE(shop->run_due_work().value().done > 0);
  CHECK(late == std::vector<std::int64_t>(kMails, 0));
  mailer->before = nullptr;
  mailer->answer = success();
  for (int hour = 0; hour < 3; ++hour) {
    world.clock->advance(kMicrosPerHour);
    BuyingShop::work(*shop);
  }
}

TEST_CASE("a run ends after some time, and says that there is more") {
  PayingShop world;
  for (int i = 0; i < 6; ++i) world.buy_here(shopper(buyer(i)));
  const auto mailer = std::make_shared<SlowMailer>();
  mailer->clock = world.clock;
  mailer->takes = kMicrosPerSecond;
  const auto shop = open_with(world, mailer);
  const DueWork work = shop->run_due_work().value();
  CHECK(work.done == 2);
  CHECK(work.more);
  BuyingShop::work(*shop);
  CHECK(mailer->sent == 6);
}

TEST_CASE("a mail server that hangs delays other handlers by one mail") {
  PayingShop world;
  std::vector<std::int64_t> told_after;  // mails
  const auto mailer = std::make_shared<SlowMailer>();
  mailer->clock = world.clock;
  mailer->takes = 30 * kMicrosPerSecond;
  mailer->answer = Error(Errc::processor_unavailable, "the mail server does not answer");
  const EventHandler quick{"quick",
                           {EventType::order_completed},
                           [&](Shop&, const std::string&, const Event&) -> Result<void> {
                             told_after.push_back(mailer->sent);
                             return success();
                           }};
  const auto shop = open_with(world, mailer, {quick});
  world.shop = open_with(world, mailer, {quick});
  for (int i = 0; i < 20; ++i) {
    world.buy_here(shopper(buyer(i)));
    world.shop->admin()
        .orders()
        .ship(staff(), {world.newest(shopper(buyer(i))).number, "T1"})
        .value();
  }
  for (int i = 0; i < 3; ++i) CHECK(shop->run_due_work().value().more);
  CHECK(told_after == std::vector<std::int64_t>(20, 1));
  mailer->takes = 0;
  mailer->answer = success();
  BuyingShop::work(*shop);
  world.clock->advance(kMicrosPerMinute);
  BuyingShop::work(*shop);
  CHECK(mailer->sent > 40);
}

TEST_CASE("a processor that hangs delays neither other stores nor other kinds of work") {
  PayingShop world;
  stock_store(world, "other");
  for (int i = 0; i < 8; ++i) world.place_here(shopper(buyer(i)));
  world.buy_here(shopper("has bought"));  // and is to get a mail
  world.model->fail(Call::fetch, Fault::lost_answer, 8);
  std::function<void()> hang = [&] {
    world.clock->advance(30 * kMicrosPerSecond);
    world.model->before_answer(Call::fetch, hang);
  };
  world.model->before_answer(Call::fetch, hang);
  world.clock->advance(kMicrosPerMinute);
  reserve(world, "other", "host-1", kMicrosPerSecond);
  // The first call shows that it hangs. Then the reservation has come due, and the mail has waited.
  world.shop->run_due_work().value();
  REQUIRE(world.model->calls(Call::fetch).size() == 1);
  CHECK(world.shop->run_due_work().value().more);
  CHECK(reserved(world, "other") == 0);
  CHECK(world.mails("Order Confirmation") == 1);
  CHECK(world.model->calls(Call::fetch).size() == 2);
  world.model->forgive();
  world.settle();
}

TEST_CASE("stores take turns, however much one of them has to do") {
  PayingShop world;
  for (const char* store : {"a", "b", "c"}) stock_store(world, store);
  std::map<std::string, std::vector<std::string>> told;
  std::vector<std::string> stores;
  const EventHandler listener{"listener",
                              {EventType::cart_merged},
                              [&](Shop&, const std::string& store, const Event&) -> Result<void> {
                                stores.push_back(store);
                                return success();
                              }};
  const auto shop = open_with(world, nullptr, {listener});
  const auto merge = [&](const std::string& store, int count) {
    for (int i = 0; i < count; ++i) {
      const Caller visitor = in_store(store, guest(buyer(i)));
      shop->cart().add_item(visitor, {.sku = "TEA", .quantity = 1}).value();
      Caller both = visitor;
      both.user_id = buyer(i);
      shop->cart().merge(both).value();
    }
  };
  merge("a", 50);
  merge("b", 2);
  merge("c", 1);
  CHECK(shop->run_due_work(6).value().more);
  CHECK(std::count(stores.begin(), stores.end(), "a") == 3);
  CHECK(std::count(stores.begin(), stores.end(), "b") == 2);
  CHECK(std::count(stores.begin(), stores.end(), "c") == 1);
  // With a piece at a time, too.
  merge("b", 5);
  stores.clear();
  for (int i = 0; i < 8; ++i) shop->run_due_work(1).value();
  CHECK(std::count(stores.begin(), stores.end(), "b") >= 3);
  BuyingShop::work(*shop);
}

TEST_CASE("a backlog of payments does not keep events waiting for its end") {
  PayingShop world(1'000);
  for (int i = 0; i < 40; ++i) world.place_here(shopper(buyer(i)));
  world.buy_here(shopper("has bought"));
  world.clock->advance(16 * kMicrosPerMinute);
  CHECK(world.shop->run_due_work(20).value().done == 20);
  CHECK(world.mails("Order Confirmation") == 1);
  world.work();
}

TEST_CASE("while one thread hangs in a mail others do all else, and do not join it",
          "[concurrent]") {
  // Keeps whoever sends a mail until it is let go.
  struct HangingMailer final : Mailer {
    Result<void> send(const Mail&) override {
      ++begun;
      begins.count_down();
      goes_on.wait();
      ++sent;
      return success();
    }
    std::latch begins{1};
    std::latch goes_on{1};
    std::atomic<int> begun = 0;
    std::atomic<int> sent = 0;
  };
  PayingShop world;
  const auto mailer = std::make_shared<HangingMailer>();
  int told = 0;
  const EventHandler quick{"quick",
                           {EventType::order_completed},
                           [&](Shop&, const std::string&, const Event&) -> Result<void> {
                             ++told;
                             return success();
                           }};
  world.shop = open_with(world, mailer, {quick});
  for (int i = 0; i < 3; ++i) world.buy_here(shopper(buyer(i)));
  reserve(world, "default", "host-1", 6 * kMicrosPerSecond);
  world.mailer->answer = nullptr;
  std::thread hangs([&] { world.shop->run_due_work().value(); });
  mailer->begins.wait();
  world.clock->advance(6 * kMicrosPerSecond);
  const DueWork work = world.shop->run_due_work().value();
  CHECK(work.done >= 1);
  CHECK_FALSE(work.more);                   // what is left waits for the mail server
  CHECK(world.stock("TEA").reserved == 6);  // what was bought; the host's hold has ended
  CHECK(told == 3);
  CHECK(mailer->begun == 1);
  mailer->goes_on.count_down();
  hangs.join();
  world.work();
  CHECK(mailer->sent == 3);
}

TEST_CASE("a part of due work is done alone, and says whether more of it is due") {
  PayingShop world;
  int told = 0;
  const EventHandler handler{"host",
                             {EventType::order_completed},
                             [&](Shop&, const std::string&, const Event&) -> Result<void> {
                               ++told;
                               return success();
                             }};
  world.shop = open_with(world, world.mailer, {handler});
  for (int i = 0; i < 2; ++i) world.buy_here(shopper(buyer(i)));
  const Order open = world.place_here().order;
  world.model->pay(world.intent(open));
  world.clock->advance(kMicrosPerMinute);
  reserve(world, "default", "host-1", 1);
  world.clock->advance(1);
  const auto run = [&](DueWorkPart part, std::int64_t limit = 1'000) {
    const DueWork work = world.shop->run_due_work(limit, part).value();
    return std::make_pair(work.done, work.more);
  };
  CHECK(run(DueWorkPart::deadlines) == std::make_pair(std::int64_t{1}, false));
  CHECK(run(DueWorkPart::mail, 1) == std::make_pair(std::int64_t{1}, true));
  CHECK(run(DueWorkPart::mail) == std::make_pair(std::int64_t{1}, false));
  CHECK(world.mails("Order Confirmation") == 2);
  CHECK(world.order(open.number).state == OrderState::payment);
  CHECK(run(DueWorkPart::payments) == std::make_pair(std::int64_t{1}, false));
  CHECK(world.order(open.number).state == OrderState::complete);
  CHECK(told == 0);
  CHECK(run(DueWorkPart::events) == std::make_pair(std::int64_t{3}, false));
  CHECK(told == 3);
  CHECK(run(DueWorkPart::all) == std::make_pair(std::int64_t{1}, false));  // the third mail
  CHECK(world.mails("Order Confirmation") == 3);
}
