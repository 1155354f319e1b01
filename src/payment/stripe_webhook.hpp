// Webhooks of Stripe: who has signed them, and what they say.
#pragma once

#include "resys/processor.hpp"

namespace resys::payments {

// The largest payload that is read.
inline constexpr std::size_t kMaxWebhookBytes = 1 << 20;

// Whether one of `secrets` (separated by blanks) has signed `payload` within five minutes of `now`.
// Errors: invalid_signature, which does not say what was wrong with it.
Result<void> verify_stripe_signature(std::string_view header, std::string_view payload,
                                     std::string_view secrets, Timestamp now);

// Reads an event whose signature was verified. invalid_request if it is not an event. If the object
// has to be fetched, also the errors of call_stripe().
Result<WebhookEvent> read_stripe_event(const ProcessorContext& context, const std::string& api_base,
                                       std::string_view payload);

}  // namespace resys::payments
