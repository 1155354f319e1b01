// Money that is taken otherwise than it was asked for: what came is counted and can be given back,
// and people decide what becomes of the order.
#include <optional>

#include "support/paying_shop.hpp"
#include "support/refusal.hpp"

using namespace resys;
using namespace resys::test;

namespace {

using Call = ModelProcessor::Call;

constexpr std::int64_t kCame = 2'000;  // of 20.70

// Orders whose money is promised by a card, and taken in part by the processor's own staff.
struct PartShop : PayingShop {
  PartShop() { model->capture_by_hand(true); }

  Orders orders() { return shop->orders(); }
  Admin admin() { return shop->admin(); }
  // In Confirm with less money than it costs.
  Order short_order(std::int64_t cents = kCame, const Caller& caller = shopper()) {
    const Order authorized = buy_here(caller);
    REQUIRE(authorized.state == OrderState::confirm);
    model->take_other(intent(authorized), cents);
    tell(intent(authorized));
    return order(authorized.number);
  }
  // The newest payment is paid, and captured at once.
  Order pay_rest(const std::string& number, const Caller& caller = shopper()) {
    model->capture_by_hand(false);
    const Placement rest = shop->checkout().pay_order(caller, {number, method}).value();
    REQUIRE(model->pay(intent(rest.order)));
    tell(intent(rest.order));
    return order(number);
  }
};

void check_given_back(PartShop& world, const std::string& number, std::int64_t cents) {
  const Order order = world.order(number);
  CHECK(order.state == OrderState::canceled);
  CHECK(order.paid_cents == 0);
  CHECK(order.payments.at(0).refunded_cents == cents);
  CHECK(world.stock("TEA").available == 100);
}

}  // namespace

