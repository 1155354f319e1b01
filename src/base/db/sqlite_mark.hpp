// The mark by which a database file says that it is not complete without its log. Private to the
// SQLite driver (sqlite*.cpp).
//
// To SQLite a missing log is an empty one. The shop would silently return to the state in which the
// log was last copied into the file. So the first page holds a mark (PRAGMA user_version): a number
// that rises whenever the log begins anew, and whether commits are in the log. The mark reaches the
// file like every page, by a checkpoint:
//
//   The last commit before a checkpoint says "in the log", so from then on the file says it.
//
//   The first commit after it says "complete" in the new log. A reader of both sees that. A reader
//   of the file alone sees "in the log", and knows that the log is lost.
//
//   When all is copied, by the last shop that closes or by any other program, the file says
//   "complete", and needs no log.
//
// So each batch first looks at the file's own mark. If that says "complete", the log is copied once
// more before the batch. If an old snapshot of a reader, or a checkpoint of another program, keeps
// "in the log" from reaching the file, the shop goes on. A loss of the log would then go unnoticed.
//
// A copy has a number of its own. If the numbers of the file and of the log differ by more than
// one, they do not belong together: somebody has overwritten one of them.
#pragma once

#include <cstdint>
#include <optional>

#include "base/db/sqlite_connection.hpp"

namespace resys::db {

struct LogMark {
  std::uint32_t number = 0;
  bool in_log = false;  // commits are in the log, or are about to be
};

// The user_version of a new file or a copy. It is random, so that the log of another file is not
// taken for its own.
std::uint32_t first_mark();

// The mark of the database, including its log. Must be called in a transaction, or when nobody can
// write.
LogMark newest_mark(Connection& connection);
// The mark of the file itself. Must be called in a transaction.
LogMark file_mark(Connection& connection);
// Returns false if the log, or the known mark of the file, belongs to another file.
bool belong_together(const LogMark& newest, const LogMark& files);
// Both always write the first page. Must be called in a write transaction.
void mark_in_log(Connection& connection);
void mark_complete(Connection& connection);

enum class LogCheck {
  sound,
  silent,   // the file says that commits are in the log, and the log has none that counts
  accepted  // the log is lost, the location accepts that, and the file now says so
};
// Refuses (storage) a file whose log is missing or belongs to another file. Throws
// SQLite::Exception.
Result<LogCheck> check_log(Connection& connection, const Location& location);
// To be called after SQLite has reported a damaged database. If the file can be read without its
// log, the log belongs to another file, and this returns the error that says so.
std::optional<Error> blame_log(const Location& location);

}  // namespace resys::db
