// The format of the index and the use of its bytes are defined by SQLite (its file format and
// os_unix.c).
#include "base/db/sqlite_index.hpp"

#include <sqlite3.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <new>
#include <optional>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "base/db/process_files.hpp"

namespace resys::db {

#ifdef F_OFD_SETLK

namespace {

constexpr off_t kLocks = 120;  // the first of SQLITE_SHM_NLOCK
constexpr off_t kUsersLock = kLocks + SQLITE_SHM_NLOCK;
constexpr off_t kEmptied = 3;      // bytes: shows that it was emptied on purpose
constexpr off_t kDiskPage = 4096;  // writing one byte in each allocates all of them

// The index of one connection.
class Index {
 public:
  explicit Index(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}
  ~Index() {
    for (void* const each : maps_) munmap(each, map_bytes_);
  }
  Index(const Index&) = delete;
  Index& operator=(const Index&) = delete;

  // The first user empties the index, because what a crash of the machine has left in it means
  // nothing.
  int join() {
    short other = F_UNLCK;
    if (!descriptor_.find_lock(other, kUsersLock, 1)) return SQLITE_IOERR_LOCK;
    // Somebody else is emptying it.
    if (other == F_WRLCK) return SQLITE_BUSY;
    if (other == F_UNLCK) {
      if (!descriptor_.lock(F_WRLCK, kUsersLock, 1)) return SQLITE_BUSY;
      if (ftruncate(descriptor_.number(), kEmptied) != 0) return SQLITE_IOERR_SHMOPEN;
    }
    return descriptor_.lock(F_RDLCK, kUsersLock, 1) ? SQLITE_OK : SQLITE_BUSY;
  }

  // Maps null if the file does not reach so far and may not grow. It only grows under the write
  // lock.
  int map(int region, int size, bool may_grow, void volatile** mapped) {
    *mapped = nullptr;
    const auto regions = static_cast<int>(std::max(1L, sysconf(_SC_PAGESIZE) / size));  // in a map
    const auto which = static_cast<std::size_t>(region / regions);
    map_bytes_ = static_cast<std::size_t>(size) * static_cast<std::size_t>(regions);
    while (maps_.size() <= which) {
      const auto begin = static_cast<off_t>(maps_.size() * map_bytes_);
      const off_t end = begin + static_cast<off_t>(map_bytes_);
      struct stat found {};
      if (fstat(descriptor_.number(), &found) != 0) return SQLITE_IOERR_SHMSIZE;
      if (found.st_size < end) {
        if (!may_grow) return SQLITE_OK;
        if (!grow(found.st_size, end)) return SQLITE_IOERR_SHMSIZE;
      }
      maps_.reserve(which + 1);
      void* const map = mmap(nullptr, map_bytes_, PROT_READ | PROT_WRITE, MAP_SHARED,
                             descriptor_.number(), begin);
      if (map == MAP_FAILED) return SQLITE_IOERR_SHMMAP;
      // A mapping in a child would keep the descriptor and its locks after this process is gone.
      madvise(map, map_bytes_, MADV_DONTFORK);
      maps_.push_back(map);
    }
    *mapped = static_cast<char*>(maps_[which]) + std::ptrdiff_t{size} * (region % regions);
    return SQLITE_OK;
  }

  int lock(int first, int count, int flags) {
    const bool is_shared = (flags & SQLITE_SHM_SHARED) != 0;
    const short taken = is_shared ? F_RDLCK : F_WRLCK;
    const short type = (flags & SQLITE_SHM_UNLOCK) != 0 ? F_UNLCK : taken;
    return descriptor_.lock(type, kLocks + first, count) ? SQLITE_OK : SQLITE_BUSY;
  }

 private:
  // Allocates the space now, because a process that writes into a mapping is killed if the disk is
  // full.
  bool grow(off_t from, off_t end) const {
    for (off_t page = from / kDiskPage; page < end / kDiskPage; ++page) {
      if (pwrite(descriptor_.number(), "", 1, (page + 1) * kDiskPage - 1) != 1) return false;
    }
    return true;
  }

  const Descriptor descriptor_;
  std::vector<void*> maps_;
  std::size_t map_bytes_ = 0;
};

constexpr mode_t kRights = 0777;

// Gives a new index the rights and the owner of the database, as SQLite does. The umask may have
// removed rights, and root may open a shop of another user. If this is not allowed, the index stays
// as it is.
void give_rights(int index, const struct stat& database) {
  struct stat made {};
  if (fstat(index, &made) != 0 || made.st_size != 0) return;
  if ((made.st_mode & kRights) != (database.st_mode & kRights)) {
    std::ignore = fchmod(index, database.st_mode & kRights);
  }
  if (geteuid() == 0) std::ignore = fchown(index, database.st_uid, database.st_gid);
}

// The part of a file object that follows SQLite's own.
struct IndexedFile {
  const sqlite3_io_methods* real;
  sqlite3_io_methods methods;  // SQLite's, except those of shared memory
  const char* path;            // SQLite keeps it as long as the file
  std::optional<Index> index;

  static IndexedFile& of(sqlite3_file* file);

