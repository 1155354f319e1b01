// The payment methods of a store. Secrets can be set, but never read.
#include <algorithm>
#include <set>

#include "base/command.hpp"
#include "base/settings_rows.hpp"
#include "payment/fields.hpp"
#include "payment/processors.hpp"

namespace resys {
namespace {

using rows::PaymentMethodRow;

Result<PaymentMethod> load_method(const Scope& scope, const PaymentMethodId& id) {
  return rows::find_payment_method(scope, id).value().method;
}

Result<PaymentMethodConfig> load_config(const Scope& scope, const PaymentMethodId& id) {
  auto row = rows::find_payment_method(scope, id);
  const auto updated_at = rows::payment_method_updated_at(scope, id);
  return PaymentMethodConfig{id, std::move(row->method.configured), updated_at.value()};
}

// Sets a value; an empty text clears it.
void set(Pairs& settings, const std::string& name, const std::string& value) {
  std::erase_if(settings, [&](const auto& setting) { return setting.first == name; });
  if (!value.empty()) settings.emplace_back(name, value);
}

// All settings of a method.
struct Settings {
  Pairs shown;  // those that are public
  Pairs secret;
};

// The settings as they are after the request.
Result<Settings> apply_values(const Context& context, const PaymentProcessor& processor,
                              const Pairs& stored, const Pairs& values) {
  const auto fields = processor.config_fields();
  const auto find = [&](const std::string& name) {
    return std::find_if(fields.begin(), fields.end(),
                        [&](const ConfigField& field) { return field.name == name; });
  };
  Pairs all = stored;
  for (const auto& [name, value] : values) {
    if (find(name) == fields.end()) {
      return Error(Errc::invalid_request, "the processor has no such setting").at(name);
    }
    set(all, name, value);
  }
  RESYS_TRYV(app::guarded(context, [&] { return processor.check_config(all); }));
  Settings settings;
  for (auto& setting : all) {
    const auto field = find(setting.first);
    if (field == fields.end()) continue;  // of an older version of the processor
    (field->secret ? settings.secret : settings.shown).push_back(std::move(setting));
  }
  return settings;
}

// If a key is lost, the secrets that it has encrypted are dropped when the first of them is set
// again. Secrets that the request replaces altogether need not be readable.
Result<void> drop_lost_secrets(const Scope& scope, const PaymentProcessor& processor,
                               const Pairs& values, PaymentMethodRow& row) {
  const auto fields = processor.config_fields();
  const auto is_given = [&](const ConfigField& field) {
    return std::any_of(values.begin(), values.end(),
                       [&](const auto& value) { return value.first == field.name; });
  };
  const bool sets_all = std::all_of(fields.begin(), fields.end(), [&](const ConfigField& field) {
    return !field.secret || is_given(field);
  });
  const bool sets_any = std::any_of(fields.begin(), fields.end(), [&](const ConfigField& field) {
    return field.secret && is_given(field);
  });
  const bool is_lost = scope.context.allow_missing_keys &&
                       app::open_settings(scope.context, scope.store, row).has_error();
  if (is_lost && !sets_any) {
    return Error(Errc::storage,
                 "the secrets of the payment method cannot be read: open the shop with their key, "
                 "or set them again")
        .with("keyId", std::string(app::SecretBox::key_id_of(row.private_metadata)));
  }
  if (is_lost || sets_all) row.private_metadata.clear();
  return success();
}

Result<void> configure(const Scope& scope, const ConfigurePaymentMethod& request) {
  auto row = rows::find_payment_method(scope, request.payment_method_id);
  if (!row) return app::no_such_method().at("paymentMethodId");
  const PaymentProcessor* processor = app::find_processor(scope.context, row->method.processor);
  if (processor == nullptr) {
    return Error(Errc::invalid_state, "the shop was opened without this processor")
        .with("processor", row->method.processor);
  }
  RESYS_TRYV(drop_lost_secrets(scope, *processor, request.values, *row));
  RESYS_TRY(stored, app::open_settings(scope.context, scope.store, *row));
  RESYS_TRY(settings, apply_values(scope.context, *processor, stored, request.values));
  RESYS_TRY(sealed,
            app::seal_settings(scope.context, scope.store, row->method.id, settings.secret));
  row->method.configured.clear();
  for (const Pairs* part : {&settings.shown, &settings.secret}) {
    for (const auto& [name, value] : *part) row->method.configured.push_back(name);
  }
  row->method.public_settings = std::move(settings.shown);
  row->private_metadata = std::move(sealed);
  rows::save_payment_config(scope, *row);
  return success();
}

}  // namespace

Result<Page<PaymentMethod>> AdminPaymentMethods::list(const Caller& caller,
                                                      const ListPaymentMethods& request) {
  RESYS_TRYV(app::staff_request(caller, request));
  return context_.read(caller.store, [&](const Scope& scope) -> Result<Page<PaymentMethod>> {
    Page<PaymentMethod> page;
    for (PaymentMethodRow& row : rows::list_payment_methods(scope)) {
      page.items.push_back(std::move(row.method));
    }
    return page;
  });
}

Result<PaymentMethod> AdminPaymentMethods::create(const Caller& caller,
                                                  const CreatePaymentMethod& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  if (app::find_processor(context_, request.processor) == nullptr) {
    return Error(Errc::invalid_request, "the shop was opened without this processor")
        .at("processor");
  }
  const PaymentMethod method{.id = context_.ids->make<PaymentMethodId>(),
                             .name = request.name,
                             .processor = request.processor,
                             .instructions = request.instructions,
                             .active = request.active,
                             .position = request.position,
                             .public_settings = {},
                             .configured = {}};
  const auto body = [&](const Scope& scope) -> Result<PaymentMethodId> {
    rows::ensure_store(scope);
    rows::insert_payment_method(scope, method);
    return method.id;
  };
  return app::run_command(context_, caller, request, body, load_method);
}

Result<PaymentMethod> AdminPaymentMethods::update(const Caller& caller,
                                                  const UpdatePaymentMethod& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  const auto body = [&](const Scope& scope) -> Result<PaymentMethodId> {
    if (!rows::update_payment_method(scope, request)) {
      return app::no_such_method().at("paymentMethodId");
    }
    return request.payment_method_id;
  };
  return app::run_command(context_, caller, request, body, load_method);
}

Result<PaymentMethodConfig> AdminPaymentMethods::configure(const Caller& caller,
                                                           const ConfigurePaymentMethod& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  const auto body = [&](const Scope& scope) -> Result<PaymentMethodId> {
    RESYS_TRYV(resys::configure(scope, request));
    return request.payment_method_id;
  };
  return app::run_command(context_, caller, request, body, load_config);
}

}  // namespace resys
