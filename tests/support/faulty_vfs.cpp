// Each file of the shim is a header followed by the real file; the methods decide, then forward.
#include "support/faulty_vfs.hpp"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <new>
#include <stdexcept>

namespace resys::test {

struct FaultyFile {
  sqlite3_file base;
  FaultyVfs* vfs;
  bool is_log;
  bool is_temporary;  // without a name: neither counted nor limited
  const char* path;   // SQLite keeps it alive as long as the file
  sqlite3_file* real;

  static FaultyFile& of(sqlite3_file* file) { return *reinterpret_cast<FaultyFile*>(file); }
  static FaultyVfs& of(sqlite3_vfs* vfs) { return *static_cast<FaultyVfs*>(vfs->pAppData); }

  static int open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags,
                  int* out_flags) {
    FaultyVfs& self = of(vfs);
    auto* made = new (file) FaultyFile{};
    made->vfs = &self;
    made->is_log = (flags & SQLITE_OPEN_WAL) != 0;
    made->is_temporary = path == nullptr || (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
    made->path = path;
    made->real = reinterpret_cast<sqlite3_file*>(made + 1);
    if (self.strikes(FaultyVfs::Call::open)) return SQLITE_CANTOPEN;
    const int result = self.real_->xOpen(self.real_, path, made->real, flags, out_flags);
    if (result != SQLITE_OK) return result;
    made->base.pMethods = &methods;
    if (!made->is_temporary) {
      sqlite3_int64 size = 0;
      made->real->pMethods->xFileSize(made->real, &size);
      const std::lock_guard lock(self.mutex_);
      self.sizes_[path] = size;
    }
    return SQLITE_OK;
  }
  static int remove(sqlite3_vfs* vfs, const char* path, int sync_folder) {
    FaultyVfs& self = of(vfs);
    if (self.strikes(FaultyVfs::Call::remove)) return SQLITE_IOERR_DELETE;
    const int result = self.real_->xDelete(self.real_, path, sync_folder);
    if (result == SQLITE_OK) {
      const std::lock_guard lock(self.mutex_);
      self.sizes_.erase(path);
      self.durable_.erase(path);
    }
    return result;
  }

  static int close(sqlite3_file* file) {
    sqlite3_file* real = of(file).real;
    return real->pMethods->xClose(real);
  }
  static int read(sqlite3_file* file, void* into, int count, sqlite3_int64 offset) {
    FaultyFile& self = of(file);
    if (self.vfs->strikes(FaultyVfs::Call::read)) return SQLITE_IOERR_READ;
    return self.real->pMethods->xRead(self.real, into, count, offset);
  }
  static int write(sqlite3_file* file, const void* from, int count, sqlite3_int64 offset) {
    FaultyFile& self = of(file);
    int code = self.vfs->strikes(FaultyVfs::Call::write) ? SQLITE_IOERR_WRITE : SQLITE_OK;
    if (code == SQLITE_OK && !self.takes_space(offset + count)) code = SQLITE_FULL;
    const int written = code == SQLITE_OK ? count : count / 2;
    const int result = self.real->pMethods->xWrite(self.real, from, written, offset);
    return code == SQLITE_OK ? result : code;
  }
  static int truncate(sqlite3_file* file, sqlite3_int64 size) {
    FaultyFile& self = of(file);
    if (self.vfs->strikes(FaultyVfs::Call::truncate)) return SQLITE_IOERR_TRUNCATE;
    if (!self.is_temporary) {
      const std::lock_guard lock(self.vfs->mutex_);
      self.vfs->sizes_[self.path] = size;
    }
    return self.real->pMethods->xTruncate(self.real, size);
  }
  static int sync(sqlite3_file* file, int flags) {
    FaultyFile& self = of(file);
    if (self.vfs->strikes(FaultyVfs::Call::sync)) return SQLITE_IOERR_FSYNC;
    const int result = self.real->pMethods->xSync(self.real, flags);
    if (result != SQLITE_OK || self.is_temporary) return result;
    sqlite3_int64 size = 0;
    self.real->pMethods->xFileSize(self.real, &size);
    std::string contents(static_cast<std::size_t>(size), '\0');
    self.real->pMethods->xRead(self.real, contents.data(), static_cast<int>(size), 0);
    const std::lock_guard lock(self.vfs->mutex_);
    if (self.is_log) ++self.vfs->log_syncs_;
    self.vfs->durable_[self.path] = std::move(contents);
    return SQLITE_OK;
  }
  static int file_size(sqlite3_file* file, sqlite3_int64* size) {
    sqlite3_file* real = of(file).real;
    return real->pMethods->xFileSize(real, size);
  }
  static int lock(sqlite3_file* file, int level) {
    sqlite3_file* real = of(file).real;
    return real->pMethods->xLock(real, level);
  }
  static int unlock(sqlite3_file* file, int level) {
    sqlite3_file* real = of(file).real;
    return real->pMethods->xUnlock(real, level);
  }
  static int check_reserved_lock(sqlite3_file* file, int* out) {
    sqlite3_file* real = of(file).real;
    return real->pMethods->xCheckReservedLock(real, out);
  }
  static int file_control(sqlite3_file* file, int operation, void* argument) {
    sqlite3_file* real = of(file).real;
    return real->pMethods->xFileControl(real, operation, argument);
  }
  static int sector_size(sqlite3_file* file) {
    sqlite3_file* real = of(file).real;
    return real->pMethods->xSectorSize(real);
  }
  static int device_characteristics(sqlite3_file* file) {
    sqlite3_file* real = of(file).real;
    return real->pMethods->xDeviceCharacteristics(real);
  }
  static int shm_map(sqlite3_file* file, int page, int size, int extend, void volatile** out) {
    FaultyFile& self = of(file);
    if (self.vfs->strikes(FaultyVfs::Call::shared_memory)) return SQLITE_IOERR_SHMMAP;
    return self.real->pMethods->xShmMap(self.real, page, size, extend, out);
  }
  static int shm_lock(sqlite3_file* file, int offset, int count, int flags) {
    FaultyFile& self = of(file);
    const bool locking = (flags & SQLITE_SHM_LOCK) != 0;
    if (locking && self.vfs->strikes(FaultyVfs::Call::shared_memory)) return SQLITE_IOERR_SHMLOCK;
    // Given back: told before others can take it. Taken: told when it is held.
    if (!locking) self.vfs->trace(offset, false);
    const int result = self.real->pMethods->xShmLock(self.real, offset, count, flags);
    if (locking && result == SQLITE_OK) self.vfs->trace(offset, true);
    return result;
  }
  static void shm_barrier(sqlite3_file* file) {
    sqlite3_file* real = of(file).real;
    real->pMethods->xShmBarrier(real);
  }
  static int shm_unmap(sqlite3_file* file, int remove_file) {
    sqlite3_file* real = of(file).real;
    return real->pMethods->xShmUnmap(real, remove_file);
  }

  // Whether the file may reach to `end`.
  bool takes_space(sqlite3_int64 end) {
    if (is_temporary) return true;
    const std::lock_guard guard(vfs->mutex_);
    std::int64_t& size = vfs->sizes_[path];
    if (end <= size) return true;
    std::int64_t used = end - size;
    for (const auto& [each, bytes] : vfs->sizes_) used += bytes;
    if (vfs->space_ >= 0 && used > vfs->space_) return false;
    size = end;
    return true;
  }

  static const sqlite3_io_methods methods;
};

const sqlite3_io_methods FaultyFile::methods = {2,
                                                close,
                                                read,
                                                write,
                                                truncate,
                                                sync,
                                                file_size,
                                                lock,
                                                unlock,
                                                check_reserved_lock,
                                                file_control,
                                                sector_size,
                                                device_characteristics,
                                                shm_map,
                                                shm_lock,
                                                shm_barrier,
                                                shm_unmap,
                                                nullptr,
                                                nullptr};

namespace {

std::string unique_name() {
  static std::atomic<int> count{0};
  return "faulty" + std::to_string(++count);
}

}  // namespace

FaultyVfs::FaultyVfs() : name_(unique_name()), real_(sqlite3_vfs_find(nullptr)), vfs_(*real_) {
  vfs_.zName = name_.c_str();
  vfs_.pAppData = this;
  vfs_.szOsFile = real_->szOsFile + static_cast<int>(sizeof(FaultyFile));
  vfs_.xOpen = FaultyFile::open;
  vfs_.xDelete = FaultyFile::remove;
  if (sqlite3_vfs_register(&vfs_, 0) != SQLITE_OK) throw std::runtime_error("vfs not registered");
}

void FaultyVfs::trace(int lock, bool locked) const {
  // The numbers of the locks are part of SQLite's format of the WAL index.
  if (trace_ < 0 || (lock != 0 && lock != 1)) return;
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  const std::string line = std::to_string(std::chrono::nanoseconds(now).count()) + " " +
                           std::to_string(who_) + (lock == 0 ? " write" : " checkpoint") +
                           (locked ? "+\n" : "-\n");
  if (write(trace_, line.data(), line.size()) < 0) throw std::runtime_error("no trace");
}

FaultyVfs::~FaultyVfs() { sqlite3_vfs_unregister(&vfs_); }

bool FaultyVfs::strikes(Call call) {
  const std::lock_guard lock(mutex_);
  if ((failing_calls_ & only(call)) == 0) return false;
  --calls_to_fault_;
  const bool strike = calls_to_fault_ == 0 || (forever_ && calls_to_fault_ < 0);
  struck_ = struck_ || strike;
  return strike;
}

void FaultyVfs::fail(unsigned calls, std::int64_t nth, bool forever) {
  const std::lock_guard lock(mutex_);
  failing_calls_ = calls;
  calls_to_fault_ = nth;
  forever_ = forever;
  struck_ = false;
}

void FaultyVfs::limit_space(std::int64_t bytes) {
  const std::lock_guard lock(mutex_);
  space_ = bytes;
}

void FaultyVfs::heal() {
  const std::lock_guard lock(mutex_);
  failing_calls_ = 0;
  space_ = -1;
}

bool FaultyVfs::struck() {
  const std::lock_guard lock(mutex_);
  return struck_;
}

std::int64_t FaultyVfs::log_syncs() {
  const std::lock_guard lock(mutex_);
  return log_syncs_;
}

std::int64_t FaultyVfs::bytes_used() {
  const std::lock_guard lock(mutex_);
  std::int64_t used = 0;
  for (const auto& [path, bytes] : sizes_) used += bytes;
  return used;
}

void FaultyVfs::save_durable(const std::string& folder) {
  const std::lock_guard lock(mutex_);
  for (const auto& [path, contents] : durable_) {
    const auto name = std::filesystem::path(path).filename();
    std::ofstream(folder / name, std::ios::binary) << contents;
  }
}

}  // namespace resys::test
