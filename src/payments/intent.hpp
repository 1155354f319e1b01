// What the test and the manual processor know of a payment. It is kept in the shop's database, so
// that it is still true after a restart and for several processes.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "resys/processor.hpp"

namespace resys::payments {

struct Intent {
  PaymentSnapshot snapshot;              // all of its refunds are known
  std::optional<Timestamp> captured_at;  // when one that is processing is captured by itself
};

// A payment that is asked for; `prefix` and `name` make its external id.
Intent new_intent(std::string_view prefix, std::string_view name, const CreatePayment& request);

// Keeps a new intent, or answers the one of that external id that is there already.
// invalid_request if that is another payment's.
Result<PaymentSnapshot> open_intent(const ProcessorContext& context, const Intent& intent);

Error no_such_payment();

// Decides on the latest state and keeps what it made of it. May run more than once.
using IntentChange = std::function<Result<void>(Intent&)>;
// `unknown`: if there is none of that external id.
Result<PaymentSnapshot> change_intent(const ProcessorContext& context,
                                      const std::string& external_id, const IntentChange& change,
                                      const Error& unknown = no_such_payment());

// The port's calls, as both processors do them.
// Takes at most `most`: absent, what is authorized.
Result<PaymentSnapshot> capture_intent(const ProcessorContext& context,
                                       const CapturePayment& request,
                                       std::optional<std::int64_t> most = std::nullopt);
Result<PaymentSnapshot> cancel_intent(const ProcessorContext& context,
                                      const CancelPayment& request);
Result<RefundSnapshot> refund_intent(const ProcessorContext& context, const RefundPayment& request);
Result<PaymentSnapshot> fetch_intent(const ProcessorContext& context, const FetchPayment& request);

void capture_all(Intent& intent);
Error wrong_state(const Intent& intent, std::string_view event);
// unsupported_currency for amounts that are not greater than zero.
Result<void> require_positive(Money amount);

}  // namespace resys::payments
