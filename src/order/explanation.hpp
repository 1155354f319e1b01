// How an order's total came about, and what was paid of it, as pure.
#pragma once

#include <vector>

#include "payment/row.hpp"
#include "resys/order.hpp"

namespace resys::app {

// `entries`: of all the order's payments.
OrderExplanation explanation_of(const Order& order, std::vector<rows::EntryRow> entries);

}  // namespace resys::app
