// Who is signed in. A session is known by a random token; the server keeps the token's hash, so
// that the file is of no use to who reads it, and forgets the session when it is signed out or has
// ended.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "resys/host.hpp"

namespace demo {

inline constexpr std::int64_t kSessionSeconds = 30 * 24 * 3600;

// Safe to use from several threads; several processes may have the same file.
class Sessions {
 public:
  // FILE.sessions beside the shop's database; empty: in memory. Errors: storage.
  static resys::Result<std::unique_ptr<Sessions>> open(const std::string& database_file);

  // Returns the new session's token.
  std::string begin(resys::RandomSource& random, std::string_view user_id, resys::Timestamp now);
  // The user of a session that lives, or nothing.
  std::optional<std::string> user_of(std::string_view token, resys::Timestamp now);
  void end(std::string_view token);

 private:
  explicit Sessions(const std::string& file);

  std::mutex mutex_;  // guards the database
  SQLite::Database database_;
};

}  // namespace demo
