// The built-in texts of the mails. Each is described once; Draft writes both of its forms.
#include "mail/mail_text.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

#include "payment/processors.hpp"

namespace resys::app {
namespace {

std::string escape(std::string_view text) {
  std::string out;
  for (const char letter : text) {
    switch (letter) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += letter;
    }
  }
  return out;
}

using Rows = std::vector<std::pair<std::string, std::string>>;

// A mail being written, as text and as HTML at once.
class Draft {
 public:
  void paragraph(const std::string& sentence) {
    text_ += sentence + "\n\n";
    html_ += "<p>" + escape(sentence) + "</p>\n";
  }

  // A table of labels and amounts.
  void table(const Rows& rows) {
    html_ += "<table cellpadding=\"4\">\n";
    for (const auto& [label, amount] : rows) {
      text_ += label + ": " + amount + "\n";
      html_ += "<tr><td>" + escape(label) + "</td><td align=\"right\">" + escape(amount) +
               "</td></tr>\n";
    }
    text_ += "\n";
    html_ += "</table>\n";
  }

  void block(const std::string& heading, const std::vector<std::string>& lines) {
    text_ += heading + ":\n";
    html_ += "<p><strong>" + escape(heading) + "</strong>";
    for (const std::string& line : lines) {
      text_ += "  " + line + "\n";
      html_ += "<br>\n" + escape(line);
    }
    text_ += "\n";
    html_ += "</p>\n";
  }

  MailText finish(std::string subject) && {
    while (text_.ends_with("\n\n")) text_.pop_back();
    std::string html = "<!doctype html>\n<html><head><meta charset=\"utf-8\"><title>" +
                       escape(subject) + "</title></head>\n<body>\n" + html_ + "</body></html>\n";
    return {std::move(subject), std::move(text_), std::move(html)};
  }

