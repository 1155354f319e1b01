// A payment processor whose payments live elsewhere: the test says what becomes of them there, and
// which of the shop's calls fail.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "resys/processor.hpp"

namespace resys::test {

class RemoteProcessor final : public PaymentProcessor {
 public:
  enum class Fault { none, unreachable, answer_lost };

  std::string_view name() const noexcept override { return "remote"; }
  std::vector<ConfigField> config_fields() const override { return {}; }
  Result<void> accepts(Money) const override { return success(); }

  Result<PaymentSnapshot> create_payment(const ProcessorContext&,
                                         const CreatePayment& request) override {
    auto made = answer([&]() -> Result<PaymentSnapshot> {
      const auto [at, is_new] = created_.try_emplace(
          request.idempotency_key, "remote_" + std::to_string(created_.size() + 1));
      PaymentSnapshot& payment = payments_[at->second];
      if (is_new) {
        payment.external_id = at->second;
        payment.currency = request.amount.currency();
        payment.amount_cents = request.amount.minor();
        payment.client_secret = at->second + "_secret";
        payment.payment_id = request.payment_id.text();
        payment.refunds_known = true;
      }
      return payment;
    });
    const std::lock_guard lock(mutex_);
    if (made.has_value()) payable_.insert(made.value().external_id);
    return made;
  }
  Result<PaymentSnapshot> capture(const ProcessorContext&, const CapturePayment& request) override {
    return answer_on(request.external_id, [&](PaymentSnapshot& payment) -> Result<void> {
      if (payment.state == PaymentState::captured) return success();
      if (payment.state != PaymentState::authorized) {
        return Error(Errc::invalid_state, "there is nothing to capture");
      }
      take(payment);
      return success();
    });
  }
  Result<PaymentSnapshot> cancel(const ProcessorContext&, const CancelPayment& request) override {
    return answer_on(request.external_id, [](PaymentSnapshot& payment) -> Result<void> {
      if (payment.state == PaymentState::captured || payment.state == PaymentState::processing) {
        return success();
      }
      payment.state = PaymentState::voided;
      payment.authorized_cents = 0;
      return success();
    });
  }
  Result<RefundSnapshot> refund(const ProcessorContext&, const RefundPayment& request) override {
    return answer([&]() -> Result<RefundSnapshot> {
      PaymentSnapshot& payment = payments_.at(request.external_id);
      for (const RefundSnapshot& refund : payment.refunds) {
        if (refund.refund_id == request.refund_id) return refund;
      }
      if (request.amount.minor() > payment.captured_cents - refunded(payment)) {
        return Error(Errc::invalid_request, "there is not so much money left");
      }
      return payment.refunds.emplace_back(RefundSnapshot{
          payment.external_id + "_refund_" + std::to_string(payment.refunds.size() + 1),
          request.refund_id, refunds_begin, request.amount.minor()});
    });
  }
  Result<PaymentSnapshot> fetch(const ProcessorContext&, const FetchPayment& request) override {
    return answer_on(request.external_id, [](PaymentSnapshot&) { return success(); });
  }
  // The payload is "<event id> <external id>"; the signature is a header.
  Result<WebhookEvent> parse_webhook(const ProcessorContext&,
                                     const ReceiveWebhook& request) override {
    if (find_header(request.headers, "signature") != "good") {
      return Error(Errc::invalid_signature, "the webhook is not signed");
    }
    const std::lock_guard lock(mutex_);
    const std::size_t blank = request.payload.find(' ');
    const PaymentSnapshot& payment = payments_.at(request.payload.substr(blank + 1));
    WebhookEvent event{.event_id = request.payload.substr(0, blank),
                       .type = std::string(name_of(payment.state)),
                       .external_payment_id = payment.external_id,
                       .payment_id = payment.payment_id};
    if (payment.state == PaymentState::captured) event.snapshot = payment;
    return event;
  }

  // ---- the other side

  // Everything of the amount is taken, whatever the payment's state was.
  static void take(PaymentSnapshot& payment) {
    payment.state = PaymentState::captured;
    payment.captured_cents = payment.amount_cents;
    payment.authorized_cents = 0;
  }
  static std::int64_t refunded(const PaymentSnapshot& payment) {
    std::int64_t sum = 0;
    for (const RefundSnapshot& refund : payment.refunds) {
      if (refund.state != RefundState::failed) sum += refund.amount_cents;
    }
    return sum;
  }
  std::vector<PaymentSnapshot> payments() const {
    const std::lock_guard lock(mutex_);
    std::vector<PaymentSnapshot> all;
    for (const auto& [id, payment] : payments_) all.push_back(payment);
    return all;
  }
  // Without an answer nobody has the client secret that a shopper pays with.
  bool is_payable(const std::string& external_id) const {
    const std::lock_guard lock(mutex_);
    return payable_.contains(external_id);
  }
  void change(const std::string& external_id, const std::function<void(PaymentSnapshot&)>& how) {
    const std::lock_guard lock(mutex_);
    how(payments_.at(external_id));
  }
  // News of the payment; sent again it is the same event.
  ReceiveWebhook webhook(const PaymentMethodId& method, const std::string& external_id) {
    const std::lock_guard lock(mutex_);
    return {method.text(),
            {{"Signature", "good"}},
            "evt_" + std::to_string(++webhooks_) + " " + external_id};
  }

  // Set these while no call is under way.
  std::function<Fault()> next_fault;  // of each call; empty: none
  RefundState refunds_begin = RefundState::succeeded;

 private:
  template <class Work>
  auto answer(const Work& work) -> decltype(work()) {
    const std::lock_guard lock(mutex_);
    const Fault fault = next_fault ? next_fault() : Fault::none;
    if (fault == Fault::unreachable) {
      return Error(Errc::processor_unavailable, "the processor cannot be reached");
    }
    auto answered = work();
    if (fault == Fault::answer_lost) return Error(Errc::outcome_unknown, "the answer was lost");
    return answered;
  }
  Result<PaymentSnapshot> answer_on(const std::string& external_id,
                                    const std::function<Result<void>(PaymentSnapshot&)>& work) {
    return answer([&]() -> Result<PaymentSnapshot> {
      PaymentSnapshot& payment = payments_.at(external_id);
      RESYS_TRYV(work(payment));
      return payment;
    });
  }

  mutable std::mutex mutex_;
  std::map<std::string, std::string> created_;  // idempotency key -> external id
  std::map<std::string, PaymentSnapshot> payments_;
  std::set<std::string> payable_;
  std::int64_t webhooks_ = 0;
};

}  // namespace resys::test
