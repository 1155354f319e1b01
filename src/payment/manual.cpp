// The manual processor: bank transfer, cash on delivery. Staff record when the money has come and
// when it was refunded, and the processor keeps these records.
#include "payment/intent.hpp"

namespace resys {
namespace {

class ManualProcessor final : public PaymentProcessor {
 public:
  std::string_view name() const noexcept override { return "manual"; }
  ProcessorTraits traits() const override { return {.offline = true}; }
  std::vector<ConfigField> config_fields() const override { return {}; }
  Result<void> accepts(Money amount) const override { return payments::require_positive(amount); }

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
  Result<PaymentSnapshot> cancel(const ProcessorContext& context,
                                 const CancelPayment& request) override {
    return payments::cancel_intent(context, request);
  }
  Result<RefundSnapshot> refund(const ProcessorContext& context,
                                const RefundPayment& request) override {
    return payments::refund_intent(context, request);
  }
  Result<PaymentSnapshot> fetch(const ProcessorContext& context,
                                const FetchPayment& request) override {
    return payments::fetch_intent(context, request);
  }
};

}  // namespace

std::shared_ptr<PaymentProcessor> manual_processor() { return std::make_shared<ManualProcessor>(); }

}  // namespace resys
