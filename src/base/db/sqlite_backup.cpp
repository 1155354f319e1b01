// A copy is made under a name of its own beside its target. It gets the target's name once it is
// complete, on the disk and checked.
//
// SQLite's online backup copies the pages in one read transaction. Without the transaction, SQLite
// starts over whenever somebody commits, so in a busy shop it never ends. During the transaction
// the write-ahead log cannot begin anew and grows by what the shop writes. So the transaction is
// only for copying: the copy is synced and checked after it. VACUUM INTO would need a transaction
// several times as long.
//
// The shop's own files are only opened through SQLite. Closing any other descriptor would drop the
// locks of the whole process.
#include "base/db/sqlite_backup.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <random>
#include <system_error>
#include <utility>

#include "base/db/sqlite_check.hpp"
#include "base/db/sqlite_files.hpp"
#include "base/db/sqlite_mark.hpp"

namespace resys::db {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr int kPagesAtOnce = 256;
constexpr std::chrono::milliseconds kBetweenSteps{50};

// SQLite keeps files of these names beside a database's.
constexpr const char* kCompanions[] = {"-journal", "-wal", "-shm"};

bool exists(const std::string& path) {
  struct stat found;
  return lstat(path.c_str(), &found) == 0;
}

Error failed(const std::string& what, int number) {
  return Error(Errc::storage, what + ": " + std::generic_category().message(number));
}

Error taken(const std::string& name) {
  return Error(Errc::conflict, "the file already exists, and is not overwritten")
      .at("path")
      .with("file", name);
}

// The file that becomes the copy. It is deleted unless it is published.
class Draft {
 public:
  Draft(const std::string& target, const std::string& vfs)
      : target_(target),
        location_{target + "." + std::to_string(std::random_device()()) + ".part", vfs} {}
  ~Draft() {
    if (!made_) return;
    sqlite3_vfs* const vfs =
        sqlite3_vfs_find(location_.vfs.empty() ? nullptr : location_.vfs.c_str());
    for (const char* companion : kCompanions) {
      const std::string name = location_.file + companion;
      if (exists(name)) vfs->xDelete(vfs, name.c_str(), 0);
    }
    vfs->xDelete(vfs, location_.file.c_str(), 0);
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  const Location& location() const { return location_; }

  // Only its owner may read the copy, because it holds people's names and addresses.
  Result<void> make() {
    const int file = open(location_.file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) {
      return Error(Errc::invalid_request,
                   "the file cannot be created: " + std::generic_category().message(errno))
          .at("path");
    }
    close(file);
    made_ = true;
    return success();
  }

  // Gives the copy the target's name, unless that name has been taken in the meantime.
  Result<void> publish() {
    if (!name_file(location_.file, target_)) {
      if (errno == EEXIST || exists(target_)) return taken(target_);
      // This file system has no other way to do it.
      if (std::rename(location_.file.c_str(), target_.c_str()) != 0) {
        return failed("the copy cannot be given its name", errno);
      }
    }
    auto synced = sync_folder();
    if (synced.has_error()) unlink(target_.c_str());
    return synced;
  }

 private:
  Result<void> sync_folder() const {
    const std::string folder = std::filesystem::path(target_).parent_path().string();
    const int opened = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (opened < 0) return failed("the folder of the copy cannot be opened", errno);
    const int code = fsync(opened) == 0 ? 0 : errno;
    close(opened);
    // EINVAL: a file system on which folders need no sync.
    if (code != 0 && code != EINVAL) return failed("the folder cannot be synced", code);
    return success();
  }

  const std::string target_;
  const Location location_;
  bool made_ = false;
};

struct Finish {
  void operator()(sqlite3_backup* backup) const { sqlite3_backup_finish(backup); }
};

Error copy_error(int code) {
  return Error(Errc::storage, std::string("the copy failed: ") + sqlite3_errstr(code))
      .with("sqlite", std::int64_t{code});
}

SQLite::Database open_copy(const Location& location) {
  SQLite::Database copy(location.file, SQLite::OPEN_READWRITE | SQLite::OPEN_NOMUTEX, 0,
                        location.vfs);
  // Nobody else knows the file, and it is deleted if anything fails.
  copy.exec("PRAGMA locking_mode = EXCLUSIVE");
  copy.exec("PRAGMA synchronous = OFF");
  return copy;
}

// Returns how many pages there are. `from` is in a transaction, or nobody can write to it.
Result<std::int64_t> copy_pages(sqlite3* from, const Location& location, const Step& step) {
  SQLite::Database copy = open_copy(location);
  copy.exec("PRAGMA journal_mode = OFF");
  const std::unique_ptr<sqlite3_backup, Finish> backup(
      sqlite3_backup_init(copy.getHandle(), "main", from, "main"));
  if (!backup) return copy_error(sqlite3_extended_errcode(copy.getHandle()));
  SteadyClock::time_point told;
  for (;;) {
    const int code = sqlite3_backup_step(backup.get(), kPagesAtOnce);
    if (code != SQLITE_OK && code != SQLITE_DONE) return copy_error(code);
    const std::int64_t total = sqlite3_backup_pagecount(backup.get());
    const auto now = SteadyClock::now();
    if (code == SQLITE_DONE || now - told >= kBetweenSteps) {
      RESYS_TRYV(step(total - sqlite3_backup_remaining(backup.get()), total));
      told = now;
    }
    if (code == SQLITE_DONE) return total;
  }
}

// Turns the copy into a single file that needs no log, and syncs it to the disk.
Result<void> seal(const Location& location) {
  SQLite::Database copy = open_copy(location);
  if (set_journal_mode(copy, "PRAGMA journal_mode = DELETE") != "delete") {
    return Error(Errc::storage, "the copy cannot be closed");
  }
  copy.exec("PRAGMA user_version = " + std::to_string(first_mark()));
  sqlite3_file* file = nullptr;
  sqlite3_file_control(copy.getHandle(), "main", SQLITE_FCNTL_FILE_POINTER, &file);
  const int code = file->pMethods->xSync(file, SQLITE_SYNC_FULL);
  if (code != SQLITE_OK) return copy_error(code);
  return success();
}

// Checks the copy as a whole. Only that finds a page that two tables use.
Result<void> check_copy(const Location& location, std::int64_t pages, const Step& step) {
  RESYS_TRYV(step(0, pages));
  Connection copy(location, Connection::Use::read);
  const Watch watch(copy, [&] { return step(0, pages); });
  std::string wrong;
  try {
    each_row(copy, "PRAGMA integrity_check(1)", [&](sqlite3_stmt* row) {
      if (text_of(row, 0) != "ok") wrong = text_of(row, 0);
    });
    each_row(copy, "PRAGMA foreign_key_check", [&](sqlite3_stmt* row) {
      wrong = "a row of " + text_of(row, 0) + " refers to one of " + text_of(row, 2) +
              " that is not there";
    });
  } catch (const SQLite::Exception& exception) {
    RESYS_TRYV(watch.answer());
    wrong = exception.what();
  }
  if (!wrong.empty()) {
    return Error(Errc::storage, "the copy is not sound, and neither is the database: " + wrong);
  }
  return step(pages, pages);
}

// `copy` fills the file at a location and returns the number of its pages.
template <class Copy>
Result<FileCopy> make_copy(const std::string& path, const std::string& vfs, const Step& checking,
                           const Copy& copy) {
  if (path.empty() || path.find('\0') != std::string::npos) {
    return Error(Errc::invalid_request, "the path is empty or contains a zero byte").at("path");
  }
  const std::string target = std::filesystem::absolute(path).string();
  for (const char* companion : kCompanions) {
    if (target.ends_with(companion)) {
      return Error(Errc::invalid_request,
                   "the path ends as those of SQLite's own files do: choose another name")
          .at("path");
    }
    // SQLite would take this file for one of the copy's own.
    if (exists(target + companion)) return taken(target + companion);
  }
  if (exists(target)) return taken(target);
  try {
    Draft draft(target, vfs);
    RESYS_TRYV(draft.make());
    RESYS_TRY(pages, copy(draft.location()));
    RESYS_TRYV(seal(draft.location()));
    RESYS_TRYV(check_copy(draft.location(), pages, checking));
    const auto bytes = std::filesystem::file_size(draft.location().file);
    RESYS_TRYV(draft.publish());
    return FileCopy{static_cast<std::int64_t>(bytes), pages};
  } catch (const SQLite::Exception& exception) {
    return to_error(exception);
  }
}

}  // namespace

std::string image_of(Connection& connection) {
  sqlite3_int64 size = 0;
  struct Free {
    void operator()(unsigned char* bytes) const { sqlite3_free(bytes); }
  };
  const std::unique_ptr<unsigned char, Free> bytes(
      sqlite3_serialize(connection.handle(), "main", &size, 0));
  if (!bytes) throw SQLite::Exception("no memory for a copy", SQLITE_NOMEM);
  return std::string(reinterpret_cast<const char*>(bytes.get()), static_cast<std::size_t>(size));
}

Result<FileCopy> copy_file(const Location& location, const std::string& path, const Step& copying,
                           const Step& checking) {
  return make_copy(path, location.vfs, checking, [&](const Location& to) -> Result<std::int64_t> {
    Connection from(location, Connection::Use::read);
    from.begin("BEGIN", SteadyClock::now() + kBusyTimeout);
    from.number("PRAGMA schema_version");  // a transaction begins when something is read
    return copy_pages(from.handle(), to, copying);
  });
}

Result<FileCopy> copy_image(std::string image, const std::string& path, const Step& copying,
                            const Step& checking) {
  return make_copy(path, {}, checking, [&](const Location& to) -> Result<std::int64_t> {
    SQLite::Database from(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_NOMUTEX);
    const auto size = static_cast<sqlite3_int64>(image.size());
    const int code = sqlite3_deserialize(from.getHandle(), "main",
                                         reinterpret_cast<unsigned char*>(image.data()), size, size,
                                         SQLITE_DESERIALIZE_READONLY);
    if (code != SQLITE_OK) return copy_error(code);
    return copy_pages(from.getHandle(), to, copying);
  });
}

}  // namespace resys::db
