// The files of a SQLite database: made so that they appear whole, and watched while they are open.
// Private to the SQLite driver (sqlite*.cpp).
//
// SQLite keeps what it has opened, whatever becomes of the paths. If somebody deletes or replaces a
// file under it, everything goes on as before, and is lost. The write-ahead log is deleted by any
// program that gets the exclusive lock on the database, for then nobody else has it open; or has
// lost his shared one, as POSIX takes it away where a process opens and closes the file once more,
// to copy it for example. What is committed after that program has looked into the log, and before
// it has deleted it, is lost, and no look at the paths in between shows it. So where the system has
// locks that cannot be lost so, a shop holds one beside SQLite's (process_files.hpp). The paths are
// looked at for whatever else happens to the files.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "db/process_files.hpp"
#include "db/sqlite_connection.hpp"

namespace resys::db {

// The first page of a database that resys has made says so (PRAGMA application_id).
inline constexpr std::int64_t kApplicationId = 0x72657379;  // "resy"

// Makes the file if there is none: whole, with a first page, mode 0600, or not at all. Refuses
// (storage) an empty file, and a log without its file: what they held is lost, and a new shop in
// their place would hide that. Refuses a file with a second name, which would have a second log;
// and (invalid_state) one that this process has open from its parent. A VFS of the host's own makes
// its files itself.
Result<void> prepare_file(const Location& location);
// Gives a file its name, and nothing is overwritten. False if it cannot; errno says why, EEXIST
// where the name is taken.
bool name_file(const std::string& from, const std::string& to);
// Refuses (conflict) the database of another program, before anything of it is changed. A file of a
// VFS of the host's own says whose it is only once it is open (claim). Throws SQLite::Exception.
Result<void> check_owner(const Location& location);
// The same once it is open; an empty database becomes the shop's.
Result<void> claim(Connection& connection, const Location& location);

// Safe to use from several threads.
class FileWatch {
 public:
  // Before SQLite opens them.
  explicit FileWatch(const Location& location);

  // What lies at the paths is what is open: called by the writer when it has opened them, with a
  // transaction open, so that nobody deletes the log now. Once more after it has opened them again:
  // the log may be a new one then, the file must be the same.
  void remember();
  // Nothing, or what has happened to the files; from then on it is always that.
  std::optional<Error> look();
  // The same for what can do with what was seen some milliseconds ago.
  std::optional<Error> look_now_and_then();
  // The writer has seen that the file has other contents; look() tells it from then on.
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
  std::optional<Identity> file_, log_, index_;  // nothing: cannot be looked at
  std::optional<Error> happened_;
  OpenFile open_file_;
#ifdef F_OFD_SETLK
  Descriptor lock_;
#endif
  std::atomic<bool> has_happened_ = false;
  std::atomic<std::chrono::steady_clock::rep> looked_at_ = 0;
};

}  // namespace resys::db
