// Operations on the settings of a store.
#include "fields/settings.hpp"

#include "api/operation.hpp"

namespace resys::api {

std::vector<Operation> settings_operations() {
  return {
      operation("admin.settings.getCheckout", "GET /api/admin/settings/checkout",
                &Settings::get_checkout, &Shop::settings, Audience::staff,
                "Returns the checkout settings."),
      operation("admin.settings.updateCheckout", "PUT /api/admin/settings/checkout",
                &Settings::update_checkout, &Shop::settings, Audience::staff,
                "Changes the checkout settings; absent fields keep their value."),
  };
}

}  // namespace resys::api
