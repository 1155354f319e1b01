// The threads of a Worker: what they do, what they survive, and that none waits for another.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "support/due_stores.hpp"
#include "support/paying_shop.hpp"

using namespace resys;
using namespace resys::test;

namespace {

using Call = ModelProcessor::Call;

// Keeps whoever comes in until it is opened; nobody waits after that.
struct Gate {
  void pass() {
    std::unique_lock lock(mutex);
    ++came;
    changed.notify_all();
    changed.wait(lock, [&] { return is_open; });
  }
  // False if nobody comes in for a very long time.
  bool wait_for_one() {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, std::chrono::seconds(20), [&] { return came > 0; });
  }
  void open() {
    const std::lock_guard lock(mutex);
    is_open = true;
    changed.notify_all();
  }
  std::mutex mutex;
  std::condition_variable changed;
  int came = 0;
  bool is_open = false;
};

// Opened also where a check fails while threads wait at it.
struct OpensAtEnd {
  Gate& gate;
  ~OpensAtEnd() { gate.open(); }
};

// Whether it comes true; whoever waits for what hangs gives up after a very long time.
bool comes(const std::function<bool()>& wanted) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!wanted()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

}  // namespace

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

TEST_CASE("with one worker nothing but its like waits for a call that hangs", "[concurrent]") {
  const std::string hanging = GENERATE("mail server", "handler", "processor");
  CAPTURE(hanging);
  PayingShop world;
  stock_store(world, "other");
  Gate gate;
  std::atomic<int> mails = 0;
  std::atomic<int> told = 0;
  struct GatedMailer final : Mailer {
    Result<void> send(const Mail&) override {
      pass();
      return success();
    }
    std::function<void()> pass;
  };
  const auto mailer = std::make_shared<GatedMailer>();
  mailer->pass = [&] {
    if (hanging == "mail server") gate.pass();
    ++mails;
  };
  const EventHandler handler{"host",
                             {EventType::order_completed},
                             [&](Shop&, const std::string&, const Event&) -> Result<void> {
                               if (hanging == "handler") gate.pass();
                               ++told;
                               return success();
                             }};
  world.shop = open_with(world, mailer, {handler});
  reserve(world, "other", "host-1", 2 * kMicrosPerMinute);
  const Order placed = world.place_here(shopper("pays later")).order;
  if (hanging == "processor") world.model->before_answer(Call::fetch, [&] { gate.pass(); });
  {
    const Worker worker(*world.shop, 1);
    const OpensAtEnd at_end{gate};
    world.clock->advance(kMicrosPerMinute);  // due work asks for the payment
    if (hanging != "processor") world.buy_here(shopper("has bought"));
    REQUIRE(gate.wait_for_one());
    // Only now do a deadline and money come due.
    world.clock->advance(kMicrosPerMinute);
    CHECK(comes([&] { return reserved(world, "other") == 0; }));
    if (hanging == "processor") {
      world.buy_here(shopper("has bought"));
    } else {
      world.model->pay(world.intent(placed));
      // A look at the payment that began before the money came postpones the next one.
      CHECK(comes([&] {
        world.clock->advance(kMicrosPerSecond);
        return world.order(placed.number).state == OrderState::complete;
      }));
    }
    CHECK((hanging == "mail server" || comes([&] { return mails > 0; })));
    CHECK((hanging == "handler" || comes([&] { return told > 0; })));
  }
  world.work();
  world.wait(kMicrosPerHour);
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
