// JSON and structs, by the field tables. Reading refuses what a table does not know; writing is
// text appended to text, for an answer needs no tree.
//
// Texts, integers and booleans are JSON's own. Ids, moments (RFC 3339), currencies and enums are
// texts. Options are objects of texts. An absent optional field is left out of a request and null
// in an answer.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>

#include "fields/fields.hpp"

namespace resys::api {

// Ordered, so that options keep the order they were sent in.
using Json = nlohmann::ordered_json;

// Of an object, or a query: more than any request has, far fewer than would make a parser slow.
inline constexpr std::size_t kMaxNames = 100;

// The object that `text` holds. invalid_request for anything else, for invalid UTF-8, a name given
// twice, and nesting or objects larger than any request.
Result<Json> parse_object(std::string_view text);

// Each answers invalid_request if the JSON is of another type; the caller names the field.
Result<void> read_text(const Json& json, std::string& out);
Result<void> read_integer(const Json& json, std::int64_t& out);
Result<void> read_boolean(const Json& json, bool& out);
Result<void> read_pairs(const Json& json, Options& out);
Result<std::size_t> read_size(const Json& list);
const Json& item_of(const Json& list, std::size_t index);
// Null where the object has no such field.
const Json* find(const Json& object, std::string_view name);
// Refuses what is no object, and, unless others are welcome, fields with other names.
Result<void> check_names(const Json& object, std::span<const std::string_view> names,
                         bool others_are_welcome);
// The fields that have other names, which must be texts.
Result<void> read_others(const Json& object, std::span<const std::string_view> names, Options& out);
Error unknown_name(std::span<const std::string_view> names);

template <fields::Described T>
Result<void> read(const Json& json, T& out);

template <class Value>
Result<void> read_value(const Json& json, Value& out) {
  if constexpr (fields::is_optional<Value>) {
    return read_value(json, out.emplace());
  } else if constexpr (std::same_as<Value, std::string>) {
    return read_text(json, out);
  } else if constexpr (std::same_as<Value, std::int64_t>) {
    return read_integer(json, out);
  } else if constexpr (std::same_as<Value, bool>) {
    return read_boolean(json, out);
  } else if constexpr (std::same_as<Value, Options>) {
    return read_pairs(json, out);
  } else if constexpr (fields::is_vector<Value>) {
    RESYS_TRY(size, read_size(json));
    for (std::size_t i = 0; i < size; ++i) {
      auto item = read_value(item_of(json, i), out.emplace_back());
      if (item.has_error()) {
        return fields::inside("[" + std::to_string(i) + "]", std::move(item).error());
      }
    }
    return success();
  } else if constexpr (fields::Described<Value>) {
    return read(json, out);
  } else {
    std::string text;
    RESYS_TRYV(read_text(json, text));
    if constexpr (std::is_enum_v<Value>) {
      const std::optional<Value> named = parse_name<Value>(text);
      if (!named) return unknown_name(EnumNames<Value>::names);
      out = *named;
    } else {
      RESYS_TRY(parsed, Value::parse(text));
      out = parsed;
    }
    return success();
  }
}

// The first fault names its field: an unknown name, a missing field, a wrong type.
template <fields::Described T>
Result<void> read(const Json& json, T& out) {
  static constexpr auto names = std::apply(
      [](const auto&... row) { return std::array<std::string_view, sizeof...(row)>{row.name...}; },
      fields::Table<T>::rows);
  constexpr bool others_are_welcome = std::apply(
      [](const auto&... row) {
        return (false || ... || (row.presence == fields::Presence::all_others));
      },
      fields::Table<T>::rows);
  RESYS_TRYV(check_names(json, names, others_are_welcome));
  Result<void> outcome = success();
  const auto reads = [&](const auto& row) {
    if (row.presence == fields::Presence::all_others) {
      if constexpr (std::same_as<std::remove_reference_t<decltype(out.*row.member)>, Options>) {
        outcome = read_others(json, names, out.*row.member);
      }
      return !outcome.has_error();
    }
    Result<void> value = success();
    if (const Json* found = find(json, row.name)) {
      value = read_value(*found, out.*row.member);
    } else if (row.presence == fields::Presence::required) {
      value = fields::missing();
    }
    if (!value.has_error()) return true;
    outcome = fields::inside(std::string(row.name), std::move(value).error());
    return false;
  };
  std::apply([&](const auto&... row) { (void)(... && reads(row)); }, fields::Table<T>::rows);
  return outcome;
}

void write_text(std::string& out, std::string_view value);
void write_pairs(std::string& out, const Options& pairs);

template <fields::Described T>
void write(std::string& out, const T& value);

template <class Value>
void write_value(std::string& out, const Value& value) {
  if constexpr (fields::is_optional<Value>) {
    if (value) {
      write_value(out, *value);
    } else {
      out += "null";
    }
  } else if constexpr (std::same_as<Value, std::string>) {
    write_text(out, value);
  } else if constexpr (std::same_as<Value, bool>) {
    out += value ? "true" : "false";
  } else if constexpr (std::same_as<Value, std::int64_t>) {
    out += std::to_string(value);
  } else if constexpr (std::is_enum_v<Value>) {
    write_text(out, name_of(value));
  } else if constexpr (std::same_as<Value, Currency>) {
    write_text(out, value.code());
  } else if constexpr (std::same_as<Value, Options>) {
    write_pairs(out, value);
  } else if constexpr (fields::is_vector<Value>) {
    out += '[';
    for (const auto& item : value) {
      if (&item != &value.front()) out += ',';
      write_value(out, item);
    }
    out += ']';
  } else if constexpr (fields::Described<Value>) {
    write(out, value);
  } else {
    write_text(out, value.text());
  }
}

template <fields::Described T>
void write(std::string& out, const T& value) {
  out += '{';
  bool first = true;
  const auto add = [&](const auto& row) {
    if (!first) out += ',';
    first = false;
    out.append(1, '"').append(row.name).append("\":");
    write_value(out, value.*row.member);
  };
  std::apply([&](const auto&... row) { (add(row), ...); }, fields::Table<T>::rows);
  out += '}';
}

}  // namespace resys::api
