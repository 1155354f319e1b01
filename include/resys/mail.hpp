// The mails a shop sends, and how a host replaces their texts.
#pragma once

#include <functional>
#include <string>

#include "resys/host.hpp"
#include "resys/order.hpp"

namespace resys {

struct MailText {
  std::string subject{};  // one line
  std::string text{};
  std::string html{};  // empty: a text-only mail
};

// What a template is rendered from. Valid during the call only.
struct MailContent {
  const Order& order;
  const Event& event;
  const std::string& store;
};

// Called on the thread that runs due work. An error is retried as that of an EventHandler.
using MailTemplate = std::function<Result<MailText>(const MailContent&)>;

// One per mail; an empty one means the built-in text.
struct MailTemplates {
  // PaymentRequested, while that payment is open: how much, how and until when. What is to be paid
  // is the lesser of the event's amountCents and the order's missing_cents.
  MailTemplate payment_requested{};
  MailTemplate order_confirmation{};     // OrderCompleted: "Order Confirmation"
  MailTemplate order_shipped{};          // OrderShipped
  MailTemplate order_canceled{};         // OrderCanceled of a placed order
  MailTemplate payment_refunded{};       // PaymentRefunded: of a manual payment not sent yet
  MailTemplate late_payment_refunded{};  // LatePaymentRefunded: sold out before the money came
};

}  // namespace resys
