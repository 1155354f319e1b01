// Converts between JSON and structs by the schemas. Reading refuses fields that a schema does not
// know. Writing appends text directly, because a response needs no JSON tree.
//
// Texts, integers and booleans are JSON's own. Ids, moments (RFC 3339), currencies and enums are
// texts. Pairs are objects of texts. An absent optional field is null in a response, and is left
// out of a request. In an object that stands inside a request it may also be null, as in a
// response.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "base/fields.hpp"

namespace resys::api {

// Ordered, so that options keep the order they were sent in.
using Json = nlohmann::ordered_json;

// The most names that an object or a query may have: more than any request has, and far fewer than
// would make a parser slow.
inline constexpr std::size_t kMaxNames = 100;

// Parses the object that `text` holds. invalid_request for any other value, for invalid UTF-8, for
// a name that is given twice, and for nesting or objects larger than any request.
Result<Json> parse_object(std::string_view text);

// Reads into `out`, a struct in which nothing has been set yet. The first fault is invalid_request
// and names its field: an unknown name, a missing field or a wrong type.
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
