// The soft reserve as a host with orders of its own uses it.
#include <map>
#include <random>
#include <set>
#include <utility>

#include "support/refusal.hpp"
#include "support/stock_shop.hpp"
#include "support/tier.hpp"

using namespace resys;
using namespace resys::test;

namespace {

Reserve request(const std::string& order_ref, const std::vector<ReservationLine>& lines) {
  return {order_ref, lines, {}};
}

// Its state and the state that all its units are in.
void check_is(const Reservation& reservation, ReservationState state, UnitState units) {
  CHECK(reservation.state == state);
  for (const InventoryUnit& unit : reservation.units) CHECK(unit.state == units);
}

}  // namespace

TEST_CASE("a reservation holds its units until it is committed") {
  StockShop test({"TEA", "MATE"});
  test.set("TEA", 10);
  test.set("MATE", 1000);
  InventoryReservationService service = test.shop->reservations();

  const Reservation held =
      service.reserve(test.staff, request("a", {{"1", "TEA", 4}, {"2", "MATE", 1000}})).value();
  CHECK(held.order_ref == "a");
  check_is(held, ReservationState::held, UnitState::reserved);
  REQUIRE(held.units.size() == 2);
  CHECK(held.units[0].order_ref == "a");
  CHECK(held.units[0].location_id == test.shelves[0]);
  CHECK(test.stock("TEA").on_hand == 10);
  CHECK(test.stock("TEA").reserved == 4);
  CHECK(test.stock("MATE").available == 0);

  const Reservation sold = service.commit(test.staff, {"a"}).value();
  check_is(sold, ReservationState::committed, UnitState::sold);
  CHECK_FALSE(sold.expires_at);
  CHECK(test.stock("TEA").on_hand == 10);
  CHECK(test.stock("TEA").reserved == 4);
  CHECK(test.stock("MATE").available == 0);

  const Reservation shipped = service.ship(test.staff, {"a"}).value();
  check_is(shipped, ReservationState::committed, UnitState::shipped);
  CHECK(test.stock("TEA").on_hand == 6);
  CHECK(test.stock("TEA").reserved == 0);
  CHECK(test.stock("MATE").on_hand == 0);

  const auto movements = test.movements("TEA");
  REQUIRE(movements.size() == 4);
  CHECK(movements[0].reason == "ship");
  CHECK(movements[0].on_hand_delta == -4);
  CHECK(movements[0].reserved_delta == -4);
  CHECK(movements[1].reason == "commit");
  CHECK(movements[2].reason == "reserve");
  CHECK(movements[2].order_ref == "a");
  CHECK(movements[2].actor == "staff");
}

TEST_CASE("what was sold or shipped is given back, and can be reserved again") {
  StockShop test({"TEA"});
  test.set("TEA", 10);
  InventoryReservationService service = test.shop->reservations();
  const Reserve asked = request("a", {{"1", "TEA", 4}});
  for (const bool shipped : {false, true}) {
    service.reserve(test.staff, asked).value();
    service.commit(test.staff, {"a"}).value();
    if (shipped) service.ship(test.staff, {"a"}).value();
    CHECK(test.stock("TEA").on_hand == (shipped ? 6 : 10));
    for (int again = 0; again < 2; ++again) {
      const Reservation back = service.restock(test.staff, {"a"}).value();
      check_is(back, ReservationState::released, UnitState::returned);
      CHECK(test.stock("TEA").on_hand == 10);
      CHECK(test.stock("TEA").available == 10);
    }
  }
  service.reserve(test.staff, asked).value();
  CHECK(service.restock(test.staff, {"a"}).value().state == ReservationState::released);
  CHECK(test.stock("TEA").available == 10);
}

TEST_CASE("what waits for stock is not shipped, and the refusal says how much") {
  StockShop test({"TEA"});
  test.set("TEA", 2);
  test.shop->admin().stock().set(test.staff, {.sku = "TEA", .backorderable = true}).value();
  InventoryReservationService service = test.shop->reservations();
  service.reserve(test.staff, request("a", {{"1", "TEA", 5}})).value();
  const auto refused = service.ship(test.staff, {"a"});
  REQUIRE(code_of(refused) == Errc::invalid_state);
  CHECK(refused.error().fact("backordered", -1) == 3);
  CHECK(service.get(test.staff, {"a"}).value().state == ReservationState::held);
  CHECK(test.stock("TEA").reserved == 2);
  test.set("TEA", 5);
  CHECK(service.ship(test.staff, {"a"}).value().state == ReservationState::committed);
  CHECK(test.stock("TEA").on_hand == 0);
}

