// The test processor: each card does what kTestCards says of it, and its payments are durable.
#include <thread>

#include "payment/processor_world.hpp"
#include "resys/test_processor.hpp"

using namespace resys;
using namespace resys::test;

namespace {

constexpr const char* kApproved = "4242424242424242";
constexpr const char* kDeclined = "4000000000000002";
constexpr const char* kNoFunds = "4000000000009995";
constexpr const char* kAsks = "4000002500003155";
constexpr const char* kSlow = "4000000000000259";
constexpr const char* kLost = "4000000000000119";

struct TestWorld : ProcessorWorld {
  std::shared_ptr<TestProcessor> processor = test_processor();
  PaymentSnapshot payment = processor->create_payment(context(), order(euros(1000))).value();

  Result<PaymentSnapshot> pay(const std::string& card) {
    return processor->pay(context(), {payment.client_secret, card, {}});
  }
  Result<PaymentSnapshot> answer(bool approve) {
    return processor->pay(context(), {payment.client_secret, {}, approve});
  }
  Result<PaymentSnapshot> cancel() {
    return processor->cancel(context(), {payment.external_id, euros(1000), "cancel"});
  }
  // As another process sees it.
  PaymentSnapshot fetch() {
    return test_processor()->fetch(context(), {payment.external_id, euros(1000)}).value();
  }
};

}  // namespace

TEST_CASE("a new test payment waits for a card") {
  TestWorld world;
  CHECK(world.processor->name() == "test");
  CHECK(world.payment.state == PaymentState::created);
  CHECK(world.payment.amount_cents == 1000);
  CHECK(world.payment.captured_cents == 0);
  CHECK(world.payment.payment_id == PaymentId({1, 7}).text());
  CHECK(world.payment.client_secret.starts_with(world.payment.external_id + "_secret_"));
  CHECK(world.processor->external_id(world.payment.client_secret) == world.payment.external_id);
  for (const char* text : {"", "test_1", "pi_1_secret_2"}) {
    CHECK(world.processor->external_id(text).empty());
  }
  CHECK(world.fetch().state == PaymentState::created);
}

TEST_CASE("a test payment asked for again is the same one") {
  TestWorld world;
  const CreatePayment order = world.order(euros(500));
  const auto one = world.processor->create_payment(world.context(), order).value();
  const auto other = test_processor()->create_payment(world.context(), order).value();
  CHECK(one.external_id == other.external_id);
  CHECK(one.client_secret == other.client_secret);
  CHECK(one.client_secret != world.payment.client_secret);
  CreatePayment changed = order;
  changed.amount = euros(501);
  CHECK(code_of(world.processor->create_payment(world.context(), changed)) ==
        Errc::invalid_request);
  // Two processes ask at the same moment: one of them wins, both answer the winner's.
  const CreatePayment both = world.order(euros(1));
  PaymentSnapshot faster;
  world.notes.before_write = [&] {
    faster = test_processor()->create_payment(world.context(), both).value();
  };
  CHECK(world.processor->create_payment(world.context(), both).value().client_secret ==
        faster.client_secret);
}

TEST_CASE("the approved test card captures") {
  TestWorld world;
  CHECK(world.pay("4242 4242 4242 4242").value().state == PaymentState::captured);
  CHECK(world.fetch().captured_cents == 1000);
  CHECK(world.pay(kDeclined).value().state == PaymentState::captured);
  CHECK(world.answer(true).value().state == PaymentState::captured);
  CHECK(world.fetch().decline_code.empty());
}

TEST_CASE("a declined test card leaves the payment open for another") {
  TestWorld world;
  const auto declined = world.pay(kDeclined).value();
  CHECK(declined.state == PaymentState::created);
  CHECK(declined.decline_code == "card_declined");
  CHECK(declined.decline_message == "Your card was declined");
  CHECK(declined.captured_cents == 0);
  CHECK(world.pay(kNoFunds).value().decline_code == "insufficient_funds");
  CHECK(world.fetch().decline_message == "Your card has insufficient funds");
  const auto captured = world.pay(kApproved).value();
  CHECK(captured.state == PaymentState::captured);
  CHECK(captured.decline_code.empty());
}

TEST_CASE("a test card that asks is captured if approved and declined if not") {
  TestWorld world;
  CHECK(code_of(world.answer(true)) == Errc::invalid_state);
  CHECK(world.pay(kAsks).value().state == PaymentState::requires_action);
  CHECK(world.fetch().captured_cents == 0);
  const auto refused = world.answer(false).value();
  CHECK(refused.state == PaymentState::created);
  CHECK(refused.decline_code == "authentication_failed");
  CHECK(code_of(world.answer(true)) == Errc::invalid_state);
  CHECK(world.pay(kAsks).value().state == PaymentState::requires_action);
  CHECK(world.answer(true).value().state == PaymentState::captured);
}

