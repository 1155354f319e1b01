// Operations on tax rates.
#include "api/operation.hpp"
#include "pricing/tax_fields.hpp"

namespace resys::api {
std::vector<Operation> tax_operations() {
  return {
      row<&Admin::tax_rates>("admin.taxRates.list", "GET /api/admin/tax-rates",
                             &AdminTaxRates::list, "Lists the tax rates, oldest first."),
      row<&Admin::tax_rates>("admin.taxRates.create", "POST /api/admin/tax-rates",
                             &AdminTaxRates::create, "Creates a tax rate.", {Errc::conflict}),
      row<&Admin::tax_rates>(
          "admin.taxRates.update", "PATCH /api/admin/tax-rates/{taxRateId}", &AdminTaxRates::update,
          "Changes a tax rate; absent fields keep their value.", {Errc::not_found, Errc::conflict}),
      row<&Admin::tax_rates>("admin.taxRates.remove", "DELETE /api/admin/tax-rates/{taxRateId}",
                             &AdminTaxRates::remove,
                             "Removes a tax rate; placed orders keep their taxes.",
                             {Errc::not_found}),
  };
}

}  // namespace resys::api
