// The manual processor: what staff said is kept and can be fetched.
#include "payment/processor_world.hpp"

using namespace resys;
using namespace resys::test;

TEST_CASE("a manual payment is authorized at once and captured when staff say so") {
  ProcessorWorld world;
  const auto processor = manual_processor();
  CHECK(processor->name() == "manual");
  CHECK(processor->config_fields().empty());
  const CreatePayment order = world.order(euros(1580));
  const PaymentSnapshot made = processor->create_payment(world.context(), order).value();
  CHECK(made.state == PaymentState::authorized);
  CHECK(made.authorized_cents == 1580);
  CHECK(made.captured_cents == 0);
  CHECK(made.payment_id == order.payment_id.text());
  CHECK(made.client_secret.empty());
  CHECK(made.refunds_known);
  // Asked again, it is the same payment.
  const PaymentSnapshot again = processor->create_payment(world.context(), order).value();
  CHECK(again.external_id == made.external_id);

  const CapturePayment capture{made.external_id, euros(1580), "capture"};
  const PaymentSnapshot captured = processor->capture(world.context(), capture).value();
  CHECK(captured.state == PaymentState::captured);
  CHECK(captured.captured_cents == 1580);
  CHECK(captured.authorized_cents == 0);
  CHECK(processor->capture(world.context(), capture).value().captured_cents == 1580);
  CHECK(processor->create_payment(world.context(), order).value().state == PaymentState::captured);

  // Another process, after a restart.
  const PaymentSnapshot fetched =
      manual_processor()->fetch(world.context(), {made.external_id, order.amount}).value();
  CHECK(fetched.state == PaymentState::captured);
  CHECK(fetched.captured_cents == 1580);
  CHECK(fetched.currency == currency("EUR"));
  CHECK(fetched.payment_id == order.payment_id.text());
}

TEST_CASE("a manual payment is captured with what has come, less or more") {
  ProcessorWorld world;
  const auto processor = manual_processor();
  const auto made = processor->create_payment(world.context(), world.order(euros(1000))).value();
  const Money francs(400, currency("CHF"));
  CHECK(code_of(processor->capture(world.context(), {made.external_id, francs, "b"})) ==
        Errc::invalid_request);
  const auto captured =
      processor->capture(world.context(), {made.external_id, euros(400), "c"}).value();
  CHECK(captured.captured_cents == 400);
  CHECK(captured.authorized_cents == 0);
  const auto other = processor->create_payment(world.context(), world.order(euros(1000))).value();
  const auto more = processor->capture(world.context(), {other.external_id, euros(1001), "a"});
  CHECK(more.value().captured_cents == 1001);
  CHECK(more.value().amount_cents == 1000);
}

TEST_CASE("a manual payment is voided unless the money was faster") {
  ProcessorWorld world;
  const auto processor = manual_processor();
  const auto one = processor->create_payment(world.context(), world.order(euros(100))).value();
  const CancelPayment cancel{one.external_id, euros(100), "cancel"};
  CHECK(processor->cancel(world.context(), cancel).value().state == PaymentState::voided);
  CHECK(processor->cancel(world.context(), cancel).value().authorized_cents == 0);
  const auto capture = processor->capture(world.context(), {one.external_id, euros(100), "late"});
  CHECK(code_of(capture) == Errc::invalid_state);
  CHECK(capture.error().fact("state") == "voided");

  const auto two = processor->create_payment(world.context(), world.order(euros(100))).value();
  processor->capture(world.context(), {two.external_id, euros(100), "capture"}).value();
  const auto canceled = processor->cancel(world.context(), {two.external_id, euros(100), "late"});
  CHECK(canceled.value().state == PaymentState::captured);
  CHECK(canceled.value().captured_cents == 100);
}

TEST_CASE("manual refunds succeed at once and never exceed what was captured") {
  ProcessorWorld world;
  const auto processor = manual_processor();
  const auto made = processor->create_payment(world.context(), world.order(euros(1000))).value();
  CHECK(code_of(processor->refund(world.context(), world.refund(made, euros(1)))) ==
        Errc::invalid_state);
  processor->capture(world.context(), {made.external_id, euros(1000), "capture"}).value();

  const RefundPayment first = world.refund(made, euros(700));
  const RefundSnapshot refunded = processor->refund(world.context(), first).value();
  CHECK(refunded.state == RefundState::succeeded);
  CHECK(refunded.amount_cents == 700);
  CHECK(refunded.refund_id == first.refund_id);
  CHECK(processor->refund(world.context(), first).value().external_id == refunded.external_id);

  const auto more = processor->refund(world.context(), world.refund(made, euros(301)));
  CHECK(code_of(more) == Errc::invalid_request);
  CHECK(more.error().fact("available", 0) == 300);
  processor->refund(world.context(), world.refund(made, euros(300))).value();

  const auto fetched = processor->fetch(world.context(), {made.external_id, euros(1000)}).value();
  REQUIRE(fetched.refunds.size() == 2);
  CHECK(fetched.refunds[0].external_id == refunded.external_id);
  CHECK(fetched.refunds[0].refund_id == first.refund_id);
  CHECK(fetched.refunds[0].state == RefundState::succeeded);
  CHECK(fetched.refunds[1].amount_cents == 300);
  CHECK(fetched.state == PaymentState::captured);
}

TEST_CASE("a database that fails leaves a manual payment unchanged") {
  ProcessorWorld world;
  const auto processor = manual_processor();
  const auto made = processor->create_payment(world.context(), world.order(euros(100))).value();
  const CapturePayment capture{made.external_id, euros(100), "capture"};
  world.notes.failure = Error(Errc::busy, "the database was locked");
  CHECK(code_of(processor->capture(world.context(), capture)) == Errc::processor_unavailable);
  world.notes.failure = Error(Errc::outcome_unknown, "the disk failed");
  CHECK(code_of(processor->capture(world.context(), capture)) == Errc::outcome_unknown);
  world.notes.failure.reset();
  CHECK(processor->fetch(world.context(), {made.external_id, euros(100)}).value().state ==
        PaymentState::authorized);
}

TEST_CASE("a payment that the manual processor does not know is refused") {
  ProcessorWorld world;
  const auto processor = manual_processor();
  CHECK(code_of(processor->fetch(world.context(), {"manual_unknown", euros(1)})) ==
        Errc::invalid_request);
  CHECK(code_of(processor->cancel(world.context(), {"manual_unknown", euros(1), "a"})) ==
        Errc::invalid_request);
  CHECK(code_of(processor->create_payment(world.context(), world.order(euros(0)))) ==
        Errc::unsupported_currency);
  CHECK(code_of(processor->accepts(euros(0))) == Errc::unsupported_currency);
  CHECK(processor->accepts(euros(kMaxMinor)).has_value());
  CHECK(code_of(processor->parse_webhook(world.context(), {"stripe", {}, "{}"})) ==
        Errc::invalid_signature);
}
