// Placed orders, for their owner and for staff.
#include "resys/order.hpp"

#include <limits>

#include "app/advance.hpp"
#include "app/closing.hpp"
#include "app/event.hpp"
#include "app/order_command.hpp"
#include "app/order_view.hpp"
#include "app/page.hpp"
#include "app/settlement.hpp"
#include "domain/order.hpp"
#include "fields/order.hpp"
#include "store/event.hpp"

namespace resys {
namespace {

using app::Settlement;
using app::wrong_state;
using store::EntryKind;
using store::OrderRow;

constexpr OrderId kNewest{detail::Uuid{std::numeric_limits<std::uint64_t>::max(),
                                       std::numeric_limits<std::uint64_t>::max()}};

// The processor of payments that staff see arrive themselves.
constexpr std::string_view kManual = "manual";

Error no_such_order() { return Error(Errc::not_found, "there is no such order").at("number"); }

// `owner`: not null if it must be the owner's.
Result<OrderRow> require_order(db::Transaction& tx, std::string_view store,
                               const std::string& number, const Caller* owner) {
  auto row = store::find_order(tx, store, number);
  if (!row || (owner != nullptr && !app::owns(*owner, *row))) return no_such_order();
  return std::move(*row);
}

Result<Order> load(Context& context, const Caller& caller, const std::string& number,
                   const Caller* owner) {
  return context.database->read([&](db::Transaction& tx) -> Result<Order> {
    RESYS_TRY(row, require_order(tx, caller.store, number, owner));
    return app::view_order(tx, caller.store, row);
  });
}

Result<Page<Order>> list(Context& context, const Caller& caller, const store::OrderFilter& filter,
                         const std::optional<std::string>& after, std::int64_t limit) {
  const auto before = after ? OrderId::parse(*after) : kNewest;
  if (before.has_error()) {
    return Error(Errc::invalid_request, "must be the nextAfter of an earlier page").at("after");
  }
  return context.database->read([&](db::Transaction& tx) -> Result<Page<Order>> {
    const auto ids =
        app::page_of(store::list_placed_orders(tx, caller.store, filter, before.value(), limit + 1),
                     limit, [](const OrderId& id) { return id.text(); });
    Page<Order> page{{}, ids.next_after};
    for (const OrderId& id : ids.items) {
      RESYS_TRY(order, app::load_order(tx, caller.store, id));
      page.items.push_back(std::move(order));
    }
    return page;
  });
}

// ---- cancel

// Leaves the payment that ends first, or nothing where none has to.
Result<std::string> cancel_now_or_later(db::Transaction& tx, const Context& context,
                                        const Caller& caller, const std::string& number,
                                        const Caller* owner, Timestamp now) {
  RESYS_TRY(row, require_order(tx, caller.store, number, owner));
  RESYS_TRYV(domain::transition(row.state, OrderEvent::cancel));
  if (store::find_shipment(tx, caller.store, row.id)) {
    return wrong_state(row, OrderEvent::cancel, "the order is shipped");
  }
  const bool is_placed = row.state == OrderState::confirm || row.state == OrderState::complete;
  if (is_placed && owner != nullptr) {
    return wrong_state(row, OrderEvent::cancel, "from here on only staff can cancel the order");
  }
  const bool has_payment =
      !row.payment_id.empty() && (is_placed || row.state == OrderState::payment);
  if (has_payment) {
    const auto reason =
        owner == nullptr ? store::Closing::canceled_by_staff : store::Closing::canceled;
    return app::begin_closing(tx, context, caller.store, row.payment_id, reason, now);
  }
  const OrderRow before = row;
  const char* reason = owner == nullptr ? "canceledByStaff" : "canceled";
  app::cancel_order(tx, context, caller.store, row, OrderEvent::cancel, reason, now);
  store::save_order(tx, caller.store, row, before, now);
  return std::string();
}

Result<Order> cancel(Context& context, const Caller& caller, const OrderRef& request,
                     const Caller* owner) {
  const Timestamp now = context.clock->now();
  const auto body = [&](db::Transaction& tx) {
    return cancel_now_or_later(tx, context, caller, request.number, owner, now);
  };
  RESYS_TRY(outcome, app::run_command(context, caller, "CancelOrder", fields::fingerprint(request),
                                      now, body));
  if (!outcome.ids.empty()) {
    RESYS_TRYV(app::finish_closing(context, caller.store, outcome.ids));
  }
  return load(context, caller, request.number, owner);
}

// ---- money

// Writes that the authorized total is to be taken. Leaves the payment.
Result<std::string> begin_capture(db::Transaction& tx, const Context& context, const Caller& caller,
                                  const std::string& number, bool by_hand, Timestamp now) {
  RESYS_TRY(found, require_order(tx, caller.store, number, nullptr));
  const char* not_authorized = "the order is not authorized";
  if (found.payment_id.empty()) {
    return wrong_state(found, OrderEvent::payment_captured, not_authorized);
  }
  RESYS_TRY(settlement, Settlement::lock(tx, context, caller.store, found.payment_id, now));
  const OrderRow& row = settlement.order();
  if (row.state != OrderState::confirm) {
    return wrong_state(row, OrderEvent::payment_captured, not_authorized);
  }
  const store::PaymentRow& payment = settlement.payment();
  if (by_hand && payment.processor != kManual) {
    return wrong_state(row, OrderEvent::payment_captured, "this payment is captured, not marked")
        .with("processor", payment.processor);
  }
  if (payment.closing) {
    return wrong_state(row, OrderEvent::payment_captured, "the payment is being ended");
  }
  const auto entry = settlement.require_capture();
  settlement.save();
  return payment.id.text() + " " + entry.text();
}

// Calls the processor for a capture or a refund; `ids` are those of the payment and of the entry. A
// replay of one that has failed meanwhile fails, too.
Result<void> carry_out(Context& context, const std::string& store, std::string_view ids) {
  const std::size_t blank = ids.find(' ');
  RESYS_TRY(payment, PaymentId::parse(ids.substr(0, blank)));
  RESYS_TRY(id, PaymentEntryId::parse(ids.substr(blank + 1)));
  RESYS_TRYV(app::advance(context, store, payment));
  return context.database->read([&](db::Transaction& tx) -> Result<void> {
    for (const store::EntryRow& entry : store::load_entries(tx, store, payment)) {
      if (entry.id != id || entry.state != RefundState::failed) continue;
      return Error(Errc::payment_declined, "the payment processor has refused it");
    }
    return success();
  });
}

Result<Order> capture(Context& context, const Caller& caller, const OrderRef& request,
                      bool by_hand) {
  RESYS_TRYV(app::check_staff(caller, request));
  const Timestamp now = context.clock->now();
  const auto body = [&](db::Transaction& tx) {
    return begin_capture(tx, context, caller, request.number, by_hand, now);
  };
  RESYS_TRY(outcome, app::run_command(context, caller, by_hand ? "MarkOrderPaid" : "CaptureOrder",
                                      fields::fingerprint(request), now, body));
  RESYS_TRYV(carry_out(context, caller.store, outcome.ids));
  return load(context, caller, request.number, nullptr);
}

// The payment whose money goes back: what was paid beside the order's own is owed first (late money
// whose refund has failed).
Result<Settlement> lock_refundable(db::Transaction& tx, const Context& context,
                                   std::string_view store, const OrderRow& row, Timestamp now) {
  for (const store::PaymentRow& payment : store::load_payments(tx, store, row.id)) {
    if (payment.id == row.payment_id || payment.state != PaymentState::captured) continue;
    RESYS_TRY(settlement, Settlement::lock(tx, context, store, payment.id, now));
    if (settlement.refundable() > 0) return std::move(settlement);
  }
  if (row.payment_id.empty()) {
    return Error(Errc::invalid_state, "nothing was paid for the order")
        .with("state", std::string(name_of(row.state)));
  }
  return Settlement::lock(tx, context, store, row.payment_id, now);
}

// Writes that money is to go back. Leaves the payment.
Result<std::string> begin_refund(db::Transaction& tx, const Context& context, const Caller& caller,
                                 const RefundOrder& request, Timestamp now) {
  RESYS_TRY(row, require_order(tx, caller.store, request.number, nullptr));
  RESYS_TRY(settlement, lock_refundable(tx, context, caller.store, row, now));
  const std::int64_t left = settlement.refundable();
  if (left <= 0) {
    return Error(Errc::invalid_state, "no money is left to give back")
        .with("state", std::string(name_of(row.state)))
        .with("refundableCents", left);
  }
  const std::int64_t amount = request.amount_cents.value_or(left);
  if (amount > left) {
    return Error(Errc::invalid_request, "this is more than is left to give back")
        .at("amountCents")
        .with("requestedCents", amount)
        .with("refundableCents", left);
  }
  const auto entry = settlement.add_pending(EntryKind::refund, amount, request.reason.value_or(""));
  settlement.save();
  return settlement.payment().id.text() + " " + entry.text();
}

// ---- ship

Result<std::string> ship_order(db::Transaction& tx, const Context& context, const Caller& caller,
                               const ShipOrder& request, const ShipmentId& id, Timestamp now) {
  RESYS_TRY(row, require_order(tx, caller.store, request.number, nullptr));
  const OrderRow before = row;
  RESYS_TRY(next, domain::transition(row.state, OrderEvent::ship));
  if (store::find_shipment(tx, caller.store, row.id)) {
    return wrong_state(row, OrderEvent::ship, "the order is shipped already");
  }
  if (const auto payment = store::load_payment(tx, caller.store, row.payment_id)) {
    if (payment->closing) {
      return wrong_state(row, OrderEvent::ship, "the order is being canceled");
    }
    if (row.state == OrderState::confirm && payment->processor != kManual) {
      return wrong_state(row, OrderEvent::ship, "the payment must be captured first");
    }
  }
  const app::StockScope scope{caller.store, caller.user_id, now, *context.ids};
  auto shipped = app::ship_stock(tx, scope, row.id.text());
  if (shipped.has_error()) {
    return std::move(shipped)
        .error()
        .with("state", std::string(name_of(row.state)))
        .with("event", std::string(name_of(OrderEvent::ship)));
  }
  const std::string carrier = request.carrier.value_or("");
  store::insert_shipment(tx, caller.store, row.id, {id, request.tracking_number, carrier, now});
  app::record_event(tx, context, caller.store, row.id, EventType::order_shipped,
                    {{"trackingNumber", request.tracking_number}, {"carrier", carrier}}, now);
  row.state = next;
  store::save_order(tx, caller.store, row, before, now);
  return row.id.text();
}

}  // namespace

Result<Page<Order>> Orders::list(const Caller& caller, const ListOrders& request) {
  RESYS_TRYV(app::check_shopper(caller, request));
  const bool is_user = !caller.user_id.empty();
  const store::OrderFilter filter{
      .user_id = caller.user_id,
      .session_id = is_user ? std::string_view() : std::string_view(caller.session_id)};
  return resys::list(context_, caller, filter, request.after, request.limit);
}

Result<Order> Orders::get(const Caller& caller, const OrderRef& request) {
  RESYS_TRYV(app::check_shopper(caller, request));
  return load(context_, caller, request.number, &caller);
}

Result<Order> Orders::cancel(const Caller& caller, const OrderRef& request) {
  RESYS_TRYV(app::check_shopper(caller, request));
  return resys::cancel(context_, caller, request, &caller);
}

Result<Page<Order>> Orders::list_all(const Caller& caller, const ListAllOrders& request) {
  RESYS_TRYV(app::check_staff(caller, request));
  const std::string beginning = request.q.value_or("");
  const store::OrderFilter filter{.state = request.state, .beginning = beginning};
  return resys::list(context_, caller, filter, request.after, request.limit);
}

Result<Order> Orders::get_any(const Caller& caller, const OrderRef& request) {
  RESYS_TRYV(app::check_staff(caller, request));
  return load(context_, caller, request.number, nullptr);
}

Result<Order> Orders::capture(const Caller& caller, const OrderRef& request) {
  return resys::capture(context_, caller, request, false);
}

Result<Order> Orders::mark_paid(const Caller& caller, const OrderRef& request) {
  return resys::capture(context_, caller, request, true);
}

Result<Order> Orders::refund(const Caller& caller, const RefundOrder& request) {
  RESYS_TRYV(app::check_staff(caller, request));
  const Timestamp now = context_.clock->now();
  const auto body = [&](db::Transaction& tx) {
    return begin_refund(tx, context_, caller, request, now);
  };
  RESYS_TRY(outcome, app::run_command(context_, caller, request, now, body));
  RESYS_TRYV(carry_out(context_, caller.store, outcome.ids));
  return load(context_, caller, request.number, nullptr);
}

Result<Order> Orders::cancel_any(const Caller& caller, const OrderRef& request) {
  RESYS_TRYV(app::check_staff(caller, request));
  return resys::cancel(context_, caller, request, nullptr);
}

Result<Order> Orders::ship(const Caller& caller, const ShipOrder& request) {
  RESYS_TRYV(app::check_staff(caller, request));
  const Timestamp now = context_.clock->now();
  const auto id = context_.ids->make<ShipmentId>();
  const auto body = [&](db::Transaction& tx) {
    return ship_order(tx, context_, caller, request, id, now);
  };
  RESYS_TRYV(app::run_command(context_, caller, request, now, body));
  return load(context_, caller, request.number, nullptr);
}

Result<Timeline> Orders::timeline(const Caller& caller, const OrderRef& request) {
  RESYS_TRYV(app::check_staff(caller, request));
  return context_.database->read([&](db::Transaction& tx) -> Result<Timeline> {
    RESYS_TRY(row, require_order(tx, caller.store, request.number, nullptr));
    return Timeline{store::list_events(tx, caller.store, row.id)};
  });
}

}  // namespace resys
