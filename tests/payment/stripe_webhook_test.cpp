// Webhooks of Stripe: each way of forging a signature is refused, and what the events mean.
#include "base/crypto.hpp"
#include "payment/stripe_world.hpp"

using namespace resys;
using namespace resys::test;

namespace {

// A vector on which Stripe's Python and Node clients and openssl agree.
constexpr std::int64_t kSignedAt = 1'700'000'000;
const std::string kPayload = R"({"id":"evt_1","object":"event","type":"payment_intent.succeeded",)"
                             R"("data":{"object":{"id":"pi_1","object":"payment_intent"}}})";
const std::string kV1 = "ad449e7ce1554730d147003402b7abd98e37b986a9e657b6868110fd854cf5d3";
const std::string kHeader = "t=1700000000,v1=" + kV1;

struct WebhookWorld : StripeWorld {
  WebhookWorld() { now = Timestamp::from_seconds(kSignedAt); }

  Result<WebhookEvent> parse(const std::string& header, const std::string& payload = kPayload) {
    return processor->parse_webhook(context(), {"stripe", {{"stripe-signature", header}}, payload});
  }
  std::string sign(const std::string& payload, const std::string& secret = "whsec_test_secret",
                   const std::string& timestamp = "1700000000") {
    return "t=" + timestamp +
           ",v1=" + net::hex(net::hmac_sha256(secret, timestamp + "." + payload));
  }
  Result<WebhookEvent> receive(const Json& event) {
    return parse(sign(event.dump()), event.dump());
  }
};

Json event(const std::string& type, const Json& object) {
  return {{"id", "evt_1"},
          {"object", "event"},
          {"type", type},
          {"livemode", false},
          {"data", {{"object", object}}}};
}

Json thin_event(const std::string& type, const std::string& object, const std::string& id) {
  return {{"id", "evt_1"},
          {"object", "v2.core.event"},
          {"type", type},
          {"livemode", false},
          {"created", "2026-11-29T10:00:00.000Z"},
          {"related_object", {{"id", id}, {"type", object}, {"url", "https://evil.example/x"}}}};
}

}  // namespace

TEST_CASE("a webhook that Stripe has signed is taken") {
  WebhookWorld world;
  CHECK(world.sign(kPayload) == kHeader);
  const auto parsed = world.parse(kHeader).value();
  CHECK(parsed.event_id == "evt_1");
  CHECK(parsed.type == "payment_intent.succeeded");
  CHECK(parsed.external_payment_id == "pi_1");
  CHECK(parsed.payment_id.empty());
  CHECK_FALSE(parsed.snapshot);
}

TEST_CASE("each way of forging a signature is refused") {
  std::string upper = kV1;
  for (char& each : upper) each = static_cast<char>(std::toupper(each));
  const std::string headers[] = {
      "",
      "t=1700000000",
      "v1=" + kV1,
      "t=,v1=" + kV1,
      "t=1700000000,v1=",
      "t=1700000000,v0=" + kV1,
      "t=1700000000,V1=" + kV1,
      "t=1700000000;v1=" + kV1,
      "t=1700000000,v1=" + upper,
      "t=1700000000,v1=" + kV1.substr(1),
      "t=1700000000,v1=" + kV1 + "00",
      "t=1700000000,v1= " + kV1,
      "t=1700000000, v1=" + kV1,
      "t=1700000001,v1=" + kV1,
      "t=01700000000,v1=" + kV1,
      "t=1700000000.0,v1=" + kV1,
      "t=-1700000000,v1=" + kV1,
      "t=17000000000000000000000,v1=" + kV1,
      "t=1700000000,t=1700000000,v1=" + kV1,
      "t=1700000001,t=1700000000,v1=" + kV1,
      "t=1700000000,v1=" + std::string(64, '0'),
      kHeader + "," + std::string(5000, 'x'),
      kV1,
  };
  WebhookWorld world;
  for (const std::string& header : headers) {
    CAPTURE(header);
    const auto parsed = world.parse(header);
    CHECK(code_of(parsed) == Errc::invalid_signature);
    CHECK(parsed.error().message() == "the webhook is not signed by Stripe");
  }
  CHECK(code_of(world.processor->parse_webhook(world.context(), {"stripe", {}, kPayload})) ==
        Errc::invalid_signature);
}

