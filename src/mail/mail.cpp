// The built-in event handlers, which send the buyer a mail about an event.
#include "mail/mail.hpp"

#include <algorithm>
#include <optional>

#include "event/outbox.hpp"
#include "mail/mail_text.hpp"
#include "order/locked_payment.hpp"
#include "order/order_view.hpp"
#include "payment/rows.hpp"

namespace resys::app {
namespace {

// A cart that was never placed has no number, and the buyer does not know it as an order.
bool was_placed(const Order& order) { return !order.number.empty(); }

// A request for payment is not sent any more if the payment has ended or is being ended: it was
// paid at least in part, another payment has replaced it, or the order is canceled.
bool is_to_be_told(const Scope& scope, const Event& event) {
  if (event.type != EventType::payment_requested) return true;
  for (const rows::PaymentRow& row : rows::load_payments(scope, event.order_id)) {
    const std::pair<std::string, std::string> payment{"paymentId", row.id.text()};
    const bool is_asked_for =
        std::find(event.facts.begin(), event.facts.end(), payment) != event.facts.end();
    if (is_asked_for) return !is_final(row.state) && !row.void_reason;
  }
  return false;
}

EventHandler mail_handler(Context& context, const std::shared_ptr<Mailer>& mailer, std::string name,
                          EventType type, const MailTemplate& render) {
  const auto handle = [&context, mailer, name, render](Shop&, const std::string& store,
                                                       const Event& event) -> Result<void> {
    const auto load = [&](const Scope& scope) -> Result<std::optional<Order>> {
      if (!is_to_be_told(scope, event)) return std::nullopt;
      RESYS_TRY(order, load_order(scope, event.order_id));
      if (order.email.empty() || !was_placed(order)) return std::nullopt;
      return std::optional(std::move(order));
    };
    RESYS_TRY(found, context.read(store, load));
    if (!found) return success();
    const Order& order = *found;
    RESYS_TRY(text, render({order, event, store}));
    auto sent = mailer->send({.to = order.email,
                              .subject = std::move(text.subject),
                              .text = std::move(text.text),
                              .html = std::move(text.html),
                              .message_id = event.id.text() + "." + name + "@resys"});
    // The mail server has refused the mail for good. Staff find it among the dead deliveries.
    if (sent.has_error() && sent.error().code() == Errc::invalid_request) {
      return give_up(std::move(sent).error());
    }
    return sent;
  };
  return {std::move(name), {type}, handle};
}

}  // namespace

std::vector<EventHandler> mail_handlers(Context& context, std::shared_ptr<Mailer> mailer,
                                        MailTemplates templates) {
  const auto handler = [&](std::string name, EventType type, MailTemplate hosts,
                           MailText (*built_in)(const MailContent&)) {
    return mail_handler(context, mailer, std::move(name), type,
                        hosts ? std::move(hosts) : MailTemplate(built_in));
  };
  return {handler("PaymentRequestedEmailHandler", EventType::payment_requested,
                  std::move(templates.payment_requested), payment_requested_text),
          handler("OrderCompletedEmailHandler", EventType::order_completed,
                  std::move(templates.order_confirmation), order_confirmation_text),
          handler("OrderShippedEmailHandler", EventType::order_shipped,
                  std::move(templates.order_shipped), order_shipped_text),
          handler("OrderCanceledEmailHandler", EventType::order_canceled,
                  std::move(templates.order_canceled), order_canceled_text),
          handler("PaymentRefundedEmailHandler", EventType::payment_refunded,
                  std::move(templates.payment_refunded), payment_refunded_text),
          handler("LatePaymentRefundedEmailHandler", EventType::late_payment_refunded,
                  std::move(templates.late_payment_refunded), late_payment_refunded_text)};
}

}  // namespace resys::app
