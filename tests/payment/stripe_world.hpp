// The Stripe processor with a script in place of Stripe: what it sends is kept, what it is answered
// the test says.
#pragma once

#include <nlohmann/json.hpp>

#include "payment/processor_world.hpp"

namespace resys::test {

using Json = nlohmann::json;

// A form's fields in their order, decoded.
using Fields = std::vector<std::pair<std::string, std::string>>;
inline Fields decode_form(std::string_view form) {
  const auto decode = [](std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '%') {
        out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
        i += 2;
      } else {
        out += text[i];
      }
    }
    return out;
  };
  Fields fields;
  while (!form.empty()) {
    const std::string_view field = form.substr(0, form.find('&'));
    form.remove_prefix(std::min(field.size() + 1, form.size()));
    const std::size_t equals = field.find('=');
    fields.emplace_back(decode(field.substr(0, equals)), decode(field.substr(equals + 1)));
  }
  return fields;
}
inline std::string field(const Fields& fields, std::string_view name) {
  for (const auto& [each, value] : fields) {
    if (each == name) return value;
  }
  return "(absent)";
}

inline Json intent(const std::string& status, Json more = Json::object()) {
  Json json{{"id", "pi_1"},
            {"object", "payment_intent"},
            {"amount", 1580},
            {"amount_capturable", 0},
            {"amount_received", 0},
            {"currency", "eur"},
            {"livemode", false},
            {"client_secret", "pi_1_secret_x"},
            {"last_payment_error", nullptr},
            {"latest_charge", nullptr},
            {"metadata", {{"payment_id", PaymentId({1, 7}).text()}, {"store_id", "default"}}},
            {"status", status}};
  json.update(more);
  return json;
}
inline Json captured_intent() { return intent("succeeded", {{"amount_received", 1580}}); }
inline Json refund(const std::string& id, std::int64_t amount, const std::string& status,
                   Json more = Json::object()) {
  Json json{{"id", id},
            {"object", "refund"},
            {"amount", amount},
            {"status", status},
            {"currency", "eur"},
            {"balance_transaction", "txn_1"},
            {"metadata", Json::object()}};
  json.update(more);
  return json;
}
// A vector, for compilers differ in whether {one} is a list to Json.
inline Json refund_list(const std::vector<Json>& refunds, bool has_more = false) {
  return {{"object", "list"}, {"data", refunds}, {"has_more", has_more}};
}

struct StripeWorld : ProcessorWorld {
  StripeWorld() { config = {{"secretKey", "sk_test_key"}, {"webhookSecret", "whsec_test_secret"}}; }

  void answer(const Json& json, int status = 200, Headers headers = {}) {
    http.answer(status, json.dump(), std::move(headers));
  }
  void refuse(int status, const Json& error, Headers headers = {}) {
    answer({{"error", error}}, status, std::move(headers));
  }
  Result<PaymentSnapshot> create() {
    return processor->create_payment(context(), order(euros(1580)));
  }
  Result<PaymentSnapshot> capture(Money amount = euros(1580)) {
    return processor->capture(context(), {"pi_1", amount, "capture-key"});
  }
  Result<PaymentSnapshot> cancel() {
    return processor->cancel(context(), {"pi_1", euros(1580), "cancel-key"});
  }
  Result<PaymentSnapshot> fetch() { return processor->fetch(context(), {"pi_1", euros(1580)}); }
  Result<RefundSnapshot> refund(Money amount = euros(500)) {
    return processor->refund(context(),
                             {"pi_1", PaymentId({1, 7}), refund_id, amount, "refund-key"});
  }

  PaymentEntryId refund_id{detail::Uuid{5, 9}};
  std::shared_ptr<PaymentProcessor> processor = stripe_processor();
};

}  // namespace resys::test
