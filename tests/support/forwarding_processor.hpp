// A payment processor that does as another one does, under a name of its own: for tests that change
// one answer of it.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "resys/processor.hpp"

namespace resys::test {

class ForwardingProcessor : public PaymentProcessor {
 public:
  ForwardingProcessor(std::string name, std::shared_ptr<PaymentProcessor> to)
      : name_(std::move(name)), to_(std::move(to)) {}

  std::string_view name() const noexcept override { return name_; }
  std::vector<ConfigField> config_fields() const override { return to_->config_fields(); }
  Result<void> accepts(Money amount) const override { return to_->accepts(amount); }
  Result<PaymentSnapshot> create_payment(const ProcessorContext& context,
                                         const CreatePayment& request) override {
    return to_->create_payment(context, request);
  }
  Result<PaymentSnapshot> capture(const ProcessorContext& context,
                                  const CapturePayment& request) override {
    return to_->capture(context, request);
  }
  Result<PaymentSnapshot> cancel(const ProcessorContext& context,
                                 const CancelPayment& request) override {
    return to_->cancel(context, request);
  }
  Result<RefundSnapshot> refund(const ProcessorContext& context,
                                const RefundPayment& request) override {
    return to_->refund(context, request);
  }
  Result<PaymentSnapshot> fetch(const ProcessorContext& context,
                                const FetchPayment& request) override {
    return to_->fetch(context, request);
  }

 private:
  const std::string name_;
  const std::shared_ptr<PaymentProcessor> to_;
};

}  // namespace resys::test
