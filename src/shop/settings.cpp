// A store's settings, read and written by staff.
#include "resys/settings.hpp"

#include <algorithm>

#include "base/command.hpp"
#include "base/settings_rows.hpp"
#include "base/time_zone.hpp"
#include "customer/tax_id.hpp"
#include "pricing/price_fields.hpp"
#include "pricing/tax_fields.hpp"
#include "resys/customer.hpp"
#include "shop/settings_fields.hpp"

namespace resys {
namespace {

// There is one set of settings in a store, so it has no id.
Result<CheckoutSettings> settings_of(const Scope& scope, const std::string&) {
  return rows::load_checkout_settings(scope);
}

Result<TaxSettings> taxes_of(const Scope& scope, const std::string&) {
  return rows::load_tax_settings(scope);
}

Result<PriceSettings> prices_of(const Scope& scope, const std::string&) {
  return rows::load_price_settings(scope);
}

Result<void> check_taxes(const TaxSettings& before, const TaxSettings& after) {
  for (const std::string& category : before.categories) {
    if (std::find(after.categories.begin(), after.categories.end(), category) !=
        after.categories.end()) {
      continue;
    }
    return Error(Errc::invalid_request, "a category is missing, and none can be taken away")
        .at("categories")
        .with("category", category);
  }
  if (after.home_country.empty() && !after.home_region.empty()) {
    return Error(Errc::invalid_request, "a region is given without its country").at("homeRegion");
  }
  auto region = region_of(after.home_country, after.home_region);
  if (!after.home_region.empty() && region.has_error()) {
    return std::move(region).error().at("homeRegion");
  }
  const auto& charged = after.reverse_charge_countries;
  const bool has_home =
      std::find(charged.begin(), charged.end(), after.home_country) != charged.end();
  if (!charged.empty() && !after.home_country.empty() && !has_home) {
    return Error(Errc::invalid_request,
                 "the store's own country is not among those of reverse charge")
        .at("reverseChargeCountries")
        .with("homeCountry", after.home_country);
  }
  return success();
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
  if (request.time_zone) {
    auto known = check_time_zone(*request.time_zone);
    if (known.has_error()) return std::move(known).error().at("timeZone");
  }
  const auto body = [&](const Scope& scope) -> Result<std::string> {
    rows::update_checkout_settings(scope, request);
    return std::string();
  };
  return app::run_command(context_, caller, request, body, settings_of);
}

Result<TaxSettings> AdminSettings::get_taxes(const Caller& caller, const GetTaxSettings& request) {
  RESYS_TRYV(app::staff_request(caller, request));
  return context_.read(caller.store, [](const Scope& scope) { return taxes_of(scope, {}); });
}

Result<TaxSettings> AdminSettings::update_taxes(const Caller& caller,
                                                const UpdateTaxSettings& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  if (request.seller_tax_id && !request.seller_tax_id->empty()) {
    auto tax_id = domain::tax_id(*request.seller_tax_id);
    if (tax_id.has_error()) return std::move(tax_id).error().at("sellerTaxId");
    request.seller_tax_id = std::move(tax_id).value();
  }
  const auto body = [&](const Scope& scope) -> Result<std::string> {
    rows::ensure_store(scope);
    rows::change_price_rules(scope);
    const TaxSettings before = rows::load_tax_settings(scope);
    rows::update_tax_settings(scope, request);
    RESYS_TRYV(check_taxes(before, rows::load_tax_settings(scope)));
    return std::string();
  };
  return app::run_command(context_, caller, request, body, taxes_of);
}

Result<PriceSettings> AdminSettings::get_prices(const Caller& caller,
                                                const GetPriceSettings& request) {
  RESYS_TRYV(app::staff_request(caller, request));
  return context_.read(caller.store, [](const Scope& scope) { return prices_of(scope, {}); });
}

Result<PriceSettings> AdminSettings::update_prices(const Caller& caller,
                                                   const UpdatePriceSettings& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  const auto body = [&](const Scope& scope) -> Result<std::string> {
    rows::ensure_store(scope);
    rows::change_price_rules(scope);
    rows::update_price_settings(scope, request);
    return std::string();
  };
  return app::run_command(context_, caller, request, body, prices_of);
}

}  // namespace resys
