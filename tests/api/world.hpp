// A shop with something in it and a way to speak HTTP with it, for the tests of the endpoints.
#pragma once

#include <nlohmann/json.hpp>
#include <resys/resys.hpp>

#include "support/callers.hpp"
#include "support/catch.hpp"
#include "support/promotions.hpp"

namespace resys::test {

using Json = nlohmann::ordered_json;

inline Caller elsewhere(Caller caller) { return in_store("elsewhere", std::move(caller)); }

// A host's own processor under Stripe's name: webhooks are signed by the header "Signature: good".
class SignedProcessor final : public PaymentProcessor {
 public:
  std::string_view name() const noexcept override { return "stripe"; }
  ProcessorTraits traits() const override { return {.has_webhooks = true}; }
  std::vector<ConfigField> config_fields() const override {
    return {{"secretKey", true, false, true}, {"publishableKey", false, true, false}};
  }
  Result<void> accepts(Money) const override { return success(); }
  Result<PaymentSnapshot> create_payment(const ProcessorContext&, const CreatePayment&) override {
    return not_used();
  }
  Result<PaymentSnapshot> capture(const ProcessorContext&, const CapturePayment&) override {
    return not_used();
  }
  Result<PaymentSnapshot> cancel(const ProcessorContext&, const CancelPayment&) override {
    return not_used();
  }
  Result<RefundSnapshot> refund(const ProcessorContext&, const RefundPayment&) override {
    return not_used();
  }
  Result<PaymentSnapshot> fetch(const ProcessorContext&, const FetchPayment&) override {
    return not_used();
  }
  Result<WebhookEvent> parse_webhook(const ProcessorContext&,
                                     const ReceiveWebhook& request) override {
    if (find_header(request.headers, "signature") != "good") {
      return Error(Errc::invalid_signature, "the webhook is not signed");
    }
    return WebhookEvent{.event_id = "evt_" + request.payload, .type = "ping"};
  }

 private:
  static Error not_used() { return Error(Errc::processor_unavailable, "takes no payments"); }
};

class QuietLog final : public Log {
 public:
  void write(LogLevel, std::string_view message) override { lines.emplace_back(message); }
  std::vector<std::string> lines;
};

class Answer {
 public:
  int status = 0;
  Headers headers;
  Json body;

  const Json& data() const { return body.at("data"); }
  // Of the error; empty where there is none.
  std::string code() const { return text_in_error("code"); }
  std::string field() const { return text_in_error("field"); }

 private:
  std::string text_in_error(const char* name) const {
    const Json& error = body.at("error");
    return error.is_null() || error.at(name).is_null() ? std::string()
                                                       : error.at(name).get<std::string>();
  }
};

class World {
 public:
  explicit World(ShopOptions options = {}) : shop_(Shop::open(complete(options)).value()) {
    const Currency eur = Currency::parse("EUR").value();
    product = shop_->admin()
                  .products()
                  .create(staff(), {.slug = "tea",
                                    .name = "Tea",
                                    .variants = {{.sku = "TEA",
                                                  .name = "100 g",
                                                  .options = {{"size", "100 g"}},
                                                  .price_cents = 790,
                                                  .currency = eur},
                                                 {.sku = "MUG",
                                                  .name = "Mug",
                                                  .price_cents = 1'200,
                                                  .currency = eur}}})
                  .value();
    location = shop_->admin().locations().create(staff(), {.name = "Shelf"}).value();
    for (const char* sku : {"TEA", "MUG"}) {
      shop_->admin()
          .stock()
          .set(staff(), {.sku = sku, .on_hand = 1'000, .reason = "count"})
          .value();
    }
    shipping = shop_->admin()
                   .shipping_methods()
                   .create(staff(), {.name = "Post", .price_cents = 490, .currency = eur})
                   .value();
    promotion = add(*shop_, percent_off("TEN", 1'000));
    card = add_method("Card", "test");
    manual = add_method("Transfer", "manual");
    stripe = add_method("Stripe", "stripe");
  }

  Shop& shop() { return *shop_; }

  Answer send(const Caller& caller, HttpRequest request) {
    HttpResponse response = shop_->handle(caller, request);
    Answer answer{response.status, std::move(response.headers), {}};
    if (!response.body.empty()) answer.body = Json::parse(response.body);
    return answer;
  }
  // With a JSON body, unless it is null.
  Answer send(const Caller& caller, std::string method, std::string target,
              const Json& body = nullptr, Headers headers = {}) {
    HttpRequest request{std::move(method), std::move(target), std::move(headers), {}};
    if (!body.is_null()) {
      request.headers.emplace_back("Content-Type", "application/json");
      request.body = body.dump();
    }
    return send(caller, std::move(request));
  }

  Cart fill_cart(const Caller& caller) {
    return shop_->cart().add_item(caller, {.sku = "TEA", .quantity = 2}).value();
  }
  std::string tax_rate() {
    return shop_->admin()
        .tax_rates()
        .create(staff(), {.name = "VAT", .rate = "19", .country = "DE"})
        .value()
        .id.text();
  }
  std::string price_list() {
    return shop_->admin()
        .price_lists()
        .create(staff(), {.name = "Trade", .currency = Currency::parse("EUR").value()})
        .value()
        .id.text();
  }
  Order set_addresses(const Caller& caller) {
    fill_cart(caller);
    return shop_->checkout().set_addresses(caller, {.shipping_address = address()}).value();
  }
  Order select_shipping(const Caller& caller) {
    set_addresses(caller);
    return shop_->checkout().select_shipping_method(caller, {shipping.id}).value();
  }
  Placement place(const Caller& caller, const PaymentMethod& method) {
    select_shipping(caller);
    return shop_->checkout().place_order(caller, {method.id}).value();
  }
  // An order that is paid and complete.
  Order buy(const Caller& caller) {
    const Placement placed = place(caller, card);
    shop_->test_payments().pay(caller, {placed.payment->client_secret, "4242424242424242"}).value();
    return shop_->orders().get(caller, {placed.order.number}).value();
  }

  static AddressInput address() {
    return {.first_name = "Ada",
            .last_name = "Lovelace",
            .line1 = "1 Main Street",
            .city = "London",
            .postal_code = "N1 9GU",
            .country = "GB"};
  }

  std::shared_ptr<QuietLog> log;
  Product product;
  Location location;
  ShippingMethod shipping;
  Promotion promotion;
  PaymentMethod card, manual, stripe;

 private:
  ShopOptions complete(ShopOptions options) {
    options.database = "sqlite::memory:";
    options.processors = {test_processor(), manual_processor(),
                          std::make_shared<SignedProcessor>()};
    options.secret_keys = {{"k1", std::string(32, 'k')}};
    options.secret_key_id = "k1";
    options.log = log = std::make_shared<QuietLog>();
    options.handlers.push_back({.name = "warehouse",
                                .types = {EventType::order_placed},
                                .handle = [](Shop&, const std::string&, const Event&) {
                                  return Result<void>(success());
                                }});
    return options;
  }
  PaymentMethod add_method(const char* name, const char* processor) {
    return shop_->admin()
        .payment_methods()
        .create(staff(), {.name = name, .processor = processor})
        .value();
  }

  std::unique_ptr<Shop> shop_;
};

}  // namespace resys::test
