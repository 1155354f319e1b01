// Idempotency keys: which request was carried out, and the ids of its result.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/scope.hpp"

namespace resys::rows {

struct IdempotencyKey {
  std::string_view identity;
  std::string_view operation;
  std::string_view key;
};

struct IdempotentResult {
  std::string request_hash;
  std::string kept;  // the ids of the result
};

// Returns false if the key was used before.
bool claim_idempotency_key(const Scope& scope, const IdempotencyKey& key,
                           std::string_view request_hash);
// Nothing if the key was not used before.
std::optional<IdempotentResult> find_idempotent_result(const Scope& scope,
                                                       const IdempotencyKey& key);
void set_idempotent_result(const Scope& scope, const IdempotencyKey& key, std::string_view kept);
// The stores with keys that are older than their setting allows.
std::vector<std::string> find_stores_with_old_idempotency_keys(db::Transaction& tx, Timestamp now);
// Deletes at most `limit` keys that are older than `before`. Returns how many.
std::int64_t forget_idempotency_keys(const Scope& scope, Timestamp before, std::int64_t limit);

}  // namespace resys::rows
