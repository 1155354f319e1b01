// Operations on the settings of a store.
#include "shop/settings_fields.hpp"

#include "api/operation.hpp"
#include "pricing/price_fields.hpp"
#include "pricing/tax_fields.hpp"

namespace resys::api {
std::vector<Operation> settings_operations() {
  return {
      row<&Admin::settings>("admin.settings.getCheckout", "GET /api/admin/settings/checkout",
                            &AdminSettings::get_checkout, "Returns the checkout settings."),
      row<&Admin::settings>("admin.settings.updateCheckout", "PUT /api/admin/settings/checkout",
                            &AdminSettings::update_checkout,
                            "Changes the checkout settings; absent fields keep their value."),
      row<&Admin::settings>("admin.settings.getTaxes", "GET /api/admin/settings/taxes",
                            &AdminSettings::get_taxes, "Returns the tax settings."),
      row<&Admin::settings>("admin.settings.updateTaxes", "PUT /api/admin/settings/taxes",
                            &AdminSettings::update_taxes,
                            "Changes the tax settings; absent fields keep their value."),
      row<&Admin::settings>("admin.settings.getPrices", "GET /api/admin/settings/prices",
                            &AdminSettings::get_prices, "Returns the settings for prices."),
      row<&Admin::settings>("admin.settings.updatePrices", "PUT /api/admin/settings/prices",
                            &AdminSettings::update_prices,
                            "Changes the settings for prices; absent fields keep their value."),
  };
}

}  // namespace resys::api
