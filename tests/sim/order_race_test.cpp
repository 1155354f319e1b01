// Whole orders that fight for the last units and for the last uses of a promotion: what is sold is
// the stock, what is used is the limit, and nobody is refused while there is any left.
#include <functional>
#include <thread>

#include "support/at_once.hpp"
#include "support/buying_shop.hpp"
#include "support/child_process.hpp"
#include "support/promotions.hpp"
#include "support/tier.hpp"

using namespace resys;
using namespace resys::test;

namespace {

constexpr int kThreads = 64;
constexpr int kProcesses = 4;
constexpr int kThreadsOfProcess = 16;

// What buyers saw, to be added up when all have ended.
struct Seen {
  std::int64_t got = 0;
  std::int64_t refused = 0;
  std::string wrong;  // an answer that must not be

  void add(const Seen& other) {
    got += other.got;
    refused += other.refused;
    if (!other.wrong.empty()) wrong = other.wrong;
  }
};

// Runs a buyer in each of so many threads that start at once.
Seen buy_at_once(int threads, const std::function<Seen(int)>& buyer) {
  std::vector<Seen> seen(static_cast<std::size_t>(threads));
  at_once(threads, [&](int i) {
    try {
      seen[static_cast<std::size_t>(i)] = buyer(i);
    } catch (const std::exception& exception) {
      seen[static_cast<std::size_t>(i)].wrong = exception.what();
    }
  });
  Seen all;
  for (const Seen& each : seen) all.add(each);
  return all;
}

// insufficient_stock that does not contradict itself.
bool is_short(const Error& error) {
  if (error.code() != Errc::insufficient_stock || error.rows().empty()) return false;
  for (const Facts& row : error.rows()) {
    if (std::get<std::int64_t>(row.at(2).value) >= std::get<std::int64_t>(row.at(1).value)) {
      return false;
    }
  }
  return true;
}

// Leaves the caller an order that only needs to be placed.
void fill(Shop& shop, const BuyingShop& test, const Caller& caller) {
  shop.cart().add_item(caller, {.sku = "TEA"}).value();
  shop.checkout().set_addresses(caller, {.shipping_address = BuyingShop::address()}).value();
  shop.checkout().select_shipping_method(caller, {test.post}).value();
}

void pay(Shop& shop, const Caller& caller, const Placement& placed) {
  shop.test_payments().pay(caller, {placed.payment->client_secret, kGoodCard}).value();
}

// Buys one unit an order until there is none.
Seen buy_until_sold_out(Shop& shop, const BuyingShop& test, const std::string& name) {
  Seen seen;
  const Caller caller = shopper(name);
  fill(shop, test, caller);
  for (;;) {
    const auto placed = shop.checkout().place_order(caller, {test.card});
    if (placed.has_error()) {
      if (!is_short(placed.error())) seen.wrong = placed.error().message();
      ++seen.refused;
      return seen;
    }
    pay(shop, caller, placed.value());
    ++seen.got;
    fill(shop, test, caller);
  }
}

// Orders once with the code; without it where it is used up.
Seen buy_with_code(Shop& shop, const BuyingShop& test, const std::string& name) {
  Seen seen;
  const Caller caller = shopper(name);
  const auto placed = shop.checkout().place_order(caller, {test.card});
  if (placed.has_value()) {
    pay(shop, caller, placed.value());
    ++seen.got;
    return seen;
  }
  const Error& error = placed.error();
  const bool is_used_up = error.code() == Errc::coupon_invalid && error.fact("reason") == "usedUp";
  if (!is_used_up) seen.wrong = error.message();
  ++seen.refused;
  return seen;
}

void limit_uses(BuyingShop& test, std::int64_t uses) {
  change(*test.shop, "TEN", {.usage_limit = uses});
}

std::int64_t uses(BuyingShop& test) { return promotion_named(*test.shop, "TEN").used; }

void fill_with_code(BuyingShop& test, const std::string& name) {
  fill(*test.shop, test, shopper(name));
  test.shop->cart().apply_coupon(shopper(name), {"TEN"}).value();
}

std::string name_of_buyer(int process, int i) {
  return std::to_string(process) + "-" + std::to_string(i);
}

// Buyers in processes of their own; their numbers are added up.
std::int64_t in_processes(BuyingShop& test,
                          const std::function<Seen(Shop&, const std::string& name)>& buyer,
                          std::int64_t refused_each) {
  test.shop.reset();  // no process may be forked with the file open
  std::vector<ChildProcess> children;
  for (int process = 0; process < kProcesses; ++process) {
    children.emplace_back([&, process]() -> std::int64_t {
      const auto shop = test.open_with_short_log().value();
      const Seen all = buy_at_once(kThreadsOfProcess,
                                   [&](int i) { return buyer(*shop, name_of_buyer(process, i)); });
      const bool is_right = all.wrong.empty() && (refused_each < 0 || all.refused == refused_each);
      return is_right ? all.got : -1;
    });
  }
  std::int64_t got = 0;
  for (ChildProcess& child : children) {
    const std::int64_t its = child.answer();
    CHECK(its >= 0);
    got += its;
  }
  test.shop = test.open();
  return got;
}

}  // namespace

