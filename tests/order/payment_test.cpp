// Payments as they go when the network works: whatever the processor says, in whatever way it is
// heard of, the order follows.
#include "support/paying_shop.hpp"
#include "support/refusal.hpp"

using namespace resys;
using namespace resys::test;

namespace {

using Call = ModelProcessor::Call;

constexpr std::int64_t kMinute = kMicrosPerMinute;

}  // namespace

TEST_CASE("a paid order is complete, whoever says so") {
  PayingShop world;
  const auto placed = world.place_here();
  REQUIRE(placed.payment);
  CHECK(placed.payment->client_secret == world.intent(placed.order) + "_secret");
  CHECK(placed.payment->amount_cents == 2 * 790 + 490);
  CHECK(placed.order.state == OrderState::payment);
  CHECK(placed.order.payment_status == PaymentStatus::pending);
  world.model->pay(world.intent(placed.order));
  SECTION("a webhook") { world.tell(world.intent(placed.order)); }
  SECTION("the reconciler, because no webhook ever comes") { world.wait(kMinute); }
  SECTION("a webhook that only makes the shop ask") {
    world.tell(world.intent(placed.order), "something happened");
  }
  const Order order = world.order(placed.order.number);
  CHECK(order.state == OrderState::complete);
  CHECK(order.payment_status == PaymentStatus::paid);
  CHECK(order.payments.at(0).captured_cents == order.total_cents);
  CHECK(order.completed_at);
  CHECK(world.stock("TEA").available == 98);
  CHECK(world.count(order.number, EventType::external_payment_captured) == 1);
  world.work();
  CHECK(world.mails("Order Confirmation") == 1);
}

TEST_CASE("the webhook is faster than the answer it is about") {
  PayingShop world;
  world.fill(shopper());
  world.model->before_answer(Call::create, [&] {
    const std::string intent = world.model->intents().at(0).external_id;
    world.model->pay(intent);
    world.tell(intent);
  });
  const auto placed = world.place_again();
  CHECK(placed.order.state == OrderState::complete);
  REQUIRE(placed.payment);
  CHECK(placed.payment->state == PaymentState::captured);
  world.work();
  CHECK(world.mails("Order Confirmation") == 1);
  CHECK(world.model->calls(Call::create).size() == 1);
}

TEST_CASE("after a decline another card can be tried") {
  PayingShop world;
  const auto placed = world.place_here();
  const std::string intent = world.intent(placed.order);
  world.model->decline(intent, "insufficient_funds");
  SECTION("told") { world.tell(intent); }
  SECTION("found out") { world.wait(kMinute); }
  CHECK(world.order(placed.order.number).state == OrderState::payment);
  CHECK(world.stock("TEA").reserved == 2);
  const auto declined = world.events(placed.order.number, EventType::payment_declined);
  REQUIRE(declined.size() == 1);
  CHECK(fact(declined[0], "declineCode") == "insufficient_funds");
  // The same intent, so that at most one of its charges can succeed.
  const auto again = world.place_again();
  CHECK(again.payment->id == placed.payment->id);
  CHECK(again.payment->client_secret == placed.payment->client_secret);
  REQUIRE(world.model->pay(intent));
  world.tell(intent);
  CHECK(world.order(placed.order.number).state == OrderState::complete);
  CHECK(world.model->intents().size() == 1);
}

TEST_CASE("a store may give up at the first decline") {
  PayingShop world;
  world.shop->admin().settings().update_checkout(staff(), {.release_on_decline = true}).value();
  const auto placed = world.place_here();
  const std::string intent = world.intent(placed.order);
  world.model->decline(intent);
  SECTION("told") { world.tell(intent); }
  SECTION("found out") { world.wait(kMinute); }
  SECTION("told while the processor cannot be asked to cancel") {
    world.model->fail(Call::cancel, Fault::unreachable);
    world.tell(intent, "payment_failed");
    CHECK(world.order(placed.order.number).state == OrderState::payment);
    CHECK(world.stock("TEA").reserved == 2);
    world.wait(2 * kMinute);
  }
  CHECK(world.order(placed.order.number).state == OrderState::delivery);
  CHECK(world.model->intent(intent).state == PaymentState::voided);
  CHECK(world.stock("TEA").reserved == 0);
  const auto again = world.place_again();
  CHECK(again.payment->id != placed.payment->id);
  CHECK(world.intent(again.order) != intent);
}

