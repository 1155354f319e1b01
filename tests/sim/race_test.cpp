// Many buyers and few units: what is sold is the stock, never more, and nobody is refused while
// stock is free.
#include <algorithm>
#include <random>
#include <thread>

#include "support/at_once.hpp"
#include "support/child_process.hpp"
#include "support/stock_shop.hpp"
#include "support/tier.hpp"

using namespace resys;
using namespace resys::test;

namespace {

constexpr int kThreads = 64;

// What a thread saw, to be added up when all have ended.
struct Seen {
  std::int64_t sold = 0;
  std::int64_t refused = 0;
  std::string wrong;  // an answer that must not be
};

// insufficient_stock that does not contradict itself.
bool is_short(const Error& error) {
  if (error.code() != Errc::insufficient_stock || error.rows().empty()) return false;
  for (const Facts& row : error.rows()) {
    const auto requested = std::get<std::int64_t>(row.at(1).value);
    const auto available = std::get<std::int64_t>(row.at(2).value);
    if (available >= requested) return false;
  }
  return true;
}

// Buys one unit at a time until it is told that there is none.
Seen buy_until_sold_out(Shop& shop, const std::string& name, const std::string& sku) {
  const Caller staff{.user_id = name, .audience = Audience::staff};
  Seen seen;
  for (int i = 0; seen.refused == 0 && seen.wrong.empty(); ++i) {
    const std::string order_ref = name + "-" + std::to_string(i);
    const auto reserved = shop.reservations().reserve(staff, {order_ref, {{"1", sku, 1}}, {}});
    if (reserved.has_error()) {
      if (!is_short(reserved.error())) seen.wrong = reserved.error().message();
      ++seen.refused;
      continue;
    }
    const auto committed = shop.reservations().commit(staff, {order_ref});
    if (committed.has_error()) seen.wrong = committed.error().message();
    const auto shipped = shop.reservations().ship(staff, {order_ref});
    if (shipped.has_error()) seen.wrong = shipped.error().message();
    ++seen.sold;
  }
  return seen;
}

Seen sum_of(const std::vector<Seen>& all) {
  Seen sum;
  for (const Seen& seen : all) {
    sum.sold += seen.sold;
    sum.refused += seen.refused;
    if (!seen.wrong.empty()) sum.wrong = seen.wrong;
  }
  return sum;
}

}  // namespace