TEST_CASE("no byte of a signed webhook can be changed") {
  WebhookWorld world;
  for (std::size_t i = 0; i < kPayload.size(); ++i) {
    std::string changed = kPayload;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    if (world.parse(kHeader, changed).has_value()) FAIL(i);
  }
  CHECK(code_of(world.parse(kHeader, kPayload + "\n")) == Errc::invalid_signature);
  CHECK(code_of(world.parse(kHeader, "")) == Errc::invalid_signature);
  for (std::size_t i = kHeader.size() - kV1.size(); i < kHeader.size(); ++i) {
    std::string changed = kHeader;
    changed[i] = changed[i] == 'a' ? 'b' : 'a';
    if (world.parse(changed).has_value()) FAIL(i);
  }
}

TEST_CASE("a webhook is signed with the endpoint's own secret") {
  WebhookWorld world;
  CHECK(code_of(world.parse(world.sign(kPayload, "whsec_another"))) == Errc::invalid_signature);
  CHECK(code_of(world.parse(world.sign(kPayload, "sk_test_key"))) == Errc::invalid_signature);
  CHECK(code_of(world.parse(world.sign(kPayload, ""))) == Errc::invalid_signature);
  // Without a secret nothing is believed, not even what is signed with nothing.
  for (const char* none : {"", "  "}) {
    world.config = {{"webhookSecret", none}};
    CHECK(code_of(world.parse(world.sign(kPayload, ""))) == Errc::invalid_signature);
  }
  world.config = {};
  CHECK(code_of(world.parse(world.sign(kPayload, ""))) == Errc::invalid_signature);
}

TEST_CASE("a secret can be rotated on either side") {
  WebhookWorld world;
  world.config = {{"webhookSecret", "whsec_old  whsec_new"}};
  CHECK(world.parse(world.sign(kPayload, "whsec_old")).has_value());
  CHECK(world.parse(world.sign(kPayload, "whsec_new")).has_value());
  CHECK(code_of(world.parse(world.sign(kPayload, "whsec_old  whsec_new"))) ==
        Errc::invalid_signature);
  world.config = {{"webhookSecret", "whsec_test_secret"}};
  const std::string none = std::string(64, '0');
  CHECK(world.parse("t=1700000000,v0=" + none + ",v1=" + none + ",v1=" + kV1).has_value());
  CHECK(world.parse("v1=" + kV1 + ",v1=" + none + ",t=1700000000").has_value());
}

