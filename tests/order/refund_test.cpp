// Money that goes back: by staff, by the processor itself, in parts, slowly or not at all.
#include <thread>

#include "support/paying_shop.hpp"
#include "support/refusal.hpp"

using namespace resys;
using namespace resys::test;

namespace {

using Call = ModelProcessor::Call;

const OrderPayment& only(const Order& order) { return order.payments.at(0); }

}  // namespace

TEST_CASE("a paid order is refunded in parts or as a whole, and no further") {
  PayingShop world;
  const Order order = world.buy_here();
  const std::string& number = order.number;
  const Order part = world.shop->admin().orders().refund(staff(), {number, 500, "broken"}).value();
  CHECK(only(part).refunded_cents == 500);
  CHECK(part.payment_status == PaymentStatus::partially_refunded);
  CHECK(part.state == OrderState::complete);
  const auto too_much =
      world.shop->admin().orders().refund(staff(), {number, order.total_cents - 499});
  CHECK(code_of(too_much) == Errc::invalid_request);
  CHECK(too_much.error().field() == "amountCents");
  CHECK(too_much.error().fact("refundableCents", 0) == order.total_cents - 500);
  const Order rest = world.shop->admin().orders().refund(staff(), {number}).value();
  CHECK(only(rest).refunded_cents == order.total_cents);
  CHECK(rest.payment_status == PaymentStatus::refunded);
  CHECK(code_of(world.shop->admin().orders().refund(staff(), {number})) == Errc::invalid_state);
  CHECK(code_of(world.shop->admin().orders().refund(staff(), {number, 1})) == Errc::invalid_state);
  const auto told = world.events(number, EventType::payment_refunded);
  REQUIRE(told.size() == 2);
  CHECK(fact(told[0], "amountCents") == "500");
  CHECK(fact(told[0], "reason") == "broken");
  world.work();
  CHECK(world.mails("Refund for your order") == 2);
  CHECK(world.stock("TEA").available == 98);  // money back is not goods back
}

TEST_CASE("only what was captured is refunded") {
  PayingShop world;
  const auto placed = world.place_here();
  CHECK(code_of(world.shop->admin().orders().refund(staff(), {placed.order.number})) ==
        Errc::invalid_state);
  CHECK(code_of(world.shop->admin().orders().refund(shopper(), {placed.order.number})) ==
        Errc::forbidden);
  world.model->capture_by_hand(true);
  const Order order = world.buy_here(shopper("bob"));
  CHECK(code_of(world.shop->admin().orders().refund(staff(), {order.number})) ==
        Errc::invalid_state);
  CHECK(world.model->calls(Call::refund).empty());
}

