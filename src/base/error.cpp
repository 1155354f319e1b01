// The table of error codes, and the error object.
#include "resys/error.hpp"

#include <array>
#include <cstddef>
#include <utility>

#include "base/text.hpp"

namespace resys {
namespace {

constexpr std::array kErrors{
    ErrorInfo{Errc::invalid_request, "invalid_request", 400, Retry::never},
    ErrorInfo{Errc::invalid_signature, "invalid_signature", 400, Retry::never},
    ErrorInfo{Errc::unauthenticated, "unauthenticated", 401, Retry::never},
    ErrorInfo{Errc::payment_declined, "payment_declined", 402, Retry::reload},
    ErrorInfo{Errc::forbidden, "forbidden", 403, Retry::never},
    ErrorInfo{Errc::not_found, "not_found", 404, Retry::never},
    ErrorInfo{Errc::invalid_state, "invalid_state", 409, Retry::reload},
    ErrorInfo{Errc::insufficient_stock, "insufficient_stock", 409, Retry::reload},
    ErrorInfo{Errc::price_changed, "price_changed", 409, Retry::reload},
    ErrorInfo{Errc::idempotency_mismatch, "idempotency_mismatch", 409, Retry::never},
    ErrorInfo{Errc::conflict, "conflict", 409, Retry::reload},
    ErrorInfo{Errc::too_large, "too_large", 413, Retry::never},
    ErrorInfo{Errc::coupon_invalid, "coupon_invalid", 422, Retry::never},
    ErrorInfo{Errc::unsupported_currency, "unsupported_currency", 422, Retry::never},
    ErrorInfo{Errc::busy, "busy", 503, Retry::same},
    ErrorInfo{Errc::processor_unavailable, "processor_unavailable", 503, Retry::same},
    ErrorInfo{Errc::outcome_unknown, "outcome_unknown", 503, Retry::same},
    ErrorInfo{Errc::storage, "storage", 500, Retry::same},
    ErrorInfo{Errc::internal, "internal", 500, Retry::never},
};

constexpr std::size_t row_of(Errc code) noexcept { return static_cast<std::size_t>(code) - 1; }

constexpr bool in_order_of_codes() noexcept {
  for (std::size_t i = 0; i < kErrors.size(); ++i) {
    if (row_of(kErrors[i].code) != i) return false;
  }
  return true;
}
static_assert(in_order_of_codes() && row_of(Errc::internal) + 1 == kErrors.size());

}  // namespace

const ErrorInfo& error_info(Errc code) noexcept {
  const std::size_t row = row_of(code);
  return row < kErrors.size() ? kErrors[row] : kErrors.back();
}

std::string_view retry_name(Retry retry) noexcept {
  switch (retry) {
    case Retry::same:
      return "same";
    case Retry::reload:
      return "reload";
    case Retry::never:
      break;
  }
  return "never";
}

struct Error::Body {
  Errc code = Errc::internal;
  std::string message;
  std::string field;
  Facts facts;
  std::vector<Facts> rows;
};

namespace {

// The text may contain input from outside, and an error must not repeat a megabyte.
std::string bounded(std::string text, std::size_t most = fields::kMaxErrorBytes) {
  return fields::shortened(std::move(text), most);
}

Fact bounded(Fact fact) {
  if (auto* text = std::get_if<std::string>(&fact.value)) *text = bounded(std::move(*text));
  return fact;
}

}  // namespace

Error::Error(Errc code, std::string message)
    : body_(std::make_shared<Body>(Body{code, bounded(std::move(message)), {}, {}, {}})) {}

// Copies share their body. A copy that is changed gets its own.
Error::Body& Error::body() {
  if (!body_) body_ = std::make_shared<Body>();
  if (body_.use_count() > 1) body_ = std::make_shared<Body>(*body_);
  return *body_;
}

Errc Error::code() const noexcept { return body_ ? body_->code : Errc::internal; }

const std::string& Error::message() const noexcept {
  static const std::string none;
  return body_ ? body_->message : none;
}

const std::string& Error::field() const noexcept {
  static const std::string none;
  return body_ ? body_->field : none;
}

const Facts& Error::facts() const noexcept {
  static const Facts none;
  return body_ ? body_->facts : none;
}

const std::vector<Facts>& Error::rows() const noexcept {
  static const std::vector<Facts> none;
  return body_ ? body_->rows : none;
}

std::int64_t Error::fact(std::string_view name, std::int64_t otherwise) const noexcept {
  for (const Fact& fact : facts()) {
    if (fact.name != name) continue;
    if (const auto* value = std::get_if<std::int64_t>(&fact.value)) return *value;
  }
  return otherwise;
}

std::string_view Error::fact(std::string_view name) const noexcept {
  for (const Fact& fact : facts()) {
    if (fact.name != name) continue;
    if (const auto* value = std::get_if<std::string>(&fact.value)) return *value;
  }
  return {};
}

Error Error::at(std::string field) && {
  body().field = bounded(std::move(field), fields::kMaxFieldBytes);
  return std::move(*this);
}

Error Error::with(Fact fact) && {
  body().facts.push_back(bounded(std::move(fact)));
  return std::move(*this);
}

Error Error::with(std::string name, std::string value) && {
  return std::move(*this).with(Fact{std::move(name), std::move(value)});
}

Error Error::with(std::string name, const char* value) && {
  return std::move(*this).with(Fact{std::move(name), std::string(value)});
}

Error Error::row(Facts facts) && {
  for (Fact& fact : facts) fact = bounded(std::move(fact));
  body().rows.push_back(std::move(facts));
  return std::move(*this);
}

Exception::Exception(Error error) : error_(std::move(error)) {}

const char* Exception::what() const noexcept { return error_.message().c_str(); }

}  // namespace resys
