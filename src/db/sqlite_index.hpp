// SQLite's index of the write-ahead log (-shm) with locks that nothing takes away. Private to the
// SQLite driver.
//
// The index is a file that all processes map. Its bytes 120 to 127 are locked by who writes, copies
// the log, repairs the index or reads a snapshot, and byte 128 by everybody who has it open: who
// finds no lock there takes himself for the first one and empties it. SQLite takes POSIX's locks,
// so a host that closes the -shm once more, for it has copied the files of the shop, lets two
// processes write at once, and a third one empty what is mapped. Here they are a descriptor's, on
// the same bytes, so programs that use SQLite itself heed them, too.
//
// It is a VFS: SQLite's own one for files, but for the four methods of shared memory. Each
// connection has a descriptor and mappings of its own, so that the system tells apart who holds
// what, in this process, too; SQLite's own needs a table of locks for that.
#pragma once

#include <string>

namespace resys::db {

// The VFS is known to SQLite as long as one of these lives: as long as a connection that uses it.
class IndexVfs {
 public:
  IndexVfs();
  ~IndexVfs();
  IndexVfs(const IndexVfs&) = delete;
  IndexVfs& operator=(const IndexVfs&) = delete;

  // Its name; empty, which is SQLite's default, where the system has no such locks, or where the
  // default is a VFS of the host's own.
  const std::string& name() const { return name_; }

 private:
  std::string name_;
};

}  // namespace resys::db
