// Requests to Stripe's API, and what its responses mean for the processor port.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "resys/processor.hpp"

namespace resys::payments {

using Json = nlohmann::json;

// The fact of an error that holds Stripe's own error code.
inline constexpr const char* kStripeCode = "stripeCode";

using Form = std::vector<std::pair<std::string, std::string>>;

struct StripeRequest {
  const char* method;                // "GET" or "POST"
  std::string path;                  // "/v1/payment_intents"
  Form form;                         // the query of a GET, the body of a POST
  std::string idempotency_key = {};  // of a POST
};

// What an idempotency key can be used for after an error.
enum class KeyState {
  usable,    // the request may be repeated under it
  spent,     // the request is over, and Stripe keeps this error as the response to its key
  replayed,  // the same, but from an earlier call: nothing was tried now
  taken,     // it was used for a request with other parameters, which may still be at work
};

struct StripeAnswer {
  Result<Json> object;  // of the type asked for, or an error in the words of the port
  KeyState key = KeyState::usable;
};

// `object`: the type, for example "payment_intent".
StripeAnswer call_stripe(const ProcessorContext& context, const std::string& api_base,
                         const StripeRequest& request, std::string_view object);

// Whether `api_base` is https, or http to this machine.
bool is_safe_base(std::string_view api_base);

// outcome_unknown, for a response that makes no sense.
Error unreadable();

// Percent-encodes a text that Stripe or a shopper may have written.
std::string encoded(std::string_view text);

// invalid_request unless it is one JSON object of sane depth.
Result<Json> parse_object(std::string_view text);

// Members of an object that may lack them or have them as null or as something else.
std::string text_of(const Json& object, const char* name);
std::optional<std::int64_t> number_of(const Json& object, const char* name);
const Json& object_of(const Json& object, const char* name);  // an empty one if there is none

// Stripe's text for shoppers as a plain sentence, or `otherwise` if it is not fit to be shown.
std::string shopper_text(std::string text, std::string_view otherwise);

}  // namespace resys::payments
