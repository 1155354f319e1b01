// The shop that the fuzzers call: it sells, and is paid through the test processor, by hand, and
// through Stripe, whose answers are the fuzzer's. A new one is opened now and then, so that it
// stays small; a failure is told with the input's own requests.
#pragma once

#include <memory>
#include <string>

#include "resys/shop.hpp"
#include "support/ports.hpp"

namespace resys::test {

// Every HTTP request is answered with what the fuzzer says.
class FuzzedTransport final : public HttpTransport {
 public:
  Result<IncomingResponse> send(const OutgoingRequest&) override {
    if (status == 0) return Error(Errc::outcome_unknown, "time-out");
    return IncomingResponse{status, {}, body};
  }
  int status = 0;
  std::string body;
};

class FuzzedShop {
 public:
  static constexpr const char* kWebhookSecret = "whsec_fuzz";

  FuzzedShop();
  Shop& shop() { return *shop_; }
  // True if a new shop was opened: what was learned of the old one is of no use.
  bool renew_now_and_then();

  std::shared_ptr<TestClock> clock;
  std::shared_ptr<FuzzedTransport> transport;
  PaymentMethodId stripe;

 private:
  void open();

  std::unique_ptr<Shop> shop_;
  int inputs_ = 0;
};

// Ends the fuzzer with a sentence and what led to it.
[[noreturn]] void fail(const std::string& sentence, const std::string& context);
// An error says something: a code that is no defect of the library, one plain line, a short field.
void check_error(const Error& error, const std::string& context);

}  // namespace resys::test
