// The test processor: behaves like a real one, takes no money. kTestCards says which card does
// what; its payments are the shop's own rows, so that they survive a kill.
#include <algorithm>
#include <array>
#include <utility>

#include "base/crypto.hpp"
#include "payment/stored_payment.hpp"
#include "resys/test_processor.hpp"

namespace resys {
namespace {

using payments::StoredPayment;

constexpr std::string_view kPrefix = "test_";
constexpr std::string_view kSecretMark = "_secret_";
constexpr std::int64_t kProcessingMicros = 5 * kMicrosPerSecond;

Result<TestCard> find_card(std::string number) {
  number.erase(std::remove(number.begin(), number.end(), ' '), number.end());
  for (const TestCard& card : kTestCards) {
    if (card.number == number) return card;
  }
  return Error(Errc::invalid_request,
               "this is not the number of a test card such as 4242424242424242")
      .at("card");
}

void decline(StoredPayment& payment, std::string_view code) {
  PaymentSnapshot& snapshot = payment.snapshot;
  snapshot.state = PaymentState::created;
  snapshot.decline_code = code;
  snapshot.decline_message = code == "insufficient_funds"      ? "Your card has insufficient funds"
                             : code == "authentication_failed" ? "The payment was not confirmed"
                                                               : "Your card was declined";
}

Result<void> enter_card(StoredPayment& payment, const TestCard& card, Timestamp now) {
  PaymentSnapshot& snapshot = payment.snapshot;
  // Impatient people enter a card twice. The first time counts.
  if (snapshot.state == PaymentState::captured || snapshot.state == PaymentState::processing) {
    return success();
  }
  if (snapshot.state == PaymentState::voided) return payments::wrong_state(payment, "pay");
  switch (card.outcome) {
    case TestCardOutcome::capture:
    case TestCardOutcome::lose_response:
      payments::capture_all(payment);
      break;
    case TestCardOutcome::decline:
      decline(payment, card.decline_code);
      break;
    case TestCardOutcome::require_action:
      snapshot.state = PaymentState::requires_action;
      break;
    case TestCardOutcome::process:
      snapshot.state = PaymentState::processing;
      payment.captured_at = now.plus(kProcessingMicros);
      break;
  }
  return success();
}

Result<void> answer_question(StoredPayment& payment, bool approve) {
  if (payment.snapshot.state == PaymentState::captured) return success();
  if (payment.snapshot.state != PaymentState::requires_action) {
    return payments::wrong_state(payment, "approve");
  }
  if (approve) {
    payments::capture_all(payment);
  } else {
    decline(payment, "authentication_failed");
  }
  return success();
}

// A processor is not given the shop's RandomSource, so client secrets differ from run to run even
// in a simulation.
std::string random_hex() {
  std::string bytes(16, '\0');
  system_random()->fill(reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size());
  return net::hex(bytes);
}

class CardTestProcessor final : public payments::StoredPaymentProcessor<TestProcessor> {
 public:
  std::string_view name() const noexcept override { return "test"; }

  Result<PaymentSnapshot> create_payment(const ProcessorContext& context,
                                         const CreatePayment& request) override {
    // The key names the payment, so a repetition gets the same one.
    const std::string digits = net::hex(net::sha256(request.idempotency_key)).substr(0, 32);
    StoredPayment payment = payments::new_payment(kPrefix, digits, request);
    payment.snapshot.client_secret =
        std::string(payment.snapshot.external_id).append(kSecretMark).append(random_hex());
    return payments::store_payment(context, payment);
  }
  Result<PaymentSnapshot> pay(const ProcessorContext& context,
                              const PayTestPayment& request) override {
    if (request.card.has_value() == request.approve.has_value()) {
      return Error(Errc::invalid_request,
                   request.card ? "both a card and an answer to its question are given"
                                : "neither a card nor an answer to its question is given")
          .at(request.card ? "approve" : "card");
    }
    TestCard card;
    if (request.card) {
      RESYS_TRY(found, find_card(*request.card));
      card = found;
    }
    const std::string id = external_id(request.client_secret);
    const Error unknown =
        Error(Errc::not_found, "there is no payment with this client secret").at("clientSecret");
    bool captured_now = false;
    const auto change = [&](StoredPayment& payment) -> Result<void> {
      if (!net::equal_in_constant_time(payment.snapshot.client_secret, request.client_secret)) {
        return unknown;
      }
      const bool captured_before = payment.snapshot.state == PaymentState::captured;
      if (request.card) {
        RESYS_TRYV(enter_card(payment, card, context.now));
      } else {
        RESYS_TRYV(answer_question(payment, *request.approve));
      }
      captured_now = !captured_before && payment.snapshot.state == PaymentState::captured;
      return success();
    };
    RESYS_TRY(snapshot, payments::change_payment(context, id, change, unknown));
    if (captured_now && card.outcome == TestCardOutcome::lose_response) {
      return Error(Errc::outcome_unknown, "the response was lost, as this test card simulates");
    }
    return snapshot;
  }

  std::string external_id(std::string_view client_secret) const override {
    const std::size_t mark = client_secret.find(kSecretMark);
    if (!client_secret.starts_with(kPrefix) || mark == std::string_view::npos) return {};
    return std::string(client_secret.substr(0, mark));
  }
};

}  // namespace

std::shared_ptr<TestProcessor> test_processor() { return std::make_shared<CardTestProcessor>(); }

}  // namespace resys
