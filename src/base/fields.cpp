// Checks the limits, and makes the bytes of a fingerprint.
#include "base/fields.hpp"

#include <algorithm>

#include "resys/common.hpp"

namespace resys::fields {
namespace {

Error refuse(std::string fault) { return Error(Errc::invalid_request, std::move(fault)); }

std::string count(std::int64_t least, std::int64_t most, std::string_view what) {
  std::string out = least == most ? std::to_string(most)
                    : least == 0  ? "at most " + std::to_string(most)
                                  : std::to_string(least) + " to " + std::to_string(most);
  return out.append(" ").append(what);
}

// Begins a message such as "the text is too long: at most 10 bytes are accepted".
std::string wrong_size(const char* what, bool is_short) {
  return std::string("the ") + what + (is_short ? " is too short: " : " is too long: ");
}

Result<void> check_bytes(std::string_view name, std::string_view value, std::int64_t least,
                         std::int64_t most, Pattern pattern) {
  const auto size = static_cast<std::int64_t>(value.size());
  if (size < least || size > most) {
    return refuse(wrong_size("text", size < least) + count(least, most, "bytes") + " are accepted")
        .at(std::string(name))
        .with("limit", size < least ? least : most);
  }
  auto checked = check_text(text(least, most, pattern), value);
  if (checked.has_error()) return inside(std::string(name), std::move(checked).error());
  return success();
}

Result<void> check_count(const Limit& limit, std::size_t items) {
  const auto size = static_cast<std::int64_t>(items);
  if (size >= limit.least_items && size <= limit.most_items) return success();
  return refuse(wrong_size("list", size < limit.least_items) +
                count(limit.least_items, limit.most_items, "items") + " are accepted")
      .with("limit", size < limit.least_items ? limit.least_items : limit.most_items);
}

Result<void> check_groups(const std::vector<std::string>& groups) {
  auto counted = check_count(kGroups, groups.size());
  if (counted.has_error()) return inside("groups", std::move(counted).error());
  for (std::size_t i = 0; i < groups.size(); ++i) {
    auto checked = check_text(kGroups, groups[i]);
    if (checked.has_error()) {
      return inside("groups[" + std::to_string(i) + "]", std::move(checked).error());
    }
  }
  return success();
}

Result<void> check_integer(const Limit& limit, std::int64_t value) {
  if (value >= limit.least && value <= limit.most) return success();
  return refuse(std::string("the number is too ") + (value < limit.least ? "small" : "large") +
                ": " + std::to_string(limit.least) + " to " + std::to_string(limit.most) +
                " is accepted")
      .with("limit", value < limit.least ? limit.least : limit.most);
}

Result<void> check_moment(Timestamp value) {
  // The years that RFC 3339 can write: 0000 to 9999.
  constexpr std::int64_t first = -62'167'219'200 * kMicrosPerSecond;
  constexpr std::int64_t beyond = 253'402'300'800 * kMicrosPerSecond;
  if (value.micros >= first && value.micros < beyond) return success();
  return refuse("the time is not between the years 0 and 9999");
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

Result<void> check_pairs(const Limit& limit, const Pairs& pairs) {
  if (limit.pattern == Pattern::raw) return success();
  RESYS_TRYV(check_count(limit, pairs.size()));
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const std::string& name = pairs[i].first;
    RESYS_TRYV(check_text(text(1, kMaxPairName), name));
    auto checked = check_text(limit, pairs[i].second);
    if (checked.has_error()) return inside(name, std::move(checked).error());
    const auto same = [&](const auto& other) { return other.first == name; };
    if (std::any_of(pairs.begin(), pairs.begin() + static_cast<std::ptrdiff_t>(i), same)) {
      return refuse("the name is given twice").at(name);
    }
  }
  return success();
}

Result<void> check_value(const Type& type, const Limit& limit, bool is_required, const void* value);

Result<void> check_items(const Type& type, const Limit& limit, const void* list) {
  const std::size_t size = type.size(list);
  RESYS_TRYV(check_count(limit, size));
  for (std::size_t i = 0; i < size; ++i) {
    auto item = check_value(*type.item, limit, true, type.at(list, i));
    if (item.has_error()) return inside("[" + std::to_string(i) + "]", std::move(item).error());
  }
  return success();
}

Result<void> check_value(const Type& type, const Limit& limit, bool is_required,
                         const void* value) {
  switch (type.kind) {
    case Kind::text:
      return check_text(limit, *static_cast<const std::string*>(value));
    case Kind::integer:
      return check_integer(limit, *static_cast<const std::int64_t*>(value));
    case Kind::boolean:
      return success();
    case Kind::moment:
      return check_moment(*static_cast<const Timestamp*>(value));
    case Kind::id:
      if (is_required && type.text(value).empty()) return missing();
      return success();
    case Kind::currency: {
      const Currency currency = *static_cast<const Currency*>(value);
      if (is_required && currency.empty()) return missing();
      return check_currency(currency);
    }
    case Kind::choice:
      return check_integer(integer(0, static_cast<std::int64_t>(type.choices.size()) - 1),
                           type.number(value));
    case Kind::pairs:
      return check_pairs(limit, *static_cast<const Pairs*>(value));
    case Kind::list:
      return check_items(type, limit, value);
    case Kind::object:
      return check(*type.object, value);
  }
  return success();
}

void normalize_value(const Type& type, const Limit& limit, void* value) {
  if (type.kind == Kind::text) {
    auto& text = *static_cast<std::string*>(value);
    text = normalized(limit.pattern, text);
  } else if (type.kind == Kind::pairs) {
    for (auto& [name, text] : *static_cast<Pairs*>(value)) {
      name = normalized(limit.pattern, name);
      text = normalized(limit.pattern, text);
    }
  } else if (type.kind == Kind::list) {
    for (std::size_t i = 0; i < type.size(value); ++i) {
      normalize_value(*type.item, limit, type.at(value, i));
    }
  } else if (type.kind == Kind::object) {
    normalize(*type.object, value);
  }
}

void append_value(std::string& out, const Type& type, const void* value) {
  switch (type.kind) {
    case Kind::text:
      return append(out, std::string_view(*static_cast<const std::string*>(value)));
    case Kind::integer:
      return append(out, *static_cast<const std::int64_t*>(value));
    case Kind::boolean:
      return append(out, std::int64_t{*static_cast<const bool*>(value)});
    case Kind::moment:
      return append(out, static_cast<const Timestamp*>(value)->micros);
    case Kind::id:
      return append(out, std::string_view(type.text(value)));
    case Kind::currency:
      return append(out, static_cast<const Currency*>(value)->code());
    case Kind::choice:
      return append(out, type.number(value));
    case Kind::pairs: {
      const auto& pairs = *static_cast<const Pairs*>(value);
      append(out, static_cast<std::int64_t>(pairs.size()));
      for (const auto& [name, text] : pairs) {
        append(out, std::string_view(name));
        append(out, std::string_view(text));
      }
      return;
    }
    case Kind::list:
      append(out, static_cast<std::int64_t>(type.size(value)));
      for (std::size_t i = 0; i < type.size(value); ++i) {
        append_value(out, *type.item, type.at(value, i));
      }
      return;
    case Kind::object:
      return append(out, std::string_view(fingerprint(*type.object, value)));
  }
}
}  // namespace

Error missing() { return refuse("the field is missing"); }

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
    return refuse(wrong_size("text", characters < limit.least) +
                  count(limit.least, limit.most, "characters") + " are accepted")
        .with("limit", characters < limit.least ? limit.least : limit.most);
  }
  return check_form(limit.pattern, value);
}

