// One HTTPS call to Stripe: a form-encoded request, and the table of what its responses mean.
//
//   no response                   as the transport says: processor_unavailable or outcome_unknown
//   2xx with the object           done
//   2xx with anything else        outcome_unknown
//   Stripe-Should-Retry: true     to be repeated: processor_unavailable where the status says that
//                                 nothing was done, else outcome_unknown
//   Stripe-Should-Retry: false    judged as below; the key keeps this response, so a repetition
//                                 needs another key
//   400, idempotency_error        outcome_unknown: an earlier request had other parameters
//   401, 403                      processor_unavailable: the key is wrong, nothing was done
//   402, card_error               payment_declined, with Stripe's words for the shopper
//   409                           outcome_unknown: another call with this key is at work; but
//   lock_timeout, 429             processor_unavailable: nothing was done
//   any other 4xx                 invalid_request, or unsupported_currency for amount and currency
//   5xx, and what is left         outcome_unknown; where it was replayed, the key keeps it
//
// Error messages are our own, since Stripe's may quote a part of the key.
#include "payment/stripe_client.hpp"

#include <algorithm>

namespace resys::payments {
namespace {

// The version is pinned, so that an account's setting changes nothing. It is the newest version
// whose description is published in stripe-mock (0.203). The tests check every request, and every
// response that is read, against that description. The newer version 2026-10-28.endive only adds
// two statuses of a dispute (appeal_needs_response, appeal_under_review), which are accepted, too.
constexpr const char* kVersion = "2026-08-26.dahlia";

constexpr int kMaxDepth = 64;
constexpr std::string_view kLockTimeout = "lock_timeout";
constexpr std::size_t kMaxShopperText = 300;

std::string form_text(const Form& form) {
  std::string text;
  for (const auto& [name, value] : form) {
    if (!text.empty()) text += '&';
    text.append(encoded(name)).append("=").append(encoded(value));
  }
  return text;
}

OutgoingRequest to_http(const StripeRequest& request, const std::string& api_base,
                        std::string_view secret_key) {
  OutgoingRequest http;
  http.method = request.method;
  http.url = api_base + request.path;
  http.headers = {{"Authorization", "Bearer " + std::string(secret_key)},
                  {"Stripe-Version", kVersion}};
  const std::string form = form_text(request.form);
  if (http.method == "GET") {
    if (!form.empty()) http.url += "?" + form;
    return http;
  }
  http.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  http.headers.emplace_back("Idempotency-Key", request.idempotency_key);
  http.body = form;
  return http;
}

// Stripe's codes are words. Any other text is not passed on.
std::string word(std::string text) {
  const bool plain =
      text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char each) {
        return (each >= 'a' && each <= 'z') || (each >= '0' && each <= '9') || each == '_';
      });
  return plain ? text : std::string();
}

Error with_code(Error error, const std::string& code) {
  return code.empty() ? error : std::move(error).with(kStripeCode, code);
}

Error declined(const Json& error, const std::string& code) {
  constexpr std::string_view otherwise = "Your card was declined";
  const std::string decline_code = word(text_of(error, "decline_code"));
  return with_code(Error(Errc::payment_declined, shopper_text(text_of(error, "message"), otherwise))
                       .with("declineCode", decline_code.empty() ? code : decline_code),
                   code);
}

// The error for a request that Stripe has read and will not carry out.
Error refused(const Json& error, const std::string& code) {
  const std::string param = text_of(error, "param");
  const bool is_limit = code == "amount_too_small" || code == "amount_too_large";
  // Capturing more than was authorized has the same code, but the amount itself is not too large
  // for Stripe.
  const bool amount = (is_limit && param != "amount_to_capture") || code == "invalid_currency" ||
                      param == "currency";
  const std::string reason = code.empty() ? std::string() : " (" + code + ")";
  return with_code(
      Error(amount ? Errc::unsupported_currency : Errc::invalid_request,
            (amount ? "Stripe does not take this amount" : "Stripe refused the request") + reason),
      code);
}

// The error for a request that Stripe has not carried out, although it was not too busy.
Error not_done(int status, const Json& error, const std::string& code) {
  if (status == 401 || status == 403) {
    return with_code(
        Error(Errc::processor_unavailable, "Stripe refused the secret key").with("status", status),
        code);
  }
  if (status == 402 || (status == 400 && text_of(error, "type") == "card_error")) {
    return declined(error, code);
  }
  return refused(error, code);
}

// Whether the key can be used again after an error that is not a refusal.
KeyState key_after(const IncomingResponse& response) {
  const std::string_view should_retry = find_header(response.headers, "Stripe-Should-Retry");
  if (should_retry == "true" || response.status == 409) return KeyState::usable;
  if (find_header(response.headers, "Idempotent-Replayed") == "true") return KeyState::replayed;
  return should_retry == "false" ? KeyState::spent : KeyState::usable;
}

