// Idempotency keys that are of no use any more: Stripe keeps its first answer to a key, a 500 too,
// and refuses a request that has changed. What became of it is looked for; only what is not there
// is asked for again, under another key.
#include "payment/stripe_world.hpp"

using namespace resys;
using namespace resys::test;

namespace {

const Headers kKept{{"Stripe-Should-Retry", "false"}};
const Headers kReplayed{{"Idempotent-Replayed", "true"}};
const Json kFailed{{"type", "api_error"}};
const Json kChanged{{"type", "idempotency_error"}};

Json list(const std::vector<Json>& entries, bool has_more = false) {
  return {{"object", "list"}, {"data", entries}, {"has_more", has_more}};
}
std::string key(const OutgoingRequest& sent) {
  return std::string(find_header(sent.headers, "Idempotency-Key"));
}

// The ways in which a key is found to be spent.
struct Spent {
  int status;
  const Json& error;
  const Headers& headers;
};
const Headers kNone;
const Spent kSpent[] = {{500, kFailed, kKept},
                        {500, kFailed, kReplayed},
                        {400, kChanged, kNone},
                        {429, kFailed, kKept}};

}  // namespace

TEST_CASE("a payment that was made under a spent key is found") {
  for (const Spent& spent : kSpent) {
    CAPTURE(spent.status);
    StripeWorld world;
    const CreatePayment order = world.order(euros(1580));
    world.refuse(spent.status, spent.error, spent.headers);
    const Json foreign[] = {intent("succeeded", {{"id", "pi_8"}, {"metadata", Json::object()}}),
                            intent("canceled", {{"id", "pi_9"}, {"amount", 99}})};
    world.answer(list({foreign[0], foreign[1]}, true));
    world.answer(list({intent("requires_payment_method")}));
    const auto made = world.processor->create_payment(world.context(), order).value();
    CHECK(made.external_id == "pi_1");
    CHECK(made.client_secret == "pi_1_secret_x");
    REQUIRE(world.http.sent.size() == 3);
    // From five minutes before the payment was asked for at all.
    CHECK(world.http.sent[1].url ==
          "https://api.stripe.com/v1/payment_intents?created[gte]=1799999700&limit=100");
    CHECK(world.http.sent[2].url ==
          "https://api.stripe.com/v1/payment_intents?created[gte]=1799999700&limit=100"
          "&starting_after=pi_9");
  }
}

TEST_CASE("a payment that was not made under a spent key is made under the next") {
  for (const Spent& spent : kSpent) {
    CAPTURE(spent.status);
    StripeWorld world;
    world.refuse(spent.status, spent.error, spent.headers);
    world.answer(list({}));
    world.answer(intent("requires_payment_method"));
    CHECK(world.create().value().external_id == "pi_1");
    REQUIRE(world.http.sent.size() == 3);
    CHECK(key(world.http.sent[0]) == "create-1");
    CHECK(key(world.http.sent[2]) == "create-1-2");
    CHECK(world.http.sent[2].body == world.http.sent[0].body);
  }
}

TEST_CASE("a payment of another store with our id is not ours") {
  StripeWorld world;
  world.refuse(500, kFailed, kKept);
  world.answer(list(
      {intent("requires_payment_method",
              {{"id", "pi_9"},
               {"metadata", {{"payment_id", PaymentId({1, 7}).text()}, {"store_id", "other"}}}})}));
  world.answer(intent("requires_payment_method"));
  CHECK(world.create().value().external_id == "pi_1");
}

TEST_CASE("a spent key is given up only where it is known what it came to") {
  StripeWorld world;
  SECTION("Stripe cannot be asked") {
    world.refuse(500, kFailed, kKept);
    world.http.fail(Errc::processor_unavailable);
    CHECK(code_of(world.create()) == Errc::outcome_unknown);
    CHECK(world.http.sent.size() == 2);
  }
  SECTION("there are too many to look through") {
    world.refuse(500, kFailed, kKept);
    for (int page = 0; page < 20; ++page) {
      world.answer(list({intent("succeeded", {{"metadata", Json::object()}})}, true));
    }
    CHECK(code_of(world.create()) == Errc::outcome_unknown);
    CHECK(world.http.sent.size() == 21);
  }
}

