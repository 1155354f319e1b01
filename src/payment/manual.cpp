// The manual processor: bank transfer, cash on delivery. Staff record when the money has come and
// when it was refunded, and the processor keeps these records.
#include "payment/intent.hpp"

namespace resys {
namespace {

class ManualProcessor final : public payments::IntentProcessor<PaymentProcessor> {
 public:
  std::string_view name() const noexcept override { return "manual"; }
  ProcessorTraits traits() const override { return {.offline = true}; }

  Result<PaymentSnapshot> create_payment(const ProcessorContext& context,
                                         const CreatePayment& request) override {
    const std::string payment_id = request.payment_id.text();
    const auto name = std::string_view(payment_id).substr(PaymentId::prefix().size());
    payments::Intent intent = payments::new_intent("manual", name, request);
    intent.snapshot.state = PaymentState::authorized;
    intent.snapshot.authorized_cents = intent.snapshot.amount_cents;
    return payments::open_intent(context, intent);
  }
  Result<PaymentSnapshot> capture(const ProcessorContext& context,
                                  const CapturePayment& request) override {
    return payments::capture_intent(context, request, kMaxMinor);  // whatever has come
  }
};

}  // namespace

std::shared_ptr<PaymentProcessor> manual_processor() { return std::make_shared<ManualProcessor>(); }

}  // namespace resys
