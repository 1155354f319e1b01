// A payment that comes after its stock was released. It completes the order if that is still
// possible, and is refunded if not. Its money is never kept for nothing.
#include "support/paying_shop.hpp"
#include "support/promotions.hpp"

using namespace resys;
using namespace resys::test;

namespace {

using Call = ModelProcessor::Call;

// Placed, expired and open again; its intent is voided, as the shop was told.
Order expired(PayingShop& world) {
  const Order order = world.place_here().order;
  world.wait(15 * kMicrosPerMinute);
  REQUIRE(world.order(order.number).state == OrderState::delivery);
  return world.order(order.number);
}

// Somebody else takes all of a product.
void sell_out(PayingShop& world, const std::string& sku) {
  world.shop->admin().stock().set(staff(), {.sku = sku, .on_hand = 0}).value();
}

void comes(PayingShop& world, const std::string& intent) {
  world.model->take_money(intent);
  world.tell(intent);
  world.work();
}

// Why the mail says that it came too late.
void check_told(PayingShop& world, const std::string& why) {
  for (const Mail& mail : world.mailer->sent()) {
    if (mail.subject.find("reached us too late") == std::string::npos) continue;
    CAPTURE(mail.text, why);
    CHECK(mail.text.find(why) != std::string::npos);
  }
}

void check_refunded(PayingShop& world, const Order& before, OrderState state) {
  const Order order = world.order(before.number);
  CHECK(order.state == state);
  CHECK(order.payments.at(0).captured_cents == before.payments.at(0).amount_cents);
  CHECK(order.payments.at(0).refunded_cents == before.payments.at(0).amount_cents);
  const auto told = world.events(before.number, EventType::late_payment_refunded);
  REQUIRE(told.size() == 1);
  CHECK(fact(told[0], "amountCents") == std::to_string(before.payments.at(0).amount_cents));
  CHECK(world.mails("reached us too late") == 1);
}

}  // namespace

TEST_CASE("a late payment completes an order that is as it was placed") {
  PayingShop world;
  const Order order = expired(world);
  SECTION("in Delivery") {}
  SECTION("whatever stands in another product's stock") { sell_out(world, "MUG"); }
  SECTION("changed and changed back") {
    world.shop->cart().change_item(shopper(), {order.line_items.at(0).id, 5}).value();
    world.shop->cart().change_item(shopper(), {order.line_items.at(0).id, 2}).value();
  }
  comes(world, world.intent(order));
  const Order paid = world.order(order.number);
  CHECK(paid.state == OrderState::complete);
  CHECK(paid.payment_status == PaymentStatus::paid);
  CHECK(world.stock("TEA").available == 98);
  CHECK(world.mails("Order Confirmation") == 1);
  CHECK(world.count(order.number, EventType::late_payment_refunded) == 0);
  // The shopper has a new cart.
  CHECK(world.shop->cart().get(shopper()).value().item_count == 0);
}

TEST_CASE("a late payment is refunded where it cannot complete the order") {
  PayingShop world;
  const Order order = expired(world);
  OrderState state = OrderState::delivery;
  std::string why = "is sold out or was changed";
  SECTION("the stock is gone") { sell_out(world, "TEA"); }
  SECTION("the items were changed") {
    world.shop->cart().change_item(shopper(), {order.line_items.at(0).id, 1}).value();
  }
  SECTION("an item was added") {
    world.shop->cart().add_item(shopper(), {.sku = "MUG", .quantity = 1}).value();
  }
  SECTION("a discount was added") { world.shop->cart().apply_coupon(shopper(), {"TEN"}).value(); }
  SECTION("the address was changed, and with it the shipping") {
    world.shop->checkout()
        .set_addresses(shopper(), {.shipping_address = BuyingShop::address()})
        .value();
    state = OrderState::address;
  }
  SECTION("the order is canceled") {
    world.shop->orders().cancel(shopper(), {order.number}).value();
    state = OrderState::canceled;
    why = "after the order had been canceled";
  }
  comes(world, world.intent(order));
  check_refunded(world, order, state);
  check_told(world, why);
}

