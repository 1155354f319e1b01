// Payments that the shopper sends by themselves: how they learn where to, how they leave or pay
// another way, how much they may hold meanwhile, and what they are told in the end.
#include <algorithm>
#include <atomic>
#include <thread>

#include "support/forwarding_processor.hpp"
#include "support/paying_shop.hpp"
#include "support/refusal.hpp"

using namespace resys;
using namespace resys::test;

namespace {

constexpr const char* kAccount = "Tea & Co\nGB33 BUKB 2020 1555 5555 55";

struct TransferShop : PayingShop {
  TransferShop() {
    shop->admin()
        .payment_methods()
        .update(staff(), {.payment_method_id = transfer, .instructions = kAccount})
        .value();
  }
  Orders orders() { return shop->orders(); }
  Admin admin() { return shop->admin(); }
  Order transferred(const Caller& caller = shopper()) { return place(caller, transfer).order; }
  Mail last_mail() {
    work();
    const auto sent = mailer->sent();
    REQUIRE_FALSE(sent.empty());
    return sent.back();
  }
};

void check_says(const Mail& mail, const std::vector<std::string>& parts) {
  for (const std::string& part : parts) {
    CAPTURE(mail.text, part);
    CHECK(mail.text.find(part) != std::string::npos);
  }
}

void check_says_not(const Mail& mail, const std::string& words) {
  CAPTURE(mail.text, words);
  CHECK(mail.text.find(words) == std::string::npos);
  CHECK(mail.html.find(words) == std::string::npos);
}

}  // namespace

// ---- where to