TEST_CASE("committing, releasing or reserving again changes nothing") {
  StockShop test({"TEA"});
  test.set("TEA", 10);
  InventoryReservationService service = test.shop->reservations();
  const Reserve first = request("a", {{"1", "TEA", 4}});
  const Reservation held = service.reserve(test.staff, first).value();
  test.clock->advance(kMicrosPerMinute);
  CHECK(service.reserve(test.staff, first).value().expires_at == held.expires_at);
  CHECK(test.stock("TEA").reserved == 4);

  service.commit(test.staff, {"a"}).value();
  CHECK(service.commit(test.staff, {"a"}).value().state == ReservationState::committed);
  CHECK(service.reserve(test.staff, first).value().state == ReservationState::committed);
  CHECK(test.stock("TEA").available == 6);
  for (int again = 0; again < 2; ++again) {
    check_is(service.ship(test.staff, {"a"}).value(), ReservationState::committed,
             UnitState::shipped);
    CHECK(test.stock("TEA").on_hand == 6);
  }
  check_is(service.commit(test.staff, {"a"}).value(), ReservationState::committed,
           UnitState::shipped);

  service.reserve(test.staff, request("b", {{"1", "TEA", 2}})).value();
  service.release(test.staff, {"b"}).value();
  check_is(service.release(test.staff, {"b"}).value(), ReservationState::released,
           UnitState::released);
  CHECK(test.stock("TEA").available == 6);
  CHECK(test.movements("TEA").size() == 6);
}

TEST_CASE("a released reservation is taken up again, with other lines too") {
  StockShop test({"TEA"});
  test.set("TEA", 10);
  InventoryReservationService service = test.shop->reservations();
  service.reserve(test.staff, request("a", {{"1", "TEA", 4}})).value();
  service.release(test.staff, {"a"}).value();
  const Reservation again = service.reserve(test.staff, request("a", {{"1", "TEA", 7}})).value();
  CHECK(again.state == ReservationState::held);
  CHECK(test.stock("TEA").reserved == 7);
  service.commit(test.staff, {"a"}).value();
  CHECK(test.stock("TEA").available == 3);
}

TEST_CASE("what a reservation's state does not allow is refused with the state") {
  StockShop test({"TEA"});
  test.set("TEA", 10);
  InventoryReservationService service = test.shop->reservations();
  const Timestamp later = test.clock->now().plus(kMicrosPerHour);
  const auto refuse = [&](const auto& refused, const char* state) {
    REQUIRE(code_of(refused) == Errc::invalid_state);
    CHECK(refused.error().fact("state") == state);
  };
  service.reserve(test.staff, request("a", {{"1", "TEA", 4}})).value();
  refuse(service.reserve(test.staff, request("a", {{"1", "TEA", 5}})), "held");
  refuse(service.reserve(test.staff, request("a", {{"2", "TEA", 4}})), "held");
  service.commit(test.staff, {"a"}).value();
  refuse(service.release(test.staff, {"a"}), "committed");
  refuse(service.extend(test.staff, {"a", later}), "committed");
  refuse(service.reserve(test.staff, request("a", {{"1", "TEA", 5}})), "committed");
  service.reserve(test.staff, request("b", {{"1", "TEA", 1}})).value();
  service.release(test.staff, {"b"}).value();
  refuse(service.commit(test.staff, {"b"}), "released");
  refuse(service.ship(test.staff, {"b"}), "released");
  refuse(service.extend(test.staff, {"b", later}), "released");
  for (const auto& refused :
       {service.get(test.staff, {"c"}), service.commit(test.staff, {"c"}),
        service.ship(test.staff, {"c"}), service.restock(test.staff, {"c"}),
        service.release(test.staff, {"c"}), service.extend(test.staff, {"c", later})}) {
    REQUIRE(code_of(refused) == Errc::not_found);
    CHECK(refused.error().field() == "orderRef");
  }
}

