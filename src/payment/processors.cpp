// How the app calls payment processors: which one, with which settings and notes.
#include "payment/processors.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "base/text_list.hpp"

namespace resys::app {

namespace {

// A shortened id would be another id, and a shortened client secret would not work. So such a
// response is an error.
Result<void> require_short(std::string_view text, std::size_t most, const char* field,
                           Errc otherwise) {
  if (text.size() <= most) return success();
  return Error(otherwise, "the payment processor returned a text of " +
                              std::to_string(text.size()) + " bytes; at most " +
                              std::to_string(most) + " are accepted")
      .at(field)
      .with("limit", most);
}

void cut(std::string& word, std::size_t most) { word = fields::shortened(std::move(word), most); }

Result<void> bound(PaymentSnapshot& snapshot) {
  constexpr auto unknown = Errc::outcome_unknown;
  RESYS_TRYV(
      require_short(snapshot.external_id, fields::kMaxExternalIdBytes, "externalId", unknown));
  RESYS_TRYV(require_short(snapshot.client_secret, fields::kMaxClientSecretBytes, "clientSecret",
                           unknown));
  for (const RefundSnapshot& refund : snapshot.refunds) {
    RESYS_TRYV(require_short(refund.external_id, fields::kMaxExternalIdBytes, "refunds", unknown));
  }
  cut(snapshot.decline_code, fields::kMaxProcessorWordBytes);
  cut(snapshot.decline_message, fields::kMaxProcessorTextBytes);
  cut(snapshot.dispute_status, fields::kMaxProcessorWordBytes);
  return success();
}

}  // namespace

Result<PaymentSnapshot> bounded(Result<PaymentSnapshot> said) {
  if (said.has_error()) return said;
  RESYS_TRYV(bound(said.value()));
  return said;
}

Result<RefundSnapshot> bounded(Result<RefundSnapshot> said) {
  if (said.has_error()) return said;
  RESYS_TRYV(require_short(said.value().external_id, fields::kMaxExternalIdBytes, "externalId",
                           Errc::outcome_unknown));
  return said;
}

Result<WebhookEvent> bounded(Result<WebhookEvent> said) {
  if (said.has_error()) return said;
  WebhookEvent& event = said.value();
  constexpr auto refused = Errc::invalid_request;
  RESYS_TRYV(require_short(event.event_id, fields::kMaxExternalIdBytes, "eventId", refused));
  RESYS_TRYV(require_short(event.type, fields::kMaxProcessorWordBytes, "type", refused));
  RESYS_TRYV(require_short(event.external_payment_id, fields::kMaxExternalIdBytes,
                           "externalPaymentId", refused));
  RESYS_TRYV(require_short(event.payment_id, fields::kMaxExternalIdBytes, "paymentId", refused));
  if (event.snapshot) {
    RESYS_TRYV(bound(*event.snapshot));
  }
  return said;
}

Error no_such_method() { return Error(Errc::not_found, "there is no such payment method"); }

PaymentProcessor* find_processor(const Context& context, std::string_view name) {
  for (const auto& each : context.processors) {
    if (each->name() == name) return each.get();
  }
  return nullptr;
}

ProcessorTraits traits_of(const Context& context, std::string_view processor) {
  const PaymentProcessor* const found = find_processor(context, processor);
  return found == nullptr ? ProcessorTraits() : found->traits();
}

bool is_offered(const Context& context, const PaymentMethod& method) {
  const PaymentProcessor* processor = find_processor(context, method.processor);
  if (!method.active || processor == nullptr) return false;
  const auto fields = processor->config_fields();
  const auto& configured = method.configured;
  return std::all_of(fields.begin(), fields.end(), [&](const ConfigField& field) {
    return !field.required ||
           std::find(configured.begin(), configured.end(), field.name) != configured.end();
  });
}

Result<void> accepts(const Context& context, const PaymentMethod& method, Money amount) {
  const PaymentProcessor* processor = find_processor(context, method.processor);
  return guarded(context, [&] { return processor->accepts(amount); });
}

Pairs shown_to_shoppers(const Context& context, const PaymentMethod& method) {
  Pairs shown;
  for (const ConfigField& field : find_processor(context, method.processor)->config_fields()) {
    if (!field.public_to_shoppers) continue;
    for (const auto& setting : method.public_settings) {
      if (setting.first == field.name) shown.push_back(setting);
    }
  }
  return shown;
}

Result<Pairs> open_settings(const Context& context, std::string_view store,
                            const rows::PaymentMethodRow& row) {
  Pairs settings = row.method.public_settings;
  if (row.private_metadata.empty()) return settings;
  RESYS_TRY(plain, context.secrets.open(store, row.method.id.text(), row.private_metadata));
  for (auto& secret : rows::decode_pairs(plain)) settings.push_back(std::move(secret));
  return settings;
}

Result<std::string> seal_settings(const Context& context, std::string_view store,
                                  const PaymentMethodId& id, const Pairs& secrets) {
  if (secrets.empty()) return std::string();
  return context.secrets.seal(*context.random, store, id.text(), rows::encode_pairs(secrets));
}

Result<ProcessorNotes::Note> StoredNotes::read(std::string_view key) {
  return context_.read(store_, [&](const Scope& scope) -> Result<Note> {
    return rows::read_note(scope, processor_, key);
  });
}

Result<void> StoredNotes::write(std::string_view key, std::string_view value,
                                std::int64_t version) {
  if (key.empty() || key.size() > fields::kMaxNoteKeyBytes ||
      value.size() > fields::kMaxNoteBytes) {
    return Error(Errc::invalid_request, key.empty() ? "the note's key is empty"
                                        : key.size() > fields::kMaxNoteKeyBytes
                                            ? "the note's key is longer than 200 bytes"
                                            : "the note is larger than 1 MiB")
        .with("keyBytes", key.size())
        .with("bytes", value.size());
  }
  return context_.write(store_, [&](const Scope& scope) -> Result<void> {
    if (rows::write_note(scope, processor_, key, value, version)) return success();
    return Error(Errc::conflict, "the note has been changed since it was read");
  });
}

ReadyProcessor::ReadyProcessor(Context& context, const std::string& store,
                               const PaymentMethodId& method, PaymentProcessor& processor,
                               Pairs settings)
    : processor_(processor),
      store_(store),
      settings_(std::move(settings)),
      notes_(context, store, std::string(processor.name())),
      context_{store_, method, settings_, context.http.get(), notes_, context.clock->now()} {}

Result<std::unique_ptr<ReadyProcessor>> ReadyProcessor::make(Context& context,
                                                             const std::string& store,
                                                             const rows::PaymentMethodRow& row) {
  PaymentProcessor* processor = find_processor(context, row.method.processor);
  if (processor == nullptr) {
    return Error(Errc::processor_unavailable, "the shop was opened without this processor")
        .with("processor", row.method.processor);
  }
  RESYS_TRY(settings, open_settings(context, store, row));
  return std::unique_ptr<ReadyProcessor>(
      new ReadyProcessor(context, store, row.method.id, *processor, std::move(settings)));
}

Result<std::unique_ptr<ReadyProcessor>> ReadyProcessor::make(Context& context,
                                                             const std::string& store,
                                                             const PaymentMethodId& method) {
  RESYS_TRY(row, context.read(store, [&](const Scope& scope) -> Result<rows::PaymentMethodRow> {
    auto found = rows::find_payment_method(scope, method);
    if (!found) return no_such_method();
    return std::move(*found);
  }));
  return make(context, store, row);
}

}  // namespace resys::app
