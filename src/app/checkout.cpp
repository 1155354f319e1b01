// From cart to paid order: two short transactions around one call to the outside world.
#include "resys/checkout.hpp"

#include "app/advance.hpp"
#include "app/closing.hpp"
#include "app/event.hpp"
#include "app/order_command.hpp"
#include "app/order_view.hpp"
#include "app/processors.hpp"
#include "app/settlement.hpp"
#include "domain/order.hpp"
#include "domain/promotion.hpp"
#include "domain/shipping.hpp"
#include "fields/checkout.hpp"
#include "store/catalog.hpp"
#include "store/customer.hpp"
#include "store/promotion.hpp"
#include "store/settings.hpp"
#include "store/shipping.hpp"

namespace resys {
namespace {

using app::wrong_state;
using store::OrderRow;

// Of an order's number: 60 random bits.
constexpr std::size_t kNumberLength = 12;

Error empty_cart(const OrderRow& row, OrderEvent event) {
  return wrong_state(row, event, "the cart is empty");
}

// Checkout is for signed-in users, unless the store lets guests in.
Result<void> require_customer(db::Transaction& tx, const Caller& caller) {
  if (!caller.user_id.empty()) return success();
  if (store::load_checkout_settings(tx, caller.store).guest_checkout) return success();
  return app::require_user(caller);
}

// `checked` is what is wrong with the request; whoever may not check out is told that first.
Result<void> check_customer(Context& context, const Caller& caller, const Result<void>& checked) {
  if (checked.has_value() || !caller.user_id.empty()) return checked;
  return context.database->read([&](db::Transaction& tx) -> Result<void> {
    RESYS_TRYV(require_customer(tx, caller));
    return checked;
  });
}

// The caller's open order, locked; an empty cart where there is none.
OrderRow lock_open(db::Transaction& tx, const Caller& caller) {
  return store::find_open_order(tx, app::identity_of(caller)).value_or(OrderRow());
}

// The order's totals follow, and its row is written.
Result<Order> finish(db::Transaction& tx, const Caller& caller, OrderRow& row,
                     const OrderRow& before, store::OrderAddresses addresses,
                     const std::optional<ShippingMethod>& shipping, Timestamp now) {
  auto coupons = store::load_order_coupons(tx, caller.store, row);
  RESYS_TRYV(app::recompute(tx, caller.store, row, coupons, shipping, now));
  store::save_order(tx, caller.store, row, before, now);
  return app::view_order(tx, caller.store, row, coupons, std::move(addresses));
}

Result<Order> load(Context& context, const Caller& caller, const std::string& id) {
  RESYS_TRY(order_id, OrderId::parse(id));
  return context.database->read([&](db::Transaction& tx) -> Result<Order> {
    return app::load_order(tx, caller.store, order_id);
  });
}

// ---- addresses

Address address_of(const AddressInput& input) {
  return {.first_name = input.first_name,
          .last_name = input.last_name,
          .company = input.company.value_or(""),
          .line1 = input.line1,
          .line2 = input.line2.value_or(""),
          .city = input.city,
          .region = input.region.value_or(""),
          .postal_code = input.postal_code.value_or(""),
          .country = input.country,
          .phone = input.phone.value_or("")};
}

Result<void> check_addresses(const Caller& caller, const SetAddresses& request) {
  RESYS_TRYV(app::check_shopper(caller, request));
  if (request.shipping_address_id.has_value() == request.shipping_address.has_value()) {
    return Error(Errc::invalid_request, "give shippingAddressId or shippingAddress")
        .at("shippingAddressId");
  }
  if (request.billing_address_id && request.billing_address) {
    return Error(Errc::invalid_request, "give billingAddressId or billingAddress, not both")
        .at("billingAddressId");
  }
  if (!caller.user_id.empty()) return success();
  if (request.shipping_address_id || request.billing_address_id) {
    return Error(Errc::invalid_request, "a guest has no address book")
        .at(request.shipping_address_id ? "shippingAddressId" : "billingAddressId");
  }
  if (!request.email) return Error(Errc::invalid_request, "a guest must give one").at("email");
  return success();
}

Result<Address> pick_address(db::Transaction& tx, const Caller& caller,
                             const std::optional<AddressId>& id,
                             const std::optional<AddressInput>& input, const char* field) {
  if (input) return address_of(*input);
  auto found = store::find_address(tx, caller.store, caller.user_id, *id);
  if (!found) return Error(Errc::not_found, "there is no such address").at(field);
  return std::move(*found);
}

// ---- placing

// What is placed, as it is written.
struct Placing {
  OrderRow row;
  std::vector<store::LineRow> lines;
  std::vector<store::OrderCouponRow> coupons;
  ShippingMethod shipping;
};

// Loads the lines with the catalog's prices of this moment; `changed` gets a row for each that is
// another.
Result<void> reprice(db::Transaction& tx, std::string_view store, Placing& placing,
                     Error& changed) {
  Error unavailable =
      wrong_state(placing.row, OrderEvent::place, "a line is not for sale any more");
  for (store::OfferedLine& line : store::load_offered_lines(tx, store, placing.row.id)) {
    if (!line.for_sale) {
      unavailable = std::move(unavailable).row({{"sku", line.sku}});
    } else if (line.price_cents != line.unit_price_cents) {
      changed = std::move(changed).row({{"sku", line.sku},
                                        {"oldPriceCents", line.unit_price_cents},
                                        {"newPriceCents", line.price_cents}});
      RESYS_TRYV(app::price_line(line, Money(line.price_cents, placing.row.currency)));
      store::update_line(tx, store, placing.row.id, line);
    }
    placing.lines.push_back(std::move(line));
  }
  if (!unavailable.rows().empty()) return unavailable;
  return success();
}

// A code that took something off where the shopper saw it must still be valid.
Result<void> require_discounts(const OrderRow& row, const std::vector<store::OrderCouponRow>& shown,
                               Timestamp now) {
  for (const store::OrderCouponRow& each : shown) {
    if (each.discount_cents == 0) continue;
    RESYS_TRYV(domain::coupon_applies(each.coupon, row.item_total_cents, row.currency, now));
  }
  return success();
}

// Takes the prices of this moment, if they are those that were shown or those that were accepted.
Result<void> settle_prices(db::Transaction& tx, std::string_view store, const PlaceOrder& request,
                           Placing& placing, Timestamp now) {
  const auto shown_coupons = placing.coupons;
  const OrderRow shown = placing.row;
  OrderRow& row = placing.row;
  Error refusal(Errc::price_changed, "a price has changed since it was shown");
  RESYS_TRYV(reprice(tx, store, placing, refusal));
  RESYS_TRYV(app::count_items(row, placing.lines));
  RESYS_TRYV(app::recompute(tx, store, row, placing.coupons, placing.shipping, now));
  RESYS_TRYV(require_discounts(row, shown_coupons, now));
  const bool is_as_shown = refusal.rows().empty() && row.total_cents == shown.total_cents;
  const std::int64_t agreed = request.accept_total_cents.value_or(shown.total_cents);
  if ((is_as_shown || request.accept_total_cents) && row.total_cents == agreed) return success();
  if (row.shipment_total_cents != shown.shipment_total_cents) {
    refusal = std::move(refusal).row({{"shippingMethod", row.shipping_method_name},
                                      {"oldPriceCents", shown.shipment_total_cents},
                                      {"newPriceCents", row.shipment_total_cents}});
  }
  return std::move(refusal)
      .at("acceptTotalCents")
      .with("newTotalCents", row.total_cents)
      .with("currency", std::string(row.currency.code()));
}

// Its addresses and its shipping method are still good; its lines are not looked at yet.
Result<Placing> require_complete(db::Transaction& tx, std::string_view store, OrderRow row,
                                 const CheckoutSettings& settings) {
  if (row.item_count == 0) return empty_cart(row, OrderEvent::place);
  const auto addresses = store::load_order_addresses(tx, store, row.id);
  const auto shipping = app::chosen_shipping(tx, store, row);
  if (!shipping || !domain::serves(*shipping, addresses.shipping->country, row.currency)) {
    return wrong_state(row, OrderEvent::place,
                       "the shipping method does not serve this order any more")
        .with("shippingMethodId", row.shipping_method_id.text());
  }
  if (row.placements >= settings.max_placements) {
    return wrong_state(row, OrderEvent::place, "the order was placed too often")
        .with("limit", settings.max_placements);
  }
  auto coupons = store::load_order_coupons(tx, store, row);
  return Placing{std::move(row), {}, std::move(coupons), *shipping};
}

Result<store::PaymentMethodRow> require_method(db::Transaction& tx, const Context& context,
                                               std::string_view store, const PaymentMethodId& id) {
  auto row = store::find_payment_method(tx, store, id);
  if (!row || !app::is_offered(context, row->method)) {
    return Error(Errc::not_found, "there is no such payment method").at("paymentMethodId");
  }
  return std::move(*row);
}

Result<void> reserve_lines(db::Transaction& tx, const Context& context, const Caller& caller,
                           const Placing& placing, std::optional<Timestamp> expires_at,
                           Timestamp now) {
  std::vector<app::Demand> demands;
  for (const store::LineRow& line : placing.lines) {
    demands.push_back({line.id.text(), line.variant_id, line.sku, line.quantity});
  }
  const app::StockScope scope{caller.store, caller.user_id, now, *context.ids};
  return app::reserve_stock(tx, scope, placing.row.id.text(), demands, expires_at);
}

// Nothing is to be paid: the order is complete as soon as it is placed.
void complete_for_free(db::Transaction& tx, const Context& context, const Caller& caller,
                       OrderRow& row, Timestamp now) {
  for (const OrderEvent event : {OrderEvent::payment_authorized, OrderEvent::payment_captured}) {
    row.state = domain::transition(row.state, event).value();
  }
  row.completed_at = now;
  app::commit_stock(tx, {caller.store, caller.user_id, now, *context.ids}, row.id.text());
  app::record_event(tx, context, caller.store, row.id, EventType::order_completed,
                    {{"totalCents", "0"}}, now);
}

// Answers the payment that exists. "place again" is for the same method and nothing else.
Result<std::string> place_again(db::Transaction& tx, const Context& context, const Caller& caller,
                                const PlaceOrder& request, const OrderRow& row) {
  const auto payment = store::load_payment(tx, caller.store, row.payment_id).value();
  const bool is_same = payment.payment_method_id == request.payment_method_id && !payment.closing &&
                       request.accept_total_cents.value_or(row.total_cents) == row.total_cents;
  if (is_same) return row.id.text() + " " + payment.id.text();
  RESYS_TRYV(require_method(tx, context, caller.store, request.payment_method_id));
  return wrong_state(row, OrderEvent::place, "the order is placed with another payment")
      .with("allowedAfter", "reopen");
}

// The first transaction of a placing. Leaves "<order id>", or "<order id> <payment id>", and the
// call that is to be made.
Result<std::string> place_order(db::Transaction& tx, const Context& context, const Caller& caller,
                                const PlaceOrder& request, const PaymentId& payment_id,
                                Timestamp now, app::Step& call) {
  RESYS_TRYV(require_customer(tx, caller));
  const OrderRow before = lock_open(tx, caller);
  if (before.state == OrderState::payment) {
    return place_again(tx, context, caller, request, before);
  }
  RESYS_TRY(method, require_method(tx, context, caller.store, request.payment_method_id));
  if (before.id.empty()) return empty_cart(before, OrderEvent::place);
  RESYS_TRY(placed, domain::transition(before.state, OrderEvent::place));
  const auto settings = store::load_checkout_settings(tx, caller.store);
  RESYS_TRY(placing, require_complete(tx, caller.store, before, settings));
  RESYS_TRYV(settle_prices(tx, caller.store, request, placing, now));
  OrderRow& row = placing.row;
  const bool is_free = row.total_cents == 0;
  if (!is_free) {
    const auto* processor = app::find_processor(context, method.method.processor);
    const Money total(row.total_cents, row.currency);
    RESYS_TRYV(app::guarded(context, [&] { return processor->accepts(total); }));
    RESYS_TRYV(app::open_settings(context, caller.store, method));  // it can be called
  }
  RESYS_TRYV(app::take_coupon_uses(tx, caller.store, row, placing.coupons));
  const auto deadline = now.plus(settings.reservation_minutes * kMicrosPerMinute);
  RESYS_TRYV(reserve_lines(tx, context, caller, placing,
                           is_free ? std::nullopt : std::optional(deadline), now));

  row.state = placed;
  ++row.placements;
  row.placed_at = now;
  if (row.number.empty()) row.number = context.ids->random_text(kNumberLength);
  app::record_event(tx, context, caller.store, row.id, EventType::order_placed,
                    {{"number", row.number}, {"totalCents", std::to_string(row.total_cents)}}, now);
  std::string ids = row.id.text();
  if (is_free) {
    row.payment_id = {};
    complete_for_free(tx, context, caller, row, now);
  } else {
    row.payment_id = payment_id;
    store::PaymentRow payment{
        .id = payment_id,
        .order_id = row.id,
        .payment_method_id = method.method.id,
        .processor = method.method.processor,
        .currency = row.currency,
        .amount_cents = row.total_cents,
        .return_url = request.return_url.value_or(""),
        .content_hash = app::content_hash(row, placing.lines, placing.coupons),
        .open_creates = 1,
        .expires_at = deadline,
        .next_check_at = now.plus(app::kCallMayTake),
        .created_at = now};
    store::insert_payment(tx, caller.store, payment);
    call.kind = app::StepKind::create;
    call.payment = std::move(payment);
    call.method = std::move(method);
    call.order_number = row.number;
    call.email = row.email;
    ids += " " + payment_id.text();
  }
  store::save_order(tx, caller.store, row, before, now);
  return ids;
}

// ---- answering

// The client secret as it was stored; where it could not be sealed the processor is asked.
Result<std::string> client_secret_of(Context& context, const std::string& store,
                                     const store::PaymentRow& payment) {
  if (!payment.client_secret.empty()) {
    return context.secrets.open(store, payment.id.text(), payment.client_secret);
  }
  if (app::is_final(payment.state)) return std::string();
  RESYS_TRY(call, app::ProcessorCall::make(context, store, payment.payment_method_id));
  const Money amount(payment.amount_cents, payment.currency);
  RESYS_TRY(snapshot, app::guarded(context, [&] {
              return call->processor().fetch(call->context(), {payment.external_id, amount});
            }));
  return std::move(snapshot.client_secret);
}

// What the database says of a placing.
struct Placed {
  Order order;
  std::optional<store::PaymentRow> payment;  // none where nothing is to be paid
};

Result<Placed> load_placed(db::Transaction& tx, std::string_view store, const OrderId& order,
                           const PaymentId& payment) {
  RESYS_TRY(loaded, app::load_order(tx, store, order));
  Placed placed{std::move(loaded), std::nullopt};
  if (!payment.empty()) placed.payment = store::load_payment(tx, store, payment).value();
  return placed;
}

Result<Placement> placement_of(Context& context, const Caller& caller, Placed placed) {
  Placement placement{std::move(placed.order), {}, {}};
  if (!placed.payment) return placement;
  const store::PaymentRow& payment = *placed.payment;
  if (payment.state == PaymentState::failed) {
    return Error(Errc::payment_declined, payment.decline_message);
  }
  if (payment.external_id.empty() && !app::is_final(payment.state)) {
    return Error(Errc::processor_unavailable,
                 "the payment processor answered about another payment");
  }
  RESYS_TRY(client_secret, client_secret_of(context, caller.store, payment));
  placement.payment = PlacedPayment{payment.id,           payment.state,
                                    payment.processor,    std::move(client_secret),
                                    payment.amount_cents, payment.currency};
  if (placement.order.state == OrderState::payment) {
    placement.reservation_expires_at = payment.expires_at;
  }
  return placement;
}

}  // namespace

Result<Order> Checkout::set_addresses(const Caller& caller, const SetAddresses& request) {
  RESYS_TRYV(check_customer(context_, caller, check_addresses(caller, request)));
  const Timestamp now = context_.clock->now();
  const auto body = [&](db::Transaction& tx) -> Result<Order> {
    RESYS_TRYV(require_customer(tx, caller));
    const OrderRow before = lock_open(tx, caller);
    OrderRow row = before;
    RESYS_TRY(shipping, pick_address(tx, caller, request.shipping_address_id,
                                     request.shipping_address, "shippingAddressId"));
    std::optional<Address> billing;
    if (request.billing_address_id || request.billing_address) {
      RESYS_TRY(picked, pick_address(tx, caller, request.billing_address_id,
                                     request.billing_address, "billingAddressId"));
      billing = std::move(picked);
    }
    RESYS_TRY(next, domain::transition(row.state, OrderEvent::set_addresses));
    if (row.item_count == 0) return empty_cart(row, OrderEvent::set_addresses);
    row.state = next;
    if (request.email) row.email = *request.email;
    row.shipping_method_id = {};
    row.shipping_method_name.clear();
    store::save_order_addresses(tx, caller.store, row.id, shipping, billing);
    store::OrderAddresses addresses{shipping, billing ? billing : shipping};
    return finish(tx, caller, row, before, std::move(addresses), std::nullopt, now);
  };
  return app::run_order_command<Order>(context_, caller, request, now, body, app::load_order);
}

Result<Page<ShippingOption>> Checkout::list_shipping_options(const Caller& caller,
                                                             const ListShippingOptions& request) {
  RESYS_TRYV(check_customer(context_, caller, app::check_shopper(caller, request)));
  return context_.database->read([&](db::Transaction& tx) -> Result<Page<ShippingOption>> {
    RESYS_TRYV(require_customer(tx, caller));
    const auto found = store::find_open_order(tx, app::identity_of(caller));
    if (!found) return empty_cart({}, OrderEvent::select_shipping);
    const OrderRow& row = *found;
    RESYS_TRYV(domain::transition(row.state, OrderEvent::select_shipping));
    const auto addresses = store::load_order_addresses(tx, caller.store, row.id);
    Page<ShippingOption> page;
    for (const ShippingMethod& method : store::list_shipping_methods(tx, caller.store)) {
      if (!domain::serves(method, addresses.shipping->country, row.currency)) continue;
      RESYS_TRY(price, domain::shipping_price(method, row.item_count,
                                              row.item_total_cents - row.discount_total_cents));
      page.items.push_back({method.id, method.name, price});
    }
    return page;
  });
}

Result<Order> Checkout::select_shipping_method(const Caller& caller,
                                               const SelectShippingMethod& request) {
  RESYS_TRYV(check_customer(context_, caller, app::check_shopper(caller, request)));
  const Timestamp now = context_.clock->now();
  const auto body = [&](db::Transaction& tx) -> Result<Order> {
    RESYS_TRYV(require_customer(tx, caller));
    const OrderRow before = lock_open(tx, caller);
    OrderRow row = before;
    const auto method = store::find_shipping_method(tx, caller.store, request.shipping_method_id);
    if (!method || !method->active) {
      return Error(Errc::not_found, "there is no such shipping method").at("shippingMethodId");
    }
    RESYS_TRY(next, domain::transition(row.state, OrderEvent::select_shipping));
    const auto addresses = store::load_order_addresses(tx, caller.store, row.id);
    if (!domain::serves(*method, addresses.shipping->country, row.currency)) {
      return wrong_state(row, OrderEvent::select_shipping,
                         "this shipping method does not serve the order")
          .at("shippingMethodId")
          .with("country", addresses.shipping->country)
          .with("currency", std::string(row.currency.code()));
    }
    row.state = next;
    row.shipping_method_id = method->id;
    row.shipping_method_name = method->name;
    return finish(tx, caller, row, before, addresses, method, now);
  };
  return app::run_order_command<Order>(context_, caller, request, now, body, app::load_order);
}

Result<Page<OfferedPaymentMethod>> Checkout::list_payment_methods(
    const Caller& caller, const ListOfferedPaymentMethods& request) {
  RESYS_TRYV(check_customer(context_, caller, app::check_shopper(caller, request)));
  return context_.database->read([&](db::Transaction& tx) -> Result<Page<OfferedPaymentMethod>> {
    RESYS_TRYV(require_customer(tx, caller));
    Page<OfferedPaymentMethod> page;
    for (auto& [method, sealed] : store::list_payment_methods(tx, caller.store)) {
      if (!app::is_offered(context_, method)) continue;
      page.items.push_back(
          {method.id, method.name, method.processor, app::shown_to_shoppers(context_, method)});
    }
    return page;
  });
}

Result<Placement> Checkout::place(const Caller& caller, const PlaceOrder& request) {
  RESYS_TRYV(check_customer(context_, caller, app::check_shopper(caller, request)));
  const Timestamp now = context_.clock->now();
  const PaymentId new_payment = context_.ids->make<PaymentId>();
  app::Step call;
  const auto body = [&](db::Transaction& tx) {
    return place_order(tx, context_, caller, request, new_payment, now, call);
  };
  RESYS_TRY(outcome, app::run_command(context_, caller, request, now, body));
  const std::size_t blank = outcome.ids.find(' ');
  RESYS_TRY(order, OrderId::parse(std::string_view(outcome.ids).substr(0, blank)));
  PaymentId payment;
  if (blank != std::string::npos) {
    RESYS_TRY(parsed, PaymentId::parse(std::string_view(outcome.ids).substr(blank + 1)));
    payment = parsed;
  }
  // No transaction is open. A repetition resumes a call that was interrupted here.
  if (payment == new_payment) {
    Placed placed;
    const auto answer = [&](db::Transaction& tx, const OrderRow& row,
                            const store::PaymentRow& made) {
      placed = {app::view_order(tx, caller.store, row), made};
    };
    const auto advanced = app::advance_placed(context_, caller.store, std::move(call), answer);
    RESYS_TRYV(app::told_to_shopper(context_, payment, advanced));
    return placement_of(context_, caller, std::move(placed));
  }
  if (!payment.empty()) {
    const auto advanced = app::advance(context_, caller.store, payment);
    RESYS_TRYV(app::told_to_shopper(context_, payment, advanced));
  }
  RESYS_TRY(placed, context_.database->read([&](db::Transaction& tx) {
    return load_placed(tx, caller.store, order, payment);
  }));
  return placement_of(context_, caller, std::move(placed));
}

Result<Order> Checkout::reopen(const Caller& caller, const ReopenOrder& request) {
  RESYS_TRYV(check_customer(context_, caller, app::check_shopper(caller, request)));
  const Timestamp now = context_.clock->now();
  const auto body = [&](db::Transaction& tx) -> Result<std::string> {
    RESYS_TRYV(require_customer(tx, caller));
    const OrderRow row = lock_open(tx, caller);
    RESYS_TRYV(domain::transition(row.state, OrderEvent::reopen));
    return app::begin_closing(tx, context_, caller.store, row.payment_id, store::Closing::reopened,
                              now);
  };
  RESYS_TRY(outcome, app::run_command(context_, caller, request, now, body));
  RESYS_TRY(order, app::finish_closing(context_, caller.store, outcome.ids));
  return load(context_, caller, order.text());
}

}  // namespace resys