TEST_CASE("a call tries two keys, and its repetition goes on where it ended") {
  StripeWorld world;
  const CreatePayment order = world.order(euros(1580));
  const auto create = [&] {
    world.http.sent.clear();
    return world.processor->create_payment(world.context(), order);
  };
  for (int key = 1; key <= 2; ++key) {
    world.refuse(500, kFailed, kKept);
    world.answer(list({}));
  }
  CHECK(code_of(create()) == Errc::outcome_unknown);
  CHECK(key(world.http.sent.at(2)) == "create-1-2");
  CHECK(world.http.sent.size() == 4);

  const Headers replayed{{"Stripe-Should-Retry", "false"}, {"Idempotent-Replayed", "true"}};
  world.refuse(500, kFailed, replayed);
  world.answer(list({}));
  world.refuse(500, kFailed, replayed);
  world.answer(intent("requires_payment_method"));
  CHECK(create().value().external_id == "pi_1");
  CHECK(key(world.http.sent.at(3)) == "create-1-3");
  CHECK(world.http.sent.size() == 4);
}

TEST_CASE("keys come to an end") {
  StripeWorld world;
  world.refuse(400, kChanged);
  world.answer(list({}));
  for (int key = 2; key <= 64; ++key) world.refuse(400, kChanged);
  CHECK(code_of(world.create()) == Errc::outcome_unknown);
  CHECK(key(world.http.sent.back()) == "create-1-64");
  CHECK(world.http.answers.empty());
}

TEST_CASE("a key that is only busy is kept") {
  StripeWorld world;
  world.refuse(500, kFailed);
  CHECK(code_of(world.create()) == Errc::outcome_unknown);
  world.refuse(409, {{"type", "idempotency_error"}, {"code", "idempotency_key_in_use"}}, kKept);
  CHECK(code_of(world.create()) == Errc::outcome_unknown);
  world.refuse(429, {{"code", "rate_limit"}});
  CHECK(code_of(world.create()) == Errc::processor_unavailable);
  CHECK(world.http.sent.size() == 3);
}

TEST_CASE("what is refused is not asked for again") {
  StripeWorld world;
  world.refuse(400, {{"type", "invalid_request_error"}, {"code", "parameter_unknown"}}, kKept);
  CHECK(code_of(world.create()) == Errc::invalid_request);
  world.refuse(401, {{"type", "invalid_request_error"}}, kKept);
  CHECK(code_of(world.create()) == Errc::processor_unavailable);
  CHECK(world.http.sent.size() == 2);
}

TEST_CASE("a capture or cancellation under a spent key is looked at, and asked for again") {
  for (const Spent& spent : kSpent) {
    CAPTURE(spent.status);
    StripeWorld world;
    const Json authorized = intent("requires_capture", {{"amount_capturable", 1580}});
    world.refuse(spent.status, spent.error, spent.headers);
    world.answer(captured_intent());
    world.answer(refund_list({}));
    CHECK(world.capture().value().state == PaymentState::captured);
    CHECK(world.http.sent.size() == 3);

    world.http.sent.clear();
    world.refuse(spent.status, spent.error, spent.headers);
    world.answer(authorized);
    world.answer(captured_intent());
    CHECK(world.capture().value().state == PaymentState::captured);
    CHECK(key(world.http.sent[2]) == "capture-key-2");

    world.http.sent.clear();
    world.refuse(spent.status, spent.error, spent.headers);
    world.answer(intent("canceled"));
    CHECK(world.cancel().value().state == PaymentState::voided);
    CHECK(world.http.sent.size() == 2);

    world.http.sent.clear();
    world.refuse(spent.status, spent.error, spent.headers);
    world.answer(authorized);
    world.answer(intent("canceled"));
    CHECK(world.cancel().value().state == PaymentState::voided);
    CHECK(key(world.http.sent[2]) == "cancel-key-2");
  }
}

TEST_CASE("a refund is never made twice under a spent key") {
  StripeWorld world;
  const Json ours =
      refund("re_1", 500, "succeeded", {{"metadata", {{"refund_id", world.refund_id.text()}}}});
  SECTION("it was made under the first key") {
    world.answer(refund_list({}));
    world.refuse(500, kFailed, kKept);
    world.answer(refund_list({ours}));
    CHECK(world.refund().value().external_id == "re_1");
    CHECK(world.http.sent.size() == 3);
  }
  SECTION("it was not, and that request is over") {
    world.answer(refund_list({}));
    world.refuse(500, kFailed, kKept);
    world.answer(refund_list({}));
    world.answer(ours);
    CHECK(world.refund().value().external_id == "re_1");
    CHECK(key(world.http.sent[3]) == "refund-key-2");
  }
  SECTION("a changed one may still be at work") {
    world.answer(refund_list({}));
    world.refuse(400, kChanged);
    world.answer(refund_list({}));
    CHECK(code_of(world.refund()) == Errc::outcome_unknown);
    CHECK(world.http.sent.size() == 3);
  }
}
