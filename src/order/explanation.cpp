// How an order's total came about, and what was paid of it; see the header.
#include "order/explanation.hpp"

#include <algorithm>
#include <utility>

#include "pricing/tax.hpp"

namespace resys::app {
namespace {

void add(TotalStep step, OrderExplanation& to) {
  to.total_cents += step.amount_cents;
  step.total_cents = to.total_cents;
  to.steps.push_back(std::move(step));
}

// What rounding has added to the tax, which was `exact` millionths of a minor unit.
std::string rounding_of(std::int64_t tax_cents, pricing::Wide exact) {
  constexpr std::int64_t kMillion = 1'000'000;
  const pricing::Wide added = pricing::Wide{tax_cents} * kMillion - exact;
  const pricing::Wide size = added < 0 ? -added : added;
  std::string text = std::to_string(static_cast<std::int64_t>(size / kMillion));
  std::string decimals = std::to_string(kMillion + static_cast<std::int64_t>(size % kMillion));
  decimals.erase(decimals.find_last_not_of('0') + 1);
  if (decimals.size() > 1) text += "." + decimals.substr(1);
  return added < 0 ? "-" + text : text;
}

void add_goods(const Order& order, OrderExplanation& to) {
  for (const LineItem& item : order.line_items) {
    add({.kind = TotalStepKind::item,
         .name = item.name,
         .line_item_id = item.id,
         .quantity = item.quantity,
         .unit_price_cents = item.unit_price_cents,
         .amount_cents = item.total_cents},
        to);
  }
  for (const LineItem& item : order.line_items) {
    for (const DiscountLine& discount : item.discounts) {
      const auto promotion =
          std::find_if(order.promotions.begin(), order.promotions.end(),
                       [&](const auto& each) { return each.id == discount.promotion_id; });
      add({.kind = TotalStepKind::discount,
           .name = discount.name,
           .line_item_id = item.id,
           .promotion_id = discount.promotion_id,
           .code = promotion == order.promotions.end() ? std::nullopt : promotion->code,
           .amount_cents = -discount.discount_cents},
          to);
    }
  }
}

void add_shipping(const Order& order, OrderExplanation& to) {
  if (!order.shipment) return;
  std::int64_t price_cents = order.shipment_total_cents;
  for (const AppliedPromotion& each : order.promotions) price_cents += each.shipping_discount_cents;
  add({.kind = TotalStepKind::shipping, .name = order.shipment->name, .amount_cents = price_cents},
      to);
  for (const AppliedPromotion& promotion : order.promotions) {
    if (promotion.shipping_discount_cents == 0) continue;
    add({.kind = TotalStepKind::shipping_discount,
         .name = promotion.name,
         .promotion_id = promotion.id,
         .code = promotion.code,
         .amount_cents = -promotion.shipping_discount_cents},
        to);
  }
}

void add_taxes(const std::vector<TaxLine>& taxes, const LineItemId& line, OrderExplanation& to) {
  const auto exact = pricing::exact_taxes(taxes);
  for (std::size_t i = 0; i < taxes.size(); ++i) {
    const TaxLine& tax = taxes[i];
    TotalStep step{.kind = TotalStepKind::tax,
                   .name = tax.name,
                   .line_item_id = line,
                   .tax = tax,
                   .amount_cents = tax.included ? 0 : tax.tax_cents};
    if (exact) step.rounding = rounding_of(tax.tax_cents, (*exact)[i]);
    add(std::move(step), to);
  }
}

// Whether the amount is a part of what is paid.
bool counts(const rows::EntryRow& entry) {
  switch (entry.kind) {
    case PaymentEntryKind::capture:
      return entry.state == RefundState::succeeded;
    case PaymentEntryKind::refund:
      return entry.state != RefundState::failed;
    case PaymentEntryKind::waiver:
      return false;
  }
  return false;
}

void add_money(std::vector<rows::EntryRow> entries, OrderExplanation& to) {
  std::sort(entries.begin(), entries.end(),
            [](const auto& one, const auto& other) { return one.id < other.id; });
  for (const rows::EntryRow& entry : entries) {
    const bool is_refund = entry.kind == PaymentEntryKind::refund;
    const std::int64_t amount_cents = is_refund ? -entry.amount_cents : entry.amount_cents;
    if (counts(entry)) to.paid_cents += amount_cents;
    to.payment_steps.push_back({.kind = entry.kind,
                                .payment_id = entry.payment_id,
                                .refund_id = is_refund ? entry.id : PaymentEntryId(),
                                .state = entry.state,
                                .reason = entry.reason,
                                .amount_cents = amount_cents,
                                .tax_cents = is_refund ? -entry.tax_cents : entry.tax_cents,
                                .paid_cents = to.paid_cents});
  }
}

}  // namespace

OrderExplanation explanation_of(const Order& order, std::vector<rows::EntryRow> entries) {
  OrderExplanation explanation{.order_id = order.id,
                               .number = order.number,
                               .currency = order.currency,
                               .payments = order.payments};
  add_goods(order, explanation);
  add_shipping(order, explanation);
  for (const LineItem& item : order.line_items) add_taxes(item.tax_lines, item.id, explanation);
  if (order.shipment) add_taxes(order.shipment->tax_lines, {}, explanation);
  add_money(std::move(entries), explanation);
  return explanation;
}

}  // namespace resys::app