TEST_CASE("all lines are reserved or none, and every SKU that is short is told") {
  StockShop test({"TEA", "MATE", "COCOA"});
  test.set("TEA", 10);
  test.set("MATE", 3);
  const Reserve asked =
      request("a", {{"1", "TEA", 2}, {"2", "MATE", 2}, {"3", "COCOA", 1}, {"4", "MATE", 2}});
  const auto refused = test.shop->reservations().reserve(test.staff, asked);
  REQUIRE(code_of(refused) == Errc::insufficient_stock);
  REQUIRE(refused.error().rows().size() == 2);
  std::set<std::string> told;
  for (const Facts& row : refused.error().rows()) {
    REQUIRE(row.size() == 3);
    CHECK(row[0].name == "sku");
    CHECK(row[1].name == "requested");
    CHECK(row[2].name == "available");
    told.insert(std::get<std::string>(row[0].value) + " " +
                std::to_string(std::get<std::int64_t>(row[1].value)) + " " +
                std::to_string(std::get<std::int64_t>(row[2].value)));
  }
  CHECK(told == std::set<std::string>{"MATE 4 3", "COCOA 1 0"});
  CHECK(test.stock("TEA").reserved == 0);
  CHECK(test.movements("TEA").size() == 1);
  CHECK(code_of(test.shop->reservations().get(test.staff, {"a"})) == Errc::not_found);
}

TEST_CASE("two lines of one SKU cannot both have the last unit") {
  StockShop test({"TEA"});
  test.set("TEA", 1);
  const auto refused = test.shop->reservations().reserve(
      test.staff, request("a", {{"1", "TEA", 1}, {"2", "TEA", 1}}));
  CHECK(code_of(refused) == Errc::insufficient_stock);
  CHECK(test.stock("TEA").available == 1);
}

TEST_CASE("a line may come from several locations, by position, and only from active ones") {
  StockShop test({"TEA"}, 4);
  for (std::size_t shelf = 0; shelf < 4; ++shelf) test.set("TEA", 3, shelf);
  Admin admin = test.shop->admin();
  admin.locations().update(test.staff, {.location_id = test.shelves[1], .active = false}).value();
  admin.locations().update(test.staff, {.location_id = test.shelves[3], .position = 0}).value();
  admin.locations().update(test.staff, {.location_id = test.shelves[0], .position = 9}).value();

  const Reservation held =
      test.shop->reservations()
          .reserve(test.staff, request("a", {{"1", "TEA", 4}, {"2", "TEA", 3}}))
          .value();
  std::map<LocationId, std::int64_t> taken;
  for (const InventoryUnit& unit : held.units) taken[unit.location_id] += unit.quantity;
  CHECK(taken == std::map<LocationId, std::int64_t>{
                     {test.shelves[3], 3}, {test.shelves[2], 3}, {test.shelves[0], 1}});
  std::map<std::string, std::int64_t> by_line;
  for (const InventoryUnit& unit : held.units) by_line[unit.line_ref] += unit.quantity;
  CHECK(by_line == std::map<std::string, std::int64_t>{{"1", 4}, {"2", 3}});
  CHECK(held.units.size() <= 4);
}

TEST_CASE("a reservation has a deadline, after which its stock is free") {
  StockShop test({"TEA"});
  test.set("TEA", 10);
  InventoryReservationService service = test.shop->reservations();
  const Timestamp start = test.clock->now();
  const Timestamp soon = start.plus(kMicrosPerMinute);
  const Reserve short_lived{"short", {{"1", "TEA", 1}}, soon};
  CHECK(service.reserve(test.staff, short_lived).value().expires_at == soon);
  const Reservation usual =
      service.reserve(test.staff, request("usual", {{"1", "TEA", 2}})).value();
  CHECK(usual.expires_at == start.plus(15 * kMicrosPerMinute));
  service.reserve(test.staff, {"long", {{"1", "TEA", 4}}, start.plus(kMicrosPerDay)}).value();

  test.clock->advance(kMicrosPerMinute - 1);
  CHECK(service.expire(test.staff).value().released == 0);
  test.clock->advance(1);
  CHECK(service.expire(test.staff).value().released == 1);
  CHECK(service.get(test.staff, {"short"}).value().state == ReservationState::released);
  CHECK(test.stock("TEA").reserved == 6);
  CHECK(test.movements("TEA").front().actor.empty());

  const Timestamp extended = start.plus(kMicrosPerHour);
  CHECK(service.extend(test.staff, {"usual", extended}).value().expires_at == extended);
  test.clock->advance(30 * kMicrosPerMinute);
  CHECK(test.shop->run_due_work().value().done == 0);
  test.clock->advance(30 * kMicrosPerMinute);
  CHECK(test.shop->run_due_work().value().done == 1);
  CHECK(service.get(test.staff, {"usual"}).value().state == ReservationState::released);
  CHECK(test.stock("TEA").reserved == 4);
}

