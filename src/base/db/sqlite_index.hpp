// SQLite's index of the write-ahead log (-shm), with locks that cannot get lost. Private to the
// SQLite driver.
//
// The index is a file that all processes map. A process locks some of the bytes 120 to 127 while it
// writes, copies the log, repairs the index or reads a snapshot. Everyone who has the index open
// locks byte 128. A process that finds no lock there believes that it is the first one, and empties
// the index. SQLite uses POSIX locks. So if a host copies the files of the shop, and thereby closes
// the -shm once more, two processes may write at once, and a third one may empty the mapped file.
// This VFS locks the same bytes with locks of a descriptor, which programs with plain SQLite
// respect, too.
//
// It is a VFS that passes everything to SQLite's own one, except the four methods of shared memory.
// Each connection has its own descriptor and mappings, so the system tells the locks of two
// connections apart even in one process. SQLite's own VFS needs a table of locks for that.
#pragma once

#include <string>

namespace resys::db {

// The VFS is registered with SQLite as long as one of these objects lives. A connection that uses
// it keeps one.
class IndexVfs {
 public:
  IndexVfs();
  ~IndexVfs();
  IndexVfs(const IndexVfs&) = delete;
  IndexVfs& operator=(const IndexVfs&) = delete;

  // The name of the VFS. It is empty, which means SQLite's default, if the system has no such
  // locks, or if the default is a VFS of the host.
  const std::string& name() const { return name_; }

 private:
  std::string name_;
};

}  // namespace resys::db
