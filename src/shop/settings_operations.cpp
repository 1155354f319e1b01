// Operations on the settings of a store.
#include "shop/settings_fields.hpp"

#include "api/operation.hpp"

namespace resys::api {
std::vector<Operation> settings_operations() {
  return {
      row<&Admin::settings>("admin.settings.getCheckout", "GET /api/admin/settings/checkout",
                            &AdminSettings::get_checkout, "Returns the checkout settings."),
      row<&Admin::settings>("admin.settings.updateCheckout", "PUT /api/admin/settings/checkout",
                            &AdminSettings::update_checkout,
                            "Changes the checkout settings; absent fields keep their value."),
  };
}

}  // namespace resys::api