TEST_CASE("a reservation past its deadline may still be committed, and reserving begins it anew") {
  StockShop test({"TEA"});
  test.set("TEA", 2);
  InventoryReservationService service = test.shop->reservations();
  for (const char* order_ref : {"a", "b"}) {
    service.reserve(test.staff, request(order_ref, {{"1", "TEA", 1}})).value();
  }
  test.clock->advance(kMicrosPerHour);
  CHECK(service.commit(test.staff, {"a"}).value().state == ReservationState::committed);
  const Reservation anew = service.reserve(test.staff, request("b", {{"1", "TEA", 1}})).value();
  CHECK(anew.expires_at == test.clock->now().plus(15 * kMicrosPerMinute));
  CHECK(service.expire(test.staff).value().released == 0);
}

TEST_CASE("many overdue reservations are released in one call") {
  StockShop test({"TEA"});
  test.set("TEA", 120);
  InventoryReservationService service = test.shop->reservations();
  for (int i = 0; i < 120; ++i) {
    service.reserve(test.staff, request(std::to_string(i), {{"1", "TEA", 1}})).value();
  }
  test.clock->advance(kMicrosPerHour);
  CHECK(service.expire(test.staff).value().released == 120);
  CHECK(test.stock("TEA").available == 120);
}

TEST_CASE("what a reservation cannot be is refused with the field") {
  StockShop test({"TEA"});
  test.set("TEA", 10);
  InventoryReservationService service = test.shop->reservations();
  const auto refuse = [&](const auto& refused, Errc code, const char* field) {
    REQUIRE(code_of(refused) == code);
    CHECK(refused.error().field() == field);
  };
  const Timestamp now = test.clock->now();
  refuse(service.reserve(test.staff, request("a", {{"1", "TEA", 1}, {"1", "TEA", 2}})),
         Errc::invalid_request, "lines[1].lineRef");
  refuse(service.reserve(test.staff, request("a", {{"1", "TEA", 1}, {"2", "COLA", 1}})),
         Errc::not_found, "lines[1].sku");
  refuse(service.reserve(test.staff, request("a", {{"1", "TEA", 0}})), Errc::invalid_request,
         "lines[0].quantity");
  refuse(service.reserve(test.staff, request("a", {})), Errc::invalid_request, "lines");
  refuse(service.reserve(test.staff, request("", {{"1", "TEA", 1}})), Errc::invalid_request,
         "orderRef");
  refuse(service.reserve(test.staff, {"a", {{"1", "TEA", 1}}, now}), Errc::invalid_request,
         "expiresAt");
  service.reserve(test.staff, request("a", {{"1", "TEA", 1}})).value();
  refuse(service.extend(test.staff, {"a", now}), Errc::invalid_request, "expiresAt");
}

TEST_CASE("the reservations of resys's own orders are refused") {
  StockShop test({"TEA"});
  test.set("TEA", 10);
  InventoryReservationService service = test.shop->reservations();
  const std::string own = "order_01h455vb4pex5vsknk084sn02q";
  const Timestamp later = test.clock->now().plus(kMicrosPerHour);
  for (const auto& refused :
       {service.reserve(test.staff, request(own, {{"1", "TEA", 1}})),
        service.get(test.staff, {own}), service.commit(test.staff, {own}),
        service.ship(test.staff, {own}), service.restock(test.staff, {own}),
        service.release(test.staff, {own}), service.extend(test.staff, {own, later})}) {
    REQUIRE(code_of(refused) == Errc::invalid_request);
    CHECK(refused.error().field() == "orderRef");
  }
  service.reserve(test.staff, request("order", {{"1", "TEA", 1}})).value();
}