TEST_CASE("a payment that asks the shopper something stays open until it is answered") {
  PayingShop world;
  const auto placed = world.place_here();
  const std::string intent = world.intent(placed.order);
  world.model->set_state(intent, PaymentState::requires_action);
  world.tell(intent);
  CHECK(world.order(placed.order.number).payments.at(0).state == PaymentState::requires_action);
  CHECK(world.order(placed.order.number).state == OrderState::payment);
  SECTION("approved") {
    world.model->pay(intent);
    world.tell(intent);
    CHECK(world.order(placed.order.number).state == OrderState::complete);
  }
  SECTION("refused") {
    world.model->decline(intent, "authentication_failed");
    world.tell(intent);
    CHECK(world.order(placed.order.number).payments.at(0).state == PaymentState::created);
    CHECK(world.count(placed.order.number, EventType::payment_declined) == 1);
  }
  SECTION("never answered") {
    world.wait(16 * kMinute);
    CHECK(world.order(placed.order.number).state == OrderState::delivery);
    CHECK(world.stock("TEA").reserved == 0);
  }
}

TEST_CASE("what is authorized is as good as paid until staff capture it") {
  PayingShop world;
  world.model->capture_by_hand(true);
  const Order order = world.buy_here();
  CHECK(order.state == OrderState::confirm);
  CHECK(order.payment_status == PaymentStatus::authorized);
  // No deadline of the stock any more.
  world.wait(kMicrosPerDay);
  CHECK(world.order(order.number).state == OrderState::confirm);
  CHECK(world.stock("TEA").reserved == 2);
  SECTION("captured") {
    const Order captured = world.shop->admin().orders().capture(staff(), {order.number}).value();
    CHECK(captured.state == OrderState::complete);
    CHECK(captured.payments.at(0).captured_cents == captured.total_cents);
    CHECK(world.model->intent(world.intent(order)).captured_cents == captured.total_cents);
    CHECK(code_of(world.shop->admin().orders().capture(staff(), {order.number})) ==
          Errc::invalid_state);
    world.work();
    CHECK(world.mails("Order Confirmation") == 1);
  }
  SECTION("captured at the processor itself") {
    world.model->take_money(world.intent(order));
    world.tell(world.intent(order));
    CHECK(world.order(order.number).state == OrderState::complete);
  }
  SECTION("canceled by staff") {
    CHECK(world.shop->admin().orders().cancel(staff(), {order.number}).value().state ==
          OrderState::canceled);
    CHECK(world.model->intent(world.intent(order)).state == PaymentState::voided);
    CHECK(world.stock("TEA").available == 100);
  }
  SECTION("not by the shopper") {
    CHECK(code_of(world.shop->orders().cancel(shopper(), {order.number})) == Errc::invalid_state);
    CHECK(world.order(order.number).state == OrderState::confirm);
  }
  SECTION("the processor refuses to capture: it can be asked again") {
    world.model->fail(Call::capture, Fault::refused);
    CHECK(code_of(world.shop->admin().orders().capture(staff(), {order.number})) ==
          Errc::invalid_request);
    CHECK(world.order(order.number).state == OrderState::confirm);
    CHECK(world.shop->admin().orders().capture(staff(), {order.number}).value().state ==
          OrderState::complete);
    const auto keys = world.model->calls(Call::capture);
    REQUIRE(keys.size() == 2);
    CHECK(keys[0].idempotency_key != keys[1].idempotency_key);
  }
}

TEST_CASE("an authorization that is lost cancels the order") {
  PayingShop world;
  world.model->capture_by_hand(true);
  const Order order = world.buy_here();
  world.model->lose_authorization(world.intent(order));
  SECTION("told") { world.tell(world.intent(order)); }
  SECTION("found out") { world.wait(2 * kMicrosPerHour); }
  SECTION("found out when it is to be captured") {
    CHECK(code_of(world.shop->admin().orders().capture(staff(), {order.number})) ==
          Errc::payment_declined);
  }
  CHECK(world.order(order.number).state == OrderState::canceled);
  CHECK(world.order(order.number).payment_status == PaymentStatus::none);
  CHECK(world.stock("TEA").available == 100);
  world.work();
  CHECK(world.mails("has been canceled") == 1);
  CHECK(world.mails("Order Confirmation") == 0);
}

