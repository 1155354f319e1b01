// What a host's registry of tax ids says; see the header.
#include "customer/tax_id_registry.hpp"

#include "customer/rows.hpp"

namespace resys::app {
namespace {

// A host's registry may throw. This counts as a registry that cannot say.
Result<TaxIdCheck> ask_registry(const Context& context, const std::string& tax_id) {
  try {
    return context.tax_id_registry->check(tax_id);
  } catch (const std::exception& exception) {
    return Error(Errc::internal, exception.what());
  } catch (...) {
    return Error(Errc::internal, "it threw something that is no std::exception");
  }
}

}  // namespace

Result<std::optional<Timestamp>> look_up_tax_id(const Context& context, const Caller& caller,
                                                const RequestKey& key, const std::string& user_id,
                                                const std::string& tax_id) {
  if (context.tax_id_registry == nullptr || tax_id.empty()) return std::nullopt;
  RESYS_TRY(is_asked, context.read(caller.store, [&](const Scope& scope) -> Result<bool> {
    if (is_repetition(scope, caller, key)) return false;
    if (user_id.empty()) return true;
    const auto known = rows::find_customer(scope, user_id);
    return !known || known->tax_id != tax_id || !known->tax_id_checked_at;
  }));
  if (!is_asked) return std::nullopt;
  const Result<TaxIdCheck> check = ask_registry(context, tax_id);
  if (check.has_error()) {
    context.log->write(LogLevel::warning,
                       "the registry of tax ids could not say whether an id is registered: " +
                           check.error().message());
    return std::nullopt;
  }
  if (!check.value().registered) {
    return Error(Errc::invalid_request, "the tax id is not registered").at("taxId");
  }
  return context.clock->now();
}

}  // namespace resys::app
