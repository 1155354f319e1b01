// How long a store keeps what nobody needs any more: webhooks, events, processors' notes.
#include <string>

#include "support/look.hpp"
#include "support/paying_shop.hpp"
#include "support/refusal.hpp"

using namespace resys;
using namespace resys::test;

namespace {

struct KeepingShop : PayingShop {
  void set(const UpdateCheckoutSettings& request) {
    shop->admin().settings().update_checkout(staff(), request).value();
  }
  std::int64_t rows(const std::string& table, const std::string& condition = "1 = 1") const {
    return Look(file).number("SELECT COUNT(*) FROM " + table + " WHERE " + condition);
  }
  // Nothing is due, so nothing is written.
  void check_idle() {
    Look look(file);
    const auto before = look.version();
    CHECK(shop->run_due_work().value().done == 0);
    CHECK(look.version() == before);
  }
  std::vector<Event> timeline(const Order& order) {
    return shop->admin().orders().get_timeline(staff(), {order.number}).value().items;
  }
};

}  // namespace

// ---- webhooks

TEST_CASE("a webhook is kept for as long as the store says, and then does nothing a second time") {
  KeepingShop world;
  const Order order = world.place_here().order;
  const std::string intent = world.intent(order);
  world.model->pay(intent);
  const ReceiveWebhook news = world.model->webhook(intent);
  world.receive(news).value();
  REQUIRE(world.rows("webhook_event") == 1);
  world.wait(30 * kMicrosPerDay);
  CHECK(world.rows("webhook_event") == 1);
  world.wait(1);
  CHECK(world.rows("webhook_event") == 0);
  world.check_idle();

  const std::size_t events = world.timeline(order).size();
  world.receive(news).value();
  world.settle();
  CHECK(world.timeline(order).size() == events);
  CHECK(world.order(order.number).paid_cents == order.total_cents);
}

TEST_CASE("a webhook stays while its payment is open, or while it is tried again") {
  KeepingShop world;
  world.set({.payment_due_days = 365, .webhook_days = 7});
  const Order order = world.place(shopper(), world.transfer).order;
  Look(world.file)
      .run(
          "INSERT INTO webhook_event (store_id, processor, event_id, type, state, "
          "payment_method_id, "
          "external_id, attempts, received_at) SELECT store_id, processor, 'evt_open', 'x', "
          "'applied', "
          "payment_method_id, external_id, 0, created_at FROM payment");
  const std::string unknown = "id=evt_parked\ntype=payment\nintent=pi_later\npayment=" +
                              PaymentId(detail::Uuid{1, 1}).text() + "\n";
  world.receive(world.model->sign(unknown)).value();
  REQUIRE(world.rows("webhook_event", "state = 'parked'") == 1);
  world.wait(7 * kMicrosPerDay - kMicrosPerHour);
  CHECK(world.rows("webhook_event", "state = 'parked'") == 1);
  world.wait(kMicrosPerDay);
  world.wait(kMicrosPerDay);
  CHECK(world.rows("webhook_event", "event_id = 'evt_parked'") == 0);
  CHECK(world.rows("webhook_event", "event_id = 'evt_open'") == 1);
  world.shop->admin().orders().mark_paid(staff(), {.number = order.number}).value();
  world.work();
  CHECK(world.rows("webhook_event", "event_id = 'evt_open'") == 0);
}

