// JSON and structs, by the schemas. Reading refuses what a schema does not know; writing is text
// appended to text, for an answer needs no tree.
//
// Texts, integers and booleans are JSON's own. Ids, moments (RFC 3339), currencies and enums are
// texts. Options are objects of texts. An absent optional field is left out of a request and null
// in an answer.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "fields/fields.hpp"

namespace resys::api {

// Ordered, so that options keep the order they were sent in.
using Json = nlohmann::ordered_json;

// Of an object, or a query: more than any request has, far fewer than would make a parser slow.
inline constexpr std::size_t kMaxNames = 100;

// The object that `text` holds. invalid_request for anything else, for invalid UTF-8, a name given
// twice, and nesting or objects larger than any request.
Result<Json> parse_object(std::string_view text);

// Into an object of the struct, as it is when nothing was set. The first fault is invalid_request
// and names its field: an unknown name, a missing field, a wrong type.
Result<void> read(const Json& json, const fields::Schema& schema, void* out);

template <class T>
Result<void> read(const Json& json, T& out) {
  return read(json, fields::schema_of<T>(), &out);
}

// Appends the object.
void write(std::string& out, const fields::Schema& schema, const void* value);

template <class T>
void write(std::string& out, const T& value) {
  write(out, fields::schema_of<T>(), &value);
}

// What an absent field of a request means.
Json default_of(const fields::Field& field);

}  // namespace resys::api
