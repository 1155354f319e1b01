// From cart to paid order: two short transactions around one call to the outside world.
#include "resys/checkout.hpp"

#include "base/settings_rows.hpp"
#include "catalog/rows.hpp"
#include "customer/address.hpp"
#include "customer/rows.hpp"
#include "customer/tax_id.hpp"
#include "customer/tax_id_registry.hpp"
#include "event/outbox.hpp"
#include "order/appraisal.hpp"
#include "order/checkout_fields.hpp"
#include "order/locked_payment.hpp"
#include "order/open_order.hpp"
#include "order/order_end.hpp"
#include "order/order_view.hpp"
#include "order/placing.hpp"
#include "order/processor_calls.hpp"
#include "order/require_order.hpp"
#include "order/rules.hpp"
#include "order/tax_calculation.hpp"
#include "order/void_payment.hpp"
#include "payment/processors.hpp"
#include "shipping/rows.hpp"
#include "shipping/rules.hpp"

namespace resys {
namespace {

using app::OpenOrder;
using app::OrderContents;
using app::wrong_state;
using rows::OrderRow;

// The length of an order number: 60 random bits.
constexpr std::size_t kNumberLength = 12;

Error empty_cart(const OrderRow& row, OrderEvent event) {
  return wrong_state(row, event, "the cart is empty");
}

// Refuses guests, unless the store lets them check out.
Result<void> require_customer(const Caller& caller, const CheckoutSettings& settings) {
  if (settings.guest_checkout) return success();
  return app::require_user(caller);
}
Result<void> require_customer(const Scope& scope, const Caller& caller) {
  if (!caller.user_id.empty()) return success();
  return require_customer(caller, rows::load_checkout_settings(scope));
}

// A caller who may not check out learns that first, before anything that is wrong with the request.
template <class Request>
Result<Request> customers(Context& context, const Caller& caller, Result<Request> request) {
  if (request.has_value() || !caller.user_id.empty()) return request;
  RESYS_TRYV(context.read(caller.store,
                          [&](const Scope& scope) { return require_customer(scope, caller); }));
  return request;
}

// Locks the caller's open order. Without one, this is an empty cart.
OpenOrder lock_open(const Scope& scope, const Caller& caller) {
  auto order = OpenOrder::lock(scope, app::identity_of(caller));
  return order ? std::move(*order) : OpenOrder({});
}

// Computes the order's totals, and writes everything.
Result<Order> finish(const Scope& scope, OpenOrder& order, rows::OrderAddresses addresses) {
  RESYS_TRYV(order.reprice(scope));
  order.save(scope);
  return app::view_order(scope, order, std::move(addresses));
}

// ---- addresses

Result<void> check_input(std::optional<AddressInput>& input, const char* field) {
  if (!input) return success();
  auto checked = domain::checked_input(*input);
  if (checked.has_error()) return fields::inside(field, std::move(checked).error());
  input = std::move(checked).value();
  return success();
}

Result<SetAddresses> addresses_request(const Caller& caller, const SetAddresses& given) {
  RESYS_TRY(request, app::shopper_request(caller, given));
  if (request.shipping_address_id.has_value() == request.shipping_address.has_value()) {
    return Error(Errc::invalid_request,
                 request.shipping_address
                     ? "both shippingAddressId and shippingAddress are given"
                     : "neither shippingAddressId nor shippingAddress is given")
        .at("shippingAddressId");
  }
  if (request.billing_address_id && request.billing_address) {
    return Error(Errc::invalid_request, "both billingAddressId and billingAddress are given")
        .at("billingAddressId");
  }
  RESYS_TRYV(check_input(request.shipping_address, "shippingAddress"));
  RESYS_TRYV(check_input(request.billing_address, "billingAddress"));
  if (request.tax_id && !request.tax_id->empty()) {
    RESYS_TRY(tax_id, domain::tax_id(*request.tax_id));
    request.tax_id = std::move(tax_id);
  }
  if (!caller.user_id.empty()) return request;
  if (request.shipping_address_id || request.billing_address_id) {
    return Error(Errc::invalid_request, "the caller is a guest, who has no address book")
        .at(request.shipping_address_id ? "shippingAddressId" : "billingAddressId");
  }
  if (!request.email)
    return Error(Errc::invalid_request, "the e-mail address is missing: a guest has to give one")
        .at("email");
  return request;
}

Result<Address> pick_address(const Scope& scope, const std::optional<AddressId>& id,
                             const std::optional<AddressInput>& input, const char* field) {
  if (input) return domain::address_of(*input);
  auto found = rows::find_address(scope, scope.actor.user_id, *id);
  if (!found) return Error(Errc::not_found, "there is no such address").at(field);
  return std::move(*found);
}

// ---- placing

// An offline payment holds stock for days, so a customer may only hold a limited number of units
// that way.
Result<void> require_few_unpaid(const Scope& scope, const OrderRow& row,
                                const CheckoutSettings& settings) {
  const std::int64_t held = rows::count_unpaid_units(scope, row);
  if (held + row.item_count <= settings.max_unpaid_units) return success();
  return wrong_state(row, OrderEvent::place,
                     "the customer would hold too many units that are not paid yet")
      .at("paymentMethodId")
      .with("limit", settings.max_unpaid_units)
      .with("heldUnits", held)
      .with("requestedUnits", row.item_count);
}

// Checks that the method takes the order's total. For a manual payment, also checks that the
// customer does not hold too many unpaid units.
Result<void> require_payable(const Scope& scope, const rows::PaymentMethodRow& method,
                             const OrderRow& row, const CheckoutSettings& settings) {
  RESYS_TRYV(app::require_accepted(scope, method, {row.total_cents, row.currency}));
  if (!app::traits_of(scope.context, method.method.processor).offline) return success();
  return require_few_unpaid(scope, row, settings);
}

// There is nothing to pay, so the order is complete as soon as it is placed.
void complete_for_free(const Scope& scope, OrderRow& row) {
  row.payment_id = {};
  for (const OrderEvent event : {OrderEvent::payment_authorized, OrderEvent::payment_captured}) {
    row.state = domain::transition(row.state, event).value();
  }
  row.completed_at = scope.now;
  app::commit_stock(scope, row.id.text());
  app::record_event(scope, row.id, EventType::order_completed, {{"totalCents", "0"}});
}

Error missing_method() {
  return Error(Errc::invalid_request, "the payment method is missing, and the order is not free")
      .at("paymentMethodId");
}

// Returns the payment that exists. An order that is placed can only be placed again with the same
// payment method and total.
Result<app::Placing> place_again(const Scope& scope, const PlaceOrder& request,
                                 const OrderRow& row) {
  const auto payment = rows::load_payment(scope, row.payment_id).value();
  if (!request.payment_method_id) return missing_method();
  if (app::is_cancel(payment)) return wrong_state(row, OrderEvent::place, app::kCanceling);
  RESYS_TRYV(app::require_currency(request.currency, row.currency));
  const bool is_same = payment.payment_method_id == *request.payment_method_id &&
                       !payment.void_reason &&
                       request.accept_total_cents.value_or(row.total_cents) == row.total_cents;
  if (is_same) return app::Placing{row.id, payment.id, {}};
  RESYS_TRYV(app::require_method(scope, *request.payment_method_id));
  return wrong_state(row, OrderEvent::place,
                     "the order is already placed, with another payment method or total")
      .with("allowedAfter", "reopen");
}

using Method = std::optional<rows::PaymentMethodRow>;

// The method that the request names, if it names one.
Result<Method> chosen_method(const Scope& scope, const PlaceOrder& request) {
  if (!request.payment_method_id) return Method();
  RESYS_TRY(found, app::require_method(scope, *request.payment_method_id));
  return Method(std::move(found));
}

// Refuses an estimate of the taxes, if the store does.
Result<void> require_taxes(const OrderContents& order, const pricing::Quote& quote) {
  const bool is_refused =
      quote.is_tax_estimated && order.rules->taxes.fallback == TaxFallback::refuse;
  if (!is_refused) return success();
  return Error(Errc::busy, "the taxes of the order could not be calculated")
      .with("reason", "taxes_unknown");
}

// Gives the order the current prices, if the buyer was shown them or has accepted them, and checks
// that it can be paid.
Result<void> require_placing(const Scope& scope, OpenOrder& order, const PlaceOrder& request,
                             const Method& method, const CheckoutSettings& settings) {
  if (order.row.item_count == 0) return empty_cart(order.row, OrderEvent::place);
  RESYS_TRYV(app::require_currency(request.currency, order.row.currency));
  const app::Appraisal appraisal = app::appraise(order, settings.max_placements, scope.now);
  RESYS_TRYV(app::require_placeable(order, appraisal, request.accept_total_cents));
  RESYS_TRYV(require_taxes(order, appraisal.quote.value()));
  for (rows::OfferedLine& line : order.lines) {
    line.listed_price_cents = line.price_cents;
    line.item.tax_category = line.offered_tax_category;
    line.item.sku = line.offered_sku;
  }
  RESYS_TRYV(order.reprice(scope));
  order.row.tax_id = app::tax_id_of(order);
  if (order.row.total_cents == 0) return success();
  if (!method) return missing_method();
  return require_payable(scope, *method, order.row, settings);
}

// Takes the order's uses of promotions and its stock, which are held until `deadline` if it is not
// free.
Result<void> hold(const Scope& scope, OpenOrder& order, Timestamp deadline) {
  RESYS_TRYV(app::take_promotion_uses(scope, order));
  const bool is_free = order.row.total_cents == 0;
  return app::reserve_stock(scope, order.row.id.text(), app::demands_of(order),
                            is_free ? std::nullopt : std::optional(deadline));
}

void write_placed(const Scope& scope, OrderRow& row, OrderState placed) {
  row.state = placed;
  ++row.placements;
  row.placed_at = scope.now;
  if (row.number.empty()) row.number = scope.ids.random_text(kNumberLength);
  app::record_event(scope, row.id, EventType::order_placed,
                    {{"number", row.number}, {"totalCents", std::to_string(row.total_cents)}});
}

// Writes the payment of the order's whole total. Returns the call that creates it.
app::ProcessorCall begin_payment(const Scope& scope, OpenOrder& order, const PlaceOrder& request,
                                 const rows::PaymentMethodRow& method, Timestamp deadline) {
  return app::begin_payment(
      scope,
      {.id = scope.ids.make<PaymentId>(),
       .offline = app::traits_of(scope.context, method.method.processor).offline,
       .amount_cents = order.row.total_cents,
       .return_url = request.return_url.value_or(""),
       .content_hash = app::content_hash(order),
       .expires_at = deadline},
      method, order.row);
}

// The first transaction of a placing.
Result<app::Placing> begin_placing(const Scope& scope, const Caller& caller,
                                   const PlaceOrder& request) {
  const auto settings = rows::load_checkout_settings(scope);
  RESYS_TRYV(require_customer(caller, settings));
  OpenOrder order = lock_open(scope, caller);
  OrderRow& row = order.row;
  if (row.state == OrderState::payment) return place_again(scope, request, row);
  RESYS_TRY(method, chosen_method(scope, request));
  if (row.id.empty()) return empty_cart(row, OrderEvent::place);
  RESYS_TRY(placed, domain::transition(row.state, OrderEvent::place));
  RESYS_TRYV(require_placing(scope, order, request, method, settings));
  const auto deadline = scope.now.plus(settings.reservation_minutes * kMicrosPerMinute);
  RESYS_TRYV(hold(scope, order, deadline));
  write_placed(scope, row, placed);
  app::Placing placing{.order = row.id};
  if (row.total_cents == 0) {
    complete_for_free(scope, row);
  } else {
    placing.call = begin_payment(scope, order, request, *method, deadline);
    placing.payment = row.payment_id;
  }
  order.save(scope);
  return placing;
}

}  // namespace

Result<Order> Checkout::set_addresses(const Caller& caller, const SetAddresses& given) {
  RESYS_TRY(request, customers(context_, caller, addresses_request(caller, given)));
  RESYS_TRYV(app::look_up_tax_id(context_, caller, app::request_key(caller, request),
                                 caller.user_id, request.tax_id.value_or("")));
  const auto body = [&](const Scope& scope) -> Result<Order> {
    RESYS_TRYV(require_customer(scope, caller));
    OpenOrder order = lock_open(scope, caller);
    OrderRow& row = order.row;
    RESYS_TRY(shipping, pick_address(scope, request.shipping_address_id, request.shipping_address,
                                     "shippingAddressId"));
    std::optional<Address> billing;
    if (request.billing_address_id || request.billing_address) {
      RESYS_TRY(picked, pick_address(scope, request.billing_address_id, request.billing_address,
                                     "billingAddressId"));
      billing = std::move(picked);
    }
    RESYS_TRY(next, domain::transition(row.state, OrderEvent::set_addresses));
    if (row.item_count == 0) return empty_cart(row, OrderEvent::set_addresses);
    row.state = next;
    if (request.email) {
      row.email = *request.email;
      order.reload_promotions(scope);
    }
    row.tax_id = request.tax_id.value_or(row.tax_id);
    row.calculated_taxes.clear();  // they may depend on the street
    row.shipping_method_id = {};
    row.shipping_method_name.clear();
    order.shipping.reset();
    order.send_to(app::area_of(shipping), scope.now);
    rows::save_order_addresses(scope, row.id, shipping, billing);
    rows::OrderAddresses addresses{shipping, billing ? billing : shipping};
    return finish(scope, order, std::move(addresses));
  };
  return app::with_taxes(context_, caller,
                         app::run_command(context_, caller, request, body, app::load_order),
                         app::load_order);
}

Result<Page<OfferedShippingMethod>> Checkout::list_shipping_methods(
    const Caller& caller, const ListOfferedShippingMethods& request) {
  RESYS_TRYV(customers(context_, caller, app::shopper_request(caller, request)));
  return context_.read(
      caller.store, [&](const Scope& scope) -> Result<Page<OfferedShippingMethod>> {
        RESYS_TRYV(require_customer(scope, caller));
        auto found = rows::find_open_order(scope, app::identity_of(caller));
        if (!found) return empty_cart({}, OrderEvent::select_shipping);
        RESYS_TRYV(domain::transition(found->state, OrderEvent::select_shipping));
        const OrderContents order = app::load_contents(scope, std::move(*found));
        const OrderRow& row = order.row;
        pricing::Basket basket = app::basket_of(order, app::Prices::shown);
        const domain::Area area = app::area_of(*rows::load_order_addresses(scope, row.id).shipping);
        Page<OfferedShippingMethod> page;
        for (const ShippingMethod& method : rows::list_shipping_methods(scope)) {
          if (!domain::serves(method, area, row.currency)) continue;
          basket.shipping = method;
          RESYS_TRY(quote, pricing::price(basket, scope.now));
          page.items.push_back({method.id, method.name, quote.shipment_total_cents});
        }
        return page;
      });
}

Result<Order> Checkout::select_shipping_method(const Caller& caller,
                                               const SelectShippingMethod& given) {
  RESYS_TRY(request, customers(context_, caller, app::shopper_request(caller, given)));
  const auto body = [&](const Scope& scope) -> Result<Order> {
    RESYS_TRYV(require_customer(scope, caller));
    OpenOrder order = lock_open(scope, caller);
    OrderRow& row = order.row;
    const auto method = rows::find_shipping_method(scope, request.shipping_method_id);
    if (!method || !method->active) {
      return Error(Errc::not_found, "there is no such shipping method").at("shippingMethodId");
    }
    RESYS_TRY(next, domain::transition(row.state, OrderEvent::select_shipping));
    const auto addresses = rows::load_order_addresses(scope, row.id);
    const domain::Area area = app::area_of(*addresses.shipping);
    if (!domain::serves(*method, area, row.currency)) {
      return wrong_state(row, OrderEvent::select_shipping,
                         "the shipping method does not serve the order's address or currency")
          .at("shippingMethodId")
          .with("country", area.country)
          .with("region", area.region)
          .with("postalCode", area.postal_code)
          .with("currency", std::string(row.currency.code()));
    }
    row.state = next;
    row.shipping_method_id = method->id;
    row.shipping_method_name = method->name;
    order.shipping = {*method, area};
    return finish(scope, order, addresses);
  };
  return app::with_taxes(context_, caller,
                         app::run_command(context_, caller, request, body, app::load_order),
                         app::load_order);
}

Result<Page<OfferedPaymentMethod>> Checkout::list_payment_methods(
    const Caller& caller, const ListOfferedPaymentMethods& request) {
  RESYS_TRYV(customers(context_, caller, app::shopper_request(caller, request)));
  return context_.read(caller.store, [&](const Scope& scope) -> Result<Page<OfferedPaymentMethod>> {
    RESYS_TRYV(require_customer(scope, caller));
    const auto open = rows::find_open_order(scope, app::identity_of(caller));
    const bool is_priced =
        open && open->item_count > 0 &&
        (open->state == OrderState::delivery || open->state == OrderState::payment);
    Page<OfferedPaymentMethod> page;
    for (auto& [method, sealed] : rows::list_payment_methods(scope)) {
      if (!app::is_offered(context_, method)) continue;
      const bool is_taken =
          !is_priced ||
          app::accepts(context_, method, {open->total_cents, open->currency}).has_value();
      if (!is_taken) continue;
      page.items.push_back(
          {method.id, method.name, method.processor, app::shown_to_shoppers(context_, method)});
    }
    return page;
  });
}

Result<Placement> Checkout::place_order(const Caller& caller, const PlaceOrder& given) {
  RESYS_TRY(request, customers(context_, caller, app::shopper_request(caller, given)));
  RESYS_TRYV(app::calculate_taxes(context_, caller, app::NewTaxes::keep));
  const auto body = [&](const Scope& scope) { return begin_placing(scope, caller, request); };
  RESYS_TRY(placing, app::run_command(context_, caller, app::request_key(caller, request), body));
  return app::finish_placing(context_, caller, placing);
}

Result<Order> Checkout::reopen(const Caller& caller, const ReopenOrder& given) {
  RESYS_TRY(request, customers(context_, caller, app::shopper_request(caller, given)));
  const auto body = [&](const Scope& scope) -> Result<app::BegunVoid> {
    RESYS_TRYV(require_customer(scope, caller));
    const OrderRow row =
        rows::find_open_order(scope, app::identity_of(caller)).value_or(OrderRow());
    RESYS_TRYV(domain::transition(row.state, OrderEvent::reopen));
    return app::begin_void(scope, row.payment_id, rows::VoidReason::reopened, "");
  };
  RESYS_TRY(begun, app::run_command(context_, caller, app::request_key(caller, request), body));
  RESYS_TRY(order, app::after_commit(app::finish_void(context_, caller.store, begun)));
  return app::after_commit(context_.read(
      caller.store, [&](const Scope& scope) { return app::load_order(scope, order); }));
}

}  // namespace resys
