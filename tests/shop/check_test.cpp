// Shop::check: it finds what was broken behind the shop's back, each rule by itself, and nothing in
// a shop that sells meanwhile.
#include <algorithm>
#include <atomic>
#include <fstream>
#include <set>
#include <thread>

#include "shop/check_rows.hpp"
#include "support/at_once.hpp"
#include "support/buying_shop.hpp"
#include "support/look.hpp"
#include "support/refusal.hpp"
#include "support/tier.hpp"

using namespace resys;
using namespace resys::test;

namespace {

// A file that a shop has left, with something of everything in it.
struct Closed {
  Closed() {
    BuyingShop test;
    Shop& shop = *test.shop;
    test.fill(shopper());
    shop.cart().apply_coupon(shopper(), {"TEN"}).value();
    shop.checkout().select_shipping_method(shopper(), {test.post}).value();
    const Placement placed = shop.checkout().place_order(shopper(), {test.card}).value();
    test.pay(shopper(), placed);
    complete = placed.order.number;
    test.place(shopper("bob"), test.card);
    const Order returned = test.buy(shopper("eve"));
    shop.admin().orders().cancel(staff(), {returned.number}).value();
    shop.admin().stock().set(staff(), {.sku = "MUG", .on_hand = 1, .backorderable = true}).value();
    shop.reservations().reserve(staff(), {"host-1", {{"1", "MUG", 3}}, {}}).value();
    shop.reservations().commit(staff(), {"host-1"}).value();
    shop.cart().add_item(guest(), {.sku = "TEA", .quantity = 1}).value();
    test.work();
    test.shop.reset();
    std::ifstream in(test.file, std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(in), {});
  }

  std::string bytes;
  std::string complete;  // an order's number
};

const Closed& closed() {
  static const Closed made;
  return made;
}

// A copy of it in which something is wrong.
struct Broken {
  explicit Broken(const std::string& sql) : Broken() {
    if (!sql.empty()) Look(file).sabotage(sql);
  }
  explicit Broken() { std::ofstream(file, std::ios::binary) << closed().bytes; }
  std::unique_ptr<Shop> open() const {
    return Shop::open({.database = "sqlite:" + file,
                       .allow_missing_keys = true,
                       .processors = {test_processor(), manual_processor()},
                       .log = std::make_shared<RecordingLog>()})
        .value();
  }
  CheckReport check() const { return open()->check().value(); }

