// Operations on the settings of a store.
#include "shop/settings_fields.hpp"

#include "api/operation.hpp"

namespace resys::api {
namespace {

using Row = Rows<&Shop::settings>;

}  // namespace

std::vector<Operation> settings_operations() {
  return {
      Row::staff("admin.settings.getCheckout", "GET /api/admin/settings/checkout",
                 &Settings::get_checkout, "Returns the checkout settings."),
      Row::staff("admin.settings.updateCheckout", "PUT /api/admin/settings/checkout",
                 &Settings::update_checkout,
                 "Changes the checkout settings; absent fields keep their value."),
  };
}

}  // namespace resys::api
