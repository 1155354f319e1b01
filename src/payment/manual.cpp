// The manual processor: bank transfer, cash on delivery. Staff record when the money has come and
// when it was refunded, and the processor keeps these records.
#include "payment/stored_payment.hpp"

namespace resys {
namespace {

class ManualProcessor final : public payments::StoredPaymentProcessor<PaymentProcessor> {
 public:
  std::string_view name() const noexcept override { return "manual"; }
  ProcessorTraits traits() const override { return {.offline = true}; }

  Result<PaymentSnapshot> create_payment(const ProcessorContext& context,
                                         const CreatePayment& request) override {
    const std::string payment_id = request.payment_id.text();
    const auto name = std::string_view(payment_id).substr(PaymentId::prefix().size());
    payments::StoredPayment payment = payments::new_payment("manual", name, request);
    payment.snapshot.state = PaymentState::authorized;
    payment.snapshot.authorized_cents = payment.snapshot.amount_cents;
    return payments::store_payment(context, payment);
  }
  Result<PaymentSnapshot> capture(const ProcessorContext& context,
                                  const CapturePayment& request) override {
    return payments::capture_payment(context, request, kMaxMinor);  // all that has come
  }
};

}  // namespace

std::shared_ptr<PaymentProcessor> manual_processor() { return std::make_shared<ManualProcessor>(); }

}  // namespace resys
