// Webhooks that arrived before their payment was stored.
#pragma once

#include <string>

#include "base/context.hpp"
#include "payment/rows.hpp"

namespace resys::app {

// Applies a parked webhook if its payment exists by now. Otherwise puts it off, for seven days in
// all.
Result<void> retry_webhook(Context& context, const std::string& store, rows::WebhookRow webhook,
                           Timestamp now);

}  // namespace resys::app