TEST_CASE("orders of threads that fight for the last units sell exactly the stock",
          "[concurrent]") {
  const std::int64_t units = by_tier(40, 200, 5'000);
  BuyingShop test;
  test.count("TEA", units);
  const Seen all = buy_at_once(
      kThreads, [&](int i) { return buy_until_sold_out(*test.shop, test, name_of_buyer(0, i)); });
  CHECK(all.wrong == "");
  CHECK(all.refused == kThreads);
  CHECK(all.got == units);
  CHECK(test.stock("TEA").available == 0);
}

TEST_CASE("no order is refused while there is enough for everybody", "[concurrent]") {
  const std::int64_t rounds = by_tier(2, 5, 100);
  BuyingShop test;
  test.count("TEA", kThreads);
  test.shop->admin().settings().update_checkout(staff(), {.max_placements = rounds}).value();
  const Seen all = buy_at_once(kThreads, [&](int i) {
    Seen seen;
    const Caller caller = shopper(name_of_buyer(0, i));
    fill(*test.shop, test, caller);
    for (std::int64_t round = 0; round < rounds; ++round) {
      const auto placed = test.shop->checkout().place_order(caller, {test.card});
      if (placed.has_error()) {
        seen.wrong = placed.error().message();
        ++seen.refused;
        return seen;
      }
      ++seen.got;
      test.shop->checkout().reopen(caller).value();
    }
    return seen;
  });
  CHECK(all.wrong == "");
  CHECK(all.refused == 0);
  CHECK(all.got == kThreads * rounds);
  CHECK(test.stock("TEA").available == kThreads);
}

TEST_CASE("the last uses of a promotion go to as many orders as there are uses", "[concurrent]") {
  constexpr std::int64_t limit = 20;
  BuyingShop test;
  limit_uses(test, limit);
  for (int i = 0; i < kThreads; ++i) fill_with_code(test, name_of_buyer(0, i));
  const Seen all = buy_at_once(
      kThreads, [&](int i) { return buy_with_code(*test.shop, test, name_of_buyer(0, i)); });
  CHECK(all.wrong == "");
  CHECK(all.got == limit);
  CHECK(all.refused == kThreads - limit);
  CHECK(uses(test) == limit);
}

TEST_CASE("orders of processes that fight for the last units sell exactly the stock") {
  const std::int64_t units = by_tier(40, 200, 5'000);
  BuyingShop test;
  test.count("TEA", units);
  const std::int64_t sold = in_processes(
      test,
      [&](Shop& shop, const std::string& name) { return buy_until_sold_out(shop, test, name); },
      kThreadsOfProcess);
  CHECK(sold == units);
  CHECK(test.stock("TEA").available == 0);
}

TEST_CASE("processes take exactly the last uses of a promotion") {
  constexpr std::int64_t limit = 20;
  BuyingShop test;
  limit_uses(test, limit);
  for (int process = 0; process < kProcesses; ++process) {
    for (int i = 0; i < kThreadsOfProcess; ++i) fill_with_code(test, name_of_buyer(process, i));
  }
  const std::int64_t taken = in_processes(
      test, [&](Shop& shop, const std::string& name) { return buy_with_code(shop, test, name); },
      -1);
  CHECK(taken == limit);
  CHECK(uses(test) == limit);
}

namespace {

// A guest of one address orders three units by transfer.
Seen transfer_three(Shop& shop, const BuyingShop& test, const std::string& session) {
  Seen seen;
  const auto placed = shop.checkout().place_order(guest(session), {test.transfer});
  if (placed.has_value()) {
    ++seen.got;
    return seen;
  }
  const Error& error = placed.error();
  if (error.fact("limit", 0) != 7) seen.wrong = error.message();
  ++seen.refused;
  return seen;
}

void fill_transfers(BuyingShop& test, const std::vector<std::string>& sessions) {
  test.let_guests_check_out();
  test.shop->admin().settings().update_checkout(staff(), {.max_unpaid_units = 7}).value();
  for (const std::string& session : sessions) test.fill(guest(session), 3);
}

}  // namespace

TEST_CASE("a customer who places in many sessions at once holds no more unpaid than allowed",
          "[concurrent]") {
  constexpr int sessions = 16;
  BuyingShop test;
  std::vector<std::string> names;
  for (int i = 0; i < sessions; ++i) names.push_back(name_of_buyer(0, i));
  fill_transfers(test, names);
  const Seen all = buy_at_once(
      sessions, [&](int i) { return transfer_three(*test.shop, test, name_of_buyer(0, i)); });
  CHECK(all.wrong == "");
  CHECK(all.got == 2);
  CHECK(test.stock("TEA").reserved == 6);
}

TEST_CASE("a customer holds no more unpaid in several processes than in one") {
  BuyingShop test;
  std::vector<std::string> names;
  for (int process = 0; process < kProcesses; ++process) {
    for (int i = 0; i < kThreadsOfProcess; ++i) names.push_back(name_of_buyer(process, i));
  }
  fill_transfers(test, names);
  const std::int64_t placed = in_processes(
      test, [&](Shop& shop, const std::string& name) { return transfer_three(shop, test, name); },
      -1);
  CHECK(placed == 2);
  CHECK(test.stock("TEA").reserved == 6);
}
