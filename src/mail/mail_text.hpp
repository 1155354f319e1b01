// The built-in texts of the mails to the buyer, each as plain text and as HTML.
#pragma once

#include "resys/mail.hpp"

namespace resys::app {

MailText payment_requested_text(const MailContent& content);
MailText order_confirmation_text(const MailContent& content);
MailText order_shipped_text(const MailContent& content);
MailText order_canceled_text(const MailContent& content);
MailText payment_refunded_text(const MailContent& content);
MailText late_payment_refunded_text(const MailContent& content);

}  // namespace resys::app