TEST_CASE("a payment by hand is awaited until its due date") {
  PayingShop world;
  world.shop->admin().settings().update_checkout(staff(), {.payment_due_days = 3}).value();
  const Order order = world.place(shopper(), world.transfer).order;
  CHECK(order.state == OrderState::confirm);
  world.wait(3 * kMicrosPerDay - kMicrosPerHour);
  CHECK(world.order(order.number).state == OrderState::confirm);
  SECTION("the money has come") {
    CHECK(world.shop->admin().orders().mark_paid(staff(), {order.number}).value().state ==
          OrderState::complete);
    world.wait(10 * kMicrosPerDay);
    CHECK(world.order(order.number).state == OrderState::complete);
    CHECK(code_of(world.shop->admin().orders().mark_paid(staff(), {order.number})) ==
          Errc::invalid_state);
  }
  SECTION("it has not") {
    world.wait(2 * kMicrosPerHour);
    CHECK(world.order(order.number).state == OrderState::canceled);
    CHECK(world.stock("TEA").available == 100);
    CHECK(world.mails("has been canceled") == 1);
    CHECK(code_of(world.shop->admin().orders().mark_paid(staff(), {order.number})) ==
          Errc::invalid_state);
  }
  SECTION("it is paid on delivery, and on its way") {
    world.shop->admin().orders().ship(staff(), {order.number, "T1"}).value();
    world.wait(30 * kMicrosPerDay);
    CHECK(world.order(order.number).state == OrderState::confirm);
    CHECK(world.shop->admin().orders().mark_paid(staff(), {order.number}).value().state ==
          OrderState::complete);
  }
}

TEST_CASE("only a payment by hand is marked as paid") {
  PayingShop world;
  world.model->capture_by_hand(true);
  const Order order = world.buy_here();
  CHECK(code_of(world.shop->admin().orders().mark_paid(staff(), {order.number})) ==
        Errc::invalid_state);
  CHECK(code_of(world.shop->admin().orders().mark_paid(shopper(), {order.number})) ==
        Errc::forbidden);
  CHECK(code_of(world.shop->admin().orders().capture(shopper(), {order.number})) ==
        Errc::forbidden);
  CHECK(world.order(order.number).state == OrderState::confirm);
}

TEST_CASE("what does not match what was asked for completes nothing") {
  const bool told = GENERATE(true, false);
  PayingShop world;
  world.compares = false;  // the processor lies
  const auto placed = world.place_here();
  const std::string intent = world.intent(placed.order);
  world.model->pay(intent);
  SECTION("money, but none") {
    world.model->tamper([](PaymentSnapshot& it) { it.captured_cents = 0; });
  }
  SECTION("another currency") {
    world.model->tamper([](PaymentSnapshot& it) { it.currency = Currency::parse("USD").value(); });
  }
  SECTION("another payment") {
    world.model->tamper([](PaymentSnapshot& it) { it.payment_id = PaymentId({1, 2}).text(); });
  }
  if (told) {
    ReceiveWebhook webhook = world.model->webhook(intent);
    world.receive(webhook).value();
    world.receive(webhook).value();
  }
  world.wait(kMinute);
  world.wait(kMinute);
  CHECK(world.order(placed.order.number).state == OrderState::payment);
  CHECK(world.order(placed.order.number).payments.at(0).captured_cents == 0);
  CHECK(world.stock("TEA").reserved == 2);
  // Said once, however often it is seen.
  CHECK(world.count(placed.order.number, EventType::payment_mismatch) == 1);
  CHECK(world.mails("Order Confirmation") == 0);
  // The processor comes to its senses.
  world.model->tamper(nullptr);
  world.wait(kMicrosPerHour);
  CHECK(world.order(placed.order.number).state == OrderState::complete);
}

TEST_CASE("one intent cannot pay for two orders") {
  PayingShop world;
  world.compares = false;  // the processor lies
  const auto first = world.place_here(shopper("ada"));
  const std::string intent = world.intent(first.order);
  world.model->tamper([&](PaymentSnapshot& it) {
    it.external_id = intent;
    it.payment_id.clear();
  });
  world.fill(shopper("bob"));
  const auto second = world.shop->checkout().place_order(shopper("bob"), {world.method});
  CHECK(second.has_error());
  const Order order = world.newest(shopper("bob"));
  CHECK(world.count(order.number, EventType::payment_mismatch) == 1);
  world.model->tamper(nullptr);
  world.model->pay(intent);
  world.tell(intent);
  CHECK(world.order(first.order.number).state == OrderState::complete);
  CHECK(world.order(order.number).state == OrderState::payment);
}

