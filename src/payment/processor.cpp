// What every payment processor shares: settings, and the defaults of the port.
#include "resys/processor.hpp"
#include "resys/test_processor.hpp"

namespace resys {

std::string_view ProcessorContext::setting(std::string_view name) const noexcept {
  for (const auto& [each, value] : config) {
    if (each == name) return value;
  }
  return {};
}

Result<void> PaymentProcessor::check_config(const Pairs&) const { return success(); }

ProcessorTraits PaymentProcessor::traits() const { return {}; }

std::int64_t PaymentProcessor::step_cents(Currency) const { return 1; }

// A processor that sends no webhooks cannot have signed one.
Result<WebhookEvent> PaymentProcessor::parse_webhook(const ProcessorContext&,
                                                     const ReceiveWebhook&) {
  return Error(Errc::invalid_signature, "the payment method receives no webhooks");
}

namespace {

using Shared = std::shared_ptr<PaymentProcessor>;

struct BuiltIn {
  std::string_view name;
  Shared (*make)(const StripeOptions&);
};
constexpr BuiltIn kBuiltIn[] = {
    {"stripe", [](const StripeOptions& stripe) { return stripe_processor(stripe); }},
    {"manual", [](const StripeOptions&) { return manual_processor(); }},
    {"test", [](const StripeOptions&) -> Shared { return test_processor(); }},
};

}  // namespace

std::vector<std::string_view> built_in_processors() {
  std::vector<std::string_view> names;
  for (const BuiltIn& each : kBuiltIn) names.push_back(each.name);
  return names;
}

Result<Shared> built_in_processor(std::string_view name, const StripeOptions& stripe) {
  std::string names;
  for (const BuiltIn& each : kBuiltIn) {
    if (each.name == name) return each.make(stripe);
    names.append(names.empty() ? "" : ", ").append(each.name);
  }
  return Error(Errc::invalid_request, "there is no built-in processor of this name")
      .with("name", std::string(name))
      .with("names", names);
}

}  // namespace resys
