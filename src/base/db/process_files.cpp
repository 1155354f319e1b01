// The tables belong to the process, as its locks do. Only system calls are made while the mutex is
// held, so a fork waits for it only for a moment.
#include "base/db/process_files.hpp"

#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <utility>
#include <vector>

namespace resys::db {
namespace {

struct Opened {
  dev_t device;
  ino_t file;
  std::uint64_t fork_number;
};

struct Kept {
  int number;
  dev_t device;
  ino_t file;
  bool is_used;
};

struct Tables {
  std::mutex mutex;
  std::atomic<std::uint64_t> fork_number = 0;
  std::vector<Opened> opened;
  std::vector<Kept> descriptors;
};

Tables& tables();

void before_fork() { tables().mutex.lock(); }
void after_fork() { tables().mutex.unlock(); }

// Closing the descriptors here drops no lock. A child has no POSIX locks, and locks of a descriptor
// last as long as the parent has it open.
void in_child() {
  Tables& all = tables();
  ++all.fork_number;
  for (const Kept& each : all.descriptors) close(each.number);
  all.descriptors.clear();
  all.mutex.unlock();
}

Tables& tables() {
  static auto* const made = [] {
    auto* const all = new Tables;  // shops may be closed by destructors of globals
    pthread_atfork(before_fork, after_fork, in_child);
    return all;
  }();
  return *made;
}

}  // namespace

std::uint64_t fork_number() { return tables().fork_number; }

OpenFile::OpenFile() : fork_number_(db::fork_number()) {}

void OpenFile::find(const std::string& file) {
  struct stat found {};
  if (is_found_ || stat(file.c_str(), &found) != 0) return;
  is_found_ = true;
  device_ = found.st_dev;
  file_ = found.st_ino;
  const std::lock_guard guard(tables().mutex);
  tables().opened.push_back({device_, file_, fork_number_});
}

OpenFile::~OpenFile() {
  if (!is_found_) return;
  std::vector<Opened>& opened = tables().opened;
  const std::lock_guard guard(tables().mutex);
  const auto mine = std::find_if(opened.begin(), opened.end(), [this](const Opened& each) {
    return each.device == device_ && each.file == file_ && each.fork_number == fork_number_;
  });
  if (mine != opened.end()) opened.erase(mine);
}

bool OpenFile::is_inherited(const std::string& file) {
  struct stat found {};
  if (stat(file.c_str(), &found) != 0) return false;
  const std::lock_guard guard(tables().mutex);
  const std::vector<Opened>& opened = tables().opened;
  return std::any_of(opened.begin(), opened.end(), [&](const Opened& each) {
    return each.device == found.st_dev && each.file == found.st_ino &&
           each.fork_number != tables().fork_number;
  });
}

#ifdef F_OFD_SETLK

namespace {

struct flock lock_of(short type, off_t begin, off_t count) {
  struct flock wanted {};
  wanted.l_type = type;
  wanted.l_whence = SEEK_SET;
  wanted.l_start = begin;
  wanted.l_len = count;
  return wanted;
}

bool set_lock(int descriptor, short type, off_t begin, off_t count) {
  struct flock wanted = lock_of(type, begin, count);
  return fcntl(descriptor, F_OFD_SETLK, &wanted) == 0;
}

// Closes descriptors of deleted files: nobody can open these files any more.
void close_deleted(std::vector<Kept>& descriptors) {
  std::erase_if(descriptors, [](const Kept& each) {
    struct stat found {};
    if (each.is_used || fstat(each.number, &found) != 0 || found.st_nlink > 0) return false;
    close(each.number);
    return true;
  });
}

}  // namespace

Descriptor::Descriptor(const std::string& file, int flags, mode_t mode)
    : fork_number_(db::fork_number()) {
  auto& descriptors = tables().descriptors;
  const std::lock_guard guard(tables().mutex);
  close_deleted(descriptors);
  struct stat found {};
  if (lstat(file.c_str(), &found) == 0) {
    const auto kept = std::find_if(descriptors.begin(), descriptors.end(), [&](const Kept& each) {
      return !each.is_used && each.device == found.st_dev && each.file == found.st_ino;
    });
    if (kept != descriptors.end()) {
      kept->is_used = true;
      number_ = kept->number;
      return;
    }
  }
  descriptors.reserve(descriptors.size() + 1);
  number_ = open(file.c_str(), flags | O_CLOEXEC, mode);
  if (number_ < 0) return;
  fstat(number_, &found);
  descriptors.push_back({number_, found.st_dev, found.st_ino, true});
}

Descriptor::~Descriptor() {
  if (number_ < 0) return;
  auto& descriptors = tables().descriptors;
  const std::lock_guard guard(tables().mutex);
  if (fork_number_ != tables().fork_number) return;
  const auto mine = std::find_if(descriptors.begin(), descriptors.end(),
                                 [this](const Kept& each) { return each.number == number_; });
  mine->is_used = false;
  // With this lock, nobody in any process has a lock on the file or can get one, until all
  // descriptors are closed.
  if (!set_lock(number_, F_WRLCK, 0, 0)) {
    set_lock(number_, F_UNLCK, 0, 0);
    return;
  }
  const Kept own = *mine;
  std::erase_if(descriptors, [&](const Kept& each) {
    if (each.is_used || each.device != own.device || each.file != own.file) return false;
    if (each.number != own.number) close(each.number);
    return true;
  });
  close(own.number);
}

Descriptor::Descriptor(Descriptor&& other) noexcept
    : number_(std::exchange(other.number_, -1)), fork_number_(other.fork_number_) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(number_, other.number_);
  std::swap(fork_number_, other.fork_number_);
  return *this;
}

bool Descriptor::lock(short type, off_t begin, off_t count) const {
  return set_lock(number_, type, begin, count);
}

bool Descriptor::find_lock(short& type, off_t begin, off_t count) const {
  struct flock wanted = lock_of(F_WRLCK, begin, count);
  if (fcntl(number_, F_OFD_GETLK, &wanted) != 0) return false;
  type = wanted.l_type;
  return true;
}

#endif

}  // namespace resys::db
