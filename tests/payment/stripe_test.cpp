// The Stripe processor: what it sends, and what it makes of Stripe's objects.
#include "payment/stripe_world.hpp"

using namespace resys;
using namespace resys::test;

TEST_CASE("Stripe's settings are named, secret ones too") {
  const auto fields = stripe_processor()->config_fields();
  REQUIRE(fields.size() == 5);
  CHECK(fields[0].name == "secretKey");
  CHECK((fields[0].secret && fields[0].required && !fields[0].public_to_shoppers));
  CHECK(fields[1].name == "webhookSecret");
  CHECK((fields[1].secret && !fields[1].public_to_shoppers));
  CHECK(fields[2].name == "publishableKey");
  CHECK((!fields[2].secret && fields[2].public_to_shoppers));
  CHECK(fields[3].name == "captureMethod");
  CHECK(fields[4].name == "receiptEmail");
}

TEST_CASE("settings of a wrong shape are refused without being repeated") {
  const auto processor = stripe_processor();
  CHECK(processor
            ->check_config({{"secretKey", "sk_test_4eC39HqLyjWDarjtT1zdp7dc"},
                            {"publishableKey", "pk_test_TYooMQauvdEDq54NiTphI7jx"},
                            {"webhookSecret", " whsec_old  whsec_new "},
                            {"captureMethod", "manual"},
                            {"receiptEmail", "true"}})
            .has_value());
  CHECK(processor->check_config({{"secretKey", "rk_live_restricted"}, {"captureMethod", ""}})
            .has_value());
  for (const char* method : {"automatic", "automatic_async"}) {
    CHECK(processor->check_config({{"captureMethod", method}, {"receiptEmail", "false"}})
              .has_value());
  }
  const std::pair<std::string, std::string> wrong[] = {
      {"secretKey", "pk_test_public"},
      {"secretKey", "sk_test_a b"},
      {"secretKey", "sk_test_a\nX-Header: b"},
      {"secretKey", " sk_test_a"},
      {"secretKey", "sk_" + std::string(300, 'a')},
      {"publishableKey", "sk_test_secret"},
      {"webhookSecret", "whsec_a sk_test_b"},
      {"webhookSecret", "whsec_a\nwhsec_b"},
      {"captureMethod", "sometimes"},
      {"captureMethod", "Manual"},
      {"receiptEmail", "yes"},
  };
  for (const auto& [name, value] : wrong) {
    CAPTURE(name, value);
    const auto checked = processor->check_config({{name, value}});
    CHECK(code_of(checked) == Errc::invalid_request);
    CHECK(checked.error().field() == name);
    CHECK(checked.error().message().starts_with(name));
    CHECK(checked.error().message().find(value) == std::string::npos);
    CHECK(checked.error().facts().empty());
  }
  CHECK(processor->check_config({{"captureMethod", "later"}}).error().message() ==
        "captureMethod is not automatic, automatic_async or manual");
}

TEST_CASE("a payment is created as an intent that carries our ids") {
  StripeWorld world;
  world.answer(intent("requires_payment_method"));
  const CreatePayment order = world.order(euros(1580));
  const auto made = world.processor->create_payment(world.context(), order).value();
  CHECK(made.external_id == "pi_1");
  CHECK(made.state == PaymentState::created);
  CHECK(made.amount_cents == 1580);
  CHECK(made.currency == currency("EUR"));
  CHECK(made.client_secret == "pi_1_secret_x");
  CHECK(made.payment_id == order.payment_id.text());
  CHECK(made.decline_code.empty());

  REQUIRE(world.http.sent.size() == 1);
  const OutgoingRequest& sent = world.http.sent[0];
  CHECK(sent.method == "POST");
  CHECK(sent.url == "https://api.stripe.com/v1/payment_intents");
  CHECK(find_header(sent.headers, "Authorization") == "Bearer sk_test_key");
  CHECK(find_header(sent.headers, "Stripe-Version") == "2026-08-26.dahlia");
  CHECK(find_header(sent.headers, "Idempotency-Key") == order.idempotency_key);
  CHECK(find_header(sent.headers, "Content-Type") == "application/x-www-form-urlencoded");
  CHECK(decode_form(sent.body) == Fields{{"amount", "1580"},
                                         {"currency", "eur"},
                                         {"automatic_payment_methods[enabled]", "true"},
                                         {"capture_method", "automatic"},
                                         {"description", "Order R1"},
                                         {"metadata[order_id]", order.order_id.text()},
                                         {"metadata[payment_id]", order.payment_id.text()},
                                         {"metadata[store_id]", "default"}});
}