TEST_CASE("old webhooks go in portions, of each store by its own setting") {
  KeepingShop world;
  const Caller other = in_store("other", staff());
  const auto method = world.add_model("Other", ModelProcessor::kSecret, other);
  world.shop->admin().settings().update_checkout(other, {.webhook_days = 3'650}).value();
  for (int i = 0; i < 120; ++i) {
    const std::string id = "id=evt_many" + std::to_string(i) + "\ntype=customer.created\n";
    world.receive(world.model->sign(id)).value();
    if (i % 12 != 0) continue;
    ReceiveWebhook theirs = world.model->sign(id);
    theirs.target = method.text();
    world.shop->webhooks()
        .receive({.store = "other", .audience = Audience::processor}, theirs)
        .value();
  }
  world.clock->advance(31 * kMicrosPerDay);
  const DueWork first = world.shop->run_due_work(10).value();
  CHECK(first.done == 10);
  CHECK(first.more);
  CHECK(world.rows("webhook_event", "store_id = 'default'") == 110);
  world.work();
  CHECK(world.rows("webhook_event", "store_id = 'default'") == 0);
  CHECK(world.rows("webhook_event", "store_id = 'other'") == 10);
}

// ---- events

TEST_CASE("events are kept for ever until staff say for how long") {
  KeepingShop world;
  const Order order = world.buy_here();
  const std::size_t all = world.timeline(order).size();
  world.wait(3'000 * kMicrosPerDay);
  CHECK(world.timeline(order).size() == all);

  world.set({.event_days = 3'650});
  world.work();
  CHECK(world.timeline(order).size() == all);
  world.set({.event_days = 30});
  world.work();
  const auto left = world.timeline(order);
  CHECK(left.size() < all);
  CHECK(world.count(order.number, EventType::order_completed) == 1);  // the books rest on it
  CHECK(left.back().sequence == static_cast<std::int64_t>(all));
  world.check_idle();

  // What happens later has the next number, and goes in turn.
  for (int i = 0; i < 2; ++i) {
    world.shop->admin()
        .orders()
        .refund(staff(), {.number = order.number, .amount_cents = 100, .reason = "a gift"})
        .value();
  }
  world.settle();
  CHECK(world.timeline(order).back().sequence > static_cast<std::int64_t>(all));
  const std::int64_t before = world.rows("event");
  world.wait(31 * kMicrosPerDay);
  CHECK(world.rows("event") < before);
  world.check_idle();
}

TEST_CASE("events stay while the order has not ended, or somebody is still to be told") {
  KeepingShop world;
  world.set({.payment_due_days = 365, .event_days = 1});
  const Order waits = world.place(shopper("waits"), world.transfer).order;
  const Order bought = world.buy_here(shopper("buys"));
  world.settle();
  const std::size_t of_waiting = world.timeline(waits).size();
  const std::size_t of_bought = world.timeline(bought).size();
  Look(world.file)
      .run(
          "INSERT INTO event_delivery (store_id, event_id, handler, order_id, sequence, state, "
          "attempts, next_attempt_at, last_error) SELECT store_id, id, 'warehouse', order_id, "
          "sequence, "
          "'pending', 0, 1, '' FROM event WHERE sequence = 1 AND order_id = '" +
          world.order(bought.number).id.text() + "'");
  for (int day = 0; day < 5; ++day) world.wait(kMicrosPerDay);
  CHECK(world.timeline(waits).size() == of_waiting);
  CHECK(world.timeline(bought).size() == of_bought);

  Look(world.file).run("DELETE FROM event_delivery WHERE handler = 'warehouse'");
  for (int day = 0; day < 3; ++day) world.wait(kMicrosPerDay);
  CHECK(world.timeline(bought).size() < of_bought);
  CHECK(world.timeline(waits).size() == of_waiting);
}

// ---- notes

TEST_CASE("a note about a payment goes when no money of it is left, and stays before") {
  KeepingShop world;
  world.set({.note_days = 7});
  const Caller ada = shopper("ada"), bob = shopper("bob"), eve = shopper("eve");
  const Order canceled = world.place(ada, world.card).order;
  world.shop->admin().orders().cancel(staff(), {canceled.number}).value();
  const Order kept = world.buy(bob);
  const Order refunded = world.buy(eve);
  world.shop->admin()
      .orders()
      .refund(staff(), {.number = refunded.number, .reason = "returned"})
      .value();
  const Order open = world.place(shopper("joe"), world.transfer).order;
  world.settle();
  REQUIRE(world.rows("processor_note") == 4);
  Look(world.file)
      .run(
          "INSERT INTO processor_note (store_id, processor, note_key, value, version, kept_from) "
          "VALUES ('default', 'test', 'the processor''s own', 'x', 1, 1)");
  world.wait(6 * kMicrosPerDay);
  CHECK(world.rows("processor_note") == 5);
  world.wait(kMicrosPerDay);
  CHECK(world.rows("processor_note") == 3);
  world.check_idle();

  // The money can still go back, and then its note goes, too.
  world.shop->admin()
      .orders()
      .refund(staff(), {.number = kept.number, .reason = "returned"})
      .value();
  world.wait(8 * kMicrosPerDay);
  CHECK(world.order(open.number).state == OrderState::canceled);  // it was never paid
  world.wait(8 * kMicrosPerDay);
  world.wait(8 * kMicrosPerDay);
  CHECK(world.rows("processor_note") == 1);
}
