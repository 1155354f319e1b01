// Webhooks: whose secret has signed them, whether they were seen before, and what they are about.
#include <thread>

#include "support/look.hpp"
#include "support/paying_shop.hpp"
#include "support/refusal.hpp"

using namespace resys;
using namespace resys::test;

namespace {

using Call = ModelProcessor::Call;

// The model under Stripe's name, because all methods of that name share one target.
struct WebhookShop : PayingShop {
  WebhookShop() : PayingShop(100, std::make_shared<ModelProcessor>("stripe")) {}

  Result<WebhookReceipt> receive_at(const std::string& target, ReceiveWebhook webhook,
                                    const std::string& store = "default") {
    webhook.target = target;
    return shop->webhooks().receive({.store = store, .audience = Audience::processor}, webhook);
  }
  void update(const UpdatePaymentMethod& request) {
    shop->admin().payment_methods().update(staff(), request).value();
  }
  std::int64_t stored(const std::string& condition = "1 = 1") const {
    return Look(file).number("SELECT COUNT(*) FROM webhook_event WHERE " + condition);
  }
};

const char* const kNews = "id=evt_x\ntype=customer.created\n";

}  // namespace

TEST_CASE("a webhook is taken with any secret of any method of its store") {
  WebhookShop world;
  const auto second = world.add_model("Second", "second");
  const Order order = world.place_here().order;
  const std::string intent = world.intent(order);
  world.model->pay(intent);
  const std::string payload = world.model->webhook(intent).payload;
  const auto signed_by = [&](const std::string& secret) {
    return world.model->sign(payload, secret);
  };
  SECTION("at the common target, signed for the first") {
    world.receive_at("stripe", signed_by(ModelProcessor::kSecret)).value();
  }
  SECTION("at the common target, signed for the second") {
    world.receive_at("stripe", signed_by("second")).value();
  }
  SECTION("at the method's own target") {
    world.receive_at(second.text(), signed_by("second")).value();
  }
  SECTION("whoever the caller is: the signature counts") {
    world.shop->webhooks().receive(shopper(), signed_by(ModelProcessor::kSecret)).value();
  }
  SECTION("beside a method that cannot be used") {
    const auto broken = world.add_model("Unset", "x");
    world.shop->admin()
        .payment_methods()
        .configure(staff(), {broken, {{"webhookSecret", ""}}})
        .value();
    world.receive_at("stripe", signed_by("second")).value();
  }
  CHECK(world.order(order.number).state == OrderState::complete);
  CHECK(world.stored() == 1);
}

// What the bank has not paid, said to be captured.
ReceiveWebhook forged(WebhookShop& world, const std::string& intent, const std::string& secret,
                      const std::string& id) {
  const PaymentSnapshot it = world.model->intent(intent);
  return world.model->sign(
      "id=" + id + "\ntype=payment\nintent=" + intent + "\npayment=" + it.payment_id +
          "\nstate=captured\ncurrency=EUR\namount=" + std::to_string(it.amount_cents) +
          "\ncaptured=" + std::to_string(it.amount_cents) + "\n",
      secret);
}

TEST_CASE("only what the payment's own method has signed is believed") {
  WebhookShop world;
  const auto test = world.add_model("Test mode", "test-secret");
  world.update({.payment_method_id = test, .active = false});
  world.add_model("Second", "second");
  const Order order = world.place_here().order;
  const std::string intent = world.intent(order);
  const auto asked = [&] { return world.model->calls(Call::fetch).size(); };
  const std::pair<std::string, std::string> others[] = {
      {"stripe", "test-secret"}, {test.text(), "test-secret"}, {"stripe", "second"}};
  for (const auto& [target, secret] : others) {
    CAPTURE(target, secret);
    const auto before = asked();
    world.receive_at(target, forged(world, intent, secret, "evt_forged" + std::to_string(before)))
        .value();
    CHECK(asked() == before + 1);
    CHECK(world.order(order.number).state == OrderState::payment);
  }
  const auto before = asked();
  world.model->pay(intent);
  SECTION("the other's word makes the shop ask, and the processor's counts") {
    world.receive_at("stripe", world.model->sign(world.model->webhook(intent).payload, "second"))
        .value();
    CHECK(asked() == before + 1);
  }
  SECTION("its own is enough") {
    world.receive_at("stripe", world.model->webhook(intent)).value();
    CHECK(asked() == before);
  }
  SECTION("its own counts although another method has the same secret") {
    world.add_model("Same account", ModelProcessor::kSecret);
    world.update({.payment_method_id = world.method, .position = 9});
    world.receive_at("stripe", world.model->webhook(intent)).value();
    CHECK(asked() == before);
  }
  SECTION("it counts after it was taken out of use") {
    world.update({.payment_method_id = world.method, .active = false});
    world.receive_at("stripe", world.model->webhook(intent)).value();
    CHECK(asked() == before);
  }
  CHECK(world.order(order.number).state == OrderState::complete);
}