  const TemporaryDirectory directory;
  const std::string file = directory.file("shop.db");
};

const Difference* find(const CheckReport& report, std::string_view what) {
  for (const Difference& each : report.differences) {
    if (each.what == what) return &each;
  }
  return nullptr;
}

std::string text_of(const CheckReport& report) {
  std::string text;
  for (const Difference& each : report.differences) {
    text += each.what + " | " + each.store + " | " + each.id + " | " + each.expected + " | " +
            each.found + "\n";
  }
  return text;
}

struct Sabotage {
  const char* what;
  const char* sql;
};

constexpr Sabotage kSabotages[] = {
    {"no more units are reserved than are on hand", "UPDATE stock_item SET reserved = on_hand + 1"},
    {"the units on hand are the sum of the stock movements",
     "UPDATE stock_item SET on_hand = on_hand + 1"},
    {"the units reserved are the sum of the stock movements",
     "UPDATE stock_item SET reserved = reserved + 1"},
    {"nobody waits for stock that is there",
     "UPDATE inventory_unit SET state = 'backordered' WHERE state = 'reserved'"},
    {"a variant's price is the newest in its history",
     "UPDATE variant SET price_cents = price_cents + 1"},
    {"the units reserved are those that orders hold",
     "UPDATE inventory_unit SET quantity = quantity + 1 WHERE state = 'reserved'"},
    {"what orders took from the units on hand is shipped",
     "UPDATE inventory_unit SET state = 'shipped' WHERE state = 'sold'"},
    {"a reservation's units are as far as it is",
     "UPDATE inventory_unit SET state = 'sold' WHERE state = 'reserved'"},
    {"only a held reservation has a deadline",
     "UPDATE reservation SET expires_at = 1 WHERE state = 'committed'"},
    {"an order's reservation is held while it is paid, committed once it is complete",
     "UPDATE reservation SET state = 'released' WHERE state = 'committed'"},
    {"a reservation of an order has its order", "DELETE FROM orders WHERE state = 'Complete'"},
    {"a placed order has stock for all that was ordered",
     "UPDATE line_item SET quantity = quantity + 1"},
    {"an order has as many items as its lines", "UPDATE orders SET item_count = item_count + 1"},
    {"an order's item total is the sum of its lines",
     "UPDATE orders SET item_total_cents = item_total_cents + 1"},
    {"an order's discount is the sum of its promotions",
     "UPDATE orders SET discount_total_cents = discount_total_cents + 1"},
    {"an order's discount is divided among its lines",
     "UPDATE line_item SET discount_cents = discount_cents + 1"},
    {"an order's tax is that of its lines and of shipping",
     "UPDATE orders SET shipment_tax_cents = shipment_tax_cents + 1"},
    {"an order's total is the sum of its parts", "UPDATE orders SET total_cents = total_cents + 1"},
    {"an order's total is not negative", "UPDATE orders SET total_cents = -1"},
    {"a placed order has a number, the moment of its placing, and items",
     "UPDATE orders SET number = NULL"},
    {"what is in no placing and has taken no money is not listed as placed",
     "UPDATE orders SET placed_at = 1 WHERE state = 'Cart'"},
    {"an order is completed once", "UPDATE event SET type = 'OrderCompleted' WHERE sequence = 1"},
    {"a complete order has the moment of its completion", "UPDATE orders SET completed_at = NULL"},
    {"an order's events are numbered 1, 2, 3, while the first is kept",
     "DELETE FROM event WHERE sequence = 2"},
    {"a handler is told of an order's events one after the other",
     "INSERT INTO event_delivery (store_id, event_id, handler, order_id, sequence, state, "
     "attempts, next_attempt_at, last_error) "
     "SELECT store_id, id, 'listener', order_id, sequence, 'pending', 0, 1, '' FROM event"},
    {"an order has a row for each promotion that it counts",
     "UPDATE orders SET promotion_count = promotion_count + 1"},
    {"a gift is given by a promotion of its order",
     "UPDATE line_item SET gift_promotion_id = 'x', discount_cents = total_cents"},
    {"only placed orders hold a use of a promotion",
     "UPDATE orders SET state = 'Canceled' WHERE state = 'Complete'"},
    {"a complete order was paid, but for what staff have waived",
     "UPDATE payment_entry SET amount_cents = 1"},
    {"money is kept for placed orders only", "DELETE FROM payment_entry WHERE kind = 'refund'"},
    {"less money than was asked for is told, or came too late for its order",
     "UPDATE payment_entry SET amount_cents = amount_cents - 1 WHERE kind = 'capture'"},
    {"an order in Payment has one open payment", "UPDATE payment SET state = 'voided'"},
    {"an order in Confirm has an open payment, or a deadline until which it awaits one",
     "UPDATE orders SET state = 'Confirm' WHERE state = 'Complete'"},
    {"an order in Confirm is not paid in full",
     "UPDATE orders SET state = 'Confirm' WHERE state = 'Complete'"},
    {"no more is refunded than was captured",
     "UPDATE payment_entry SET amount_cents = amount_cents + 1 WHERE kind = 'refund'"},
    {"a payment that has ended has money if it is captured, and else none",
     "UPDATE payment_entry SET state = 'failed' WHERE kind = 'capture'"},
    {"what is waived is told, with who waived it",
     "UPDATE payment_entry SET kind = 'waiver' WHERE kind = 'capture'"},
    {"a payment that has ended keeps no client secret",
     "UPDATE payment SET client_secret = 'x' WHERE state = 'captured'"},
    {"a payment that is open and not its order's is being ended",
     "UPDATE payment SET state = 'created'"},
    {"an order that is being canceled has an open payment, or money that is on its way back",
     "UPDATE payment SET void_reason = 'canceledByStaff', void_actor = 'staff:boss'"},
    {"what is on its way to or from a processor is looked at again",
     "UPDATE payment_entry SET state = 'pending'"},
    {"what is awaited is looked at again", "UPDATE payment SET next_check_at = NULL"},
    {"a promotion's uses are those that orders hold", "UPDATE promotion SET used = used + 1"},
    {"a code's uses are those that orders hold", "UPDATE promotion_code SET used = used + 1"},
    {"a customer's uses of a promotion are those that their orders hold",
     "UPDATE promotion_use SET used = used + 1"},
    {"every reference leads somewhere", "DELETE FROM variant"},
};

}  // namespace

