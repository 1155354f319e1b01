// The moves of stock that only orders make, and what becomes of a reservation when another writer
// takes the stock between its reading and its taking. SQLite has one writer, so here a transaction
// is made to see what it would see on a database that has several.
#include "inventory/stock.hpp"

#include <string_view>

#include "catalog/rows.hpp"
#include "inventory/rows.hpp"
#include "support/bare_context.hpp"
#include "support/stock_shop.hpp"

using namespace resys;
using namespace resys::test;

namespace {

// Forwards to a transaction, and before each taking of stock lets the others act.
class Contended final : public db::Transaction {
 public:
  Contended(db::Transaction& tx, std::function<void()> others)
      : tx_(tx), others_(std::move(others)) {}

  std::int64_t execute(const db::Sql& sql, db::Values values) override {
    if (std::string_view(sql.text).starts_with("UPDATE stock_item")) others_();
    return tx_.execute(sql, values);
  }
  void query(const db::Sql& sql, db::Values values,
             const std::function<void(const db::Row&)>& each) override {
    tx_.query(sql, values, each);
  }

 private:
  db::Transaction& tx_;
  std::function<void()> others_;
};

Scope within(db::Transaction& tx, const Scope& scope) {
  return {tx, scope.store, scope.now, scope.ids, scope.context, scope.actor};
}

// The ledger behind a shop's back, through another handle on its file.
struct Ledger {
  explicit Ledger(StockShop& shop) : test(shop) {}

  template <class Body>
  Result<void> write(const Body& body) {
    return context.write(test.staff.store, body, {Actor::staff, "ledger"});
  }
  // As many demands as quantities, for the SKUs in their order.
  std::vector<app::Demand> demands(const Scope& scope, std::vector<std::string> skus,
                                   std::vector<std::int64_t> quantities) {
    std::vector<app::Demand> made;
    for (std::size_t i = 0; i < skus.size(); ++i) {
      const VariantId variant = rows::find_variant(scope, {skus[i], {}}).value();
      made.push_back({skus[i], variant, skus[i], quantities[i]});
    }
    return made;
  }

  StockShop& test;
  BareContext context{test.file, test.clock};
};

}  // namespace

TEST_CASE("stock that another writer took is looked for elsewhere") {
  StockShop test({"MATE", "TEA"}, 2);
  test.set("MATE", 2, 0);
  test.set("TEA", 2, 0);
  test.set("TEA", 2, 1);
  Ledger ledger(test);
  bool taken = false;
  const auto done = ledger.write([&](const Scope& scope) {
    const auto one = ledger.demands(scope, {"TEA"}, {1});
    Contended contended(scope.tx, [&] {
      if (!std::exchange(taken, true)) app::reserve_stock(scope, "rival", one, {}).value();
    });
    return app::reserve_stock(within(contended, scope), "a",
                              ledger.demands(scope, {"MATE", "TEA"}, {2, 2}), {});
  });
  CHECK(taken);
  CHECK(done.has_value());
  CHECK(test.stock("TEA").available == 1);
  CHECK(test.stock("MATE").available == 0);
  const Reservation reservation = test.shop->reservations().get(test.staff, {"a"}).value();
  std::int64_t held = 0;
  for (const InventoryUnit& unit : reservation.units) {
    if (unit.state == UnitState::reserved) held += unit.quantity;
  }
  CHECK(held == 4);
}

TEST_CASE("a refusal leaves everything as it was, also when another writer was faster") {
  StockShop test({"MATE", "TEA"});
  test.set("MATE", 2);
  test.set("TEA", 2);
  Ledger ledger(test);
  bool taken = false;
  Result<void> refused = success();
  ledger
      .write([&](const Scope& scope) -> Result<void> {
        const auto one = ledger.demands(scope, {"TEA"}, {1});
        Contended contended(scope.tx, [&] {
          if (!std::exchange(taken, true)) {
            app::reserve_stock(scope, "rival", one, {}).value();
          }
        });
        refused = app::reserve_stock(within(contended, scope), "a",
                                     ledger.demands(scope, {"MATE", "TEA"}, {2, 2}), {});
        return success();  // a late payment is refunded in the transaction that could not reserve
      })
      .value();
  REQUIRE(refused.has_error());
  CHECK(refused.error().code() == Errc::insufficient_stock);
  REQUIRE(refused.error().rows().size() == 1);
  CHECK(test.stock("MATE").available == 2);
  CHECK(test.stock("TEA").available == 1);
}

