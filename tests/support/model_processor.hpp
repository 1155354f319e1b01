// A payment processor under the test's control, with a ledger of its own: what it says it has taken
// and given back is what a real one would have, whatever the shop believes. Each call can be made
// to fail in every way that a call over a network can, and the buyer's side is played by the test.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "resys/shop.hpp"

namespace resys::test {

// What a processor or its network does to one call.
enum class Fault {
  none,
  lost_request,  // time-out; nothing was done
  lost_answer,   // time-out; it was done all the same
  unreachable,   // nothing was done
  refused,       // definitely not done, for good; what was done is answered instead
  refused_late,  // refused after before_answer(), although it may have been done before
  broken,        // an answer that the port does not know
  crash_before,  // the shop's process dies (an exception that nobody expects) before it is done
  crash_after,   // or after it
};

struct Crash {};

// Safe to use from several threads.
class ModelProcessor final : public PaymentProcessor {
 public:
  enum class Call { create, capture, cancel, refund, fetch };

  explicit ModelProcessor(std::string name = "model") : name_(std::move(name)) {}

  // ---- the script

  // The next call of that kind, and so many after it.
  void fail(Call call, Fault fault, int times = 1);
  // No fault is planned any more.
  void forgive();
  // Every call is unreachable while this is on.
  void set_down(bool down);
  // Runs in the next call of that kind after it was done and before it is answered, with no lock
  // held.
  void before_answer(Call call, std::function<void()> action);
  // Changes every answer and webhook from now on; empty: none.
  void tamper(std::function<void(PaymentSnapshot&)> change);
  // New payments are authorized first and captured by the shop.
  void capture_by_hand(bool by_hand);
  // Amounts are multiples of this.
  void set_step(std::int64_t cents);
  // Refunds from now on are answered so.
  void answer_refunds(RefundState state);

  // ---- the buyer, the bank and the processor's own staff

  // The shop's payment's intent; empty if there is none.
  std::string intent_of(const PaymentId& payment) const;
  // The card is good: captured, or authorized. False if the intent does not take cards any more.
  bool pay(const std::string& intent);
  void decline(const std::string& intent, const std::string& code = "card_declined");
  // Neither paid nor refused yet; only for open intents.
  void set_state(const std::string& intent, PaymentState state);
  // Money is taken at any moment, even after it was canceled.
  void take_money(const std::string& intent);
  // Its own staff take another amount than was asked for, in all.
  void take_other(const std::string& intent, std::int64_t cents);
  // Its own staff, or a rule of its own, end an open payment.
  void void_here(const std::string& intent);
  // The bank takes its promise back.
  void lose_authorization(const std::string& intent);
  // Somebody refunds without the shop. The refund's external id.
  std::string refund_here(const std::string& intent, std::int64_t cents,
                          RefundState state = RefundState::succeeded);
  // The pending ones.
  void settle_refunds(const std::string& intent, RefundState state);
  // The bank sends back what it had taken.
  void fail_refunds(const std::string& intent);

  // ---- webhooks

  // Signed, about an intent as it is now. Final ones say all; others make the shop fetch.
  ReceiveWebhook webhook(const std::string& intent, std::string type = "payment");
  // A dispute begins or goes on; the event does not say how.
  ReceiveWebhook dispute(const std::string& intent, const std::string& status);
  // Of any content; see the .cpp for its form.
  ReceiveWebhook sign(const std::string& payload, const std::string& secret = kSecret) const;
  static constexpr const char* kSecret = "model-secret";

  // ---- the ledger

  struct Made {
    Call call;
    std::string idempotency_key;
    std::string intent;
  };
  std::vector<Made> calls(Call call) const;
  std::vector<PaymentSnapshot> intents() const;
  // Of the store's orders that payments were asked for.
  std::set<std::string> order_numbers(const std::string& store) const;
  PaymentSnapshot intent(const std::string& external_id) const;

  // ---- the port

  std::string_view name() const noexcept override { return name_; }
  ProcessorTraits traits() const override { return {.has_webhooks = true}; }
  std::vector<ConfigField> config_fields() const override {
    return {{.name = "webhookSecret", .secret = true}};
  }
  Result<void> accepts(Money amount) const override;
  std::int64_t step_cents(Currency) const override;
  Result<PaymentSnapshot> create_payment(const ProcessorContext&, const CreatePayment&) override;
  Result<PaymentSnapshot> capture(const ProcessorContext&, const CapturePayment&) override;
  Result<PaymentSnapshot> cancel(const ProcessorContext&, const CancelPayment&) override;
  Result<RefundSnapshot> refund(const ProcessorContext&, const RefundPayment&) override;
  Result<PaymentSnapshot> fetch(const ProcessorContext&, const FetchPayment&) override;
  Result<WebhookEvent> parse_webhook(const ProcessorContext&, const ReceiveWebhook&) override;

 private:
  using Intent = PaymentSnapshot;

  template <class Answer>
  Result<Answer> answer(Call call, const std::string& key, const std::string& intent,
                        const std::function<Result<Answer>()>& effect);
  Fault next_fault(Call call);
  Intent& find(const std::string& external_id);
  PaymentSnapshot shown(const Intent& intent) const;
  ReceiveWebhook event(const std::string& intent, const std::string& type);

  const std::string name_;
  mutable std::mutex mutex_;  // guards all below
  std::map<std::string, Intent> intents_;
  std::map<std::string, std::set<std::string>> order_numbers_;  // by store
  // As Stripe does: the first answer to a key is the answer to all that repeat it.
  std::map<std::string, PaymentSnapshot> answers_;
  std::map<std::string, RefundSnapshot> refund_answers_;
  std::vector<Made> calls_;
  std::map<Call, std::deque<Fault>> faults_;
  std::map<Call, std::function<void()>> before_answer_;
  std::function<void(PaymentSnapshot&)> tamper_;
  RefundState refund_state_ = RefundState::succeeded;
  bool by_hand_ = false;
  bool down_ = false;
  std::int64_t step_ = 1;
  int numbers_ = 0;
};

// What the shop believes and the model knows, compared once nothing is under way: a sentence for
// each payment and order of the store where they differ, or where money is taken twice or kept for
// nothing. Intents whose answers were tampered with have to be left out by the test.
std::vector<std::string> disagreements(Shop& shop, const ModelProcessor& processor,
                                       const std::string& store = "default");

}  // namespace resys::test