TEST_CASE("a check counts what it looks at, and finds nothing where nothing is wrong") {
  const CheckReport report = Broken().check();
  CHECK(text_of(report).empty());
  CHECK(report.left_out == 0);
  CHECK(report.checked.stores == 1);
  CHECK(report.checked.tables > 20);
  CHECK(report.checked.variants == 2);
  CHECK(report.checked.orders == 4);
  CHECK(report.checked.payments == 3);
  CHECK(report.checked.reservations == 4);
}

TEST_CASE("a check finds each broken rule") {
  std::set<std::string_view> tried;
  for (const Sabotage& sabotage : kSabotages) {
    const CheckReport report = Broken(sabotage.sql).check();
    INFO(sabotage.sql << "\n" << text_of(report));
    const Difference* found = find(report, sabotage.what);
    REQUIRE(found != nullptr);
    CHECK(!found->id.empty());
    CHECK(found->expected != found->found);
    tried.insert(sabotage.what);
  }
  for (const rows::Rule& rule : rows::store_rules()) CHECK(tried.contains(rule.sentence));
  for (const rows::RuleGroup& group : rows::rule_groups()) {
    for (const rows::Rule& rule : group.rules) CHECK(tried.contains(rule.sentence));
  }
}

TEST_CASE("a difference says which row it is, what it should be and what it is") {
  SECTION("of a store") {
    const Broken broken("UPDATE orders SET item_count = 7 WHERE state = 'Complete'");
    const auto shop = broken.open();
    const Order order = shop->admin().orders().get(staff(), {closed().complete}).value();
    const CheckReport report = shop->check().value();
    REQUIRE(report.differences.size() == 1);
    CHECK(text_of(report) ==
          "an order has as many items as its lines | default | " + order.id.text() + " | 2 | 7\n");
  }
  SECTION("of a reference") {
    const Broken broken("UPDATE shipping_method SET id = 'x'; DELETE FROM location");
    const CheckReport report = broken.check();
    const Difference* found = find(report, "every reference leads somewhere");
    REQUIRE(found != nullptr);
    CHECK(found->store.empty());
    CHECK(found->id.starts_with("stock_item default variant_"));
    CHECK(found->expected == "a row of location");
    CHECK(found->found == "none");
  }
}

