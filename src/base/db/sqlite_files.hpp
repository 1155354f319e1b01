// The files of a SQLite database. They are made so that they appear complete, and are watched while
// they are open. Private to the SQLite driver (sqlite*.cpp).
//
// SQLite keeps using the files that it has opened, whatever happens to the paths. If somebody
// deletes or replaces a file, SQLite goes on as before, and all further changes are lost. Any
// program that gets the exclusive lock on the database deletes the write-ahead log, because nobody
// else should have the database open then. But a process may have lost its shared lock: POSIX drops
// it when the process opens and closes the file once more, for example to copy it. Commits between
// that program's last look into the log and the deletion are lost, and a look at the paths cannot
// show it in time. So where the system has locks that cannot get lost like this, a shop holds one
// beside SQLite's (process_files.hpp). Looking at the paths finds all other changes of the files.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/db/process_files.hpp"
#include "base/db/sqlite_connection.hpp"

namespace resys::db {

// The number that marks a database of resys in its first page (PRAGMA application_id).
inline constexpr std::int64_t kApplicationId = 0x72657379;  // "resy"

// Makes the file if there is none: complete, with a first page, and with mode 0600, or not at all.
// Refuses (storage) an empty file, and a log without its file: their contents are lost, and a new
// shop in their place would hide that. Refuses a file with a second name, under which it would have
// a second log. Refuses (invalid_state) a file that the parent of this process had open. A VFS of
// the host makes its files itself.
Result<void> prepare_file(const Location& location);
// Gives a file its name without overwriting another file. If it returns false, errno says why:
// EEXIST if the name is taken.
bool name_file(const std::string& from, const std::string& to);
// Refuses (conflict) the database of another program before anything in it is changed. A file of
// the host's own VFS can only be checked once it is open (claim). Throws SQLite::Exception.
Result<void> check_owner(const Location& location);
// The same once the database is open. An empty database becomes the shop's.
Result<void> claim(Connection& connection, const Location& location);

// Safe to use from several threads.
class FileWatch {
 public:
  // To be made before SQLite opens the files.
  explicit FileWatch(const Location& location);

  // Remembers that the files at the paths are the open ones. The writer calls this after it has
  // opened them, inside a transaction, so that nobody deletes the log at the same time. It calls it
  // again after it has opened them again: then the log may be a new one, but the file must be the
  // same.
  void remember();
  // Returns what has happened to the files, or nothing. Once something has happened, it always
  // returns that.
  std::optional<Error> look();
  // The same, but may use a look that is some milliseconds old.
  std::optional<Error> look_now_and_then();
  // Records that the writer has found other contents in the file. look() returns this from then on.
  Error overwritten();

 private:
  struct Identity {
    std::uint64_t device = 0;
    std::uint64_t file = 0;
    bool is_linked = false;  // has another name
  };
  static std::optional<Identity> identify(const std::string& path, bool& is_gone);
  std::optional<Error> compare(const char* suffix, const std::optional<Identity>& opened) const;

  const Location& location_;
  std::mutex mutex_;                            // guards all below but the atomics
  std::optional<Identity> file_, log_, index_;  // nothing: it cannot be looked at
  std::optional<Error> happened_;
  OpenFile open_file_;
#ifdef F_OFD_SETLK
  Descriptor lock_;
#endif
  std::atomic<bool> has_happened_ = false;
  std::atomic<std::chrono::steady_clock::rep> looked_at_ = 0;
};

}  // namespace resys::db
