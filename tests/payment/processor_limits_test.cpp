// What processors say is stored, and told to shoppers: it has limits, and beyond them no money is
// lost.
#include <string>

#include "support/forwarding_processor.hpp"
#include "support/look.hpp"
#include "support/paying_shop.hpp"
#include "support/refusal.hpp"

using namespace resys;
using namespace resys::test;

namespace {

using Call = ModelProcessor::Call;

std::string letters(std::size_t count) { return std::string(count, 'x'); }

std::string event(const std::string& id, const std::string& type = "payment",
                  const std::string& about = {}) {
  return "id=" + id + "\ntype=" + type + "\n" + about;
}

}  // namespace

TEST_CASE("a webhook's ids and type have limits, and beyond them nothing is stored") {
  PayingShop world;
  const auto stored = [&] { return Look(world.file).number("SELECT COUNT(*) FROM webhook_event"); };
  const auto receive = [&](const std::string& payload) {
    return world.receive(world.model->sign(payload));
  };
  receive(event(letters(255), letters(200), "intent=" + letters(255) + "\n")).value();
  CHECK(stored() == 1);
  const std::pair<std::string, const char*> refused[] = {
      {event(letters(256)), "eventId"},
      {event(letters(500'000)), "eventId"},
      {event("evt_1", letters(201)), "type"},
      {event("evt_1", "payment", "intent=" + letters(256) + "\n"), "externalPaymentId"},
      {event("evt_1", "payment", "intent=pi_1\npayment=" + letters(256) + "\n"), "paymentId"}};
  for (const auto& [payload, field] : refused) {
    const auto answer = receive(payload);
    const Error error = refusal(answer, Errc::invalid_request, field);
    CHECK(error.message().size() < 200);
    CHECK(error.fact("limit", 0) > 0);
  }
  CHECK(stored() == 1);
}

TEST_CASE("an id that is too long is no answer, and what was done is found out later") {
  PayingShop world;
  world.model->tamper([](PaymentSnapshot& said) { said.external_id += letters(300); });
  world.fill(shopper());
  const auto placed = world.shop->checkout().place_order(shopper(), {world.method});
  const Error error = refusal(placed, Errc::outcome_unknown);
  CHECK(error.message().size() < 200);
  CHECK(Look(world.file).number("SELECT COUNT(*) FROM payment WHERE external_id IS NOT NULL") == 0);

  world.model->tamper({});
  world.settle();
  const Order order = world.newest();
  REQUIRE_FALSE(world.model->intents().empty());
  CHECK(world.model->intents().size() == 1);  // the same one, under the same key
}

TEST_CASE("a processor's long words are cut, and the payment goes on") {
  PayingShop world;
  const Order order = world.place_here().order;
  const std::string intent = world.intent(order);
  world.model->tamper([](PaymentSnapshot& said) {
    if (!said.decline_code.empty()) {
      said.decline_code = letters(10'000);
      said.decline_message = letters(1'000'000);
    }
    if (!said.dispute_status.empty()) said.dispute_status = letters(100'000);
  });
  world.model->decline(intent);
  world.tell(intent);
  Look look(world.file);
  CHECK(look.number("SELECT LENGTH(decline_code) FROM payment") == 200);
  CHECK(look.number("SELECT LENGTH(decline_message) FROM payment") == 500);
  CHECK(look.text("SELECT decline_message FROM payment").ends_with("... (1000000 bytes)"));
  REQUIRE(world.model->pay(intent));
  world.tell(intent);
  world.receive(world.model->dispute(intent, "needs_response")).value();
  CHECK(look.number("SELECT LENGTH(dispute_status) FROM payment") == 200);
  CHECK(look.number("SELECT MAX(LENGTH(facts)) FROM event") < 2'000);
  CHECK(world.order(order.number).state == OrderState::complete);
}

TEST_CASE("what a processor says of its failure is cut") {
  struct Wordy final : ForwardingProcessor {
    Wordy() : ForwardingProcessor("wordy", test_processor()) {}
    Result<PaymentSnapshot> create_payment(const ProcessorContext&, const CreatePayment&) override {
      return Error(Errc::invalid_request, letters(1'000'000))
          .at(letters(1'000'000))
          .with("what", letters(1'000'000));
    }
  };
  BuyingShop test(
      {.processors = {test_processor(), manual_processor(), std::make_shared<Wordy>()}});
  const auto wordy = test.add_method("Wordy", "wordy");
  test.fill(shopper());
  const auto placed = test.shop->checkout().place_order(shopper(), {wordy});
  REQUIRE(placed.has_error());
  CHECK(placed.error().message().size() <= 1'000);
  CHECK(placed.error().field().size() <= 300);
  CHECK(placed.error().fact("what").size() <= 1'000);
  CHECK(Look(test.file).number("SELECT MAX(LENGTH(decline_message)) FROM payment") <= 1'000);
}

TEST_CASE("a processor's note has a key of at most 200 bytes and a value of at most 1 MiB") {
  struct Noting final : ForwardingProcessor {
    Noting() : ForwardingProcessor("noting", test_processor()) {}
    Result<PaymentSnapshot> create_payment(const ProcessorContext& context,
                                           const CreatePayment& request) override {
      kept = context.notes.write(letters(200), letters(1 << 20), 0).has_value();
      for (const auto& [key, value] : {std::pair(letters(201), letters(1)),
                                       {letters(1), letters((1 << 20) + 1)},
                                       {std::string(), letters(1)}}) {
        check_refused(context.notes.write(key, value, 0), Errc::invalid_request);
      }
      return ForwardingProcessor::create_payment(context, request);
    }
    bool kept = false;
  };
  const auto processor = std::make_shared<Noting>();
  BuyingShop test({.processors = {test_processor(), manual_processor(), processor}});
  test.place(shopper(), test.add_method("Noting", "noting"));
  CHECK(processor->kept);
}
