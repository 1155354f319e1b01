// A payment and its order in a transaction; see the header.
#include "order/locked_payment.hpp"

#include <algorithm>

#include "base/settings_rows.hpp"
#include "event/outbox.hpp"
#include "event/rows.hpp"
#include "inventory/stock.hpp"
#include "order/open_order.hpp"
#include "order/order_end.hpp"

namespace resys::app {
namespace {

// Most orders have one payment, and the others need not be looked for.
std::vector<PaymentBook> load_others(const Scope& scope, const rows::OrderRow& order,
                                     const PaymentId& payment) {
  std::vector<PaymentBook> others;
  if (order.placements <= 1) return others;
  const auto entries = rows::load_order_entries(scope, order.id);
  for (rows::PaymentRow& row : rows::load_payments(scope, order.id)) {
    if (row.id == payment) continue;
    PaymentBook& other = others.emplace_back(PaymentBook{std::move(row), {}});
    std::copy_if(entries.begin(), entries.end(), std::back_inserter(other.entries),
                 [&](const rows::EntryRow& entry) { return entry.payment_id == other.row.id; });
  }
  return others;
}

// An order that has changed since it was placed is not completed by a late payment.
bool reserve_again(const Scope& scope, const PaymentBooks& books) {
  OrderContents order = load_contents(scope, books.order);
  if (content_hash(order) != books.payment.row.content_hash) return false;
  const std::string order_ref = order.row.id.text();
  if (reserve_stock(scope, order_ref, demands_of(order), std::nullopt).has_error()) return false;
  if (take_promotion_uses(scope, order).has_value()) return true;
  release_stock(scope, order_ref);
  return false;
}

void save_entries(const Scope& scope, const PaymentBook& book, const PaymentBook& before) {
  for (std::size_t i = 0; i < book.entries.size(); ++i) {
    if (i >= before.entries.size()) {
      rows::insert_entry(scope, book.entries[i]);
    } else if (book.entries[i] != before.entries[i]) {
      rows::save_entry(scope, book.entries[i]);
    }
  }
}

bool has_event(const Scope& scope, const OrderId& order, const Effect& effect) {
  const auto events = rows::list_events(scope, order);
  return std::any_of(events.begin(), events.end(), [&](const Event& event) {
    return event.type == effect.type && event.facts == effect.facts;
  });
}

bool was_requested(const Scope& scope, const PaymentUpdate& update) {
  if (update.order().placements <= 1) return false;
  const std::pair<std::string, std::string> fact{"paymentId", update.payment().id.text()};
  const auto events = rows::list_events(scope, update.order().id);
  return std::any_of(events.begin(), events.end(), [&](const Event& event) {
    return event.type == EventType::payment_requested &&
           std::find(event.facts.begin(), event.facts.end(), fact) != event.facts.end();
  });
}

bool has_instructions(const Scope& scope, const PaymentUpdate& update) {
  const auto& id = update.payment().payment_method_id;
  return !rows::find_payment_method(scope, id).value().method.instructions.empty();
}

void carry_out(const Scope& scope, const PaymentUpdate& update, const Effect& effect) {
  const rows::OrderRow& order = update.order();
  switch (effect.kind) {
    case Effect::Kind::record:
      return record_event(scope, order.id, effect.type, effect.facts);
    case Effect::Kind::record_once:
      if (has_event(scope, order.id, effect)) return;
      return record_event(scope, order.id, effect.type, effect.facts);
    case Effect::Kind::request_money:
      if (!has_instructions(scope, update) || was_requested(scope, update)) return;
      return record_event(scope, order.id, effect.type, effect.facts);
    case Effect::Kind::hold_stock:
      return hold_stock_until(scope, order.id.text(), std::nullopt);
    case Effect::Kind::commit_stock:
      return commit_stock(scope, order.id.text());
    case Effect::Kind::release_stock:
      return release_stock(scope, order.id.text());
    case Effect::Kind::restock:
      return restock(scope, order.id.text());
    case Effect::Kind::return_promotions:
      return return_promotion_uses(scope, order);
  }
}

}  // namespace

Result<PaymentUpdate> lock_payment(const Scope& scope, const PaymentId& payment) {
  auto order = rows::find_order_of(scope, payment);
  if (!order) return Error(Errc::not_found, "there is no such payment");
  PaymentBooks books{.order = std::move(*order)};
  books.payment = {rows::load_payment(scope, payment).value(), rows::load_entries(scope, payment)};
  books.others = load_others(scope, books.order, payment);
  books.is_shipped = books.order.state == OrderState::confirm &&
                     rows::find_shipment(scope, books.order.id).has_value();
  books.settings = rows::load_checkout_settings(scope);
  return PaymentUpdate(std::move(books), scope.now, scope.ids);
}

Result<PaymentUpdate> lock_and_apply_snapshot(const Scope& scope, const PaymentId& payment,
                                              const PaymentSnapshot& snapshot,
                                              const std::string& sealed_secret) {
  RESYS_TRY(update, lock_payment(scope, payment));
  const rows::PaymentRow& row = update.before().payment.row;
  const bool is_taken =
      row.external_id.empty() &&
      rows::find_external_payment(scope, row.processor, snapshot.external_id).has_value();
  update.apply_snapshot(snapshot, sealed_secret, is_taken);
  if (!update.needs_stock_again() || reserve_again(scope, update.before())) {
    return std::move(update);
  }
  PaymentUpdate without_stock(update.before(), scope.now, scope.ids);
  without_stock.refuse_late_payment();
  without_stock.apply_snapshot(snapshot, sealed_secret, is_taken);
  return without_stock;
}

void save(const Scope& scope, PaymentUpdate& update) {
  const PaymentBooks& before = update.before();
  const rows::PaymentRow& row = update.payment();
  const bool named = before.payment.row.external_id.empty() && !row.external_id.empty();
  rows::save_payment(scope, row, named);
  save_entries(scope, update.book(), before.payment);
  for (std::size_t i = 0; i < update.others().size(); ++i) {
    const PaymentBook& other = update.others()[i];
    if (other == before.others[i]) continue;
    rows::save_payment(scope, other.row, false);
    save_entries(scope, other, before.others[i]);
  }
  if (update.order() != before.order) rows::save_order(scope, update.order(), before.order);
  for (const Effect& effect : update.effects()) {
    carry_out(scope.as(effect.actor), update, effect);
  }
}

}  // namespace resys::app
