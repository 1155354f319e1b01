// One table in a file of its own: what a host keeps of its visitors is none of the shop's business.
#include "sessions.hpp"

#include <openssl/evp.h>
#include <sys/stat.h>

#include "key_file.hpp"

namespace demo {
namespace {

constexpr std::size_t kTokenBytes = 16;
constexpr int kPatienceMilliseconds = 5'000;

std::string hash_of(std::string_view token) {
  std::string hash(EVP_MAX_MD_SIZE, '\0');
  unsigned size = 0;
  EVP_Digest(token.data(), token.size(), reinterpret_cast<unsigned char*>(hash.data()), &size,
             EVP_sha256(), nullptr);
  hash.resize(size);
  return to_hex(hash);
}

}  // namespace

Sessions::Sessions(const std::string& file)
    : database_(file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, kPatienceMilliseconds) {
  database_.exec(
      "CREATE TABLE IF NOT EXISTS session (token_hash TEXT NOT NULL PRIMARY KEY,"
      " user_id TEXT NOT NULL, ends_at INTEGER NOT NULL) WITHOUT ROWID");
}

resys::Result<std::unique_ptr<Sessions>> Sessions::open(const std::string& database_file) {
  const std::string file = database_file.empty() ? ":memory:" : database_file + ".sessions";
  const mode_t mask = umask(0077);
  try {
    std::unique_ptr<Sessions> sessions(new Sessions(file));
    umask(mask);
    return sessions;
  } catch (const SQLite::Exception& exception) {
    umask(mask);
    return resys::Error(resys::Errc::storage, "cannot open " + file + ": " + exception.what());
  }
}

std::string Sessions::begin(resys::RandomSource& random, std::string_view user_id,
                            resys::Timestamp now) {
  const std::string token = random_hex(random, kTokenBytes);
  const std::lock_guard lock(mutex_);
  SQLite::Statement forget(database_, "DELETE FROM session WHERE ends_at <= ?");
  forget.bind(1, now.seconds());
  forget.exec();
  SQLite::Statement insert(database_, "INSERT INTO session VALUES (?, ?, ?)");
  insert.bind(1, hash_of(token));
  insert.bind(2, std::string(user_id));
  insert.bind(3, now.seconds() + kSessionSeconds);
  insert.exec();
  return token;
}

std::optional<std::string> Sessions::user_of(std::string_view token, resys::Timestamp now) {
  if (token.empty()) return std::nullopt;
  const std::lock_guard lock(mutex_);
  SQLite::Statement find(database_,
                         "SELECT user_id FROM session WHERE token_hash = ? AND ends_at > ?");
  find.bind(1, hash_of(token));
  find.bind(2, now.seconds());
  if (!find.executeStep()) return std::nullopt;
  return find.getColumn(0).getString();
}

void Sessions::end(std::string_view token) {
  if (token.empty()) return;
  const std::lock_guard lock(mutex_);
  SQLite::Statement remove(database_, "DELETE FROM session WHERE token_hash = ?");
  remove.bind(1, hash_of(token));
  remove.exec();
}

}  // namespace demo
