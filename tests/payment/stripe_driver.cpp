// Lets the Python tests, which run servers and Stripe's own clients, call the Stripe processor: a
// line of JSON in is a call, a line out its answer. Arguments: Stripe's address.
#include <iostream>
#include <nlohmann/json.hpp>

#include "resys/processor.hpp"

using namespace resys;
using Json = nlohmann::json;

namespace {

// The Stripe processor keeps none.
class NoNotes final : public ProcessorNotes {
 public:
  Result<Note> read(std::string_view) override { return Error(Errc::internal, "no notes"); }
  Result<void> write(std::string_view, std::string_view, std::int64_t) override {
    return Error(Errc::internal, "no notes");
  }
};

// Has the patience that the test says.
class Impatient final : public HttpTransport {
 public:
  Result<IncomingResponse> send(const OutgoingRequest& request) override {
    OutgoingRequest hasty = request;
    hasty.timeout_ms = timeout_ms;
    return curl->send(hasty);
  }
  std::int64_t timeout_ms = 30'000;

 private:
  std::shared_ptr<HttpTransport> curl = curl_transport();
};

Json json_of(const Error& error) {
  Json facts = Json::object();
  for (const Fact& fact : error.facts()) {
    std::visit([&](const auto& value) { facts[fact.name] = value; }, fact.value);
  }
  return {{"error", error_info(error.code()).name}, {"message", error.message()}, {"facts", facts}};
}

Json json_of(const RefundSnapshot& refund) {
  return {{"externalId", refund.external_id},
          {"refundId", refund.refund_id.text()},
          {"state", name_of(refund.state)},
          {"amount", refund.amount_cents}};
}

Json json_of(const PaymentSnapshot& snapshot) {
  Json refunds = Json::array();
  for (const RefundSnapshot& refund : snapshot.refunds) refunds.push_back(json_of(refund));
  return {{"externalId", snapshot.external_id},
          {"state", name_of(snapshot.state)},
          {"currency", snapshot.currency.code()},
          {"amount", snapshot.amount_cents},
          {"authorized", snapshot.authorized_cents},
          {"captured", snapshot.captured_cents},
          {"clientSecret", snapshot.client_secret},
          {"declineCode", snapshot.decline_code},
          {"declineMessage", snapshot.decline_message},
          {"captureBefore", snapshot.capture_before ? snapshot.capture_before->seconds() : 0},
          {"refunds", snapshot.refunds_known ? refunds : Json(nullptr)},
          {"disputeStatus", snapshot.dispute_status},
          {"paymentId", snapshot.payment_id}};
}

Json json_of(const WebhookEvent& event) {
  return {{"eventId", event.event_id},
          {"type", event.type},
          {"externalPaymentId", event.external_payment_id},
          {"paymentId", event.payment_id},
          {"snapshot", event.snapshot ? json_of(*event.snapshot) : Json(nullptr)}};
}

template <class Value>
Json json_of(const Result<Value>& result) {
  return result.has_value() ? json_of(result.value()) : json_of(result.error());
}

Json answer(PaymentProcessor& processor, const ProcessorContext& context, const Json& call) {
  const std::string what = call["call"];
  const std::string id = call.value("externalId", "");
  const std::string key = call.value("key", "");
  const PaymentId payment({call.value("payment", std::uint64_t{1}), 1});
  const Money amount(call.value("amount", std::int64_t{1580}),
                     Currency::parse(call.value("currency", "EUR")).value());
  if (what == "create") {
    return json_of(processor.create_payment(context, {payment,
                                                      OrderId({1, 2}),
                                                      "R1",
                                                      amount,
                                                      call.value("email", "ada@example.com"),
                                                      {},
                                                      key,
                                                      context.now}));
  }
  if (what == "capture") return json_of(processor.capture(context, {id, amount, key}));
  if (what == "cancel") return json_of(processor.cancel(context, {id, amount, key}));
  if (what == "refund") {
    const PaymentEntryId refund({call.value("refund", std::uint64_t{1}), 3});
    return json_of(processor.refund(context, {id, payment, refund, amount, key}));
  }
  if (what == "fetch") return json_of(processor.fetch(context, {id, amount}));
  return json_of(processor.parse_webhook(
      context, {"stripe", call["headers"].get<Headers>(), call["payload"]}));
}

}  // namespace

int main(int, char** arguments) {
  const auto processor = stripe_processor({arguments[1]});
  const auto clock = system_clock();
  Impatient http;
  NoNotes notes;
  for (std::string line; std::getline(std::cin, line);) {
    const Json call = Json::parse(line);
    const Pairs config = call.value("config", Pairs{});
    http.timeout_ms = call.value("timeoutMs", std::int64_t{30'000});
    const auto now = call.contains("now") ? Timestamp::from_seconds(call["now"]) : clock->now();
    const ProcessorContext context{"default", PaymentMethodId({1, 1}), config, &http, notes, now};
    std::cout << answer(*processor, context, call).dump() << std::endl;
  }
}
