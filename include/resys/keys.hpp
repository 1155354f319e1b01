// Which keys encrypt what a shop keeps secret.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace resys {

// What one key encrypts.
struct KeyUse {
  std::string id{};
  bool is_known = false;             // the shop was opened with it
  std::int64_t payment_methods = 0;  // that have secret settings
  std::int64_t client_secrets = 0;   // of payments that are open
  // Of both, what this key does not open: it is not here or another one, or the row was changed.
  std::int64_t unreadable = 0;
};

struct KeyRotation {
  std::string current_key_id{};
  std::int64_t resealed = 0;  // now encrypted with the current key
  // Client secrets that no key here opens, where keys may be missing
  // (ShopOptions::allow_missing_keys): the processor is asked for them again.
  std::int64_t dropped = 0;
  // Of every key that the shop was opened with or that something uses, by id. One that nothing uses
  // can be left out.
  std::vector<KeyUse> keys{};
};

}  // namespace resys
