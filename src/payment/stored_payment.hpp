// What the test and the manual processor know about a payment. It is stored in the shop's database,
// so that it survives a restart and several processes share it.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "resys/processor.hpp"

namespace resys::payments {

struct StoredPayment {
  PaymentSnapshot snapshot;              // all of its refunds are known
  std::optional<Timestamp> captured_at;  // when a payment in processing becomes captured by itself
};

// A requested payment. `prefix` and `name` make its external id.
StoredPayment new_payment(std::string_view prefix, std::string_view name,
                          const CreatePayment& request);

// Stores a new payment, or returns the existing one with that external id. invalid_request if that
// belongs to another payment.
Result<PaymentSnapshot> store_payment(const ProcessorContext& context,
                                      const StoredPayment& payment);

Error no_such_payment();

// Changes the latest state of a payment, which is then stored. May run more than once.
using PaymentChange = std::function<Result<void>(StoredPayment&)>;
// `unknown` is the error if there is no payment with that external id.
Result<PaymentSnapshot> change_payment(const ProcessorContext& context,
                                       const std::string& external_id, const PaymentChange& change,
                                       const Error& unknown = no_such_payment());

// The port's calls, as both processors do them. Captures at most `most`, or without it at most the
// authorized amount.
Result<PaymentSnapshot> capture_payment(const ProcessorContext& context,
                                        const CapturePayment& request,
                                        std::optional<std::int64_t> most = std::nullopt);
Result<PaymentSnapshot> cancel_payment(const ProcessorContext& context,
                                       const CancelPayment& request);
Result<RefundSnapshot> refund_payment(const ProcessorContext& context,
                                      const RefundPayment& request);
Result<PaymentSnapshot> fetch_payment(const ProcessorContext& context, const FetchPayment& request);

// unsupported_currency if the amount is not greater than zero.
Result<void> require_positive(Money amount);

// What both processors do alike. `Port` is the class whose calls these are.
template <class Port>
class StoredPaymentProcessor : public Port {
 public:
  std::vector<ConfigField> config_fields() const override { return {}; }
  Result<void> accepts(Money amount) const override { return require_positive(amount); }
  Result<PaymentSnapshot> capture(const ProcessorContext& context,
                                  const CapturePayment& request) override {
    return capture_payment(context, request);
  }
  Result<PaymentSnapshot> cancel(const ProcessorContext& context,
                                 const CancelPayment& request) override {
    return cancel_payment(context, request);
  }
  Result<RefundSnapshot> refund(const ProcessorContext& context,
                                const RefundPayment& request) override {
    return refund_payment(context, request);
  }
  Result<PaymentSnapshot> fetch(const ProcessorContext& context,
                                const FetchPayment& request) override {
    return fetch_payment(context, request);
  }
};

void capture_all(StoredPayment& payment);
Error wrong_state(const StoredPayment& payment, std::string_view event);

}  // namespace resys::payments
