// What staff do with stock and locations, and how backordered units get what arrives.
#include <map>

#include "support/refusal.hpp"
#include "support/stock_shop.hpp"

using namespace resys;
using namespace resys::test;

TEST_CASE("the first count of a SKU makes its stock, with a movement that explains it") {
  StockShop test({"TEA"});
  CHECK(test.stock("TEA").locations.empty());

  const Stock stock = test.shop->admin()
                          .stock()
                          .set(test.staff, {.sku = "TEA", .on_hand = 12, .reason = "first count"})
                          .value();

  CHECK(stock.sku == "TEA");
  CHECK(stock.on_hand == 12);
  CHECK(stock.reserved == 0);
  CHECK(stock.available == 12);
  REQUIRE(stock.locations.size() == 1);
  CHECK(stock.locations[0].location_id == test.shelves[0]);
  CHECK(stock.locations[0].name == "Shelf 0");
  CHECK_FALSE(stock.locations[0].backorderable);
  const auto movements = test.movements("TEA");
  REQUIRE(movements.size() == 1);
  CHECK(movements[0].quantity == 12);
  CHECK(movements[0].on_hand_delta == 12);
  CHECK(movements[0].reserved_delta == 0);
  CHECK(movements[0].reason == "first count");
  CHECK(movements[0].actor == "staff");
  CHECK(movements[0].order_ref.empty());
  CHECK(movements[0].created_at == test.clock->now());
}

TEST_CASE("stock is counted or adjusted, and the same count leaves no movement") {
  StockShop test({"TEA"});
  Admin admin = test.shop->admin();
  test.set("TEA", 10);
  CHECK(admin.stock().set(test.staff, {.sku = "TEA", .adjust = -3}).value().on_hand == 7);
  CHECK(admin.stock().set(test.staff, {.sku = "TEA", .adjust = 5}).value().on_hand == 12);
  CHECK(test.set("TEA", 12).on_hand == 12);
  CHECK(test.movements("TEA").size() == 3);
  CHECK(admin.stock()
            .set(test.staff, {.sku = "TEA", .backorderable = true})
            .value()
            .locations[0]
            .backorderable);
  CHECK(test.movements("TEA").size() == 3);
}

TEST_CASE("what is reserved stays on hand") {
  StockShop test({"TEA"});
  test.set("TEA", 10);
  test.shop->reservations().reserve(test.staff, {"a", {{"1", "TEA", 6}}, {}}).value();
  for (const SetStock& request : {SetStock{.sku = "TEA", .on_hand = 5},  //
                                  SetStock{.sku = "TEA", .adjust = -5}}) {
    const auto refused = test.shop->admin().stock().set(test.staff, request);
    REQUIRE(code_of(refused) == Errc::insufficient_stock);
    CHECK(refused.error().field() == (request.on_hand ? "onHand" : "adjust"));
    CHECK(refused.error().fact("sku") == "TEA");
    CHECK(refused.error().fact("requested", -1) == 5);
    CHECK(refused.error().fact("onHand", -1) == 10);
    CHECK(refused.error().fact("reserved", -1) == 6);
    CHECK(refused.error().fact("available", -1) == 4);
  }
  CHECK(test.set("TEA", 6).available == 0);
}

TEST_CASE("what was paid stands there until it is shipped, and the movements tell both") {
  StockShop test({"TEA"});
  InventoryReservationService service = test.shop->reservations();
  test.set("TEA", 10);
  service.reserve(test.staff, {"a", {{"1", "TEA", 4}}, {}}).value();
  const auto counters = [&] {
    const Stock stock = test.stock("TEA");
    return std::vector{stock.on_hand, stock.reserved, stock.available};
  };
  using Counters = std::vector<std::int64_t>;
  CHECK(counters() == Counters{10, 4, 6});
  service.commit(test.staff, {"a"}).value();
  CHECK(counters() == Counters{10, 4, 6});
  // A count of what stands there changes nothing.
  CHECK(test.set("TEA", 10).available == 6);
  const auto refused = service.reserve(test.staff, {"b", {{"1", "TEA", 7}}, {}});
  CHECK(code_of(refused) == Errc::insufficient_stock);
  service.ship(test.staff, {"a"}).value();
  CHECK(counters() == Counters{6, 0, 6});

  std::vector<std::string> moves;
  for (const StockMovement& movement : test.movements("TEA")) {
    moves.push_back(movement.reason + " " + std::to_string(movement.quantity) + " " +
                    std::to_string(movement.on_hand_delta) + " " +
                    std::to_string(movement.reserved_delta));
  }
  CHECK(moves ==
        std::vector<std::string>{"ship 4 -4 -4", "commit 4 0 0", "reserve 4 0 4", " 10 10 0"});
}