TEST_CASE("stock that always moves away is busy, not short") {
  StockShop test({"TEA"}, 2);
  test.set("TEA", 1, 0);
  test.set("TEA", 1, 1);
  test.shop->reservations().reserve(test.staff, {"rival", {{"1", "TEA", 1}}, {}}).value();
  Ledger ledger(test);
  const auto refused = ledger.write([&](const Scope& scope) {
    const auto wanted = ledger.demands(scope, {"TEA"}, {1});
    Contended contended(scope.tx, [&] {
      for (const rows::StockRow& row : rows::load_stock(scope, wanted[0].variant_id)) {
        const rows::StockChange change{.variant_id = wanted[0].variant_id,
                                       .location_id = row.location_id,
                                       .quantity = 1,
                                       .reserved_delta = 1 - 2 * row.reserved,
                                       .reason = "moved"};
        REQUIRE(rows::change_stock(scope, change, scope.ids.make<StockMovementId>()));
      }
    });
    return app::reserve_stock(within(contended, scope), "a", wanted, {});
  });
  REQUIRE(refused.has_error());
  CHECK(refused.error().code() == Errc::busy);
  CHECK(test.stock("TEA").available == 1);
}

TEST_CASE("shipping sells what was only reserved, and restocking brings it back") {
  StockShop test({"TEA"}, 2);
  test.set("TEA", 2, 0);
  test.set("TEA", 3, 1);
  Ledger ledger(test);
  const auto states = [&] {
    const Reservation reservation = test.shop->reservations().get(test.staff, {"a"}).value();
    std::string text(name_of(reservation.state));
    for (const InventoryUnit& unit : reservation.units) {
      text += " " + std::to_string(unit.quantity) + " " + std::string(name_of(unit.state));
    }
    return text;
  };
  const auto ship = [&] {
    return ledger.write([](const Scope& scope) { return app::ship_stock(scope, "a"); });
  };
  test.shop->reservations().reserve(test.staff, {"a", {{"1", "TEA", 4}}, {}}).value();
  test.clock->advance(kMicrosPerMinute);
  ship().value();
  CHECK(states() == "committed 2 shipped 2 shipped");
  CHECK(test.stock("TEA").on_hand == 1);
  ship().value();
  CHECK(states() == "committed 2 shipped 2 shipped");

  for (int again = 0; again < 2; ++again) {
    test.clock->advance(kMicrosPerMinute);
    ledger
        .write([](const Scope& scope) -> Result<void> {
          app::restock(scope, "a");
          return success();
        })
        .value();
    CHECK(states() == "released 2 returned 2 returned");
    CHECK(test.stock("TEA").available == 5);
  }
  CHECK(test.movements("TEA").front().reason == "restock");
  CHECK(test.movements("TEA").front().actor == "ledger");
}

TEST_CASE("what is backordered cannot be shipped, and a refusal to ship sells nothing") {
  StockShop test({"TEA"});
  test.set("TEA", 2);
  test.shop->admin().stock().set(test.staff, {.sku = "TEA", .backorderable = true}).value();
  test.shop->reservations().reserve(test.staff, {"a", {{"1", "TEA", 5}}, {}}).value();
  Ledger ledger(test);
  Result<void> refused = success();
  ledger
      .write([&](const Scope& scope) -> Result<void> {
        refused = app::ship_stock(scope, "a");
        return success();
      })
      .value();
  REQUIRE(refused.has_error());
  CHECK(refused.error().code() == Errc::invalid_state);
  CHECK(refused.error().fact("backordered", -1) == 3);
  CHECK(test.stock("TEA").reserved == 2);
}

TEST_CASE("restocking a committed order ends its waiting, too") {
  StockShop test({"TEA"});
  test.set("TEA", 2);
  test.shop->admin().stock().set(test.staff, {.sku = "TEA", .backorderable = true}).value();
  InventoryReservationService service = test.shop->reservations();
  service.reserve(test.staff, {"a", {{"1", "TEA", 5}}, {}}).value();
  service.commit(test.staff, {"a"}).value();
  service.reserve(test.staff, {"b", {{"1", "TEA", 1}}, {}}).value();
  Ledger ledger(test);
  ledger
      .write([](const Scope& scope) -> Result<void> {
        app::restock(scope, "a");
        return success();
      })
      .value();
  CHECK(test.stock("TEA").on_hand == 2);
  CHECK(test.stock("TEA").reserved == 1);
  CHECK(service.get(test.staff, {"b"}).value().units.front().state == UnitState::reserved);
}