TEST_CASE("reservations are for staff") {
  StockShop test({"TEA"});
  const Caller shopper{.user_id = "ada"};
  InventoryReservationService service = test.shop->reservations();
  CHECK(code_of(service.reserve(shopper, {})) == Errc::forbidden);
  CHECK(code_of(service.commit(shopper, {})) == Errc::forbidden);
  CHECK(code_of(service.ship(shopper, {})) == Errc::forbidden);
  CHECK(code_of(service.restock(shopper, {})) == Errc::forbidden);
  CHECK(code_of(service.release(shopper, {})) == Errc::forbidden);
  CHECK(code_of(service.extend(shopper, {})) == Errc::forbidden);
  CHECK(code_of(service.get(shopper, {})) == Errc::forbidden);
  CHECK(code_of(service.expire(shopper)) == Errc::forbidden);
}

TEST_CASE("a repeated reservation with the same idempotency key answers what became of it") {
  StockShop test({"TEA"});
  test.set("TEA", 10);
  InventoryReservationService service = test.shop->reservations();
  Caller staff = test.staff;
  staff.idempotency_key = "once";
  service.reserve(staff, request("a", {{"1", "TEA", 4}})).value();
  service.release(test.staff, {"a"}).value();
  CHECK(service.reserve(staff, request("a", {{"1", "TEA", 4}})).value().state ==
        ReservationState::released);
  CHECK(test.stock("TEA").reserved == 0);
  CHECK(code_of(service.reserve(staff, request("a", {{"1", "TEA", 5}}))) ==
        Errc::idempotency_mismatch);
}

// ---- any sequence of commands, against a model that has totals only

namespace {

const std::vector<std::string> kSkus{"TEA", "MATE", "COCOA"};
constexpr int kOrders = 6;

struct ModelOrder {
  std::optional<ReservationState> state;
  bool shipped = false;
  Timestamp expires_at;
  std::map<std::string, std::int64_t> lines;  // SKU -> units
};

struct Model {
  std::map<std::string, std::int64_t> on_hand;
  std::map<std::string, ModelOrder> orders;

  std::int64_t reserved(const std::string& sku) const {
    std::int64_t sum = 0;
    for (const auto& [name, order] : orders) {
      const auto line = order.lines.find(sku);
      if (order.state && order.state != ReservationState::released && !order.shipped &&
          line != order.lines.end()) {
        sum += line->second;
      }
    }
    return sum;
  }
  std::int64_t available(const std::string& sku) const { return on_hand.at(sku) - reserved(sku); }
  bool has(const std::map<std::string, std::int64_t>& lines) const {
    for (const auto& [sku, quantity] : lines) {
      if (available(sku) < quantity) return false;
    }
    return true;
  }
  void expire(ModelOrder& order, Timestamp now) const {
    if (order.state == ReservationState::held && order.expires_at <= now) {
      order.state = ReservationState::released;
    }
  }
};

// One shop, its model, and the commands that do the same to both.
class Walk {
 public:
  explicit Walk(std::uint32_t seed) : random_(seed) {
    for (const std::string& sku : kSkus) {
      test_.set(sku, 5, 0);
      test_.set(sku, 5, 1);
      model_.on_hand[sku] = 10;
    }
  }

  void step() {
    const std::string order_ref = "host-" + std::to_string(below(kOrders));
    ModelOrder& order = model_.orders[order_ref];
    switch (below(10)) {
      case 0:
        return adjust();
      case 1:
      case 2:
      case 3:
        return reserve(order_ref, order);
      case 4:
        return commit(order_ref, order);
      case 5:
        return release(order_ref, order);
      case 6:
        return extend(order_ref, order);
      case 7:
        return expire();
      case 8:
        return restock(order_ref, order);
      default:
        return ship(order_ref, order);
    }
  }

  void compare() {
    for (const std::string& sku : kSkus) {
      const Stock stock = test_.stock(sku);
      CHECK(stock.on_hand == model_.on_hand[sku]);
      CHECK(stock.reserved == model_.reserved(sku));
      CHECK(stock.available == model_.available(sku));
    }
    for (const auto& [order_ref, order] : model_.orders) {
      const auto found = service_.get(test_.staff, {order_ref});
      CHECK(found.has_value() == order.state.has_value());
      if (found) CHECK(found.value().state == order.state);
    }
  }