TEST_CASE("what shoppers have typed is encoded, and left out where there is nothing") {
  StripeWorld world;
  world.config.emplace_back("receiptEmail", "true");
  world.answer(intent("requires_payment_method"));
  CreatePayment order = world.order(euros(1580));
  order.email = "a+b&amount=1@exämple.com";
  world.processor->create_payment(world.context(), order).value();
  const Fields fields = decode_form(world.http.sent[0].body);
  CHECK(field(fields, "receipt_email") == order.email);
  CHECK(field(fields, "amount") == "1580");

  world.answer(intent("requires_payment_method"));
  order.email.clear();
  world.processor->create_payment(world.context(), order).value();
  CHECK(field(decode_form(world.http.sent[1].body), "receipt_email") == "(absent)");
}

TEST_CASE("the capture method is the setting's") {
  for (const char* method : {"automatic", "automatic_async", "manual"}) {
    StripeWorld world;
    world.config.emplace_back("captureMethod", method);
    world.answer(intent("requires_payment_method"));
    world.create().value();
    CHECK(field(decode_form(world.http.sent[0].body), "capture_method") == method);
  }
}

TEST_CASE("Stripe mails a receipt only where the setting says so") {
  for (const char* wanted : {"true", "false"}) {
    StripeWorld world;
    world.config.emplace_back("receiptEmail", wanted);
    world.answer(intent("requires_payment_method"));
    world.create().value();
    const std::string expected = wanted == std::string("true") ? "ada@example.com" : "(absent)";
    CHECK(field(decode_form(world.http.sent[0].body), "receipt_email") == expected);
  }
}

TEST_CASE("an amount that Stripe cannot take is not sent") {
  StripeWorld world;
  const auto made = world.processor->create_payment(world.context(), world.order(euros(49)));
  CHECK(code_of(made) == Errc::unsupported_currency);
  CHECK(world.http.sent.empty());
  CHECK(code_of(world.processor->accepts(euros(49))) == Errc::unsupported_currency);
  CHECK(world.processor->accepts(euros(50)).has_value());
}

