// What every payment processor shares: settings, and the defaults of the port.
#include "resys/processor.hpp"

namespace resys {

std::string_view ProcessorContext::setting(std::string_view name) const noexcept {
  for (const auto& [each, value] : config) {
    if (each == name) return value;
  }
  return {};
}

Result<void> PaymentProcessor::check_config(const Options&) const { return success(); }

ProcessorTraits PaymentProcessor::traits() const { return {}; }

std::int64_t PaymentProcessor::step_cents(Currency) const { return 1; }

// A processor that sends no webhooks cannot have signed one.
Result<WebhookEvent> PaymentProcessor::parse_webhook(const ProcessorContext&,
                                                     const ReceiveWebhook&) {
  return Error(Errc::invalid_signature, "the payment method receives no webhooks");
}

}  // namespace resys
