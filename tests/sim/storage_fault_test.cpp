// The disk fails under a shop that sells: whichever I/O call fails while an order is placed, paid,
// given back, canceled or worked on, what the caller was told is true, the same request repeated on
// a healthy disk does it once, and the books agree with the processor's.
#include <cstdlib>
#include <functional>
#include <random>

#include "support/faulty_vfs.hpp"
#include "support/paying_shop.hpp"
#include "support/tier.hpp"

using namespace resys;
using namespace resys::test;

namespace {

Caller with_key(Caller caller) {
  caller.idempotency_key = "once";
  return caller;
}

// One command of a shop, what must be there before it, and what is true after it.
struct Story {
  // The number of the order that it is about; empty: the cart's.
  std::function<std::string(PayingShop&)> prepare;
  std::function<Result<void>(Shop&, PayingShop&, const std::string& number)> run;
  // Whether the command's effect is in the books.
  std::function<bool(PayingShop&, const std::string& number)> happened;
  // False for due work: it does one piece after another, and repeats what failed later.
  bool all_or_nothing = true;
};

template <class T>
Result<void> without_value(const Result<T>& result) {
  if (result.has_error()) return result.error();
  return success();
}

// The request may be repeated, and "nothing was stored" is true where it is said.
void check_refusal(const Story& story, const Error& error, PayingShop& test,
                   const std::string& number) {
  INFO(error.message());
  CHECK(error_info(error.code()).retry == Retry::same);
  if (!story.all_or_nothing || error.code() == Errc::outcome_unknown) return;
  CHECK(!story.happened(test, number));
}

// Where a run begins that does not look at every call: over runs all are hit. RESYS_TEST_SEED=n
// repeats one.
std::int64_t seed_of_run() {
  static const std::int64_t drawn = std::random_device()();
  const char* named = std::getenv("RESYS_TEST_SEED");
  return named == nullptr ? drawn : std::atoll(named);
}

// Runs the story once for each I/O call that can fail in it; in shorter runs for every 5th or 17th.
void fail_everywhere(const Story& story) {
  const bool forever = GENERATE(false, true);
  const std::int64_t step = by_tier(17, 5, 1);
  const std::int64_t seed = seed_of_run();
  bool struck = true;
  std::int64_t nth = 1 + seed % step;
  std::int64_t faults = 0;
  for (; struck; nth += step) {
    CAPTURE(forever, seed, nth);
    PayingShop test;
    const std::string number = story.prepare(test);
    test.shop.reset();
    FaultyVfs vfs;
    ShopOptions options = test.options();
    options.database += "?vfs=" + vfs.name();
    auto faulty = Shop::open(std::move(options)).value();
    vfs.fail(FaultyVfs::kAllCalls, nth, forever);
    const Result<void> told = story.run(*faulty, test, number);
    struck = vfs.struck();
    faults += struck ? 1 : 0;
    vfs.heal();
    faulty.reset();
    test.shop = test.open();
    CHECK(broken_invariants(test.file) == std::vector<std::string>{});
    if (told && story.all_or_nothing) {
      CHECK(story.happened(test, number));
    } else {
      if (told.has_error()) check_refusal(story, told.error(), test, number);
      test.wait(2 * kMicrosPerMinute);  // leases of what was begun end
      CHECK(without_value(story.run(*test.shop, test, number)));
      CHECK(story.happened(test, number));
    }
    if (!struck) CHECK(told);
    test.settle();
    CHECK(test.model->intents().size() == 1);
  }
  CHECK(faults > 0);
}

std::int64_t refunded(const Order& order) { return order.payments.back().refunded_cents; }

}  // namespace

TEST_CASE("whichever I/O call fails while an order is placed, it is placed once or not at all",
          "[slow]") {
  fail_everywhere(
      {.prepare =
           [](PayingShop& test) {
             test.fill(shopper());
             return std::string();
           },
       .run =
           [](Shop& shop, PayingShop& test, const std::string&) {
             return without_value(shop.checkout().place_order(with_key(shopper()), {test.method}));
           },
       .happened =
           [](PayingShop& test, const std::string&) {
             return test.stock("TEA").reserved == 2 && test.newest().state == OrderState::payment;
           }});
}

TEST_CASE("whichever I/O call fails while a payment is told, the order completes once", "[slow]") {
  fail_everywhere({.prepare =
                       [](PayingShop& test) {
                         const Order placed = test.place_here().order;
                         REQUIRE(test.model->pay(test.intent(placed)));
                         return placed.number;
                       },
                   .run =
                       [](Shop& shop, PayingShop& test, const std::string&) {
                         const std::string intent = test.model->intents().at(0).external_id;
                         return without_value(test.receive(shop, test.model->webhook(intent)));
                       },
                   .happened =
                       [](PayingShop& test, const std::string& number) {
                         return test.order(number).state == OrderState::complete &&
                                test.count(number, EventType::order_completed) == 1;
                       }});
}

TEST_CASE("whichever I/O call fails while money is given back, it is given back once", "[slow]") {
  fail_everywhere(
      {.prepare = [](PayingShop& test) { return test.buy_here().number; },
       .run =
           [](Shop& shop, PayingShop&, const std::string& number) {
             return without_value(shop.admin().orders().refund(
                 with_key(staff()), {.number = number, .amount_cents = 500}));
           },
       .happened = [](PayingShop& test,
                      const std::string& number) { return refunded(test.order(number)) == 500; }});
}

TEST_CASE("whichever I/O call fails while a paid order is canceled, all is given back once",
          "[slow]") {
  fail_everywhere(
      {.prepare = [](PayingShop& test) { return test.buy_here().number; },
       .run =
           [](Shop& shop, PayingShop&, const std::string& number) {
             return without_value(shop.admin().orders().cancel(with_key(staff()), {number}));
           },
       .happened =
           [](PayingShop& test, const std::string& number) {
             const Order order = test.order(number);
             return order.state == OrderState::canceled && refunded(order) == order.total_cents;
           }});
}

TEST_CASE("whichever I/O call fails in due work, an unpaid order's stock comes back", "[slow]") {
  fail_everywhere({.prepare =
                       [](PayingShop& test) {
                         const Order placed = test.place_here().order;
                         test.clock->advance(16 * kMicrosPerMinute);
                         return placed.number;
                       },
                   .run = [](Shop& shop, PayingShop&,
                             const std::string&) { return without_value(shop.run_due_work()); },
                   .happened = [](PayingShop& test,
                                  const std::string&) { return test.stock("TEA").reserved == 0; },
                   .all_or_nothing = false});
}
