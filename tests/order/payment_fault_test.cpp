// Payments when the network, the processor or the shop itself fails at any point: nothing is taken
// twice, nothing is lost, and due work mends it with the same idempotency keys.
#include <set>

#include "support/paying_shop.hpp"
#include "support/refusal.hpp"

using namespace resys;
using namespace resys::test;

namespace {

using Call = ModelProcessor::Call;

// What was sent for one step went under one key, however often.
void check_one_key(const PayingShop& world, Call call) {
  const auto made = world.model->calls(call);
  std::set<std::string> keys;
  for (const auto& each : made) keys.insert(each.idempotency_key);
  CHECK(made.size() >= 2);
  CHECK(keys.size() == 1);
}

const std::vector<Fault> kUnknown{Fault::lost_request, Fault::lost_answer, Fault::unreachable,
                                  Fault::broken};

Errc told_as(Fault fault) {
  return fault == Fault::unreachable ? Errc::processor_unavailable
         : fault == Fault::broken    ? Errc::internal
                                     : Errc::outcome_unknown;
}

}  // namespace

// ---- each call is unanswered

TEST_CASE("a payment whose creation is not answered is asked for again") {
  const Fault fault = GENERATE(from_range(kUnknown));
  CAPTURE(static_cast<int>(fault));
  PayingShop world;
  world.fill(shopper());
  world.model->fail(Call::create, fault);
  CHECK(code_of(world.shop->checkout().place_order(shopper(), {world.method})) == told_as(fault));
  // It is not failed: nobody knows.
  const std::string number = world.newest().number;
  CHECK(world.order(number).state == OrderState::payment);
  CHECK(world.stock("TEA").reserved == 2);
  SECTION("by the shopper") {
    world.shop->checkout().place_order(shopper(), {world.method}).value();
  }
  SECTION("by due work") { world.wait(kMicrosPerMinute); }
  SECTION("by due work of another process") {
    world.restart();
    world.wait(kMicrosPerMinute);
  }
  check_one_key(world, Call::create);
  const auto placed = world.shop->checkout().place_order(shopper(), {world.method}).value();
  CHECK(placed.payment->client_secret == world.intent(placed.order) + "_secret");
  CHECK(world.model->intents().size() == 1);
  world.model->pay(world.intent(placed.order));
  world.tell(world.intent(placed.order));
  CHECK(world.order(number).state == OrderState::complete);
}

TEST_CASE("an order whose payment was never answered expires once it is known to be canceled") {
  PayingShop world;
  world.fill(shopper());
  world.model->fail(Call::create, Fault::lost_answer, 3);
  CHECK(world.shop->checkout().place_order(shopper(), {world.method}).has_error());
  const std::string number = world.newest().number;
  world.wait(15 * kMicrosPerMinute);
  CHECK(world.order(number).state == OrderState::payment);
  CHECK(world.stock("TEA").reserved == 2);
  world.settle();
  CHECK(world.order(number).state == OrderState::delivery);
  CHECK(world.model->intents().at(0).state == PaymentState::voided);
  CHECK(world.stock("TEA").available == 100);
}