 private:
  std::string text_;
  std::string html_;
};

// The event's fact of that name, or empty.
std::string fact(const Event& event, std::string_view name) {
  for (const auto& [key, value] : event.facts) {
    if (key == name) return value;
  }
  return {};
}

std::string money(std::int64_t cents, const Order& order) {
  return Money(cents, order.currency).text();
}

std::int64_t refunded_cents(const Order& order) {
  std::int64_t sum = 0;
  for (const OrderPayment& payment : order.payments) {
    sum += payment.refunded_cents + payment.refund_pending_cents;
  }
  return sum;
}

// The event's fact of that name as a number, if it has one.
std::optional<std::int64_t> cents_of(const Event& event, std::string_view name = "amountCents") {
  const std::string cents = fact(event, name);
  std::int64_t minor = 0;
  const auto read = std::from_chars(cents.data(), cents.data() + cents.size(), minor);
  if (cents.empty() || read.ec != std::errc()) return std::nullopt;
  return minor;
}

// The same in words. Without an amount, all that was refunded for the order.
std::string amount_of(const MailContent& content) {
  const std::int64_t minor = cents_of(content.event).value_or(refunded_cents(content.order));
  const auto currency = Currency::parse(fact(content.event, "currency"));
  return Money(minor, currency.has_value() ? currency.value() : content.order.currency).text();
}

// The part of the requested amount that is still to be paid.
std::string asked_amount(const MailContent& content) {
  const std::int64_t missing = content.order.missing_cents;
  return money(std::min(cents_of(content.event).value_or(missing), missing), content.order);
}

// The payment that the event is about.
const OrderPayment* payment_of(const MailContent& content) {
  const std::string id = fact(content.event, "paymentId");
  for (const OrderPayment& payment : content.order.payments) {
    if (payment.id.text() == id) return &payment;
  }
  return nullptr;
}

// The day of a moment, in UTC: "2026-12-24".
std::string day_of(const std::string& moment) { return moment.substr(0, moment.find('T')); }

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

// Why an order was canceled, as far as it concerns the buyer.
std::string cancel_reason(const MailContent& content) {
  const std::string reason = fact(content.event, "reason");
  const std::string due = day_of(fact(content.event, "dueAt"));
  if (reason == "canceled") return "You have canceled it yourself.";
  if (reason == "due") {
    return "It was not paid in full" + (due.empty() ? " in time." : " by " + due + ".");
  }
  if (reason == "voided" || reason == "failed") return "Its payment could not be completed.";
  return {};
}

// Why a late payment could not be used.
std::string lateness(const MailContent& content) {
  const std::string state = fact(content.event, "orderState");
  const auto was = [&](OrderState each) { return state == name_of(each); };
  if (was(OrderState::canceled)) return " reached us after the order had been canceled.";
  if (was(OrderState::complete)) return " reached us when the order had been paid already.";
  if (was(OrderState::payment) || was(OrderState::confirm)) {
    return " reached us when you had begun another payment of the order.";
  }
  return " reached us when it was not held for you any more, and what you ordered is sold out or"
         " was changed.";
}

std::string description(const LineItem& line) {
  std::string text = std::to_string(line.quantity) + " x " + line.name;
  std::string options;
  for (const auto& [name, value] : line.options) {
    options += (options.empty() ? "" : ", ") + name + ": " + value;
  }
  return options.empty() ? text : text + " (" + options + ")";
}

void add_lines(Draft& draft, const Order& order) {
  Rows rows;
  for (const LineItem& line : order.line_items) {
    rows.emplace_back(description(line), money(line.total_cents, order));
  }
  draft.table(rows);
}

// Adds the taxes that are part of the prices, or those that are added to them. A tax that is not
// due is named, too: the books of the buyer rest on it.
void add_taxes(Rows& rows, const Order& order, bool included) {
  for (const TaxLine& tax : order.tax_lines) {
    if (tax.included != included) continue;
    std::string label = tax.name;
    if (tax.reason == TaxReason::rate) label += " " + tax.rate + " %";
    if (included) label = "Included: " + label;
    rows.emplace_back(label, money(tax.tax_cents, order));
  }
}

void add_totals(Draft& draft, const Order& order) {
  Rows rows{{"Items", money(order.item_total_cents, order)}};
  Rows shipping_discounts;
  std::int64_t shipping_cents = order.shipment_total_cents;
  for (const AppliedPromotion& each : order.promotions) {
    const std::string name =
        "Discount " + each.name + (each.code ? " (" + *each.code + ")" : std::string());
    if (each.discount_cents > 0) rows.emplace_back(name, money(-each.discount_cents, order));
    if (each.shipping_discount_cents == 0) continue;
    shipping_discounts.emplace_back(name, money(-each.shipping_discount_cents, order));
    shipping_cents += each.shipping_discount_cents;
  }
  const std::string method = order.shipment ? " (" + order.shipment->name + ")" : "";
  rows.emplace_back("Shipping" + method, money(shipping_cents, order));
  rows.insert(rows.end(), shipping_discounts.begin(), shipping_discounts.end());
  add_taxes(rows, order, false);
  rows.emplace_back("Total", money(order.total_cents, order));
  add_taxes(rows, order, true);
  const bool is_accepted = order.state == OrderState::complete && refunded_cents(order) == 0 &&
                           order.paid_cents < order.total_cents;
  if (is_accepted) rows.emplace_back("Paid", money(order.paid_cents, order));
  draft.table(rows);
}

void add_address(Draft& draft, const std::string& heading, const std::optional<Address>& address) {
  if (!address) return;
  std::vector<std::string> lines = address->formatted;
  if (!address->phone.empty()) lines.push_back(address->phone);
  draft.block(heading, lines);
}

}  // namespace

