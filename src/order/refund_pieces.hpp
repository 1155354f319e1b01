// What a refund of single pieces gives back, as pure. A refund keeps its pieces as texts, one for
// each line: "<line id> <quantity> <amount> <tax>"; for shipping the line id is "-" and the
// quantity 0.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "order/row.hpp"
#include "payment/row.hpp"
#include "resys/order.hpp"

namespace resys::app {

// Of one line, or of shipping, if the id is empty.
using RefundedPieces = std::vector<RefundedLine>;

std::vector<std::string> texts_of(const RefundedPieces& pieces);
RefundedPieces pieces_of(const rows::EntryRow& entry);

// The tax in a refund, a line for each rate. `order` has its lines, shipment and totals.
std::vector<TaxLine> taxes_of_refund(const rows::EntryRow& entry, const Order& order);

// The pieces that the request asks for, with their share of what was paid. `entries`: of all the
// order's payments. not_found and invalid_request name the field.
Result<RefundedPieces> pieces_to_refund(const RefundOrder& request, const rows::OrderRow& order,
                                        const std::vector<LineItem>& lines,
                                        const std::vector<rows::EntryRow>& entries);

// Takes pieces for that amount away from their front. Of a piece that is divided, the first part
// has the units.
RefundedPieces take_part(RefundedPieces& pieces, std::int64_t amount_cents);

}  // namespace resys::app