TEST_CASE("a pending refund uses up the money until it is known what became of it") {
  const bool told = GENERATE(true, false);
  PayingShop world;
  const Order order = world.buy_here();
  const std::string intent = world.intent(order);
  world.model->answer_refunds(RefundState::pending);
  const Order pending = world.shop->admin().orders().refund(staff(), {order.number, 1'000}).value();
  CHECK(only(pending).refund_pending_cents == 1'000);
  CHECK(only(pending).refunded_cents == 0);
  CHECK(pending.payment_status == PaymentStatus::paid);
  CHECK(code_of(world.shop->admin().orders().refund(
            staff(), {order.number, order.total_cents - 999})) == Errc::invalid_request);
  SECTION("it succeeds") {
    world.model->settle_refunds(intent, RefundState::succeeded);
    if (told) world.tell(intent, "refund");
    world.settle();
    CHECK(only(world.order(order.number)).refunded_cents == 1'000);
    CHECK(world.count(order.number, EventType::payment_refunded) == 1);
    CHECK(world.mails("Refund for your order") == 1);
  }
  SECTION("it fails, and blocks nothing") {
    world.model->settle_refunds(intent, RefundState::failed);
    if (told) world.tell(intent, "refund");
    world.settle();
    CHECK(only(world.order(order.number)).refunded_cents == 0);
    CHECK(only(world.order(order.number)).refund_pending_cents == 0);
    CHECK(world.count(order.number, EventType::refund_failed) == 1);
    world.model->answer_refunds(RefundState::succeeded);
    CHECK(
        only(world.shop->admin().orders().refund(staff(), {order.number}).value()).refunded_cents ==
        order.total_cents);
  }
  SECTION("it succeeds, and its bank sends it back later") {
    world.model->settle_refunds(intent, RefundState::succeeded);
    world.settle();
    world.model->fail_refunds(intent);
    world.tell(intent, "refund");
    CHECK(only(world.order(order.number)).refunded_cents == 0);
    CHECK(world.count(order.number, EventType::refund_failed) == 1);
  }
  CHECK(world.order(order.number).state == OrderState::complete);
}

TEST_CASE("a refused refund does not block the next") {
  PayingShop world;
  const Order order = world.buy_here();
  world.model->fail(Call::refund, Fault::refused);
  CHECK(code_of(world.shop->admin().orders().refund(staff(), {order.number})) ==
        Errc::invalid_request);
  CHECK(only(world.order(order.number)).refund_pending_cents == 0);
  CHECK(world.count(order.number, EventType::refund_failed) == 1);
  CHECK(only(world.shop->admin().orders().refund(staff(), {order.number}).value()).refunded_cents ==
        order.total_cents);
  const auto made = world.model->calls(Call::refund);
  REQUIRE(made.size() == 2);
  CHECK(made[0].idempotency_key != made[1].idempotency_key);
}

TEST_CASE("a refund made at the processor itself is known to the shop") {
  PayingShop world;
  const Order order = world.buy_here();
  const std::string intent = world.intent(order);
  SECTION("it has succeeded") {
    world.model->refund_here(intent, 400);
    const auto webhook = world.model->webhook(intent, "refund");
    world.receive(webhook).value();
    world.receive(webhook).value();
    world.tell(intent, "refund");
    CHECK(only(world.order(order.number)).refunded_cents == 400);
    CHECK(world.count(order.number, EventType::payment_refunded) == 1);
  }
  SECTION("it is pending") {
    world.model->refund_here(intent, 400, RefundState::pending);
    world.tell(intent, "refund");
    CHECK(only(world.order(order.number)).refund_pending_cents == 400);
    world.model->settle_refunds(intent, RefundState::succeeded);
    world.settle();
    CHECK(only(world.order(order.number)).refunded_cents == 400);
  }
  SECTION("it has failed") {
    world.model->refund_here(intent, 400, RefundState::failed);
    world.tell(intent, "refund");
    CHECK(only(world.order(order.number)).refunded_cents == 0);
    CHECK(world.count(order.number, EventType::refund_failed) == 0);
  }
  SECTION("while the shop asked for the same money") {
    // The shop's own refund never reaches the processor; somebody gives all of it back there.
    world.model->fail(Call::refund, Fault::lost_request);
    CHECK(world.shop->admin().orders().refund(staff(), {order.number}).has_error());
    world.model->refund_here(intent, order.total_cents);
    world.tell(intent, "refund");
    world.settle();
    CHECK(only(world.order(order.number)).refunded_cents == order.total_cents);
    CHECK(only(world.order(order.number)).refund_pending_cents == 0);
  }
  CHECK(world.order(order.number).state == OrderState::complete);
}

TEST_CASE("an older answer about a refund does not undo a newer one") {
  PayingShop world;
  const Order order = world.buy_here();
  const std::string intent = world.intent(order);
  world.model->answer_refunds(RefundState::pending);
  // The webhook of its success is faster than the answer "pending".
  world.model->before_answer(Call::refund, [&] {
    world.model->settle_refunds(intent, RefundState::succeeded);
    world.tell(intent, "refund");
  });
  world.shop->admin().orders().refund(staff(), {order.number}).value();
  CHECK(only(world.order(order.number)).refunded_cents == order.total_cents);
  world.settle();
  CHECK(only(world.order(order.number)).refunded_cents == order.total_cents);
  CHECK(world.count(order.number, EventType::payment_refunded) == 1);
  CHECK(world.count(order.number, EventType::refund_failed) == 0);
  CHECK(world.mails("Refund for your order") == 1);
}

TEST_CASE("a refund that has failed stays failed when older news come later") {
  PayingShop world;
  const Order order = world.buy_here();
  const std::string intent = world.intent(order);
  world.model->answer_refunds(RefundState::pending);
  world.shop->admin().orders().refund(staff(), {order.number}).value();
  const auto pending = world.model->webhook(intent, "refund");
  world.model->settle_refunds(intent, RefundState::succeeded);
  const auto succeeded = world.model->webhook(intent, "refund");
  world.model->fail_refunds(intent);
  world.tell(intent, "refund");
  world.receive(succeeded).value();
  world.receive(pending).value();
  CHECK(only(world.order(order.number)).refunded_cents == 0);
  CHECK(only(world.order(order.number)).refund_pending_cents == 0);
  CHECK(world.count(order.number, EventType::refund_failed) == 1);
  CHECK(world.count(order.number, EventType::payment_refunded) == 0);
  world.model->answer_refunds(RefundState::succeeded);
  CHECK(only(world.shop->admin().orders().refund(staff(), {order.number}).value()).refunded_cents ==
        order.total_cents);
}

TEST_CASE("a refund that was refused in error is believed once the processor lists it") {
  PayingShop world;
  const Order order = world.buy_here();
  // Made, unanswered; a repetition (its key is forgotten by then) is refused: all is refunded.
  world.model->fail(Call::refund, Fault::lost_answer);
  CHECK(world.shop->admin().orders().refund(staff(), {order.number}).has_error());
  world.model->fail(Call::refund, Fault::refused_late);
  world.settle();
  CHECK(only(world.order(order.number)).refunded_cents == order.total_cents);
  CHECK(world.order(order.number).payment_status == PaymentStatus::refunded);
}

TEST_CASE("a complete order that staff cancel is canceled with its refund") {
  PayingShop world;
  const Order order = world.buy_here();
  const std::string intent = world.intent(order);
  SECTION("after a partial refund: the rest") {
    world.shop->admin().orders().refund(staff(), {order.number, 500}).value();
    CHECK(world.shop->admin().orders().cancel(staff(), {order.number}).value().state ==
          OrderState::canceled);
    CHECK(only(world.order(order.number)).refunded_cents == order.total_cents);
  }
  SECTION("after a whole refund: at once") {
    world.shop->admin().orders().refund(staff(), {order.number}).value();
    CHECK(world.shop->admin().orders().cancel(staff(), {order.number}).value().state ==
          OrderState::canceled);
    CHECK(world.model->calls(Call::refund).size() == 1);
  }
  SECTION("while the bank takes its time") {
    world.model->answer_refunds(RefundState::pending);
    CHECK(world.shop->admin().orders().cancel(staff(), {order.number}).value().state ==
          OrderState::canceled);
    CHECK(only(world.order(order.number)).refund_pending_cents == order.total_cents);
    world.model->settle_refunds(intent, RefundState::succeeded);
    world.settle();
    CHECK(only(world.order(order.number)).refunded_cents == order.total_cents);
  }
  SECTION("but not if its refund is refused") {
    world.model->fail(Call::refund, Fault::refused);
    // It says so, at once and when it is asked again under the same key.
    for (int i = 0; i < 2; ++i) {
      const auto canceled =
          world.shop->admin().orders().cancel(with_key("r", staff()), {order.number});
      const Error refused = refusal(canceled, Errc::invalid_state);
      CHECK(refused.message().find("refused the refund") != std::string::npos);
      CHECK(refused.fact("state") == "Complete");
      CHECK(refused.fact("refundableCents", 0) == order.total_cents);
    }
    CHECK(world.order(order.number).state == OrderState::complete);
    CHECK(world.stock("TEA").available == 98);
    CHECK(world.shop->admin().orders().cancel(staff(), {order.number}).value().state ==
          OrderState::canceled);
  }
  SECTION("twice by the same request") {
    for (int i = 0; i < 2; ++i) {
      CHECK(world.shop->admin()
                .orders()
                .cancel(with_key("c", staff()), {order.number})
                .value()
                .state == OrderState::canceled);
    }
    CHECK(world.model->calls(Call::refund).size() == 1);
  }
  CHECK(world.stock("TEA").available == 100);
  world.work();
  CHECK(world.mails("has been canceled") == 1);
}

TEST_CASE("an order that was paid before it could be canceled is not canceled by a later refund") {
  PayingShop world;
  const Order placed = world.place_here().order;
  world.model->fail(Call::cancel, Fault::lost_request);
  CHECK(code_of(world.shop->admin().orders().cancel(staff(), {placed.number})) ==
        Errc::outcome_unknown);
  REQUIRE(world.model->pay(world.intent(placed)));
  world.tell(world.intent(placed));
  CHECK(world.order(placed.number).state == OrderState::complete);
  const Order refunded = world.shop->admin().orders().refund(staff(), {placed.number}).value();
  CHECK(refunded.state == OrderState::complete);
  CHECK(refunded.payment_status == PaymentStatus::refunded);
  CHECK(world.stock("TEA").available == 98);
}

TEST_CASE("an order that is being canceled is not shipped") {
  PayingShop world;
  const Order order = world.buy_here();
  SECTION("its refund is unanswered") {
    world.model->fail(Call::refund, Fault::lost_answer);
    CHECK(code_of(world.shop->admin().orders().cancel(staff(), {order.number})) ==
          Errc::outcome_unknown);
    CHECK(code_of(world.shop->admin().orders().ship(staff(), {order.number, "T1"})) ==
          Errc::invalid_state);
    world.settle();
    CHECK(world.order(order.number).state == OrderState::canceled);
    CHECK(world.stock("TEA").available == 100);
  }
  SECTION("its refund is refused: it is not canceled") {
    world.model->fail(Call::refund, Fault::refused);
    CHECK(world.shop->admin().orders().cancel(staff(), {order.number}).has_error());
    CHECK(world.shop->admin().orders().ship(staff(), {order.number, "T1"}).has_value());
  }
}

TEST_CASE("what was refused fails again under the same key") {
  PayingShop world;
  const bool is_refund = GENERATE(true, false);
  world.model->capture_by_hand(!is_refund);
  const Order order = world.buy_here();
  const auto repeat = [&] {
    const Caller caller = with_key("k", staff());
    return is_refund ? world.shop->admin().orders().refund(caller, {order.number})
                     : world.shop->admin().orders().capture(caller, {order.number});
  };
  const Call call = is_refund ? Call::refund : Call::capture;
  world.model->fail(call, Fault::refused);
  CHECK(code_of(repeat()) == Errc::invalid_request);
  CHECK(code_of(repeat()) == Errc::payment_declined);
  CHECK(world.model->calls(call).size() == 1);
  CHECK(only(world.order(order.number)).refunded_cents == 0);
}

TEST_CASE("what is shipped is not canceled, but can be refunded") {
  PayingShop world;
  const Order order = world.buy_here();
  world.shop->admin().orders().ship(staff(), {order.number, "T1"}).value();
  CHECK(code_of(world.shop->admin().orders().cancel(staff(), {order.number})) ==
        Errc::invalid_state);
  CHECK(only(world.shop->admin().orders().refund(staff(), {order.number}).value()).refunded_cents ==
        order.total_cents);
  CHECK(world.order(order.number).state == OrderState::complete);
}

TEST_CASE("refunds at once never give back more than was taken", "[concurrent]") {
  PayingShop world;
  const Order order = world.buy_here();
  const std::int64_t part = order.total_cents / 3;
  std::atomic<int> refunded = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      if (world.shop->admin().orders().refund(staff(), {order.number, part}).has_value())
        ++refunded;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(refunded == 3);
  CHECK(only(world.order(order.number)).refunded_cents == 3 * part);
}

TEST_CASE("the same refund eight times at once is one refund", "[concurrent]") {
  PayingShop world;
  const Order order = world.buy_here();
  std::atomic<int> answered = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      const auto caller = with_key("same", staff());
      if (world.shop->admin().orders().refund(caller, {order.number, 100}).has_value()) ++answered;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(answered == 8);
  CHECK(only(world.order(order.number)).refunded_cents == 100);
  const auto intent = world.model->intent(world.intent(order));
  CHECK(intent.refunds.size() == 1);
}

// ---- what is given back is not shipped

TEST_CASE("an order whose money was all given back is shipped only on demand") {
  PayingShop world;
  const Order order = world.buy_here();
  const auto ship = [&](bool unpaid) {
    return world.shop->admin().orders().ship(
        staff(), {.number = order.number, .tracking_number = "T1", .ship_unpaid = unpaid});
  };
  const bool is_all = GENERATE(true, false);
  const std::int64_t cents = is_all ? order.total_cents : order.total_cents - 1;
  world.shop->admin().orders().refund(staff(), {order.number, cents}).value();
  if (!is_all) {
    CHECK(ship(false).has_value());
    return;
  }
  const auto shipped = ship(false);
  const Error refused = refusal(shipped, Errc::invalid_state);
  CHECK(refused.fact("state") == "Complete");
  CHECK(refused.fact("refundedCents", 0) == order.total_cents);
  CHECK(refused.fact("allowedWith") == "shipUnpaid");
  CHECK(world.order(order.number).fulfillment_status == FulfillmentStatus::unfulfilled);
  CHECK(ship(true).value().fulfillment_status == FulfillmentStatus::shipped);
}

TEST_CASE("a refund that is on its way counts as given back when an order is to be shipped") {
  PayingShop world;
  const Order order = world.buy_here();
  world.model->answer_refunds(RefundState::pending);
  world.shop->admin().orders().refund(staff(), {order.number}).value();
  check_refused(world.shop->admin().orders().ship(staff(), {order.number, "T1"}),
                Errc::invalid_state);
  // It fails: the money is still there.
  world.model->settle_refunds(world.intent(order), RefundState::failed);
  world.settle();
  CHECK(world.shop->admin().orders().ship(staff(), {order.number, "T1"}).has_value());
}

TEST_CASE("a refund may cancel the order, if it is not shipped") {
  PayingShop world;
  const Order order = world.buy_here();
  const RefundOrder all{.number = order.number, .reason = "sold out", .cancel = true};
  SECTION("all of it, once") {
    for (int i = 0; i < 2; ++i) {
      const Order canceled =
          world.shop->admin().orders().refund(with_key("k", staff()), all).value();
      CHECK(canceled.state == OrderState::canceled);
      CHECK(canceled.paid_cents == 0);
    }
    CHECK(world.model->calls(Call::refund).size() == 1);
    CHECK(fact(world.events(order.number, EventType::payment_refunded).at(0), "reason") ==
          "sold out");
    CHECK(world.stock("TEA").available == 100);
  }
  SECTION("not with an amount") {
    check_refused(world.shop->admin().orders().refund(
                      staff(), {.number = order.number, .amount_cents = 1, .cancel = true}),
                  Errc::invalid_request, "amountCents");
    CHECK(world.order(order.number).paid_cents == order.total_cents);
  }
  SECTION("not what is shipped") {
    world.shop->admin().orders().ship(staff(), {order.number, "T1"}).value();
    check_refused(world.shop->admin().orders().refund(staff(), all), Errc::invalid_state);
    CHECK(world.order(order.number).paid_cents == order.total_cents);
  }
}

TEST_CASE("a processor that counts in steps gives back whole steps") {
  PayingShop world;
  const Order order = world.buy_here();
  world.model->set_step(10);
  const auto refunded = world.shop->admin().orders().refund(staff(), {order.number, 505});
  const Error refused = refusal(refunded, Errc::invalid_request, "amountCents");
  CHECK(refused.fact("stepCents", 0) == 10);
  CHECK(world.model->calls(Call::refund).empty());
  CHECK(world.count(order.number, EventType::refund_failed) == 0);
  CHECK(world.shop->admin().orders().refund(staff(), {order.number, 500}).value().paid_cents ==
        1'570);
  CHECK(world.shop->admin().orders().refund(staff(), {order.number}).value().paid_cents == 0);
}