StripeAnswer judge(const IncomingResponse& response) {
  const auto parsed = parse_object(response.body);
  const Json error = parsed.has_value() ? object_of(parsed.value(), "error") : Json::object();
  const std::string code = word(text_of(error, "code"));
  const int status = response.status;

  if (status == 400 && text_of(error, "type") == "idempotency_error") {
    const Error changed(Errc::outcome_unknown,
                        "the idempotency key was used with other parameters");
    return {with_code(changed, code), KeyState::taken};
  }
  const bool is_definite =
      status >= 400 && status < 500 && status != 408 && (status != 409 || code == kLockTimeout);
  if (!is_definite) {
    const Error unknown(Errc::outcome_unknown, "Stripe gave no definite answer");
    return {with_code(Error(unknown).with("status", status), code), key_after(response)};
  }
  if (find_header(response.headers, "Stripe-Should-Retry") == "true") {
    const Error repeat(Errc::processor_unavailable, "Stripe asks to repeat the request");
    return {with_code(repeat, code)};
  }
  if (status == 429 || code == kLockTimeout) {
    const Error busy(Errc::processor_unavailable, "Stripe is too busy");
    return {with_code(busy, code), key_after(response)};
  }
  return {not_done(status, error, code)};
}

// A host's transport may fail with any code. Only these two mean that nothing was sent.
Error no_answer(const Error& error) {
  if (error.code() == Errc::processor_unavailable || error.code() == Errc::invalid_request) {
    return error;
  }
  return Error(Errc::outcome_unknown, "Stripe did not answer");
}

bool is_loopback(std::string_view host) {
  if (host == "localhost" || host == "[::1]") return true;
  return host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string::npos;
}

}  // namespace

StripeAnswer call_stripe(const ProcessorContext& context, const std::string& api_base,
                         const StripeRequest& request, std::string_view object) {
  if (!is_safe_base(api_base)) {
    return {
        Error(Errc::invalid_request, "Stripe's address is neither https nor http to this machine")};
  }
  const std::string_view secret_key = context.setting("secretKey");
  if (secret_key.empty()) {
    return {Error(Errc::processor_unavailable, "the payment method has no secret key")};
  }
  if (context.http == nullptr) {
    return {Error(Errc::processor_unavailable, "the shop has no HTTP transport")};
  }
  const auto answer = context.http->send(to_http(request, api_base, secret_key));
  if (answer.has_error()) return {no_answer(answer.error())};
  const IncomingResponse& response = answer.value();
  if (response.status < 200 || response.status > 299) return judge(response);
  auto json = parse_object(response.body);
  if (json.has_error() || text_of(json.value(), "object") != object) {
    return {unreadable()};
  }
  return {std::move(json)};
}

Error unreadable() { return Error(Errc::outcome_unknown, "Stripe's response cannot be read"); }

bool is_safe_base(std::string_view api_base) {
  constexpr std::string_view secure = "https://";
  constexpr std::string_view plain = "http://";
  const bool is_secure = api_base.starts_with(secure);
  if (!is_secure && !api_base.starts_with(plain)) return false;
  std::string_view host = api_base.substr(is_secure ? secure.size() : plain.size());
  host = host.substr(0, host.find_first_of("/?#"));
  if (host.empty() || host.find_first_of("@\\ \t\r\n") != std::string_view::npos) return false;
  const std::size_t port = host.rfind(':');
  if (port != std::string_view::npos && host.find(']', port) == std::string_view::npos) {
    host = host.substr(0, port);
  }
  return is_secure || is_loopback(host);
}

std::string encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  constexpr std::string_view plain = "-._~[]";
  std::string out;
  for (const char each : text) {
    const bool letter = (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') ||
                        (each >= '0' && each <= '9');
    if (letter || plain.find(each) != std::string_view::npos) {
      out += each;
      continue;
    }
    const auto byte = static_cast<unsigned char>(each);
    out += '%';
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

Result<Json> parse_object(std::string_view text) {
  const Error unreadable(Errc::invalid_request, "the text is not a JSON object");
  // The parser takes a zero byte for the end of the text and ignores the rest.
  if (text.find('\0') != text.npos) return unreadable;
  const auto limit_depth = [&](int depth, Json::parse_event_t, const Json&) {
    if (depth > kMaxDepth) throw Exception(unreadable);
    return true;
  };
  try {
    Json json = Json::parse(text.begin(), text.end(), limit_depth);
    if (json.is_object()) return json;
  } catch (const Json::exception&) {
  } catch (const Exception&) {
  }
  return unreadable;
}

std::string text_of(const Json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_string()) return {};
  return found->get<std::string>();
}

std::optional<std::int64_t> number_of(const Json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_number_integer()) return std::nullopt;
  // The number is read as unsigned, so that a number that is too large does not become negative.
  if (found->is_number_unsigned() && found->get<std::uint64_t>() > std::uint64_t{kMaxMinor}) {
    return std::nullopt;
  }
  return found->get<std::int64_t>();
}

const Json& object_of(const Json& object, const char* name) {
  static const Json none = Json::object();
  const auto found = object.find(name);
  return found == object.end() || !found->is_object() ? none : *found;
}

std::string shopper_text(std::string text, std::string_view otherwise) {
  while (!text.empty() && (text.back() == '.' || text.back() == ' ')) text.pop_back();
  const bool line = std::none_of(text.begin(), text.end(),
                                 [](char each) { return static_cast<unsigned char>(each) < 32; });
  if (text.empty() || text.size() > kMaxShopperText || !line) return std::string(otherwise);
  return text;
}

}  // namespace resys::payments
