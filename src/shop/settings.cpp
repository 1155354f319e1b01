// A store's settings, read and written by staff.
#include "resys/settings.hpp"

#include "base/command.hpp"
#include "base/settings_rows.hpp"
#include "shop/settings_fields.hpp"

namespace resys {
namespace {

// There is one set of settings in a store, so it has no id.
Result<CheckoutSettings> settings_of(const Scope& scope, const std::string&) {
  return rows::load_checkout_settings(scope);
}

}  // namespace

Result<CheckoutSettings> AdminSettings::get_checkout(const Caller& caller,
                                                     const GetCheckoutSettings& request) {
  RESYS_TRYV(app::staff_request(caller, request));
  return context_.read(caller.store, [](const Scope& scope) { return settings_of(scope, {}); });
}

Result<CheckoutSettings> AdminSettings::update_checkout(const Caller& caller,
                                                        const UpdateCheckoutSettings& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  const auto body = [&](const Scope& scope) -> Result<std::string> {
    rows::update_checkout_settings(scope, request);
    return std::string();
  };
  return app::run_command(context_, caller, request, body, settings_of);
}

}  // namespace resys
