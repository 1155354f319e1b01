// One table per struct of the API: each field's name, place, meaning and limit. Validation,
// idempotency fingerprints and, in src/api, JSON and the API description are all read from it. The
// tables stand beside this file, one header per noun.
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "fields/limits.hpp"
#include "fields/text.hpp"
#include "resys/catalog.hpp"
#include "resys/state_machine.hpp"

namespace resys::fields {

enum class Presence {
  required,       // a request without it is refused
  may_be_absent,  // then it keeps the struct's default
  all_others,     // Options that take every field of the body that no other row names
};

template <class Owner, class Value>
struct Field {
  std::string_view name;  // as in JSON
  Value Owner::*member;
  std::string_view doc;
  Limit limit;
  Presence presence;
};

template <class Owner, class Value>
constexpr auto required(std::string_view name, Value Owner::*member, std::string_view doc,
                        Limit limit = kNoLimit) {
  return Field<Owner, Value>{name, member, doc, limit, Presence::required};
}

template <class Owner, class Value>
constexpr auto field(std::string_view name, Value Owner::*member, std::string_view doc,
                     Limit limit = kNoLimit) {
  return Field<Owner, Value>{name, member, doc, limit, Presence::may_be_absent};
}

template <class Owner>
constexpr auto all_others(std::string_view name, Options Owner::*member, std::string_view doc,
                          Limit limit) {
  return Field<Owner, Options>{name, member, doc, limit, Presence::all_others};
}

// Specialized beside each struct's rows: `type`, the schema's name, and `rows`, a tuple of Field.
template <class T>
struct Table;

template <class T>
concept Described = requires {
  Table<T>::rows;
};

// A request whose values nobody may learn, also not from a hash of it that somebody has: its table
// says `holds_secrets`.
template <class T>
concept HoldsSecrets = requires {
  Table<T>::holds_secrets;
};

// The name of a struct's schema: "AddCartItem".
template <Described T>
constexpr std::string_view type_name() {
  return Table<T>::type;
}

template <class Item>
struct Table<Page<Item>> {
  static constexpr auto letters = [] {
    constexpr std::string_view item = Table<Item>::type;
    constexpr std::string_view page = "Page";
    std::array<char, item.size() + page.size()> out{};
    std::copy(page.begin(), page.end(), std::copy(item.begin(), item.end(), out.begin()));
    return out;
  }();
  static constexpr std::string_view type{letters.data(), letters.size()};
  static constexpr auto rows =
      std::tuple{required("items", &Page<Item>::items, "at most `limit` of them"),
                 field("nextAfter", &Page<Item>::next_after,
                       "the next request's `after`; null on the last page")};
};

// What a field's type is, for those who treat each kind differently.
template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;
template <class T>
inline constexpr bool is_id = false;
template <class Tag>
inline constexpr bool is_id<Id<Tag>> = true;

// Each violation is invalid_request with the fact `limit`; the caller of these names the field.
Result<void> check_text(const Limit& limit, std::string_view value);
Result<void> check_integer(const Limit& limit, std::int64_t value);
Result<void> check_count(const Limit& limit, std::size_t count);
Result<void> check_moment(Timestamp value);
// Of a new price.
Result<void> check_currency(Currency value);
// Names the pair at fault by its own name.
Result<void> check_pairs(const Limit& limit, const Options& pairs);
Error missing();
// "variants[2]" and an error at "sku" make one at "variants[2].sku".
Error inside(std::string path, Error error);

template <Described T>
Result<void> check(const T& request);
// The caller's own limits; the fields are store, userId, sessionId and idempotencyKey.
Result<void> check(const Caller& caller);

template <class Value>
Result<void> check_value(const Limit& limit, bool is_required, const Value& value) {
  if constexpr (is_optional<Value>) {
    if (!value) return success();
    return check_value(limit, true, *value);
  } else if constexpr (std::same_as<Value, std::string>) {
    return check_text(limit, value);
  } else if constexpr (std::same_as<Value, std::int64_t>) {
    return check_integer(limit, value);
  } else if constexpr (std::same_as<Value, Timestamp>) {
    return check_moment(value);
  } else if constexpr (std::is_enum_v<Value>) {
    const auto last = static_cast<std::int64_t>(EnumNames<Value>::names.size()) - 1;
    return check_integer(integer(0, last), static_cast<std::int64_t>(value));
  } else if constexpr (is_id<Value> || std::same_as<Value, Currency>) {
    if (is_required && value.empty()) return missing();
    if constexpr (std::same_as<Value, Currency>) return check_currency(value);
    return success();
  } else if constexpr (std::same_as<Value, Options>) {
    return check_pairs(limit, value);
  } else if constexpr (is_vector<Value>) {
    RESYS_TRYV(check_count(limit, value.size()));
    for (std::size_t i = 0; i < value.size(); ++i) {
      auto item = check_value(limit, true, value[i]);
      if (item.has_error()) return inside("[" + std::to_string(i) + "]", std::move(item).error());
    }
    return success();
  } else if constexpr (Described<Value>) {
    return check(value);
  } else {
    static_assert(std::same_as<Value, bool>);
    return success();
  }
}

// Every limit, in the order of the rows; the first violation names its field.
template <Described T>
Result<void> check(const T& request) {
  Result<void> outcome = success();
  const auto passes = [&](const auto& row) {
    const bool is_required = row.presence == Presence::required;
    auto checked = check_value(row.limit, is_required, request.*row.member);
    if (!checked.has_error()) return true;
    outcome = row.presence == Presence::all_others
                  ? std::move(checked).error()
                  : inside(std::string(row.name), std::move(checked).error());
    return false;
  };
  std::apply([&](const auto&... row) { (void)(... && passes(row)); }, Table<T>::rows);
  return outcome;
}

template <Described T>
void normalize(T& request);

template <class Value>
void normalize_value(const Limit& limit, Value& value) {
  if constexpr (is_optional<Value>) {
    if (value) normalize_value(limit, *value);
  } else if constexpr (std::same_as<Value, std::string>) {
    value = normalized(limit.pattern, value);
  } else if constexpr (std::same_as<Value, Options>) {
    for (auto& [name, text] : value) {
      name = normalized(limit.pattern, name);
      text = normalized(limit.pattern, text);
    }
  } else if constexpr (is_vector<Value>) {
    for (auto& item : value) normalize_value(limit, item);
  } else if constexpr (Described<Value>) {
    normalize(value);
  }
}

template <Described T>
void normalize(T& request) {
  std::apply([&](const auto&... row) { (normalize_value(row.limit, request.*row.member), ...); },
             Table<T>::rows);
}

// The request as the library works with it: its texts normalized (text.hpp), every limit kept.
// Whoever takes a request from a caller goes on with this one.
template <Described T>
Result<T> accept(const T& given) {
  T request = given;
  normalize(request);
  RESYS_TRYV(check(request));
  return request;
}

// "5:hello": no two values, and no two sequences of values, have the same.
void append(std::string& out, std::string_view value);
void append(std::string& out, std::int64_t value);

template <Described T>
std::string fingerprint(const T& request);

template <class Value>
void append_value(std::string& out, const Value& value) {
  if constexpr (std::same_as<Value, std::string>) {
    append(out, std::string_view(value));
  } else if constexpr (std::same_as<Value, std::int64_t>) {
    append(out, value);
  } else if constexpr (std::same_as<Value, Timestamp>) {
    append(out, value.micros);
  } else if constexpr (std::same_as<Value, bool> || std::is_enum_v<Value>) {
    append(out, static_cast<std::int64_t>(value));
  } else if constexpr (is_id<Value>) {
    append(out, std::string_view(value.text()));
  } else if constexpr (std::same_as<Value, Currency>) {
    append(out, value.code());
  } else if constexpr (std::same_as<Value, Options>) {
    append(out, static_cast<std::int64_t>(value.size()));
    for (const auto& [name, text] : value) {
      append(out, std::string_view(name));
      append(out, std::string_view(text));
    }
  } else if constexpr (is_vector<Value>) {
    append(out, static_cast<std::int64_t>(value.size()));
    for (const auto& item : value) append_value(out, item);
  } else {
    append(out, std::string_view(fingerprint(value)));
  }
}

// All fields of a request as bytes, to be hashed: equal requests have equal ones, different ones
// different ones. Absent optional fields leave no trace, so that a later version may add some.
template <Described T>
std::string fingerprint(const T& request) {
  std::string out;
  const auto add = [&](const auto& row) {
    const auto& value = request.*row.member;
    if constexpr (is_optional<std::remove_cvref_t<decltype(value)>>) {
      if (!value) return;
      append(out, row.name);
      append_value(out, *value);
    } else {
      append(out, row.name);
      append_value(out, value);
    }
  };
  std::apply([&](const auto&... row) { (add(row), ...); }, Table<T>::rows);
  return out;
}

}  // namespace resys::fields