  // Opens the index with the rights and the owner of the database, as SQLite does.
  int open_index() {
    struct stat database {};
    if (stat(path, &database) != 0) return SQLITE_IOERR_FSTAT;
    Descriptor opened(std::string(path) + "-shm", O_RDWR | O_CREAT | O_NOFOLLOW,
                      database.st_mode & kRights);
    if (!opened) return SQLITE_CANTOPEN;
    give_rights(opened.number(), database);
    index.emplace(std::move(opened));
    const int code = index->join();
    if (code != SQLITE_OK) index.reset();
    return code;
  }
};

int map(sqlite3_file* file, int region, int size, int may_grow, void volatile** mapped) {
  IndexedFile& self = IndexedFile::of(file);
  try {
    const int code = self.index ? SQLITE_OK : self.open_index();
    if (code == SQLITE_OK) return self.index->map(region, size, may_grow != 0, mapped);
    if (code != SQLITE_IOERR_LOCK) return code;
  } catch (const std::bad_alloc&) {
    return SQLITE_NOMEM;
  }
  // The file system has no locks of descriptors, so SQLite goes on with its own.
  file->pMethods = self.real;
  return self.real->xShmMap(file, region, size, may_grow, mapped);
}

int lock(sqlite3_file* file, int first, int count, int flags) {
  IndexedFile& self = IndexedFile::of(file);
  return self.index ? self.index->lock(first, count, flags) : SQLITE_IOERR_SHMLOCK;
}

// std::atomic_thread_fence is not used, because ThreadSanitizer does not support it.
void barrier(sqlite3_file*) { __sync_synchronize(); }

int unmap(sqlite3_file* file, int is_to_be_deleted) {
  IndexedFile& self = IndexedFile::of(file);
  if (self.index && is_to_be_deleted != 0) unlink((std::string(self.path) + "-shm").c_str());
  self.index.reset();
  return SQLITE_OK;
}

int close(sqlite3_file* file) {
  IndexedFile& self = IndexedFile::of(file);
  const sqlite3_io_methods* const real = self.real;
  self.~IndexedFile();
  return real->xClose(file);
}

// One VFS serves all connections. Its base is SQLite's own.
struct Vfs {
  std::mutex mutex;
  int uses = 0;
  sqlite3_vfs* base = nullptr;
  std::string name;
  sqlite3_vfs vfs{};
  std::size_t offset = 0;  // of the part that follows SQLite's
};

Vfs& the_vfs() {
  static auto* const made = new Vfs;  // shops may be closed by destructors of globals
  return *made;
}

IndexedFile& IndexedFile::of(sqlite3_file* file) {
  return *reinterpret_cast<IndexedFile*>(reinterpret_cast<char*>(file) + the_vfs().offset);
}

int open(sqlite3_vfs*, const char* path, sqlite3_file* file, int flags, int* opened_flags) {
  sqlite3_vfs* const base = the_vfs().base;
  const int code = base->xOpen(base, path, file, flags, opened_flags);
  const sqlite3_io_methods* const real = file->pMethods;
  constexpr int kHasShm = 2;
  const bool is_indexed = code == SQLITE_OK && (flags & SQLITE_OPEN_MAIN_DB) != 0 &&
                          real->iVersion >= kHasShm && real->xShmMap != nullptr;
  if (!is_indexed) return code;
  constexpr int kKnownVersion = 3;  // of the methods, here
  auto& self = *new (&IndexedFile::of(file)) IndexedFile{real, *real, path, std::nullopt};
  self.methods.iVersion = std::min(real->iVersion, kKnownVersion);
  self.methods.xClose = close;
  self.methods.xShmMap = map;
  self.methods.xShmLock = lock;
  self.methods.xShmBarrier = barrier;
  self.methods.xShmUnmap = unmap;
  file->pMethods = &self.methods;
  return code;
}

void register_vfs(Vfs& all, sqlite3_vfs* base) {
  constexpr std::size_t align = alignof(IndexedFile);
  constexpr int kKnownVersion = 3;
  all.base = base;
  all.name = "resys-" + std::to_string(reinterpret_cast<std::uintptr_t>(&all));
  all.offset = (static_cast<std::size_t>(base->szOsFile) + align - 1) / align * align;
  all.vfs = *base;
  all.vfs.iVersion = std::min(base->iVersion, kKnownVersion);
  all.vfs.pNext = nullptr;
  all.vfs.zName = all.name.c_str();
  all.vfs.szOsFile = static_cast<int>(all.offset + sizeof(IndexedFile));
  all.vfs.xOpen = open;
  sqlite3_vfs_register(&all.vfs, 0);
}

}  // namespace

IndexVfs::IndexVfs() {
  Vfs& all = the_vfs();
  const std::lock_guard guard(all.mutex);
  if (all.uses == 0) {
    sqlite3_vfs* const base = sqlite3_vfs_find(nullptr);
    if (base == nullptr || std::string_view(base->zName) != "unix") return;
    register_vfs(all, base);
  }
  ++all.uses;
  name_ = all.name;
}

IndexVfs::~IndexVfs() {
  if (name_.empty()) return;
  Vfs& all = the_vfs();
  const std::lock_guard guard(all.mutex);
  if (--all.uses == 0) sqlite3_vfs_unregister(&all.vfs);
}

#else

IndexVfs::IndexVfs() = default;
IndexVfs::~IndexVfs() = default;

#endif

}  // namespace resys::db
