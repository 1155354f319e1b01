// A shop that sells and is paid through the model processor. When it ends, its books and the
// processor's must agree.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "support/buying_shop.hpp"
#include "support/look.hpp"
#include "support/model_processor.hpp"

namespace resys::test {

class PayingShop : public BuyingShop {
 public:
  using Call = ModelProcessor::Call;

  explicit PayingShop(std::int64_t units = 100, std::shared_ptr<ModelProcessor> processor =
                                                    std::make_shared<ModelProcessor>())
      : BuyingShop({.processors = {processor, test_processor(), manual_processor()}}),
        model(std::move(processor)),
        method(add_model("Model", ModelProcessor::kSecret)) {
    for (const char* sku : {"TEA", "MUG"}) {
      shop->admin().stock().set(staff(), {.sku = sku, .on_hand = units}).value();
    }
  }
  ~PayingShop() {
    if (compares) CHECK(disagreements(*shop, *model) == std::vector<std::string>{});
  }

  // Another payment method of the model.
  PaymentMethodId add_model(const std::string& name, const std::string& secret,
                            const Caller& by = staff()) {
    const auto id = shop->admin()
                        .payment_methods()
                        .create(by, {.name = name, .processor = std::string(model->name())})
                        .value()
                        .id;
    shop->admin().payment_methods().configure(by, {id, {{"webhookSecret", secret}}}).value();
    return id;
  }

  // ---- what a buyer does

  Placement place_here(const Caller& caller = shopper()) { return place(caller, method); }
  // The caller's newest order that was ever placed, also where placing it was answered with an
  // error, and where it is a cart again.
  Order newest(const Caller& caller = shopper()) {
    const std::string owner = caller.user_id.empty() ? caller.session_id : caller.user_id;
    return order(
        Look(file).text("SELECT number FROM orders WHERE number IS NOT NULL AND "
                        "COALESCE(user_id, session_id) = '" +
                        owner + "' ORDER BY id DESC LIMIT 1"));
  }
  // Its newest payment's intent.
  std::string intent(const Order& order) const {
    return model->intent_of(order.payments.back().id);
  }
  // What is in the cart, without another thought.
  Placement place_again(const Caller& caller = shopper()) {
    return shop->checkout().place_order(caller, {method}).value();
  }
  Result<WebhookReceipt> receive(const ReceiveWebhook& webhook) { return receive(*shop, webhook); }
  Result<WebhookReceipt> receive(Shop& at, ReceiveWebhook webhook) const {
    // Only Stripe's methods share a target.
    if (model->name() != "stripe") webhook.target = method.text();
    return at.webhooks().receive({.audience = Audience::processor}, webhook);
  }
  // The processor tells what the intent is now.
  void tell(const std::string& intent, const std::string& type = "payment") {
    receive(model->webhook(intent, type)).value();
  }
  // Placed, paid and told. The order is complete, or in Confirm where it is captured by hand.
  Order buy_here(const Caller& caller = shopper()) {
    const Order placed = place_here(caller).order;
    REQUIRE(model->pay(intent(placed)));
    tell(intent(placed));
    return order(placed.number);
  }

  // ---- time

  void wait(std::int64_t micros) {
    clock->advance(micros);
    work();
  }
  // Long enough for whatever was left open to be found out, not so long that promises lapse.
  void settle() {
    for (int hour = 0; hour < 4; ++hour) wait(kMicrosPerHour);
  }
  // The shop's process is gone and another one has the file.
  void restart() {
    shop.reset();
    shop = open();
  }

  // ---- what is seen

  std::vector<Event> events(const std::string& number, EventType type) {
    auto found = shop->admin().orders().get_timeline(staff(), {number}).value().items;
    std::erase_if(found, [type](const Event& event) { return event.type != type; });
    return found;
  }
  std::size_t count(const std::string& number, EventType type) {
    return events(number, type).size();
  }
  std::size_t mails(const std::string& words) const {
    const auto sent = mailer->sent();
    return static_cast<std::size_t>(std::count_if(sent.begin(), sent.end(), [&](const Mail& mail) {
      return mail.subject.find(words) != std::string::npos;
    }));
  }

  const std::shared_ptr<ModelProcessor> model;
  const PaymentMethodId method;
  bool compares = true;  // off where a test makes the processor lie
};

inline std::string fact(const Event& event, std::string_view name) {
  for (const auto& [each, value] : event.facts) {
    if (each == name) return value;
  }
  return {};
}

}  // namespace resys::test
