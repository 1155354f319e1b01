// A store's settings, read and written by staff.
#include "resys/settings.hpp"

#include "app/command.hpp"
#include "fields/settings.hpp"
#include "store/settings.hpp"

namespace resys {

Result<CheckoutSettings> Settings::get_checkout(const Caller& caller,
                                                const GetCheckoutSettings& request) {
  RESYS_TRYV(app::staff_request(caller, request));
  return context_.database->read([&](db::Transaction& tx) -> Result<CheckoutSettings> {
    return store::load_checkout_settings(tx, caller.store);
  });
}

Result<CheckoutSettings> Settings::update_checkout(const Caller& caller,
                                                   const UpdateCheckoutSettings& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  const Timestamp now = context_.clock->now();
  const auto body = [&](db::Transaction& tx) -> Result<std::string> {
    store::update_checkout_settings(tx, caller.store, request, now);
    return std::string();
  };
  RESYS_TRYV(app::run_command(context_, caller, request, now, body));
  return app::after_commit(get_checkout(caller, {}));
}

}  // namespace resys
