// A store's shipping methods, kept by staff.
#include "resys/shipping.hpp"

#include "base/command.hpp"
#include "base/settings_rows.hpp"
#include "shipping/fields.hpp"
#include "shipping/rows.hpp"

namespace resys {
namespace {

Result<void> check_method(const ShippingMethod& method) {
  const bool has_limit = method.free_over_cents.value_or(0) > 0;
  if (method.kind != ShippingKind::free_over || has_limit) return success();
  return Error(Errc::invalid_request, "the amount that makes a freeOver method free is missing")
      .at("freeOverCents");
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
  const ShippingMethod method{.id = context_.ids->make<ShippingMethodId>(),
                              .name = request.name,
                              .kind = request.kind,
                              .price_cents = request.price_cents,
                              .free_over_cents = request.free_over_cents,
                              .currency = request.currency,
                              .countries = request.countries,
                              .tax_category = request.tax_category,
                              .active = request.active,
                              .position = request.position};
  RESYS_TRYV(check_method(method));
  const auto body = [&](const Scope& scope) -> Result<ShippingMethodId> {
    rows::ensure_store(scope);
    RESYS_TRYV(app::require_tax_category(scope, method.tax_category));
    rows::insert_shipping_method(scope, method);
    return method.id;
  };
  return app::run_command(context_, caller, request, body, method_of);
}

Result<ShippingMethod> AdminShippingMethods::update(const Caller& caller,
                                                    const UpdateShippingMethod& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  const auto body = [&](const Scope& scope) -> Result<ShippingMethodId> {
    const auto method = rows::update_shipping_method(scope, request);
    if (!method) {
      return Error(Errc::not_found, "there is no such shipping method").at("shippingMethodId");
    }
    RESYS_TRYV(check_method(*method));
    RESYS_TRYV(app::require_tax_category(scope, method->tax_category));
    RESYS_TRYV(app::require_currency(request.currency, method->currency));
    return method->id;
  };
  return app::run_command(context_, caller, request, body, method_of);
}

}  // namespace resys
