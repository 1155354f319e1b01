// Refunds of an order: what staff ask for, and what became of it (AdminOrders::refund).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "resys/common.hpp"
#include "resys/processor.hpp"
#include "resys/tax.hpp"

namespace resys {

// Units of a line. Their share of what was paid for the line goes back, with the last one the cents
// that are left.
struct RefundLine {
  LineItemId line_item_id{};
  std::int64_t quantity = 1;
};

// Either an amount, or units and shipping; neither: all that is left.
struct RefundOrder {
  std::string number{};
  std::optional<std::int64_t> amount_cents{};
  std::optional<std::string> reason{};  // for the timeline
  bool cancel = false;  // of an order that is not shipped: all of it, and the order is canceled
  std::optional<Currency> currency{};  // of amount_cents, if said: the order's
  std::vector<RefundLine> lines{};
  bool shipping = false;  // what was paid for shipping, too
};

// What a refund gave back of a line.
struct RefundedLine {
  LineItemId line_item_id{};
  std::int64_t quantity = 0;
  std::int64_t amount_cents = 0;
  std::int64_t tax_cents = 0;  // the part of the amount that is tax
};

// A refund that was asked for, by staff or at the processor. In minor units of the order's
// currency.
struct OrderRefund {
  PaymentEntryId id{};
  PaymentId payment_id{};
  RefundState state = RefundState::pending;
  std::int64_t amount_cents = 0;
  std::int64_t tax_cents = 0;  // the part of the amount that is tax, the sum of:
  // A line for each rate of what was refunded. Of an amount that is for nothing in particular, each
  // rate of the order has its share.
  std::vector<TaxLine> tax_lines{};
  std::string reason{};
  std::vector<RefundedLine> lines{};  // none if it is for an amount
  std::int64_t shipping_cents = 0;    // the part of the amount that is for shipping
};

}  // namespace resys
