// What each answer of Stripe means for the shop: whether anything was done, and whether to repeat.
#include "payment/stripe_world.hpp"

using namespace resys;
using namespace resys::test;

namespace {

struct Answer {
  const char* what;
  int status;
  const char* body;
  Errc code;
  Headers headers = {};
};

const Headers kRepeat{{"stripe-should-retry", "true"}};
const Headers kDoNotRepeat{{"Stripe-Should-Retry", "false"}};

const Answer kAnswers[] = {
    {"a decline", 402, R"({"error":{"type":"card_error","code":"card_declined"}})",
     Errc::payment_declined},
    {"a decline that is to be repeated", 402, R"({"error":{"type":"card_error"}})",
     Errc::processor_unavailable, kRepeat},
    {"a decline that is not", 402, R"({"error":{"type":"card_error"}})", Errc::payment_declined,
     kDoNotRepeat},
    {"a card error", 400, R"({"error":{"type":"card_error","code":"incorrect_cvc"}})",
     Errc::payment_declined},
    {"a wrong key", 401, R"({"error":{"type":"invalid_request_error"}})",
     Errc::processor_unavailable},
    {"a key that may not", 403, R"({"error":{"type":"invalid_request_error"}})",
     Errc::processor_unavailable},
    {"a wrong key, not to be repeated", 401, "", Errc::processor_unavailable, kDoNotRepeat},
    {"a wrong parameter", 400,
     R"({"error":{"type":"invalid_request_error","code":"parameter_unknown"}})",
     Errc::invalid_request},
    {"a missing object", 404,
     R"({"error":{"type":"invalid_request_error","code":"resource_missing"}})",
     Errc::invalid_request},
    {"another request under the key", 400, R"({"error":{"type":"idempotency_error"}})",
     Errc::outcome_unknown},
    {"another request under the key, not to be repeated", 400,
     R"({"error":{"type":"idempotency_error"}})", Errc::outcome_unknown, kDoNotRepeat},
    {"too little", 400, R"({"error":{"type":"invalid_request_error","code":"amount_too_small"}})",
     Errc::unsupported_currency},
    {"too much", 400, R"({"error":{"type":"invalid_request_error","code":"amount_too_large"}})",
     Errc::unsupported_currency},
    {"more than was authorized", 400,
     R"({"error":{"code":"amount_too_large","param":"amount_to_capture"}})", Errc::invalid_request},
    {"a wrong currency", 400, R"({"error":{"type":"invalid_request_error","param":"currency"}})",
     Errc::unsupported_currency},
    {"a 4xx to be repeated", 400, R"({"error":{"type":"api_error"}})", Errc::processor_unavailable,
     kRepeat},
    {"a wrong parameter, not to be repeated", 400, R"({"error":{"type":"invalid_request_error"}})",
     Errc::invalid_request, kDoNotRepeat},
    {"a lock", 429, R"({"error":{"type":"invalid_request_error","code":"lock_timeout"}})",
     Errc::processor_unavailable},
    {"a lock as a conflict", 409,
     R"({"error":{"type":"invalid_request_error","code":"lock_timeout"}})",
     Errc::processor_unavailable},
    {"a rate limit", 429, R"({"error":{"code":"rate_limit"}})", Errc::processor_unavailable},
    {"a rate limit, not to be repeated", 429, "", Errc::processor_unavailable, kDoNotRepeat},
    {"the same key at work", 409,
     R"({"error":{"type":"idempotency_error","code":"idempotency_key_in_use"}})",
     Errc::outcome_unknown},
    {"the same key at work, to be repeated", 409, R"({"error":{"code":"idempotency_key_in_use"}})",
     Errc::outcome_unknown, kRepeat},
    {"a server error", 500, R"({"error":{"type":"api_error"}})", Errc::outcome_unknown},
    {"a server error, replayed", 500, R"({"error":{"type":"api_error"}})", Errc::outcome_unknown,
     kDoNotRepeat},
    {"a gateway's page", 502, "<html>Bad Gateway</html>", Errc::outcome_unknown},
    {"unavailable", 503, "", Errc::outcome_unknown, kRepeat},
    {"a time-out at a gateway", 408, "", Errc::outcome_unknown},
    {"a redirect", 302, "", Errc::outcome_unknown},
    {"a 4xx that is not JSON", 400, "no", Errc::invalid_request},
    {"nothing", 200, "", Errc::outcome_unknown},
    {"not JSON", 200, "<html></html>", Errc::outcome_unknown},
    {"a list", 200, "[]", Errc::outcome_unknown},
    {"another object", 200, R"({"object":"customer","id":"cus_1"})", Errc::outcome_unknown},
    {"nested without end", 200, "", Errc::outcome_unknown},
};

std::string body_of(const Answer& answer) {
  if (std::string_view(answer.what) != "nested without end") return answer.body;
  return std::string(100'000, '[');
}

}  // namespace

TEST_CASE("each answer of Stripe says whether anything was done") {
  for (const Answer& answer : kAnswers) {
    CAPTURE(answer.what);
    const auto code = [&](auto&& call) {
      StripeWorld world;
      world.http.answer(answer.status, body_of(answer), answer.headers);
      return code_of(call(world));
    };
    CHECK(code([](StripeWorld& world) { return world.create(); }) == answer.code);
    CHECK(code([](StripeWorld& world) { return world.capture(); }) == answer.code);
    CHECK(code([](StripeWorld& world) { return world.cancel(); }) == answer.code);
    CHECK(code([](StripeWorld& world) { return world.fetch(); }) == answer.code);
    StripeWorld world;
    world.answer(refund_list({}));
    world.http.answer(answer.status, body_of(answer), answer.headers);
    CHECK(code_of(world.refund()) == answer.code);
  }
}

TEST_CASE("an intent that lacks a part is not believed") {
  for (const char* part :
       {"id", "status", "amount", "amount_capturable", "amount_received", "currency", "object"}) {
    CAPTURE(part);
    StripeWorld world;
    Json lacking = intent("succeeded");
    lacking.erase(part);
    world.answer(lacking);
    CHECK(code_of(world.create()) == Errc::outcome_unknown);
    lacking[part] = Json::array({1.5});
    world.answer(lacking);
    CHECK(code_of(world.create()) == Errc::outcome_unknown);
  }
  const std::pair<const char*, Json> odd[] = {
      {"status", "requires_source_action"},
      {"currency", "xxx"},
      {"amount", -1},
      {"amount", 15.8},
      {"amount", "1580"},
      {"amount", UINT64_MAX},
      {"amount_received", kMaxMinor + 1},
      {"id", ""},
  };
  for (const auto& [part, value] : odd) {
    CAPTURE(part, value);
    StripeWorld world;
    world.answer(intent("succeeded", {{part, value}}));
    CHECK(code_of(world.create()) == Errc::outcome_unknown);
  }
}

TEST_CASE("a truncated answer is not believed") {
  const std::string whole = captured_intent().dump();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    StripeWorld world;
    world.http.answer(200, whole.substr(0, size));
    const auto captured = world.capture();
    if (captured.has_value() || captured.error().code() != Errc::outcome_unknown) FAIL(size);
  }
}

TEST_CASE("a list of refunds that cannot be read hides none") {
  for (const Json& list : {Json{{"object", "list"}}, Json{{"object", "list"}, {"data", 1}},
                           refund_list({Json{{"object", "refund"}, {"id", "re_1"}}})}) {
    StripeWorld world;
    world.answer(captured_intent());
    world.answer(list);
    CHECK(code_of(world.fetch()) == Errc::outcome_unknown);
    world.answer(list);
    CHECK(code_of(world.refund()) == Errc::outcome_unknown);
  }
}

TEST_CASE("without an answer only the transport knows whether anything was sent") {
  const std::pair<Errc, Errc> failures[] = {
      {Errc::processor_unavailable, Errc::processor_unavailable},
      {Errc::outcome_unknown, Errc::outcome_unknown},
      {Errc::invalid_request, Errc::invalid_request},
      // A host's transport fails in words of its own: then nobody knows.
      {Errc::internal, Errc::outcome_unknown},
      {Errc::not_found, Errc::outcome_unknown},
  };
  for (const auto& [failure, code] : failures) {
    StripeWorld world;
    world.http.fail(failure);
    CHECK(code_of(world.create()) == code);
    world.http.fail(failure);
    CHECK(code_of(world.refund()) == code);
  }
}

TEST_CASE("without a key or a transport nothing is sent") {
  StripeWorld world;
  world.config.clear();
  CHECK(code_of(world.create()) == Errc::processor_unavailable);
  CHECK(world.http.sent.empty());
  world.config = {{"secretKey", "sk_test_key"}};
  const ProcessorContext offline{"default", world.method, world.config,
                                 nullptr,   world.notes,  world.now};
  CHECK(code_of(world.processor->fetch(offline, {"pi_1", euros(1)})) ==
        Errc::processor_unavailable);
}

TEST_CASE("a decline is told to the shopper in Stripe's words, if they are fit") {
  const auto decline = [](const Json& error) {
    StripeWorld world;
    world.refuse(402, error);
    return world.capture().error();
  };
  const Error error = decline({{"type", "card_error"},
                               {"code", "card_declined"},
                               {"decline_code", "generic_decline"},
                               {"message", "Your card was declined. Ask your bank."}});
  CHECK(error.message() == "Your card was declined. Ask your bank");
  CHECK(error.fact("declineCode") == "generic_decline");
  CHECK(decline({{"type", "card_error"}, {"code", "expired_card"}}).fact("declineCode") ==
        "expired_card");
  for (const std::string& unfit :
       {std::string(), std::string("two\nlines"), std::string(1000, 'x')}) {
    CHECK(decline({{"type", "card_error"}, {"message", unfit}}).message() ==
          "Your card was declined");
  }
}

TEST_CASE("neither key nor request id is repeated in an error") {
  for (const int status : {400, 401, 403, 404, 409, 429, 500}) {
    StripeWorld world;
    world.refuse(status,
                 {{"type", "invalid_request_error"},
                  {"code", "api_key_expired sk_test_key"},
                  {"message", "Expired API Key provided: sk_test_key (req_1)"},
                  {"request_log_url", "https://dashboard.stripe.com/logs/req_1"}},
                 {{"Request-Id", "req_1"}});
    const Error error = world.create().error();
    std::string told = error.message() + error.field();
    for (const Fact& fact : error.facts()) {
      if (const auto* text = std::get_if<std::string>(&fact.value)) told += *text;
    }
    CHECK(told.find("sk_test_key") == std::string::npos);
    CHECK(told.find("req_1") == std::string::npos);
  }
}