TEST_CASE("a payment that has no name yet is not given another's") {
  WebhookShop world;
  world.compares = false;  // the buyer's intent is left alone
  world.add_model("Second", "second");
  const Order paid = world.buy_here(shopper("bea"));
  world.model->fail(Call::create, Fault::lost_request);
  world.fill(shopper());
  CHECK_FALSE(world.shop->checkout().place_order(shopper(), {world.method}).has_value());
  const Order order = world.newest();
  const std::string payload = "id=evt_1\ntype=payment\nintent=" + world.intent(paid) +
                              "\npayment=" + order.payments.at(0).id.text() + "\n";
  SECTION("that belongs to another order") {}
  SECTION("that says nothing of whose it is") {
    world.model->tamper([](PaymentSnapshot& it) { it.payment_id.clear(); });
  }
  // Nobody knows; its sender shall try again.
  CHECK(code_of(world.receive_at("stripe", world.model->sign(payload, "second"))) ==
        Errc::outcome_unknown);
  CHECK(world.order(order.number).state == OrderState::payment);
  CHECK(world.stored("event_id = 'evt_1'") == 0);
}

TEST_CASE("a webhook that nobody of the store has signed is refused and not stored") {
  WebhookShop world;
  world.add_model("Second", "second");
  const Order order = world.place_here().order;
  const std::string intent = world.intent(order);
  world.model->pay(intent);
  ReceiveWebhook webhook = world.model->webhook(intent);
  std::string target = "stripe";
  Errc expected = Errc::invalid_signature;
  SECTION("another secret") { webhook = world.model->sign(webhook.payload, "wrong"); }
  SECTION("no signature") { webhook.headers.clear(); }
  SECTION("a changed body") { webhook.payload += "\n"; }
  SECTION("an empty body") { webhook.payload.clear(); }
  SECTION("another method's target") { target = world.add_model("Third", "third").text(); }
  SECTION("a method that sends none") { target = world.transfer.text(); }
  SECTION("no method at all") {
    target = PaymentMethodId({1, 2}).text();
    expected = Errc::not_found;
  }
  SECTION("an unknown target") {
    target = "paypal";
    expected = Errc::not_found;
  }
  CHECK(code_of(world.receive_at(target, webhook)) == expected);
  CHECK(world.stored() == 0);
  CHECK(world.order(order.number).state == OrderState::payment);
  world.receive_at("stripe", world.model->webhook(intent)).value();
}

TEST_CASE("each store has its own secrets") {
  WebhookShop world;
  const Caller other_staff = in_store("other", staff());
  const auto other = world.add_model("Other", "other-secret", other_staff);
  const Order order = world.place_here().order;
  const std::string intent = world.intent(order);
  world.model->pay(intent);
  const ReceiveWebhook webhook = world.model->webhook(intent);
  CHECK(code_of(world.receive_at("stripe", webhook, "other")) == Errc::invalid_signature);
  CHECK(code_of(world.receive_at(other.text(), webhook, "other")) == Errc::invalid_signature);
  CHECK(code_of(world.receive_at(other.text(), webhook)) == Errc::not_found);
  CHECK(code_of(world.receive_at("stripe", webhook, "third")) == Errc::invalid_signature);
  // Signed by the other store's secret, it is about nothing that the other store knows.
  world.receive_at("stripe", world.model->sign(webhook.payload, "other-secret"), "other").value();
  CHECK(world.order(order.number).state == OrderState::payment);
  // And the id of the event is not taken from this store.
  world.receive_at("stripe", webhook).value();
  CHECK(world.order(order.number).state == OrderState::complete);
}

TEST_CASE("a new secret is used by the next webhook") {
  WebhookShop world;
  world.shop->admin()
      .payment_methods()
      .configure(staff(), {world.method, {{"webhookSecret", "new"}}})
      .value();
  CHECK(code_of(world.receive_at("stripe", world.model->sign(kNews))) == Errc::invalid_signature);
  world.receive_at("stripe", world.model->sign(kNews, "new")).value();
}

TEST_CASE("a method whose secret cannot be read does not stop the others") {
  WebhookShop world;
  world.add_model("Second", "second");
  // The host has lost the key that the first method was sealed with.
  ShopOptions options = world.options();
  options.secret_keys = {{"k2", std::string(32, 'z')}};
  options.secret_key_id = "k2";
  options.allow_missing_keys = true;
  const auto shop = Shop::open(options).value();
  const auto third = shop->admin()
                         .payment_methods()
                         .create(staff(), {.name = "Third", .processor = "stripe", .position = 9})
                         .value()
                         .id;
  shop->admin().payment_methods().configure(staff(), {third, {{"webhookSecret", "third"}}}).value();
  const Caller processor{.audience = Audience::processor};
  shop->webhooks().receive(processor, world.model->sign(kNews, "third")).value();
  // Nobody can say who has signed it: its sender shall try again, and nothing is stored.
  const auto unknown =
      shop->webhooks().receive(processor, world.model->sign("id=evt_y\ntype=x\n", "second"));
  CHECK(code_of(unknown) == Errc::storage);
  CHECK(world.stored() == 1);
}