TEST_CASE("an answer that is not what was asked for places nothing that can be paid") {
  PayingShop world;
  world.compares = false;  // the processor lies
  world.model->tamper([](PaymentSnapshot& it) { it.amount_cents += 1; });
  world.fill(shopper());
  const auto placed = world.shop->checkout().place_order(shopper(), {world.method});
  // Without a client secret nobody could pay it: that is no success.
  CHECK(code_of(placed) == Errc::processor_unavailable);
  const Order order = world.newest();
  CHECK(order.state == OrderState::payment);
  CHECK(world.count(order.number, EventType::payment_mismatch) == 1);
  world.model->tamper(nullptr);
  CHECK(world.place_again().payment->client_secret == world.intent(order) + "_secret");
}

TEST_CASE("each turn of a dispute is told once, and after a lost one it may go on") {
  PayingShop world;
  const Order order = world.buy_here();
  const std::vector<std::string> turns{"needs_response",        "under_review",        "lost",
                                       "appeal_needs_response", "appeal_under_review", "won"};
  for (const std::string& turn : turns) {
    const auto news = world.model->dispute(world.intent(order), turn);
    world.receive(news).value();
    world.receive(news).value();
    // Another event about the same turn, as funds_withdrawn beside created.
    world.receive(world.model->dispute(world.intent(order), turn)).value();
  }
  std::vector<std::string> told;
  for (const Event& event : world.events(order.number, EventType::payment_disputed)) {
    told.push_back(fact(event, "status"));
  }
  CHECK(told == turns);
  CHECK(world.order(order.number).state == OrderState::complete);
}

TEST_CASE("news of a dispute that come in the wrong order tell what it is now") {
  PayingShop world;
  const Order order = world.buy_here();
  const auto begun = world.model->dispute(world.intent(order), "needs_response");
  const auto prevented = world.model->dispute(world.intent(order), "prevented");
  world.receive(prevented).value();
  world.receive(begun).value();
  const auto told = world.events(order.number, EventType::payment_disputed);
  REQUIRE(told.size() == 1);
  CHECK(fact(told[0], "status") == "prevented");
}

// ---- the time a payment has

TEST_CASE("an unpaid order gives its stock back once no money can come") {
  PayingShop world;
  const auto placed = world.place_here();
  world.wait(15 * kMinute - 1);
  CHECK(world.order(placed.order.number).state == OrderState::payment);
  CHECK(placed.reservation_expires_at == world.clock->now().plus(1));
  world.wait(1);
  const Order order = world.order(placed.order.number);
  CHECK(order.state == OrderState::delivery);
  CHECK(world.model->intent(world.intent(order)).state == PaymentState::voided);
  CHECK(world.stock("TEA").available == 100);
  CHECK(fact(world.events(order.number, EventType::order_reopened).at(0), "reason") == "expired");
  CHECK_FALSE(world.model->pay(world.intent(order)));
}

TEST_CASE("money that is faster than the expiry completes the order") {
  PayingShop world;
  const auto placed = world.place_here();
  const std::string intent = world.intent(placed.order);
  SECTION("before it is asked to cancel") {
    world.model->pay(intent);
    world.wait(15 * kMinute);
    CHECK(world.order(placed.order.number).state == OrderState::complete);
  }
  SECTION("while it is asked") {
    world.model->set_state(intent, PaymentState::processing);
    world.model->before_answer(Call::cancel, [&] { world.model->take_money(intent); });
    world.wait(15 * kMinute);
    world.wait(kMinute);
    CHECK(world.order(placed.order.number).state == OrderState::complete);
  }
  SECTION("and its webhook is, too") {
    world.model->set_state(intent, PaymentState::processing);
    world.model->before_answer(Call::cancel, [&] {
      world.model->take_money(intent);
      world.tell(intent);
    });
    world.wait(15 * kMinute);
    CHECK(world.order(placed.order.number).state == OrderState::complete);
  }
  world.work();
  CHECK(world.mails("Order Confirmation") == 1);
  CHECK(world.stock("TEA").available == 98);
}

TEST_CASE("an authorization that is faster than the expiry keeps the order") {
  PayingShop world;
  world.model->capture_by_hand(true);
  const auto placed = world.place_here();
  const std::string intent = world.intent(placed.order);
  world.model->set_state(intent, PaymentState::processing);
  world.wait(15 * kMinute);
  world.model->set_state(intent, PaymentState::created);
  world.model->pay(intent);
  SECTION("unless nobody has told") {
    world.settle();
    CHECK(world.order(placed.order.number).state == OrderState::delivery);
    CHECK(world.model->intent(intent).state == PaymentState::voided);
    return;
  }
  world.tell(intent);
  world.settle();
  CHECK(world.order(placed.order.number).state == OrderState::confirm);
  CHECK(world.model->intent(intent).state == PaymentState::authorized);
  CHECK(world.shop->admin().orders().capture(staff(), {placed.order.number}).value().state ==
        OrderState::complete);
}

