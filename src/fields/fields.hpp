// What is done with requests by their schemas: limits are checked, texts normalized, and the bytes
// made that tell one request from another.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "fields/limits.hpp"
#include "fields/schema.hpp"
#include "fields/text.hpp"
#include "resys/error.hpp"
#include "resys/host.hpp"
#include "resys/result.hpp"

namespace resys::fields {

// Every limit, in the order of the fields; the first violation is invalid_request with the field,
// and with the fact `limit` where a limit is a number.
Result<void> check(const Schema& schema, const void* request);

template <class T>
Result<void> check(const T& request) {
  return check(schema_of<T>(), &request);
}

// The caller's own limits; the fields are store, userId, sessionId and idempotencyKey.
Result<void> check(const Caller& caller);

Result<void> check_text(const Limit& limit, std::string_view value);

Error missing();
// "variants[2]" and an error at "sku" make one at "variants[2].sku".
Error inside(std::string path, Error error);

// Changes every text of the request (text.hpp).
void normalize(const Schema& schema, void* request);

// The request as the library works with it: its texts normalized, every limit kept. Whoever takes a
// request from a caller goes on with this one.
template <class T>
Result<T> accept(const T& given) {
  T request = given;
  normalize(schema_of<T>(), &request);
  RESYS_TRYV(check(request));
  return request;
}

// "5:hello": no two values, and no two sequences of values, have the same.
void append(std::string& out, std::string_view value);
void append(std::string& out, std::int64_t value);

// All fields of a request as bytes, to be hashed: equal requests have equal ones, different ones
// different ones. Absent optional fields leave no trace, so that a later version may add some.
std::string fingerprint(const Schema& schema, const void* request);

template <class T>
std::string fingerprint(const T& request) {
  return fingerprint(schema_of<T>(), &request);
}

}  // namespace resys::fields
