// What this process has open of databases, beside SQLite's own descriptors. Private to the SQLite
// driver.
//
// SQLite's locks are POSIX's, which are a process's: all of a file's are dropped when the process
// closes any descriptor of that file, as a host does that copies it. Linux also has locks that
// belong to a descriptor (F_OFD_SETLK), which nobody else's closing drops; POSIX has them since
// 2024. Elsewhere there is none, and Descriptor does not exist.
//
// A child of fork() shares its parent's descriptors and their locks, and has a copy of what SQLite
// believes to hold, but nothing of what it holds. So it keeps no descriptor, uses no database of
// its parent's, and opens no file that the parent had open.
#pragma once

#include <fcntl.h>
#include <sys/types.h>

#include <cstdint>
#include <string>

namespace resys::db {

// Grows in the child of each fork(): what was made under another number is the parent's.
std::uint64_t fork_number();

// That SQLite has the file open, for as long as this lives.
class OpenFile {
 public:
  OpenFile();
  ~OpenFile();
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  // Once the file is there.
  void find(const std::string& file);
  // The parent had it open when it forked this process.
  static bool is_inherited(const std::string& file);

 private:
  bool is_found_ = false;
  dev_t device_ = 0;
  ino_t file_ = 0;
  const std::uint64_t fork_number_;
};

#ifdef F_OFD_SETLK

// A descriptor of a file that SQLite has open, too. Closing it could drop locks of the host's own
// connections, the very thing that this is against. So it is closed only where nobody has a lock on
// the file; else it is kept, without locks, and used when the file is opened again.
class Descriptor {
 public:
  Descriptor() = default;  // of no file
  // Of no file where it cannot be opened; errno says why. `flags` and `mode` as for open().
  explicit Descriptor(const std::string& file, int flags = O_RDWR, mode_t mode = 0);
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&& other) noexcept;

  explicit operator bool() const { return number_ >= 0; }
  int number() const { return number_; }
  // F_RDLCK, F_WRLCK or F_UNLCK, without waiting; errno says why not. `count` 0: to the end.
  bool lock(short type, off_t begin, off_t count) const;
  // Tells the strongest lock by which others would keep this one from an exclusive lock there.
  // False where there are no such locks.
  bool find_lock(short& type, off_t begin, off_t count) const;

 private:
  int number_ = -1;
  std::uint64_t fork_number_ = 0;
};

#endif

}  // namespace resys::db
