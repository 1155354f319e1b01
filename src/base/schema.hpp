// The structs of the API as data. There is one schema for each struct, with the name, the place,
// the type, the meaning and the limit of each field. Validation, idempotency fingerprints
// (fields.hpp), JSON and the API description (src/api) all read the schemas. They are in this
// folder, one .cpp per noun, and make_schema.hpp makes them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.hpp"
#include "resys/result.hpp"

namespace resys::fields {

enum class Kind { text, integer, boolean, moment, id, currency, choice, pairs, list, object };

enum class Presence {
  required,       // a request without it is refused
  may_be_absent,  // then it keeps the struct's default
  all_others,     // Pairs that take every field of the body that no other field names
};

struct Schema;

// The type of a value, and how to reach the value if only its address is known. Texts, integers,
// booleans, moments, currencies and pairs are std::string, std::int64_t, bool, Timestamp, Currency
// and Pairs.
struct Type {
  Kind kind = Kind::text;
  std::string_view name{};  // of a choice or an object; the prefix of an id
  const Schema* object = nullptr;

  // For a choice, which is an enum: its names by their numbers.
  std::span<const std::string_view> choices{};
  std::int64_t (*number)(const void* choice) = nullptr;
  void (*set_number)(void* choice, std::int64_t number) = nullptr;

  // For an id. Its text is empty if the id is.
  std::string (*text)(const void* id) = nullptr;
  Result<void> (*parse)(void* id, std::string_view text) = nullptr;

  // For a list, which is a std::vector.
  const Type* item = nullptr;
  std::size_t (*size)(const void* list) = nullptr;
  void* (*at)(const void* list, std::size_t index) = nullptr;  // constant if the list is
  void* (*add)(void* list) = nullptr;                          // the new last item
};

struct Field {
  std::string_view name;  // as in JSON
  std::string_view doc;
  const Type* type;
  std::size_t offset;  // in the struct
  Limit limit;
  Presence presence;
  const void* default_value;  // in an object in which nothing was set
  // For a std::optional.
  const void* (*value)(const void* optional) = nullptr;  // null if there is none
  void* (*emplace)(void* optional) = nullptr;
  // For a Change.
  bool (*is_cleared)(const void* change) = nullptr;
  void (*clear)(void* change) = nullptr;

  bool is_optional() const { return emplace != nullptr; }
  bool is_change() const { return clear != nullptr; }
  // Its value in an object of the struct. Null if an optional has none.
  const void* of(const void* object) const;
  void* of(void* object) const;
  // The same, but makes the value if there is none.
  void* made_in(void* object) const;
  // Of a Change: whether it takes the value away, and to make it do so.
  bool is_cleared_in(const void* object) const;
  void clear_in(void* object) const;
};

struct Schema {
  std::string name;
  std::vector<Field> fields;
  // Nobody may learn the values, not even from a hash of them.
  bool holds_secrets = false;

  void add(const Field& field);
  // Null if there is no such field.
  const Field* find(std::string_view field) const;
};

// Specialized for each struct of the API. It lives as long as the program; any thread may call it.
template <class T>
const Schema& schema_of();

}  // namespace resys::fields
