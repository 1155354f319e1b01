// A store's shipping methods, kept by staff.
#include "resys/shipping.hpp"

#include "app/command.hpp"
#include "fields/shipping.hpp"
#include "store/settings.hpp"
#include "store/shipping.hpp"

namespace resys {
namespace {

Result<void> check_method(const ShippingMethod& method) {
  const bool has_limit = method.free_over_cents.value_or(0) > 0;
  if (method.kind != ShippingKind::free_over || has_limit) return success();
  return Error(Errc::invalid_request, "the amount that makes a freeOver method free is missing")
      .at("freeOverCents");
}

Result<ShippingMethod> method_of(Context& context, const Caller& caller,
                                 const app::CommandOutcome& outcome) {
  RESYS_TRY(id, ShippingMethodId::parse(outcome.ids));
  return context.database->read([&](db::Transaction& tx) -> Result<ShippingMethod> {
    return store::find_shipping_method(tx, caller.store, id).value();
  });
}

}  // namespace

Result<Page<ShippingMethod>> ShippingMethods::list(const Caller& caller,
                                                   const ListShippingMethods& request) {
  RESYS_TRYV(app::staff_request(caller, request));
  return context_.database->read([&](db::Transaction& tx) -> Result<Page<ShippingMethod>> {
    return Page<ShippingMethod>{store::list_shipping_methods(tx, caller.store), std::nullopt};
  });
}

Result<ShippingMethod> ShippingMethods::create(const Caller& caller,
                                               const CreateShippingMethod& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  const ShippingMethod method{.id = context_.ids->make<ShippingMethodId>(),
                              .name = request.name,
                              .kind = request.kind,
                              .price_cents = request.price_cents,
                              .free_over_cents = request.free_over_cents,
                              .currency = request.currency,
                              .countries = request.countries,
                              .active = request.active,
                              .position = request.position};
  RESYS_TRYV(check_method(method));
  const Timestamp now = context_.clock->now();
  const auto body = [&](db::Transaction& tx) -> Result<std::string> {
    store::ensure_store(tx, caller.store, now);
    store::insert_shipping_method(tx, caller.store, method, now);
    return method.id.text();
  };
  RESYS_TRY(outcome, app::run_command(context_, caller, request, now, body));
  return app::after_commit(method_of(context_, caller, outcome));
}

Result<ShippingMethod> ShippingMethods::update(const Caller& caller,
                                               const UpdateShippingMethod& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  const Timestamp now = context_.clock->now();
  const auto body = [&](db::Transaction& tx) -> Result<std::string> {
    const auto method = store::update_shipping_method(tx, caller.store, request, now);
    if (!method) {
      return Error(Errc::not_found, "there is no such shipping method").at("shippingMethodId");
    }
    RESYS_TRYV(check_method(*method));
    RESYS_TRYV(app::require_currency(request.currency, method->currency));
    return method->id.text();
  };
  RESYS_TRY(outcome, app::run_command(context_, caller, request, now, body));
  return app::after_commit(method_of(context_, caller, outcome));
}

}  // namespace resys
