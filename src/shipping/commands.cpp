// A store's shipping methods, kept by staff.
#include "resys/shipping.hpp"

#include "base/command.hpp"
#include "base/settings_rows.hpp"
#include "shipping/fields.hpp"
#include "shipping/rows.hpp"
#include "shipping/rules.hpp"

namespace resys {
namespace {

Result<std::vector<ShippingTier>> tiers_of(const std::vector<NewShippingTier>& given,
                                           Currency currency) {
  std::vector<ShippingTier> tiers;
  for (std::size_t i = 0; i < given.size(); ++i) {
    auto checked = app::require_currency(given[i].currency, currency);
    if (checked.has_error()) {
      return fields::inside("tiers[" + std::to_string(i) + "]", std::move(checked).error());
    }
    tiers.push_back(
        {given[i].min_weight_grams, given[i].min_total_cents, given[i].price_cents, currency});
  }
  return tiers;
}

// Absent fields keep their value.
Result<ShippingMethod> changed(ShippingMethod method, const UpdateShippingMethod& request) {
  RESYS_TRYV(app::require_currency(request.currency, method.currency));
  if (request.tiers) {
    RESYS_TRY(tiers, tiers_of(*request.tiers, method.currency));
    method.tiers = std::move(tiers);
  }
  method.name = request.name.value_or(method.name);
  method.kind = request.kind.value_or(method.kind);
  method.price_cents = request.price_cents.value_or(method.price_cents);
  method.free_over_cents = request.free_over_cents.value_or(method.free_over_cents);
  method.countries = request.countries.value_or(method.countries);
  method.regions = request.regions.value_or(method.regions);
  method.postal_prefixes = request.postal_prefixes.value_or(method.postal_prefixes);
  method.tax_category = request.tax_category.value_or(method.tax_category);
  method.active = request.active.value_or(method.active);
  method.position = request.position.value_or(method.position);
  return method;
}

// Checks the method, and puts it into the form in which it is kept.
Result<void> complete(const Scope& scope, ShippingMethod& method) {
  RESYS_TRYV(domain::check_method(method));
  return app::require_tax_category(scope, method.tax_category);
}

Result<ShippingMethod> method_of(const Scope& scope, const ShippingMethodId& id) {
  return rows::find_shipping_method(scope, id).value();
}

}  // namespace

Result<Page<ShippingMethod>> AdminShippingMethods::list(const Caller& caller,
                                                        const ListShippingMethods& request) {
  RESYS_TRYV(app::staff_request(caller, request));
  return context_.read(caller.store, [&](const Scope& scope) -> Result<Page<ShippingMethod>> {
    return Page<ShippingMethod>{rows::list_shipping_methods(scope), std::nullopt};
  });
}

Result<ShippingMethod> AdminShippingMethods::create(const Caller& caller,
                                                    const CreateShippingMethod& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  RESYS_TRY(tiers, tiers_of(request.tiers, request.currency));
  ShippingMethod method{.id = context_.ids->make<ShippingMethodId>(),
                        .name = request.name,
                        .kind = request.kind,
                        .price_cents = request.price_cents,
                        .tiers = std::move(tiers),
                        .free_over_cents = request.free_over_cents,
                        .currency = request.currency,
                        .countries = request.countries,
                        .regions = request.regions,
                        .postal_prefixes = request.postal_prefixes,
                        .tax_category = request.tax_category,
                        .active = request.active,
                        .position = request.position};
  const auto body = [&](const Scope& scope) -> Result<ShippingMethodId> {
    rows::ensure_store(scope);
    RESYS_TRYV(complete(scope, method));
    rows::insert_shipping_method(scope, method);
    return method.id;
  };
  return app::run_command(context_, caller, request, body, method_of);
}

Result<ShippingMethod> AdminShippingMethods::update(const Caller& caller,
                                                    const UpdateShippingMethod& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  const auto body = [&](const Scope& scope) -> Result<ShippingMethodId> {
    const auto found = rows::find_shipping_method(scope, request.shipping_method_id);
    if (!found) {
      return Error(Errc::not_found, "there is no such shipping method").at("shippingMethodId");
    }
    RESYS_TRY(method, changed(*found, request));
    RESYS_TRYV(complete(scope, method));
    rows::update_shipping_method(scope, method);
    return method.id;
  };
  return app::run_command(context_, caller, request, body, method_of);
}

}  // namespace resys