TEST_CASE("a payment in processing keeps its stock, however long it takes") {
  PayingShop world;
  const auto placed = world.place_here();
  const std::string intent = world.intent(placed.order);
  world.model->set_state(intent, PaymentState::processing);
  for (int hour = 0; hour < 30; ++hour) world.wait(kMicrosPerHour);
  CHECK(world.order(placed.order.number).state == OrderState::payment);
  CHECK(world.stock("TEA").reserved == 2);
  SECTION("it succeeds") {
    world.model->take_money(intent);
    world.wait(kMicrosPerHour);
    CHECK(world.order(placed.order.number).state == OrderState::complete);
  }
  SECTION("it fails, and may now be canceled") {
    // The processor answers a repeated idempotency key as before: this must be another one.
    world.model->decline(intent);
    world.wait(kMicrosPerHour);
    world.wait(kMicrosPerHour);
    CHECK(world.order(placed.order.number).state == OrderState::delivery);
    CHECK(world.stock("TEA").available == 100);
  }
}

TEST_CASE("an unreachable processor keeps the stock") {
  PayingShop world;
  const auto placed = world.place_here();
  world.model->set_down(true);
  for (int hour = 0; hour < 30; ++hour) world.wait(kMicrosPerHour);
  CHECK(world.order(placed.order.number).state == OrderState::payment);
  CHECK(world.stock("TEA").reserved == 2);
  CHECK_FALSE(world.log->lines().empty());
  const bool paid = GENERATE(true, false);
  if (paid) world.model->pay(world.intent(placed.order));
  world.model->set_down(false);
  world.wait(kMicrosPerHour);
  CHECK(world.order(placed.order.number).state ==
        (paid ? OrderState::complete : OrderState::delivery));
}

// ---- the shopper's change of mind

TEST_CASE("reopening gives the stock back once no money can come") {
  PayingShop world;
  const auto placed = world.place_here();
  const std::string intent = world.intent(placed.order);
  SECTION("nobody has paid") {
    CHECK(world.shop->checkout().reopen(shopper()).value().state == OrderState::delivery);
    CHECK(world.model->intent(intent).state == PaymentState::voided);
    CHECK(world.stock("TEA").reserved == 0);
    const Order again = world.place_again().order;
    CHECK(again.number == placed.order.number);
    CHECK(world.intent(again) != intent);
    world.model->pay(world.intent(again));
    world.tell(world.intent(again));
    CHECK(world.order(again.number).state == OrderState::complete);
  }
  SECTION("money was faster") {
    world.model->pay(intent);
    CHECK(code_of(world.shop->checkout().reopen(shopper())) == Errc::invalid_state);
    CHECK(world.order(placed.order.number).state == OrderState::complete);
  }
  SECTION("it is being paid") {
    world.model->set_state(intent, PaymentState::processing);
    CHECK(code_of(world.shop->checkout().reopen(shopper())) == Errc::processor_unavailable);
    CHECK(world.order(placed.order.number).state == OrderState::payment);
    CHECK(world.stock("TEA").reserved == 2);
    world.model->decline(intent);
    world.wait(kMicrosPerHour);
    CHECK(world.order(placed.order.number).state == OrderState::delivery);
  }
  SECTION("authorized money was faster") {
    world.model->capture_by_hand(true);
    world.model->pay(intent);
    world.model->before_answer(Call::cancel, [] {});
    world.tell(intent);
    CHECK(world.order(placed.order.number).state == OrderState::confirm);
    CHECK(world.shop->checkout().reopen(shopper()).has_error());
    CHECK(world.order(placed.order.number).state == OrderState::confirm);
  }
}

