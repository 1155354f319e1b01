// See the header.
#include "base/db/sqlite_files.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string_view>
#include <thread>

#include "base/db/sqlite_mark.hpp"

namespace resys::db {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kFresh{10};
constexpr std::chrono::milliseconds kNamed{500};

// By SQLite's file format, everyone who has a database open has a shared lock on these bytes.
constexpr off_t kSharedBytes = 0x4000'0002;
constexpr off_t kSharedBytesCount = 510;

// The size of the header by SQLite's file format.
constexpr int kHeaderBytes = 100;
constexpr std::string_view kMagic{"SQLite format 3", 16};
constexpr std::size_t kApplicationIdOffset = 68;

Error storage_error(const std::string& message, const std::string& file) {
  return Error(Errc::storage, message).with("file", file);
}

Error system_error(const char* what, const std::string& file) {
  return storage_error(std::string("cannot ") + what + " the file: " + std::strerror(errno), file);
}

Error changed(const char* what, const std::string& file) {
  return storage_error(
             std::string("a file of the database was ") + what +
                 " while the shop had it open: nothing is stored until the shop is opened again",
             file)
      .with("what", what);
}

Error belongs_to_another(const Location& location) {
  return Error(Errc::conflict, "the file is the database of another program")
      .with("file", location.file);
}

// The file is first made under a name of its own. So the first of several processes wins, and a
// process that is killed leaves no partial file behind.
Result<void> make_file(const std::string& file) {
  const std::string draft = file + ".new-" + std::to_string(getpid()) + "-" +
                            std::to_string(SteadyClock::now().time_since_epoch().count());
  const int descriptor = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) return system_error("make", file);
  ::close(descriptor);
  try {
    SQLite::Database made(draft, SQLite::OPEN_READWRITE);
    made.exec("PRAGMA application_id = " + std::to_string(kApplicationId));
    made.exec("PRAGMA user_version = " + std::to_string(first_mark()));
    made.exec("PRAGMA journal_mode = WAL");
  } catch (const SQLite::Exception& exception) {
    ::unlink(draft.c_str());
    return to_error(exception).with("file", file);
  }
  const bool is_there = name_file(draft, file) || errno == EEXIST;
  const Error refused = system_error("make", file);
  ::unlink(draft.c_str());
  if (!is_there) return refused;
  return success();
}

// A file that gets its name by a link has two names for a moment.
Result<void> refuse_second_name(const std::string& file) {
  const auto give_up = SteadyClock::now() + kNamed;
  for (struct stat found{}; stat(file.c_str(), &found) == 0 && found.st_nlink > 1;) {
    if (SteadyClock::now() >= give_up) {
      return storage_error(
                 "the file has another name (a hard link), under which it would have another log: "
                 "remove one of them, or copy the file",
                 file)
          .with("what", "linked");
    }
    std::this_thread::sleep_for(kBusyPause);
  }
  return success();
}

}  // namespace

bool name_file(const std::string& from, const std::string& to) {
#ifdef RENAME_NOREPLACE
  if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return true;
  if (errno != EINVAL && errno != ENOSYS) return false;
#endif
  if (::link(from.c_str(), to.c_str()) != 0) return false;
  ::unlink(from.c_str());
  return true;
}

Result<void> prepare_file(const Location& location) {
  if (location.memory()) return success();
  const std::string& file = location.file;
  if (OpenFile::is_inherited(file)) {
    return Error(Errc::invalid_state,
                 "the parent of this process had the file open when it forked: fork before it is "
                 "opened, close it before, or start the process anew (spawn, exec)")
        .with("file", file);
  }
  if (!location.vfs.empty()) return refuse_second_name(file);
  struct stat found {};
  if (stat(file.c_str(), &found) != 0) {
    if (errno != ENOENT) return system_error("open", file);
    struct stat log {};
    if (stat((file + "-wal").c_str(), &log) == 0 && log.st_size > 0) {
      return storage_error("the database is gone, and its log (-wal) is still here", file);
    }
    return make_file(file);
  }
  RESYS_TRYV(refuse_second_name(file));
  if (S_ISREG(found.st_mode) && found.st_size == 0) {
    return storage_error(
        "the file is empty: a new shop is made only where there is no file, for an empty one is "
        "what is left of a shop that was lost",
        file);
  }
  return success();
}