TEST_CASE("a report lists a bounded number of differences and counts the others") {
  const Broken broken(R"(
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
      INSERT INTO promotion (store_id, id, name, automatic, priority, stacking, used, active,
          created_at, updated_at)
        SELECT 'default', 'promotion_' || i, 'P' || i, 1, 0, 'stackable', 1, 1, 0, 0
        FROM n)");
  const CheckReport report = broken.check();
  CHECK(report.differences.size() == 1'000);
  CHECK(report.left_out == 200);
}

TEST_CASE("a damaged file is what a check finds, not what ends it") {
  // Each table's first page in turn: what it held cannot be read, all else can.
  const Broken sound;
  Look look(sound.file);
  const std::int64_t page_size = look.number("PRAGMA page_size");
  for (const char* table : {"orders", "stock_item", "event", "payment_entry"}) {
    INFO(table);
    const Broken broken;
    const std::int64_t page =
        look.number(std::string("SELECT rootpage FROM sqlite_schema WHERE name = '") + table + "'");
    {
      std::fstream file(broken.file, std::ios::binary | std::ios::in | std::ios::out);
      file.seekp((page - 1) * page_size);
      file << std::string(static_cast<std::size_t>(page_size), '\xa5');
    }
    const CheckReport report = broken.check();
    INFO(text_of(report));
    CHECK(std::any_of(
        report.differences.begin(), report.differences.end(), [&](const Difference& each) {
          return each.what == "the file is sound" && each.id == table && each.store.empty();
        }));
    CHECK(report.checked.tables > 20);
    CHECK(std::any_of(report.differences.begin(), report.differences.end(),
                      [](const Difference& each) { return each.expected == "readable rows"; }));
  }
}

TEST_CASE("a check tells how far it is, and ends where it is told to") {
  const Broken sound;
  const auto shop = sound.open();
  std::vector<std::pair<std::string, Progress>> told;
  const auto listen = [&](const Progress& progress) -> Result<void> {
    told.emplace_back(progress.step, progress);
    return success();
  };
  shop->check(listen).value();
  REQUIRE(told.size() > 30);
  CHECK(told.front().first == "file");
  CHECK(told.front().second.done == 0);
  CHECK(told.front().second.total > 20);
  CHECK(told.back().first == "stores");
  CHECK(told.back().second.done == 2 + 4 + 4 + 3);
  CHECK(told.back().second.total == told.back().second.done);
  for (std::size_t i = 1; i < told.size(); ++i) {
    if (told[i].first != told[i - 1].first) continue;
    CHECK(told[i].second.done >= told[i - 1].second.done);
    CHECK(told[i].second.done <= told[i].second.total);
  }

  const std::size_t all = told.size();
  for (std::size_t stop = 1; stop <= all; stop += 7) {
    std::size_t calls = 0;
    const auto stopped = shop->check([&](const Progress&) -> Result<void> {
      if (++calls == stop) return Error(Errc::conflict, "enough");
      return success();
    });
    CHECK(refusal(stopped, Errc::conflict).message() == "enough");
    CHECK(calls == stop);
  }
  CHECK_THROWS_AS(shop->check([](const Progress&) -> Result<void> { throw 1; }), int);
  CHECK(shop->check().has_value());
}

TEST_CASE("a shop in memory can be checked") {
  const auto shop = Shop::open({.database = "sqlite::memory:"}).value();
  shop->admin().locations().create(staff(), {.name = "Shelf"}).value();
  const CheckReport report = shop->check().value();
  CHECK(text_of(report).empty());
  CHECK(report.checked.stores == 1);
  CHECK(report.checked.tables > 20);
}

TEST_CASE("a shop that sells is checked meanwhile", "[concurrent]") {
  BuyingShop test;
  test.count("TEA", 100'000);
  std::atomic<bool> stop{false};
  std::atomic<int> bought{0};
  std::string wrong;
  const auto checks = by_tier(3, 10, 100);
  at_once(5, [&](int thread) {
    for (int i = 0; thread > 0 && !stop; ++i) {
      const Caller caller = shopper("user-" + std::to_string(thread) + "-" + std::to_string(i));
      const Placement placed = test.place(caller, test.card);
      if (i % 3 == 0) test.shop->checkout().reopen(caller).value();
      if (i % 3 == 1) test.pay(caller, placed);
      ++bought;
    }
    for (std::int64_t i = 0; thread == 0 && (i < checks || bought < 40); ++i) {
      wrong += text_of(test.shop->check().value());
    }
    if (thread == 0) stop = true;
  });
  CHECK(wrong.empty());
}
