// The mark by which a database file says that it is not complete without its log. Private to the
// SQLite driver (sqlite*.cpp).
//
// To SQLite a log that is missing is an empty one: the shop is then simply what it was when the log
// was last copied into the file. So the first page has a mark (PRAGMA user_version): a number that
// grows whenever the log begins anew, and whether commits are in the log. A mark reaches the file
// as every page does, by a checkpoint:
//
//   The last commit before a checkpoint says "in the log", so from then on the file says it.
//
//   The first one after it says "complete" in the new log. Whoever has the log reads that; who has
//   the file alone reads "in the log", and knows that the log is lost.
//
//   When all is copied, by the last shop that closes or by any other program, "complete" is in the
//   file, and it needs no log.
//
// So a batch begins with a look at what the file itself says, and where it says "complete" the log
// is copied once more first. Where a reader's old snapshot, or another program's checkpoint, keeps
// "in the log" from the file, the shop sells on, and the loss of the log would not be told.
//
// A copy has a number of its own. Where the numbers of the file and of the log differ by more than
// one, they do not belong together: somebody has written over one of them.
#pragma once

#include <cstdint>
#include <optional>

#include "db/sqlite_connection.hpp"

namespace resys::db {

struct LogMark {
  std::uint32_t number = 0;
  bool in_log = false;  // commits are in the log, or are about to be
};

// As a number of user_version: of a new file or a copy, by chance, so that no other file's log is
// taken for its own.
std::uint32_t first_mark();

// What the database says, its log read. In a transaction, or nobody can write.
LogMark newest_mark(Connection& connection);
// What the file itself says. In a transaction.
LogMark file_mark(Connection& connection);
// False where the log, or what is known of the file, belongs to another file.
bool belong_together(const LogMark& newest, const LogMark& files);
// Both write the first page, whatever it says. In a transaction that writes.
void mark_in_log(Connection& connection);
void mark_complete(Connection& connection);

enum class LogCheck {
  sound,
  silent,   // the file says that commits are in the log, and the log has none that counts
  accepted  // it is lost, which the location says is accepted; that is written down
};
// Refuses (storage) a file whose log is missing or another file's. Throws SQLite::Exception.
Result<LogCheck> check_log(Connection& connection, const Location& location);
// After SQLite has called a database damaged: the refusal of a log that is another file's, if the
// file alone can be read.
std::optional<Error> blame_log(const Location& location);

}  // namespace resys::db