// Reads through SQLite's own handle, because closing a descriptor of our own would drop the
// process's locks. Runs no statement, because reading a database may create files beside it.
Result<void> check_owner(const Location& location) {
  if (location.memory() || !location.vfs.empty()) return success();
  SQLite::Database database(location.file, SQLite::OPEN_READWRITE);
  sqlite3_file* file = nullptr;
  sqlite3_file_control(database.getHandle(), "main", SQLITE_FCNTL_FILE_POINTER, &file);
  std::array<unsigned char, kHeaderBytes> header{};
  const int code = file->pMethods->xRead(file, header.data(), kHeaderBytes, 0);
  // If the file is no database at all, SQLite says so later.
  if (code == SQLITE_IOERR_SHORT_READ) return success();
  if (code != SQLITE_OK) throw SQLite::Exception("the first page cannot be read", code);
  if (std::memcmp(header.data(), kMagic.data(), kMagic.size()) != 0) return success();
  std::int64_t id = 0;
  for (std::size_t i = 0; i < 4; ++i) id = id << 8 | header[kApplicationIdOffset + i];
  if (id != kApplicationId) return belongs_to_another(location);
  return success();
}

Result<void> claim(Connection& connection, const Location& location) {
  if (connection.number("PRAGMA application_id") == kApplicationId) return success();
  // A database with tables has more than one page.
  if (connection.number("PRAGMA page_count") <= 1) {
    // The database is in memory, or was made by a VFS of the host.
    connection.run_once("PRAGMA application_id = " + std::to_string(kApplicationId));
    return success();
  }
  return belongs_to_another(location);
}

std::optional<FileWatch::Identity> FileWatch::identify(const std::string& path, bool& is_gone) {
  struct stat found {};
  // SQLite opens no log that is a link. To another process, a link is another name.
  if (lstat(path.c_str(), &found) == 0) {
    return Identity{static_cast<std::uint64_t>(found.st_dev),
                    static_cast<std::uint64_t>(found.st_ino), found.st_nlink > 1};
  }
  is_gone = errno == ENOENT || errno == ENOTDIR;
  return std::nullopt;
}

FileWatch::FileWatch(const Location& location) : location_(location) {
  if (!location_.memory()) open_file_.find(location_.file);
}

void FileWatch::remember() {
  if (location_.memory()) return;
  const std::lock_guard lock(mutex_);
  open_file_.find(location_.file);
#ifdef F_OFD_SETLK
  if (!lock_) {
    lock_ = Descriptor(location_.file);
    if (lock_) lock_.lock(F_RDLCK, kSharedBytes, kSharedBytesCount);
  }
#endif
  bool is_gone = false;
  if (!file_) file_ = identify(location_.file, is_gone);
  index_ = identify(location_.file + "-shm", is_gone);
  is_gone = false;
  log_ = identify(location_.file + "-wal", is_gone);
  // The host copied the file while it was being opened, so another program believed that it was the
  // last user, and deleted the log.
  if (is_gone && file_) happened_ = changed("deleted", location_.file + "-wal");
  has_happened_ = happened_.has_value();
}

std::optional<Error> FileWatch::compare(const char* suffix,
                                        const std::optional<Identity>& opened) const {
  if (!opened) return std::nullopt;
  const std::string path = location_.file + suffix;
  bool is_gone = false;
  const auto found = identify(path, is_gone);
  const char* what = nullptr;
  if (!found) {
    // If the path cannot be looked at, nothing is known.
    if (is_gone) what = "deleted";
  } else if (found->device != opened->device || found->file != opened->file) {
    what = "replaced";
  } else if (found->is_linked) {
    what = "linked";
  }
  if (what == nullptr) return std::nullopt;
  return changed(what, path);
}

std::optional<Error> FileWatch::look() {
  if (location_.memory()) return std::nullopt;
  const std::lock_guard lock(mutex_);
  if (happened_) return happened_;
  happened_ = compare("", file_);
  if (!happened_) happened_ = compare("-wal", log_);
  if (!happened_) happened_ = compare("-shm", index_);
  has_happened_ = happened_.has_value();
  looked_at_ = SteadyClock::now().time_since_epoch().count();
  return happened_;
}

Error FileWatch::overwritten() {
  const std::lock_guard lock(mutex_);
  if (!happened_) happened_ = changed("overwritten", location_.file);
  has_happened_ = true;
  return *happened_;
}

std::optional<Error> FileWatch::look_now_and_then() {
  const SteadyClock::duration at{looked_at_.load(std::memory_order_relaxed)};
  const bool is_fresh = SteadyClock::now().time_since_epoch() - at < kFresh;
  if (is_fresh && !has_happened_) return std::nullopt;
  return look();
}

}  // namespace resys::db