TEST_CASE("a payment method's instructions are staff's to write") {
  TransferShop world;
  const auto methods = world.shop->admin().payment_methods().list(staff()).value().items;
  const auto found = std::find_if(methods.begin(), methods.end(), [&](const PaymentMethod& each) {
    return each.id == world.transfer;
  });
  CHECK(found->instructions == kAccount);
  const PaymentMethod cod =
      world.shop->admin()
          .payment_methods()
          .create(staff(), {.name = "Cash", .processor = "manual", .instructions = "Have it ready"})
          .value();
  CHECK(cod.instructions == "Have it ready");
  CHECK(world.shop->admin()
            .payment_methods()
            .update(staff(), {.payment_method_id = cod.id, .instructions = ""})
            .value()
            .instructions.empty());
  check_refused(
      world.shop->admin().payment_methods().update(
          staff(), {.payment_method_id = cod.id, .instructions = std::string(2'001, 'x')}),
      Errc::invalid_request, "instructions");
}

TEST_CASE(
    "how to pay is shown and mailed when the order is placed, with sum, reference and deadline") {
  TransferShop world;
  const Placement placed = world.place(shopper(), world.transfer);
  const Timestamp due = world.clock->now().plus(14 * kMicrosPerDay);
  CHECK(placed.payment->instructions == kAccount);
  CHECK(placed.payment->amount_cents == 2'070);
  CHECK(placed.payment->due_at == due);
  CHECK(placed.order.payments.at(0).instructions == kAccount);
  CHECK(placed.order.payments.at(0).name == "Transfer");
  CHECK(placed.order.payment_due_at == due);
  CHECK(placed.order.missing_cents == 2'070);
  const std::string& number = placed.order.number;
  const Order seen = world.orders().get(shopper(), {number}).value();
  CHECK(seen.payments.at(0).instructions == kAccount);

  const Mail mail = world.last_mail();
  CHECK(mail.to == "ada@example.com");
  check_says(mail, {number, "20.70 EUR", due.text().substr(0, 10), "Tea & Co",
                    "GB33 BUKB 2020 1555 5555 55", "Reference: " + number, "2 x Tea"});
  CHECK(mail.html.find("Tea &amp; Co<br>") != std::string::npos);
  CHECK(world.mails("Please pay for your order") == 1);
  CHECK(fact(world.events(number, EventType::payment_requested).at(0), "dueAt") == due.text());

  // Once it is paid there is nothing left to do.
  world.admin().orders().mark_paid(staff(), {number}).value();
  CHECK(world.order(number).payments.at(0).instructions.empty());
  CHECK_FALSE(world.order(number).payment_due_at);
  world.work();
  CHECK(world.mails("Please pay for your order") == 1);
}

TEST_CASE("money that came before the mail left is not asked for any more") {
  TransferShop world;
  const std::string number = world.transferred().number;
  SECTION("a part of it: staff decide what becomes of the rest") {
    world.admin().orders().mark_paid(staff(), {number, 1'000}).value();
    world.work();
    CHECK(world.mails("Please pay for your order") == 0);
    world.admin().orders().request_payment(staff(), {number}).value();
    check_says(world.last_mail(), {"We have received 10.00 EUR", "10.70 EUR are still missing",
                                   "Please pay 10.70 EUR", "Amount: 10.70 EUR", "GB33 BUKB"});
    CHECK(world.mails("Please pay for your order") == 1);
  }
  SECTION("it is being paid another way") {
    world.shop->checkout().pay_order(shopper(), {number, world.method}).value();
    world.work();
    CHECK(world.mails("Please pay for your order") == 0);
  }
}

TEST_CASE("a mail asks for no more than is missing when it leaves") {
  TransferShop world;
  world.model->capture_by_hand(true);
  const std::string number = world.buy_here().number;
  const std::string first = world.intent(world.order(number));
  world.model->take_other(first, 1'000);
  world.tell(first);
  world.admin()
      .orders()
      .request_payment(staff(), {.number = number, .payment_method_id = world.transfer})
      .value();
  world.model->take_other(first, 2'000);
  world.tell(first);
  REQUIRE(world.order(number).missing_cents == 70);
  const Mail mail = world.last_mail();
  check_says(mail, {"We have received 20.00 EUR", "Please pay 0.70 EUR", "Amount: 0.70 EUR"});
  check_says_not(mail, "10.70");
}

TEST_CASE("a payment without instructions is told by no mail") {
  PayingShop world;
  world.place(shopper(), world.transfer);
  world.buy_here(shopper("bob"));
  world.work();
  CHECK(world.mails("Please pay for your order") == 0);
}

TEST_CASE("a host writes the words of that mail itself") {
  std::string asked;
  MailTemplates templates;
  templates.payment_requested = [&](const MailContent& content) -> Result<MailText> {
    asked = content.order.payments.at(0).instructions;
    return MailText{"Bitte zahlen", "...", ""};
  };
  BuyingShop test({.mail_templates = templates});
  test.shop->admin()
      .payment_methods()
      .update(staff(), {.payment_method_id = test.transfer, .instructions = kAccount})
      .value();
  test.place(shopper(), test.transfer);
  test.work();
  CHECK(asked == kAccount);
  CHECK(test.mailer->sent().at(0).subject == "Bitte zahlen");
}

// ---- leaving

TEST_CASE("a shopper leaves an order that nothing has come for") {
  TransferShop world;
  const Order placed = world.transferred();
  const Order canceled = world.orders().cancel(shopper(), {placed.number}).value();
  CHECK(canceled.state == OrderState::canceled);
  CHECK(canceled.payments.at(0).state == PaymentState::voided);
  CHECK(world.stock("TEA").available == 100);
  CHECK(world.events(placed.number, EventType::order_canceled).at(0).actor == Actor::shopper);
  check_says(world.last_mail(), {"has been canceled", "You have canceled it yourself."});
  check_refused(world.admin().orders().mark_paid(staff(), {placed.number}), Errc::invalid_state);
}

TEST_CASE("a shopper does not leave what is paid, promised or on its way") {
  const auto later = std::make_shared<ForwardingProcessor>("later", manual_processor());
  BuyingShop test({.processors = {test_processor(), manual_processor(), later}});
  std::string number;
  SECTION("shipped, to be paid on delivery") {
    number = test.place(shopper(), test.transfer).order.number;
    test.shop->admin().orders().ship(staff(), {.number = number, .tracking_number = "T1"}).value();
  }
  SECTION("paid") {
    number = test.place(shopper(), test.transfer).order.number;
    test.shop->admin().orders().mark_paid(staff(), {number}).value();
  }
  SECTION("paid in part") {
    number = test.place(shopper(), test.transfer).order.number;
    test.shop->admin().orders().mark_paid(staff(), {number, 1'000}).value();
  }
  SECTION("promised by a bank") {
    number = test.place(shopper(), test.add_method("Later", "later")).order.number;
    check_refused(test.shop->checkout().pay_order(shopper(), {number, test.card}),
                  Errc::invalid_state);
  }
  check_refused(test.shop->orders().cancel(shopper(), {number}), Errc::invalid_state);
  CHECK(test.order(number).state != OrderState::canceled);
  CHECK(test.stock("TEA").available == 98);
}

// ---- paying another way

TEST_CASE("a shopper pays another way while nothing has come") {
  TransferShop world;
  const Order placed = world.transferred();
  world.work();
  const Caller ada = with_key("k", shopper());
  const Placement other =
      world.shop->checkout().pay_order(ada, {placed.number, world.method}).value();
  CHECK(other.order.number == placed.number);
  CHECK(other.order.state == OrderState::confirm);
  CHECK(other.order.payments.at(0).state == PaymentState::voided);
  CHECK(other.payment->amount_cents == 2'070);
  CHECK(other.payment->due_at == placed.payment_due_at);
  CHECK(world.stock("TEA").reserved == 2);
  // The same request has the same answer.
  CHECK(world.shop->checkout().pay_order(ada, {placed.number, world.method}).value().payment->id ==
        other.payment->id);
  check_refused(world.shop->checkout().pay_order(ada, {placed.number, world.transfer}),
                Errc::idempotency_mismatch, "idempotencyKey");
  check_refused(world.admin().orders().mark_paid(staff(), {placed.number}), Errc::invalid_state);
  const std::string intent = world.intent(other.order);
  SECTION("it is paid") {
    world.model->pay(intent);
    world.tell(intent);
    const Order paid = world.order(placed.number);
    CHECK(paid.state == OrderState::complete);
    CHECK(paid.paid_cents == 2'070);
    world.work();
    CHECK(world.mails("Order Confirmation") == 1);
  }
  SECTION("the card is refused, and it is the transfer after all") {
    world.model->decline(intent);
    world.tell(intent);
    const Placement again =
        world.shop->checkout().pay_order(shopper(), {placed.number, world.transfer}).value();
    CHECK(again.payment->instructions == kAccount);
    CHECK_FALSE(world.model->pay(intent));
    // The shopper is told again where to send it.
    world.work();
    CHECK(world.mails("Please pay for your order") == 2);
    CHECK(world.admin().orders().mark_paid(staff(), {placed.number}).value().state ==
          OrderState::complete);
  }
  SECTION("it is canceled by the shopper") {
    CHECK(world.orders().cancel(shopper(), {placed.number}).value().state == OrderState::canceled);
    CHECK_FALSE(world.model->pay(intent));
  }
  SECTION("nothing comes: the deadline is the one that the transfer had") {
    world.wait(14 * kMicrosPerDay - kMicrosPerHour);
    CHECK(world.order(placed.number).state == OrderState::confirm);
    world.wait(2 * kMicrosPerHour);
    CHECK(world.order(placed.number).state == OrderState::canceled);
    CHECK(world.stock("TEA").available == 100);
  }
  SECTION("its processor ends it by itself") {
    world.model->void_here(intent);
    world.tell(intent);
    CHECK(world.order(placed.number).state == OrderState::confirm);
    CHECK(world.shop->checkout().pay_order(shopper(), {placed.number, world.transfer}).has_value());
  }
}

TEST_CASE("a payment that cannot be made changes nothing of the open one") {
  TransferShop world;
  const Order placed = world.transferred();
  const auto pay = [&](const PaymentMethodId& method) {
    return world.shop->checkout().pay_order(shopper(), {placed.number, method});
  };
  SECTION("an unknown method") {
    check_refused(pay(PaymentMethodId({1, 2})), Errc::not_found, "paymentMethodId");
  }
  SECTION("a method that does not take the amount") {
    world.model->set_step(100);
    check_refused(pay(world.method), Errc::unsupported_currency);
  }
  SECTION("too often") {
    world.shop->admin().settings().update_checkout(staff(), {.max_placements = 1}).value();
    check_refused(pay(world.method), Errc::invalid_state);
  }
  CHECK(world.order(placed.number).payments.at(0).state == PaymentState::authorized);
  CHECK(world.admin().orders().mark_paid(staff(), {placed.number}).has_value());
}

TEST_CASE("money that has come meanwhile is not paid another way") {
  TransferShop world;
  const Order placed = world.transferred();
  SECTION("it is marked") { world.admin().orders().mark_paid(staff(), {placed.number}).value(); }
  SECTION("the order is canceled") {
    world.admin().orders().cancel(staff(), {placed.number}).value();
  }
  check_refused(world.shop->checkout().pay_order(shopper(), {placed.number, world.method}),
                Errc::invalid_state);
  CHECK(world.model->intents().empty());
}

TEST_CASE("an order that is still in the checkout is changed there") {
  TransferShop world;
  const Order placed = world.place_here().order;
  const Error refused =
      refusal(world.shop->checkout().pay_order(shopper(), {placed.number, world.transfer}),
              Errc::invalid_state);
  CHECK(refused.fact("allowedAfter") == "reopen");
}

TEST_CASE("staff ask once more for a transfer") {
  TransferShop world;
  const Order placed = world.transferred();
  world.work();
  const Order asked = world.admin().orders().request_payment(staff(), {placed.number}).value();
  CHECK(asked.payments.size() == 1);
  CHECK(asked.payment_due_at == placed.payment_due_at);
  world.work();
  CHECK(world.mails("Please pay for your order") == 2);
}

// ---- how much

TEST_CASE("a customer holds no more units unpaid than the store allows") {
  BuyingShop test;
  test.let_guests_check_out();
  test.shop->admin().settings().update_checkout(staff(), {.max_unpaid_units = 5}).value();
  const auto place = [&](const Caller& caller, std::int64_t quantity,
                         const std::string& email = "ada@example.com") {
    test.shop->cart().add_item(caller, {.sku = "TEA", .quantity = quantity}).value();
    test.shop->checkout()
        .set_addresses(caller, {.shipping_address = BuyingShop::address(), .email = email})
        .value();
    test.shop->checkout().select_shipping_method(caller, {test.post}).value();
    return test.shop->checkout().place_order(caller, {test.transfer});
  };
  const auto check_limit = [](const auto& result, std::int64_t held, std::int64_t requested) {
    const Error refused = refusal(result, Errc::invalid_state, "paymentMethodId");
    CHECK(refused.fact("limit", 0) == 5);
    CHECK(refused.fact("heldUnits", -1) == held);
    CHECK(refused.fact("requestedUnits", -1) == requested);
  };
  SECTION("a user, in one order") {
    check_limit(place(shopper(), 6), 0, 6);
    // By card it may be as much as one likes: that holds the stock for minutes only.
    CHECK(test.shop->checkout().place_order(shopper(), {test.card}).has_value());
  }
  SECTION("a user, in several orders") {
    const std::string first = place(shopper(), 3).value().order.number;
    place(shopper(), 2).value();
    check_limit(place(shopper(), 1), 5, 1);
    test.shop->admin().orders().mark_paid(staff(), {first}).value();
    CHECK(test.shop->checkout().place_order(shopper(), {test.transfer}).has_value());
    CHECK(place(shopper("bob"), 5).has_value());
  }
  SECTION("a guest, by session and by address") {
    place(guest("s1"), 3).value();
    check_limit(place(guest("s1"), 3, "other@example.com"), 3, 3);
    check_limit(place(guest("s2"), 3, "ADA@example.com"), 3, 3);
    CHECK(place(guest("s3"), 5, "eve@example.com").has_value());
  }
  SECTION("a guest whose orders a user has claimed meanwhile") {
    place(guest("s1"), 3).value();
    CHECK(test.shop->admin()
              .orders()
              .claim(staff(), {"ada", "ada@example.com"})
              .value()
              .numbers.size() == 1);
    check_limit(place(guest("s2"), 3), 3, 3);
    check_limit(place(shopper("ada"), 3, "other@example.com"), 3, 3);
  }
  SECTION("what was shipped holds nothing any more") {
    const std::string sent = place(shopper(), 5).value().order.number;
    test.shop->admin().orders().ship(staff(), {.number = sent, .tracking_number = "T1"}).value();
    CHECK(place(shopper(), 5).has_value());
  }
}

TEST_CASE("two parts that are marked at once are both counted, or one is refused", "[concurrent]") {
  for (int round = 0; round < 5; ++round) {
    TransferShop world;
    const std::string number = world.transferred().number;
    std::atomic<std::int64_t> marked = 0;
    const auto mark = [&](std::int64_t cents) {
      const auto result = world.admin().orders().mark_paid(staff(), {number, cents});
      if (result.has_value()) marked += cents;
      if (result.has_error()) CHECK(result.error().code() == Errc::invalid_state);
    };
    std::thread other([&] { mark(1'000); });
    mark(1'070);
    other.join();
    CHECK(world.order(number).paid_cents == marked);
    CHECK(marked > 0);
  }
}

// 10.00 came, go back, and 10.70 more came; then the first ones stay after all.
TEST_CASE("an order is complete once nothing is missing, also where a refund has failed") {
  TransferShop world;
  world.model->capture_by_hand(true);
  const Order authorized = world.buy_here();
  world.model->take_other(world.intent(authorized), 1'000);
  world.tell(world.intent(authorized));
  world.model->answer_refunds(RefundState::pending);
  world.admin()
      .orders()
      .refund(staff(), {.number = authorized.number, .amount_cents = 1'000})
      .value();
  const std::int64_t more = GENERATE(as<std::int64_t>(), 1'070, 1'500);
  world.shop->checkout().pay_order(shopper(), {authorized.number, world.transfer}).value();
  world.admin().orders().mark_paid(staff(), {authorized.number, more}).value();
  REQUIRE(world.order(authorized.number).state == OrderState::confirm);
  const std::string first = world.model->intent_of(authorized.payments.at(0).id);
  world.model->settle_refunds(first, RefundState::failed);
  world.settle();
  const Order now = world.order(authorized.number);
  CHECK(now.state == OrderState::complete);
  CHECK(now.paid_cents == 1'000 + more);
  CHECK(now.payment_status == PaymentStatus::paid);
  CHECK(world.count(now.number, EventType::payment_excess) == (more > 1'070 ? 1 : 0));
  CHECK(world.mails("Order Confirmation") == 1);
  world.model->answer_refunds(RefundState::succeeded);
  const RefundOrder excess{.number = now.number, .amount_cents = more - 1'070};
  if (more > 1'070) world.admin().orders().refund(staff(), excess).value();
}

TEST_CASE("what was marked before an order is canceled goes back by hand") {
  TransferShop world;
  const std::string number = world.transferred().number;
  const std::int64_t came = GENERATE(as<std::int64_t>(), 1'000, 2'070, 3'000);
  world.admin().orders().mark_paid(staff(), {number, came}).value();
  const Order canceled = world.admin().orders().cancel(staff(), {number}).value();
  CHECK(canceled.state == OrderState::canceled);
  CHECK(canceled.refund_requested_cents == came);
  CHECK(world.admin().orders().mark_refunded(staff(), {number}).value().paid_cents == 0);
}

TEST_CASE("a transfer that comes when the order has ended is taken down, and goes back by hand") {
  TransferShop world;
  const std::string number = world.transferred().number;
  const bool is_paid = GENERATE(true, false);
  if (is_paid) world.admin().orders().mark_paid(staff(), {number}).value();
  if (!is_paid) world.wait(15 * kMicrosPerDay);
  const Order before = world.order(number);
  REQUIRE(before.state == (is_paid ? OrderState::complete : OrderState::canceled));
  CHECK(refusal(world.admin().orders().mark_paid(staff(), {number}), Errc::invalid_state)
            .fact("allowedWith") == "amountCents");
  const Order late = world.admin().orders().mark_paid(staff(), {number, 1'500}).value();
  CHECK(late.state == before.state);
  CHECK(late.paid_cents == before.paid_cents);
  CHECK(late.refund_requested_cents == 1'500);
  CHECK(late.payments.back().captured_cents == 1'500);
  CHECK(world.stock("TEA").available == (is_paid ? 98 : 100));
  CHECK(world.shop->check().value().differences.empty());
  world.work();
  CHECK(world.mails("reached us too late") == 1);
  const Order sent = world.admin().orders().mark_refunded(staff(), {number}).value();
  CHECK(sent.state == before.state);
  CHECK(sent.refund_requested_cents == 0);
  CHECK(sent.payments.back().refunded_cents == 1'500);
  CHECK(world.shop->check().value().differences.empty());
}

TEST_CASE("a late payment by hand of an order that was paid by card only is not marked") {
  TransferShop world;
  const Order order = world.buy_here();
  check_refused(world.admin().orders().mark_paid(staff(), {order.number, 100}),
                Errc::invalid_state);
}

TEST_CASE("a shopper pays no more than what is missing") {
  TransferShop world;
  const std::string number = world.transferred().number;
  world.admin().orders().mark_paid(staff(), {number, 1'000}).value();
  const Order open =
      world.shop->checkout().pay_order(shopper(), {number, world.method}).value().order;
  REQUIRE(open.payments.back().amount_cents == 1'070);
  // The shopper goes back to the transfer, and sends a part of it.
  world.admin().orders().request_payment(staff(), {number, world.transfer}).value();
  world.admin().orders().mark_paid(staff(), {number, 500}).value();
  const Placement rest =
      world.shop->checkout().pay_order(shopper(), {number, world.method}).value();
  REQUIRE(rest.payment);
  CHECK(rest.payment->amount_cents == 570);
  REQUIRE(world.model->pay(world.intent(rest.order)));
  world.tell(world.intent(rest.order));
  CHECK(world.order(number).state == OrderState::complete);
  CHECK(world.order(number).paid_cents == 2'070);
}

// ---- what is told in the end

TEST_CASE("the mail after the deadline says why") {
  TransferShop world;
  const Order placed = world.transferred();
  const std::string due = placed.payment_due_at->text().substr(0, 10);
  world.wait(14 * kMicrosPerDay);
  check_says(world.last_mail(), {"has been canceled", "It was not paid in full by " + due});
}

TEST_CASE("a mail about an order that staff cancel gives no reason that is not known") {
  TransferShop world;
  const Order placed = world.transferred();
  world.admin().orders().cancel(staff(), {placed.number}).value();
  const Mail mail = world.last_mail();
  check_says(mail, {"has been canceled"});
  check_says_not(mail, "yourself");
  check_says_not(mail, "not paid");
}

TEST_CASE("the mail about a refund by hand does not say that money was sent") {
  TransferShop world;
  const Order placed = world.transferred();
  world.admin().orders().mark_paid(staff(), {placed.number}).value();
  world.admin().orders().refund(staff(), {placed.number, 500}).value();
  const Mail mail = world.last_mail();
  check_says(mail, {"5.00 EUR", placed.number, "by hand"});
  check_says_not(mail, "have refunded");
  const Order by_card = world.buy_here(shopper("bob"));
  world.admin().orders().refund(staff(), {by_card.number, 500}).value();
  check_says(world.last_mail(), {"We have refunded 5.00 EUR"});
}

// ---- going back

TEST_CASE("money that came by hand is given back only when staff say that they have sent it") {
  TransferShop world;
  const Order placed = world.transferred();
  world.admin().orders().mark_paid(staff(), {placed.number, 1'000}).value();
  SECTION("after the deadline") { world.wait(14 * kMicrosPerDay); }
  SECTION("after a cancel") { world.admin().orders().cancel(staff(), {placed.number}).value(); }
  SECTION("after a refund that cancels") {
    world.admin().orders().refund(staff(), {.number = placed.number, .cancel = true}).value();
  }
  const auto check_waiting = [&] {
    const Order canceled = world.order(placed.number);
    CHECK(canceled.state == OrderState::canceled);
    CHECK(canceled.refund_requested_cents == 1'000);
    CHECK(canceled.payments.at(0).refunded_cents == 0);
    CHECK(canceled.payments.at(0).refund_pending_cents == 1'000);
    CHECK(canceled.payment_status != PaymentStatus::refunded);
    CHECK(world.count(placed.number, EventType::payment_refunded) == 0);
    CHECK(world.mails("Refund for your order") == 0);
  };
  check_waiting();
  CHECK(world.stock("TEA").available == 100);
  const auto asked = world.events(placed.number, EventType::refund_requested);
  REQUIRE(asked.size() == 1);
  CHECK(fact(asked.at(0), "amountCents") == "1000");
  check_says(world.last_mail(), {"has been canceled", "you get 10.00 EUR back"});
  world.wait(30 * kMicrosPerDay);
  check_waiting();
  // It is not sent twice.
  check_refused(world.admin().orders().refund(staff(), {placed.number}), Errc::invalid_state);

  check_refused(world.admin().orders().mark_refunded(shopper(), {placed.number}), Errc::forbidden);
  for (int i = 0; i < 2; ++i) {
    const Order sent =
        world.admin().orders().mark_refunded(with_key("m", staff()), {placed.number}).value();
    CHECK(sent.refund_requested_cents == 0);
    CHECK(sent.payments.at(0).refunded_cents == 1'000);
    CHECK(sent.payment_status == PaymentStatus::refunded);
  }
  check_refused(world.admin().orders().mark_refunded(staff(), {placed.number}),
                Errc::invalid_state);
  const auto told = world.events(placed.number, EventType::payment_refunded);
  REQUIRE(told.size() == 1);
  CHECK(told.at(0).actor_id == "boss");
  check_says(world.last_mail(), {"10.00 EUR", "by hand"});
}

TEST_CASE("what was paid by card goes back by itself, and the transfer beside it by hand") {
  TransferShop world;
  const Order placed = world.transferred();
  world.admin().orders().mark_paid(staff(), {placed.number, 1'000}).value();
  const Placement rest =
      world.shop->checkout().pay_order(shopper(), {placed.number, world.method}).value();
  world.model->pay(world.intent(rest.order));
  world.tell(world.intent(rest.order));
  REQUIRE(world.order(placed.number).state == OrderState::complete);
  const Order canceled = world.admin().orders().cancel(staff(), {placed.number}).value();
  CHECK(canceled.state == OrderState::canceled);
  CHECK(canceled.refund_requested_cents == 1'000);
  CHECK(canceled.payments.at(1).refunded_cents == 1'070);
  CHECK(world.admin().orders().mark_refunded(staff(), {placed.number}).value().payment_status ==
        PaymentStatus::refunded);
}
