// A cancel that cannot be carried out at once belongs to the order: until it has ended or was given
// up nothing is begun on the order, and whatever money comes goes back.
#include <functional>
#include <set>

#include "support/paying_shop.hpp"
#include "support/refusal.hpp"

using namespace resys;
using namespace resys::test;

namespace {

using Call = ModelProcessor::Call;

// Orders that are paid in parts, by card, through a processor that staff's cancel meets in trouble.
struct CancelingShop : PayingShop {
  Orders orders() { return shop->orders(); }
  Admin admin() { return shop->admin(); }

  // In Confirm, with 20.00 of 20.70.
  Order short_order() {
    model->capture_by_hand(true);
    const Order authorized = buy_here();
    model->take_other(intent(authorized), 2'000);
    tell(intent(authorized));
    model->capture_by_hand(false);
    return order(authorized.number);
  }
  // The same with a second payment of the 0.70, not paid yet.
  Order with_second() {
    const Order first = short_order();
    return shop->checkout().pay_order(shopper(), {first.number, method}).value().order;
  }
  // Complete, with two payments.
  Order paid_twice() {
    const Order second = with_second();
    REQUIRE(model->pay(intent(second)));
    tell(intent(second));
    const Order complete = order(second.number);
    REQUIRE(complete.state == OrderState::complete);
    return complete;
  }
  std::string first_intent(const Order& order) const {
    return model->intent_of(order.payments.front().id);
  }
  // The processor cannot be reached; the intention stays.
  void cancel_while_down(const std::string& number) {
    model->set_down(true);
    CHECK(code_of(admin().orders().cancel(staff(), {number})) == Errc::processor_unavailable);
    model->set_down(false);
  }
  void check_canceled(const std::string& number) {
    const Order canceled = order(number);
    CHECK(canceled.state == OrderState::canceled);
    CHECK(canceled.paid_cents == 0);
    CHECK(count(number, EventType::order_canceled) == 1);
    CHECK(stock("TEA").available == 100);
  }
  // Every way to begin, to ask for or to send something.
  void check_nothing_begins(const Order& order) {
    const auto is_told = [](const auto& result) {
      CHECK(refusal(result, Errc::invalid_state).message() == "the order is being canceled");
    };
    const std::string& number = order.number;
    const std::size_t asked = count(number, EventType::payment_requested);
    for (const PaymentMethodId& way : {method, transfer}) {
      is_told(shop->checkout().pay_order(shopper(), {number, way}));
      is_told(admin().orders().request_payment(staff(), {number, way}));
    }
    is_told(admin().orders().accept_payment(staff(), {number}));
    check_refused(admin().orders().mark_paid(staff(), {number}), Errc::invalid_state);
    check_refused(admin().orders().mark_paid(staff(), {number, 70}), Errc::invalid_state);
    check_refused(admin().orders().capture(staff(), {number}), Errc::invalid_state);
    is_told(admin().orders().ship(staff(), {.number = number, .tracking_number = "T1"}));
    is_told(admin().orders().ship(
        staff(), {.number = number, .tracking_number = "T1", .ship_unpaid = true}));
    CHECK(this->order(number).payments.size() == order.payments.size());
    CHECK(count(number, EventType::payment_requested) == asked);
    CHECK(shop->check().value().differences.empty());
  }
};

}  // namespace

TEST_CASE("nothing is begun on an order whose cancel waits for the processor") {
  CancelingShop world;
  SECTION("its money is to go back") {
    const Order order = world.short_order();
    world.cancel_while_down(order.number);
    world.check_nothing_begins(order);
    world.settle();
    world.check_canceled(order.number);
  }
  SECTION("a payment of it is still open") {
    const Order order = world.with_second();
    world.cancel_while_down(order.number);
    world.check_nothing_begins(order);
    world.settle();
    CHECK_FALSE(world.model->pay(world.intent(order)));
    world.check_canceled(order.number);
  }
  SECTION("it awaits a transfer of the rest") {
    const Order first = world.short_order();
    const Order order =
        world.shop->checkout().pay_order(shopper(), {first.number, world.transfer}).value().order;
    world.cancel_while_down(order.number);
    world.check_nothing_begins(world.order(order.number));
    world.settle();
    world.check_canceled(order.number);
  }
  SECTION("its deadline has passed") {
    const Order order = world.short_order();
    world.clock->advance(15 * kMicrosPerDay);
    world.model->set_down(true);
    world.work();
    world.model->set_down(false);
    world.check_nothing_begins(order);
    world.settle();
    world.check_canceled(order.number);
  }
}

TEST_CASE("a placing that is being canceled is neither placed again nor opened again") {
  CancelingShop world;
  const Order placed = world.place_here().order;
  world.cancel_while_down(placed.number);
  const auto check_told = [](const auto& result) {
    CHECK(refusal(result, Errc::invalid_state).message() == "the order is being canceled");
  };
  check_told(world.shop->checkout().place_order(shopper(), {world.method}));
  check_told(world.shop->checkout().place_order(shopper(), {world.transfer}));
  check_told(world.shop->checkout().reopen(shopper()));
  world.settle();
  world.check_canceled(placed.number);
}

TEST_CASE("money that comes while an order is being canceled goes back") {
  CancelingShop world;
  SECTION("more of what was given back already") {
    const Order order = world.short_order();
    world.cancel_while_down(order.number);
    world.model->take_other(world.intent(order), 2'070);
    world.tell(world.intent(order));
    world.settle();
    world.check_canceled(order.number);
  }
  SECTION("more of an earlier payment, while a later one is being ended") {
    const Order order = world.with_second();
    world.cancel_while_down(order.number);
    world.model->take_other(world.first_intent(order), 2'070);
    world.tell(world.first_intent(order));
    world.settle();
    world.check_canceled(order.number);
  }
  SECTION("of an order that was complete") {
    const Order order = world.buy_here();
    world.cancel_while_down(order.number);
    world.model->take_other(world.intent(order), 3'000);
    world.tell(world.intent(order));
    CHECK(world.count(order.number, EventType::payment_excess) == 0);
    world.settle();
    world.check_canceled(order.number);
  }
}

TEST_CASE("a cancel that is given up leaves the order as it was, and what goes back goes back") {
  CancelingShop world;
  const Order order = world.paid_twice();
  std::int64_t gone = 0;
  std::size_t failed = 1;
  SECTION("one refund is unreachable, the other refused for good") {
    world.model->fail(Call::refund, Fault::unreachable);
    world.model->fail(Call::refund, Fault::refused);
    failed = 2;  // the first is not made any more
    CHECK(world.admin().orders().cancel(staff(), {order.number}).has_error());
  }
  SECTION("one takes its time at the bank, the other is refused for good") {
    world.model->answer_refunds(RefundState::pending);
    world.model->fail(Call::refund, Fault::none);
    world.model->fail(Call::refund, Fault::refused);
    gone = 70;
    CHECK(world.admin().orders().cancel(staff(), {order.number}).has_error());
    world.model->settle_refunds(world.intent(order), RefundState::succeeded);
  }
  CHECK(world.shop->check().value().differences.empty());
  for (int day = 0; day < 30; ++day) world.wait(kMicrosPerDay);
  const Order now = world.order(order.number);
  CHECK(now.state == OrderState::complete);
  CHECK(now.payments.at(0).refunded_cents == 0);
  CHECK(now.payments.at(1).refunded_cents == gone);
  CHECK(now.payments.at(1).refund_pending_cents == 0);
  CHECK(world.count(order.number, EventType::refund_failed) == failed);
  world.model->answer_refunds(RefundState::succeeded);
  CHECK(world.admin().orders().cancel(staff(), {order.number}).value().state ==
        OrderState::canceled);
  world.check_canceled(order.number);
}

TEST_CASE("a cancel that is given up asks nobody to send money by hand") {
  CancelingShop world;
  const Placement placed = world.place(shopper(), world.transfer);
  world.admin().orders().mark_paid(staff(), {placed.order.number, 1'000}).value();
  const Order rest = world.shop->checkout()
                         .pay_order(shopper(), {placed.order.number, world.method})
                         .value()
                         .order;
  REQUIRE(world.model->pay(world.intent(rest)));
  world.tell(world.intent(rest));
  REQUIRE(world.order(rest.number).state == OrderState::complete);
  world.model->fail(Call::refund, Fault::refused);
  check_refused(world.admin().orders().cancel(staff(), {rest.number}), Errc::invalid_state);
  world.settle();
  const Order now = world.order(rest.number);
  CHECK(now.state == OrderState::complete);
  CHECK(now.paid_cents == 2'070);
  CHECK(now.refund_requested_cents == 0);
  CHECK(now.payment_status == PaymentStatus::paid);
  // Of both payments it is told that nothing goes back.
  std::set<std::string> told;
  for (const Event& event : world.events(now.number, EventType::refund_failed)) {
    told.insert(fact(event, "paymentId"));
  }
  CHECK(told == std::set{now.payments.at(0).id.text(), now.payments.at(1).id.text()});
  check_refused(world.admin().orders().mark_refunded(staff(), {rest.number}), Errc::invalid_state);
}

TEST_CASE("a cancel takes no money that the shop has not asked for in time") {
  CancelingShop world;
  world.model->capture_by_hand(true);
  const Order authorized = world.buy_here();
  const bool is_down = GENERATE(true, false);
  CAPTURE(is_down);
  world.model->fail(Call::capture, Fault::unreachable);
  check_refused(world.admin().orders().capture(staff(), {authorized.number}),
                Errc::processor_unavailable);
  if (is_down) world.cancel_while_down(authorized.number);
  if (!is_down) world.admin().orders().cancel(staff(), {authorized.number}).value();
  world.settle();
  world.check_canceled(authorized.number);
  CHECK(world.order(authorized.number).payments.at(0).captured_cents == 0);
  CHECK(world.mails("Order Confirmation") == 0);
}

TEST_CASE("a refund that the shop has not heard of does not keep an order from being canceled") {
  CancelingShop world;
  SECTION("its webhook is lost") {
    const Order order = world.short_order();
    world.model->refund_here(world.intent(order), 300);
    check_refused(world.admin().orders().cancel(staff(), {order.number}), Errc::invalid_state);
    world.settle();
    CHECK(world.order(order.number).payments.at(0).refunded_cents == 300);
    CHECK(world.admin().orders().cancel(staff(), {order.number}).value().state ==
          OrderState::canceled);
    world.check_canceled(order.number);
  }
  SECTION("it is told together with the capture") {
    world.model->capture_by_hand(true);
    const Order order = world.buy_here();
    world.cancel_while_down(order.number);
    world.model->take_other(world.intent(order), 1'000);
    world.model->refund_here(world.intent(order), 300);
    world.tell(world.intent(order), "news");
    world.settle();
    world.check_canceled(order.number);
  }
}

TEST_CASE("an order whose cancel was given up awaits its money no longer than any other") {
  CancelingShop world;
  const Order placed = world.place_here().order;
  world.model->fail(Call::cancel, Fault::unreachable);
  CHECK(world.admin().orders().cancel(staff(), {placed.number}).has_error());
  world.model->take_other(world.intent(placed), 214);
  world.model->fail(Call::refund, Fault::refused);
  world.settle();
  const Order waiting = world.order(placed.number);
  CHECK(waiting.state == OrderState::confirm);
  CHECK(waiting.paid_cents == 214);
  REQUIRE(waiting.payment_due_at);
  CHECK(*waiting.payment_due_at <= world.clock->now().plus(14 * kMicrosPerDay));
  // And it is paid, or not.
  SECTION("the rest is paid") {
    const Placement rest =
        world.shop->checkout().pay_order(shopper(), {placed.number, world.method}).value();
    CHECK(world.model->pay(world.intent(rest.order)));
    world.tell(world.intent(rest.order));
    CHECK(world.order(placed.number).state == OrderState::complete);
  }
  SECTION("nobody decides") {
    world.wait(14 * kMicrosPerDay);
    world.check_canceled(placed.number);
  }
}
