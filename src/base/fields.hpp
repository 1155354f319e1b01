// What the schemas do with requests: they check limits, normalize texts, and make the fingerprint
// that tells one request from another.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/limits.hpp"
#include "base/schema.hpp"
#include "base/text.hpp"
#include "resys/error.hpp"
#include "resys/host.hpp"
#include "resys/result.hpp"

namespace resys::fields {

// Checks every limit, in the order of the fields. The first violation is invalid_request with the
// field, and with the fact `limit` if the limit is a number.
Result<void> check(const Schema& schema, const void* request);

template <class T>
Result<void> check(const T& request) {
  return check(schema_of<T>(), &request);
}

// The caller's own limits; the fields are store, userId, sessionId, idempotencyKey and groups.
Result<void> check(const Caller& caller);

Result<void> check_text(const Limit& limit, std::string_view value);

Error missing();
// Puts `path` in front of the error's field: "variants[2]" and "sku" make "variants[2].sku".
Error inside(std::string path, Error error);

// Normalizes every text of the request (text.hpp).
void normalize(const Schema& schema, void* request);

// Normalizes and checks a request. The library only works with the request that this returns, never
// with the caller's own.
template <class T>
Result<T> accept(const T& given) {
  T request = given;
  normalize(schema_of<T>(), &request);
  RESYS_TRYV(check(request));
  return request;
}

// Appends "5:hello". No two values, and no two sequences of values, have the same bytes.
void append(std::string& out, std::string_view value);
void append(std::string& out, std::int64_t value);

// All fields of a request as bytes that can be hashed. They are equal exactly if the requests are
// equal. Absent optional fields add nothing, so that a later version may add fields.
std::string fingerprint(const Schema& schema, const void* request);

template <class T>
std::string fingerprint(const T& request) {
  return fingerprint(schema_of<T>(), &request);
}

}  // namespace resys::fields
