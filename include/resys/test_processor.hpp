// The test processor: behaves like a real one, takes no money. Never offer it to real shoppers. It
// is used where it is named in ShopOptions::processors.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "resys/processor.hpp"

namespace resys {

// The outcome is chosen by card number.
enum class TestCardOutcome { capture, decline, require_action, process, lose_response };

struct TestCard {
  std::string_view number{};
  TestCardOutcome outcome = TestCardOutcome::capture;
  std::string_view behavior{};      // in words
  std::string_view decline_code{};  // where it is declined
};
inline constexpr TestCard kTestCards[] = {
    {"4242424242424242", TestCardOutcome::capture, "approved"},
    {"4000000000000002", TestCardOutcome::decline, "declined", "card_declined"},
    {"4000000000009995", TestCardOutcome::decline, "declined: no funds", "insufficient_funds"},
    {"4000002500003155", TestCardOutcome::require_action, "asks the shopper to approve it"},
    {"4000000000000259", TestCardOutcome::process, "processing; captured some seconds later"},
    {"4000000000000119", TestCardOutcome::lose_response, "captured, but the response is lost"},
};

// The test processor's card form: what a shopper would do on a real processor's page.
struct PayTestPayment {
  std::string client_secret{};
  std::optional<std::string> card{};  // a number of kTestCards
  std::optional<bool> approve{};      // answers the card's question after requires_action
};

struct TestPaymentOutcome {
  PaymentState state = PaymentState::created;
};

class TestProcessor : public PaymentProcessor {
 public:
  // The shopper's side: enters a card, or answers its question. Errors as TestPayments::pay.
  virtual Result<PaymentSnapshot> pay(const ProcessorContext& context,
                                      const PayTestPayment& request) = 0;
  // The external id in a client secret, or empty.
  virtual std::string external_id(std::string_view client_secret) const = 0;
};
std::shared_ptr<TestProcessor> test_processor();

// For shoppers, in shops that were opened with the test processor.
class TestPayments {
 public:
  explicit TestPayments(Context& context) : context_(context) {}

  // Enters a card for a payment of the test processor, or answers the card's question. Returns once
  // the result is durable. not_found: no payment has this client secret, or the shop was opened
  // without the test processor. payment_declined: the payment is still open and another card may be
  // tried, unless the store's release_on_decline is set. invalid_state: the payment has ended, or
  // no question is open. outcome_unknown: the card whose response is lost; background work finds
  // the money.
  // Errors: not_found, payment_declined, invalid_state, processor_unavailable, outcome_unknown.
  Result<TestPaymentOutcome> pay(const Caller& caller, const PayTestPayment& request);

 private:
  Context& context_;
};

}  // namespace resys
