// The database files that this process has open, and its own descriptors of them beside SQLite's.
// Private to the SQLite driver.
//
// SQLite uses POSIX locks, which belong to a process. When the process closes any descriptor of a
// file, it loses all its locks on that file. A host that copies the file does just that. Linux also
// has locks that belong to a descriptor (F_OFD_SETLK) and that closing another descriptor does not
// drop. They are part of POSIX since 2024. On other systems Descriptor does not exist.
//
// A child of fork() shares its parent's descriptors and their locks. Its copy of SQLite believes
// that it holds the parent's POSIX locks, but it does not. So a child keeps no descriptor, uses no
// database of its parent, and opens no file that the parent had open.
#pragma once

#include <fcntl.h>
#include <sys/types.h>

#include <cstdint>
#include <string>

namespace resys::db {

// Rises in the child of each fork(). An object that was made under another number belongs to the
// parent.
std::uint64_t fork_number();

// Records that SQLite has the file open, for as long as this object lives.
class OpenFile {
 public:
  OpenFile();
  ~OpenFile();
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  // To be called once the file exists.
  void find(const std::string& file);
  // Whether the parent had the file open when it forked this process.
  static bool is_inherited(const std::string& file);

 private:
  bool is_found_ = false;
  dev_t device_ = 0;
  ino_t file_ = 0;
  const std::uint64_t fork_number_;
};

#ifdef F_OFD_SETLK

// A descriptor of a file that SQLite has open, too. Closing it could drop the locks of the host's
// own connections, which is just what this class must prevent. So it is closed only if nobody has a
// lock on the file. Otherwise it is kept without locks, and used when the file is opened again.
class Descriptor {
 public:
  Descriptor() = default;  // of no file
  // Opens the file, with `flags` and `mode` as for open(). If that fails, it is a descriptor of no
  // file, and errno says why.
  explicit Descriptor(const std::string& file, int flags = O_RDWR, mode_t mode = 0);
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&& other) noexcept;

  explicit operator bool() const { return number_ >= 0; }
  int number() const { return number_; }
  // Sets F_RDLCK, F_WRLCK or F_UNLCK without waiting. If that fails, errno says why. A `count` of 0
  // means up to the end.
  bool lock(short type, off_t begin, off_t count) const;
  // Returns in `type` the strongest lock of others that would prevent an exclusive lock on these
  // bytes. Returns false if the file system has no such locks.
  bool find_lock(short& type, off_t begin, off_t count) const;

 private:
  int number_ = -1;
  std::uint64_t fork_number_ = 0;
};

#endif

}  // namespace resys::db