TEST_CASE("canceling voids, or refunds, by what the processor really did") {
  PayingShop world;
  const auto placed = world.place_here();
  const std::string intent = world.intent(placed.order);
  const std::string number = placed.order.number;
  SECTION("by the shopper, nobody has paid") {
    CHECK(world.shop->orders().cancel(shopper(), {number}).value().state == OrderState::canceled);
    CHECK(world.model->intent(intent).state == PaymentState::voided);
  }
  SECTION("by the shopper, money was faster") {
    world.model->pay(intent);
    CHECK(code_of(world.shop->orders().cancel(shopper(), {number})) == Errc::invalid_state);
    CHECK(world.order(number).state == OrderState::complete);
    return;
  }
  SECTION("by the shopper, an authorization was faster") {
    world.model->capture_by_hand(true);
    world.model->pay(intent);
    CHECK(world.shop->orders().cancel(shopper(), {number}).value().state == OrderState::canceled);
    CHECK(world.model->intent(intent).state == PaymentState::voided);
  }
  SECTION("by staff, paid and complete") {
    world.model->pay(intent);
    world.tell(intent);
    const Order canceled = world.shop->admin().orders().cancel(staff(), {number}).value();
    CHECK(canceled.state == OrderState::canceled);
    CHECK(canceled.payment_status == PaymentStatus::refunded);
    CHECK(canceled.payments.at(0).refunded_cents == canceled.total_cents);
    CHECK(world.model->calls(Call::refund).size() == 1);
  }
  SECTION("by staff, paid and not known to be") {
    world.model->pay(intent);
    const auto first = world.shop->admin().orders().cancel(staff(), {number});
    CHECK(code_of(first) == Errc::invalid_state);
    CHECK(world.order(number).state == OrderState::complete);
    CHECK(world.shop->admin().orders().cancel(staff(), {number}).value().state ==
          OrderState::canceled);
  }
  CHECK(world.stock("TEA").available == 100);
  world.work();
  CHECK(world.mails("has been canceled") == 1);
}

// ---- the test processor's card form

TEST_CASE("the test processor's cards do what they say") {
  PayingShop world;
  const auto placed = world.place(shopper(), world.card);
  const std::string number = placed.order.number;
  const auto pay = [&](const char* card) {
    return world.shop->test_payments().pay(shopper(), {placed.payment->client_secret, card, {}});
  };
  SECTION("approved") {
    CHECK(pay(kGoodCard).value().state == PaymentState::captured);
    CHECK(pay(kGoodCard).value().state == PaymentState::captured);
    CHECK(world.order(number).state == OrderState::complete);
  }
  SECTION("declined, then another") {
    const auto declined = pay(kDeclinedCard);
    CHECK(code_of(declined) == Errc::payment_declined);
    CHECK(declined.error().fact("declineCode") == "card_declined");
    CHECK(world.order(number).state == OrderState::payment);
    CHECK(pay(kGoodCard).value().state == PaymentState::captured);
    CHECK(world.order(number).state == OrderState::complete);
  }
  SECTION("declined in a store that gives up at once") {
    world.shop->admin().settings().update_checkout(staff(), {.release_on_decline = true}).value();
    CHECK(code_of(pay(kDeclinedCard)) == Errc::payment_declined);
    CHECK(world.order(number).state == OrderState::delivery);
    CHECK(code_of(pay(kGoodCard)) == Errc::invalid_state);
    CHECK(world.stock("TEA").available == 100);
  }
  SECTION("asked") {
    CHECK(pay("4000002500003155").value().state == PaymentState::requires_action);
    const bool approve = GENERATE(true, false);
    const auto answered =
        world.shop->test_payments().pay(shopper(), {placed.payment->client_secret, {}, approve});
    CHECK(answered.has_value() == approve);
    CHECK(world.order(number).state == (approve ? OrderState::complete : OrderState::payment));
  }
  SECTION("processing") {
    CHECK(pay("4000000000000259").value().state == PaymentState::processing);
    CHECK(world.order(number).state == OrderState::payment);
    CHECK(world.order(number).payments.at(0).state == PaymentState::processing);
    world.wait(5 * kMicrosPerSecond);
    world.wait(kMinute);
    CHECK(world.order(number).state == OrderState::complete);
  }
  SECTION("the answer is lost") {
    CHECK(code_of(pay("4000000000000119")) == Errc::outcome_unknown);
    CHECK(world.order(number).state == OrderState::payment);
    SECTION("and never asked for again") {}
    SECTION("and asked for again") {
      CHECK(pay("4000000000000119").value().state == PaymentState::captured);
    }
    world.wait(kMinute);
    CHECK(world.order(number).state == OrderState::complete);
    CHECK(world.mails("Order Confirmation") == 1);
  }
  SECTION("nobody's secret") {
    const auto wrong =
        world.shop->test_payments().pay(shopper(), {"test_1_secret_2", kGoodCard, {}});
    CHECK(code_of(wrong) == Errc::not_found);
    CHECK(code_of(world.shop->test_payments().pay(
              in_store("other", shopper()), {placed.payment->client_secret, kGoodCard, {}})) ==
          Errc::not_found);
  }
}