Result<void> check(const Schema& schema, const void* request) {
  for (const Field& field : schema.fields) {
    const void* const value = field.of(request);
    if (value == nullptr) continue;
    const bool is_required = field.is_optional() || field.presence == Presence::required;
    auto checked = check_value(*field.type, field.limit, is_required, value);
    if (!checked.has_error()) continue;
    if (field.presence == Presence::all_others) return checked;
    return inside(std::string(field.name), std::move(checked).error());
  }
  return success();
}

void normalize(const Schema& schema, void* request) {
  for (const Field& field : schema.fields) {
    if (void* const value = field.of(request)) normalize_value(*field.type, field.limit, value);
  }
}

Result<void> check(const Caller& caller) {
  RESYS_TRYV(check_bytes("store", caller.store, 1, kMaxStoreBytes, Pattern::token));
  RESYS_TRYV(check_bytes("userId", caller.user_id, 0, kMaxIdentityBytes, Pattern::exact));
  RESYS_TRYV(check_bytes("sessionId", caller.session_id, 0, kMaxIdentityBytes, Pattern::exact));
  RESYS_TRYV(
      check_bytes("idempotencyKey", caller.idempotency_key, 0, kMaxIdentityBytes, Pattern::exact));
  return check_groups(caller.groups);
}

void append(std::string& out, std::string_view value) {
  out.append(std::to_string(value.size())).append(1, ':').append(value);
}

void append(std::string& out, std::int64_t value) { append(out, std::to_string(value)); }

std::string fingerprint(const Schema& schema, const void* request) {
  std::string out;
  for (const Field& field : schema.fields) {
    const void* const value = field.of(request);
    if (field.is_cleared_in(request)) append(out, std::string(field.name).append("=null"));
    if (value == nullptr) continue;
    append(out, field.name);
    append_value(out, *field.type, value);
  }
  return out;
}

}  // namespace resys::fields