 private:
  std::int64_t below(std::int64_t bound) {
    return std::uniform_int_distribution<std::int64_t>(0, bound - 1)(random_);
  }
  static void expect(const auto& result, bool allowed) { CHECK(result.has_value() == allowed); }

  void adjust() {
    const std::string& sku = kSkus[static_cast<std::size_t>(below(3))];
    const std::size_t shelf = static_cast<std::size_t>(below(2));
    const std::int64_t free = test_.stock(sku).locations[shelf].available;
    const std::int64_t change = below(7) - 3;
    const auto set = test_.shop->admin().stock().set(
        test_.staff, {.sku = sku, .location_id = test_.shelves[shelf], .adjust = change});
    expect(set, free + change >= 0);
    if (set) model_.on_hand[sku] += change;
  }

  void reserve(const std::string& order_ref, ModelOrder& order) {
    std::map<std::string, std::int64_t> lines;
    Reserve asked{order_ref, {}, test_.clock->now().plus((1 + below(5)) * kMicrosPerMinute)};
    for (const std::string& sku : kSkus) {
      if (below(2) == 0) continue;
      lines[sku] = 1 + below(5);
      asked.lines.push_back({sku, sku, lines[sku]});
    }
    if (lines.empty()) return;
    Model before = model_;
    model_.expire(order, test_.clock->now());
    const bool is_new = !order.state || order.state == ReservationState::released;
    const bool allowed = is_new ? model_.has(lines) : order.lines == lines;
    expect(service_.reserve(test_.staff, asked), allowed);
    if (!allowed) {
      model_ = std::move(before);
    } else if (is_new) {
      order = {ReservationState::held, false, *asked.expires_at, lines};
    }
  }

  void commit(const std::string& order_ref, ModelOrder& order) {
    const bool held = order.state == ReservationState::held;
    expect(service_.commit(test_.staff, {order_ref}),
           held || order.state == ReservationState::committed);
    if (held) order.state = ReservationState::committed;
  }

  void release(const std::string& order_ref, ModelOrder& order) {
    const bool allowed = order.state && order.state != ReservationState::committed;
    expect(service_.release(test_.staff, {order_ref}), allowed);
    if (allowed) order.state = ReservationState::released;
  }

  void extend(const std::string& order_ref, ModelOrder& order) {
    const Timestamp later = test_.clock->now().plus((1 + below(5)) * kMicrosPerMinute);
    const bool held = order.state == ReservationState::held;
    expect(service_.extend(test_.staff, {order_ref, later}), held);
    if (held) order.expires_at = later;
  }

  void expire() {
    test_.clock->advance(below(3) * kMicrosPerMinute);
    std::int64_t due = 0;
    for (auto& [order_ref, order] : model_.orders) {
      const auto before = order.state;
      model_.expire(order, test_.clock->now());
      if (order.state != before) ++due;
    }
    CHECK(service_.expire(test_.staff).value().released == due);
  }

  void restock(const std::string& order_ref, ModelOrder& order) {
    expect(service_.restock(test_.staff, {order_ref}), order.state.has_value());
    if (order.shipped) {
      for (const auto& [sku, quantity] : order.lines) model_.on_hand[sku] += quantity;
    }
    order.shipped = false;
    if (order.state) order.state = ReservationState::released;
  }

  void ship(const std::string& order_ref, ModelOrder& order) {
    const bool allowed = order.state && order.state != ReservationState::released;
    expect(service_.ship(test_.staff, {order_ref}), allowed);
    if (!allowed || std::exchange(order.shipped, true)) return;
    order.state = ReservationState::committed;
    for (const auto& [sku, quantity] : order.lines) model_.on_hand[sku] -= quantity;
  }

  std::mt19937 random_;
  StockShop test_{kSkus, 2};
  InventoryReservationService service_ = test_.shop->reservations();
  Model model_;
};

}  // namespace

TEST_CASE("any sequence of commands leaves what a model of totals says") {
  const auto seeds = static_cast<std::uint32_t>(by_tier(3, 10, 300));
  for (std::uint32_t seed = 1; seed <= seeds; ++seed) {
    INFO("seed " << seed);
    Walk walk(seed);
    for (int i = 0; i < 200; ++i) {
      walk.step();
      walk.compare();
    }
  }
}
