// Idempotency keys: which request was carried out, and the ids of its result.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "db/database.hpp"

namespace resys::store {

struct IdempotencyKey {
  std::string_view store;
  std::string_view identity;
  std::string_view operation;
  std::string_view key;
};

struct IdempotentResult {
  std::string request_hash;
  std::string ids;
};

// Returns false if the key was used before.
bool claim_idempotency_key(db::Transaction& tx, const IdempotencyKey& key,
                           std::string_view request_hash, Timestamp now);
IdempotentResult load_idempotent_result(db::Transaction& tx, const IdempotencyKey& key);
void set_idempotent_result(db::Transaction& tx, const IdempotencyKey& key, std::string_view ids);
// The stores with keys that are older than their setting allows.
std::vector<std::string> find_stores_with_old_idempotency_keys(db::Transaction& tx, Timestamp now);
// Deletes at most `limit` keys that are older than `before`. Returns how many.
std::int64_t forget_idempotency_keys(db::Transaction& tx, std::string_view store, Timestamp before,
                                     std::int64_t limit);

}  // namespace resys::store
