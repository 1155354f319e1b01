// The built-in event handlers: mails to the buyer.
#pragma once

#include <memory>
#include <vector>

#include "base/context.hpp"

namespace resys::app {

// One handler per kind of mail, OrderCompletedEmailHandler first. A template that the host gave
// replaces the built-in text. Orders without an e-mail address get none.
std::vector<EventHandler> mail_handlers(Context& context, std::shared_ptr<Mailer> mailer,
                                        MailTemplates templates);

}  // namespace resys::app