MailText payment_requested_text(const MailContent& content) {
  const Order& order = content.order;
  const OrderPayment* payment = payment_of(content);
  const std::string due = day_of(fact(content.event, "dueAt"));
  const std::string instructions = payment == nullptr ? "" : payment->instructions;
  const std::string amount = asked_amount(content);
  Draft draft;
  if (order.paid_cents > 0) {
    draft.paragraph("We have received " + money(order.paid_cents, order) + " for your order " +
                    order.number + ". " + amount + " are still missing.");
  } else {
    draft.paragraph("Thank you for your order " + order.number + ".");
  }
  draft.paragraph("Please pay " + amount + (due.empty() ? "" : " by " + due) +
                  (instructions.empty() ? ", on the page of your order." : "."));
  if (!instructions.empty()) {
    draft.block("How to pay", lines_of(instructions));
    Rows rows{{"Amount", amount}, {"Reference", order.number}};
    if (!due.empty()) rows.emplace_back("Pay by", due);
    draft.table(rows);
  }
  if (!due.empty()) draft.paragraph("If it has not been paid by then, the order is canceled.");
  add_lines(draft, order);
  add_totals(draft, order);
  return std::move(draft).finish("Please pay for your order " + order.number);
}

MailText order_confirmation_text(const MailContent& content) {
  const Order& order = content.order;
  Draft draft;
  draft.paragraph("Thank you for your order " + order.number + ".");
  add_lines(draft, order);
  add_totals(draft, order);
  add_address(draft, "Shipping address", order.shipping_address);
  add_address(draft, "Billing address",
              order.billing_address ? order.billing_address : order.shipping_address);
  if (!order.tax_id.empty()) draft.paragraph("Your tax id: " + order.tax_id);
  return std::move(draft).finish("Order Confirmation " + order.number);
}

MailText order_shipped_text(const MailContent& content) {
  const Order& order = content.order;
  const auto shipment = order.shipment.value_or(OrderShipment{});
  const auto known = [&](std::string_view name, const std::string& otherwise) {
    const std::string told = fact(content.event, name);
    return told.empty() ? otherwise : told;
  };
  const std::string tracking_number = known("trackingNumber", shipment.tracking_number);
  const std::string carrier = known("carrier", shipment.carrier);
  Draft draft;
  draft.paragraph("Your order " + order.number + " is on its way.");
  if (!carrier.empty()) draft.paragraph("Carrier: " + carrier);
  if (!tracking_number.empty()) draft.paragraph("Tracking number: " + tracking_number);
  add_lines(draft, order);
  add_address(draft, "Shipping address", order.shipping_address);
  return std::move(draft).finish("Your order " + order.number + " has been shipped");
}

MailText order_canceled_text(const MailContent& content) {
  const Order& order = content.order;
  Draft draft;
  draft.paragraph("Your order " + order.number + " has been canceled.");
  if (const std::string reason = cancel_reason(content); !reason.empty()) draft.paragraph(reason);
  if (const std::int64_t refunded = refunded_cents(order); refunded > 0) {
    draft.paragraph("In all, you get " + money(refunded, order) + " back.");
  }
  add_lines(draft, order);
  return std::move(draft).finish("Your order " + order.number + " has been canceled");
}

// The tax in the refund, as a sentence, or nothing.
std::string refunded_tax(const MailContent& content) {
  const auto minor = cents_of(content.event, "taxCents");
  return minor ? " " + money(*minor, content.order) + " of it is tax." : "";
}

MailText payment_refunded_text(const MailContent& content) {
  const Order& order = content.order;
  const OrderPayment* payment = payment_of(content);
  Draft draft;
  if (payment != nullptr && payment->offline) {
    // Staff send this refund by hand, and may not have done so yet.
    draft.paragraph("You get " + amount_of(content) + " of your order " + order.number + " back." +
                    refunded_tax(content) +
                    " We send it by hand, so please allow some days for it to arrive.");
  } else {
    draft.paragraph("We have refunded " + amount_of(content) + " of your order " + order.number +
                    " to the way you paid." + refunded_tax(content));
  }
  return std::move(draft).finish("Refund for your order " + order.number);
}

// Another mail reports the refund itself, once it has been made.
MailText late_payment_refunded_text(const MailContent& content) {
  const Order& order = content.order;
  Draft draft;
  draft.paragraph("Your payment of " + amount_of(content) + " for the order " + order.number +
                  lateness(content) + " You get all of it back.");
  return std::move(draft).finish("Your payment for the order " + order.number +
                                 " reached us too late");
}

}  // namespace resys::app
