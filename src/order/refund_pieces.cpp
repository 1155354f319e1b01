// What a refund of single pieces gives back; see the header.
#include "order/refund_pieces.hpp"

#include <algorithm>
#include <string_view>

#include "base/text.hpp"
#include "pricing/exact.hpp"
#include "pricing/quote.hpp"

namespace resys::app {
namespace {

constexpr std::string_view kShipping = "-";

// What earlier refunds of the line, or of shipping, have given back. Failed ones do not count.
RefundedLine refunded_of(const std::vector<rows::EntryRow>& entries, const LineItemId& line) {
  RefundedLine sum{.line_item_id = line};
  for (const rows::EntryRow& entry : entries) {
    if (entry.kind != PaymentEntryKind::refund || entry.state == RefundState::failed) continue;
    for (const RefundedLine& piece : pieces_of(entry)) {
      if (piece.line_item_id != line) continue;
      sum.quantity += piece.quantity;
      sum.amount_cents += piece.amount_cents;
      sum.tax_cents += piece.tax_cents;
    }
  }
  return sum;
}

// cents * part / whole. The parts of a whole amount that are counted up to there have this sum.
std::int64_t share_of(std::int64_t cents, std::int64_t part, std::int64_t whole,
                      TaxRounding rounding) {
  return whole == 0 ? 0 : pricing::divide(pricing::Wide{cents} * part, whole, rounding);
}

// What was paid for something, with the tax that its price does not include.
std::int64_t paid_for(std::int64_t cents, const std::vector<TaxLine>& taxes) {
  for (const TaxLine& tax : taxes) cents += tax.included ? 0 : tax.tax_cents;
  return cents;
}
std::int64_t paid_for(const LineItem& line) {
  return paid_for(line.total_cents - line.discount_cents, line.tax_lines);
}

// An amount that goes back, of what it was paid for.
struct TaxedPart {
  std::int64_t amount_cents = 0;
  std::int64_t tax_cents = 0;
  std::int64_t paid_cents = 0;
};

// Adds the taxes of the part.
void add_taxes(const std::vector<TaxLine>& taxes, const TaxedPart& part,
               std::vector<TaxLine>& sum) {
  std::vector<std::int64_t> weights;
  for (const TaxLine& tax : taxes) weights.push_back(tax.tax_cents);
  const auto shares = pricing::share(part.tax_cents, weights);
  for (std::size_t i = 0; i < taxes.size(); ++i) {
    TaxLine tax = taxes[i];
    tax.tax_cents = shares[i];
    tax.taxable_cents =
        share_of(tax.taxable_cents, part.amount_cents, part.paid_cents, TaxRounding::half_up);
    pricing::add_tax(sum, tax);
  }
}

Result<RefundedLine> pieces_of_line(const RefundLine& wanted, const LineItem& line,
                                    const RefundedLine& before) {
  const std::int64_t after = before.quantity + wanted.quantity;
  if (after > line.quantity) {
    return Error(Errc::invalid_request, "the quantity is more than is left to refund of the line")
        .at("quantity")
        .with("requestedQuantity", wanted.quantity)
        .with("refundableQuantity", line.quantity - before.quantity);
  }
  const std::int64_t paid = paid_for(line);
  // All units have the whole amount, and whatever is given back has its share of the tax. Of less
  // than a minor unit for each, the first units have one: what is worth nothing cannot be refunded.
  const auto amount_of = [&](std::int64_t units) {
    return std::max(share_of(paid, units, line.quantity, TaxRounding::down), std::min(units, paid));
  };
  const auto tax_of = [&](std::int64_t units) {
    return share_of(line.tax_cents, amount_of(units), paid, TaxRounding::half_up);
  };
  return RefundedLine{line.id, wanted.quantity, amount_of(after) - before.amount_cents,
                      tax_of(after) - before.tax_cents};
}

Result<RefundedLine> shipping_piece(const rows::OrderRow& order, const RefundedLine& before) {
  const std::int64_t paid = paid_for(order.shipment_total_cents, order.shipment_taxes);
  if (paid == before.amount_cents) {
    return Error(Errc::invalid_request, "nothing is left to refund of shipping").at("shipping");
  }
  return RefundedLine{
      {}, 0, paid - before.amount_cents, order.shipment_tax_cents - before.tax_cents};
}

Result<RefundedLine> requested_line(const RefundOrder& request, std::size_t index,
                                    const std::vector<LineItem>& lines,
                                    const std::vector<rows::EntryRow>& entries) {
  const RefundLine& wanted = request.lines[index];
  const auto is_it = [&](const auto& each) { return each.line_item_id == wanted.line_item_id; };
  const auto end = request.lines.begin() + static_cast<std::ptrdiff_t>(index);
  if (std::any_of(request.lines.begin(), end, is_it)) {
    return Error(Errc::invalid_request, "the line is given twice").at("lineItemId");
  }
  const auto line = std::find_if(lines.begin(), lines.end(), [&](const LineItem& each) {
    return each.id == wanted.line_item_id;
  });
  if (line == lines.end()) return Error(Errc::not_found, "there is no such line").at("lineItemId");
  return pieces_of_line(wanted, *line, refunded_of(entries, line->id));
}

}  // namespace

std::vector<std::string> texts_of(const RefundedPieces& pieces) {
  std::vector<std::string> texts;
  for (const RefundedLine& piece : pieces) {
    const bool is_line = !piece.line_item_id.empty();
    texts.push_back((is_line ? piece.line_item_id.text() : std::string(kShipping)) + " " +
                    std::to_string(piece.quantity) + " " + std::to_string(piece.amount_cents) +
                    " " + std::to_string(piece.tax_cents));
  }
  return texts;
}

RefundedPieces pieces_of(const rows::EntryRow& entry) {
  RefundedPieces pieces;
  for (std::string_view text : entry.pieces) {
    RefundedLine& piece = pieces.emplace_back();
    const std::string_view line = fields::next_part(text, ' ');
    if (line != kShipping) piece.line_item_id = LineItemId::parse(line).value();
    piece.quantity = fields::number_of(fields::next_part(text, ' '));
    piece.amount_cents = fields::number_of(fields::next_part(text, ' '));
    piece.tax_cents = fields::number_of(text);
  }
  return pieces;
}

RefundedPieces take_part(RefundedPieces& pieces, std::int64_t amount_cents) {
  RefundedPieces part;
  while (!pieces.empty() && pieces.front().amount_cents <= amount_cents) {
    amount_cents -= pieces.front().amount_cents;
    part.push_back(pieces.front());
    pieces.erase(pieces.begin());
  }
  if (pieces.empty() || amount_cents == 0) return part;
  RefundedLine& rest = pieces.front();
  RefundedLine& divided = part.emplace_back(rest);
  divided.amount_cents = amount_cents;
  divided.tax_cents =
      share_of(rest.tax_cents, amount_cents, rest.amount_cents, TaxRounding::half_up);
  rest.quantity = 0;
  rest.amount_cents -= divided.amount_cents;
  rest.tax_cents -= divided.tax_cents;
  return part;
}

std::vector<TaxLine> taxes_of_refund(const rows::EntryRow& entry, const Order& order) {
  std::vector<TaxLine> sum;
  std::int64_t tax_left = entry.tax_cents;
  for (const RefundedLine& piece : pieces_of(entry)) {
    const std::int64_t tax_cents = std::min(piece.tax_cents, tax_left);
    tax_left -= tax_cents;
    if (piece.line_item_id.empty()) {
      const auto& taxes = order.shipment->tax_lines;
      const std::int64_t paid = paid_for(order.shipment_total_cents, taxes);
      add_taxes(taxes, {piece.amount_cents, tax_cents, paid}, sum);
      continue;
    }
    const auto line =
        std::find_if(order.line_items.begin(), order.line_items.end(),
                     [&](const LineItem& each) { return each.id == piece.line_item_id; });
    add_taxes(line->tax_lines, {piece.amount_cents, tax_cents, paid_for(*line)}, sum);
  }
  if (entry.pieces.empty()) {
    add_taxes(order.tax_lines, {entry.amount_cents, entry.tax_cents, order.total_cents}, sum);
  }
  return sum;
}

Result<RefundedPieces> pieces_to_refund(const RefundOrder& request, const rows::OrderRow& order,
                                        const std::vector<LineItem>& lines,
                                        const std::vector<rows::EntryRow>& entries) {
  RefundedPieces pieces;
  for (std::size_t i = 0; i < request.lines.size(); ++i) {
    auto piece = requested_line(request, i, lines, entries);
    if (piece.has_error()) {
      const std::string field = "lines[" + std::to_string(i) + "]." + piece.error().field();
      return std::move(piece).error().at(field);
    }
    pieces.push_back(piece.value());
  }
  if (request.shipping) {
    RESYS_TRY(piece, shipping_piece(order, refunded_of(entries, {})));
    pieces.push_back(piece);
  }
  // Refunds of amounts may have taken some of their tax.
  std::int64_t tax_left = order.tax_total_cents + order.included_tax_total_cents;
  for (const rows::EntryRow& entry : entries) {
    const bool is_refund = entry.kind == PaymentEntryKind::refund;
    if (is_refund && entry.state != RefundState::failed) tax_left -= entry.tax_cents;
  }
  for (RefundedLine& piece : pieces) {
    piece.tax_cents = std::clamp<std::int64_t>(tax_left, 0, piece.tax_cents);
    tax_left -= piece.tax_cents;
  }
  return pieces;
}

}  // namespace resys::app
