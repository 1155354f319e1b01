// What the test and the manual processor know about a payment. It is stored in the shop's database,
// so that it survives a restart and several processes share it.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "resys/processor.hpp"

namespace resys::payments {

struct Intent {
  PaymentSnapshot snapshot;              // all of its refunds are known
  std::optional<Timestamp> captured_at;  // when a payment in processing becomes captured by itself
};

// A requested payment. `prefix` and `name` make its external id.
Intent new_intent(std::string_view prefix, std::string_view name, const CreatePayment& request);

// Stores a new intent, or returns the existing one with that external id. invalid_request if that
// belongs to another payment.
Result<PaymentSnapshot> open_intent(const ProcessorContext& context, const Intent& intent);

Error no_such_payment();

// Changes the latest state of an intent, which is then stored. May run more than once.
using IntentChange = std::function<Result<void>(Intent&)>;
// `unknown` is the error if there is no intent with that external id.
Result<PaymentSnapshot> change_intent(const ProcessorContext& context,
                                      const std::string& external_id, const IntentChange& change,
                                      const Error& unknown = no_such_payment());

// The port's calls, as both processors do them. Captures at most `most`, or without it at most the
// authorized amount.
Result<PaymentSnapshot> capture_intent(const ProcessorContext& context,
                                       const CapturePayment& request,
                                       std::optional<std::int64_t> most = std::nullopt);
Result<PaymentSnapshot> cancel_intent(const ProcessorContext& context,
                                      const CancelPayment& request);
Result<RefundSnapshot> refund_intent(const ProcessorContext& context, const RefundPayment& request);
Result<PaymentSnapshot> fetch_intent(const ProcessorContext& context, const FetchPayment& request);

// unsupported_currency if the amount is not greater than zero.
Result<void> require_positive(Money amount);

// What both processors do alike. `Port` is the class whose calls these are.
template <class Port>
class IntentProcessor : public Port {
 public:
  std::vector<ConfigField> config_fields() const override { return {}; }
  Result<void> accepts(Money amount) const override { return require_positive(amount); }
  Result<PaymentSnapshot> capture(const ProcessorContext& context,
                                  const CapturePayment& request) override {
    return capture_intent(context, request);
  }
  Result<PaymentSnapshot> cancel(const ProcessorContext& context,
                                 const CancelPayment& request) override {
    return cancel_intent(context, request);
  }
  Result<RefundSnapshot> refund(const ProcessorContext& context,
                                const RefundPayment& request) override {
    return refund_intent(context, request);
  }
  Result<PaymentSnapshot> fetch(const ProcessorContext& context,
                                const FetchPayment& request) override {
    return fetch_intent(context, request);
  }
};

void capture_all(Intent& intent);
Error wrong_state(const Intent& intent, std::string_view event);

}  // namespace resys::payments
