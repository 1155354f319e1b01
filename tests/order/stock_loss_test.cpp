// A loss that reaches into what is reserved: who gives way, who never does, and what becomes of the
// money.
#include <algorithm>

#include "support/buying_shop.hpp"
#include "support/refusal.hpp"

using namespace resys;
using namespace resys::test;

namespace {

struct LossShop : BuyingShop {
  Admin admin() { return shop->admin(); }

  // So many TEA are left.
  Result<Stock> lose_to(std::int64_t on_hand, bool release_holds = true) {
    return admin().stock().set(
        staff(),
        {.sku = "TEA", .on_hand = on_hand, .reason = "broken", .release_holds = release_holds});
  }
  // An order of so many TEA in Payment, younger than those before.
  Placement hold(const std::string& user, std::int64_t quantity) {
    clock->advance(kMicrosPerSecond);
    fill(shopper(user), quantity);
    return shop->checkout().place_order(shopper(user), {card}).value();
  }
  void reserve(const std::string& order_ref, std::int64_t quantity) {
    clock->advance(kMicrosPerSecond);
    shop->reservations().reserve(staff(), {order_ref, {{"1", "TEA", quantity}}, {}}).value();
  }
  ReservationState state_of(const std::string& order_ref) {
    return shop->reservations().get(staff(), {order_ref}).value().state;
  }
  std::vector<EventType> events(const Placement& placed) {
    std::vector<EventType> types;
    for (const Event& event : timeline(placed)) types.push_back(event.type);
    return types;
  }
  std::vector<Event> timeline(const Placement& placed) {
    return shop->admin().orders().get_timeline(staff(), {placed.order.number}).value().items;
  }
  Order now(const Placement& placed) { return order(placed.order.number); }
};

std::string fact(const Event& event, const std::string& name) {
  for (const auto& [key, value] : event.facts) {
    if (key == name) return value;
  }
  return "";
}

}  // namespace

TEST_CASE("a loss is refused where it reaches into what is reserved, unless staff insist") {
  LossShop test;
  test.count("TEA", 10);
  const Placement held = test.hold("ada", 6);
  const auto refused = test.lose_to(5, false);
  CHECK(refusal(refused, Errc::insufficient_stock, "onHand").fact("reserved", -1) == 6);
  CHECK(test.lose_to(6, false).value().available == 0);
  CHECK(test.now(held).state == OrderState::payment);
  // With nothing to give way it is a count like any other.
  CHECK(test.lose_to(8).value().available == 2);
  test.work();
  CHECK(test.now(held).state == OrderState::payment);
}

TEST_CASE("the youngest hold gives way, its order can be placed again with what is left") {
  LossShop test;
  test.count("TEA", 10);
  const Placement oldest = test.hold("ada", 4);
  const Placement youngest = test.hold("eve", 5);
  const Stock stock = test.lose_to(8).value();
  CHECK(stock.on_hand == 8);
  CHECK(stock.reserved == 8);
  CHECK(test.admin()
            .stock()
            .list_movements(staff(), {.sku = "TEA", .limit = 2})
            .value()
            .items[0]
            .reason == "broken");

  // Its payment may still bring money: nothing is released until the processor has said no.
  CHECK(test.now(youngest).state == OrderState::payment);
  const std::vector<Event> told = test.timeline(youngest);
  REQUIRE(told.back().type == EventType::stock_lost);
  CHECK(fact(told.back(), "sku") == "TEA");
  CHECK(fact(told.back(), "quantity") == "1");

  test.work();
  CHECK(test.now(youngest).state == OrderState::delivery);
  CHECK(test.now(youngest).payments[0].state == PaymentState::voided);
  CHECK(test.events(youngest) == std::vector{EventType::order_placed, EventType::stock_lost,
                                             EventType::payment_voided, EventType::order_reopened});
  CHECK(fact(test.timeline(youngest).back(), "reason") == "stockLost");
  CHECK(test.now(oldest).state == OrderState::payment);
  CHECK(test.stock("TEA").available == 4);

  const auto short_of = test.shop->checkout().place_order(shopper("eve"), {test.card});
  CHECK(code_of(short_of) == Errc::insufficient_stock);
  const LineItemId line = test.now(youngest).line_items[0].id;
  test.shop->cart().change_item(shopper("eve"), {line, 4}).value();
  test.shop->checkout().select_shipping_method(shopper("eve"), {test.post}).value();
  const Placement again = test.shop->checkout().place_order(shopper("eve"), {test.card}).value();
  test.pay(shopper("eve"), again);
  test.pay(shopper("ada"), oldest);
  CHECK(test.now(again).state == OrderState::complete);
  CHECK(test.now(oldest).state == OrderState::complete);
}

TEST_CASE("a loss goes from the youngest hold to the oldest, as far as it must") {
  LossShop test;
  test.count("TEA", 12);
  std::vector<Placement> placed;
  for (const char* user : {"ada", "bob", "cid", "dan"}) placed.push_back(test.hold(user, 3));
  test.lose_to(5).value();
  test.work();
  const auto state = [&](std::size_t i) { return test.now(placed[i]).state; };
  CHECK(state(0) == OrderState::payment);
  CHECK(state(1) == OrderState::delivery);
  CHECK(state(2) == OrderState::delivery);
  CHECK(state(3) == OrderState::delivery);
  CHECK(test.stock("TEA").available == 2);
}