TEST_CASE("an authorization that was captured with less is counted, and waits for staff") {
  PartShop world;
  const std::int64_t came = GENERATE(as<std::int64_t>(), kCame, 2'069);
  const bool told = GENERATE(true, false);
  const Order authorized = world.buy_here();
  REQUIRE(authorized.total_cents == 2'070);
  world.model->take_other(world.intent(authorized), came);
  if (told) world.tell(world.intent(authorized));
  if (!told) world.wait(2 * kMicrosPerHour);
  const Order order = world.order(authorized.number);
  CHECK(order.state == OrderState::confirm);
  CHECK(order.payment_status == PaymentStatus::partially_paid);
  CHECK(order.payments.at(0).state == PaymentState::captured);
  CHECK(order.payments.at(0).captured_cents == came);
  CHECK(order.paid_cents == came);
  CHECK(order.missing_cents == 2'070 - came);
  REQUIRE(order.payment_due_at);
  CHECK(*order.payment_due_at == world.clock->now().plus(14 * kMicrosPerDay));
  const auto events = world.events(order.number, EventType::payment_short);
  REQUIRE(events.size() == 1);
  CHECK(fact(events[0], "amountCents") == std::to_string(came));
  CHECK(fact(events[0], "askedCents") == "2070");
  CHECK(fact(events[0], "missingCents") == std::to_string(2'070 - came));
  CHECK(world.count(order.number, EventType::order_completed) == 0);
  CHECK(world.mails("Order Confirmation") == 0);
  // It is neither captured nor shipped nor left by the shopper, but the stock is theirs.
  check_refused(world.admin().orders().capture(staff(), {order.number}), Errc::invalid_state);
  check_refused(world.admin().orders().mark_paid(staff(), {order.number}), Errc::invalid_state);
  for (const bool unpaid : {false, true}) {
    const auto shipped = world.admin().orders().ship(
        staff(), {.number = order.number, .tracking_number = "T1", .ship_unpaid = unpaid});
    const Error refused = refusal(shipped, Errc::invalid_state);
    CHECK(refused.message() == "the order is only partly paid");
    CHECK(refused.fact("totalCents", 0) == 2'070);
    CHECK(refused.fact("paidCents", 0) == came);
    CHECK(refused.fact("missingCents", 0) == 2'070 - came);
    CHECK(refused.fact("allowedAfter") == "accept-payment");
  }
  check_refused(world.orders().cancel(shopper(), {order.number}), Errc::invalid_state);
  CHECK(world.stock("TEA").reserved == 2);
  // The shopper can buy something else meanwhile.
  CHECK(world.shop->cart().add_item(shopper(), {.sku = "MUG"}).value().id != order.id);
}

TEST_CASE("an order whose money is promised is shipped after the capture, and says so") {
  PartShop world;
  const Order authorized = world.buy_here();
  const auto ship = [&] {
    return world.admin().orders().ship(staff(),
                                       {.number = authorized.number, .tracking_number = "T1"});
  };
  Error refused = refusal(ship(), Errc::invalid_state);
  CHECK(refused.message() == "the payment is authorized but not captured yet");
  CHECK(refused.fact("paidCents", -1) == 0);
  CHECK(refused.fact("missingCents", 0) == 2'070);
  CHECK(refused.fact("allowedAfter") == "capture");
  // All that came short was given back: nothing could be accepted.
  world.model->take_other(world.intent(authorized), kCame);
  world.tell(world.intent(authorized));
  world.model->refund_here(world.intent(authorized), kCame);
  world.tell(world.intent(authorized), "refund");
  REQUIRE(world.order(authorized.number).state == OrderState::confirm);
  refused = refusal(ship(), Errc::invalid_state);
  CHECK(refused.message() == "the order is not paid");
  CHECK(refused.fact("missingCents", 0) == 2'070);
  CHECK(refused.fact("allowedAfter").empty());
}

TEST_CASE("an order whose capture through the shop finds less waits, too") {
  PartShop world;
  const Order authorized = world.buy_here();
  world.model->take_other(world.intent(authorized), kCame);
  const Order order = world.admin().orders().capture(staff(), {authorized.number}).value();
  CHECK(order.state == OrderState::confirm);
  CHECK(order.paid_cents == kCame);
  world.settle();
  CHECK(world.count(order.number, EventType::payment_short) == 1);
}

TEST_CASE("less money than was asked for may come straight to an order that is being paid") {
  PartShop world;
  const Placement placed = world.place_here();
  world.model->take_other(world.intent(placed.order), kCame);
  SECTION("told") { world.tell(world.intent(placed.order)); }
  SECTION("found out") { world.wait(kMicrosPerHour); }
  const Order order = world.order(placed.order.number);
  CHECK(order.state == OrderState::confirm);
  CHECK(order.missing_cents == 70);
  CHECK(world.stock("TEA").reserved == 2);
}

TEST_CASE("staff cancel what came short: what came goes back") {
  PartShop world;
  const Order order = world.short_order();
  SECTION("at once") {
    CHECK(world.admin().orders().cancel(staff(), {order.number}).value().state ==
          OrderState::canceled);
  }
  SECTION("by a refund that cancels") {
    CHECK(world.admin()
              .orders()
              .refund(staff(), {.number = order.number, .reason = "odd", .cancel = true})
              .value()
              .state == OrderState::canceled);
    CHECK(fact(world.events(order.number, EventType::payment_refunded).at(0), "reason") == "odd");
  }
  SECTION("after it was given back") {
    const Order refunded = world.admin().orders().refund(staff(), {order.number}).value();
    CHECK(refunded.state == OrderState::confirm);
    CHECK(refunded.missing_cents == refunded.total_cents);
    world.admin().orders().cancel(staff(), {order.number}).value();
  }
  SECTION("unanswered at first") {
    world.model->fail(Call::refund, Fault::lost_answer);
    CHECK(code_of(world.admin().orders().cancel(staff(), {order.number})) == Errc::outcome_unknown);
    world.settle();
  }
  check_given_back(world, order.number, kCame);
  world.work();
  CHECK(world.mails("has been canceled") == 1);
}

TEST_CASE("staff accept what came: the order is complete, and the rest is written down as waived") {
  PartShop world;
  const Order order = world.short_order();
  const Order accepted = world.admin()
                             .orders()
                             .accept_payment(with_key("a", staff()), {order.number, "a tea less"})
                             .value();
  CHECK(accepted.state == OrderState::complete);
  CHECK(accepted.payment_status == PaymentStatus::paid);
  CHECK(accepted.paid_cents == kCame);
  CHECK(accepted.missing_cents == 0);
  CHECK_FALSE(accepted.payment_due_at);
  const Event told = world.events(order.number, EventType::payment_accepted).at(0);
  CHECK(told.actor_id == "boss");
  CHECK(fact(told, "paidCents") == "2000");
  CHECK(fact(told, "waivedCents") == "70");
  CHECK(fact(told, "reason") == "a tea less");
  CHECK(world.events(order.number, EventType::order_completed).at(0).actor == Actor::staff);
  world.work();
  CHECK(world.mails("Order Confirmation") == 1);
  // Once, and not twice.
  CHECK(world.admin()
            .orders()
            .accept_payment(with_key("a", staff()), {order.number, "a tea less"})
            .has_value());
  check_refused(world.admin().orders().accept_payment(staff(), {order.number}),
                Errc::invalid_state);
  check_refused(world.shop->checkout().pay_order(shopper(), {order.number, world.method}),
                Errc::invalid_state);
  // No more than what came goes back.
  check_refused(world.admin().orders().refund(staff(), {order.number, kCame + 1}),
                Errc::invalid_request, "amountCents");
  SECTION("it is shipped") {
    world.admin().orders().ship(staff(), {.number = order.number, .tracking_number = "T1"}).value();
    world.wait(30 * kMicrosPerDay);
    CHECK(world.order(order.number).state == OrderState::complete);
  }
  SECTION("it is canceled after all") {
    world.admin().orders().cancel(staff(), {order.number}).value();
    check_given_back(world, order.number, kCame);
  }
}

TEST_CASE("only money that has come is accepted") {
  PartShop world;
  const Order authorized = world.buy_here();
  check_refused(world.admin().orders().accept_payment(staff(), {authorized.number}),
                Errc::invalid_state);
  const Order transfer = world.place(shopper("bob"), world.transfer).order;
  check_refused(world.admin().orders().accept_payment(staff(), {transfer.number}),
                Errc::invalid_state);
  CHECK(world.order(transfer.number).payments.at(0).state == PaymentState::authorized);
  check_refused(world.admin().orders().accept_payment(shopper(), {authorized.number}),
                Errc::forbidden);
  const Order given_back = world.short_order(kCame, shopper("eve"));
  world.admin().orders().refund(staff(), {given_back.number}).value();
  check_refused(world.admin().orders().accept_payment(staff(), {given_back.number}),
                Errc::invalid_state);
}

TEST_CASE("the rest is paid by a further payment, and the order is complete") {
  PartShop world;
  const Order order = world.short_order();
  const bool asked = GENERATE(true, false);
  if (asked) {
    const Order waiting = world.admin().orders().request_payment(staff(), {order.number}).value();
    CHECK(waiting.missing_cents == 70);
    REQUIRE(waiting.payments.size() == 2);
    CHECK(waiting.payments[1].amount_cents == 70);
    const Event told = world.events(order.number, EventType::payment_requested).at(0);
    CHECK(told.actor_id == "boss");
    CHECK(fact(told, "amountCents") == "70");
    world.work();
    CHECK(world.mails("Please pay for your order") == 1);
    check_refused(world.admin().orders().accept_payment(shopper(), {order.number}),
                  Errc::forbidden);
  }
  const Order paid = world.pay_rest(order.number);
  CHECK(paid.state == OrderState::complete);
  CHECK(paid.paid_cents == 2'070);
  CHECK(paid.payment_status == PaymentStatus::paid);
  REQUIRE(paid.payments.size() == 2);
  CHECK(paid.payments[1].captured_cents == 70);
  world.work();
  CHECK(world.mails("Order Confirmation") == 1);
  SECTION("a refund takes from both") {
    const Order refunded = world.admin().orders().refund(staff(), {order.number, 2'010}).value();
    CHECK(refunded.payments[0].refunded_cents == 2'000);
    CHECK(refunded.payments[1].refunded_cents == 10);
    CHECK(refunded.payment_status == PaymentStatus::partially_refunded);
    check_refused(world.admin().orders().refund(staff(), {order.number, 61}), Errc::invalid_request,
                  "amountCents");
    CHECK(world.admin().orders().refund(staff(), {order.number}).value().paid_cents == 0);
  }
  SECTION("a cancel gives both back") {
    world.admin().orders().cancel(staff(), {order.number}).value();
    const Order canceled = world.order(order.number);
    CHECK(canceled.state == OrderState::canceled);
    CHECK(canceled.payments[0].refunded_cents == 2'000);
    CHECK(canceled.payments[1].refunded_cents == 70);
  }
  SECTION("a cancel of which one refund is refused") {
    world.model->fail(Call::refund, Fault::refused);
    const Error refused =
        refusal(world.admin().orders().cancel(staff(), {order.number}), Errc::invalid_state);
    CHECK(refused.message().find("refused the refund") != std::string::npos);
    CHECK(world.order(order.number).state == OrderState::complete);
    world.admin().orders().cancel(staff(), {order.number}).value();
    CHECK(world.order(order.number).paid_cents == 0);
    CHECK(world.order(order.number).state == OrderState::canceled);
  }
}

TEST_CASE("a rest that is not paid leaves the order waiting until its deadline") {
  PartShop world;
  const Order order = world.short_order();
  const Placement rest =
      world.shop->checkout().pay_order(shopper(), {order.number, world.method}).value();
  REQUIRE(rest.payment);
  CHECK(rest.payment->amount_cents == 70);
  CHECK(rest.payment->client_secret == world.intent(rest.order) + "_secret");
  CHECK(rest.payment->due_at == order.payment_due_at);
  // Asked for again it is the same payment.
  CHECK(world.shop->checkout()
            .pay_order(shopper(), {order.number, world.method})
            .value()
            .payment->id == rest.payment->id);
  world.model->decline(world.intent(rest.order));
  world.tell(world.intent(rest.order));
  CHECK(world.order(order.number).state == OrderState::confirm);
  SECTION("staff accept what there is: nothing more can be paid") {
    CHECK(world.admin().orders().accept_payment(staff(), {order.number}).value().state ==
          OrderState::complete);
    CHECK_FALSE(world.model->pay(world.intent(rest.order)));
  }
  SECTION("staff cancel") {
    world.admin().orders().cancel(staff(), {order.number}).value();
    check_given_back(world, order.number, kCame);
    CHECK_FALSE(world.model->pay(world.intent(rest.order)));
  }
  SECTION("it is paid by transfer") {
    world.shop->checkout().pay_order(shopper(), {order.number, world.transfer}).value();
    CHECK_FALSE(world.model->pay(world.intent(rest.order)));
    const Order paid = world.admin().orders().mark_paid(staff(), {order.number}).value();
    CHECK(paid.state == OrderState::complete);
    CHECK(paid.paid_cents == 2'070);
  }
  SECTION("nothing happens") {
    world.wait(14 * kMicrosPerDay - kMicrosPerHour);
    CHECK(world.order(order.number).state == OrderState::confirm);
    world.wait(2 * kMicrosPerHour);
    world.settle();
    check_given_back(world, order.number, kCame);
    CHECK(world.order(order.number).payments.at(1).state == PaymentState::voided);
  }
}

TEST_CASE("an order that came short and is forgotten is canceled when its time is over") {
  PartShop world;
  const Order order = world.short_order();
  const Timestamp due = *order.payment_due_at;
  world.clock->advance(due.micros - world.clock->now().micros - 1);
  world.work();
  CHECK(world.order(order.number).state == OrderState::confirm);
  world.wait(1);
  check_given_back(world, order.number, kCame);
  const Event told = world.events(order.number, EventType::order_canceled).at(0);
  CHECK(fact(told, "reason") == "due");
  CHECK(fact(told, "dueAt") == due.text());
  CHECK(told.actor == Actor::shop);
}

TEST_CASE("money that does not go back keeps the order, and is not asked back all the time") {
  PartShop world;
  const Order order = world.short_order();
  world.model->fail(Call::refund, Fault::refused);
  world.wait(15 * kMicrosPerDay);
  for (int hour = 0; hour < 48; ++hour) world.wait(kMicrosPerHour);
  CHECK(world.order(order.number).state == OrderState::confirm);
  CHECK(world.order(order.number).paid_cents == kCame);
  CHECK(world.model->calls(Call::refund).size() == 1);
  CHECK(world.count(order.number, EventType::refund_failed) == 1);
  world.wait(14 * kMicrosPerDay);
  check_given_back(world, order.number, kCame);
}

TEST_CASE("more money than was asked for completes the order, and can be given back") {
  PartShop world;
  const Order authorized = world.buy_here();
  world.model->take_other(world.intent(authorized), 2'500);
  world.tell(world.intent(authorized));
  const Order order = world.order(authorized.number);
  CHECK(order.state == OrderState::complete);
  CHECK(order.paid_cents == 2'500);
  const Event told = world.events(order.number, EventType::payment_excess).at(0);
  CHECK(fact(told, "excessCents") == "430");
  CHECK(world.admin().orders().refund(staff(), {order.number, 430}).value().paid_cents == 2'070);
}

TEST_CASE("what is missing comes by itself") {
  PartShop world;
  const Order order = world.short_order();
  SECTION("while nothing else is under way") {}
  SECTION("while the shopper was about to pay it: nobody pays twice") {
    world.shop->checkout().pay_order(shopper(), {order.number, world.method}).value();
  }
  const std::string first = world.model->intent_of(order.payments.at(0).id);
  world.model->take_other(first, 2'070);
  world.tell(first);
  CHECK(world.order(order.number).state == OrderState::complete);
  CHECK(world.order(order.number).paid_cents == 2'070);
  world.settle();
  for (const PaymentSnapshot& intent : world.model->intents()) {
    CHECK_FALSE(world.model->pay(intent.external_id));
  }
  CHECK(world.order(order.number).paid_cents == 2'070);
}

TEST_CASE("less money that comes while the order is being canceled goes back") {
  PartShop world;
  const Order authorized = world.buy_here();
  const std::string intent = world.intent(authorized);
  world.model->fail(Call::cancel, Fault::lost_request);
  CHECK(code_of(world.admin().orders().cancel(staff(), {authorized.number})) ==
        Errc::outcome_unknown);
  world.model->take_other(intent, kCame);
  world.tell(intent);
  world.settle();
  check_given_back(world, authorized.number, kCame);
}

TEST_CASE("less money that comes too late goes back") {
  PartShop world;
  const Order placed = world.place_here().order;
  world.wait(15 * kMicrosPerMinute);
  REQUIRE(world.order(placed.number).state == OrderState::delivery);
  world.model->take_other(world.intent(placed), kCame);
  world.tell(world.intent(placed));
  world.work();
  const Order order = world.order(placed.number);
  CHECK(order.state == OrderState::delivery);
  CHECK(order.payments.at(0).captured_cents == kCame);
  CHECK(order.payments.at(0).refunded_cents == kCame);
  CHECK(world.count(order.number, EventType::late_payment_refunded) == 1);
}

TEST_CASE("money in another currency completes nothing, and holds nothing for ever") {
  PartShop world;
  world.compares = false;  // the processor's ledger is in another currency
  const Order authorized = world.buy_here();
  world.model->tamper([](PaymentSnapshot& it) { it.currency = Currency::parse("USD").value(); });
  world.model->take_other(world.intent(authorized), 2'070);
  world.tell(world.intent(authorized));
  CHECK(world.order(authorized.number).state == OrderState::confirm);
  CHECK(world.count(authorized.number, EventType::payment_mismatch) == 1);
  world.admin().orders().cancel(staff(), {authorized.number}).value();
  const Order canceled = world.order(authorized.number);
  CHECK(canceled.state == OrderState::canceled);
  CHECK(canceled.paid_cents == 0);
  CHECK(world.stock("TEA").available == 100);
}

TEST_CASE("a transfer that arrives in parts is marked in parts") {
  PartShop world;
  world.shop->admin()
      .payment_methods()
      .update(staff(), {.payment_method_id = world.transfer, .instructions = "GB33 BUKB"})
      .value();
  const Order placed = world.place(shopper(), world.transfer).order;
  const Order first = world.admin().orders().mark_paid(staff(), {placed.number, kCame}).value();
  CHECK(first.state == OrderState::confirm);
  CHECK(first.missing_cents == 70);
  SECTION("after it was asked for") {
    const Order asked = world.admin().orders().request_payment(staff(), {placed.number}).value();
    CHECK(asked.payments.at(1).processor == "manual");
    CHECK(world.admin().orders().mark_paid(staff(), {placed.number}).value().paid_cents == 2'070);
  }
  SECTION("as it comes, without a word to the shopper") {
    const Caller boss = with_key("second", staff());
    for (int i = 0; i < 2; ++i) {
      const Order second = world.admin().orders().mark_paid(boss, {placed.number, 50}).value();
      CHECK(second.state == OrderState::confirm);
      CHECK(second.missing_cents == 20);
      CHECK(second.payments.size() == 2);
      CHECK(second.payments.at(1).amount_cents == 70);
      CHECK(second.payment_due_at == first.payment_due_at);
    }
    CHECK(world.admin().orders().mark_paid(staff(), {placed.number}).value().paid_cents == 2'070);
    CHECK(world.count(placed.number, EventType::payment_requested) == 1);
  }
  SECTION("with more than is missing") {
    CHECK(world.admin().orders().mark_paid(staff(), {placed.number, 100}).value().paid_cents ==
          2'100);
    CHECK(fact(world.events(placed.number, EventType::payment_excess).at(0), "excessCents") ==
          "30");
    world.admin().orders().refund(staff(), {placed.number, 30}).value();
  }
  CHECK(world.order(placed.number).state == OrderState::complete);
  CHECK(world.events(placed.number, EventType::order_completed).at(0).actor == Actor::staff);
}

TEST_CASE("a transfer of more than was asked for is marked as it came") {
  PartShop world;
  const Order placed = world.place(shopper(), world.transfer).order;
  const Order paid = world.admin().orders().mark_paid(staff(), {placed.number, 3'000}).value();
  CHECK(paid.state == OrderState::complete);
  CHECK(paid.paid_cents == 3'000);
  CHECK(fact(world.events(paid.number, EventType::payment_excess).at(0), "excessCents") == "930");
  CHECK(world.admin().orders().refund(staff(), {paid.number, 930}).value().paid_cents == 2'070);
}

TEST_CASE("cash is marked although a card was tried in between") {
  PartShop world;
  const Order placed = world.place(shopper(), world.transfer).order;
  world.admin().orders().ship(staff(), {.number = placed.number, .tracking_number = "T1"}).value();
  const Order tried =
      world.shop->checkout().pay_order(shopper(), {placed.number, world.method}).value().order;
  world.model->void_here(world.intent(tried));
  world.tell(world.intent(tried));
  const Order paid = world.admin().orders().mark_paid(staff(), {placed.number}).value();
  CHECK(paid.state == OrderState::complete);
  CHECK(paid.paid_cents == 2'070);
  CHECK(paid.payments.back().processor == "manual");
}

TEST_CASE("money by hand is not marked where none was ever expected") {
  PartShop world;
  const Order order = world.short_order();
  const Error refused =
      refusal(world.admin().orders().mark_paid(staff(), {order.number, 70}), Errc::invalid_state);
  CHECK(refused.fact("allowedAfter") == "request-payment");
  world.admin().orders().request_payment(staff(), {order.number, world.transfer}).value();
  CHECK(world.admin().orders().mark_paid(staff(), {order.number, 70}).value().state ==
        OrderState::complete);
}

TEST_CASE("an order can be asked for and paid no more often than it can be placed") {
  PartShop world;
  world.shop->admin().settings().update_checkout(staff(), {.max_placements = 2}).value();
  const Order order = world.short_order();
  world.shop->checkout().pay_order(shopper(), {order.number, world.method}).value();
  const Error refused =
      refusal(world.shop->checkout().pay_order(shopper(), {order.number, world.transfer}),
              Errc::invalid_state);
  CHECK(refused.fact("limit", 0) == 2);
}

TEST_CASE("another shopper pays no order that is not theirs") {
  PartShop world;
  const Order order = world.short_order();
  check_refused(world.shop->checkout().pay_order(shopper("eve"), {order.number, world.method}),
                Errc::not_found, "number");
  check_refused(
      world.shop->checkout().pay_order(shopper(), {order.number, PaymentMethodId({1, 2})}),
      Errc::not_found, "paymentMethodId");
  CHECK(world.order(order.number).payments.size() == 1);
}
