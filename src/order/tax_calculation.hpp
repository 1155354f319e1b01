// Taxes that a host's TaxCalculator finds: asked for with no transaction open, and kept with the
// order.
#pragma once

#include <optional>

#include "base/command.hpp"
#include "order/row.hpp"
#include "pricing/tax.hpp"

namespace resys::app {

// What is kept with the order, if anything.
std::optional<pricing::Calculation> calculation_of(const rows::OrderRow& order);

// Whether the order has the new taxes at once, or whether the buyer is shown them first
// (price_changed): then only the calculation is kept.
enum class NewTaxes { apply, keep };

// Asks the calculator about the caller's open order, if its taxes are not known. A calculator that
// fails is logged, and asked again after the next change.
Result<void> calculate_taxes(Context& context, const Caller& caller, NewTaxes taxes);

// The result of a command that has changed the caller's open order, with the calculator's taxes.
template <class Made>
Result<Made> with_taxes(Context& context, const Caller& caller, Result<Made> made,
                        Result<Made> (*load)(const Scope&, const OrderId&)) {
  if (context.tax_calculator == nullptr || made.has_error() || made.value().id.empty()) return made;
  RESYS_TRYV(after_commit(calculate_taxes(context, caller, NewTaxes::apply)));
  return after_commit(
      context.read(caller.store, [&](const Scope& scope) { return load(scope, made.value().id); }));
}

}  // namespace resys::app