TEST_CASE("what is paid or promised never gives way, and the refusal says how much that is") {
  LossShop test;
  test.count("TEA", 10);
  test.buy(shopper("ada"));
  const Placement promised = test.place(shopper("bob"), test.transfer);
  const Placement held = test.hold("eve", 3);
  const Error refused = refusal(test.lose_to(3), Errc::insufficient_stock, "onHand");
  CHECK(refused.fact("keptUnits", -1) == 4);
  CHECK(refused.fact("reserved", -1) == 7);
  CHECK(refused.fact("onHand", -1) == 10);
  CHECK(refused.fact("requested", -1) == 3);
  CHECK(test.stock("TEA").on_hand == 10);
  CHECK(test.events(held).back() == EventType::order_placed);
  const auto negative =
      test.admin().stock().set(staff(), {.sku = "TEA", .adjust = -11, .release_holds = true});
  refusal(negative, Errc::insufficient_stock, "adjust");

  CHECK(test.lose_to(4).value().available == 0);
  test.work();
  CHECK(test.now(held).state == OrderState::delivery);
  CHECK(test.now(promised).state == OrderState::confirm);
  CHECK(test.stock("TEA").reserved == 4);
}

TEST_CASE("a host's reservation gives way as if it were past its deadline") {
  LossShop test;
  test.count("TEA", 10);
  test.reserve("old", 4);
  test.reserve("young", 5);
  test.shop->reservations().reserve(staff(), {"sold", {{"1", "TEA", 1}}, {}}).value();
  test.shop->reservations().commit(staff(), {"sold"}).value();
  CHECK(test.lose_to(8).value().available == 3);
  CHECK(test.state_of("young") == ReservationState::released);
  CHECK(test.state_of("old") == ReservationState::held);
  CHECK(code_of(test.shop->reservations().commit(staff(), {"young"})) == Errc::invalid_state);
  test.reserve("young", 3);
  CHECK(refusal(test.lose_to(0), Errc::insufficient_stock).fact("keptUnits", -1) == 1);
  CHECK(test.lose_to(1).value().reserved == 1);
  CHECK(test.state_of("old") == ReservationState::released);
  CHECK(test.state_of("sold") == ReservationState::committed);
}

TEST_CASE("an order that is paid before its payment has ended is complete and waits for stock") {
  LossShop test;
  test.count("TEA", 5);
  const Placement held = test.hold("ada", 5);
  test.lose_to(3).value();
  test.pay(shopper("ada"), held);
  test.work();
  const Order paid = test.now(held);
  CHECK(paid.state == OrderState::complete);
  CHECK(paid.payment_status == PaymentStatus::paid);
  CHECK(test.stock("TEA").reserved == 3);
  const auto ship = [&] {
    return test.shop->admin().orders().ship(staff(), {held.order.number, "T1"});
  };
  CHECK(refusal(ship(), Errc::invalid_state).fact("backordered", 0) == 2);

  SECTION("what arrives goes to it first") {
    CHECK(test.admin().stock().set(staff(), {.sku = "TEA", .adjust = 3}).value().available == 1);
    ship().value();
    CHECK(test.stock("TEA").on_hand == 1);
  }
  SECTION("staff give the money back") {
    const Order canceled = test.shop->admin().orders().cancel(staff(), {held.order.number}).value();
    CHECK(canceled.payment_status == PaymentStatus::refunded);
    CHECK(test.stock("TEA").available == 3);
  }
}

TEST_CASE("units that another location has go to those whose own are lost") {
  LossShop test;
  test.count("TEA", 5);
  const LocationId shelf = test.stock("TEA").locations[0].location_id;
  const LocationId attic =
      test.admin().locations().create(staff(), {.name = "Attic", .position = 9}).value().id;
  const Placement ada = test.hold("ada", 2);
  const Placement eve = test.hold("eve", 3);
  test.admin().stock().set(staff(), {.sku = "TEA", .location_id = attic, .on_hand = 2}).value();
  const SetStock loss{
      .sku = "TEA", .location_id = shelf, .on_hand = 3, .reason = "broken", .release_holds = true};
  CHECK(test.admin().stock().set(staff(), loss).value().available == 0);
  CHECK(test.events(eve) == std::vector{EventType::order_placed});
  test.work();
  test.pay(shopper("eve"), eve);
  test.pay(shopper("ada"), ada);
  CHECK(test.now(eve).state == OrderState::complete);
  CHECK(test.shop->admin().orders().ship(staff(), {eve.order.number, "T1"}).has_value());
  CHECK(test.shop->admin().orders().ship(staff(), {ada.order.number, "T2"}).has_value());
  CHECK(test.stock("TEA").on_hand == 0);
}

TEST_CASE("where a variant is sold without stock, the order that has lost its units waits") {
  LossShop test;
  test.count("TEA", 5);
  const Placement held = test.hold("ada", 5);
  test.admin().stock().set(staff(), {.sku = "TEA", .backorderable = true}).value();
  test.lose_to(1).value();
  CHECK(test.events(held).back() == EventType::stock_lost);
  CHECK(fact(test.timeline(held).back(), "quantity") == "4");
  test.work();
  CHECK(test.now(held).state == OrderState::payment);
  test.pay(shopper("ada"), held);
  CHECK(test.now(held).state == OrderState::complete);
  test.admin().stock().set(staff(), {.sku = "TEA", .adjust = 4}).value();
  CHECK(test.shop->admin().orders().ship(staff(), {held.order.number, "T1"}).has_value());
}

TEST_CASE("a repeated loss under one key is written down once") {
  LossShop test;
  test.count("TEA", 10);
  const Placement held = test.hold("ada", 6);
  const SetStock loss{.sku = "TEA", .adjust = -5, .reason = "broken", .release_holds = true};
  for (int again = 0; again < 2; ++again) {
    CHECK(test.admin().stock().set(with_key("once", staff()), loss).value().on_hand == 5);
  }
  const auto events = test.events(held);
  CHECK(std::count(events.begin(), events.end(), EventType::stock_lost) == 1);
}
