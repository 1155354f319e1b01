// A SQLite VFS over the system's that counts calls, fails on demand, runs out of space, and
// remembers what a power loss would leave: the contents at each file's last successful sync.
#pragma once

#include <sqlite3.h>

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace resys::test {

// Safe to use from several threads. Outlives every connection that uses it.
class FaultyVfs {
 public:
  enum class Call { open, read, write, truncate, sync, remove, shared_memory };
  static constexpr unsigned kAllCalls = 0x7f;
  static constexpr unsigned only(Call call) { return 1u << static_cast<unsigned>(call); }

  FaultyVfs();
  ~FaultyVfs();
  FaultyVfs(const FaultyVfs&) = delete;
  FaultyVfs& operator=(const FaultyVfs&) = delete;

  const std::string& name() const { return name_; }

  // The nth of these calls from now on fails as the disk would (a failing write is half written);
  // with `forever` all after it, too. Replaces the fault that was set before.
  void fail(unsigned calls, std::int64_t nth, bool forever = false);
  // Files together grow to so many bytes at most; -1: no limit.
  void limit_space(std::int64_t bytes);
  // No more faults, no limit.
  void heal();
  // Whether a fault has struck since fail().
  bool struck();
  // Successful syncs of write-ahead logs.
  std::int64_t log_syncs();
  std::int64_t bytes_used();
  // From now on each lock of a writer or a checkpoint that is taken or given back is a line of that
  // file: "NANOSECONDS WHO write+", "write-", "checkpoint+" or "checkpoint-". The clock is the same
  // for all processes.
  void trace_locks(int descriptor, int who) {
    trace_ = descriptor;
    who_ = who;
  }
  // Writes what would be left after a power loss into that folder, by the files' names.
  void save_durable(const std::string& folder);

 private:
  friend struct FaultyFile;

  bool strikes(Call call);

  void trace(int lock, bool locked) const;

  const std::string name_;
  int trace_ = -1;
  int who_ = 0;
  sqlite3_vfs* const real_;
  sqlite3_vfs vfs_;

  std::mutex mutex_;  // guards all below
  unsigned failing_calls_ = 0;
  std::int64_t calls_to_fault_ = 0;
  bool forever_ = false;
  bool struck_ = false;
  std::int64_t space_ = -1;
  std::int64_t log_syncs_ = 0;
  std::map<std::string, std::int64_t> sizes_;   // by path
  std::map<std::string, std::string> durable_;  // contents by path
};

}  // namespace resys::test