TEST_CASE("another test card may be tried instead of answering") {
  TestWorld world;
  CHECK(world.pay(kAsks).value().state == PaymentState::requires_action);
  CHECK(world.pay(kApproved).value().state == PaymentState::captured);
}

TEST_CASE("a test payment in processing is captured five seconds later") {
  TestWorld world;
  CHECK(world.pay(kSlow).value().state == PaymentState::processing);
  CHECK(world.pay(kDeclined).value().state == PaymentState::processing);
  // It can be captured any moment, so it cannot be voided.
  CHECK(world.cancel().value().state == PaymentState::processing);
  world.now = world.now.plus(5 * kMicrosPerSecond - 1);
  CHECK(world.fetch().state == PaymentState::processing);
  world.now = world.now.plus(1);
  CHECK(world.fetch().state == PaymentState::captured);
  CHECK(world.fetch().captured_cents == 1000);
  CHECK(world.cancel().value().state == PaymentState::captured);
  CHECK(world.pay(kApproved).value().state == PaymentState::captured);
}

TEST_CASE("the test card whose answer is lost was captured all the same") {
  TestWorld world;
  CHECK(code_of(world.pay(kLost)) == Errc::outcome_unknown);
  CHECK(world.fetch().state == PaymentState::captured);
  CHECK(world.pay(kLost).value().state == PaymentState::captured);
}

TEST_CASE("a voided test payment cannot be paid") {
  TestWorld world;
  CHECK(world.cancel().value().state == PaymentState::voided);
  CHECK(world.cancel().value().state == PaymentState::voided);
  const auto paid = world.pay(kApproved);
  CHECK(code_of(paid) == Errc::invalid_state);
  CHECK(paid.error().fact("state") == "voided");
  CHECK(code_of(world.answer(true)) == Errc::invalid_state);
  CHECK(world.fetch().captured_cents == 0);
}

TEST_CASE("the money is faster than the cancellation of a test payment") {
  TestWorld world;
  world.notes.before_write = [&] { world.pay(kApproved).value(); };
  CHECK(world.cancel().value().state == PaymentState::captured);
  CHECK(world.fetch().state == PaymentState::captured);
}

TEST_CASE("what is paid with must have a shape, and exist") {
  TestWorld world;
  const std::string& secret = world.payment.client_secret;
  const auto field_of = [&](const PayTestPayment& request) {
    const auto paid = world.processor->pay(world.context(), request);
    CHECK(code_of(paid) == Errc::invalid_request);
    return paid.error().field();
  };
  CHECK(field_of({secret, "4242424242424241", {}}) == "card");
  CHECK(field_of({secret, "", {}}) == "card");
  CHECK(field_of({secret, {}, {}}) == "card");
  CHECK(field_of({secret, kApproved, true}) == "approve");
  for (const std::string& wrong : {std::string("x"), world.payment.external_id + "_secret_",
                                   world.payment.external_id + "_secret_00", secret + "0",
                                   std::string("test_0_secret_0"), std::string()}) {
    CAPTURE(wrong);
    const auto paid = world.processor->pay(world.context(), {wrong, kApproved, {}});
    CHECK(code_of(paid) == Errc::not_found);
    CHECK(paid.error().field() == "clientSecret");
  }
  CHECK(world.fetch().state == PaymentState::created);
}

TEST_CASE("test refunds are partial, listed and never more than captured") {
  TestWorld world;
  const auto refund = [&](const RefundPayment& request) {
    return world.processor->refund(world.context(), request);
  };
  CHECK(code_of(refund(world.refund(world.payment, euros(1)))) == Errc::invalid_state);
  world.pay(kApproved).value();
  const RefundPayment first = world.refund(world.payment, euros(600));
  CHECK(refund(first).value().state == RefundState::succeeded);
  CHECK(refund(first).value().amount_cents == 600);
  CHECK(code_of(refund(world.refund(world.payment, euros(401)))) == Errc::invalid_request);
  CHECK(refund(world.refund(world.payment, euros(400))).value().amount_cents == 400);
  CHECK(code_of(refund(world.refund(world.payment, euros(1)))) == Errc::invalid_request);
  const auto fetched = world.fetch();
  CHECK(fetched.refunds_known);
  REQUIRE(fetched.refunds.size() == 2);
  CHECK(fetched.refunds[0].refund_id == first.refund_id);
  CHECK(fetched.refunds[0].external_id != fetched.refunds[1].external_id);
}

TEST_CASE("refunds at once never exceed what was captured", "[concurrent]") {
  TestWorld world;
  world.pay(kApproved).value();
  std::vector<RefundPayment> requests;
  for (int i = 0; i < 16; ++i) requests.push_back(world.refund(world.payment, euros(300)));
  std::atomic<int> refunded = 0;
  std::vector<std::thread> threads;
  for (const RefundPayment& request : requests) {
    threads.emplace_back([&] {
      if (world.processor->refund(world.context(), request).has_value()) ++refunded;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(refunded == 3);
  CHECK(world.fetch().refunds.size() == 3);
}
