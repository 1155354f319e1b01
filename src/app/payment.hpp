// Webhooks that came before their payment.
#pragma once

#include <string>

#include "app/context.hpp"
#include "store/payment.hpp"

namespace resys::app {

// Applies a parked webhook if its payment is there by now; else puts it off, for seven days.
Result<void> retry_webhook(Context& context, const std::string& store, store::WebhookRow webhook,
                           Timestamp now);

}  // namespace resys::app
