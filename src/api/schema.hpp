// What the field tables say, as data: for the API description, and for texts that stand for other
// types in a path or query.
#pragma once

#include <span>

#include "api/codec.hpp"

namespace resys::api {

enum class Kind { text, integer, boolean, moment, id, currency, choice, pairs, list, object };

struct Schema;

struct Type {
  Kind kind = Kind::text;
  std::string_view name;  // of a choice or object; the prefix of an id
  std::span<const std::string_view> choices;
  const Type* item = nullptr;      // of a list
  const Schema* object = nullptr;  // of an object
};

struct SchemaField {
  std::string_view name;
  std::string_view doc;
  const Type* type;
  fields::Limit limit;
  fields::Presence presence;
  bool is_optional;          // null in answers where there is none
  std::string default_json;  // what absence means in a request; empty for an optional
};

struct Schema {
  std::string_view name;
  std::vector<SchemaField> fields;

  // Null where there is none.
  const SchemaField* find(std::string_view field) const {
    for (const SchemaField& each : fields) {
      if (each.name == field) return &each;
    }
    return nullptr;
  }
};

template <fields::Described T>
const Schema& schema_of();

template <class Value>
const Type& type_of() {
  static const Type type = [] {
    if constexpr (std::same_as<Value, std::string>) {
      return Type{Kind::text};
    } else if constexpr (std::same_as<Value, std::int64_t>) {
      return Type{Kind::integer};
    } else if constexpr (std::same_as<Value, bool>) {
      return Type{Kind::boolean};
    } else if constexpr (std::same_as<Value, Timestamp>) {
      return Type{Kind::moment};
    } else if constexpr (std::same_as<Value, Currency>) {
      return Type{Kind::currency};
    } else if constexpr (std::same_as<Value, Options>) {
      return Type{Kind::pairs};
    } else if constexpr (fields::is_id<Value>) {
      return Type{Kind::id, Value::prefix()};
    } else if constexpr (std::is_enum_v<Value>) {
      return Type{Kind::choice, EnumNames<Value>::type, EnumNames<Value>::names};
    } else if constexpr (fields::is_optional<Value>) {
      return type_of<typename Value::value_type>();
    } else if constexpr (fields::is_vector<Value>) {
      return Type{Kind::list, {}, {}, &type_of<typename Value::value_type>()};
    } else {
      return Type{Kind::object, fields::type_name<Value>(), {}, nullptr, &schema_of<Value>()};
    }
  }();
  return type;
}

// The struct's table. It lives as long as the program.
template <fields::Described T>
const Schema& schema_of() {
  static const Schema schema = [] {
    Schema out{fields::type_name<T>(), {}};
    const T defaults{};
    const auto add = [&](const auto& row) {
      using Value = std::remove_cvref_t<decltype(defaults.*row.member)>;
      SchemaField field{row.name,  row.doc,      &type_of<Value>(),
                        row.limit, row.presence, fields::is_optional<Value>,
                        {}};
      if (!field.is_optional) write_value(field.default_json, defaults.*row.member);
      out.fields.push_back(std::move(field));
    };
    std::apply([&](const auto&... row) { (add(row), ...); }, fields::Table<T>::rows);
    return out;
  }();
  return schema;
}

}  // namespace resys::api