TEST_CASE("threads that fight for the last units sell exactly the stock", "[concurrent]") {
  const std::vector<std::string> skus{"TEA", "MATE", "COCOA"};
  const std::int64_t units = by_tier(100, 600, 20'000);
  StockShop test(skus, 2);
  for (const std::string& sku : skus) {
    test.set(sku, units / 2, 0);
    test.set(sku, units - units / 2, 1);
  }
  std::vector<Seen> seen(kThreads);
  at_once(kThreads, [&](int i) {
    const auto at = static_cast<std::size_t>(i);
    seen[at] = buy_until_sold_out(*test.shop, "thread-" + std::to_string(i), skus[at % 3]);
  });
  const Seen all = sum_of(seen);
  CHECK(all.wrong == "");
  CHECK(all.refused == kThreads);
  CHECK(all.sold == units * static_cast<std::int64_t>(skus.size()));
  for (const std::string& sku : skus) CHECK(test.stock(sku).on_hand == 0);
}

TEST_CASE("nobody is refused while there is enough for everybody", "[concurrent]") {
  const std::vector<std::string> skus{"TEA", "MATE", "COCOA"};
  const std::int64_t rounds = by_tier(4, 20, 1'000);
  StockShop test(skus, 3);
  for (const std::string& sku : skus) {
    for (std::size_t shelf = 0; shelf < 3; ++shelf) test.set(sku, kThreads, shelf);
  }
  std::vector<std::string> wrong(kThreads);
  at_once(kThreads, [&](int i) {
    std::string& refusal = wrong[static_cast<std::size_t>(i)];
    const std::string order_ref = std::to_string(i);
    // All threads together want all that is there, in lines of any order.
    std::vector<ReservationLine> lines{
        {"1", "TEA", 1}, {"2", "MATE", 3}, {"3", "COCOA", 3}, {"4", "TEA", 2}};
    std::shuffle(lines.begin(), lines.end(), std::minstd_rand(static_cast<unsigned>(i)));
    for (std::int64_t round = 0; round < rounds; ++round) {
      const auto reserved = test.shop->reservations().reserve(test.staff, {order_ref, lines, {}});
      if (reserved.has_error()) refusal = reserved.error().message();
      if (round + 1 == rounds) break;
      const auto released = test.shop->reservations().release(test.staff, {order_ref});
      if (released.has_error()) refusal = released.error().message();
    }
  });
  for (const std::string& refusal : wrong) CHECK(refusal == "");
  for (const std::string& sku : skus) CHECK(test.stock(sku).available == 0);
}

TEST_CASE("orders that are made, given up, extended and expired at once lose no unit",
          "[concurrent]") {
  const std::vector<std::string> skus{"TEA", "MATE", "COCOA"};
  const std::int64_t steps = by_tier(20, 150, 5'000);
  StockShop test(skus, 2);
  for (const std::string& sku : skus) {
    test.set(sku, 20, 0);
    test.set(sku, 20, 1);
  }
  test.shop->admin()
      .stock()
      .set(test.staff, {.sku = "COCOA", .location_id = test.shelves[1], .backorderable = true})
      .value();
  std::vector<std::string> wrong(kThreads);
  at_once(kThreads, [&](int i) {
    std::minstd_rand random(static_cast<unsigned>(i) + 1);
    const auto below = [&](unsigned bound) { return static_cast<std::int64_t>(random() % bound); };
    InventoryReservationService service = test.shop->reservations();
    const auto expect = [&](const auto& result, std::initializer_list<Errc> allowed) {
      if (result.has_value()) return;
      const Errc code = result.error().code();
      if (code == Errc::insufficient_stock && !is_short(result.error())) {
        wrong[static_cast<std::size_t>(i)] = "refused while stock is free";
      } else if (std::find(allowed.begin(), allowed.end(), code) == allowed.end()) {
        wrong[static_cast<std::size_t>(i)] = result.error().message();
      }
    };
    for (std::int64_t step = 0; step < steps; ++step) {
      // Several threads meet on each order.
      const std::string order_ref = std::to_string(below(24));
      const Timestamp deadline = test.clock->now().plus(kMicrosPerMinute * (1 + below(5)));
      const std::string& sku = skus[static_cast<std::size_t>(below(3))];
      switch (below(8)) {
        case 0:
          expect(service.commit(test.staff, {order_ref}), {Errc::invalid_state, Errc::not_found});
          break;
        case 1:
        case 2:
          expect(service.release(test.staff, {order_ref}), {Errc::invalid_state, Errc::not_found});
          break;
        case 3:
          expect(service.extend(test.staff, {order_ref, deadline}),
                 {Errc::invalid_state, Errc::not_found, Errc::invalid_request});
          break;
        case 4:
          test.clock->advance(kMicrosPerMinute / 8);
          expect(service.expire(test.staff), {});
          break;
        case 5:
          expect(test.shop->admin().stock().set(
                     test.staff, {.sku = sku, .location_id = test.shelves[1], .adjust = 1}),
                 {});
          break;
        default:
          expect(
              service.reserve(test.staff,
                              {order_ref, {{"1", sku, 1 + below(9)}, {"2", "MATE", 1}}, deadline}),
              {Errc::invalid_state, Errc::insufficient_stock, Errc::invalid_request});
      }
    }
  });
  for (const std::string& each : wrong) CHECK(each == "");
}

TEST_CASE("processes that fight for the last units sell exactly the stock") {
  constexpr int processes = 4;
  constexpr int threads = 8;
  const std::int64_t units = by_tier(100, 1'000, 20'000);
  StockShop test({"TEA"}, 2);
  test.set("TEA", units / 2, 0);
  test.set("TEA", units - units / 2, 1);
  // No process may be forked with the file open.
  test.shop.reset();
  std::vector<ChildProcess> children;
  for (int process = 0; process < processes; ++process) {
    children.emplace_back([&, process]() -> std::int64_t {
      const auto shop = Shop::open({.database = "sqlite:" + test.file + "?logPages=30",
                                    .log = stderr_log(LogLevel::error)})
                            .value();
      std::vector<Seen> seen(threads);
      at_once(threads, [&](int i) {
        const std::string name = std::to_string(process) + "-" + std::to_string(i);
        seen[static_cast<std::size_t>(i)] = buy_until_sold_out(*shop, name, "TEA");
      });
      const Seen all = sum_of(seen);
      return all.wrong.empty() && all.refused == threads ? all.sold : -1;
    });
  }
  std::int64_t sold = 0;
  for (ChildProcess& child : children) {
    const std::int64_t its = child.answer();
    CHECK(its >= 0);
    sold += its;
  }
  CHECK(sold == units);
  test.shop = test.open();
  CHECK(test.stock("TEA").on_hand == 0);
}