TEST_CASE("amounts go out and come back in the unit of each side") {
  StripeWorld world;
  world.answer(intent("requires_payment_method", {{"amount", 250'000}, {"currency", "isk"}}));
  const auto made =
      world.processor->create_payment(world.context(), world.order({2500, currency("ISK")}));
  CHECK(made.value().amount_cents == 2500);
  CHECK(field(decode_form(world.http.sent[0].body), "amount") == "250000");
}

TEST_CASE("an intent's status is the payment's state") {
  const std::pair<const char*, PaymentState> states[] = {
      {"requires_payment_method", PaymentState::created},
      {"requires_confirmation", PaymentState::created},
      {"requires_action", PaymentState::requires_action},
      {"processing", PaymentState::processing},
      {"requires_capture", PaymentState::authorized},
      {"canceled", PaymentState::voided},
  };
  for (const auto& [status, state] : states) {
    CAPTURE(status);
    StripeWorld world;
    world.answer(intent(status));
    const auto fetched = world.fetch().value();
    CHECK(fetched.state == state);
    CHECK(fetched.refunds_known);
    CHECK(fetched.refunds.empty());
    CHECK(world.http.sent.size() == 1);
  }
}

TEST_CASE("an intent is fetched with its charge") {
  StripeWorld world;
  world.answer(intent("requires_capture",
                      {{"amount_capturable", 1580},
                       {"latest_charge",
                        {{"id", "ch_1"},
                         {"disputed", false},
                         {"payment_method_details",
                          {{"type", "card"}, {"card", {{"capture_before", 1'800'604'800}}}}}}}}));
  const auto fetched = world.fetch().value();
  CHECK(fetched.state == PaymentState::authorized);
  CHECK(fetched.authorized_cents == 1580);
  CHECK(fetched.captured_cents == 0);
  CHECK(fetched.capture_before == Timestamp::from_seconds(1'800'604'800));
  const OutgoingRequest& sent = world.http.sent[0];
  CHECK(sent.method == "GET");
  CHECK(sent.url == "https://api.stripe.com/v1/payment_intents/pi_1?expand[]=latest_charge");
  CHECK(sent.body.empty());
  CHECK(find_header(sent.headers, "Idempotency-Key").empty());
}

TEST_CASE("the last refused attempt is told in words for the shopper") {
  StripeWorld world;
  world.answer(
      intent("requires_payment_method", {{"last_payment_error",
                                          {{"type", "card_error"},
                                           {"code", "card_declined"},
                                           {"decline_code", "insufficient_funds"},
                                           {"message", "Your card has insufficient funds."}}}}));
  auto fetched = world.fetch().value();
  CHECK(fetched.state == PaymentState::created);
  CHECK(fetched.decline_code == "insufficient_funds");
  CHECK(fetched.decline_message == "Your card has insufficient funds");

  world.answer(
      intent("requires_payment_method",
             {{"last_payment_error",
               {{"type", "invalid_request_error"},
                {"code", "payment_intent_authentication_failure"},
                {"message", "The provided PaymentMethod has failed (pm_1, sk_live_1)."}}}}));
  fetched = world.fetch().value();
  CHECK(fetched.decline_code == "payment_intent_authentication_failure");
  CHECK(fetched.decline_message == "The payment did not succeed");
}

TEST_CASE("a captured payment is fetched with all its refunds") {
  StripeWorld world;
  world.answer(intent("succeeded", {{"amount_received", 1580}}));
  const Json ours =
      refund("re_1", 500, "succeeded", {{"metadata", {{"refund_id", world.refund_id.text()}}}});
  world.answer(refund_list({ours, refund("re_2", 100, "pending")}, true));
  world.answer(refund_list({refund("re_3", 70, "failed"), refund("re_4", 60, "canceled"),
                            refund("re_5", 50, "requires_action")}));
  const auto fetched = world.fetch().value();
  CHECK(fetched.state == PaymentState::captured);
  CHECK(fetched.captured_cents == 1580);
  CHECK(fetched.dispute_status.empty());
  CHECK(fetched.refunds_known);
  REQUIRE(fetched.refunds.size() == 5);
  CHECK(fetched.refunds[0].refund_id == world.refund_id);
  CHECK(fetched.refunds[0].amount_cents == 500);
  CHECK(fetched.refunds[1].refund_id.empty());
  const RefundState states[] = {RefundState::succeeded, RefundState::pending, RefundState::failed,
                                RefundState::failed, RefundState::pending};
  for (std::size_t i = 0; i < 5; ++i) CHECK(fetched.refunds[i].state == states[i]);
  CHECK(world.http.sent[1].url ==
        "https://api.stripe.com/v1/refunds?payment_intent=pi_1&limit=100");
  CHECK(world.http.sent[2].url ==
        "https://api.stripe.com/v1/refunds?payment_intent=pi_1&limit=100&starting_after=re_2");
}

TEST_CASE("a disputed payment is fetched with what has become of its newest dispute") {
  const Json disputed =
      intent("succeeded",
             {{"amount_received", 1580}, {"latest_charge", {{"id", "ch_1"}, {"disputed", true}}}});
  const auto list = [](const Json& disputes) {
    return Json{{"object", "list"}, {"data", disputes}, {"has_more", true}};
  };
  StripeWorld world;
  for (const char* status : {"warning_needs_response", "needs_response", "prevented", "lost",
                             "appeal_needs_response", "appeal_under_review", "of_next_year"}) {
    world.http.sent.clear();
    world.answer(disputed);
    world.answer(list(Json::array({{{"object", "dispute"}, {"id", "du_1"}, {"status", status}}})));
    world.answer(refund_list({}));
    CHECK(world.fetch().value().dispute_status == status);
    CHECK(world.http.sent[1].url ==
          "https://api.stripe.com/v1/disputes?payment_intent=pi_1&limit=1");
  }
  SECTION("it is not there yet") {
    world.answer(disputed);
    world.answer(list(Json::array()));
    world.answer(refund_list({}));
    CHECK(world.fetch().value().dispute_status.empty());
  }
  SECTION("a restricted key may not read it") {
    world.answer(disputed);
    world.refuse(403, {{"type", "invalid_request_error"}});
    world.answer(refund_list({}));
    CHECK(world.fetch().value().dispute_status == "unknown");
  }
  SECTION("without an answer nothing is known") {
    world.answer(disputed);
    world.refuse(500, {{"type", "api_error"}});
    CHECK(code_of(world.fetch()) == Errc::outcome_unknown);
    world.answer(disputed);
    world.answer({{"object", "list"}});
    CHECK(code_of(world.fetch()) == Errc::outcome_unknown);
  }
}

TEST_CASE("what a partial capture gave up is no refund, where an older version makes one of it") {
  StripeWorld world;
  world.answer(intent("succeeded", {{"amount_received", 1000}}));
  world.answer(refund_list({refund("re_1", 580, "succeeded", {{"balance_transaction", nullptr}}),
                            refund("re_2", 100, "succeeded")}));
  const auto fetched = world.fetch().value();
  CHECK(fetched.captured_cents == 1000);
  REQUIRE(fetched.refunds.size() == 1);
  CHECK(fetched.refunds[0].external_id == "re_2");
}

TEST_CASE("an authorization is captured, wholly or in part") {
  StripeWorld world;
  world.answer(intent("succeeded", {{"amount_received", 900}}));
  const auto captured = world.capture(euros(900)).value();
  CHECK(captured.state == PaymentState::captured);
  CHECK(captured.captured_cents == 900);
  CHECK(captured.amount_cents == 1580);
  const OutgoingRequest& sent = world.http.sent[0];
  CHECK(sent.url == "https://api.stripe.com/v1/payment_intents/pi_1/capture");
  CHECK(sent.body == "amount_to_capture=900");
  CHECK(find_header(sent.headers, "Idempotency-Key") == "capture-key");
}

TEST_CASE("a canceled intent is a voided payment") {
  StripeWorld world;
  world.answer(intent("canceled"));
  CHECK(world.cancel().value().state == PaymentState::voided);
  CHECK(world.http.sent[0].url == "https://api.stripe.com/v1/payment_intents/pi_1/cancel");
  CHECK(find_header(world.http.sent[0].headers, "Idempotency-Key") == "cancel-key");
}

TEST_CASE("capture and cancel answer what the intent really is") {
  const Json unexpected{{"type", "invalid_request_error"},
                        {"code", "payment_intent_unexpected_state"},
                        {"message", "This PaymentIntent could not be captured because ..."}};
  StripeWorld world;
  world.refuse(400, unexpected);
  world.answer(captured_intent());
  world.answer(refund_list({}));
  const auto canceled = world.cancel().value();
  CHECK(canceled.state == PaymentState::captured);
  CHECK(canceled.captured_cents == 1580);

  world.refuse(400, unexpected);
  world.answer(intent("processing"));
  CHECK(world.cancel().value().state == PaymentState::processing);

  world.refuse(400, unexpected);
  world.answer(intent("canceled"));
  CHECK(world.capture().value().state == PaymentState::voided);

  world.refuse(400, {{"type", "invalid_request_error"}, {"code", "charge_expired_for_capture"}});
  world.answer(intent("canceled"));
  CHECK(world.capture().value().state == PaymentState::voided);

  world.refuse(400, unexpected);
  world.http.fail(Errc::outcome_unknown);
  CHECK(code_of(world.capture()) == Errc::outcome_unknown);
}

TEST_CASE("a refund carries our ids") {
  StripeWorld world;
  world.answer(refund_list({}));
  world.answer(
      refund("re_1", 500, "pending", {{"metadata", {{"refund_id", world.refund_id.text()}}}}));
  const auto refunded = world.refund().value();
  CHECK(refunded.external_id == "re_1");
  CHECK(refunded.state == RefundState::pending);
  CHECK(refunded.amount_cents == 500);
  CHECK(refunded.refund_id == world.refund_id);
  const OutgoingRequest& sent = world.http.sent[1];
  CHECK(sent.url == "https://api.stripe.com/v1/refunds");
  CHECK(find_header(sent.headers, "Idempotency-Key") == "refund-key");
  CHECK(decode_form(sent.body) == Fields{{"payment_intent", "pi_1"},
                                         {"amount", "500"},
                                         {"metadata[refund_id]", world.refund_id.text()},
                                         {"metadata[payment_id]", PaymentId({1, 7}).text()},
                                         {"metadata[store_id]", "default"}});
}

TEST_CASE("a refund that Stripe has already is not made again") {
  StripeWorld world;
  world.answer(refund_list(
      {refund("re_1", 500, "succeeded", {{"metadata", {{"refund_id", world.refund_id.text()}}}})}));
  CHECK(world.refund().value().external_id == "re_1");
  CHECK(world.http.sent.size() == 1);
}

TEST_CASE("Stripe may be at another address") {
  StripeWorld world;
  const auto url_at = [&](const std::string& base) {
    world.processor = stripe_processor({base});
    world.http.sent.clear();
    world.answer(intent("canceled"));
    world.fetch().value();
    return world.http.sent[0].url.substr(0, world.http.sent[0].url.find("/v1/"));
  };
  CHECK(url_at("http://127.0.0.1:12111/") == "http://127.0.0.1:12111");
  CHECK(url_at("http://localhost:1") == "http://localhost:1");
  CHECK(url_at("http://[::1]:1") == "http://[::1]:1");
  CHECK(url_at("https://stripe.example") == "https://stripe.example");
}

TEST_CASE("keys do not travel in plain text") {
  for (const char* base :
       {"http://api.stripe.com", "http://127.0.0.1.example.com", "http://127.0.0.1@example.com",
        "http://localhost.example.com", "http://[::2]:1", "ftp://127.0.0.1", "https://", "",
        "https://127.0.0.1@example.com", "http://10.0.0.1"}) {
    CAPTURE(base);
    StripeWorld world;
    world.processor = stripe_processor({base});
    CHECK(code_of(world.create()) == Errc::invalid_request);
    CHECK(code_of(world.capture()) == Errc::invalid_request);
    CHECK(code_of(world.cancel()) == Errc::invalid_request);
    CHECK(code_of(world.refund()) == Errc::invalid_request);
    CHECK(code_of(world.fetch()) == Errc::invalid_request);
    CHECK(world.http.sent.empty());
  }
}
