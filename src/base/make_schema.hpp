// How the schemas are made. Only the files that hold them include this.
#pragma once

#include <algorithm>
#include <concepts>
#include <optional>
#include <type_traits>
#include <utility>

#include "base/fields.hpp"
#include "resys/common.hpp"
#include "resys/state_machine.hpp"

namespace resys::fields {

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class T>
inline constexpr bool is_change = false;
template <class T>
inline constexpr bool is_change<Change<T>> = true;
template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;
template <class T>
inline constexpr bool is_id = false;
template <class Tag>
inline constexpr bool is_id<Id<Tag>> = true;

template <class Value>
Type choice_type() {
  return Type{.kind = Kind::choice,
              .name = EnumNames<Value>::type,
              .choices = EnumNames<Value>::names,
              .number =
                  [](const void* choice) {
                    return static_cast<std::int64_t>(*static_cast<const Value*>(choice));
                  },
              .set_number =
                  [](void* choice, std::int64_t number) {
                    *static_cast<Value*>(choice) = static_cast<Value>(number);
                  }};
}

template <class Value>
const Type& type_of() {
  static const Type type = [] {
    if constexpr (std::same_as<Value, std::string>) {
      return Type{.kind = Kind::text};
    } else if constexpr (std::same_as<Value, std::int64_t>) {
      return Type{.kind = Kind::integer};
    } else if constexpr (std::same_as<Value, bool>) {
      return Type{.kind = Kind::boolean};
    } else if constexpr (std::same_as<Value, Timestamp>) {
      return Type{.kind = Kind::moment};
    } else if constexpr (std::same_as<Value, Currency>) {
      return Type{.kind = Kind::currency};
    } else if constexpr (std::same_as<Value, Pairs>) {
      return Type{.kind = Kind::pairs};
    } else if constexpr (std::is_enum_v<Value>) {
      return choice_type<Value>();
    } else if constexpr (is_id<Value>) {
      return Type{
          .kind = Kind::id,
          .name = Value::prefix(),
          .text = [](const void* id) { return std::string(static_cast<const Value*>(id)->text()); },
          .parse = [](void* id, std::string_view text) -> Result<void> {
            RESYS_TRY(parsed, Value::parse(text));
            *static_cast<Value*>(id) = parsed;
            return success();
          }};
    } else if constexpr (is_vector<Value>) {
      return Type{
          .kind = Kind::list,
          .item = &type_of<typename Value::value_type>(),
          .size = [](const void* list) { return static_cast<const Value*>(list)->size(); },
          .at = [](const void* list, std::size_t index) -> void* {
            return &(*static_cast<Value*>(const_cast<void*>(list)))[index];
          },
          .add = [](void* list) -> void* { return &static_cast<Value*>(list)->emplace_back(); }};
    } else {
      return Type{
          .kind = Kind::object, .name = schema_of<Value>().name, .object = &schema_of<Value>()};
    }
  }();
  return type;
}

template <class T>
const T& defaults_of() {
  static const T made{};
  return made;
}

template <class Owner, class Value>
Field make_field(std::string_view name, Value Owner::*member, std::string_view doc,
                 const Limit& limit, Presence presence) {
  const Owner& object = defaults_of<Owner>();
  const auto offset =
      reinterpret_cast<const char*>(&(object.*member)) - reinterpret_cast<const char*>(&object);
  Field made{name,  doc,      nullptr,          static_cast<std::size_t>(offset),
             limit, presence, &(object.*member)};
  if constexpr (is_change<Value>) {
    made.type = &type_of<typename Value::value_type::value_type>();
    made.value = [](const void* change) -> const void* {
      const Value& value = *static_cast<const Value*>(change);
      return value && *value ? &**value : nullptr;
    };
    made.emplace = [](void* change) -> void* {
      return &static_cast<Value*>(change)->emplace().emplace();
    };
    made.is_cleared = [](const void* change) {
      const Value& value = *static_cast<const Value*>(change);
      return value && !*value;
    };
    made.clear = [](void* change) { static_cast<Value*>(change)->emplace(); };
  } else if constexpr (is_optional<Value>) {
    made.type = &type_of<typename Value::value_type>();
    made.value = [](const void* optional) -> const void* {
      const Value& value = *static_cast<const Value*>(optional);
      return value ? &*value : nullptr;
    };
    made.emplace = [](void* optional) -> void* {
      return &static_cast<Value*>(optional)->emplace();
    };
  } else {
    made.type = &type_of<Value>();
  }
  return made;
}

template <class Owner, class Value>
Field required(std::string_view name, Value Owner::*member, std::string_view doc,
               const Limit& limit = kNoLimit) {
  return make_field(name, member, doc, limit, Presence::required);
}

template <class Owner, class Value>
Field field(std::string_view name, Value Owner::*member, std::string_view doc,
            const Limit& limit = kNoLimit) {
  return make_field(name, member, doc, limit, Presence::may_be_absent);
}

template <class Owner>
Field all_others(std::string_view name, Pairs Owner::*member, std::string_view doc,
                 const Limit& limit) {
  return make_field(name, member, doc, limit, Presence::all_others);
}

// The fields that a struct inherits from its base.
template <class Base>
struct FieldsOf {};

// Converts to any member type, but not to the struct itself, which would be a copy.
template <class T>
struct AnyMember {
  template <class Member>
  requires(!std::same_as<Member, T>) operator Member&() const;
};

template <class T, std::size_t... Indexes>
constexpr bool has_members(std::index_sequence<Indexes...>) {
  return requires { T{(static_cast<void>(Indexes), AnyMember<T>{})...}; };
}

// Counts the members of an aggregate. Its base counts as one.
template <class T, std::size_t Counted = 0>
constexpr std::size_t count_members() {
  if constexpr (has_members<T>(std::make_index_sequence<Counted + 1>())) {
    return count_members<T, Counted + 1>();
  } else {
    return Counted;
  }
}

template <class T>
void add_to(Schema& schema, const Field& field) {
  schema.add(field);
}

template <class T, class Base>
void add_to(Schema& schema, FieldsOf<Base>) {
  const T& object = defaults_of<T>();
  const auto offset = reinterpret_cast<const char*>(static_cast<const Base*>(&object)) -
                      reinterpret_cast<const char*>(&object);
  for (Field field : schema_of<Base>().fields) {
    field.offset += static_cast<std::size_t>(offset);
    schema.add(field);
  }
}

// Makes the schema of the struct T, from one field for each member, in any order.
template <class T, class... Fields>
Schema make_schema(std::string name, const Fields&... fields) {
  static_assert(sizeof...(Fields) == count_members<T>(), "each member of the struct has a field");
  Schema made{std::move(name), {}};
  (add_to<T>(made, fields), ...);
  return made;
}

template <class Item>
Schema make_page_schema() {
  return make_schema<Page<Item>>(
      schema_of<Item>().name + "Page",
      required("items", &Page<Item>::items, "The items of this page"),
      field("nextAfter", &Page<Item>::next_after,
            "The `after` of the request for the next page; null on the last page"));
}

}  // namespace resys::fields