TEST_CASE("an event that was seen before changes nothing") {
  WebhookShop world;
  const Order order = world.buy_here();
  const std::string intent = world.intent(order);
  const ReceiveWebhook news = world.model->webhook(intent, "news");
  world.receive(news).value();
  const auto asked = world.model->calls(Call::fetch).size();
  for (int i = 0; i < 3; ++i) world.receive(news).value();
  CHECK(world.model->calls(Call::fetch).size() == asked);
  // The same id from another method of the processor is the same event.
  CHECK(world.stored() == 2);
}

TEST_CASE("an event that comes many times at once is one", "[concurrent]") {
  WebhookShop world;
  const Order order = world.buy_here();
  const ReceiveWebhook dispute = world.model->dispute(world.intent(order), "lost");
  std::atomic<int> taken = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] { taken += world.receive(dispute).has_value(); });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(taken == 8);
  CHECK(world.count(order.number, EventType::payment_disputed) == 1);
}

TEST_CASE("what is not about the shop's payments is recorded and answered") {
  WebhookShop world;
  SECTION("an unknown type") { world.receive(world.model->sign(kNews)).value(); }
  SECTION("another software's payment") {
    world.receive(world.model->sign("id=evt_1\ntype=payment\nintent=pi_foreign\n")).value();
  }
  SECTION("another software's payment with metadata of its own") {
    world.receive(world.model->sign("id=evt_1\ntype=payment\nintent=pi_9\npayment=4711\n")).value();
  }
  CHECK(world.stored("state = 'ignored'") == 1);
  const auto calls = world.model->calls(Call::fetch).size();
  world.wait(kMicrosPerDay);
  CHECK(world.model->calls(Call::fetch).size() == calls);
  CHECK(world.stored("state = 'ignored' AND attempts = 0") == 1);
}

TEST_CASE("what is signed but cannot be read is refused and not stored") {
  WebhookShop world;
  CHECK(code_of(world.receive(world.model->sign("type=payment\n"))) == Errc::invalid_request);
  CHECK(world.stored() == 0);
}

TEST_CASE("what is the shop's own but not there yet is parked and tried again") {
  WebhookShop world;
  const std::string payload =
      "id=evt_early\ntype=payment\nintent=pi_1\npayment=" + PaymentId({1, 2}).text() + "\n";
  world.receive(world.model->sign(payload)).value();
  CHECK(world.stored("state = 'parked'") == 1);
  world.receive(world.model->sign(payload)).value();
  CHECK(world.stored() == 1);
  SECTION("until the payment is there") {
    world.wait(kMicrosPerMinute);
    CHECK(world.stored("state = 'parked' AND attempts = 1") == 1);
    const Order order = world.place_here().order;
    REQUIRE(world.intent(order) == "pi_1");
    world.model->pay("pi_1");
    world.clock->advance(kMicrosPerHour);
    world.work();
    CHECK(world.stored("state = 'applied'") == 1);
    CHECK(world.order(order.number).state == OrderState::complete);
  }
  SECTION("for seven days") {
    for (int hour = 0; hour < 7 * 24 + 6; ++hour) world.wait(kMicrosPerHour);
    CHECK(world.stored("state = 'ignored'") == 1);
    const auto attempts = Look(world.file).number("SELECT attempts FROM webhook_event");
    CHECK(attempts > 20);
    CHECK(attempts < 100);
    world.wait(kMicrosPerDay);
    CHECK(Look(world.file).number("SELECT attempts FROM webhook_event") == attempts);
  }
  SECTION("it is parked durably") {
    world.restart();
    world.wait(6 * kMicrosPerDay);
    CHECK(world.stored("state = 'parked'") == 1);
  }
}

TEST_CASE("a dispute that comes before its payment is told once the payment is there") {
  WebhookShop world;
  world
      .receive(world.model->sign(
          "id=evt_early\ntype=dispute\nintent=pi_1\npayment=" + PaymentId({1, 2}).text() + "\n"))
      .value();
  const Order order = world.place_here().order;
  REQUIRE(world.intent(order) == "pi_1");
  world.model->dispute("pi_1", "lost");
  world.wait(kMicrosPerHour);
  const auto told = world.events(order.number, EventType::payment_disputed);
  REQUIRE(told.size() == 1);
  CHECK(fact(told[0], "status") == "lost");
  world.settle();
  CHECK(world.count(order.number, EventType::payment_disputed) == 1);
}