TEST_CASE("a count that rests on an old one is refused") {
  StockShop test({"TEA"});
  test.set("TEA", 10);
  Admin admin = test.shop->admin();
  const auto refused =
      admin.stock().set(test.staff, {.sku = "TEA", .on_hand = 20, .expected_on_hand = 9});
  REQUIRE(code_of(refused) == Errc::conflict);
  CHECK(refused.error().field() == "expectedOnHand");
  CHECK(refused.error().fact("onHand", -1) == 10);
  CHECK(admin.stock()
            .set(test.staff, {.sku = "TEA", .on_hand = 20, .expected_on_hand = 10})
            .value()
            .on_hand == 20);
}

TEST_CASE("what set_stock cannot make sense of is refused and changes nothing") {
  StockShop test({"TEA"});
  const auto refuse = [&](const SetStock& request, Errc code, const char* field) {
    const auto refused = test.shop->admin().stock().set(test.staff, request);
    REQUIRE(code_of(refused) == code);
    CHECK(refused.error().field() == field);
  };
  refuse({.sku = "TEA", .on_hand = 1, .adjust = 1}, Errc::invalid_request, "adjust");
  refuse({.sku = "TEA"}, Errc::invalid_request, "onHand");
  refuse({.sku = "TEA", .on_hand = -1}, Errc::invalid_request, "onHand");
  refuse({.sku = "TEA", .on_hand = 1'000'000'001}, Errc::invalid_request, "onHand");
  refuse({.sku = "TEA", .adjust = -1}, Errc::insufficient_stock, "adjust");
  refuse({.sku = "COCOA", .on_hand = 1}, Errc::not_found, "sku");
  const LocationId elsewhere = LocationId::parse("location_01h455vb4pex5vsknk084sn02q").value();
  refuse({.sku = "TEA", .location_id = elsewhere, .on_hand = 1}, Errc::not_found, "locationId");
  test.set("TEA", 1'000'000'000);
  refuse({.sku = "TEA", .adjust = 1}, Errc::too_large, "adjust");
  CHECK(test.movements("TEA").size() == 1);
}

TEST_CASE("the location may be left out while exactly one is active") {
  for (const int locations : {0, 2}) {
    StockShop test({"TEA"}, locations);
    const auto refused = test.shop->admin().stock().set(test.staff, {.sku = "TEA", .on_hand = 1});
    REQUIRE(code_of(refused) == Errc::invalid_request);
    CHECK(refused.error().field() == "locationId");
    CHECK(refused.error().fact("reason") == "location_required");
  }
  StockShop test({"TEA"}, 2);
  test.shop->admin()
      .locations()
      .update(test.staff, {.location_id = test.shelves.at(0), .active = false})
      .value();
  const Stock stock =
      test.shop->admin().stock().set(test.staff, {.sku = "TEA", .on_hand = 1}).value();
  REQUIRE(stock.locations.size() == 1);
  CHECK(stock.locations[0].location_id == test.shelves.at(1));
}

TEST_CASE("stock is listed by SKU in pages, with each of its locations by position") {
  StockShop test({"COCOA", "COFFEE", "MATE", "TEA"}, 2);
  test.set("TEA", 4, 1);
  test.set("TEA", 3, 0);
  test.set("COFFEE", 9, 0);
  Admin admin = test.shop->admin();

  const Page<Stock> first = admin.stock().list(test.staff, {.limit = 3}).value();
  REQUIRE(first.items.size() == 3);
  CHECK(first.items[0].sku == "COCOA");
  CHECK(first.items[0].locations.empty());
  CHECK(first.items[1].on_hand == 9);
  REQUIRE(first.next_after);

  const Page<Stock> second =
      admin.stock().list(test.staff, {.limit = 3, .after = first.next_after}).value();
  CHECK_FALSE(second.next_after);
  REQUIRE(second.items.size() == 1);
  CHECK(second.items[0].on_hand == 7);
  REQUIRE(second.items[0].locations.size() == 2);
  CHECK(second.items[0].locations[0].on_hand == 3);
  CHECK(second.items[0].locations[1].on_hand == 4);
}

TEST_CASE("movements are listed newest first, in pages") {
  StockShop test({"TEA"});
  for (std::int64_t count = 1; count <= 5; ++count) test.set("TEA", count * count);
  Admin admin = test.shop->admin();
  std::vector<std::int64_t> deltas;
  std::optional<std::string> after;
  do {
    const auto page = admin.stock()
                          .list_movements(test.staff, {.sku = "TEA", .limit = 2, .after = after})
                          .value();
    for (const StockMovement& movement : page.items) deltas.push_back(movement.on_hand_delta);
    after = page.next_after;
  } while (after);
  CHECK(deltas == std::vector<std::int64_t>{9, 7, 5, 3, 1});

  CHECK(code_of(admin.stock().list_movements(test.staff, {.sku = "COCOA"})) == Errc::not_found);
  const auto bad = admin.stock().list_movements(test.staff, {.sku = "TEA", .after = "yesterday"});
  REQUIRE(code_of(bad) == Errc::invalid_request);
  CHECK(bad.error().field() == "after");
}

TEST_CASE("locations are made, listed by position, and changed field by field") {
  StockShop test({"TEA"}, 0);
  Admin admin = test.shop->admin();
  const Location far = admin.locations().create(test.staff, {"Far", 2}).value();
  const Location near = admin.locations().create(test.staff, {"Near", 1}).value();
  CHECK(near.active);
  auto listed = admin.locations().list(test.staff, {}).value().items;
  REQUIRE(listed.size() == 2);
  CHECK(listed[0].name == "Near");

  const Location moved =
      admin.locations().update(test.staff, {.location_id = far.id, .position = 0}).value();
  CHECK(moved.name == "Far");
  CHECK(moved.position == 0);
  CHECK(moved.active);
  CHECK_FALSE(admin.locations()
                  .update(test.staff, {.location_id = near.id, .active = false})
                  .value()
                  .active);
  listed = admin.locations().list(test.staff, {}).value().items;
  CHECK(listed[0].id == far.id);

  const LocationId elsewhere = LocationId::parse("location_01h455vb4pex5vsknk084sn02q").value();
  CHECK(code_of(admin.locations().update(test.staff, {.location_id = elsewhere})) ==
        Errc::not_found);
}

TEST_CASE("what lies at an inactive location is on hand but not available") {
  StockShop test({"TEA"}, 2);
  test.set("TEA", 3, 0);
  test.set("TEA", 4, 1);
  Admin admin = test.shop->admin();
  admin.locations().update(test.staff, {.location_id = test.shelves[0], .active = false}).value();
  CHECK(test.stock("TEA").on_hand == 7);
  CHECK(test.stock("TEA").available == 4);
  const auto refused = test.shop->reservations().reserve(test.staff, {"a", {{"1", "TEA", 5}}, {}});
  CHECK(code_of(refused) == Errc::insufficient_stock);
}

TEST_CASE("stock and locations are for staff") {
  StockShop test({"TEA"});
  const Caller shopper{.user_id = "ada"};
  Admin admin = test.shop->admin();
  // The audience is checked before anything else of the request.
  CHECK(code_of(admin.stock().list(shopper, {.limit = 0})) == Errc::forbidden);
  CHECK(code_of(admin.stock().get(shopper, {"COCOA"})) == Errc::forbidden);
  CHECK(code_of(admin.stock().set(shopper, {})) == Errc::forbidden);
  CHECK(code_of(admin.stock().list_movements(shopper, {})) == Errc::forbidden);
  CHECK(code_of(admin.locations().list(shopper)) == Errc::forbidden);
  CHECK(code_of(admin.locations().create(shopper, {})) == Errc::forbidden);
  CHECK(code_of(admin.locations().update(shopper, {})) == Errc::forbidden);
}

TEST_CASE("a repeated change with the same idempotency key happens once") {
  StockShop test({"TEA"}, 0);
  Caller staff = test.staff;
  staff.idempotency_key = "once";
  Admin admin = test.shop->admin();
  const Location made = admin.locations().create(staff, {"Shelf", 0}).value();
  CHECK(admin.locations().create(staff, {"Shelf", 0}).value().id == made.id);
  CHECK(admin.locations().list(staff).value().items.size() == 1);

  CHECK(admin.stock().set(staff, {.sku = "TEA", .adjust = 5}).value().on_hand == 5);
  CHECK(admin.stock().set(staff, {.sku = "TEA", .adjust = 5}).value().on_hand == 5);
  CHECK(code_of(admin.stock().set(staff, {.sku = "TEA", .adjust = 6})) ==
        Errc::idempotency_mismatch);
}

TEST_CASE("stores know nothing of each other's stock") {
  StockShop test({"TEA"});
  test.set("TEA", 5);
  Caller other = test.staff;
  other.store = "other";
  Admin admin = test.shop->admin();
  CHECK(admin.stock().list(other).value().items.empty());
  CHECK(admin.locations().list(other).value().items.empty());
  CHECK(code_of(admin.stock().get(other, {"TEA"})) == Errc::not_found);
  CHECK(code_of(admin.locations().update(other, {.location_id = test.shelves[0]})) ==
        Errc::not_found);
  CHECK(code_of(test.shop->reservations().reserve(other, {"a", {{"1", "TEA", 1}}, {}})) ==
        Errc::not_found);
}

namespace {

// "2 reserved, 3 backordered" of a reservation.
std::string summary(StockShop& test, const std::string& order_ref) {
  const Reservation reservation = test.shop->reservations().get(test.staff, {order_ref}).value();
  std::map<UnitState, std::int64_t> quantities;
  for (const InventoryUnit& unit : reservation.units) quantities[unit.state] += unit.quantity;
  std::string text;
  for (const auto& [state, quantity] : quantities) {
    text +=
        (text.empty() ? "" : ", ") + std::to_string(quantity) + " " + std::string(name_of(state));
  }
  return text;
}

void reserve(StockShop& test, const std::string& order_ref, std::int64_t quantity) {
  test.shop->reservations().reserve(test.staff, {order_ref, {{"1", "TEA", quantity}}, {}}).value();
}

}  // namespace

TEST_CASE("arriving stock goes to those who wait, the oldest first") {
  StockShop test({"TEA"});
  test.set("TEA", 2);
  test.shop->admin().stock().set(test.staff, {.sku = "TEA", .backorderable = true}).value();
  reserve(test, "first", 5);
  reserve(test, "second", 4);
  CHECK(summary(test, "first") == "2 reserved, 3 backordered");
  CHECK(summary(test, "second") == "4 backordered");
  CHECK(test.stock("TEA").reserved == 2);
  test.shop->reservations().commit(test.staff, {"first"}).value();
  CHECK(summary(test, "first") == "2 sold, 3 backordered");
  CHECK(test.stock("TEA").reserved == 2);

  // Two of the three, so the lot splits; a committed order's units are sold as they come.
  CHECK(test.set("TEA", 4).available == 0);
  CHECK(summary(test, "first") == "4 sold, 1 backordered");
  CHECK(test.set("TEA", 7).reserved == 7);
  CHECK(summary(test, "first") == "5 sold");
  CHECK(summary(test, "second") == "2 reserved, 2 backordered");
  const Stock last = test.set("TEA", 15);
  CHECK(summary(test, "second") == "4 reserved");
  CHECK(last.available == 6);

  std::vector<std::string> moves;
  for (const StockMovement& movement : test.movements("TEA")) {
    if (movement.order_ref.empty()) continue;
    moves.push_back(movement.order_ref + " " + movement.reason + " " +
                    std::to_string(movement.quantity));
  }
  CHECK(moves == std::vector<std::string>{"second fill 2", "second fill 2", "first commit 1",
                                          "first fill 1", "first commit 2", "first fill 2",
                                          "first commit 2", "second backorder 4",
                                          "first backorder 3", "first reserve 2"});
}

TEST_CASE("stock that is given back goes to those who wait") {
  StockShop test({"TEA"});
  test.set("TEA", 3);
  test.shop->admin().stock().set(test.staff, {.sku = "TEA", .backorderable = true}).value();
  reserve(test, "early", 3);
  reserve(test, "late", 2);
  test.shop->reservations().release(test.staff, {"early"}).value();
  CHECK(summary(test, "late") == "2 reserved");
  CHECK(test.stock("TEA").available == 1);
}

TEST_CASE("stock at a location that opens goes to those who wait") {
  StockShop test({"TEA"}, 2);
  Admin admin = test.shop->admin();
  admin.locations().update(test.staff, {.location_id = test.shelves[1], .active = false}).value();
  test.set("TEA", 5, 1);
  admin.stock()
      .set(test.staff, {.sku = "TEA", .location_id = test.shelves[0], .backorderable = true})
      .value();
  reserve(test, "a", 3);
  CHECK(summary(test, "a") == "3 backordered");
  admin.locations().update(test.staff, {.location_id = test.shelves[1], .active = true}).value();
  CHECK(summary(test, "a") == "3 reserved");
  CHECK(test.stock("TEA").available == 2);
}

TEST_CASE("many deliveries to one line cost a handful of rows") {
  StockShop test({"TEA"});
  test.shop->admin().stock().set(test.staff, {.sku = "TEA", .backorderable = true}).value();
  reserve(test, "a", 50);
  for (std::int64_t count = 1; count <= 49; ++count) test.set("TEA", count);
  CHECK(summary(test, "a") == "49 reserved, 1 backordered");
  CHECK(test.shop->reservations().get(test.staff, {"a"}).value().units.size() == 2);
}