TEST_CASE("a payment that nobody has answered for a day is given up") {
  PayingShop world;
  world.fill(shopper());
  world.model->fail(Call::create, Fault::lost_request, 1'000);
  CHECK(world.shop->checkout().place_order(shopper(), {world.method}).has_error());
  const std::string number = world.newest().number;
  for (int hour = 0; hour < 23; ++hour) world.wait(kMicrosPerHour);
  CHECK(world.order(number).state == OrderState::payment);
  for (int hour = 0; hour < 2; ++hour) world.wait(kMicrosPerHour);
  CHECK(world.order(number).state == OrderState::delivery);
  CHECK(world.order(number).payments.at(0).state == PaymentState::failed);
  CHECK(world.stock("TEA").available == 100);
  world.model->forgive();
  const auto calls = world.model->calls(Call::create).size();
  world.wait(kMicrosPerDay);
  CHECK(world.model->calls(Call::create).size() == calls);
}

TEST_CASE("a payment that certainly was not made keeps nobody waiting") {
  PayingShop world;
  world.fill(shopper());
  world.model->set_down(true);
  CHECK(world.shop->checkout().place_order(shopper(), {world.method}).has_error());
  const std::string number = world.newest().number;
  world.wait(kMicrosPerMinute);
  CHECK(world.order(number).state == OrderState::payment);
  CHECK(world.stock("TEA").reserved == 2);
  OrderState end = OrderState::delivery;
  SECTION("it can be reopened") {
    CHECK(world.shop->checkout().reopen(shopper()).value().state == OrderState::delivery);
  }
  SECTION("staff can cancel it") {
    end = OrderState::canceled;
    CHECK(world.shop->admin().orders().cancel(staff(), {number}).value().state == end);
  }
  SECTION("it expires at its deadline") {
    world.wait(14 * kMicrosPerMinute - 1);
    CHECK(world.order(number).state == OrderState::payment);
    world.wait(1);
  }
  CHECK(world.order(number).state == end);
  CHECK(world.order(number).payments.at(0).state == PaymentState::failed);
  CHECK(world.stock("TEA").available == 100);
  world.model->set_down(false);
  world.settle();
  CHECK(world.model->intents().empty());
  world.buy_here(shopper());
}

TEST_CASE("one call to make a payment that was not answered is enough to wait for an answer") {
  PayingShop world;
  world.fill(shopper());
  const bool is_first = GENERATE(true, false);
  if (is_first) world.model->fail(Call::create, Fault::lost_answer);
  world.model->fail(Call::create, Fault::unreachable);
  if (!is_first) world.model->fail(Call::create, Fault::lost_answer);
  for (int i = 0; i < 2; ++i) {
    CHECK(world.shop->checkout().place_order(shopper(), {world.method}).has_error());
  }
  const std::string number = world.newest().number;
  world.model->set_down(true);
  CHECK(code_of(world.shop->checkout().reopen(shopper())) == Errc::processor_unavailable);
  world.wait(kMicrosPerHour);
  CHECK(world.order(number).state == OrderState::payment);
  CHECK(world.stock("TEA").reserved == 2);
  world.model->set_down(false);
  world.settle();
  CHECK(world.order(number).state == OrderState::delivery);
  CHECK(world.model->intents().at(0).state == PaymentState::voided);
  CHECK(world.stock("TEA").available == 100);
}

TEST_CASE("a shopper who asks again and again does not put off the shop's own next look") {
  PayingShop world;
  const Order placed = world.place_here().order;
  const std::string intent = world.intent(placed);
  world.model->set_state(intent, PaymentState::processing);
  for (int i = 0; i < 12; ++i) {
    CHECK(code_of(world.shop->checkout().reopen(shopper())) == Errc::processor_unavailable);
  }
  world.model->take_money(intent);
  world.wait(10 * kMicrosPerSecond);
  CHECK(world.order(placed.number).state == OrderState::complete);
}

TEST_CASE("a decline after the deadline does not put off the end") {
  PayingShop world;
  const Order placed = world.place_here().order;
  const std::string intent = world.intent(placed);
  for (int card = 0; card < 9; ++card) {
    world.model->decline(intent, "declined_" + std::to_string(card));
    world.tell(intent);
    world.wait(kMicrosPerMinute);
  }
  world.clock->advance(6 * kMicrosPerMinute + kMicrosPerSecond);
  world.model->decline(intent, "declined_late");
  world.tell(intent);
  world.work();
  CHECK(world.order(placed.number).state == OrderState::delivery);
  CHECK(world.stock("TEA").available == 100);
}

TEST_CASE("an authorization that comes while the payment is being ended is given up") {
  PayingShop world;
  world.model->capture_by_hand(true);
  const Order placed = world.place_here().order;
  const std::string intent = world.intent(placed);
  world.model->fail(Call::cancel, Fault::lost_request, 2);
  CHECK(world.shop->checkout().reopen(shopper()).has_error());
  REQUIRE(world.model->pay(intent));
  world.tell(intent);
  CHECK(world.order(placed.number).state == OrderState::payment);
  world.settle();
  CHECK(world.order(placed.number).state == OrderState::delivery);
  CHECK(world.model->intent(intent).state == PaymentState::voided);
  CHECK(world.stock("TEA").available == 100);
  CHECK(world.mails("has been canceled") == 0);
}

TEST_CASE("a payment that is refused for good opens the order again") {
  PayingShop world;
  world.fill(shopper());
  world.model->fail(Call::create, Fault::refused);
  const auto refused = world.shop->checkout().place_order(with_key("k", shopper()), {world.method});
  CHECK(refused.has_error());
  Order order = world.newest();
  CHECK(order.state == OrderState::delivery);
  CHECK(order.payments.at(0).state == PaymentState::failed);
  CHECK(world.stock("TEA").available == 100);
  CHECK(world.count(order.number, EventType::payment_failed) == 1);
  // A replay answers the refusal; a new request is a new payment under a new key.
  CHECK(code_of(world.shop->checkout().place_order(with_key("k", shopper()), {world.method})) ==
        Errc::payment_declined);
  const auto placed = world.shop->checkout().place_order(shopper(), {world.method}).value();
  const auto made = world.model->calls(Call::create);
  REQUIRE(made.size() == 2);
  CHECK(made[0].idempotency_key != made[1].idempotency_key);
  world.model->pay(world.intent(placed.order));
  world.tell(world.intent(placed.order));
  CHECK(world.order(placed.order.number).state == OrderState::complete);
}

TEST_CASE("a refusal does not end a payment that is known to exist") {
  PayingShop world;
  world.fill(shopper());
  // The answer to the first call is lost; a repetition is refused (say, the key was changed
  // meanwhile), and in between the webhook of the intent has come.
  world.model->fail(Call::create, Fault::lost_answer);
  CHECK(world.shop->checkout().place_order(shopper(), {world.method}).has_error());
  const Order order = world.newest();
  const std::string intent = world.intent(order);
  world.model->set_state(intent, PaymentState::requires_action);
  std::unique_ptr<Shop> other = world.open();
  world.model->before_answer(Call::create, [&] { world.tell(intent); });
  world.model->fail(Call::create, Fault::refused_late);
  CHECK(world.shop->checkout().place_order(shopper(), {world.method}).has_error());
  CHECK(world.order(order.number).state == OrderState::payment);
  CHECK(world.stock("TEA").reserved == 2);
  world.model->pay(intent);
  world.settle();
  CHECK(world.order(order.number).state == OrderState::complete);
}

TEST_CASE("a capture that is not answered is asked for again") {
  const Fault fault = GENERATE(from_range(kUnknown));
  CAPTURE(static_cast<int>(fault));
  PayingShop world;
  world.model->capture_by_hand(true);
  const Order order = world.buy_here();
  world.model->fail(Call::capture, fault);
  CHECK(code_of(world.shop->admin().orders().capture(staff(), {order.number})) == told_as(fault));
  CHECK(world.order(order.number).state == OrderState::confirm);
  SECTION("by staff") { world.shop->admin().orders().capture(staff(), {order.number}).value(); }
  SECTION("by due work") { world.wait(kMicrosPerMinute); }
  SECTION("by due work of another process") {
    world.restart();
    world.wait(kMicrosPerMinute);
  }
  check_one_key(world, Call::capture);
  CHECK(world.order(order.number).state == OrderState::complete);
  CHECK(world.count(order.number, EventType::external_payment_captured) == 1);
}

TEST_CASE("a cancellation that is not answered is asked for again, and keeps the stock") {
  const Fault fault = GENERATE(from_range(kUnknown));
  CAPTURE(static_cast<int>(fault));
  PayingShop world;
  const Order order = world.place_here().order;
  world.model->fail(Call::cancel, fault);
  CHECK(code_of(world.shop->orders().cancel(with_key("k", shopper()), {order.number})) ==
        told_as(fault));
  CHECK(world.order(order.number).state == OrderState::payment);
  CHECK(world.stock("TEA").reserved == 2);
  // Nothing can be done with it but to wait.
  CHECK(code_of(world.shop->checkout().place_order(shopper(), {world.method})) ==
        Errc::invalid_state);
  SECTION("by the same request") {
    CHECK(world.shop->orders().cancel(with_key("k", shopper()), {order.number}).value().state ==
          OrderState::canceled);
  }
  SECTION("by due work") { world.wait(kMicrosPerMinute); }
  SECTION("by due work of another process") {
    world.restart();
    world.wait(kMicrosPerMinute);
  }
  check_one_key(world, Call::cancel);
  CHECK(world.order(order.number).state == OrderState::canceled);
  CHECK(world.stock("TEA").available == 100);
}

TEST_CASE("a cancellation that is refused is asked for again under another key") {
  PayingShop world;
  const Order order = world.place_here().order;
  world.model->fail(Call::cancel, Fault::refused);
  CHECK(world.shop->orders().cancel(shopper(), {order.number}).has_error());
  CHECK(world.order(order.number).state == OrderState::payment);
  world.wait(kMicrosPerMinute);
  CHECK(world.order(order.number).state == OrderState::canceled);
  const auto made = world.model->calls(Call::cancel);
  REQUIRE(made.size() == 2);
  CHECK(made[0].idempotency_key != made[1].idempotency_key);
}

TEST_CASE("a refund that is not answered is asked for again") {
  const Fault fault = GENERATE(from_range(kUnknown));
  CAPTURE(static_cast<int>(fault));
  PayingShop world;
  const Order order = world.buy_here();
  const RefundOrder request{order.number, 500, "broken"};
  world.model->fail(Call::refund, fault);
  CHECK(code_of(world.shop->admin().orders().refund(with_key("r", staff()), request)) ==
        told_as(fault));
  CHECK(world.order(order.number).payments.at(0).refund_pending_cents == 500);
  // It counts although nobody knows: no more than the rest can be given back meanwhile.
  CHECK(code_of(world.shop->admin().orders().refund(
            staff(), {order.number, order.total_cents - 499})) == Errc::invalid_request);
  SECTION("by the same request") {
    world.shop->admin().orders().refund(with_key("r", staff()), request).value();
  }
  SECTION("by due work") { world.wait(kMicrosPerMinute); }
  SECTION("by due work of another process") {
    world.restart();
    world.wait(kMicrosPerMinute);
  }
  check_one_key(world, Call::refund);
  CHECK(world.order(order.number).payments.at(0).refunded_cents == 500);
  CHECK(world.count(order.number, EventType::payment_refunded) == 1);
}

TEST_CASE("an order that staff cancel is not canceled before its money is on its way") {
  const Fault fault = GENERATE(from_range(kUnknown));
  CAPTURE(static_cast<int>(fault));
  PayingShop world;
  const Order order = world.buy_here();
  world.model->fail(Call::refund, fault);
  CHECK(world.shop->admin().orders().cancel(staff(), {order.number}).has_error());
  CHECK(world.order(order.number).state == OrderState::complete);
  CHECK(world.stock("TEA").available == 98);
  world.wait(kMicrosPerMinute);
  CHECK(world.order(order.number).state == OrderState::canceled);
  CHECK(world.stock("TEA").available == 100);
  check_one_key(world, Call::refund);
}

TEST_CASE("a question that is not answered is asked again") {
  const Fault fault =
      GENERATE(Fault::lost_request, Fault::unreachable, Fault::broken, Fault::refused);
  PayingShop world;
  const Order order = world.place_here().order;
  world.model->pay(world.intent(order));
  SECTION("by the reconciler") {
    world.model->fail(Call::fetch, fault);
    world.wait(kMicrosPerMinute);
    CHECK(world.order(order.number).state == OrderState::payment);
  }
  SECTION("for a webhook: its sender is told to send it again") {
    const ReceiveWebhook webhook = world.model->webhook(world.intent(order), "news");
    world.model->fail(Call::fetch, fault);
    CHECK(world.receive(webhook).has_error());
    CHECK(world.order(order.number).state == OrderState::payment);
    world.receive(webhook).value();
    CHECK(world.order(order.number).state == OrderState::complete);
  }
  world.wait(kMicrosPerMinute);
  CHECK(world.order(order.number).state == OrderState::complete);
}

// ---- the shop dies

namespace {

// What the script does. Answers whether the shop died in it.
template <class Step>
bool crashes(const Step& step) {
  try {
    step();
  } catch (const Crash&) {
    return true;
  }
  return false;
}

}  // namespace

TEST_CASE("a shop that dies in any call of a purchase finishes it after its restart") {
  const Fault fault = GENERATE(Fault::crash_before, Fault::crash_after);
  const Call call = GENERATE(Call::create, Call::capture);
  CAPTURE(static_cast<int>(fault), static_cast<int>(call));
  PayingShop world;
  world.model->capture_by_hand(true);
  world.fill(shopper());
  world.model->fail(call, fault);
  bool died = crashes([&] { (void)world.shop->checkout().place_order(shopper(), {world.method}); });
  if (died) {
    world.restart();
    world.wait(kMicrosPerMinute);
  }
  const Order order = world.newest();
  CHECK(order.state == OrderState::payment);
  world.model->pay(world.intent(order));
  world.tell(world.intent(order));
  died |= crashes([&] { (void)world.shop->admin().orders().capture(staff(), {order.number}); });
  world.restart();
  world.wait(kMicrosPerMinute);
  CHECK(died);
  CHECK(world.order(order.number).state == OrderState::complete);
  CHECK(world.model->intents().size() == 1);
  CHECK(world.mails("Order Confirmation") == 1);
}

TEST_CASE("a shop that dies while money goes back finishes it after its restart") {
  const Fault fault = GENERATE(Fault::crash_before, Fault::crash_after);
  PayingShop world;
  const Order order = world.buy_here();
  world.model->fail(Call::refund, fault);
  const bool all = GENERATE(true, false);
  CHECK(crashes([&] {
    if (all) (void)world.shop->admin().orders().cancel(staff(), {order.number});
    if (!all) (void)world.shop->admin().orders().refund(staff(), {order.number, 300});
  }));
  world.restart();
  world.wait(kMicrosPerMinute);
  CHECK(world.order(order.number).state == (all ? OrderState::canceled : OrderState::complete));
  CHECK(world.order(order.number).payments.at(0).refunded_cents == (all ? order.total_cents : 300));
}

TEST_CASE("a shop that dies while it cancels finishes it after its restart") {
  const Fault fault = GENERATE(Fault::crash_before, Fault::crash_after);
  PayingShop world;
  const Order order = world.place_here().order;
  world.model->fail(Call::cancel, fault);
  const bool by_time = GENERATE(true, false);
  CHECK(crashes([&] {
    if (by_time) world.wait(15 * kMicrosPerMinute);
    if (!by_time) (void)world.shop->orders().cancel(shopper(), {order.number});
  }));
  CHECK(world.stock("TEA").reserved == 2);
  world.restart();
  world.wait(kMicrosPerMinute);
  CHECK(world.order(order.number).state == (by_time ? OrderState::delivery : OrderState::canceled));
  CHECK(world.stock("TEA").available == 100);
}

TEST_CASE("a shop that dies while it is told of money hears of it again") {
  PayingShop world;
  const Order order = world.place_here().order;
  const std::string intent = world.intent(order);
  world.model->pay(intent);
  const ReceiveWebhook webhook = world.model->webhook(intent, "news");
  world.model->fail(Call::fetch, Fault::crash_after);
  CHECK(crashes([&] { (void)world.receive(webhook); }));
  world.restart();
  SECTION("by the webhook, sent again") { world.receive(webhook).value(); }
  SECTION("by its own question") { world.wait(kMicrosPerMinute); }
  CHECK(world.order(order.number).state == OrderState::complete);
}
