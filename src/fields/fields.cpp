// The limits executed, and the bytes of a fingerprint.
#include "fields/fields.hpp"

namespace resys::fields {
namespace {

Error refuse(std::string accepted) { return Error(Errc::invalid_request, std::move(accepted)); }

std::string count(std::int64_t least, std::int64_t most, std::string_view what) {
  std::string out = least == most ? std::to_string(most)
                    : least == 0  ? "at most " + std::to_string(most)
                                  : std::to_string(least) + " to " + std::to_string(most);
  return out.append(" ").append(what);
}

Result<void> check_bytes(std::string_view name, std::string_view value, std::int64_t least,
                         std::int64_t most, Pattern pattern) {
  const auto size = static_cast<std::int64_t>(value.size());
  if (size < least || size > most) {
    return refuse("a text of " + count(least, most, "bytes") + " is expected")
        .at(std::string(name))
        .with("limit", size < least ? least : most);
  }
  auto checked = check_text(text(least, most, pattern), value);
  if (checked.has_error()) return inside(std::string(name), std::move(checked).error());
  return success();
}

}  // namespace

Error missing() { return refuse("this field is needed"); }

Error inside(std::string path, Error error) {
  const std::string& rest = error.field();
  if (!rest.empty() && rest.front() != '[') path += '.';
  path += rest;
  return std::move(error).at(std::move(path));
}

Result<void> check_text(const Limit& limit, std::string_view value) {
  if (limit.pattern == Pattern::raw) return success();
  RESYS_TRY(characters, count_characters(limit.pattern, value));
  if (characters < limit.least || characters > limit.most) {
    return refuse("a text of " + count(limit.least, limit.most, "characters") + " is expected")
        .with("limit", characters < limit.least ? limit.least : limit.most);
  }
  return check_form(limit.pattern, value);
}

Result<void> check_integer(const Limit& limit, std::int64_t value) {
  if (value >= limit.least && value <= limit.most) return success();
  return refuse("an integer from " + std::to_string(limit.least) + " to " +
                std::to_string(limit.most) + " is expected")
      .with("limit", value < limit.least ? limit.least : limit.most);
}

Result<void> check_count(const Limit& limit, std::size_t items) {
  const auto size = static_cast<std::int64_t>(items);
  if (size >= limit.least_items && size <= limit.most_items) return success();
  return refuse("a list of " + count(limit.least_items, limit.most_items, "items") + " is expected")
      .with("limit", size < limit.least_items ? limit.least_items : limit.most_items);
}

Result<void> check_moment(Timestamp value) {
  // The years that RFC 3339 can write: 0000 to 9999.
  constexpr std::int64_t first = -62'167'219'200 * kMicrosPerSecond;
  constexpr std::int64_t beyond = 253'402'300'800 * kMicrosPerSecond;
  if (value.micros >= first && value.micros < beyond) return success();
  return refuse("a time between the years 0 and 9999 is expected");
}

Result<void> check_currency(Currency value) {
  for (const WithdrawnCurrency& withdrawn : withdrawn_currencies()) {
    if (withdrawn.currency != value) continue;
    const std::string successor(withdrawn.successor.code());
    return refuse(std::string(value.code())
                      .append(" was withdrawn on ")
                      .append(withdrawn.since)
                      .append("; its successor is ")
                      .append(successor))
        .with("since", std::string(withdrawn.since))
        .with("successor", successor);
  }
  return success();
}

Result<void> check_pairs(const Limit& limit, const Options& pairs) {
  if (limit.pattern == Pattern::raw) return success();
  RESYS_TRYV(check_count(limit, pairs.size()));
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const std::string& name = pairs[i].first;
    RESYS_TRYV(check_text(text(1, kMaxOptionName), name));
    auto checked = check_text(limit, pairs[i].second);
    if (checked.has_error()) return inside(name, std::move(checked).error());
    const auto same = [&](const auto& other) { return other.first == name; };
    if (std::any_of(pairs.begin(), pairs.begin() + static_cast<std::ptrdiff_t>(i), same)) {
      return refuse("each name is given once").at(name);
    }
  }
  return success();
}

Result<void> check(const Caller& caller) {
  RESYS_TRYV(check_bytes("store", caller.store, 1, kMaxStoreBytes, Pattern::store));
  RESYS_TRYV(check_bytes("userId", caller.user_id, 0, kMaxIdentityBytes, Pattern::exact));
  RESYS_TRYV(check_bytes("sessionId", caller.session_id, 0, kMaxIdentityBytes, Pattern::exact));
  return check_bytes("idempotencyKey", caller.idempotency_key, 0, kMaxIdentityBytes,
                     Pattern::exact);
}

void append(std::string& out, std::string_view value) {
  out.append(std::to_string(value.size())).append(1, ':').append(value);
}

void append(std::string& out, std::int64_t value) { append(out, std::to_string(value)); }

}  // namespace resys::fields
