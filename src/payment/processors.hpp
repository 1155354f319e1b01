// How the app calls payment processors: which one, with which settings and notes.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/context.hpp"
#include "base/text.hpp"
#include "payment/rows.hpp"

namespace resys::app {

// Returns null if the shop was opened without the processor.
PaymentProcessor* find_processor(const Context& context, std::string_view name);
// Returns the processor's traits; the defaults if the shop was opened without it.
ProcessorTraits traits_of(const Context& context, std::string_view processor);

// not_found: there is no such payment method.
Error no_such_method();

// Whether the method is active, its processor is available, and all required settings are
// configured.
bool is_offered(const Context& context, const PaymentMethod& method);
// Whether an offered method accepts this amount: unsupported_currency with the facts.
Result<void> accepts(const Context& context, const PaymentMethod& method, Money amount);
// The settings of an offered method that shoppers may see.
Pairs shown_to_shoppers(const Context& context, const PaymentMethod& method);

// All settings of a method, secret ones too.
Result<Pairs> open_settings(const Context& context, std::string_view store,
                            const rows::PaymentMethodRow& row);
// The sealed form of the secret ones.
Result<std::string> seal_settings(const Context& context, std::string_view store,
                                  const PaymentMethodId& id, const Pairs& secrets);

// A processor's response in a form that can be stored. Long words are shortened. An id that is too
// long is an error (outcome_unknown; for a webhook invalid_request).
Result<PaymentSnapshot> bounded(Result<PaymentSnapshot> said);
Result<RefundSnapshot> bounded(Result<RefundSnapshot> said);
Result<WebhookEvent> bounded(Result<WebhookEvent> said);
inline Result<void> bounded(Result<void> said) { return said; }

// A host's processor may throw. This counts as a call without a response. The exception goes to the
// log, not to shoppers.
template <class Call>
auto guarded(const Context& context, const Call& call) -> decltype(call()) {
  try {
    return bounded(call());
  } catch (const std::exception& exception) {
    context.log->write(
        LogLevel::error,
        fields::shortened(std::string("a payment processor threw: ") + exception.what(),
                          fields::kMaxErrorBytes));
    return Error(Errc::outcome_unknown, "the payment processor failed");
  }
}

// A processor's notes in the shop's database.
class StoredNotes final : public ProcessorNotes {
 public:
  StoredNotes(Context& context, std::string store, std::string processor)
      : context_(context), store_(std::move(store)), processor_(std::move(processor)) {}
  Result<Note> read(std::string_view key) override;
  Result<void> write(std::string_view key, std::string_view value, std::int64_t version) override;

 private:
  Context& context_;
  const std::string store_;
  const std::string processor_;
};

// One payment method's processor, ready to be called. No transaction may be open.
class ReadyProcessor {
 public:
  // processor_unavailable if the shop has no such processor.
  static Result<std::unique_ptr<ReadyProcessor>> make(Context& context, const std::string& store,
                                                      const rows::PaymentMethodRow& row);
  static Result<std::unique_ptr<ReadyProcessor>> make(Context& context, const std::string& store,
                                                      const PaymentMethodId& method);

  PaymentProcessor& processor() { return processor_; }
  const ProcessorContext& context() const { return context_; }

 private:
  ReadyProcessor(Context& context, const std::string& store, const PaymentMethodId& method,
                 PaymentProcessor& processor, Pairs settings);

  PaymentProcessor& processor_;
  const std::string store_;
  const Pairs settings_;
  StoredNotes notes_;
  const ProcessorContext context_;
};

}  // namespace resys::app
