// Who calls in the tests.
#pragma once

#include <string>
#include <utility>

#include "resys/host.hpp"

namespace resys::test {

inline Caller shopper(std::string user = "ada") { return {.user_id = std::move(user)}; }
inline Caller guest(std::string session = "s1") { return {.session_id = std::move(session)}; }
inline Caller staff() { return {.user_id = "boss", .audience = Audience::staff}; }
inline Caller in_store(std::string store, Caller caller) {
  caller.store = std::move(store);
  return caller;
}
inline Caller with_key(std::string key, Caller caller) {
  caller.idempotency_key = std::move(key);
  return caller;
}

}  // namespace resys::test