TEST_CASE("a signature holds for five minutes, both ways") {
  WebhookWorld world;
  const auto at = [&](std::int64_t seconds) {
    world.now = Timestamp::from_seconds(kSignedAt + seconds);
    return world.parse(kHeader).has_value();
  };
  CHECK(at(300));
  CHECK_FALSE(at(301));
  CHECK(at(-300));
  CHECK_FALSE(at(-301));
  CHECK_FALSE(at(365 * 86'400));
}

TEST_CASE("the signature is checked before anything is read") {
  WebhookWorld world;
  CHECK(code_of(world.parse(kHeader, "not JSON")) == Errc::invalid_signature);
  const auto code = [&](const std::string& payload) {
    return code_of(world.parse(world.sign(payload), payload));
  };
  CHECK(code("not JSON") == Errc::invalid_request);
  CHECK(code("[]") == Errc::invalid_request);
  CHECK(code("{}") == Errc::invalid_request);
  CHECK(code(R"({"id":"evt_1","object":"event"})") == Errc::invalid_request);
  CHECK(code(R"({"id":"evt_1","object":"charge","type":"x"})") == Errc::invalid_request);
  CHECK(code(R"({"id":1,"object":"event","type":"x"})") == Errc::invalid_request);
  CHECK(code(R"({"id":"evt_1","object":"event","type":"x","data":)" + std::string(1000, '[') +
             std::string(1000, ']') + "}") == Errc::invalid_request);
  CHECK(code(std::string((1 << 20) + 1, ' ')) == Errc::invalid_request);
}

TEST_CASE("events that end a payment carry it; all others make the shop ask") {
  WebhookWorld world;
  const auto succeeded =
      world.receive(event("payment_intent.succeeded", captured_intent())).value();
  REQUIRE(succeeded.snapshot);
  CHECK(succeeded.snapshot->state == PaymentState::captured);
  CHECK(succeeded.snapshot->captured_cents == 1580);
  CHECK(succeeded.snapshot->external_id == "pi_1");
  CHECK_FALSE(succeeded.snapshot->refunds_known);
  CHECK(succeeded.payment_id == PaymentId({1, 7}).text());
  const auto canceled = world.receive(event("payment_intent.canceled", intent("canceled"))).value();
  REQUIRE(canceled.snapshot);
  CHECK(canceled.snapshot->state == PaymentState::voided);

  for (const char* type :
       {"payment_failed", "processing", "requires_action", "amount_capturable_updated"}) {
    CAPTURE(type);
    const auto parsed =
        world.receive(event("payment_intent." + std::string(type), intent("processing"))).value();
    CHECK_FALSE(parsed.snapshot);
    CHECK(parsed.external_payment_id == "pi_1");
    CHECK(parsed.payment_id == PaymentId({1, 7}).text());
  }
}

TEST_CASE("an event that says more than its object does is not final") {
  WebhookWorld world;
  const Json odd[] = {event("payment_intent.succeeded", intent("processing")),
                      event("payment_intent.succeeded", intent("canceled")),
                      event("payment_intent.canceled", captured_intent()),
                      event("payment_intent.succeeded", {{"id", "pi_1"}})};
  for (const Json& each : odd) {
    const auto parsed = world.receive(each).value();
    CHECK_FALSE(parsed.snapshot);
    CHECK(parsed.external_payment_id == "pi_1");
  }
}

TEST_CASE("an event of the other mode or of a connected account is not believed") {
  WebhookWorld world;
  const auto is_believed = [&](const std::string& key, const Json& livemode,
                               const std::string& account = "") {
    world.config = {{"secretKey", key}, {"webhookSecret", "whsec_test_secret"}};
    Json said = event("payment_intent.succeeded", captured_intent());
    said["livemode"] = livemode;
    said["data"]["object"]["livemode"] = livemode;
    if (!account.empty()) said["account"] = account;
    const auto parsed = world.receive(said).value();
    // Whatever it says: the shop can ask about the payment that it names.
    CHECK(parsed.external_payment_id == "pi_1");
    return parsed.snapshot.has_value();
  };
  CHECK(is_believed("sk_test_key", false));
  CHECK(is_believed("rk_test_key", false));
  CHECK(is_believed("sk_live_key", true));
  CHECK(is_believed("rk_live_key", true));
  CHECK_FALSE(is_believed("sk_test_key", true));
  CHECK_FALSE(is_believed("rk_test_key", true));
  CHECK_FALSE(is_believed("sk_live_key", false));
  CHECK_FALSE(is_believed("rk_live_key", false));
  CHECK_FALSE(is_believed("sk_live_key", nullptr));
  CHECK_FALSE(is_believed("sk_live_key", "true"));
  CHECK_FALSE(is_believed("sk_org_key", true));  // does not say its mode
  CHECK_FALSE(is_believed("", false));
  CHECK_FALSE(is_believed("sk_live_key", true, "acct_1"));
}

TEST_CASE("an event of another mode than its object is not believed") {
  WebhookWorld world;
  const auto is_believed = [&](const std::string& key, bool livemode, const Json& object_s) {
    world.config = {{"secretKey", key}, {"webhookSecret", "whsec_test_secret"}};
    for (const char* type : {"payment_intent.succeeded", "payment_intent.canceled"}) {
      const bool captured = type == std::string("payment_intent.succeeded");
      Json said = event(type, captured ? captured_intent() : intent("canceled"));
      said["livemode"] = livemode;
      said["data"]["object"]["livemode"] = object_s;
      if (object_s.is_discarded()) said["data"]["object"].erase("livemode");
      const auto parsed = world.receive(said).value();
      CHECK(parsed.external_payment_id == "pi_1");
      if (parsed.snapshot) return true;
    }
    return false;
  };
  const Json absent = Json::parse("", nullptr, false);
  for (const Json& other : {Json(true), Json("false"), Json(nullptr), Json(0), absent}) {
    CHECK_FALSE(is_believed("sk_test_key", false, other));
  }
  for (const Json& other : {Json(false), Json("true"), Json(nullptr), Json(1), absent}) {
    CHECK_FALSE(is_believed("sk_live_key", true, other));
  }
  CHECK(is_believed("sk_test_key", false, false));
  CHECK(is_believed("sk_live_key", true, true));
}

TEST_CASE("a thin event is completed by fetching its object") {
  WebhookWorld world;
  world.answer(intent("requires_capture",
                      {{"amount_capturable", 1580}, {"latest_charge", {{"id", "ch_1"}}}}));
  const auto parsed = world
                          .receive(thin_event("v1.payment_intent.amount_capturable_updated",
                                              "payment_intent", "pi_1"))
                          .value();
  CHECK(parsed.event_id == "evt_1");
  CHECK(parsed.type == "v1.payment_intent.amount_capturable_updated");
  CHECK(parsed.external_payment_id == "pi_1");
  CHECK(parsed.payment_id == PaymentId({1, 7}).text());
  REQUIRE(parsed.snapshot);  // as it is now: the shop need not ask again
  CHECK(parsed.snapshot->state == PaymentState::authorized);
  REQUIRE(world.http.sent.size() == 1);
  CHECK(world.http.sent[0].method == "GET");
  CHECK(world.http.sent[0].url ==
        "https://api.stripe.com/v1/payment_intents/pi_1?expand[]=latest_charge");

  const std::tuple<const char*, const char*, const char*> others[] = {
      {"v1.charge.refunded", "charge", "ch_1"},
      {"v1.charge.expired", "charge", "py_1"},
      {"v1.charge.refund.updated", "refund", "re_1"},
      {"v1.refund.created", "refund", "re_1"},
      {"v1.refund.updated", "refund", "re_1"},
      {"v1.refund.failed", "refund", "pyr_1"},
      {"v1.charge.dispute.created", "dispute", "du_1"},
      {"v1.charge.dispute.closed", "dispute", "dp_1"},
  };
  for (const auto& [type, object, id] : others) {
    CAPTURE(type);
    world.http.sent.clear();
    world.answer({{"id", id}, {"object", object}, {"payment_intent", "pi_9"}});
    const auto about = world.receive(thin_event(type, object, id)).value();
    CHECK(about.external_payment_id == "pi_9");
    CHECK_FALSE(about.snapshot);
    CHECK(world.http.sent[0].url == "https://api.stripe.com/v1/" + std::string(object) + "s/" + id);
  }
}

TEST_CASE("a thin event that names no object of its type is refused, and nothing is fetched") {
  WebhookWorld world;
  const char* const type = "v1.payment_intent.succeeded";
  Json lacking = thin_event(type, "payment_intent", "pi_1");
  lacking.erase("related_object");
  const Json wrong[] = {lacking,
                        thin_event(type, "charge", "pi_1"),
                        thin_event(type, "payment_intent", ""),
                        thin_event(type, "payment_intent", "pi_1/cancel"),
                        thin_event(type, "payment_intent", "../charges/ch_1"),
                        thin_event(type, "payment_intent", "pi_1?expand[]=x"),
                        thin_event(type, "payment_intent", "pi_1%2fcancel"),
                        thin_event(type, "payment_intent", std::string(256, 'a'))};
  for (const Json& each : wrong) {
    CHECK(code_of(world.receive(each)) == Errc::invalid_request);
  }
  CHECK(code_of(world.parse(world.sign("x"), lacking.dump())) == Errc::invalid_signature);
  CHECK(world.http.sent.empty());
}

TEST_CASE("a thin event of something else needs no answer of Stripe's") {
  WebhookWorld world;
  for (const char* type : {"v2.core.event_destination.ping", "v1.customer.created",
                           "payment_intent.succeeded", "v1.payment_intent.created"}) {
    CAPTURE(type);
    const auto parsed = world.receive(thin_event(type, "payment_intent", "pi_1")).value();
    CHECK(parsed.type == type);
    CHECK(parsed.external_payment_id.empty());
    CHECK_FALSE(parsed.snapshot);
  }
  // Of the other mode: the key could not fetch it, but the shop may know whose it is.
  Json live = thin_event("v1.payment_intent.succeeded", "payment_intent", "pi_1");
  live["livemode"] = true;
  const auto parsed = world.receive(live).value();
  CHECK(parsed.external_payment_id == "pi_1");
  CHECK_FALSE(parsed.snapshot);
  CHECK(world.http.sent.empty());
}

TEST_CASE("a thin event whose object cannot be fetched is sent again, unless there is none") {
  WebhookWorld world;
  const Json news = thin_event("v1.payment_intent.succeeded", "payment_intent", "pi_1");
  world.http.fail(Errc::processor_unavailable);
  CHECK(code_of(world.receive(news)) == Errc::processor_unavailable);
  world.http.fail(Errc::outcome_unknown);
  CHECK(code_of(world.receive(news)) == Errc::outcome_unknown);
  world.refuse(401, {{"type", "invalid_request_error"}});
  CHECK(code_of(world.receive(news)) == Errc::processor_unavailable);
  world.answer({{"object", "charge"}});
  CHECK(code_of(world.receive(news)) == Errc::outcome_unknown);
  const Json missing{{"type", "invalid_request_error"}, {"code", "resource_missing"}};
  world.refuse(404, missing);
  CHECK(world.receive(news).value().external_payment_id == "pi_1");
  world.refuse(404, missing);
  const auto refund = world.receive(thin_event("v1.refund.failed", "refund", "re_1")).value();
  CHECK(refund.external_payment_id.empty());
}

TEST_CASE("charges, refunds and disputes say which payment they belong to") {
  WebhookWorld world;
  const Json ours{{"payment_id", PaymentId({1, 7}).text()}, {"store_id", "default"}};
  const Json about{{"id", "x_1"}, {"payment_intent", "pi_9"}, {"metadata", ours}};
  for (const char* type : {"charge.refunded", "charge.expired", "charge.refund.updated",
                           "refund.created", "refund.updated", "refund.failed"}) {
    CAPTURE(type);
    const auto parsed = world.receive(event(type, about)).value();
    CHECK(parsed.external_payment_id == "pi_9");
    CHECK(parsed.payment_id == PaymentId({1, 7}).text());
    CHECK_FALSE(parsed.snapshot);
  }
  for (const char* type : {"created", "updated", "closed", "funds_withdrawn", "funds_reinstated"}) {
    CAPTURE(type);
    const Json dispute{{"id", "du_1"},
                       {"payment_intent", {{"id", "pi_9"}, {"object", "payment_intent"}}},
                       {"status", "needs_response"}};
    const auto parsed =
        world.receive(event("charge.dispute." + std::string(type), dispute)).value();
    CHECK(parsed.external_payment_id == "pi_9");
    CHECK_FALSE(parsed.snapshot);
  }
}

TEST_CASE("events about something else are about no payment") {
  WebhookWorld world;
  for (const char* type : {"customer.created", "payment_intent.created", "charge.succeeded",
                           "payout.paid", "payment_intent"}) {
    CAPTURE(type);
    const auto parsed = world.receive(event(type, captured_intent())).value();
    CHECK(parsed.type == type);
    CHECK(parsed.external_payment_id.empty());
    CHECK(parsed.payment_id.empty());
    CHECK_FALSE(parsed.snapshot);
  }
  // A charge without an intent was not made by resys.
  CHECK(world.receive(event("charge.refunded", {{"id", "ch_1"}, {"payment_intent", nullptr}}))
            .value()
            .external_payment_id.empty());
}

TEST_CASE("another store's payment in the same account is not ours") {
  WebhookWorld world;
  const Json other{{"payment_id", PaymentId({1, 7}).text()}, {"store_id", "other"}};
  const auto parsed =
      world.receive(event("payment_intent.processing", intent("processing", {{"metadata", other}})))
          .value();
  CHECK(parsed.payment_id.empty());
  CHECK(parsed.external_payment_id == "pi_1");
}
