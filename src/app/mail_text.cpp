// The built-in texts of the mails. Each is described once; Draft writes both of its forms.
#include "app/mail_text.hpp"

#include <charconv>
#include <utility>
#include <vector>

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

  // What stands on the left, and its amount.
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

// How much this event is about; all that the order got back if it does not say.
std::string amount_of(const MailContent& content) {
  const std::string cents = fact(content.event, "amountCents");
  std::int64_t minor = 0;
  const auto read = std::from_chars(cents.data(), cents.data() + cents.size(), minor);
  if (cents.empty() || read.ec != std::errc()) minor = refunded_cents(content.order);
  const auto currency = Currency::parse(fact(content.event, "currency"));
  return Money(minor, currency.has_value() ? currency.value() : content.order.currency).text();
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

void add_totals(Draft& draft, const Order& order) {
  Rows rows{{"Items", money(order.item_total_cents, order)}};
  for (const AppliedCoupon& coupon : order.coupons) {
    rows.emplace_back("Discount " + coupon.code, money(-coupon.discount_cents, order));
  }
  const std::string method = order.shipment ? " (" + order.shipment->name + ")" : "";
  rows.emplace_back("Shipping" + method, money(order.shipment_total_cents, order));
  if (order.tax_total_cents != 0) rows.emplace_back("Tax", money(order.tax_total_cents, order));
  rows.emplace_back("Total", money(order.total_cents, order));
  draft.table(rows);
}

void add_address(Draft& draft, const std::string& heading, const std::optional<Address>& address) {
  if (!address) return;
  std::vector<std::string> lines;
  for (const std::string& line :
       {address->first_name + " " + address->last_name, address->company, address->line1,
        address->line2, address->postal_code + " " + address->city, address->region,
        address->country, address->phone}) {
    const std::size_t first = line.find_first_not_of(' ');
    if (first != std::string::npos) lines.push_back(line.substr(first));
  }
  draft.block(heading, lines);
}

}  // namespace

MailText order_confirmation_text(const MailContent& content) {
  const Order& order = content.order;
  Draft draft;
  draft.paragraph("Thank you for your order " + order.number + ".");
  add_lines(draft, order);
  add_totals(draft, order);
  add_address(draft, "Shipping address", order.shipping_address);
  add_address(draft, "Billing address",
              order.billing_address ? order.billing_address : order.shipping_address);
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
  if (const std::int64_t refunded = refunded_cents(order); refunded > 0) {
    draft.paragraph("In all, you get " + money(refunded, order) + " back.");
  }
  add_lines(draft, order);
  return std::move(draft).finish("Your order " + order.number + " has been canceled");
}

MailText payment_refunded_text(const MailContent& content) {
  const Order& order = content.order;
  Draft draft;
  draft.paragraph("We have refunded " + amount_of(content) + " of your order " + order.number +
                  " to the way you paid.");
  return std::move(draft).finish("Refund for your order " + order.number);
}

// The refund itself is told by another mail, once it has been made.
MailText late_money_refunded_text(const MailContent& content) {
  const Order& order = content.order;
  const char* reason = order.state == OrderState::canceled
                           ? " reached us after the order had been canceled."
                           : " reached us when it was not held for you any more, and what you"
                             " ordered is sold out or was changed.";
  Draft draft;
  draft.paragraph("Your payment of " + amount_of(content) + " for the order " + order.number +
                  reason + " You get all of it back.");
  return std::move(draft).finish("Your payment for the order " + order.number +
                                 " reached us too late");
}

}  // namespace resys::app