TEST_CASE("the mail about a late payment says what the order was when it came") {
  PayingShop world;
  const Order order = expired(world);
  sell_out(world, "TEA");
  world.model->take_money(world.intent(order));
  world.tell(world.intent(order));
  world.shop->orders().cancel(shopper(), {order.number}).value();
  world.work();
  check_refunded(world, order, OrderState::canceled);
  check_told(world, "is sold out or was changed");
}

TEST_CASE("money of a canceled payment that comes late is refunded") {
  PayingShop world;
  const Order order = world.place_here().order;
  SECTION("canceled by the shopper") {
    world.shop->orders().cancel(shopper(), {order.number}).value();
  }
  SECTION("canceled by staff") {
    world.shop->admin().orders().cancel(staff(), {order.number}).value();
  }
  comes(world, world.intent(order));
  check_refunded(world, order, OrderState::canceled);
  CHECK(world.stock("TEA").available == 100);
}

TEST_CASE("a late payment that was refunded in part is refunded altogether") {
  PayingShop world;
  const Order order = world.place_here().order;
  world.shop->orders().cancel(shopper(), {order.number}).value();
  const std::int64_t gone = GENERATE(as<std::int64_t>(), 70, 2'070);
  const std::string intent = world.intent(order);
  world.model->take_money(intent);
  world.model->refund_here(intent, gone);
  const bool says_all = GENERATE(true, false);
  world.tell(intent, says_all ? "news" : "payment");
  world.settle();
  const Order now = world.order(order.number);
  CHECK(now.state == OrderState::canceled);
  CHECK(now.paid_cents == 0);
  CHECK(now.payments.at(0).refunded_cents == 2'070);
  if (!says_all) return;
  CHECK(world.count(order.number, EventType::refund_failed) == 0);
  CHECK(world.count(order.number, EventType::late_payment_refunded) == (gone < 2'070 ? 1 : 0));
}

TEST_CASE("the money of an old payment goes back once the order has a new one") {
  PayingShop world;
  const Order order = expired(world);
  const std::string old_intent = world.intent(order);
  const Order again = world.place_again().order;
  REQUIRE(again.payments.size() == 2);
  SECTION("while the new one waits") {
    comes(world, old_intent);
    check_refunded(world, order, OrderState::payment);
    check_told(world, "when you had begun another payment of the order");
    world.model->pay(world.intent(again));
    world.tell(world.intent(again));
  }
  SECTION("after the new one is paid") {
    world.model->pay(world.intent(again));
    world.tell(world.intent(again));
    comes(world, old_intent);
    check_told(world, "when the order had been paid already");
  }
  check_refunded(world, order, OrderState::complete);
  CHECK(world.order(order.number).payment_status == PaymentStatus::paid);
  CHECK(world.stock("TEA").available == 98);
}

TEST_CASE("both payments of an order are paid, and one of them goes back") {
  PayingShop world;
  const Order order = expired(world);
  const std::string old_intent = world.intent(order);
  comes(world, old_intent);
  CHECK(world.order(order.number).state == OrderState::complete);
  // It was never placed again: there is nothing that could be paid a second time.
  CHECK(world.model->intents().size() == 1);
}

TEST_CASE("a late payment takes the discount's use again, or is refunded") {
  PayingShop world;
  CreatePromotion once = percent_off("ONCE", 1'000);
  once.usage_limit = 1;
  add(*world.shop, once);
  world.fill(shopper());
  world.shop->cart().apply_coupon(shopper(), {"ONCE"}).value();
  const Order order = world.place_again().order;
  world.wait(15 * kMicrosPerMinute);
  const bool used_up = GENERATE(true, false);
  if (used_up) {
    world.fill(shopper("bob"));
    world.shop->cart().apply_coupon(shopper("bob"), {"ONCE"}).value();
    const Order other =
        world.shop->checkout().place_order(shopper("bob"), {world.method}).value().order;
    world.model->pay(world.intent(other));
    world.tell(world.intent(other));
  }
  comes(world, world.intent(order));
  if (used_up) check_refunded(world, order, OrderState::delivery);
  if (!used_up) CHECK(world.order(order.number).state == OrderState::complete);
}

TEST_CASE("a late payment that cannot be refunded at once is refunded later") {
  PayingShop world;
  const Order order = expired(world);
  sell_out(world, "TEA");
  SECTION("the processor is unreachable") {
    world.model->fail(Call::refund, Fault::unreachable, 3);
    comes(world, world.intent(order));
    CHECK(world.order(order.number).payments.at(0).refunded_cents == 0);
  }
  SECTION("the answer is lost") {
    world.model->fail(Call::refund, Fault::lost_answer);
    comes(world, world.intent(order));
  }
  SECTION("the shop dies") {
    world.model->fail(Call::refund, Fault::crash_after);
    world.model->take_money(world.intent(order));
    CHECK_THROWS_AS(world.tell(world.intent(order)), Crash);
    world.restart();
  }
  SECTION("the bank takes its time") {
    world.model->answer_refunds(RefundState::pending);
    comes(world, world.intent(order));
    CHECK(world.order(order.number).payments.at(0).refund_pending_cents ==
          order.payments.at(0).amount_cents);
    world.model->settle_refunds(world.intent(order), RefundState::succeeded);
  }
  world.settle();
  check_refunded(world, order, OrderState::delivery);
}

TEST_CASE("a late payment whose refund fails can be refunded by staff") {
  PayingShop world;
  const Order order = expired(world);
  const std::string intent = world.intent(order);
  sell_out(world, "TEA");
  world.model->fail(Call::refund, Fault::refused);
  comes(world, intent);
  CHECK(world.order(order.number).payments.at(0).refunded_cents == 0);
  CHECK(world.count(order.number, EventType::refund_failed) == 1);
  SECTION("at once") {}
  SECTION("after the order was placed once more and paid") {
    world.shop->admin().stock().set(staff(), {.sku = "TEA", .on_hand = 10}).value();
    const Order again = world.place_again().order;
    world.model->pay(world.intent(again));
    world.tell(world.intent(again));
    REQUIRE(world.order(order.number).state == OrderState::complete);
  }
  // What was paid twice is what goes back first.
  world.shop->admin().orders().refund(staff(), {order.number, 2'070}).value();
  const Order now = world.order(order.number);
  CHECK(now.payments.at(0).refunded_cents == now.payments.at(0).captured_cents);
  if (now.payments.size() == 2) CHECK(now.payments.at(1).refunded_cents == 0);
}

TEST_CASE("a late payment whose refund is refused pays the order that waits for a transfer") {
  PayingShop world;
  const Order order = expired(world);
  const std::string old_intent = world.intent(order);
  world.shop->checkout().place_order(shopper(), {world.transfer}).value();
  REQUIRE(world.order(order.number).state == OrderState::confirm);
  world.model->fail(Call::refund, Fault::refused);
  comes(world, old_intent);
  const Order paid = world.order(order.number);
  CHECK(paid.state == OrderState::complete);
  CHECK(paid.payments.at(0).captured_cents == paid.total_cents);
  CHECK(paid.payments.at(0).refunded_cents == 0);
  CHECK(paid.payments.at(1).state == PaymentState::voided);  // nobody is to pay twice
  CHECK(world.count(order.number, EventType::order_completed) == 1);
}

TEST_CASE("the money of a payment that was given up goes back or completes the order") {
  PayingShop world;
  world.fill(shopper());
  // It was made, but the shop never heard of it.
  world.model->fail(Call::create, Fault::lost_answer, 1);
  CHECK(world.shop->checkout().place_order(shopper(), {world.method}).has_error());
  world.model->set_down(true);
  for (int hour = 0; hour < 25; ++hour) world.wait(kMicrosPerHour);
  world.model->set_down(false);
  const Order order = world.newest();
  REQUIRE(order.payments.at(0).state == PaymentState::failed);
  comes(world, world.intent(order));
  CHECK(world.order(order.number).state == OrderState::complete);
}
