// How an order's total came about, and what was paid of it: each cent, from what is stored.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "resys/payment.hpp"
#include "resys/processor.hpp"
#include "resys/tax.hpp"

namespace resys {

// In the order in which steps of these kinds are taken.
enum class TotalStepKind { item, discount, shipping, shipping_discount, tax };
template <>
struct EnumNames<TotalStepKind> {
  static constexpr std::string_view type = "TotalStepKind";
  static constexpr std::array<std::string_view, 5> names{"item", "discount", "shipping",
                                                         "shippingDiscount", "tax"};
};

// A step on the way to the total. Amounts are in minor units of the order's currency.
struct TotalStep {
  TotalStepKind kind = TotalStepKind::item;
  std::string name{};                      // of the product, promotion, shipping method or tax rate
  LineItemId line_item_id{};               // that it is about; empty: shipping
  std::optional<std::int64_t> quantity{};  // of an item
  std::optional<std::int64_t> unit_price_cents{};  // of an item
  PromotionId promotion_id{};                      // of a discount
  std::optional<std::string> code{};               // by which the promotion applies, if by one
  std::optional<TaxLine> tax{};
  // What rounding has added to a tax, in minor units: "-0.25". The exact tax is the rate's part of
  // the net amount, or, where prices include it, of what is paid. Absent also where the rate of a
  // TaxCalculator is no percentage.
  std::optional<std::string> rounding{};
  std::int64_t amount_cents = 0;  // below zero for discounts; 0 for a tax that prices include
  std::int64_t total_cents = 0;   // of all steps up to this one
};

// An amount that came, went back, or was waived, or is to.
struct PaymentStep {
  PaymentEntryKind kind = PaymentEntryKind::capture;
  PaymentId payment_id{};
  PaymentEntryId refund_id{};  // empty for captures and waivers
  RefundState state = RefundState::pending;
  std::string reason{};           // of a refund; may be empty
  std::int64_t amount_cents = 0;  // below zero for refunds
  std::int64_t tax_cents = 0;     // the part of a refund's amount that is tax; not above zero
  // Taken and not given back after this step. Captures count once they have succeeded, refunds
  // until they have failed, waivers never.
  std::int64_t paid_cents = 0;
};

struct OrderExplanation {
  OrderId order_id{};
  std::string number{};
  Currency currency{};
  std::vector<TotalStep> steps{};
  std::int64_t total_cents = 0;              // the sum of the steps
  std::vector<OrderPayment> payments{};      // oldest first
  std::vector<PaymentStep> payment_steps{};  // oldest first
  std::int64_t paid_cents = 0;               // after all of them
};

}  // namespace resys
